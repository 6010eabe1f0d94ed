import { describe, expect, it } from 'vitest';
import { generalSection } from '../../../../src/ml/report/generalSection.ts';
import { resultsReport } from '../../../../src/ml/report/resultsReport.ts';
import {
  type GainMetrics,
  type MeasuredPlace,
  parseGainMetrics,
} from '../../../../src/ml/training/general/gainMetrics.ts';

/** A series whose optimum is `optimal` at every share, uniform twice that, and the proposal in between by `gain`. */
function place(name: string, optimal: number, gain: number, trained = false): MeasuredPlace {
  const error = (share: number): number => 2 * optimal - share * optimal;
  const errors = {
    result: optimal,
    descent: error(0.9),
    proposal: error(gain),
    uniform: 2 * optimal,
    optimal,
    rule: error(0.2),
    farthest: error(-1),
    random: error(-2),
  };
  return { place: name, frames: 40, trained, ratios: [{ ratio: 0.25, k: 10, errors }] };
}

const METRICS: GainMetrics = {
  schema: 1,
  kind: 'rebuild',
  package: {
    id: 'general',
    version: '1.1.0',
    sampler: 'a'.repeat(64),
    commit: '0123456',
    split: 'by source',
  },
  short: 4,
  series: [
    place('ct/a', 0.1, 0.5),
    place('ct/b.nii', 0.2, 0.1),
    place('ct/turned', 0.3, 0.9),
    place('ct/a-again', 0.1, 0.5),
    place('mr/known', 0.3, 1, true),
  ],
  leaveOneSourceOut: [
    { source: 's', name: 'mr/known', frames: 40, ratio: 0.25, gain: 0.8, proposalGain: 0.4 },
  ],
  leaveOneSourceOutRule: [{ ratio: 0.25, median: 0.2 }],
};

describe('the section of the general sampler', () => {
  const page = generalSection(METRICS);
  const part = (from: string, to: string): string => page.slice(page.indexOf(from), page.indexOf(to));

  it('summarises the series that it was not trained on, and names the others', () => {
    const table = part('### Series that it', '### The same');
    expect(table).toContain('4 series with at least 12 frames; 4 shorter ones');
    // Gains 0.1, 0.5, 0.5, 0.9.
    expect(table).toContain('| 25.0 % | proposal | 4 | 0.50 | 0.22 | 0.10 | 100.0 % |');
    expect(table).toContain('| 25.0 % | random | 4 | -2.00 | -2.00 | -2.00 | 0.0 % |');
    expect(page).toContain('trained on them: `mr/known`.');
    expect(part('### Every series', 'nothing')).not.toContain('mr/known');
  });

  it('counts the same pictures once, and not at all where it was trained on them', () => {
    expect(part('### The same', '### Training')).toContain('| 25.0 % | proposal | 2 | 0.30 |');
  });

  it('shows what the card says of the training series', () => {
    expect(part('### Training', '### Every')).toContain('| 25.0 % | 1 | 0.40 | 0.40 | 0.20 | 0.80 | 0.80 |');
  });

  it('stands at the end of the page', () => {
    expect(resultsReport([], [METRICS]).page.endsWith(`${page}\n`)).toBe(true);
  });
});

describe('the metrics of the general sampler', () => {
  it('are refused where they cannot be true', () => {
    expect(parseGainMetrics(structuredClone(METRICS), 'm')).toStrictEqual(METRICS);
    const [first] = METRICS.series;
    if (first === undefined) throw new Error('there is a series');
    const worse = first.ratios.map((row) => ({ ...row, errors: { ...row.errors, result: 1 } }));
    const broken = { ...METRICS, series: [{ ...first, ratios: worse }] };
    expect(() => parseGainMetrics(broken, 'docs/runs/general/metrics.json')).toThrow(/ct\/a/);
    expect(() => parseGainMetrics({ ...METRICS, extra: 1 }, 'm')).toThrow();
  });
});
