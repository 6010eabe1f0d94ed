import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Installation } from './installation.ts';

const run = promisify(execFile);
const UNKNOWN = '0000000';

/** The commit that a checkout is at, for the record of a training run; zeros where it is none. */
export async function programCommit({ root }: Pick<Installation, 'root'>): Promise<string> {
  try {
    const { stdout } = await run('git', ['rev-parse', 'HEAD'], { cwd: root });
    return stdout.trim();
  } catch (error) {
    // No git, or no checkout: an installed program does not know its commit.
    if (error instanceof Error && 'code' in error) return UNKNOWN;
    throw error;
  }
}
