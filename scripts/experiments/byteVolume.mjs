// NIfTI-1 files of bytes, for what experiments decode or make.
import { renameSync, writeFileSync } from 'node:fs';

const HEADER_BYTES = 352;
const UINT8 = 2;

/**
 * One file, without an orientation; there whole or not at all.
 * @param {string} file @param {readonly [columns: number, rows: number, frames: number]} size @param {Uint8Array} voxels
 */
export function writeByteVolume(file, size, voxels) {
  writeFileSync(`${file}.part`, Buffer.concat([header(size), voxels]));
  renameSync(`${file}.part`, file);
}

/** @param {readonly number[]} size */
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
