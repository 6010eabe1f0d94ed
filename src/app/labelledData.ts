import path from 'node:path';
import type { DataSet } from '../ml/training/dataSet.ts';
import { medmnistFolders, readMedmnist } from '../ml/training/medmnist.ts';
import { featureKernel } from './featureKernel.ts';
import type { Installation } from './installation.ts';
import { type FolderOptions, readLabelledFolder } from './labelled/readLabelledFolder.ts';

/** Beside a checkout. */
const SHARED_MEDMNIST = path.join('..', 'shared', 'data', 'medmnist3d');

export interface DataRequest extends Omit<FolderOptions, 'kernel'> {
  /** `medmnist:NAME:SIZE`, or a list of labelled studies or its folder. */
  readonly data: string;
  readonly dataDir: string | undefined;
}

/**
 * A labelled data set by name, its sum checked, or from a list of studies.
 * @throws KeysliceError DATA_NOT_FOUND, DATA_INVALID, and as `readLabelledFolder` does
 */
export function readLabelledData(
  installation: Pick<Installation, 'root' | 'kernel'>,
  request: DataRequest,
): Promise<DataSet> {
  const { data, dataDir } = request;
  if (!data.startsWith('medmnist:'))
    return readLabelledFolder(data, { ...request, kernel: featureKernel(installation) });
  return readMedmnist(
    data,
    medmnistFolders(dataDir ?? null, [path.join(installation.root, SHARED_MEDMNIST)]),
  );
}
