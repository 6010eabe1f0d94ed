import type { ParseArgsConfig } from 'node:util';
import type { Installation } from '../app/installation.ts';
import type { ScratchFolder } from '../app/scratchFolder.ts';
import type { Failure } from '../contract/errors.ts';
import type { Options } from './options.ts';
import type { Terminal } from './terminal.ts';

export interface CommandContext {
  options: Options;
  terminal: Terminal;
  installation: Installation;
  /** Raised by Ctrl+C. */
  signal: AbortSignal;
  /** For what must be unpacked; removed when the command has ended. */
  scratch: ScratchFolder;
}

/** One command of the command line; answers with the files that could not be read. */
export interface Command {
  readonly options: NonNullable<ParseArgsConfig['options']>;
  run(context: CommandContext): Promise<readonly Failure[]>;
}
