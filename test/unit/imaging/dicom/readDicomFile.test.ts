import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Study } from '../../../../src/contract/series.ts';
import { readStudy } from '../../../../src/imaging/readStudy.ts';
import { ctSlice } from '../../../fixtures/ctSlice.ts';
import { dicomFile, type DicomElements, type DicomFileOptions } from '../../../fixtures/dicomFile.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const folder = temporaryFolder();
const path = join(folder, 'image.dcm');
const IMPLICIT = '1.2.840.10008.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
const BIG_ENDIAN = '1.2.840.10008.1.2.2';
const DEFLATED = '1.2.840.10008.1.2.1.99';

async function read(elements: DicomElements, options?: DicomFileOptions): Promise<Study> {
  writeFileSync(path, dicomFile(elements, options));
  return readStudy(path);
}

const SEQUENCES: DicomElements = {
  '00081140': ['SQ', [{ '00081150': ['UI', '1.2'], '00081155': ['UI', '2.25.9'] }, {}]],
  '00290010': ['LO', 'MAKER'],
  '00291010': ['SQ', [{ '7FE00010': ['OW', new Uint8Array(64)] }]],
};

describe('the header of a DICOM file', () => {
  for (const transferSyntax of [IMPLICIT, EXPLICIT, BIG_ENDIAN, DEFLATED]) {
    for (const undefinedLengths of [false, true]) {
      it(`is read in ${transferSyntax}, sequences of ${undefinedLengths ? 'undefined' : 'known'} length`, async () => {
        const { series } = await read(ctSlice({ index: 3, elements: SEQUENCES }), {
          transferSyntax,
          undefinedLengths,
        });
        expect(series).toHaveLength(1);
        expect(series[0]).toMatchObject({
          id: '2.25.2001',
          modality: 'CT',
          description: 'Thorax',
          patientLabel: 'Doe, Jane · P-1',
          studyLabel: 'Test study · 2024-01-31',
          pixelSpacing: [0.7, 0.5],
          spacingNote: 'Pixel Spacing (0028,0030)',
          transferSyntaxes: [transferSyntax],
          warnings: [],
        });
        expect(series[0]?.frames[0]).toMatchObject({
          sopInstanceUid: '2.25.2001.4',
          position: [-10, -20, 7.5],
          orientation: [1, 0, 0, 0, 1, 0],
          modality: { kind: 'linear', slope: 1, intercept: -1024, unit: 'HU' },
          windows: [{ center: 40, width: 400, function: 'LINEAR', name: null }],
          pixel: {
            rows: 8,
            columns: 6,
            bitsAllocated: 16,
            signed: true,
            littleEndian: transferSyntax !== BIG_ENDIAN,
          },
          source: { encoding: transferSyntax === DEFLATED ? 'deflate' : 'plain' },
        });
      });
    }
  }

  it.each([IMPLICIT, EXPLICIT, BIG_ENDIAN])(
    'is read without preamble and meta elements in %s',
    async (transferSyntax) => {
      const { series } = await read(ctSlice(), { transferSyntax, preamble: false });
      expect(series[0]?.transferSyntaxes).toEqual([transferSyntax]);
    },
  );

  it('points at the pixels', async () => {
    const bytes = dicomFile(ctSlice());
    writeFileSync(path, bytes);
    const { series } = await readStudy(path);
    expect(series[0]?.frames[0]?.source.ranges).toEqual([{ offset: bytes.length - 96, length: 96 }]);
  });

  it('is followed where it is longer than one read', async () => {
    const long = { '00290010': ['LO', 'MAKER'], '00291010': ['OB', new Uint8Array(3_000_000)] } as const;
    const { series } = await read(ctSlice({ elements: long }));
    expect(series[0]?.frames).toHaveLength(1);
  });

  it('is followed through elements with lengths of eight bytes, as newer parts of the standard have them', async () => {
    const { series } = await read(ctSlice({ elements: { '00280009': ['OV', new Uint8Array(16)] } }));
    expect(series[0]?.frames).toHaveLength(1);
  });

  it('goes by its bytes where they are not as the transfer syntax says, and says so', async () => {
    const bytes = Buffer.from(dicomFile(ctSlice(), { transferSyntax: `${EXPLICIT}\0` }));
    bytes.write(`${IMPLICIT}\0\0\0`, bytes.indexOf(`${EXPLICIT}\0`), 'latin1');
    writeFileSync(path, bytes);
    const { series } = await readStudy(path);
    expect(series[0]?.frames[0]?.pixel.rows).toBe(8);
    expect(series[0]?.warnings.map(({ code }) => code)).toEqual(['HEADER_QUESTIONABLE']);
  });
});

