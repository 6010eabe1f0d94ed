import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFrame, type FrameRun } from '../../../src/app/readFrame.ts';
import { NIFTI_TYPES, niftiFile } from '../../fixtures/niftiFile.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const folder = temporaryFolder();
const out = join(folder, 'frame.npy');

const frameOf = (path: string, values: 'stored' | 'modality' = 'stored'): Promise<FrameRun> =>
  readFrame(path, {
    frame: 1,
    series: undefined,
    phase: 0,
    values,
    out,
    signal: new AbortController().signal,
    scratch: { folder: () => Promise.resolve(folder) },
  });

/** Two slices of 2 × 3; the second holds what float64 cannot. */
const SIGNED = BigInt64Array.of(
  0n,
  0n,
  0n,
  0n,
  0n,
  0n,
  -(2n ** 63n),
  2n ** 63n - 1n,
  -1n,
  5n,
  2n ** 53n + 1n,
  0n,
);
const UNSIGNED = BigUint64Array.from(SIGNED, (value) => BigInt.asUintN(64, value));

/** The header of the .npy file, and its bytes behind the header. */
function written(): { header: string; values: ArrayBuffer } {
  const file = readFileSync(out);
  const start = 10 + file.readUInt16LE(8);
  const { buffer, byteOffset } = file;
  const values = buffer.slice(byteOffset + start, byteOffset + file.length);
  return { header: file.toString('latin1', 10, start), values };
}

describe('frames of 64-bit integers', () => {
  it.each([
    { name: 'int64', littleEndian: true, gzip: false },
    { name: 'int64', littleEndian: false, gzip: true },
    { name: 'uint64', littleEndian: true, gzip: true },
    { name: 'uint64', littleEndian: false, gzip: false },
  ] as const)('are written bit for bit: $name, little endian $littleEndian, gzip $gzip', async (kind) => {
    const [datatype, bitsPerVoxel] = NIFTI_TYPES[kind.name];
    const data = kind.name === 'int64' ? SIGNED : UNSIGNED;
    // What Buffer calls swapping a float's bytes swaps those of an integer too.
    const raw = new Float64Array(data.buffer);
    const path = join(folder, 'volume.nii');
    writeFileSync(path, niftiFile({ dims: [3, 2, 2], datatype, bitsPerVoxel, data: raw, ...kind }));
    const { document, warnings } = await frameOf(path);
    expect(document).toMatchObject({ dtype: kind.name, rows: 2, columns: 3 });
    expect(warnings).toEqual([]);
    const { header, values } = written();
    expect(header).toContain(kind.name === 'int64' ? "'<i8'" : "'<u8'");
    const stored = kind.name === 'int64' ? new BigInt64Array(values) : new BigUint64Array(values);
    expect([...stored]).toEqual([...data.subarray(6)]);
    const expected = [...data.subarray(6)].map(Number);
    expect([document.min, document.max]).toEqual([Math.min(...expected), Math.max(...expected)]);
  });

  it('say that modality values were rounded', async () => {
    const [datatype, bitsPerVoxel] = NIFTI_TYPES.int64;
    const path = join(folder, 'volume.nii');
    const data = new Float64Array(SIGNED.buffer);
    writeFileSync(path, niftiFile({ dims: [3, 2, 2], datatype, bitsPerVoxel, data }));
    const { document, warnings } = await frameOf(path, 'modality');
    expect(document.dtype).toBe('float32');
    expect(warnings.map(({ code }) => code)).toEqual(['VALUES_ROUNDED']);
  });
});
