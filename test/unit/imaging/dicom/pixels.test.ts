import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FrameRecord, Series } from '../../../../src/contract/series.ts';
import { readStudy } from '../../../../src/imaging/readStudy.ts';
import { ctSlice, usLoop } from '../../../fixtures/ctSlice.ts';
import { dicomFile, type DicomElements, type DicomFileOptions } from '../../../fixtures/dicomFile.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const path = join(temporaryFolder(), 'image.dcm');
const BIG_ENDIAN = '1.2.840.10008.1.2.2';

async function read(elements: DicomElements, options?: DicomFileOptions): Promise<Series> {
  writeFileSync(path, dicomFile(elements, options));
  const { series } = await readStudy(path);
  const [first] = series;
  if (first === undefined) throw new Error('no series');
  return first;
}

async function frameOf(elements: DicomElements, options?: DicomFileOptions): Promise<FrameRecord> {
  const [frame] = (await read(ctSlice({ elements }), options)).frames;
  if (frame === undefined) throw new Error('no frame');
  return frame;
}

describe('the pixel description', () => {
  it('keeps the padding range in order, signed where the pixels are', async () => {
    const padding: DicomElements = { '00280120': ['SS', -2000], '00280121': ['SS', -1500] };
    expect((await frameOf(padding)).pixel.padding).toEqual({ from: -2000, to: -1500 });
    const unsigned: DicomElements = { '00280120': ['US', 63536] };
    expect((await frameOf(unsigned)).pixel.padding).toEqual({ from: -2000, to: -2000 });
  });

  it('finds frames of 1 bit that start within a byte', async () => {
    const { frames } = await read({
      ...ctSlice(),
      '00280008': ['IS', 3],
      '00280010': ['US', 3],
      '00280011': ['US', 3],
      '00280100': ['US', 1],
      '00280101': ['US', 1],
      '00280102': ['US', 0],
      '7FE00010': ['OB', new Uint8Array([1, 2, 3, 4])],
    });
    const start = frames[0]?.source.ranges[0]?.offset ?? 0;
    expect(frames.map(({ source }) => [source.bitOffset, source.ranges[0]])).toEqual([
      [0, { offset: start, length: 2 }],
      [1, { offset: start + 1, length: 2 }],
      [2, { offset: start + 2, length: 2 }],
    ]);
  });

  it.each([
    ['7FE00008', 'OF', new Float32Array(48), 32],
    ['7FE00009', 'OD', new Float64Array(48), 64],
  ] as const)('takes float pixel data from %s', async (tag, vr, values, bitsAllocated) => {
    const { '7FE00010': integers, ...header } = ctSlice();
    expect(integers).toBeDefined();
    const [frame] = (await read({ ...header, [tag]: [vr, values] })).frames;
    expect(frame?.pixel).toMatchObject({ number: 'float', bitsAllocated });
    expect(frame?.source.ranges[0]?.length).toBe(values.byteLength);
  });

  it('counts two samples per pixel in uncompressed YBR_FULL_422', async () => {
    const { frames } = await read({
      ...usLoop(2, 40, 4, 6),
      '00280002': ['US', 3],
      '00280004': ['CS', 'YBR_FULL_422'],
      '7FE00010': ['OB', new Uint8Array(96)],
    });
    expect(frames.map(({ source }) => source.ranges[0]?.length)).toEqual([48, 48]);
  });

  it('takes pixels for uncompressed where one block of their size is called a compression', async () => {
    const { frames, warnings } = await read(ctSlice(), { transferSyntax: '1.2.840.10008.1.2.4.80' });
    expect(frames[0]?.source).toMatchObject({ encapsulated: false, transferSyntax: '1.2.840.10008.1.2.1' });
    expect(warnings.map(({ code }) => code)).toEqual(['HEADER_QUESTIONABLE']);
  });

  it('takes the offsets of frames from the extended table', async () => {
    const table = (values: readonly bigint[]): Uint8Array =>
      new Uint8Array(new BigUint64Array(values).buffer);
    const elements: DicomElements = {
      ...usLoop(2, 40),
      '7FE00001': ['OV', table([0n, 16n])],
      '7FE00002': ['OV', table([7n, 3n])],
      '7FE00010': ['OB', { fragments: [new Uint8Array(8), new Uint8Array(4)] }],
    };
    const { frames } = await read(elements, { transferSyntax: '1.2.840.10008.1.2.4.50' });
    expect(frames.map(({ source }) => source.ranges.map(({ length }) => length))).toEqual([[7], [3]]);
  });
});

