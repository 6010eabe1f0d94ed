// Decodes video clips once into grey NIfTI volumes, so that runs do not decode them again: needs ffmpeg.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

const HEADER_BYTES = 352;
const UINT8 = 2;

/**
 * @param {{ file: string, width: number, height: number }[]} clips @param {string} folder where the volumes go
 * @returns {string[]} the volume of each clip
 */
export function decodeClips(clips, folder) {
  mkdirSync(folder, { recursive: true });
  return clips.map(({ file, width, height }) => {
    const volume = join(folder, `${basename(file, extname(file))}.nii`);
    if (existsSync(volume)) return volume;
    const pixels = greyFrames(file);
    const frames = pixels.length / (width * height);
    writeFileSync(`${volume}.part`, Buffer.concat([header([width, height, frames]), pixels]));
    renameSync(`${volume}.part`, volume);
    return volume;
  });
}

/** @param {string} file */
function greyFrames(file) {
  const { status, stdout, stderr, error } = spawnSync(
    'ffmpeg',
    ['-v', 'error', '-nostdin', '-xerror', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'],
    { maxBuffer: 2 ** 30 },
  );
  if (status !== 0) throw new Error(`ffmpeg ${file}: ${error?.message ?? stderr.toString()}`);
  return stdout;
}

/** NIfTI-1, one file, without an orientation. @param {readonly number[]} size */
function header(size) {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeInt32LE(348, 0);
  [3, ...size, 1, 1, 1, 1].forEach((value, i) => bytes.writeInt16LE(value, 40 + 2 * i));
  bytes.writeInt16LE(UINT8, 70);
  bytes.writeInt16LE(8, 72);
  for (let i = 0; i < 8; i++) bytes.writeFloatLE(1, 76 + 4 * i);
  bytes.writeFloatLE(HEADER_BYTES, 108);
  bytes.writeFloatLE(1, 112);
  bytes.write('n+1\0', 344, 'latin1');
  return bytes;
}