describe('a DICOM file that cannot be shown', () => {
  it.each([
    ['1.2.840.10008.5.1.4.1.1.88.33', 'it is a structured report'],
    ['1.2.840.10008.5.1.4.1.1.88.59', 'it is a key object selection'],
    ['1.2.840.10008.5.1.4.1.1.11.1', 'it is a presentation state'],
    ['1.2.840.10008.5.1.4.1.1.104.1', 'it is a PDF document'],
    ['1.2.840.10008.5.1.4.1.1.481.5', 'it is a radiotherapy plan'],
  ])('is named by its class %s', async (sopClass, reason) => {
    const reading = read(ctSlice({ elements: { '00080016': ['UI', sopClass] } }));
    await expect(reading).rejects.toMatchObject({ code: 'NOT_AN_IMAGE', path, facts: { reason } });
  });

  it('has no pixel data', async () => {
    const { '7FE00010': pixels, ...header } = ctSlice();
    expect(pixels).toBeDefined();
    await expect(read(header)).rejects.toMatchObject({ facts: { reason: 'it has no pixel data' } });
  });

  it('has an unknown transfer syntax, which is named', async () => {
    const reading = read(ctSlice(), { transferSyntax: '1.2.840.10008.1.2.4.111' });
    await expect(reading).rejects.toMatchObject({
      code: 'TRANSFER_SYNTAX_UNSUPPORTED',
      facts: { uid: '1.2.840.10008.1.2.4.111' },
    });
  });

  it.each([1, 20, 95])('ends %i bytes too early', async (missing) => {
    const bytes = dicomFile(ctSlice());
    writeFileSync(path, bytes);
    truncateSync(path, bytes.length - missing);
    const facts = { expected: bytes.length, actual: bytes.length - missing };
    await expect(readStudy(path)).rejects.toMatchObject({ code: 'FILE_TRUNCATED', facts });
  });

  it.each([400, 555, 700, 701, 702, 703, 704, 900])('ends %i bytes into its header', async (length) => {
    writeFileSync(path, dicomFile(ctSlice({ elements: SEQUENCES })).subarray(0, length));
    await expect(readStudy(path)).rejects.toMatchObject({ code: 'FILE_TRUNCATED' });
  });

  it.each([
    ['rows and columns of 65535', { '00280010': ['US', 65535], '00280011': ['US', 65535] }],
    ['sixty thousand frames', { '00280008': ['IS', 60_000] }],
    ['no frames', { '00280008': ['IS', 0] }],
    ['no rows', { '00280010': ['US', 0] }],
    ['more bits stored than allocated', { '00280101': ['US', 17] }],
    ['12 bits allocated', { '00280100': ['US', 12] }],
    ['two samples per pixel', { '00280002': ['US', 2] }],
  ] satisfies [string, DicomElements][])('announces %s', async (_, elements) => {
    await expect(read(ctSlice({ elements }))).rejects.toMatchObject({ code: 'HEADER_INCONSISTENT' });
  });

  it('has a deflated data set that is damaged', async () => {
    const bytes = dicomFile(ctSlice(), { transferSyntax: DEFLATED });
    writeFileSync(path, bytes.fill(0xff, bytes.length - 200));
    await expect(readStudy(path)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('has sequences that are nested without end', async () => {
    // (0008,1140) SQ and an item in it, both of undefined length.
    const opening = Buffer.from('0800401153510000ffffffff' + 'feff00e0ffffffff', 'hex');
    writeFileSync(path, Buffer.concat([dicomFile({}), ...Array<Buffer>(50_000).fill(opening)]));
    await expect(readStudy(path)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });
});