describe('palettes', () => {
  const palette = (data: DicomElements, bits: number, entries: number): DicomElements => ({
    '00280004': ['CS', 'PALETTE COLOR'],
    '00281101': ['US', [entries, 2, bits]],
    '00281102': ['US', [entries, 2, bits]],
    '00281103': ['US', [entries, 2, bits]],
    '00280103': ['US', 0],
    ...data,
  });
  const channels = (tags: readonly string[], values: Uint8Array | Uint16Array): DicomElements =>
    Object.fromEntries(tags.map((tag) => [tag, ['OW', values] as const]));
  const PLAIN = ['00281201', '00281202', '00281203'];
  const SEGMENTED = ['00281221', '00281222', '00281223'];

  for (const transferSyntax of ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', BIG_ENDIAN]) {
    it(`of 16 bits are read in ${transferSyntax}`, async () => {
      const data = channels(PLAIN, new Uint16Array([0, 256, 65535]));
      const { pixel } = await frameOf(palette(data, 16, 3), { transferSyntax });
      expect(pixel.palette).toMatchObject({ first: 2, bits: 16, red: new Uint16Array([0, 256, 65535]) });
    });
  }

  it('of 8 bits may be packed two to a word, in either byte order', async () => {
    const packed = new Uint16Array([0x0201, 0x0403]);
    for (const transferSyntax of ['1.2.840.10008.1.2.1', BIG_ENDIAN]) {
      const { pixel } = await frameOf(palette(channels(PLAIN, packed), 8, 4), { transferSyntax });
      expect(pixel.palette).toMatchObject({ bits: 8, blue: new Uint16Array([1, 2, 3, 4]) });
    }
  });

  it('in segments are expanded: values, a line, and a repetition (PS3.3 C.7.9.2)', async () => {
    const segments = new Uint16Array([0, 2, 10, 20, 1, 4, 60, 2, 1, 0, 0]);
    const { pixel } = await frameOf(palette(channels(SEGMENTED, segments), 16, 8));
    expect(pixel.palette?.green).toEqual(new Uint16Array([10, 20, 30, 40, 50, 60, 10, 20]));
  });

  it.each([
    ['short', channels(PLAIN, new Uint16Array([1]))],
    ['missing', {}],
    ['of unknown segments', channels(SEGMENTED, new Uint16Array([9, 1, 1]))],
    ['of segments that repeat themselves', channels(SEGMENTED, new Uint16Array([2, 5, 0, 0]))],
  ])('are refused when they are %s', async (_, data) => {
    const reading = frameOf(palette(data, 16, 3));
    await expect(reading).rejects.toMatchObject({ code: 'HEADER_INCONSISTENT' });
  });
});

describe('values', () => {
  it('are rescaled by the modality LUT where there is one', async () => {
    const lut: DicomElements = {
      '00283002': ['SS', [3, -1024, 16]],
      '00283004': ['LO', 'OD'],
      '00283006': ['US', [5, 6, 7]],
    };
    const { modality } = await frameOf({ '00283000': ['SQ', [lut]] });
    expect(modality).toEqual({ kind: 'lut', first: -1024, values: new Uint16Array([5, 6, 7]), unit: 'OD' });
  });

  it('are left alone, with a warning, when the slope is zero', async () => {
    const { frames, warnings } = await read(ctSlice({ elements: { '00281053': ['DS', 0] } }));
    expect(frames[0]?.modality).toEqual({ kind: 'linear', slope: 1, intercept: 0, unit: null });
    expect(warnings.map(({ code }) => code)).toEqual(['HEADER_QUESTIONABLE']);
  });

  it('have the windows of the file, without those that no display could apply', async () => {
    const { windows } = await frameOf({
      '00281050': ['DS', [40, -600, 50, 300]],
      '00281051': ['DS', [400, 1500, 0, 2000]],
      '00281055': ['LO', ['SOFT', 'LUNG', 'NONE']],
      '00281056': ['CS', 'SIGMOID'],
    });
    expect(windows).toEqual([
      { center: 40, width: 400, function: 'SIGMOID', name: 'SOFT' },
      { center: -600, width: 1500, function: 'SIGMOID', name: 'LUNG' },
      { center: 300, width: 2000, function: 'SIGMOID', name: null },
    ]);
  });
});

describe('pixel spacing', () => {
  const region = (units: number): DicomElements => ({
    '00186024': ['US', units],
    '00186026': ['US', units],
    '0018602C': ['FD', 0.05],
    '0018602E': ['FD', -0.04],
  });
  const without = ({ '00280030': spacing, ...rest }: DicomElements): DicomElements => {
    expect(spacing).toBeDefined();
    return rest;
  };

  it.each([
    ['an ultrasound region in cm', { '00186011': ['SQ', [region(3), region(4)]] }, [0.4, 0.5]],
    ['two regions in cm', { '00186011': ['SQ', [region(3), region(3)]] }, null],
    ['the detector', { '00181164': ['DS', [0.2, 0.1]] }, [0.2, 0.1]],
    ['the film', { '00182010': ['DS', [0.3, 0.3]] }, [0.3, 0.3]],
    ['nothing', {}, null],
    ['zeros', { '00280030': ['DS', [0, 0]] }, null],
    ['text', { '00280030': ['DS', ['a', 'b']] }, null],
  ] satisfies [string, DicomElements, readonly number[] | null][])(
    'from %s',
    async (_, elements, spacing) => {
      const series = await read({ ...without(ctSlice()), ...elements });
      expect(series.pixelSpacing).toEqual(spacing);
      expect(series.spacingNote).not.toBe('');
    },
  );
});
