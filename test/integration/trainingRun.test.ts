import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../../src/ml/engines/onnxRuntime.ts';
import { verifyGolden } from '../../src/ml/packages/golden.ts';
import { loadPackage } from '../../src/ml/packages/loadPackage.ts';
import { closePackage, openPackage } from '../../src/ml/packages/openPackage.ts';
import { LEARNED_SAMPLERS, type TrainedSampler } from '../../src/ml/training/chooseFrames.ts';
import { type Evaluation, evaluatePackage, evaluateRun } from '../../src/ml/training/evaluate.ts';
import type { Metrics } from '../../src/ml/training/metrics.ts';
import { packagePredictor } from '../../src/ml/training/packagePredictor.ts';
import { packRun } from '../../src/ml/training/packRun.ts';
import { prepareVolumes } from '../../src/ml/training/prepareVolumes.ts';
import { readConfig, readLog, readTensors } from '../../src/ml/training/runFolder.ts';
import { runPredictor } from '../../src/ml/training/runPredictor.ts';
import { type StartingWeights, readStartingWeights } from '../../src/ml/training/startingWeights.ts';
import { type RunSummary, type TrainHooks, trainRun } from '../../src/ml/training/trainRun.ts';
import { FRAMES, SIZE, SQUARES, squareData, squareProtocol } from '../fixtures/labelledVolumes.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const root = temporaryFolder();
const data = squareData();
let engine: Engine;

interface RunSettings {
  readonly sampler?: TrainedSampler;
  readonly resume?: boolean;
  readonly hooks?: TrainHooks;
  readonly start?: StartingWeights;
}

function train(
  name: string,
  { sampler = 'das', resume = false, hooks = {}, start }: RunSettings = {},
): Promise<RunSummary> {
  const folder = join(root, name);
  return trainRun(
    {
      folder,
      data,
      sampler,
      ratio: 0.5,
      seed: 3,
      protocol: squareProtocol(sampler),
      engine,
      ...(start === undefined ? {} : { start }),
      resume,
      commit: '0123456',
    },
    hooks,
  );
}

const file = (run: string, name: string): Buffer => readFileSync(join(root, run, name));

/** Inside the checkout, so that the program finds its packages. */
const outDir = join(fileURLToPath(new URL('../..', import.meta.url)), 'out', 'test');
const program = join(outDir, 'trainSquares.js');

beforeAll(async () => {
  const ssr = 'test/fixtures/trainSquares.ts';
  await build({ configFile: false, logLevel: 'error', build: { ssr, outDir, emptyOutDir: false } });
  engine = await onnxRuntimeEngine('cpu', 1);
  for (const sampler of ['das', 'dps', 'adps', 'uniform', 'average'] as const)
    await train(sampler, { sampler });
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

  it('that starts from the weights of another run has a start, and says whose', async () => {
    const start = await readStartingWeights(join(root, 'uniform'));
    await train('started', { start });
    const [drawn, started] = await Promise.all(['das', 'started'].map((run) => readLog(join(root, run))));
    expect(started?.[0]?.trainLoss).toBeLessThan(drawn?.[0]?.trainLoss ?? 0);
    expect((await readConfig(join(root, 'started'))).start).toEqual({
      data: data.name,
      md5: data.md5,
      weights: createHash('sha256').update(file('uniform', 'weights.bin')).digest('hex'),
    });
    const strange = { ...start, weights: new Map([['other', new Float32Array(3)]]) };
    await expect(train('strange', { start: strange })).rejects.toMatchObject({ code: 'RUN_INVALID' });
  });

  it.each(LEARNED_SAMPLERS)('of %s is the same bits each time, and after kill -9', async (sampler) => {
    await train(`again-${sampler}`, { sampler });
    const killed = `killed-${sampler}`;
    await killAfterEpoch(join(root, killed), sampler);
    expect(file(killed, 'state.bin').equals(file(sampler, 'state.bin'))).toBe(false);
    await train(killed, { sampler, resume: true });
    for (const run of [`again-${sampler}`, killed])
      for (const name of ['state.bin', 'weights.bin'])
        expect(file(run, name).equals(file(sampler, name)), `${run}/${name}`).toBe(true);
  });

  it.each(['das', 'dps', 'adps', 'uniform', 'average'])(
    'of %s logs what the noise does, where there is any',
    async (name) => {
      const log = await readLog(join(root, name));
      const learned = LEARNED_SAMPLERS.some((sampler) => sampler === name);
      expect(log.every(({ noisyLoss }) => (noisyLoss !== null) === learned)).toBe(true);
      expect(log.every(({ selections }) => (selections !== null) === learned)).toBe(true);
      if (name === 'dps') expect(log.map(({ selections }) => selections)).toEqual([1, 1, 1]);
    },
  );

  it('says when the batch is larger than the data', async () => {
    const protocol = { ...squareProtocol('das'), batch: 17 };
    const options = {
      data,
      sampler: 'das',
      ratio: 0.5,
      seed: 3,
      protocol,
      engine,
      commit: '0123456',
    } as const;
    await expect(trainRun({ ...options, folder: join(root, 'large'), resume: false })).rejects.toMatchObject({
      code: 'DATA_INVALID',
    });
    expect(existsSync(join(root, 'large'))).toBe(false);
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
      protocol: squareProtocol('das'),
      engine,
      commit: '0123456',
    } as const;
    await expect(
      trainRun({ ...options, folder: join(root, 'das'), data: other, resume: true }),
    ).rejects.toMatchObject({ code: 'RUN_INVALID' });
  });
});

