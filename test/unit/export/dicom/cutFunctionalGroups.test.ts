import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DataSetEditor } from '../../../../src/export/dicom/dataSetEditor.ts';
import { openSourceInstance } from '../../../../src/export/dicom/sourceInstance.ts';
import { TAG } from '../../../../src/export/dicom/tags.ts';
import { usLoop } from '../../../fixtures/ctSlice.ts';
import { dicomFile, type DicomElements } from '../../../fixtures/dicomFile.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { exportOf, largestSeries } from '../exportOf.ts';

const folder = temporaryFolder();
const ENHANCED_MR = '1.2.840.10008.5.1.4.1.1.4.1';

const group = (frame: number): DicomElements => ({
  '00189226': ['SQ', [{ '00089007': ['CS', ['ORIGINAL', 'PRIMARY', 'VOLUME', 'NONE']] }]],
  '00209111': [
    'SQ',
    [{ '00209056': ['SH', '1'], '00209057': ['UL', frame + 1], '00209157': ['UL', [1, frame + 1]] }],
  ],
  '00209113': ['SQ', [{ '00200032': ['DS', [0, 0, frame * 3]] }]],
});

async function enhancedStudy(frames: number, undefinedLengths: boolean): Promise<string> {
  const path = join(folder, `${frames}-${undefinedLengths}.dcm`);
  const enhanced: DicomElements = {
    ...usLoop(frames, 40),
    '00080016': ['UI', ENHANCED_MR],
    '00080060': ['CS', 'MR'],
    '00189005': ['SH', 'SEQUENCE'],
    '00189073': ['FD', 12],
    '00209221': ['SQ', [{ '00209164': ['UI', '2.25.77'] }]],
    '00209222': ['SQ', [{ '00209164': ['UI', '2.25.77'] }]],
    '00209311': ['CS', '3D'],
    '52009229': [
      'SQ',
      [
        {
          '00209116': ['SQ', [{ '00200037': ['DS', [1, 0, 0, 0, 1, 0]] }]],
          '00289110': ['SQ', [{ '00180088': ['DS', 3], '00280030': ['DS', [1, 1]] }]],
        },
      ],
    ],
    '52009230': ['SQ', Array.from({ length: frames }, (_, frame) => group(frame))],
  };
  await writeFile(path, dicomFile(enhanced, { undefinedLengths }));
  return path;
}

it.each([false, true])('cuts the functional groups (undefined lengths: %s)', async (undefinedLengths) => {
  const source = await enhancedStudy(8, undefinedLengths);
  const series = await largestSeries(source);
  const { out } = await exportOf(source, series, [1, 4, 5], `${source}-out`);
  const reduced = await largestSeries(out);
  expect(reduced.frames.map(({ position }) => position)).toEqual([
    [0, 0, 3],
    [0, 0, 12],
    [0, 0, 15],
  ]);
  const [first] = reduced.frames;
  if (first === undefined) throw new Error('no frames');
  const instance = await openSourceInstance(first);
  await instance.bytes.close();
  const dataSet = new DataSetEditor(instance.elements, instance.encoding);
  const groups: object[] = [];
  dataSet.editItems(TAG.perFrameFunctionalGroupsSequence, (item) => {
    const found: { place?: number[]; indices?: number[]; type?: string[]; source?: string | null } = {};
    item.editItems(TAG.frameContentSequence, (content) => {
      found.place = content.longs(TAG.inStackPositionNumber);
      found.indices = content.longs(TAG.dimensionIndexValues);
    });
    item.editItems(0x00189226, (type) => {
      found.type = type.texts(TAG.frameType);
    });
    item.editItems(TAG.derivationImageSequence, (derivation) => {
      derivation.editItems(TAG.sourceImageSequence, (image) => {
        found.source = image.text(TAG.referencedFrameNumber);
      });
    });
    groups.push(found);
  });
  const type = ['DERIVED', 'PRIMARY', 'VOLUME', 'NONE'];
  expect(groups).toEqual([
    { place: [1], indices: [1, 1], type, source: '2' },
    { place: [2], indices: [1, 2], type, source: '5' },
    { place: [3], indices: [1, 3], type, source: '6' },
  ]);
  const organizations: (string | null)[] = [];
  for (const tag of [TAG.dimensionOrganizationSequence, TAG.dimensionIndexSequence]) {
    dataSet.editItems(tag, (item) => organizations.push(item.text(TAG.dimensionOrganizationUid)));
  }
  expect(new Set(organizations).size).toBe(1);
  expect(organizations[0]).not.toBe('2.25.77');
  expect(dataSet.element(TAG.dimensionOrganizationType)).toBeNull();
  expect(dataSet.element(TAG.acquisitionDuration)).toBeNull();
  expect(dataSet.element(0x00189005)).toBeNull();
  expect(dataSet.items(TAG.sourceImageEvidenceSequence)).toHaveLength(1);
  const spacings: (string | null)[] = [];
  dataSet.editItems(TAG.sharedFunctionalGroupsSequence, (shared) => {
    shared.editItems(TAG.pixelMeasuresSequence, (item) => spacings.push(item.text(TAG.spacingBetweenSlices)));
  });
  expect(spacings).toEqual([null]);
});
