import { describe, expect, it } from 'vitest';
import { fileKind } from '../../../../src/imaging/scan/fileKind.ts';
import { ctSlice } from '../../../fixtures/ctSlice.ts';
import { dicomFile } from '../../../fixtures/dicomFile.ts';
import { NIFTI_TYPES, niftiFile } from '../../../fixtures/niftiFile.ts';

const text = (value: string): Uint8Array => Buffer.from(value, 'latin1');

describe('fileKind', () => {
  it('knows DICOM with and without preamble, in every encoding', () => {
    for (const transferSyntax of ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2']) {
      const bare = dicomFile(ctSlice(), { transferSyntax, preamble: false });
      expect(fileKind(bare)).toEqual({ kind: 'dicom', preamble: false });
      expect(fileKind(dicomFile(ctSlice(), { transferSyntax }))).toEqual({ kind: 'dicom', preamble: true });
    }
  });

  it('knows both versions of NIfTI, single and pair', () => {
    const [datatype, bitsPerVoxel] = NIFTI_TYPES.uint8;
    for (const version of [1, 2] as const) {
      for (const pair of [false, true]) {
        const bytes = niftiFile({
          dims: [2, 2, 2],
          datatype,
          bitsPerVoxel,
          data: new Uint8Array(8),
          version,
          pair,
        });
        expect(fileKind(bytes)).toEqual({ kind: 'nifti' });
      }
    }
  });

  it('knows ZIP archives: with members, without, and in parts', () => {
    for (const signature of ['PK\u0003\u0004', 'PK\u0005\u0006', 'PK\u0007\u0008'])
      expect(fileKind(text(`${signature}\u0014\u0000`))).toEqual({ kind: 'zip' });
  });

  it.each([
    ['\u0000\u0000\u0000\u0018ftypmp42', 'mp4'],
    ['\u001aEß£\u0001', 'matroska'],
    ['RIFF\u0000\u0000\u0000\u0000AVI LIST', 'avi'],
    ['GIF89a', 'gif'],
    ['\u0000\u0000\u0001º\u0044', 'mpegps'],
    [`G${'\u0000'.repeat(187)}`.repeat(3), 'mpegts'],
  ])('knows the video container %j', (content, container) => {
    expect(fileKind(text(content))).toEqual({ kind: 'video', container });
  });

  it('does not take a WAV for a video', () => {
    expect(fileKind(text('RIFF\u0000\u0000\u0000\u0000WAVEfmt '))).toMatchObject({ kind: 'other' });
  });

  it.each([
    ['', 'the file is empty'],
    ['Report of the day\n', 'it is a text file'],
    ['%PDF-1.7\n', 'it is a PDF document'],
    ['\u0007\u0001garbage that is nothing', 'it is neither DICOM nor NIfTI nor a video'],
  ])('says what %j is', (content, reason) => {
    expect(fileKind(text(content))).toEqual({ kind: 'other', reason });
  });
});
