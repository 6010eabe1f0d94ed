import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { KeysliceError } from '../../contract/errors.ts';
import { type DataSet, type LabelledVolumes, type SplitName, SPLITS } from './dataSet.ts';
import {
  MEDMNIST_CITATION,
  MEDMNIST_LICENCE,
  MEDMNIST_SETS,
  type MedmnistSet,
  OLDER_MEDMNIST,
} from './medmnistSets.ts';
import { type ByteArray, readNpy } from './npy.ts';

/** No MedMNIST3D file is larger, packed or unpacked. */
const FILE_LIMIT = 1024 * 2 ** 20;
const UNPACKED_LIMIT = 1024 * 2 ** 20;

/** Where data sets are looked for, in this order: `--data-dir`, $KEYSLICE_MEDMNIST, ~/.medmnist, then `more`. */
export function medmnistFolders(dataDir: string | null, more: readonly string[]): string[] {
  const named = [dataDir, process.env['KEYSLICE_MEDMNIST']].filter((folder) => typeof folder === 'string');
  return [...named, join(homedir(), '.medmnist'), ...more];
}

/**
 * Reads `medmnist:NAME:SIZE` (for example `medmnist:adrenal:28`) from the first folder that has its file. Frames run
 * along the first axis of the arrays.
 * @throws KeysliceError DATA_NOT_FOUND, or DATA_INVALID when the name, the MD5 or the content is not as published.
 */
export async function readMedmnist(spec: string, folders: readonly string[]): Promise<DataSet> {
  const { set, name, size, md5 } = parseSpec(spec);
  const fileName = `${name}mnist3d${size === 28 ? '' : `_${size}`}.npz`;
  const path = folders.map((folder) => join(folder, fileName)).find((candidate) => existsSync(candidate));
  if (path === undefined) throw new KeysliceError('DATA_NOT_FOUND', { name: `${spec} (${fileName})` });
  const invalid = (reason: string, cause?: unknown): KeysliceError =>
    new KeysliceError('DATA_INVALID', { name: spec, reason }, { path, cause });
  if ((await stat(path)).size > FILE_LIMIT) throw invalid('the file is larger than any MedMNIST3D set');
  const file = await readFile(path);
  const found = createHash('md5').update(file).digest('hex');
  if (found !== md5) throw invalid(otherFile(file, found, md5));
  try {
    return {
      name: spec,
      md5,
      licence: MEDMNIST_LICENCE,
      citation: MEDMNIST_CITATION,
      classes: set.classes,
      pixels: set.pixels,
      splits: readSplits(file, size, set.classes.length),
    };
  } catch (error) {
    if (error instanceof RangeError) throw invalid(error.message, error);
    throw error;
  }
}

/** Why a file is not the one that was wanted, as far as that can be told. */
function otherFile(file: Uint8Array, found: string, wanted: string): string {
  const older = OLDER_MEDMNIST[found];
  if (older !== undefined) return `the file is an older release: ${older}`;
  for (const [name, set] of Object.entries(MEDMNIST_SETS))
    for (const [size, md5] of Object.entries(set.md5))
      if (md5 === found) return `the file is medmnist:${name}:${size}`;
  if (!isZip(file)) return 'the file is no .npz archive';
  if (!endsAsZip(file)) return `the file ends too early, after ${file.length} bytes`;
  return `the MD5 is ${found}, not ${wanted} as published`;
}

/** Local file header and end of central directory (APPNOTE.TXT 4.3.7 and 4.3.16). */
const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_END = 0x06054b50;
/** An end record with the longest comment. */
const END_LENGTH = 22 + 0xffff;

function isZip(file: Uint8Array): boolean {
  return file.length >= 4 && view(file).getUint32(0, true) === LOCAL_HEADER;
}

function endsAsZip(file: Uint8Array): boolean {
  const data = view(file);
  for (let at = file.length - 22; at >= Math.max(0, file.length - END_LENGTH); at--)
    if (data.getUint32(at, true) === DIRECTORY_END) return true;
  return false;
}

function view({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function parseSpec(spec: string): { set: MedmnistSet; name: string; size: number; md5: string } {
  const [kind, name = '', sizeText = ''] = spec.split(':');
  const set = Object.hasOwn(MEDMNIST_SETS, name) ? MEDMNIST_SETS[name] : undefined;
  const size = Number(sizeText);
  const md5 = set?.md5[size];
  if (kind !== 'medmnist' || set === undefined || md5 === undefined) {
    const known = Object.keys(MEDMNIST_SETS).join(', ');
    throw new KeysliceError('DATA_INVALID', { name: spec, reason: `known are medmnist:{${known}}:{28, 64}` });
  }
  return { set, name, size, md5 };
}

function readSplits(file: Uint8Array, size: number, classes: number): Record<SplitName, LabelledVolumes> {
  const names = SPLITS.flatMap((split) => [`${split}_images.npy`, `${split}_labels.npy`]);
  const members = unzipSync(file, {
    filter: ({ name, originalSize }) => names.includes(name) && originalSize <= UNPACKED_LIMIT,
  });
  const member = (name: string): ByteArray => {
    const bytes = members[name];
    if (bytes === undefined) throw new RangeError(`${name} is missing`);
    return readNpy(bytes);
  };
  const split = (name: SplitName): LabelledVolumes =>
    labelledVolumes(member(`${name}_images.npy`), member(`${name}_labels.npy`), size, classes);
  return { train: split('train'), val: split('val'), test: split('test') };
}

function labelledVolumes(
  images: ByteArray,
  labels: ByteArray,
  size: number,
  classes: number,
): LabelledVolumes {
  const [count = 0, frames, rows, columns] = images.shape;
  if (images.shape.length !== 4 || frames !== size || rows !== size || columns !== size) {
    throw new RangeError(`the images are not of ${size}³`);
  }
  if (labels.data.length !== count || labels.data.some((label) => label >= classes)) {
    throw new RangeError('the labels do not fit the images');
  }
  return { count, frames, rows, columns, voxels: images.data, labels: labels.data };
}
