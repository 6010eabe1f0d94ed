import { findInstallation } from '../app/findInstallation.ts';
import { ScratchFolder } from '../app/scratchFolder.ts';
import { KeysliceError, toKeysliceError } from '../contract/errors.ts';
import type { Command } from './command.ts';
import { evaluate } from './commands/evaluate.ts';
import { exportCommand } from './commands/export.ts';
import { frame } from './commands/frame.ts';
import { info } from './commands/info.ts';
import { models } from './commands/models.ts';
import { pack } from './commands/pack.ts';
import { train } from './commands/train.ts';
import { triage } from './commands/triage.ts';
import { Options } from './options.ts';
import { Terminal } from './terminal.ts';
import { USAGE, UsageError } from './usage.ts';

const COMMANDS: Readonly<Record<string, Command>> = {
  info,
  frame,
  triage,
  export: exportCommand,
  train,
  evaluate,
  models,
  pack,
};

const EXIT = { done: 0, failed: 1, usage: 2, unread: 3, cancelled: 130 } as const;

async function runCommand(command: Command, args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = new Options(args, command.options);
  const terminal = new Terminal({ json: options.flag('json'), quiet: options.flag('quiet') });
  const scratch = new ScratchFolder();
  try {
    const failures = await command.run({
      options,
      terminal,
      installation: findInstallation(new URL('./', import.meta.url)),
      signal,
      scratch,
    });
    return options.flag('strict') && failures.length > 0 ? EXIT.unread : EXIT.done;
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    const error = signal.aborted ? new KeysliceError('CANCELLED') : toKeysliceError(thrown);
    terminal.error(error);
    if (error.code === 'INTERNAL' && error.cause instanceof Error)
      process.stderr.write(`${error.cause.stack ?? ''}\n`);
    return error.code === 'CANCELLED' ? EXIT.cancelled : EXIT.failed;
  } finally {
    await scratch.remove();
  }
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (
    name === undefined ||
    name === 'help' ||
    name === '--help' ||
    name === '-h' ||
    rest.includes('--help')
  ) {
    process.stdout.write(USAGE);
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const cancel = new AbortController();
  process.on('SIGINT', () => {
    cancel.abort();
  });
  try {
    if (command === undefined) throw new UsageError(`there is no command ${name}`);
    return await runCommand(command, rest, cancel.signal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    return EXIT.usage;
  }
}

process.exitCode = await main(process.argv.slice(2));
