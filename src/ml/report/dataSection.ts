import type { Arm, DataReport } from './arms.ts';
import { calibrationError } from './calibration.ts';
import { costFigure, readsFrames, reliabilityFigure, timeFigure } from './figures.ts';
import { PUBLISHED, PUBLISHED_NOTE } from './publishedFigures.ts';
import { ResampledAuc, ROUNDS } from './resampledAuc.ts';
import { seedOverlap } from './stability.ts';
import { meanOf, number, overSeeds, percent, range, table } from './tables.ts';

/** A figure beside the page: its file name and its text. */
export interface ReportFile {
  readonly name: string;
  readonly content: string;
}

const PEERS = ['variance', 'uniform', 'dps', 'adps', 'full', 'shortcuts'] as const;
/** Compared whatever share the other keeps. */
const ANY_RATIO: ReadonlySet<string> = new Set(['full', 'shortcuts']);

const SHORTCUTS_NOTE =
  '`shortcuts` sees nothing of the images but how many frames there are and how bright they are (mean, and deviation ' +
  'over the frames): a logistic regression. A network that is not above it has not shown that it looks at the images.';

/** One data set: every table and figure. */
export function dataSection(report: DataReport): { text: string; files: ReportFile[] } {
  const resampled = new ResampledAuc(report);
  const slug = report.name.replaceAll(/[^A-Za-z0-9]+/g, '-');
  const cost = { name: `${slug}-cost.svg`, content: costFigure(report, resampled) };
  const time = { name: `${slug}-time.svg`, content: timeFigure(report, resampled) };
  const reliability = { name: `${slug}-reliability.svg`, content: reliabilityFigure(report) };
  const text = [
    `## ${report.name}`,
    description(report),
    '### Test figures',
    testTable(report, resampled),
    '### Differences of AUC, paired',
    `Mean over seeds of the row minus that of the column's sampler, on the same ${ROUNDS} resamples of the test ` +
      'series; of samplers that started from the same weights, where there are such. **Bold**: the 95 % interval leaves ' +
      '0 out.',
    differenceTable(report, resampled),
    '### Cost against accuracy',
    costTable(report),
    `![AUC against multiply-adds](results/${cost.name})`,
    `![AUC against time](results/${time.name})`,
    '### Calibration',
    calibrationTable(report),
    `![Reliability](results/${reliability.name})`,
    '### Stability of the selection',
    stabilityTable(report),
    ...publishedSection(report),
  ].join('\n\n');
  return { text, files: [cost, time, reliability] };
}

function description({ runs, protocol, own }: DataReport): string {
  const [first] = runs;
  if (first === undefined) return '';
  const { classes, frames, rows, columns, md5 } = first.data;
  const labels = [...first.predictions.labels];
  const counts = classes.map((name, c) => `${labels.filter((label) => label === c).length} ${name}`);
  const folds = first.folds > 1 ? ` The test series of ${first.folds} folds are put together.` : '';
  const groups = first.groups === null ? '' : ` Resampled by patient (${new Set(first.groups).size}).`;
  const machines = unique(
    runs
      .filter(({ sampler }) => sampler !== 'shortcuts')
      .map(({ test }) => `${test.engine.name} on ${test.engine.device}, ${test.processor}`),
  );
  const settings = Object.entries(protocol).map(([key, value]) => `${key} ${String(value)}`);
  return [
    `${frames} frames of ${rows} × ${columns}; test: ${labels.length} series (${counts.join(', ')}).${folds}${groups}`,
    `MD5 ${md5}. ${runs.length} run${runs.length === 1 ? '' : 's'}, trained at ${unique(runs.map(({ commit }) => commit.slice(0, 7))).join(', ')}.`,
    `Measured with ${machines.join('; ')}.`,
    `Settings of most runs: ${settings.join(', ')}.`,
    ...own.map((one) => `Most of ${one.sampler}: ${one.settings.join(', ')}.`),
    'What a row does otherwise stands in its name.',
    ...(runs.some(({ sampler }) => sampler === 'shortcuts') ? [SHORTCUTS_NOTE] : []),
  ].join('\n');
}

function testTable({ arms }: DataReport, resampled: ResampledAuc): string {
  const head = [
    'frames kept',
    'sampler',
    'seeds',
    'AUC',
    '95 % of mean AUC',
    'accuracy',
    'balanced accuracy',
    'empty among kept',
    'validation loss',
  ];
  return table(
    head,
    arms.map((arm) => [
      percent(arm.ratio),
      arm.label,
      String(arm.runs.length),
      overSeeds(arm, ({ figures }) => figures.auc),
      range(resampled.ofMean(arm.runs)),
      overSeeds(arm, ({ figures }) => figures.accuracy),
      overSeeds(arm, ({ figures }) => figures.balancedAccuracy),
      percent(meanOf(arm.runs.map(({ test }) => test.emptyFrames.kept))),
      overSeeds(arm, ({ valLoss }) => valLoss),
    ]),
  );
}

