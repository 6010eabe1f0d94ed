/** Names from an archive or an index, which anybody may have chosen: shown to people, never used as a path. */

const LONGEST_NAME = 1000;
/** Control characters, and those that turn the direction of writing, so that a name looks like another. */
const MISLEADING = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const DRIVE = /^[A-Za-z]:/;

/**
 * A name as people are shown it below the archive: relative, with `/`, what could mislead percent-encoded. A name that
 * climbs (`..`), starts at a root or names a drive stays recognisable and leads nowhere.
 */
export function shownName(name: string): string {
  const parts = name.replaceAll('\\', '/').split('/');
  const safe = parts.filter((part) => part !== '').map((part) => (isDots(part) ? encoded(part) : part));
  const shown = safe.join('/').replace(MISLEADING, encoded).replace(DRIVE, encoded);
  return shown.length > LONGEST_NAME ? `${shown.slice(0, LONGEST_NAME)}…` : shown;
}

const isDots = (part: string): boolean => part === '.' || part === '..';

const encoded = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) =>
      /[\w-]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');

/** Names that were not met before: the second `a` becomes `a (2)`. */
export class DistinctNames {
  readonly #seen = new Map<string, number>();

  distinct(name: string): string {
    const count = (this.#seen.get(name) ?? 0) + 1;
    this.#seen.set(name, count);
    return count === 1 ? name : this.distinct(`${name} (${count})`);
  }
}
