import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { FrameRecord } from '../../contract/series.ts';
import { writeChunks, type WrittenFile } from '../writeChunks.ts';
import type { PositionsSidecar } from './positionsSidecar.ts';

/** A file of a NIfTI export. */
export interface NiftiFile extends WrittenFile {
  /** Name in the folder. */
  name: string;
  kind: 'nifti' | 'sidecar';
}

/** A volume to be written: what stands before the data, then frame after frame. */
export interface NiftiVolume {
  prefix: Uint8Array;
  frames: readonly FrameRecord[];
  frameBytes: (frame: FrameRecord) => Promise<Uint8Array>;
}

export const SIDECAR_NAME = 'volume.json';

/** Writes `volume.nii` or `volume.nii.gz`, and the positions beside it where they are needed. */
export async function writeNiftiFiles(
  folder: string,
  content: NiftiVolume,
  gzip: boolean,
  sidecar: PositionsSidecar | null,
): Promise<NiftiFile[]> {
  const name = gzip ? 'volume.nii.gz' : 'volume.nii';
  const path = join(folder, name);
  const chunks = volumeChunks(content);
  const volume = gzip ? await writeGzipped(path, chunks) : await writeChunks(path, chunks);
  const files: NiftiFile[] = [{ ...volume, name, kind: 'nifti' }];
  if (sidecar !== null) {
    const text = Buffer.from(`${JSON.stringify(sidecar, null, 2)}\n`);
    const written = await writeChunks(join(folder, SIDECAR_NAME), [text]);
    files.push({ ...written, name: SIDECAR_NAME, kind: 'sidecar' });
  }
  return files;
}

async function* volumeChunks({ prefix, frames, frameBytes }: NiftiVolume): AsyncGenerator<Uint8Array> {
  yield prefix;
  for (const frame of frames) yield await frameBytes(frame);
}

async function writeGzipped(path: string, chunks: AsyncIterable<Uint8Array>): Promise<WrittenFile> {
  let written: WrittenFile = { bytes: 0, sha256: '' };
  await pipeline(chunks, createGzip(), async (compressed: AsyncIterable<Buffer>) => {
    written = await writeChunks(path, compressed);
  });
  return written;
}
