/** Text from files and file names, made safe for a terminal. */

/** Control characters (escape sequences, C1 too), line and paragraph separators, controls of the writing direction. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
const REPLACEMENT = '\ufffd';

/** One line as a terminal may show it: what would move its cursor, break the line or turn the text is replaced. */
export function printable(line: string): string {
  return line.replace(UNSAFE, REPLACEMENT);
}

/** JSON that means the same, with what JSON lets through escaped as well. */
export function printableJson(document: unknown): string {
  return JSON.stringify(document).replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
