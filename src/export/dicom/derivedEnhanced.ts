import type { DataSetEditor } from './dataSetEditor.ts';
import type { SourceReference } from './derivation.ts';
import type { NewElement } from './encodeElement.ts';
import { TAG } from './tags.ts';

/** Enhanced MR and Enhanced MR Color Image Storage. */
const ENHANCED_MR = ['1.2.840.10008.5.1.4.1.1.4.1', '1.2.840.10008.5.1.4.1.1.4.3'];

/** MR Pulse Sequence Module (PS3.3 C.8.13.4). */
const PULSE_SEQUENCE = [
  0x00180023, 0x00189005, 0x00189008, 0x00189011, 0x00189012, 0x00189014, 0x00189015, 0x00189017, 0x00189018,
  0x00189024, 0x00189025, 0x00189029, 0x00189032, 0x00189033, 0x00189034, 0x00189093, 0x00189094, 0x00189250,
];

/** The module belongs to ORIGINAL and MIXED images alone; a derived one finds it in its source (PS3.3 A.36.2). */
export function dropPulseSequence(dataSet: DataSetEditor, sopClassUid: string): void {
  if (ENHANCED_MR.includes(sopClassUid)) dataSet.remove(...PULSE_SEQUENCE);
}

/** Enhanced objects list what their Source Image Sequence refers to, by study and series (PS3.3 table C.8-81b). */
export function addEvidence(dataSet: DataSetEditor, source: SourceReference): void {
  const { studyUid, seriesUid } = source;
  if (studyUid === null || seriesUid === null) return;
  const instance: readonly NewElement[] = [
    { tag: TAG.referencedSopClassUid, vr: 'UI', text: source.sopClassUid },
    { tag: TAG.referencedSopInstanceUid, vr: 'UI', text: source.sopInstanceUid },
  ];
  const series: readonly NewElement[] = [
    { tag: TAG.seriesInstanceUid, vr: 'UI', text: seriesUid },
    { tag: TAG.referencedSopSequence, vr: 'SQ', items: [instance] },
  ];
  dataSet.appendItem(TAG.sourceImageEvidenceSequence, [
    { tag: TAG.studyInstanceUid, vr: 'UI', text: studyUid },
    { tag: TAG.referencedSeriesSequence, vr: 'SQ', items: [series] },
  ]);
}
