// Decodes video clips once into grey NIfTI volumes, so that runs do not decode them again: needs ffmpeg.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { writeByteVolume } from './byteVolume.mjs';

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
    writeByteVolume(volume, [width, height, frames], pixels);
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
