import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseGainMetrics } from '../../../src/ml/training/general/gainMetrics.ts';
import { writeCtSeries } from '../../fixtures/ctSlice.ts';
import { runKeyslice } from '../../support/runKeyslice.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');

interface Row {
  place: string;
  ratio: number;
  k: number;
  frames: number;
  error: number;
  uniform: number;
  optimal: number;
  trained: boolean;
  errors: Record<string, number>;
}

async function rowsOf(...args: string[]): Promise<Row[]> {
  const run = await runKeyslice([
    ...['evaluate', '--model', 'general', '--data', data, '--json', '--quiet'],
    ...args,
  ]);
  expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
  return run.json()['series'] as Row[];
}

beforeAll(() => {
  writeCtSeries(join(data, 'long'), 16, { rows: 40, columns: 48 });
  writeCtSeries(join(data, 'short'), 5, { rows: 40, columns: 48, seriesUid: '1.2.3.4.5.6' });
});

describe('keyslice evaluate --model general', () => {
  it('measures every series at 12.5, 25 and 50 %, and writes metrics of the long ones', async () => {
    const out = join(folder, 'metrics.json');
    const rows = await rowsOf('--out', out);
    const long = rows.filter(({ place }) => place === 'long');
    expect(long.map(({ ratio, k }) => [ratio, k])).toEqual([
      [0.125, 2],
      [0.25, 4],
      [0.5, 8],
    ]);
    expect(rows.filter(({ place }) => place === 'short').map(({ k }) => k)).toEqual([1, 1, 3]);
    for (const { error, uniform, optimal, errors, trained } of rows) {
      expect(error).toBeLessThanOrEqual(uniform);
      expect(Object.keys(errors)).toEqual(['descent', 'proposal', 'rule', 'farthest', 'random']);
      for (const other of Object.values(errors)) expect(other).toBeGreaterThanOrEqual(optimal - 1e-12);
      expect(trained).toBe(false);
    }
    const text = readFileSync(out, 'utf8');
    expect(text).not.toContain(folder);
    const metrics = parseGainMetrics(JSON.parse(text), 'metrics.json');
    expect(metrics.series.map(({ place, frames }) => [place, frames])).toEqual([['long', 16]]);
    expect(metrics.short).toBe(1);
    expect(metrics.leaveOneSourceOut.length).toBeGreaterThan(50);
  });

  it('measures at one share where one is asked for', async () => {
    expect((await rowsOf('--ratio', '0.4')).map(({ ratio }) => ratio)).toEqual([0.4, 0.4]);
  });

  it('writes metrics of this package alone', async () => {
    const run = await runKeyslice([
      'evaluate',
      ...['--model', 'adrenal-shape', '--data', 'x', '--out', join(folder, 'm.json')],
    ]);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('--model general');
  });
});
