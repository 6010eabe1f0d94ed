// What the reports of the test runners say was skipped, one line each.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** @typedef {{ title: string, specs: { title: string, tests: { status: string, annotations: { type: string, description?: string }[] }[] }[], suites?: Suite[] }} Suite */

/** @param {string} report */
const read = (report) => (existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null);

/**
 * Vitest's JSON reporter.
 * @param {string} report
 * @returns {string[]}
 */
export function vitestSkips(report) {
  /** @type {{ name: string, assertionResults: { status: string, fullName: string }[] }[]} */
  const files = read(report)?.testResults ?? [];
  return files.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'skipped' || status === 'pending' || status === 'todo')
      .map(({ fullName }) => `${relative(process.cwd(), name)}: ${fullName.trim()}`),
  );
}

/**
 * Playwright's JSON reporter.
 * @param {string} report
 * @returns {string[]}
 */
export function playwrightSkips(report) {
  /** @param {Suite} suite @returns {string[]} */
  const of = (suite) => [
    ...suite.specs.flatMap(({ title, tests }) =>
      tests
        .filter(({ status }) => status === 'skipped')
        .map(({ annotations }) => {
          const reason = annotations.find(({ type }) => type === 'skip')?.description;
          return reason === undefined ? title : `${title}: ${reason}`;
        }),
    ),
    ...(suite.suites ?? []).flatMap(of),
  ];
  /** @type {Suite[]} */
  const suites = read(report)?.suites ?? [];
  return suites.flatMap(of);
}
