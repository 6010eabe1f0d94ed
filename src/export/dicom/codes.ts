import type { NewElement } from './encodeElement.ts';
import { TAG } from './tags.ts';

/** A coded concept of the DICOM scheme (PS3.16 annex D). */
export interface Code {
  value: string;
  meaning: string;
}

export const CODES = {
  /** CID 7203. */
  slicesExtracted: { value: '113091', meaning: 'Spatially-related frames extracted from the volume' },
  /** CID 7203. */
  timesExtracted: { value: '113092', meaning: 'Temporally-related frames extracted from the set of volumes' },
  /** CID 7202. */
  sourceForProcessing: { value: '121322', meaning: 'Source image for image processing operation' },
  /** CID 7005. */
  modifyingEquipment: { value: '109103', meaning: 'Modifying Equipment' },
  /** CID 7005. */
  frameExtractingEquipment: { value: '109105', meaning: 'Frame Extracting Equipment' },
} as const satisfies Record<string, Code>;

/** The item of a code sequence (PS3.3 table 8.8-1). */
export const codeItem = ({ value, meaning }: Code): readonly NewElement[] => [
  { tag: TAG.codeValue, vr: 'SH', text: value },
  { tag: TAG.codingSchemeDesignator, vr: 'SH', text: 'DCM' },
  { tag: TAG.codeMeaning, vr: 'LO', text: meaning },
];
