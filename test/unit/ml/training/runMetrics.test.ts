import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { metricsOf } from '../../../../src/ml/training/metrics.ts';
import { addNoise } from '../../../../src/ml/training/noisyVolumes.ts';
import {
  decodePredictions,
  decodeSelection,
  encodeScores,
  encodeSelection,
  readRunMetrics,
} from '../../../../src/ml/training/runMetrics.ts';
import { seededRandom } from '../../../../src/ml/seededRandom.ts';
import { runMetrics } from '../../../fixtures/runMetrics.ts';
import { squareVolumes } from '../../../fixtures/labelledVolumes.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const root = temporaryFolder();

const written = (content: unknown): string => {
  const file = join(root, 'metrics.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
const reading = (content: unknown): Promise<unknown> =>
  readRunMetrics(written(content), 'docs/runs/a/metrics.json');

describe('the metrics of a run', () => {
  it('keep selections of any length', () => {
    const selected = Int32Array.of(0, 3, 4, 9, 12);
    expect(encodeSelection(selected, 13)).toBe('9848');
    expect(decodeSelection('9848')).toEqual([...selected]);
  });

  it.each([2, 3])('keep predictions of %i classes well enough for the same figures', (classes) => {
    const random = seededRandom(1);
    const labels = Uint8Array.from({ length: 50 }, (_, i) => i % classes);
    const probabilities = Float64Array.from(
      [...labels].flatMap((label) => {
        const raw = Array.from({ length: classes }, (_, c) => Math.exp(4 * random() + (c === label ? 1 : 0)));
        const total = raw.reduce((a, b) => a + b, 0);
        return raw.map((value) => value / total);
      }),
    );
    const predictions = { probabilities, labels, classes };
    const split = { ...runMetrics().splits.test, labels: [...labels], scores: encodeScores(predictions) };
    const kept = metricsOf(decodePredictions(split, classes));
    const exact = metricsOf(predictions);
    expect(kept.auc).toBeCloseTo(exact.auc, 3);
    expect(kept.accuracy).toBe(exact.accuracy);
  });

  it('are read as they were written', async () => {
    expect(await reading(runMetrics())).toEqual(runMetrics());
  });

  it.each([
    ['is no JSON', 'not json', 'it is not JSON'],
    ['lacks a key', { ...runMetrics(), seed: undefined }, 'seed'],
    ['holds a key that nobody wrote', { ...runMetrics(), path: '/home/someone' }, 'path'],
    [
      'has fewer labels than series',
      { ...runMetrics(), splits: { test: { ...runMetrics().splits.test, labels: [0] } } },
      '1 labels for 8 series',
    ],
    [
      'has a score too many',
      { ...runMetrics(), splits: { test: { ...runMetrics().splits.test, scores: new Array(9).fill(0) } } },
      '9 scores, 8 are needed',
    ],
    ['was edited by hand', runMetrics({ test: { auc: 0.99 } }), 'AUC does not follow'],
  ])('that %s are refused with the reason and the name of the file', async (_, content, reason) => {
    const error = await reading(content).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'METRICS_INVALID', path: 'docs/runs/a/metrics.json' });
    expect(String(error)).toContain(reason);
  });

  it('that are not there are refused too', async () => {
    await expect(readRunMetrics(join(root, 'none.json'), 'none.json')).rejects.toMatchObject({
      code: 'METRICS_INVALID',
      path: 'none.json',
    });
  });
});

describe('noise on volumes', () => {
  it('has the deviation that was asked for, stays within the bytes and depends on the seed alone', () => {
    const volumes = { ...squareVolumes(4, 1) };
    volumes.voxels.fill(128);
    const noisy = addNoise(volumes, 0.05, 3);
    const differences = Array.from(noisy?.voxels ?? [], (value) => value - 128);
    const deviation = Math.sqrt(differences.reduce((sum, d) => sum + d * d, 0) / differences.length);
    expect(deviation).toBeGreaterThan(0.95 * 0.05 * 255);
    expect(deviation).toBeLessThan(1.05 * 0.05 * 255);
    expect(addNoise(volumes, 0.05, 3)).toEqual(noisy);
    const ends = addNoise({ ...volumes, voxels: Uint8Array.of(0, 255, 0, 255) }, 0.5, 1);
    expect(Math.max(...(ends?.voxels ?? []))).toBeLessThanOrEqual(255);
  });
});
