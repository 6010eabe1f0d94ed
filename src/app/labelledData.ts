import type { DataSet } from '../ml/training/dataSet.ts';
import { medmnistFolders, readMedmnist } from '../ml/training/medmnist.ts';
import type { Installation } from './installation.ts';
import path from 'node:path';

/** Beside a checkout. */
const SHARED_MEDMNIST = path.join('..', 'shared', 'data', 'medmnist3d');

/** A labelled data set by name, its sum checked. @throws KeysliceError DATA_NOT_FOUND, DATA_INVALID */
export function readLabelledData(
  { root }: Pick<Installation, 'root'>,
  name: string,
  dataDir: string | undefined,
): Promise<DataSet> {
  return readMedmnist(name, medmnistFolders(dataDir ?? null, [path.join(root, SHARED_MEDMNIST)]));
}
