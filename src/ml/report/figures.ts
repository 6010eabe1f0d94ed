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

/** A curve per sampler over the shares of frames that were tried, with the intervals as whiskers. */
export function costFigure({ name, arms }: DataReport, resampled: ResampledAuc): string {
  const labels = [...new Set(arms.map(({ label }) => label))];
  const series = labels.map((label): PlotSeries => {
    const own = arms.filter((arm) => arm.label === label).toSorted((a, b) => a.ratio - b.ratio);
    const points = own.flatMap((arm) => {
      const x = workOf(arm);
      const y = meanOf(arm.runs.map(({ figures }) => figures.auc));
      const [low, high] = resampled.ofMean(arm.runs);
      return x === null || x <= 0 || Number.isNaN(y + low + high) ? [] : [{ x, y, low, high }];
    });
    return { label, points };
  });
  return plotSvg({
    title: `${name}: test AUC against cost`,
    xLabel: 'million multiply-adds per series (logarithmic)',
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
