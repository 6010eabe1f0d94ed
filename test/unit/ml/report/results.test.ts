import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/ml/seededRandom.ts';
import { calibrationError, reliability } from '../../../../src/ml/report/calibration.ts';
import { reportedRuns } from '../../../../src/ml/report/reportedRun.ts';
import { ResampledAuc } from '../../../../src/ml/report/resampledAuc.ts';
import { resultsReport } from '../../../../src/ml/report/resultsReport.ts';
import { seedOverlap } from '../../../../src/ml/report/stability.ts';
import { readResults, writeResults } from '../../../../src/ml/report/writeResults.ts';
import { metricsOf } from '../../../../src/ml/training/metrics.ts';
import type { RunMetrics } from '../../../../src/ml/training/runMetrics.ts';
import { runMetrics } from '../../../fixtures/runMetrics.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const root = temporaryFolder();
const DOCS = fileURLToPath(new URL('../../../../docs', import.meta.url));
const FULL = { sampler: 'full', ratio: 0.5, test: { kept: 8, selected: null } } as const;

/** @param skill how far the two classes lie apart */
function scoresOf(seed: number, skill: number): number[] {
  const random = seededRandom(seed);
  return LABELS.map((label) => Math.round(1000 * (skill * (label - 0.5) + 2 * random() - 1)) / 1000);
}

const LABELS = Array.from({ length: 60 }, (_, i) => i % 2);
const wide = (seed: number, skill: number): Parameters<typeof runMetrics>[0] => ({
  seed,
  test: { n: 60, labels: LABELS, scores: scoresOf(seed + 10, skill), selected: LABELS.map(() => '30') },
});

const RUNS: Record<string, RunMetrics> = {
  'das/0': runMetrics(wide(0, 2)),
  'das/1': runMetrics(wide(1, 2)),
  'das-queries/0': runMetrics({ ...wide(2, 1), protocol: { epochs: 3, base: 'queries' } }),
  'uniform/0': runMetrics({ ...wide(0, 0), sampler: 'uniform' }),
  'variance/0': runMetrics({ ...wide(3, 1), sampler: 'variance' }),
  'full/0': runMetrics({ ...FULL, test: { ...wide(4, 3)?.test, ...FULL.test } }),
};

function writtenRuns(name: string, runs: Record<string, unknown> = RUNS): string {
  const docs = join(root, name);
  for (const [run, metrics] of Object.entries(runs)) {
    const file = join(docs, 'runs', run, 'metrics.json');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof metrics === 'string' ? metrics : JSON.stringify(metrics));
  }
  return docs;
}

const files = (runs: Record<string, RunMetrics>): { path: string; metrics: RunMetrics }[] =>
  Object.entries(runs).map(([path, metrics]) => ({ path, metrics }));

describe('docs/results.md', () => {
  it('is what npm run results writes from the committed metrics, byte for byte', async () => {
    const { page, files: figures } = await readResults(DOCS);
    expect(readFileSync(join(DOCS, 'results.md'), 'utf8')).toBe(page);
    const there = existsSync(join(DOCS, 'results')) ? readdirSync(join(DOCS, 'results')) : [];
    expect(there.toSorted()).toEqual(figures.map(({ name }) => name).toSorted());
    for (const { name, content } of figures)
      expect(readFileSync(join(DOCS, 'results', name), 'utf8')).toBe(content);
  });

  it('does not depend on the order or the place of the runs', async () => {
    const docs = writtenRuns('once');
    await writeResults(docs);
    const first = readFileSync(join(docs, 'results.md'), 'utf8');
    await writeResults(docs);
    expect(readFileSync(join(docs, 'results.md'), 'utf8')).toBe(first);
    const moved = writtenRuns('moved');
    cpSync(join(moved, 'runs', 'das'), join(moved, 'runs', 'z', 'das'), { recursive: true });
    rmSync(join(moved, 'runs', 'das'), { recursive: true });
    await writeResults(moved);
    expect(readFileSync(join(moved, 'results.md'), 'utf8')).toBe(first);
  });

  it('shows mean and deviation over seeds, names what a row does otherwise, and marks what an interval supports', () => {
    const { page } = resultsReport(files(RUNS));
    const figures = [0, 1].map((seed) => RUNS[`das/${seed}`]?.splits.test?.auc ?? NaN);
    const mean = (figures[0]! + figures[1]!) / 2;
    const deviation = Math.abs(figures[0]! - figures[1]!) / Math.SQRT2;
    expect(page).toContain(`| das | 2 | ${mean.toFixed(3)} ± ${deviation.toFixed(3)} |`);
    expect(page).toContain('| das, base queries | 1 |');
    const differences = page.slice(page.indexOf('Differences'), page.indexOf('### Cost'));
    const row = differences.split('\n').find((line) => line.includes('| das |')) ?? '';
    // Skill 2 against none is beyond the interval; the column order is variance, uniform, full.
    expect(row.split(' | ')[3]).toMatch(/^\*\*\+0\.\d{3} \(\+/);
    expect(page).toContain('| 100.0 % | full |');
  });

  it('puts what needs no image beside what looks at them, and no number where nothing was counted', () => {
    const cost = { samplerMultiplyAdds: null, classifierMultiplyAdds: null } as const;
    const blind = wide(6, 0.5);
    const shortcuts = runMetrics({
      ...blind,
      sampler: 'shortcuts',
      protocol: {},
      test: {
        ...blind?.test,
        selected: null,
        cost: { ...cost, featuresMs: 0, sampleMs: 0, classifyMs: 0 },
        engine: { name: 'none', device: 'none', threads: 1 },
      },
    });
    const { page, files: figures } = resultsReport(files({ ...RUNS, 'shortcuts/0': shortcuts }));
    expect(page).toContain('sees nothing of the images');
    const differences = page.slice(page.indexOf('Differences'), page.indexOf('### Cost'));
    expect(differences).toContain('− shortcuts |');
    expect(differences).toContain('| 100.0 % | full |');
    for (const { name, content } of figures)
      if (!name.includes('reliability')) expect(content).not.toContain('shortcuts');
    expect(page).not.toContain('none on none');
  });

  it('says on which devices it was measured', () => {
    expect(resultsReport(files(RUNS)).page).toContain('No graphics processor could be had');
    const gpu = runMetrics({
      ...wide(0, 2),
      test: { ...wide(0, 2)?.test, engine: { name: 'onnxruntime', device: 'cuda', threads: 1 } },
    });
    expect(resultsReport(files({ ...RUNS, 'das/0': gpu })).page).toContain('Devices beside the CPU: cuda.');
  });

  it.each([
    ['is damaged', { ...RUNS, 'broken/0': '{"schema": 1' }, 'docs/runs/broken/0/metrics.json', 'not JSON'],
    [
      'is the same run twice',
      { ...RUNS, 'das/again': RUNS['das/0'] },
      'docs/runs/das/again/metrics.json',
      'same run',
    ],
    [
      'has other test series',
      { ...RUNS, 'random/0': runMetrics({ sampler: 'random' }) },
      'docs/runs/',
      'test series are not those',
    ],
  ])('refuses a file that %s, by name', async (what, runs, path, reason) => {
    const error = await readResults(writtenRuns(what, runs)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'METRICS_INVALID' });
    expect(String(error)).toContain(reason);
    expect(error instanceof Error && 'path' in error ? error.path : '').toContain(path);
  });

  it('misses a metrics file that is gone', async () => {
    const docs = writtenRuns('gone');
    rmSync(join(docs, 'runs', 'variance', '0', 'metrics.json'));
    await expect(readResults(docs)).rejects.toMatchObject({
      code: 'METRICS_INVALID',
      path: 'docs/runs/variance/0',
    });
  });
});

