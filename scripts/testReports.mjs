// What the reports of the test runners say was skipped or failed, one line each.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** @typedef {{ skipped: string[], failed: string[] }} Outcome */
/** @typedef {{ status: string, annotations: { type: string, description?: string }[], results: { error?: { message?: string } }[] }} PlaywrightTest */
/** @typedef {{ title: string, specs: { title: string, tests: PlaywrightTest[] }[], suites?: Suite[] }} Suite */

const TERMINAL_COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const MESSAGE_LINES = 4;

/** @param {string} report */
const read = (report) => (existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null);

/**
 * The first lines of a failure on one line, for a log of which only the end may be kept.
 * @param {string} title
 * @param {string | undefined} message
 */
function withMessage(title, message = '') {
  const lines = message.replace(TERMINAL_COLOURS, '').split('\n');
  const told = lines.map((line) => line.trim()).filter((line) => line !== '');
  return [title, ...told.slice(0, MESSAGE_LINES)].join(' | ');
}

/**
 * Vitest's JSON reporter. A file that did not load failed as a whole.
 * @param {string} report
 * @returns {Outcome}
 */
export function vitestOutcome(report) {
  /** @type {{ name: string, status: string, message?: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] }[] }[]} */
  const files = read(report)?.testResults ?? [];
  const tests = files.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({
      ...test,
      title: `${relative(process.cwd(), name)}: ${test.fullName.trim()}`,
    })),
  );
  const unloaded = files.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    skipped: tests
      .filter(({ status }) => status === 'skipped' || status === 'pending' || status === 'todo')
      .map(({ title }) => title),
    failed: [
      ...unloaded.map(({ name, message }) => withMessage(relative(process.cwd(), name), message)),
      ...tests
        .filter(({ status }) => status === 'failed')
        .map(({ title, failureMessages }) => withMessage(title, failureMessages?.[0])),
    ],
  };
}

/**
 * Playwright's JSON reporter.
 * @param {string} report
 * @returns {Outcome}
 */
export function playwrightOutcome(report) {
  /** @param {Suite} suite @returns {(PlaywrightTest & { title: string })[]} */
  const testsOf = (suite) => [
    ...suite.specs.flatMap(({ title, tests }) => tests.map((test) => ({ ...test, title }))),
    ...(suite.suites ?? []).flatMap(testsOf),
  ];
  /** @type {Suite[]} */
  const suites = read(report)?.suites ?? [];
  const tests = suites.flatMap(testsOf);
  return {
    skipped: tests
      .filter(({ status }) => status === 'skipped')
      .map(({ title, annotations }) => {
        const reason = annotations.find(({ type }) => type === 'skip')?.description;
        return reason === undefined ? title : `${title}: ${reason}`;
      }),
    failed: tests
      .filter(({ status }) => status === 'unexpected')
      .map(({ title, results }) => withMessage(title, results.find(({ error }) => error)?.error?.message)),
  };
}
