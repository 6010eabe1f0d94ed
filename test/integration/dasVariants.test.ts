import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../../src/ml/engines/onnxRuntime.ts';
import { verifyGolden } from '../../src/ml/packages/golden.ts';
import { loadPackage } from '../../src/ml/packages/loadPackage.ts';
import { closePackage, openPackage } from '../../src/ml/packages/openPackage.ts';
import { sessionScoreGraph } from '../../src/ml/packages/sessionScoreGraph.ts';
import { createSampler } from '../../src/ml/samplers/createSampler.ts';
import { evaluatePackage, evaluateRun } from '../../src/ml/training/evaluate.ts';
import { packRun } from '../../src/ml/training/packRun.ts';
import { predict } from '../../src/ml/training/predict.ts';
import { prepareVolumes } from '../../src/ml/training/prepareVolumes.ts';
import { type ProtocolChanges, protocolWith } from '../../src/ml/training/protocol.ts';
import { readConfig, readTensors } from '../../src/ml/training/runFolder.ts';
import { runPredictor } from '../../src/ml/training/runPredictor.ts';
import { trainRun } from '../../src/ml/training/trainRun.ts';
import { volumeFeatures } from '../../src/ml/training/volumeFeatures.ts';
import { FRAMES, SQUARES, squareData, squareProtocol } from '../fixtures/labelledVolumes.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const root = temporaryFolder();
const data = squareData();
let engine: Engine;
beforeAll(async () => {
  engine = await onnxRuntimeEngine('cpu', 1);
});

const VARIANTS: readonly (readonly [name: string, changes: ProtocolChanges])[] = [
  ['queries', { base: 'queries' }],
  ['learned features', { features: 'learned' }],
  ['queries on both kinds of features', { base: 'queries', features: 'both', mirror: ['rows', 'frames'] }],
  ['systematic', { sampling: 'systematic' }],
  ['systematic with learned features', { sampling: 'systematic', features: 'learned' }],
];

describe.each(VARIANTS)('DAS with %s', (name, changes) => {
  it('trains, is packed, and chooses in the viewer what it chose in its run', async () => {
    const run = join(root, name);
    const out = join(root, `${name} package`);
    const protocol = protocolWith('das', { ...squareProtocol('das'), scoreWeight: undefined, ...changes });
    const settings = { data, sampler: 'das', ratio: 0.5, seed: 3, engine, commit: '0123456' } as const;
    const { epochs } = await trainRun({ ...settings, folder: run, protocol, resume: false });
    expect(epochs).toBe(3);
    await packRun({ runs: [run], data, description: SQUARES, out, engine });

    // What the package says of how to train it again holds what made this run another one.
    const readme = await readFile(join(out, 'README.md'), 'utf8');
    for (const [setting, value] of Object.entries(changes))
      expect(readme).toContain(`--${setting} ${String(value)}`);

    const model = await loadPackage(out);
    const sessions = await openPackage(model, engine);
    await verifyGolden(model.card, sessions, engine);
    const sampler = createSampler('das', {
      config: model.card.sampler,
      score: sessionScoreGraph(sessions.sampler, () => false),
      rebuilds: false,
      kernel: null,
    });
    const predictor = await runPredictor(
      engine,
      await readConfig(run),
      await readTensors(run, 'weights'),
      FRAMES,
    );
    const { selections } = await predict(predictor, prepareVolumes(data.splits.test, protocol), undefined);
    for (const [index, selection] of selections.entries()) {
      const found = await sampler.select(volumeFeatures(data.splits.test, index, null), FRAMES / 2);
      expect(found.indices).toEqual(selection);
      expect(found.proposal).toBeUndefined();
      expect(found.scores.every((score) => score >= 0 && score <= 1)).toBe(true);
      expect(found.contributions === undefined).toBe(protocol.features !== 'handcrafted');
    }
    await predictor.close();
    await closePackage(sessions);

    const task = { data, split: 'test', engine } as const;
    const packed = await evaluatePackage(model, { sampler: 'das', ratio: 0.5 }, task);
    expect(packed.metrics).toEqual((await evaluateRun(run, task)).metrics);
  });
});
