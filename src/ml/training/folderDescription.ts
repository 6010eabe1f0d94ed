import type { DataSet } from './dataSet.ts';
import type { PackageDescription } from './packageDescription.ts';

export interface PackageNaming {
  /** Default: the name of the data in lower case, with hyphens. */
  readonly id: string | undefined;
  readonly title: string | undefined;
  /** Of the weights. Default: not for distribution. */
  readonly licence: string | undefined;
}

const ID_LENGTH = 64;

/** What a package says that was trained on a list of studies; null for published data. */
export function folderDescription(data: DataSet, naming: PackageNaming): PackageDescription | null {
  const { name, classes, licence, folder, splits } = data;
  if (folder === undefined) return null;
  const id = naming.id ?? identifierOf(name);
  return {
    id,
    version: '1.0.0',
    title: naming.title ?? name,
    licence: naming.licence ?? licence,
    task: `Tells ${classes.join(' from ')} on series like those of ${name}.`,
    intendedUse: 'Research on the studies it was trained on, and on others that look like them.',
    limits:
      `Not for diagnosis. ${splits.train.count} studies of ${patients(splits.train.groups)} patients to train on, ` +
      `${splits.test.count} studies of ${patients(splits.test.groups)} patients to test on. Frames of any size are ` +
      `averaged down to ${splits.train.rows} × ${splits.train.columns}; what is smaller than a pixel there is not seen.`,
    scope: folder.scope,
  };
}

function identifierOf(name: string): string {
  const id = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, ID_LENGTH);
  return id === '' ? 'own-studies' : id;
}

function patients(groups: readonly number[] | undefined): number {
  return new Set(groups).size;
}
