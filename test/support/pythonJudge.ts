import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PYTHON = '/usr/bin/python3';

/** True when Debian's Python has the module; prints why the judge is left out otherwise. */
export function pythonHas(module: string): boolean {
  const { status } = spawnSync(PYTHON, ['-c', `import ${module}`]);
  if (status === 0) return true;
  console.log(`skipped: ${PYTHON} has no ${module}`);
  return false;
}

/** Runs a script of test/judges with JSON on its standard input. @returns the JSON that it prints */
export function askJudge(script: string, question: unknown): unknown {
  const file = fileURLToPath(new URL(`../judges/${script}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(PYTHON, [file], {
    input: JSON.stringify(question),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${script}: ${stderr}`);
  return JSON.parse(stdout);
}
