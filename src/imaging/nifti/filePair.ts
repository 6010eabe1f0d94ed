import { access } from 'node:fs/promises';

const DATA_ENDING = /\.img(\.gz)?$/i;

/** Header paths that a data file may belong to, in the spelling of its own ending. */
function headerCandidates(path: string): string[] {
  const stem = path.replace(DATA_ENDING, '');
  const endings = /\.IMG/.test(path) ? ['.HDR', '.HDR.GZ'] : ['.hdr', '.hdr.gz'];
  return DATA_ENDING.test(path) ? endings.map((ending) => stem + ending) : [];
}

async function findHeader(path: string): Promise<string | null> {
  for (const candidate of headerCandidates(path)) {
    const found = await access(candidate).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  return null;
}

/** Whether a file holds the voxels of a `.hdr` beside it, and is read together with that. */
export async function isDataOfPair(path: string): Promise<boolean> {
  return (await findHeader(path)) !== null;
}

/** The header of a pair when its data file was named; any other path as it is. */
export async function headerOfPair(path: string): Promise<string> {
  return (await findHeader(path)) ?? path;
}
