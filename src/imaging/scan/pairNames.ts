/** A name of our own for an unpacked file. */
export interface UnpackedName {
  name: string;
  /** The voxels of a NIfTI pair, whose header is in the archive, too. */
  isData: boolean;
}

const ENDING = /\.(hdr|img)(\.gz)?$/i;

/**
 * Names for the members of an archive: their number, and for NIfTI pairs (`.hdr` and `.img`) one number for both, with
 * the endings by which a header finds its voxels.
 */
export function pairNames(members: readonly string[]): UnpackedName[] {
  const headers = new Map<string, number>();
  members.forEach((member, index) => {
    if (endingOf(member).startsWith('.hdr')) headers.set(stemOf(member), index);
  });
  return members.map((member, index) => {
    const ending = endingOf(member);
    const header = headers.get(stemOf(member));
    const isData = ending.startsWith('.img') && header !== undefined;
    return { name: `${isData ? header : index}${ending}`, isData };
  });
}

const endingOf = (name: string): string => (ENDING.exec(name)?.[0] ?? '').toLowerCase();
const stemOf = (name: string): string => name.replace(ENDING, '');
