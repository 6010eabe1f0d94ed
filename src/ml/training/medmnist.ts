import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { KeysliceError } from '../../contract/errors.ts';
import { type DataSet, type LabelledVolumes, type SplitName, SPLITS } from './dataSet.ts';
import { MEDMNIST_CITATION, MEDMNIST_LICENCE, MEDMNIST_SETS, type MedmnistSet } from './medmnistSets.ts';
import { type ByteArray, readNpy } from './npy.ts';

/** No MedMNIST3D file is larger, packed or unpacked. */
const FILE_LIMIT = 256 * 2 ** 20;
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
  if (createHash('md5').update(file).digest('hex') !== md5) throw invalid(`the MD5 is not ${md5}`);
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
