/** The classes of broken and hostile DICOM headers: each gives a code, and the file beside it opens. */
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../../src/contract/errors.ts';
import { ctSlice, usLoop } from '../../../fixtures/ctSlice.ts';
import { dicomFile, type DicomElements } from '../../../fixtures/dicomFile.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { openHostile } from './openHostile.ts';

const folder = temporaryFolder();
const ct = (elements: DicomElements, syntax?: string): Uint8Array =>
  dicomFile(ctSlice({ elements }), syntax === undefined ? {} : { transferSyntax: syntax });

/** Bytes put in before Samples per Pixel (0028,0002), in an explicit little endian CT image. */
function withHeader(...parts: readonly Uint8Array[]): Uint8Array {
  const file = Buffer.from(dicomFile(ctSlice()));
  const at = file.indexOf(Buffer.from('2800020055530200', 'hex'));
  return Buffer.concat([file.subarray(0, at), ...parts, file.subarray(at)]);
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const times = (unit: Uint8Array, count: number): Buffer => Buffer.concat(Array<Uint8Array>(count).fill(unit));
/** (0021,1001): a sequence and an item in it, both of undefined length, and their ends. */
const OPEN = hex('2100 0110 5351 0000 ffffffff feff00e0 ffffffff');
const CLOSE = hex('feff0de0 00000000 feffdde0 00000000');
/** (0021,1002) LO without a value. */
const EMPTY = hex('2100 0210 4c4f 0000');

describe('refused with a code', () => {
  it.each<[string, Uint8Array, ErrorCode]>([
    ['an empty file', new Uint8Array(0), 'NOT_AN_IMAGE'],
    ['text', Buffer.from('Dear colleague,\n'), 'NOT_AN_IMAGE'],
    ['nothing but a preamble', dicomFile({}).subarray(0, 132), 'NOT_AN_IMAGE'],
    ['an element of 4 GB', withHeader(hex('2100 0110 4f42 0000 f0ffffff')), 'FILE_TRUNCATED'],
    ['an element of undefined length without an end', withHeader(OPEN), 'FILE_TRUNCATED'],
    [
      'ten thousand nested sequences',
      withHeader(times(OPEN, 10_000), times(CLOSE, 10_000)),
      'LIMIT_EXCEEDED',
    ],
    ['a hundred thousand elements', withHeader(times(EMPTY, 100_000)), 'LIMIT_EXCEEDED'],
    ['half a megabyte of zeros', withHeader(new Uint8Array(2 ** 19 + 16)), 'LIMIT_EXCEEDED'],
    ['an unknown transfer syntax', ct({}, '1.2.840.10008.1.2.4.999'), 'TRANSFER_SYNTAX_UNSUPPORTED'],
    ['a private transfer syntax', ct({}, '1.3.46.670589.33.1.4.1'), 'TRANSFER_SYNTAX_UNSUPPORTED'],
    ['a transfer syntax that is no UID', ct({}, '\x1b[2J'), 'TRANSFER_SYNTAX_UNSUPPORTED'],
    [
      '65535 × 65535 pixels of ten bytes',
      ct({ '00280010': ['US', 65535], '00280011': ['US', 65535] }),
      'HEADER_INCONSISTENT',
    ],
    ['Rows 0', ct({ '00280010': ['US', 0] }), 'HEADER_INCONSISTENT'],
    ['Rows without a value', ct({ '00280010': ['US', []] }), 'HEADER_INCONSISTENT'],
    ['Rows as a decimal string', ct({ '00280010': ['DS', '-8'] }), 'HEADER_INCONSISTENT'],
    ['Rows with a fraction', ct({ '00280010': ['DS', '7.5'] }), 'HEADER_INCONSISTENT'],
    ['Rows of 2^32 - 1', ct({ '00280010': ['UL', 2 ** 32 - 1] }), 'HEADER_INCONSISTENT'],
    ['Rows as bytes', ct({ '00280010': ['OB', new Uint8Array([8, 0])] }), 'HEADER_INCONSISTENT'],
    ['Rows as a double', ct({ '00280010': ['FD', 1e308] }), 'HEADER_INCONSISTENT'],
    ['Samples per Pixel 2', ct({ '00280002': ['US', 2] }), 'HEADER_INCONSISTENT'],
    ['Bits Allocated 12', ct({ '00280100': ['US', 12] }), 'HEADER_INCONSISTENT'],
    ['Bits Stored above Bits Allocated', ct({ '00280101': ['US', 17] }), 'HEADER_INCONSISTENT'],
    ['0 frames', ct({ '00280008': ['IS', '0'] }), 'HEADER_INCONSISTENT'],
    ['-1 frames', ct({ '00280008': ['IS', '-1'] }), 'HEADER_INCONSISTENT'],
    ['1e9 frames', ct({ '00280008': ['IS', '1e9'] }), 'LIMIT_EXCEEDED'],
    ['2^53 frames', ct({ '00280008': ['IS', '9007199254740993'] }), 'LIMIT_EXCEEDED'],
    ['1e308 frames', ct({ '00280008': ['IS', '1e308'] }), 'LIMIT_EXCEEDED'],
    ["'abc' frames", ct({ '00280008': ['IS', 'abc'] }), 'HEADER_INCONSISTENT'],
    ['two frames, and pixels of one', ct({ '00280008': ['IS', '2'] }), 'HEADER_INCONSISTENT'],
    ['a palette without entries', ct({ '00280004': ['CS', 'PALETTE COLOR'] }), 'HEADER_INCONSISTENT'],
    ['a palette shorter than it says', ct(palette(4, 2)), 'HEADER_INCONSISTENT'],
    ['fragments that do not end', unended(), 'FILE_TRUNCATED'],
    ['a fragment of 4 GB', fragmentOf(0xfffffff0), 'FILE_TRUNCATED'],
    ['a basic offset table of 4 GB', fragmentOf(0xfffffff0, 0), 'LIMIT_EXCEEDED'],
    ['a deflated data set of noise', noise(), 'FILE_UNREADABLE'],
  ])('%s', async (_, bytes, code) => {
    const { series, failure } = await openHostile(folder, bytes);
    expect({ code: failure?.code, series: series.length }).toEqual({ code, series: 0 });
    expect(failure?.message).not.toMatch(/undefined|not a function|NaN/);
  });
});

describe('opened, because nothing of the image is missing', () => {
  it.each<[string, Uint8Array]>([
    ['elements out of order', withHeader(hex('0800 0020 4c4f 0200 6120'))],
    ['an element that comes twice', withHeader(hex('2800 1000 5553 0200 0800'))],
    ['a group length that lies', withHeader(hex('2100 0000 554c 0400 ffffff7f'))],
    ['a sequence without items', withHeader(hex('2100 0110 5351 0000 00000000'))],
    [
      'a sequence of noise within its length',
      withHeader(hex('2100 0110 5351 0000 08000000 0102030405060708')),
    ],
    ['a delimiter that closes nothing', withHeader(hex('feffdde0 00000000'))],
    ['sequences nested forty deep', withHeader(times(OPEN, 40), times(CLOSE, 40))],
    ['a private sequence of a million elements', withHeader(OPEN, times(EMPTY, 1_000_000), CLOSE)],
    [
      'a million items',
      withHeader(OPEN.subarray(0, 12), times(hex('feff00e0 00000000'), 1_000_000), CLOSE.subarray(8)),
    ],
    ['zeros behind the pixels', Buffer.concat([dicomFile(ctSlice()), new Uint8Array(4096)])],
    [
      'a modality LUT of a million elements',
      withHeader(
        hex('2800 0030 5351 0000 ffffffff'),
        hex('feff00e0 ffffffff'),
        times(EMPTY, 1_000_000),
        CLOSE,
      ),
    ],
  ])('%s', async (_, bytes) => {
    const { series, failure } = await openHostile(folder, bytes);
    expect(failure).toBeUndefined();
    expect(series[0]?.frames[0]?.pixel).toMatchObject({ rows: 8, columns: 6 });
  });
});

describe('functional groups that do not fit the frames', () => {
  it.each([1, 2, 500])('%i items for five frames', async (count) => {
    const items = Array.from({ length: count }, (_, frame): DicomElements => ({
      '00209113': ['SQ', [{ '00200032': ['DS', [0, 0, frame]] }]],
    }));
    const { series, failure } = await openHostile(
      folder,
      dicomFile(usLoop(5, 40, 6, 8, { '52009230': ['SQ', items] })),
    );
    expect(failure).toBeUndefined();
    expect(series.flatMap(({ frames }) => frames)).toHaveLength(5);
  });
});

function palette(said: number, stored: number): DicomElements {
  const table = new Uint16Array(stored);
  return {
    '00280004': ['CS', 'PALETTE COLOR'],
    '00281101': ['US', [said, 0, 16]],
    '00281102': ['US', [said, 0, 16]],
    '00281103': ['US', [said, 0, 16]],
    '00281201': ['OW', table],
    '00281202': ['OW', table],
    '00281203': ['OW', table],
  };
}

function encapsulated(): Buffer {
  const pixels: DicomElements = { '7FE00010': ['OB', { fragments: [new Uint8Array(64)] }] };
  return Buffer.from(ct(pixels, '1.2.840.10008.1.2.4.70'));
}

function unended(): Uint8Array {
  const file = encapsulated();
  return file.subarray(0, file.length - 20);
}

function fragmentOf(length: number, which = 1): Uint8Array {
  const file = encapsulated();
  const item = hex('feff00e0');
  const first = file.indexOf(item);
  file.writeUInt32LE(length, (which === 0 ? first : file.indexOf(item, first + 4)) + 4);
  return file;
}

function noise(): Uint8Array {
  const file = ct({}, '1.2.840.10008.1.2.1.99');
  return file.fill(0xff, file.length - 200);
}
