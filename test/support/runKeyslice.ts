import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/keyslice.js', import.meta.url));

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
  /** The one document on standard output; throws when there is anything else. */
  json: () => Record<string, unknown>;
}

export interface RunOptions {
  env?: Readonly<Record<string, string>>;
  /** Called once the process runs, for signals. */
  onStart?: (child: ChildProcess) => void;
}

/** Runs the built command line in a process of its own, as a person would. */
export function runKeyslice(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], { env: { ...process.env, ...options.env } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      const json = (): Record<string, unknown> => JSON.parse(stdout) as Record<string, unknown>;
      resolve({ code, stdout, stderr, json });
    });
    options.onStart?.(child);
  });
}

/** The code of the error document that a failed command prints. */
export function errorCode(run: Finished): unknown {
  const { error } = run.json();
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
