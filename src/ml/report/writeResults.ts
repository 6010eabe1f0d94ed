import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { KeysliceError } from '../../contract/errors.ts';
import { METRICS_FILE } from '../training/measureRun.ts';
import { type GainMetrics, isGainMetrics, parseGainMetrics } from '../training/general/gainMetrics.ts';
import { parseRunMetrics, readMetricsJson } from '../training/runMetrics.ts';
import { type MetricsFile, compare } from './reportedRun.ts';
import { type ResultsReport, resultsReport } from './resultsReport.ts';

/** The report of every run below `docs/runs`. @throws KeysliceError METRICS_INVALID, naming the file */
export async function readResults(docs: string): Promise<ResultsReport> {
  const folder = join(docs, 'runs');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new KeysliceError(
      'METRICS_INVALID',
      { reason: 'there is no such folder' },
      { path: 'docs/runs', cause },
    );
  });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name === METRICS_FILE)
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted(compare);
  requireMetrics(entries, folder);
  const files: MetricsFile[] = [];
  const gains: GainMetrics[] = [];
  for (const path of paths) {
    const shown = ['docs', ...relative(docs, path).split(sep)].join('/');
    const json = await readMetricsJson(path, shown);
    if (isGainMetrics(json)) gains.push(parseGainMetrics(json, shown));
    else files.push({ path: shown, metrics: parseRunMetrics(json, shown) });
  }
  return resultsReport(files, gains);
}

/** Every innermost folder below docs/runs holds a metrics file: one that was lost would be missed by nobody else. */
function requireMetrics(
  entries: readonly { readonly name: string; readonly parentPath: string; isDirectory: () => boolean }[],
  root: string,
): void {
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name));
  const hasInside = (folder: string): boolean =>
    entries.some(
      (entry) => entry.parentPath === folder && (entry.isDirectory() || entry.name === METRICS_FILE),
    );
  const empty = folders.toSorted(compare).find((folder) => !hasInside(folder));
  if (empty === undefined) return;
  const path = ['docs', 'runs', ...relative(root, empty).split(sep)].join('/');
  throw new KeysliceError('METRICS_INVALID', { reason: `there is no ${METRICS_FILE}` }, { path });
}

/** Writes `results.md` and the figures in `results/`; figures of earlier reports go. @throws KeysliceError */
export async function writeResults(docs: string): Promise<void> {
  const { page, files } = await readResults(docs);
  const figures = join(docs, 'results');
  await rm(figures, { recursive: true, force: true });
  if (files.length > 0) await mkdir(figures, { recursive: true });
  for (const { name, content } of files) await writeFile(join(figures, name), content);
  await writeFile(join(docs, 'results.md'), page);
}