function differenceTable({ arms }: DataReport, resampled: ResampledAuc): string {
  const peerOf = (arm: Arm, peer: string): Arm | undefined => {
    const those = arms.filter(
      (other) => other.sampler === peer && (ANY_RATIO.has(peer) || other.ratio === arm.ratio),
    );
    const alike = arm.start === null ? undefined : those.find(({ start }) => start === arm.start);
    return alike ?? those.find(({ plain }) => plain);
  };
  const cell = (arm: Arm, peer: string): string => {
    const other = peerOf(arm, peer);
    if (other === undefined || other === arm) return number(null);
    const difference =
      meanOf(arm.runs.map(({ figures }) => figures.auc)) -
      meanOf(other.runs.map(({ figures }) => figures.auc));
    const interval = resampled.ofDifference(arm.runs, other.runs);
    const text = `${signed(difference)} (${signed(interval[0])} to ${signed(interval[1])})`;
    return interval[0] > 0 || interval[1] < 0 ? `**${text}**` : text;
  };
  const peers = PEERS.filter((peer) => arms.some(({ plain, sampler }) => plain && sampler === peer));
  return table(
    ['frames kept', 'sampler', ...peers.map((peer) => `− ${peer}`)],
    arms
      .filter(({ sampler }) => sampler !== 'full' || peers.includes('shortcuts'))
      .map((arm) => [percent(arm.ratio), arm.label, ...peers.map((peer) => cell(arm, peer))]),
  );
}

function signed(value: number): string {
  if (Number.isNaN(value)) return number(null);
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}

function costTable({ arms }: DataReport): string {
  const head = [
    'frames kept',
    'sampler',
    'frames',
    'sampler Mmadds',
    'classifier Mmadds',
    'features ms',
    'choice ms',
    'classifier ms',
    'AUC',
  ];
  const mega = (value: number | null): number | null => (value === null ? null : value / 1e6);
  const rows = arms.map((arm) => {
    const blind = !readsFrames(arm);
    const mean = (value: (cost: Arm['runs'][number]['test']['cost']) => number): number =>
      meanOf(arm.runs.map(({ test }) => value(test.cost)));
    const work = (key: 'samplerMultiplyAdds' | 'classifierMultiplyAdds'): number | null =>
      arm.runs.every(({ test }) => test.cost[key] !== null) ? mean((cost) => cost[key] ?? 0) : null;
    return [
      percent(arm.ratio),
      arm.label,
      number(meanOf(arm.runs.map(({ test }) => test.kept)), 1),
      number(mega(work('samplerMultiplyAdds'))),
      number(mega(work('classifierMultiplyAdds')), 1),
      blind
        ? number(null)
        : number(
            mean((cost) => cost.featuresMs),
            2,
          ),
      number(
        mean((cost) => cost.sampleMs),
        2,
      ),
      number(
        mean((cost) => cost.classifyMs),
        2,
      ),
      overSeeds(arm, ({ figures }) => figures.auc),
    ];
  });
  return [
    'Per series; millions of multiply-adds of convolutions and matrix products. The feature pass is integer sums over',
    'the pixels, which is why it is given in time alone; samplers that look at no frame do without it.',
    '',
    table(head, rows),
  ].join('\n');
}

function calibrationTable({ arms }: DataReport): string {
  return table(
    ['frames kept', 'sampler', 'expected calibration error', 'log loss'],
    arms.map((arm) => [
      percent(arm.ratio),
      arm.label,
      overSeeds(arm, ({ predictions }) => calibrationError(predictions)),
      overSeeds(arm, ({ figures }) => figures.logLoss),
    ]),
  );
}

function stabilityTable({ arms }: DataReport): string {
  const chosen = arms.filter(({ sampler }) => sampler !== 'full' && sampler !== 'shortcuts');
  const deviations = unique(
    chosen.flatMap(({ runs }) =>
      runs.flatMap(({ test }) => (test.noise === null ? [] : [percent(test.noise.deviation)])),
    ),
  );
  const rows = chosen.map((arm) => {
    const noise = (key: 'overlap' | 'sameClass'): number | null =>
      arm.runs.every(({ test }) => test.noise !== null)
        ? meanOf(arm.runs.map(({ test }) => test.noise?.[key] ?? 0))
        : null;
    return [
      percent(arm.ratio),
      arm.label,
      percent(seedOverlap(arm.runs)),
      percent(noise('overlap')),
      percent(noise('sameClass')),
    ];
  });
  return [
    'Share of the kept frames that another seed keeps too (by chance: the share that is kept), and that are kept again',
    `when Gaussian noise of ${deviations.join(', ') || 'some share'} of the range is added to the pixels.`,
    '',
    table(['frames kept', 'sampler', 'over seeds', 'under noise', 'same class under noise'], rows),
  ].join('\n');
}

function publishedSection({ name, arms }: DataReport): string[] {
  const tables = PUBLISHED.flatMap(({ source, reservation, figures }) =>
    (figures[name] ?? []).map((one) => [
      one.method,
      number(one.auc),
      number(one.accuracy),
      `**no**: ${reservation}`,
      source,
    ]),
  );
  if (!name.startsWith('medmnist:')) return [];
  const own = arms
    .filter(({ plain }) => plain)
    .map((arm) => [
      `${arm.label}, ${percent(arm.ratio)}`,
      overSeeds(arm, ({ figures }) => figures.auc),
      overSeeds(arm, ({ figures }) => figures.accuracy),
      'yes, among each other',
      'this program',
    ]);
  return [
    '### Beside published figures',
    'Rows marked **no** cannot be compared with ours, nor with each other across sources.',
    table(['method', 'AUC', 'accuracy', 'comparable', 'source'], [...own, ...tables]),
    PUBLISHED_NOTE,
  ];
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
