import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../../src/ml/engines/onnxRuntime.ts';
import type { TrainedSampler } from '../../src/ml/training/chooseFrames.ts';
import { evaluateRun } from '../../src/ml/training/evaluate.ts';
import { protocolWith } from '../../src/ml/training/protocol.ts';
import { type RunSummary, trainRun } from '../../src/ml/training/trainRun.ts';
import { MARKED, MARKED_COUNTS, type Places, markedChanges, markedData } from '../fixtures/markedVolumes.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const root = temporaryFolder();
const MINUTES = 60_000;
let engine: Engine;

beforeAll(async () => {
  engine = await onnxRuntimeEngine('cpu', 1);
});

async function trained(
  sampler: TrainedSampler,
  places: Places,
  seed: number,
): Promise<{ accuracy: number; collapsed: RunSummary['collapsed'] }> {
  const folder = join(root, `${sampler}-${places}-${seed}`);
  const data = markedData(places, MARKED_COUNTS);
  const { collapsed } = await trainRun({
    folder,
    data,
    sampler,
    ratio: MARKED.kept / MARKED.frames,
    seed,
    protocol: protocolWith(sampler, markedChanges(sampler)),
    engine,
    resume: false,
    commit: '0000000',
  });
  const { metrics } = await evaluateRun(folder, { data, split: 'test', engine });
  return { accuracy: metrics.accuracy, collapsed };
}

// `npm run bench -- collapse` does the same with ten seeds.
describe('marked slices, 4 of 28 kept', () => {
  it(
    'DAS finds the marks, which the largest variance does not',
    async () => {
      const das = await trained('das', 'anywhere', 1);
      expect(das.accuracy).toBeGreaterThan(0.95);
      expect(das.collapsed).toEqual([]);
      expect((await trained('variance', 'anywhere', 1)).accuracy).toBeLessThan(0.9);
    },
    5 * MINUTES,
  );

  it.each(['dps', 'adps'] as const)(
    '%s finds marks that are always in the same slices',
    async (sampler) => {
      expect((await trained(sampler, 'fixed', 1)).accuracy).toBeGreaterThan(0.95);
    },
    5 * MINUTES,
  );
});
