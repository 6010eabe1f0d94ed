import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { KeysliceError, throwIfCancelled } from '../../contract/errors.ts';
import { DECODE_LIMIT_MS } from './videoLimits.ts';

export interface ProgramEnd {
  /** Null: a signal ended it. */
  code: number | null;
  /** The last line that it complained with; empty when it did not. */
  complaint: string;
}

const MAX_COMPLAINT = 4096;

/**
 * Runs another program without a shell, gives its output to `read`, and waits for its end. It is killed when the
 * work is cancelled, when `read` fails, and when it takes too long.
 * @throws KeysliceError CANCELLED, LIMIT_EXCEEDED, FILE_UNREADABLE when it does not start, and what `read` throws
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
  read: (output: Readable) => Promise<void>,
): Promise<ProgramEnd> {
  throwIfCancelled(signal);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(-MAX_COMPLAINT);
  });
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort();
    child.kill('SIGKILL');
  }, DECODE_LIMIT_MS);
  const stop = (): void => {
    child.kill('SIGKILL');
  };
  signal?.addEventListener('abort', stop, { once: true });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const reading = read(child.stdout).then(
    () => null,
    (thrown: unknown) => {
      stop();
      return { thrown };
    },
  );
  try {
    const code = await ended;
    const outcome = await reading;
    throwIfCancelled(signal);
    if (late.signal.aborted) throw tooLong();
    if (outcome !== null) throw outcome.thrown;
    return { code, complaint: lastLine(complaint) };
  } catch (thrown) {
    throw thrown instanceof KeysliceError ? thrown : notRun(program, thrown);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

const lastLine = (text: string): string => text.trim().replace(/^.*\n/s, '').trim();

function tooLong(): KeysliceError {
  const limit = DECODE_LIMIT_MS / 1000;
  const what = 'The time to decode the video in seconds';
  return new KeysliceError('LIMIT_EXCEEDED', { what, actual: `over ${limit}`, limit });
}

function notRun(program: string, cause: unknown): KeysliceError {
  const reason = `${program} could not be run: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new KeysliceError('FILE_UNREADABLE', { reason }, { cause });
}
