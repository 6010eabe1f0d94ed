const MASK = '***';
/** Shorter pieces (initials, a "Mr") would mask half of every line and give nobody away. */
const SHORTEST_PIECE = 3;

/**
 * Takes out of a line what can name a patient: the names and paths that were learnt, and every other absolute path,
 * since folders of studies are often named after people.
 */
export class NameMask {
  readonly #pieces = new Set<string>();
  readonly #paths = new Set<string>();

  /** A label as shown (`Doe^John`, `Doe John, 1970`): each piece of it is masked wherever it stands. */
  learnLabel(label: string): void {
    for (const piece of label.split(/[\s^=,;/\\·()[\]]+/)) {
      if (piece.length >= SHORTEST_PIECE) this.#pieces.add(piece);
    }
  }

  /** A path that was opened; what lies below it is masked to the end of the line or quotation. */
  learnPath(path: string): void {
    this.#paths.add(path);
  }

  mask(line: string): string {
    const longestFirst = (set: Set<string>): string[] =>
      [...set].sort((a, b) => b.length - a.length).map(escape);
    let masked = line;
    for (const path of longestFirst(this.#paths)) {
      masked = masked.replace(new RegExp(`${path}[^'"\\n]*`, 'g'), MASK);
    }
    masked = masked.replace(/(?<![\w:/.])(?:[A-Za-z]:\\|\/)[^\s'":]+/g, MASK);
    for (const piece of longestFirst(this.#pieces)) masked = masked.replace(new RegExp(piece, 'giu'), MASK);
    return masked;
  }
}

/** Only what the `u` flag allows to be escaped: syntax characters (ECMA-262, SyntaxCharacter). */
const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