describe('what the report computes', () => {
  it('resampled AUCs are those of the resampled rows', () => {
    const runs = reportedRuns(files({ a: runMetrics(wide(0, 1)), b: runMetrics(wide(1, 0)) }));
    const resampled = new ResampledAuc({ runs });
    const [a, b] = [runs[0], runs[1]];
    if (a === undefined || b === undefined) throw new Error('two runs are needed');
    const [low, high] = resampled.ofMean([a]);
    const { auc } = metricsOf(a.predictions);
    expect(low).toBeLessThan(auc);
    expect(high).toBeGreaterThan(auc);
    // Nearly what evaluate's own bootstrap gives for the same draws.
    expect(resampled.ofDifference([a], [a])).toEqual([0, 0]);
    const [lowest] = resampled.ofDifference([a], [b]);
    expect(lowest).toBeGreaterThan(low - resampled.ofMean([b])[1]);
  });

  it('folds of one run become one, patients of different folds stay apart', () => {
    const fold = (name: string): RunMetrics =>
      runMetrics({ data: { name: `lines.fold-${name}` }, test: { groups: [0, 0, 1, 1, 2, 2, 3, 3] } });
    const [run, ...more] = reportedRuns(files({ b: fold('2'), a: fold('1') }));
    expect(more).toEqual([]);
    expect(run?.data.name).toBe('lines');
    expect(run?.folds).toBe(2);
    expect(new Set(run?.groups).size).toBe(8);
    expect(run?.figures).toMatchObject({ n: 16, auc: 0.8125 });
  });

  it('a classifier that is right as often as it says is calibrated; one that is always sure is not', () => {
    const labels = Uint8Array.from({ length: 100 }, (_, i) => (i < 80 ? 1 : 0));
    const saying = (p: number) => ({
      labels,
      classes: 2,
      probabilities: Float64Array.from(Array.from(labels, () => [1 - p, p]).flat()),
    });
    expect(calibrationError(saying(0.8))).toBeCloseTo(0, 12);
    expect(calibrationError(saying(1))).toBeCloseTo(0.2, 12);
    expect(reliability([saying(0.8)])).toEqual([
      { count: 100, confidence: expect.closeTo(0.8, 12) as number, accuracy: 0.8 },
    ]);
  });

  it('overlap over seeds counts shared frames', () => {
    const select = (seed: number, text: string): RunMetrics =>
      runMetrics({ seed, test: { selected: new Array<string>(8).fill(text) } });
    const runs = reportedRuns(files({ a: select(0, '30'), b: select(1, '18'), c: select(2, '30') }));
    expect(seedOverlap(runs)).toBeCloseTo((0.5 + 0.5 + 1) / 3, 12);
    expect(seedOverlap(runs.slice(0, 1))).toBeNull();
  });
});