/** Trains in a process of its own and kills it at some moment of the second epoch. */
async function killAfterEpoch(folder: string, sampler: TrainedSampler): Promise<void> {
  const child = spawn(process.execPath, [program, folder, sampler], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(child.signalCode).toBe('SIGKILL');
}

describe('packing runs', () => {
  const out = join(root, 'squares');

  it('makes a package that loads, computes its golden values and has the figures of its runs', async () => {
    const runs = ['das', 'uniform', 'dps', 'adps', 'average'].map((name) => join(root, name));
    await packRun({ runs, data, description: SQUARES, out, engine });
    const model = await loadPackage(out);
    const sessions = await openPackage(model, engine);
    await verifyGolden(model.card, sessions, engine);
    await closePackage(sessions);

    const { metrics } = model.card;
    if (metrics.kind !== 'classification') throw new Error('a classification package was packed');
    const evaluations: Evaluation[] = [];
    for (const run of runs) evaluations.push(await evaluateRun(run, { data, split: 'test', engine }));
    const figures = (sampler: TrainedSampler): Metrics | undefined =>
      evaluations.find((evaluation) => evaluation.sampler === sampler)?.metrics;
    expect(metrics.test).toEqual(figures('das'));
    expect(metrics.peers.map(({ sampler, test }) => [sampler, test])).toEqual(
      (['dps', 'adps', 'uniform', 'average'] as const).map((sampler) => [sampler, figures(sampler)]),
    );
    expect(metrics.baselines).toEqual([{ name: 'voxel sum', testAuc: 1 }]);
    const task = { data, split: 'test', engine } as const;
    expect((await evaluatePackage(model, { sampler: 'das', ratio: 0.5 }, task)).metrics).toEqual(
      figures('das'),
    );
    expect(file('squares', 'README.md').toString()).toContain(
      'keyslice pack --out PACKAGE --run runs/das-3 --run runs/uniform-3 --run runs/dps-3',
    );
  });

  it('says where its weights started, and mixes no runs that started elsewhere', async () => {
    const pack = { data, description: SQUARES, engine };
    const { training } = await packRun({ ...pack, runs: [join(root, 'started')], out: join(root, 'from') });
    expect(training.protocol['start']).toBe(data.name);
    expect(file('from', 'README.md').toString()).toContain('--init runs/start');
    const mixed = ['started', 'das'].map((run) => join(root, run));
    await expect(packRun({ ...pack, runs: mixed, out: join(root, 'mixed') })).rejects.toMatchObject({
      code: 'RUN_INVALID',
    });
  });

  it('lets the package choose as its DPS and A-DPS runs do', async () => {
    const model = await loadPackage(out);
    const { series } = prepareVolumes(data.splits.test, { features: 'handcrafted', sampling: 'topk' });
    const volume = { frames: FRAMES, rows: SIZE, columns: SIZE };
    for (const sampler of ['dps', 'adps'] as const) {
      const carried = await packagePredictor(engine, model, volume, { sampler, ratio: 0.5 });
      const config = await readConfig(join(root, sampler));
      const own = await runPredictor(
        engine,
        config,
        await readTensors(join(root, sampler), 'weights'),
        config.frames,
      );
      for (const one of series)
        expect(await carried.choose(one, 0, null)).toEqual(await own.choose(one, 0, null));
      await carried.close();
      await own.close();
    }
    const longer = packagePredictor(engine, model, { ...volume, frames: 9 }, { sampler: 'dps', ratio: 0.5 });
    await expect(longer).rejects.toMatchObject({ code: 'SAMPLER_NOT_APPLICABLE' });
  });

  it('is refused when what it carries computes something else, or is not there', async () => {
    const { comparedSamplers, ...card } = (await loadPackage(out)).card;
    const adps = comparedSamplers?.adps;
    if (adps === undefined) throw new Error('the package carries A-DPS');
    const changed = {
      ...adps,
      golden: { ...adps.golden, logits: adps.golden.logits.map((value) => value + 1) },
    };
    const other = join(root, 'other', 'squares');
    cpSync(out, other, { recursive: true });
    const write = (text: unknown): void => {
      writeFileSync(join(other, 'card.json'), JSON.stringify(text));
    };
    write({ ...card, comparedSamplers: { ...comparedSamplers, adps: changed } });
    const model = await loadPackage(other);
    const sessions = await openPackage(model, engine);
    await expect(verifyGolden(model.card, sessions, engine)).rejects.toMatchObject({
      code: 'PACKAGE_INVALID',
    });
    await closePackage(sessions);
    write(card);
    await expect(loadPackage(other)).rejects.toMatchObject({ code: 'PACKAGE_INVALID' });
  });

  it('needs a DAS run, and a new folder', async () => {
    const options = { data, description: SQUARES, engine };
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
