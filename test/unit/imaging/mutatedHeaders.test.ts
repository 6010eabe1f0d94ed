import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KeysliceError } from '../../../src/contract/errors.ts';
import { readStudy } from '../../../src/imaging/readStudy.ts';
import { ctSlice, usLoop } from '../../fixtures/ctSlice.ts';
import { dicomFile, type DicomElements } from '../../fixtures/dicomFile.ts';
import { NIFTI_TYPES, niftiFile } from '../../fixtures/niftiFile.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const path = join(temporaryFolder(), 'mutated');
const MUTANTS = 300;
const CODES = [
  'FILE_TRUNCATED',
  'FILE_UNREADABLE',
  'HEADER_INCONSISTENT',
  'LIMIT_EXCEEDED',
  'NOT_AN_IMAGE',
  'TRANSFER_SYNTAX_UNSUPPORTED',
];

/** Numbers from a fixed seed (a linear congruential generator), so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function mutated(bytes: Uint8Array, next: (below: number) => number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const changes = 1 + next(4);
  for (let change = 0; change < changes; change++) {
    copy[next(copy.length)] = [0, 0xff, 0x7f, next(256)][next(4)] ?? 0;
  }
  return next(8) === 0 ? copy.subarray(0, next(copy.length)) : copy;
}

const nested: DicomElements = {
  '00081140': ['SQ', [{ '00081150': ['UI', '1.2'], '00081155': ['UI', '2.25.9'] }]],
  '00283000': ['SQ', [{ '00283002': ['SS', [2, 0, 16]], '00283006': ['US', [1, 2]] }]],
};
const fragments = { fragments: [new Uint8Array(8), new Uint8Array(6)], offsets: [0, 16] };
const [datatype, bitsPerVoxel] = NIFTI_TYPES.int16;

describe('a header with changed bytes', () => {
  it.each([
    ['explicit little endian', dicomFile(ctSlice({ elements: nested }))],
    ['implicit', dicomFile(ctSlice({ elements: nested }), { transferSyntax: '1.2.840.10008.1.2' })],
    [
      'undefined lengths',
      dicomFile(ctSlice({ elements: nested }), {
        transferSyntax: '1.2.840.10008.1.2.2',
        undefinedLengths: true,
      }),
    ],
    [
      'fragments',
      dicomFile(
        { ...usLoop(2, 40), '7FE00010': ['OB', fragments] },
        { transferSyntax: '1.2.840.10008.1.2.4.50' },
      ),
    ],
    ['deflated', dicomFile(ctSlice(), { transferSyntax: '1.2.840.10008.1.2.1.99' })],
    ['NIfTI', niftiFile({ dims: [4, 3, 2], datatype, bitsPerVoxel, data: new Int16Array(24) })],
    [
      'NIfTI, gzip',
      niftiFile({ dims: [4, 3, 2], datatype, bitsPerVoxel, data: new Int16Array(24), gzip: true }),
    ],
  ])('is read or refused with a code: %s', async (name, bytes) => {
    const next = random(name.length);
    for (let mutant = 0; mutant < MUTANTS; mutant++) {
      writeFileSync(path, mutated(bytes, next));
      try {
        const { series } = await readStudy(path);
        expect(series.length).toBeGreaterThan(0);
      } catch (thrown) {
        if (!(thrown instanceof KeysliceError)) throw thrown;
        expect(CODES).toContain(thrown.code);
        // What JavaScript says of a slip of ours must not hide behind FILE_UNREADABLE.
        expect(thrown.message).not.toMatch(/undefined|not a function|not iterable|Invalid|NaN/);
      }
    }
  });
});
