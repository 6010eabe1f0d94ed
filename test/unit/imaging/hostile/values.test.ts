/** Numbers and texts that no scanner writes: the file opens without them, and what it gives is finite and short. */
import { describe, expect, it } from 'vitest';
import { ctSlice, usLoop } from '../../../fixtures/ctSlice.ts';
import { dicomFile, type DicomElements } from '../../../fixtures/dicomFile.ts';
import { NIFTI_TYPES, niftiFile, type NiftiFileOptions } from '../../../fixtures/niftiFile.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { openHostile } from './openHostile.ts';

const folder = temporaryFolder();
const NUMBERS = [
  '1e308',
  '-1e308',
  '1e999',
  'NaN',
  'Infinity',
  '-Infinity',
  'abc',
  '',
  '0',
  '-1',
  '0x10',
  '1e-320',
];

/** Every number below a value that is not finite, by its path. */
function notFinite(value: unknown, path = 'series'): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => notFinite(inner, `${path}.${key}`));
}

const two = (value: string): DicomElements[string] => ['DS', [value, value]];
const three = (value: string): DicomElements[string] => ['DS', [value, '0', value]];
const six = (value: string): DicomElements[string] => ['DS', [value, '0', '0', '0', value, '0']];
const one = (value: string): DicomElements[string] => ['DS', value];

describe('a number that is none', () => {
  it.each<[string, string, (value: string) => DicomElements[string]]>([
    ['Pixel Spacing', '00280030', two],
    ['Image Position', '00200032', three],
    ['Image Orientation', '00200037', six],
    ['Slice Thickness', '00180050', one],
    ['Rescale Slope', '00281053', one],
    ['Rescale Intercept', '00281052', one],
    ['Window Center', '00281050', one],
    ['Window Width', '00281051', one],
    ['Instance Number', '00200013', one],
    ['Series Number', '00200011', one],
    ['Acquisition Number', '00200012', one],
    ['Acquisition Time', '00080032', one],
    ['Echo Time', '00180081', one],
    ['Trigger Time', '00181060', one],
    ['Grid Frame Offset Vector', '3004000C', one],
  ])('%s', async (_, tag, element) => {
    for (const number of NUMBERS) {
      const slice = ctSlice({ index: 1, elements: { [tag]: element(number) } });
      const { series, failure } = await openHostile(folder, dicomFile(slice));
      expect([number, failure, series.length]).toEqual([number, undefined, 1]);
      expect([number, ...notFinite(series)]).toEqual([number]);
      expect(series[0]?.pixelSpacing?.every((size) => size > 0 && size < 1e6) ?? true).toBe(true);
    }
  });

  it.each(['00181063', '00181065', '00082144', '00180040', '00180072', '00181242'])(
    'timing of a loop (%s)',
    async (tag) => {
      for (const number of NUMBERS) {
        const { series, failure } = await openHostile(
          folder,
          dicomFile(usLoop(3, 40, 6, 8, { [tag]: one(number) })),
        );
        expect([number, failure, ...notFinite(series)]).toEqual([number, undefined]);
      }
    },
  );
});

describe('a number that is none in a NIfTI header', () => {
  const [datatype, bitsPerVoxel] = NIFTI_TYPES.int16;
  const volume: NiftiFileOptions = { dims: [4, 3, 2], datatype, bitsPerVoxel, data: new Int16Array(24) };
  it.each([NaN, Infinity, -Infinity, 3e38, -3e38, 0, -1])('%d', async (number) => {
    const rows = [
      [number, 0, 0, number],
      [0, number, 0, 0],
      [0, 0, number, 0],
    ] as const;
    const variants: NiftiFileOptions[] = [
      { ...volume, slope: number, intercept: number },
      { ...volume, calMin: -number, calMax: number },
      { ...volume, spacing: [number, number, number, number] },
      { ...volume, dims: [4, 3, 1, 2], spacing: [1, 1, 1, number] },
      { ...volume, sform: { code: 1, rows } },
      { ...volume, qform: { code: 1, quaternion: [number, 0, 0], offset: [number, 0, 0], qfac: number } },
      { ...volume, qform: { code: 1, quaternion: [0, 0, 0], offset: [0, 0, 0] }, spacing: [number, 1, 1] },
    ];
    for (const [index, options] of variants.entries()) {
      const { series, failure } = await openHostile(folder, niftiFile(options), 'hostile.nii');
      expect([index, failure, ...notFinite(series)]).toEqual([index, undefined]);
    }
  });

  it.each([
    [
      'dimensions of which the product passes 2^53',
      { dims: [32767, 32767, 32767, 32767] },
      'HEADER_INCONSISTENT',
    ],
    ['a dimension of zero', { dims: [4, 0, 2] }, 'HEADER_INCONSISTENT'],
    ['a negative dimension', { dims: [4, -3, 2] }, 'HEADER_INCONSISTENT'],
    ['voxels that start within the header', { voxOffset: 8 }, 'HEADER_INCONSISTENT'],
    ['voxels that start behind the end', { voxOffset: 1e9 }, 'FILE_TRUNCATED'],
    ['voxels that start nowhere', { voxOffset: NaN }, 'HEADER_INCONSISTENT'],
  ])('%s', async (_, claim, code) => {
    const { failure } = await openHostile(folder, niftiFile({ ...volume, claim }), 'hostile.nii');
    expect(failure?.code).toBe(code);
  });
});

describe('a text that is none', () => {
  const LONG = 'A'.repeat(60_000);
  it.each([
    ['a script', '<script>alert(1)</script>'],
    ['escape sequences', '\x1b[2J\x1b]0;owned\x07'],
    ['zero bytes', 'A\0B'],
    ['a long text', LONG],
    ['a thousand values', Array(1000).fill('A').join('\\')],
  ])('%s', async (_, text) => {
    const tags = [
      '00100010',
      '00100020',
      '0008103E',
      '00081030',
      '00080008',
      '00080060',
      '00080018',
      '00281055',
    ];
    for (const tag of tags) {
      const file = dicomFile(ctSlice({ index: 1, elements: { [tag]: ['LO', text] } }));
      const { series, failure } = await openHostile(folder, file);
      expect([tag, failure, series.length]).toEqual([tag, undefined, 1]);
      expect(JSON.stringify(series).length).toBeLessThan(40_000);
    }
  });
});

it('frames of a thousand orientations do not cost their square', async () => {
  const count = 3000;
  const items = Array.from({ length: count }, (_, frame): DicomElements => {
    const angle = (frame * Math.PI) / count;
    const cosines = [Math.cos(angle), Math.sin(angle), 0, 0, 0, 1].map((value) => value.toFixed(6));
    return {
      '00209113': ['SQ', [{ '00200032': ['DS', [0, 0, frame]] }]],
      '00209116': ['SQ', [{ '00200037': ['DS', cosines] }]],
    };
  });
  const loop = usLoop(count, 40, 1, 1, { '52009230': ['SQ', items] });
  const { series } = await openHostile(folder, dicomFile(loop));
  expect(series.flatMap(({ frames }) => frames)).toHaveLength(count);
});
