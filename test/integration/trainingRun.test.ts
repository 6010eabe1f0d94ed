import { appendFileSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../../src/ml/engines/onnxRuntime.ts';
import { verifyGolden } from '../../src/ml/packages/golden.ts';
import { loadPackage } from '../../src/ml/packages/loadPackage.ts';
import { closePackage, openPackage } from '../../src/ml/packages/openPackage.ts';
import type { TrainedSampler } from '../../src/ml/training/chooseFrames.ts';
import { evaluatePackage, evaluateRun } from '../../src/ml/training/evaluate.ts';
import type { PackageDescription } from '../../src/ml/training/packageDescription.ts';
import { packRun } from '../../src/ml/training/packRun.ts';
import { DEFAULT_PROTOCOL, type Protocol } from '../../src/ml/training/protocol.ts';
import { readLog } from '../../src/ml/training/runFolder.ts';
import { type RunSummary, type TrainHooks, trainRun } from '../../src/ml/training/trainRun.ts';
import { FRAMES, SIZE, squareData } from '../fixtures/labelledVolumes.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const root = temporaryFolder();
const data = squareData();
const PROTOCOL: Protocol = {
  ...DEFAULT_PROTOCOL,
  epochs: 3,
  batch: 4,
  warmupSteps: 2,
  averaging: 0.5,
  heads: 2,
};
let engine: Engine;

const DESCRIPTION: PackageDescription = {
  id: 'squares',
  version: '0.0.1',
  title: 'Squares',
  licence: 'CC0-1.0',
  task: 'Tells small squares from large ones.',
  intendedUse: 'Tests.',
  limits: 'Squares.',
  scope: {
    modalities: [],
    kinds: ['volume'],
    pixels: { kind: 'mask', values: [0, 1] },
    framesMin: FRAMES,
    framesMax: FRAMES,
    rows: { min: SIZE, max: SIZE },
    columns: { min: SIZE, max: SIZE },
    extentMm: null,
    spacingMm: null,
    note: 'Squares.',
  },
};

interface RunSettings {
  readonly sampler?: TrainedSampler;
  readonly resume?: boolean;
  readonly hooks?: TrainHooks;
}

function train(
  name: string,
  { sampler = 'das', resume = false, hooks = {} }: RunSettings = {},
): Promise<RunSummary> {
  const folder = join(root, name);
  return trainRun(
    { folder, data, sampler, ratio: 0.5, seed: 3, protocol: PROTOCOL, engine, resume, commit: '0123456' },
    hooks,
  );
}

const file = (run: string, name: string): Buffer => readFileSync(join(root, run, name));

beforeAll(async () => {
  engine = await onnxRuntimeEngine('cpu', 1);
  await train('das');
  await train('uniform', { sampler: 'uniform' });
});

describe('a training run', () => {
  it('logs every epoch, learns, and keeps the epoch with the smallest validation loss', async () => {
    const log = await readLog(join(root, 'das'));
    expect(log.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(log[2]!.trainLoss).toBeLessThan(log[0]!.trainLoss);
    const best = log.findLast((record) => record.best);
    if (best === undefined) throw new Error('no epoch was kept');
    expect(best.valLoss).toBe(Math.min(...log.map(({ valLoss }) => valLoss)));
    const { metrics } = await evaluateRun(join(root, 'das'), { data, split: 'val', engine });
    expect(metrics).toMatchObject({ n: 8, auc: best.valAuc, accuracy: best.valAccuracy });
  });

  it('that was cancelled and resumed ends with the very same weights', async () => {
    const controller = new AbortController();
    const hooks = {
      signal: controller.signal,
      onEpoch: () => {
        controller.abort();
      },
    };
    await expect(train('resumed', { hooks })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await readLog(join(root, 'resumed'))).toHaveLength(1);
    // As if it had been killed after the log and before the state of its second epoch.
    const second = file('das', 'log.jsonl').toString().split('\n')[1] ?? '';
    appendFileSync(join(root, 'resumed', 'log.jsonl'), `${second}\n`);
    await train('resumed', { resume: true });
    expect(file('resumed', 'state.bin').equals(file('das', 'state.bin'))).toBe(true);
    expect(file('resumed', 'weights.bin').equals(file('das', 'weights.bin'))).toBe(true);
  });

  it('does not write over another run', async () => {
    await expect(train('das')).rejects.toMatchObject({ code: 'TARGET_NOT_EMPTY' });
  });

  it.each([
    ['config.json', '{}'],
    ['log.jsonl', 'not json\n'],
    ['state.bin', 'short'],
  ])('with a damaged %s is RUN_INVALID', async (name, content) => {
    const run = `damaged-${name}`;
    cpSync(join(root, 'das'), join(root, run), { recursive: true });
    writeFileSync(join(root, run, name), content);
    await expect(train(run, { resume: true })).rejects.toMatchObject({ code: 'RUN_INVALID' });
  });

  it('is not resumed on other data', async () => {
    const other = { ...data, md5: 'ffffffffffffffffffffffffffffffff' };
    const options = {
      sampler: 'das',
      ratio: 0.5,
      seed: 3,
      protocol: PROTOCOL,
      engine,
      commit: '0123456',
    } as const;
    await expect(
      trainRun({ ...options, folder: join(root, 'das'), data: other, resume: true }),
    ).rejects.toMatchObject({ code: 'RUN_INVALID' });
  });
});

describe('packing runs', () => {
  const out = join(root, 'squares');

  it('makes a package that loads, computes its golden values and has the figures of its runs', async () => {
    const runs = ['das', 'uniform'].map((name) => join(root, name));
    await packRun({ runs, data, description: DESCRIPTION, out, engine });
    const model = await loadPackage(out);
    const sessions = await openPackage(model, engine);
    await verifyGolden(model.card, sessions, engine);
    await closePackage(sessions);

    const { metrics } = model.card;
    if (metrics.kind !== 'classification') throw new Error('a classification package was packed');
    const [das, uniform] = await Promise.all(
      runs.map((run) => evaluateRun(run, { data, split: 'test', engine })),
    );
    expect(metrics.test).toEqual(das?.metrics);
    expect(metrics.peers.map(({ sampler, test }) => [sampler, test])).toEqual([
      ['uniform', uniform?.metrics],
    ]);
    expect(metrics.baselines).toEqual([{ name: 'voxel sum', testAuc: 1 }]);
    const task = { data, split: 'test', engine } as const;
    expect((await evaluatePackage(model, { sampler: 'das', ratio: 0.5 }, task)).metrics).toEqual(
      das?.metrics,
    );
    expect(file('squares', 'README.md').toString()).toContain(
      'keyslice pack --out PACKAGE --run runs/das-3 --run runs/uniform-3',
    );
  });

  it('needs a DAS run, and a new folder', async () => {
    const options = { data, description: DESCRIPTION, engine };
    await expect(
      packRun({ ...options, runs: [join(root, 'uniform')], out: join(root, 'none') }),
    ).rejects.toMatchObject({ code: 'RUN_INVALID' });
    expect(existsSync(join(root, 'none'))).toBe(false);
    await expect(
      packRun({ ...options, runs: [join(root, 'das')], out: join(root, 'das') }),
    ).rejects.toMatchObject({
      code: 'TARGET_NOT_EMPTY',
    });
  });
});
