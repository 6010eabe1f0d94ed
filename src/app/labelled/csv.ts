/** One record of a CSV file with the line on which it starts, counted from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A fault of the text, on a line counted from 1. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
  readonly line: number;

  constructor(line: number, reason: string) {
    super(reason);
    this.line = line;
  }
}

/**
 * Comma-separated values as RFC 4180 has them: cells may stand in double quotes, within which commas, line ends and
 * doubled quotes are text. Strict: what spreadsheets guess at (quotes amid a cell, a quote that never ends) is refused.
 * Empty lines are passed over; a byte order mark is too.
 * @throws CsvError
 */
export function parseCsv(text: string): CsvRecord[] {
  const reader = new CsvReader(text.startsWith('\ufeff') ? text.slice(1) : text);
  const records: CsvRecord[] = [];
  while (!reader.atEnd) {
    const record = reader.record();
    if (record.cells.length > 1 || record.cells[0] !== '') records.push(record);
  }
  return records;
}

class CsvReader {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  record(): CsvRecord {
    const line = this.#line;
    const cells = [this.#cell()];
    while (this.#text[this.#at] === ',') {
      this.#at++;
      cells.push(this.#cell());
    }
    this.#endOfLine();
    return { line, cells };
  }

  #cell(): string {
    return this.#text[this.#at] === '"' ? this.#quoted() : this.#plain();
  }

  #plain(): string {
    const start = this.#at;
    while (!this.atEnd && !/[",\r\n]/.test(this.#text[this.#at]!)) this.#at++;
    if (this.#text[this.#at] === '"') throw new CsvError(this.#line, 'a quote stands amid a cell');
    return this.#text.slice(start, this.#at).trim();
  }

  #quoted(): string {
    const opened = this.#line;
    let cell = '';
    for (this.#at++; !this.atEnd; this.#at++) {
      const character = this.#text[this.#at]!;
      if (character === '"') {
        if (this.#text[this.#at + 1] !== '"') {
          this.#at++;
          return cell;
        }
        this.#at++;
      }
      if (character === '\n') this.#line++;
      cell += character;
    }
    throw new CsvError(opened, 'a quote is never closed');
  }

  #endOfLine(): void {
    if (this.atEnd) return;
    if (this.#text.startsWith('\r\n', this.#at)) this.#at += 2;
    else if (this.#text[this.#at] === '\n') this.#at++;
    else throw new CsvError(this.#line, 'a comma or the end of the line is needed after a cell');
    this.#line++;
  }
}
