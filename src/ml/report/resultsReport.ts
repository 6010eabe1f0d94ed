import { dataReports } from './arms.ts';
import type { GainMetrics } from '../training/general/gainMetrics.ts';
import { type ReportFile, dataSection } from './dataSection.ts';
import { generalSection } from './generalSection.ts';
import { compare, type MetricsFile, reportedRuns } from './reportedRun.ts';

export interface ResultsReport {
  readonly page: string;
  /** Figures for the folder `results` beside the page. */
  readonly files: readonly ReportFile[];
}

const HEAD = [
  '# Results',
  '',
  'Written by `npm run results` from the `metrics.json` files below `docs/runs`, which `keyslice evaluate` writes. No',
  'number on this page is typed by hand.',
  '',
  'AUC, accuracy and balanced accuracy are those of the test split, from the checkpoint with the smallest validation',
  'loss; ± is the standard deviation over seeds. Intervals are 95 % percentile bootstraps over the test series (over',
  'patients where these are known) of the mean over seeds; they do not contain what another training set would change.',
  'A row is to be called better than another only where the interval of their difference leaves 0 out. Many rows are',
  'compared, without a correction.',
].join('\n');

/** Which devices the figures are from; that there was no graphics processor is said, not left to be noticed. */
function hardwareNote(files: readonly MetricsFile[]): string {
  const devices = new Set(
    files.flatMap(({ metrics: { splits } }) =>
      splits.test === undefined ? [] : [splits.test.engine.device],
    ),
  );
  devices.delete('none');
  const others = [...devices].filter((device) => device !== 'cpu').toSorted(compare);
  return others.length === 0
    ? 'No graphics processor could be had: nothing here was trained or measured on one, neither by WebGPU nor by CUDA.'
    : `Devices beside the CPU: ${others.join(', ')}.`;
}

/**
 * docs/results.md and its figures; a function of the metrics alone.
 * @param gains of packages that rebuild, each a section of its own at the end
 * @throws KeysliceError METRICS_INVALID
 */
export function resultsReport(
  files: readonly MetricsFile[],
  gains: readonly GainMetrics[] = [],
): ResultsReport {
  const reports = dataReports(reportedRuns(files));
  const sections = reports.map(dataSection);
  const texts = [...sections.map(({ text }) => text), ...gains.map(generalSection)];
  const body = texts.length === 0 ? ['No run has been evaluated yet.'] : [hardwareNote(files), ...texts];
  return {
    page: `${[HEAD, ...body].join('\n\n')}\n`,
    files: sections.flatMap((section) => section.files),
  };
}
