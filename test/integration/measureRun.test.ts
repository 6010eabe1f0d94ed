import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../../src/ml/engines/onnxRuntime.ts';
import { evaluateRun } from '../../src/ml/training/evaluate.ts';
import { type MeasureTask, measureRun, metricsBefore } from '../../src/ml/training/measureRun.ts';
import { protocolWith } from '../../src/ml/training/protocol.ts';
import { decodeSelection, readRunMetrics, type RunMetrics } from '../../src/ml/training/runMetrics.ts';
import { trainRun } from '../../src/ml/training/trainRun.ts';
import { FRAMES, SIZE, squareData } from '../fixtures/labelledVolumes.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const root = temporaryFolder();
const run = join(root, 'das');
const data = squareData();
let engine: Engine;

const measure = (task: Partial<MeasureTask> = {}): Promise<RunMetrics> =>
  measureRun(run, { data, engine, split: 'test', kernel: null, before: null, ...task });

beforeAll(async () => {
  engine = await onnxRuntimeEngine('cpu', 1);
  const protocol = protocolWith('das', { epochs: 2, batch: 4, heads: 2 });
  await trainRun({
    folder: run,
    data,
    sampler: 'das',
    ratio: 0.25,
    seed: 1,
    protocol,
    engine,
    resume: false,
    commit: '0123456',
  });
});

describe('the metrics of a run', () => {
  it('have the figures of its evaluation, what it kept, and what it cost', async () => {
    const { metrics } = await evaluateRun(run, { data, split: 'test', engine });
    const measured = await measure();
    const { test } = measured.splits;
    expect(test).toMatchObject({
      n: metrics.n,
      auc: expect.closeTo(metrics.auc, 6) as number,
      accuracy: metrics.accuracy,
      kept: 2,
      frames: FRAMES,
    });
    for (const text of test?.selected ?? []) expect(decodeSelection(text)).toHaveLength(2);
    // Three of eight frames hold something.
    expect(test?.emptyFrames.all).toBe(5 / 8);
    expect(test?.noise?.overlap).toBeGreaterThan(0);
    // At least the stem: 3 × 3 × 16 at half the size, on two frames.
    expect(test?.cost.classifierMultiplyAdds).toBeGreaterThan(2 * 9 * 16 * (SIZE / 2) ** 2);
    expect(test?.cost.samplerMultiplyAdds).toBeGreaterThan(0);
  });

  it('are the same figures when they are measured again', async () => {
    const [a, b] = [await measure(), await measure()];
    const figures = ({ splits: { test } }: RunMetrics) => ({ ...test, cost: null });
    expect(figures(a)).toEqual(figures(b));
  });

  it('keep the other split of the same weights, and nothing of other weights', async () => {
    const file = join(root, 'metrics.json');
    expect(await metricsBefore(file)).toBeNull();
    const first = await measure({ split: 'val' });
    writeFileSync(file, JSON.stringify(first));
    const both = await measure({ before: await metricsBefore(file) });
    expect(both.splits.val).toEqual(first.splits.val);
    expect(both.splits.test?.n).toBe(10);
    writeFileSync(file, JSON.stringify(both));
    expect(await readRunMetrics(file, file)).toEqual(both);
    const stale = { ...first, weights: '0'.repeat(64) };
    expect((await measure({ before: stale })).splits.val).toBeUndefined();
  });

  it('are not measured on other data, nor of a run that has not ended an epoch', async () => {
    await expect(measure({ data: { ...data, md5: 'f'.repeat(32) } })).rejects.toMatchObject({
      code: 'RUN_INVALID',
    });
    const fresh = join(root, 'fresh');
    mkdirSync(fresh);
    copyFileSync(join(run, 'config.json'), join(fresh, 'config.json'));
    writeFileSync(join(fresh, 'log.jsonl'), '');
    const task = { data, engine, split: 'test', kernel: null, before: null } as const;
    await expect(measureRun(fresh, task)).rejects.toMatchObject({ code: 'RUN_INVALID' });
  });
});
