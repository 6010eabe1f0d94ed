// Every check there is, in order, then what failed or was skipped and why; `.ci/run` calls this through `npm test`.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasDisplay } from './electronFlags.mjs';
import { installedElectron } from './setup/electronRuntime.mjs';
import { ensureJudges } from './setup/judges.mjs';
import { playwrightOutcome, vitestOutcome } from './testReports.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = join(root, 'test-results');
mkdirSync(reports, { recursive: true });

const bin = (/** @type {string} */ path) => [process.execPath, join(root, 'node_modules', path)];

/** @param {string} project */
const vitest = (project) => {
  const report = join(reports, `${project}.json`);
  const command = [...bin('vitest/vitest.mjs'), 'run', '--project', project, '--reporter=default'];
  return {
    name: project,
    command: [...command, '--reporter=json', `--outputFile.json=${report}`],
    outcome: () => vitestOutcome(report),
  };
};

const e2eReport = join(reports, 'e2e.json');
/** @returns {import('./testReports.mjs').Outcome} */
const noReport = () => ({ skipped: [], failed: [] });
const virtualDisplay = hasDisplay() ? [] : ['xvfb-run', '-a', '-s', '-screen 0 1600x1000x24'];

const STEPS = [
  { name: 'lint', command: [...bin('eslint/bin/eslint.js'), '.'], outcome: noReport },
  { name: 'format', command: [...bin('prettier/bin/prettier.cjs'), '--check', '.'], outcome: noReport },
  { name: 'types', command: [...bin('typescript/bin/tsc'), '--noEmit'], outcome: noReport },
  {
    name: 'svelte-check',
    command: [...bin('svelte-check/bin/svelte-check'), '--tsconfig', './tsconfig.json', '--fail-on-warnings'],
    outcome: noReport,
  },
  vitest('unit'),
  vitest('integration'),
  vitest('realdata'),
  {
    name: 'e2e',
    command: [...virtualDisplay, ...bin('@playwright/test/cli.js'), 'test'],
    outcome: () => playwrightOutcome(e2eReport),
  },
];

/** @param {readonly string[]} command */
function run(command) {
  const [program = '', ...args] = command;
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error !== undefined) console.error(`${program}: ${error.message}`);
  return status === 0;
}

ensureJudges(root, (line) => {
  console.log(`judges: ${line}`);
});

const summary = STEPS.map(({ name, command, outcome }) => {
  console.log(`\n== ${name}`);
  if (name === 'e2e' && installedElectron(root) === '') {
    return {
      name,
      passed: true,
      failed: [],
      skipped: ['all of it: there is no Electron for this machine (see setup above)'],
    };
  }
  const start = Date.now();
  const passed = run(command);
  console.log(`== ${name}: ${passed ? 'passed' : 'FAILED'} in ${((Date.now() - start) / 1000).toFixed(0)} s`);
  return { name, passed, ...outcome() };
});

console.log('\n== Summary');
for (const { name, passed, failed, skipped } of summary) {
  const note = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
  console.log(`${passed ? 'passed' : 'FAILED'}  ${name}${note}`);
  for (const line of failed) console.log(`          failed: ${line}`);
  for (const line of skipped) console.log(`          skipped: ${line}`);
}
if (summary.some(({ passed }) => !passed)) process.exitCode = 1;
