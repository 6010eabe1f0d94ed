import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { FrameRecord } from '../../../src/contract/series.ts';
import { StoredFrames } from '../../../src/export/storedFrames.ts';
import { verifyFrames } from '../../../src/export/verifyFrames.ts';
import { writeCtSeries } from '../../fixtures/ctSlice.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { exportOf, largestSeries } from './exportOf.ts';

const root = temporaryFolder();
const source = join(root, 'source');
writeCtSeries(source, 4);

async function verify(change: (bytes: Buffer) => Buffer, frames = [1], placeTolerance: number | null = 0) {
  const series = await largestSeries(source);
  const { out } = await exportOf(source, series, [1], join(root, 'out'), { overwrite: true });
  const path = join(out, 'IMG0001.dcm');
  await writeFile(path, change(await readFile(path)));
  const stored = new StoredFrames(series);
  const expected = frames.map((frame): FrameRecord => {
    const record = series.frames[frame];
    if (record === undefined) throw new Error('no frame');
    return record;
  });
  const storedBytes = (frame: FrameRecord): Promise<Uint8Array> => stored.read(frame);
  let seen = 0;
  await verifyFrames(
    out,
    [{ path, frames: expected, storedBytes, sameFormat: true, placeTolerance }],
    undefined,
    () => {
      seen += 1;
    },
  );
  return seen;
}

const refused = (reason: string) =>
  expect.objectContaining({ code: 'EXPORT_NOT_VERIFIED', facts: { reason } }) as object;
const same = (bytes: Buffer): Buffer => bytes;
const replaced = (from: string, to: string) => (bytes: Buffer): Buffer =>
  Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1'); // prettier-ignore

it('accepts what was written', async () => {
  expect(await verify(same)).toBe(1);
});

it('finds one wrong byte of the pixel data', async () => {
  const flipped = (bytes: Buffer): Buffer => {
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    return bytes;
  };
  await expect(verify(flipped)).rejects.toEqual(refused('the stored data of frame 0 differs'));
});

it('finds another place, another slope, another frame', async () => {
  await expect(verify(replaced('-10\\-20\\2.5', '-10\\-20\\2.6'))).rejects.toEqual(
    refused('the position of frame 0 differs'),
  );
  await expect(verify(replaced('-1024', '-1023'))).rejects.toEqual(
    refused('the modality transform of frame 0 differs'),
  );
  await expect(verify(same, [2], null)).rejects.toEqual(refused('the stored data of frame 0 differs'));
});

it('finds a file that is no image, or too short, or holds too few frames', async () => {
  await expect(verify(() => Buffer.from('nothing'))).rejects.toMatchObject({ code: 'EXPORT_NOT_VERIFIED' });
  await expect(verify((bytes) => bytes.subarray(0, bytes.length - 9))).rejects.toMatchObject({
    code: 'EXPORT_NOT_VERIFIED',
  });
  await expect(verify(same, [1, 2])).rejects.toEqual(refused('1 of 2 frames were found'));
});
