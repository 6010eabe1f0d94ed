import type { Failure, KeysliceError } from '../contract/errors.ts';
import type { WarningDocument } from '../contract/documents.ts';
import { printable, printableJson } from './printable.ts';

/** Standard output and error of one command: results on stdout, all else on stderr. */
export class Terminal {
  readonly #json: boolean;
  readonly #quiet: boolean;
  #bar = '';
  #stage = '';

  constructor(options: { json: boolean; quiet: boolean }) {
    this.#json = options.json;
    this.#quiet = options.quiet;
  }

  /** The result: as one JSON document, or as lines for people. */
  result(document: unknown, lines: () => readonly string[]): void {
    this.#clearBar();
    const text = this.#json ? printableJson(document) : lines().map(printable).join('\n');
    process.stdout.write(`${text}\n`);
  }

  error(error: KeysliceError): void {
    this.#clearBar();
    const { code, message, path, hint } = error.report();
    if (this.#json) process.stdout.write(`${printableJson({ error: { code, message, path, hint } })}\n`);
    else
      process.stderr.write(
        `${printable(`error ${code}: ${message}${path === undefined ? '' : ` (${path})`}`)}\n${hint === undefined ? '' : `${hint}\n`}`,
      );
  }

  /** A message beside the result. */
  note(line: string): void {
    if (this.#quiet) return;
    this.#clearBar();
    process.stderr.write(`${printable(line)}\n`);
  }

  /** A bar on a terminal, one line per stage elsewhere. */
  progress(stage: string, done: number, total: number): void {
    if (this.#quiet) return;
    if (process.stderr.isTTY) this.#drawBar(stage, done, total);
    else if (stage !== this.#stage) process.stderr.write(`${stage}\n`);
    this.#stage = stage;
  }

  /** Warnings and failures for people; JSON carries them in the document. */
  asides(warnings: readonly WarningDocument[], failures: readonly Failure[]): void {
    if (this.#json) return;
    for (const { code, message } of warnings) this.note(`warning ${code}: ${message}`);
    for (const { code, message, path } of failures) this.note(`not read ${code}: ${message} (${path})`);
  }

  #drawBar(stage: string, done: number, total: number): void {
    const width = 24;
    const filled = total === 0 ? 0 : Math.round((done / total) * width);
    const bar = `${stage} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${done}/${total}`;
    if (bar === this.#bar) return;
    process.stderr.write(`\r\x1b[2K${bar}`);
    this.#bar = bar;
  }

  #clearBar(): void {
    if (this.#bar !== '') process.stderr.write('\r\x1b[2K');
    this.#bar = '';
  }
}
