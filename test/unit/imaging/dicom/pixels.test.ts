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

  it.each(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', BIG_ENDIAN])(
    'in segments of 8 bits are unpacked from their words in %s',
    async (transferSyntax) => {
      // The bytes 0 2 10 20 | 1 4 60 | 2 2 0 0 0 0: values, a line, both again.
      const words = new Uint16Array([0x0200, 0x140a, 0x0401, 0x023c, 0x0002, 0x0000, 0x0000]);
      const { pixel } = await frameOf(palette(channels(SEGMENTED, words), 8, 12), { transferSyntax });
      const once = [10, 20, 30, 40, 50, 60];
      expect(pixel.palette).toMatchObject({ bits: 8, red: new Uint16Array([...once, ...once]) });
    },
  );

  it('of signed pixels start at a signed value, whatever it was written as', async () => {
    const start = (vr: string, first: number): DicomElements => ({
      ...palette(channels(PLAIN, new Uint16Array([1, 2, 3])), 16, 3),
      ...Object.fromEntries(['00281101', '00281102', '00281103'].map((tag) => [tag, [vr, [3, first, 16]]])),
      '00280103': ['US', 1],
    });
    expect((await frameOf(start('SS', -2))).pixel.palette?.first).toBe(-2);
    expect((await frameOf(start('US', 65534))).pixel.palette?.first).toBe(-2);
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

  it('are looked up in a table of 65536 entries, whose number is written as 0', async () => {
    const values = Uint16Array.from({ length: 65_536 }, (_, i) => 65_535 - i);
    const lut = { '00283002': ['SS', [0, -32_768, 16]], '00283006': ['OW', values] } as const;
    const { modality } = await frameOf({ '00283000': ['SQ', [lut]] });
    expect(modality).toEqual({ kind: 'lut', first: -32_768, values, unit: null });
  });

  it('share the table of a multi-frame file', async () => {
    const lut = { '00283002': ['US', [2, 0, 16]], '00283006': ['OW', Uint16Array.of(3, 4)] } as const;
    const voi = { '00283010': ['SQ', [lut]] } as const;
    const { frames } = await read(usLoop(3, 40, 4, 4, { '00283000': ['SQ', [lut]], ...voi }));
    expect(new Set(frames.map(({ modality }) => modality)).size).toBe(1);
    expect(new Set(frames.map(({ windows }) => windows[0])).size).toBe(1);
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

describe('VOI LUTs', () => {
  const lut = (
    descriptor: readonly number[],
    data: Uint16Array,
    vr = 'SS',
    name = 'NORMAL',
  ): DicomElements => ({
    '00283002': [vr, descriptor],
    '00283003': ['LO', name],
    '00283006': ['OW', data],
  });
  const sequence = (...items: DicomElements[]): DicomElements => ({ '00283010': ['SQ', items] });
  const windowsOf = async (elements: DicomElements, options?: DicomFileOptions) =>
    (await frameOf(elements, options)).windows;

  it('are offered after the windows', async () => {
    const two = sequence(
      lut([3, -5, 12], Uint16Array.of(0, 9, 4095)),
      lut([1, 0, 16], Uint16Array.of(7), 'SS', 'FLAT'),
    );
    expect(await windowsOf(two)).toEqual([
      { center: 40, width: 400, function: 'LINEAR', name: null },
      { function: 'TABLE', first: -5, values: Uint16Array.of(0, 9, 4095), white: 4095, name: 'NORMAL' },
      { function: 'TABLE', first: 0, values: Uint16Array.of(7), white: 65_535, name: 'FLAT' },
    ]);
  });

  it.each(['1.2.840.10008.1.2', BIG_ENDIAN])('of 8 bits may be packed in %s', async (transferSyntax) => {
    const packed = sequence(lut([4, 0, 8], Uint16Array.of(0x0201, 0xff03)));
    expect((await windowsOf(packed, { transferSyntax }))[1]).toMatchObject({
      values: Uint16Array.of(1, 2, 3, 255),
      white: 255,
    });
  });

  it('map signed values from a signed first, where the modality values may be negative', async () => {
    const unsigned: DicomElements = {
      '00280103': ['US', 0],
      ...sequence(lut([1, 64_512, 16], Uint16Array.of(1), 'US')),
    };
    expect((await windowsOf(unsigned))[1]).toMatchObject({ first: -1024 });
    const positive: DicomElements = { ...unsigned, '00281052': ['DS', 0] };
    expect((await windowsOf(positive))[1]).toMatchObject({ first: 64_512 });
  });

  it('with entries above the bits of their descriptor have the white of their entries', async () => {
    const lying = sequence(lut([2, 0, 8], Uint16Array.of(0, 1000)));
    expect((await windowsOf(lying))[1]).toMatchObject({ white: 1023 });
  });

  it('that end too early are left out with a warning', async () => {
    const { frames, warnings } = await read(
      ctSlice({ elements: sequence(lut([9, 0, 16], Uint16Array.of(1))) }),
    );
    expect(frames[0]?.windows.length).toBe(1);
    expect(warnings.map(({ message }) => message).join()).toContain('VOI LUT');
  });

  it('of a frame lie in its Frame VOI LUT item', async () => {
    const item = (value: number): DicomElements => ({
      '00289132': ['SQ', [sequence(lut([1, 0, 16], Uint16Array.of(value)))]],
    });
    const { frames } = await read(
      usLoop(2, 40, 4, 4, { '52009230': ['SQ', [item(5), item(6)]], '52009229': ['SQ', [{}]] }),
    );
    expect(frames.map(({ windows }) => windows.map((entry) => 'values' in entry && entry.values[0]))).toEqual(
      [[5], [6]],
    );
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
