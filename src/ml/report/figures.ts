import type { Arm, DataReport } from './arms.ts';
import { reliability } from './calibration.ts';
import { type PlotSeries, plotSvg } from './plot.ts';
import type { ResampledAuc } from './resampledAuc.ts';
import { meanOf } from './tables.ts';

const workOf = ({ runs }: Arm): number | null => {
  const costs = runs.map(({ test: { cost } }) =>
    cost.samplerMultiplyAdds === null || cost.classifierMultiplyAdds === null
      ? null
      : cost.samplerMultiplyAdds + cost.classifierMultiplyAdds,
  );
  const known = costs.filter((cost) => cost !== null);
  return known.length === costs.length ? meanOf(known) / 1e6 : null;
};

/** Samplers that look at no frame do not pay for the feature pass. */
const BLIND: ReadonlySet<string> = new Set(['full', 'average', 'uniform', 'random', 'dps', 'shortcuts']);

export function readsFrames({ sampler }: Arm): boolean {
  return !BLIND.has(sampler);
}

/** Milliseconds of a series, from decoded frames to probabilities. */
const timeOf = (arm: Arm): number =>
  meanOf(
    arm.runs.map(
      ({ test: { cost } }) => (readsFrames(arm) ? cost.featuresMs : 0) + cost.sampleMs + cost.classifyMs,
    ),
  );

/** AUC against multiply-adds: a curve per sampler over the shares of frames, with the intervals as whiskers. */
export function costFigure(report: DataReport, resampled: ResampledAuc): string {
  return curves(report, resampled, {
    title: 'test AUC against multiply-adds',
    xLabel: 'million multiply-adds per series (logarithmic)',
    costOf: workOf,
  });
}

/** The same against measured time. */
export function timeFigure(report: DataReport, resampled: ResampledAuc): string {
  return curves(report, resampled, {
    title: 'test AUC against time',
    xLabel: 'milliseconds per series, features included (logarithmic)',
    costOf: timeOf,
  });
}

function curves(
  { name, arms }: DataReport,
  resampled: ResampledAuc,
  { title, xLabel, costOf }: { title: string; xLabel: string; costOf: (arm: Arm) => number | null },
): string {
  const labels = [...new Set(arms.map(({ label }) => label))];
  const series = labels.map((label): PlotSeries => {
    const own = arms.filter((arm) => arm.label === label).toSorted((a, b) => a.ratio - b.ratio);
    const points = own.flatMap((arm) => {
      const x = costOf(arm);
      const y = meanOf(arm.runs.map(({ figures }) => figures.auc));
      const [low, high] = resampled.ofMean(arm.runs);
      return x === null || x <= 0 || Number.isNaN(y + low + high) ? [] : [{ x, y, low, high }];
    });
    return { label, points };
  });
  return plotSvg({
    title: `${name}: ${title}`,
    xLabel,
    yLabel: 'test AUC',
    xScale: 'log',
    series: series.filter(({ points }) => points.length > 0),
  });
}

/** The plain arms at the smallest share of frames, and the full sequence. */
export function reliabilityFigure({ name, arms }: DataReport): string {
  const smallest = Math.min(...arms.map(({ ratio }) => ratio));
  const shown = arms.filter(
    ({ plain, ratio, sampler }) => plain && (ratio === smallest || sampler === 'full'),
  );
  return plotSvg({
    title: `${name}: reliability`,
    xLabel: 'probability of the likeliest class',
    yLabel: 'share of right answers',
    xScale: 'linear',
    xRange: [0, 1],
    yRange: [0, 1],
    diagonal: true,
    series: shown.map((arm) => ({
      label: arm.label,
      points: reliability(arm.runs.map(({ predictions }) => predictions)).map((bin) => ({
        x: bin.confidence,
        y: bin.accuracy,
      })),
    })),
  });
}
