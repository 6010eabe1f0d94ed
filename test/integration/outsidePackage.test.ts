import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CARD_FILE, type Card, cardSchema } from '../../src/contract/card.ts';
import { softmax } from '../../src/ml/classifiers/softmax.ts';
import { onnxRuntimeEngine } from '../../src/ml/engines/onnxRuntime.ts';
import { verifyGolden } from '../../src/ml/packages/golden.ts';
import { goldenFrames, goldenSamplerInputs } from '../../src/ml/packages/goldenInputs.ts';
import { loadPackage } from '../../src/ml/packages/loadPackage.ts';
import { closePackage, openPackage } from '../../src/ml/packages/openPackage.ts';
import { selectTopK } from '../../src/ml/samplers/selectTopK.ts';
import { writeNiftiVolume } from '../fixtures/niftiVolume.ts';
import { fixtureCard } from '../fixtures/packageFolder.ts';
import { askJudge, pythonHas } from '../support/pythonJudge.ts';
import { runKeyslice } from '../support/runKeyslice.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const makes = pythonHas('onnx');
const SIDE = 16;
const FRAMES = 12;
const GOLDEN = { seed: 5, frames: 20, k: 6 };

/** What its maker says of it. */
function outsideCard(id: string): Card {
  const card = fixtureCard(id);
  const bounds = { min: SIDE, max: SIDE };
  return {
    ...card,
    title: 'Made elsewhere',
    labels: ['one', 'other'],
    input: { ...card.input, size: [SIDE, SIDE], window: { center: 100, width: 200 } },
    scope: {
      ...card.scope,
      ...{
        pixels: { kind: 'grey', values: null },
        framesMin: 4,
        framesMax: 40,
        rows: bounds,
        columns: bounds,
      },
      ...{ extentMm: null, featureLimit: null },
    },
    classifier: { name: 'nine filters', normalization: { mean: [100], deviation: [50] } },
  };
}

interface Answer {
  readonly base: number[];
  readonly logits: number[];
}

interface Question {
  readonly folder: string | null;
  readonly variant: string;
  readonly perFrame: readonly number[];
  readonly anchor: readonly number[];
  readonly pictures: readonly number[];
}

const ask = (question: Question): Answer => askJudge('outsidePackage.py', question) as Answer;

/** A folder with both graphs, and a card that states what numpy computed. */
function makePackage(
  parent: string,
  id: string,
  variant = 'whole',
  unlisted: readonly string[] = [],
): string {
  const folder = join(parent, id);
  mkdirSync(folder, { recursive: true });
  const card = outsideCard(id);
  const { seed, frames, k } = GOLDEN;
  const { perFrame, anchor } = goldenSamplerInputs(card, seed, frames, k);
  const numbers = (data: ArrayLike<unknown> | undefined): number[] => Array.from(data ?? [], Number);
  const { base, logits } = ask({
    ...{ folder, variant, perFrame: numbers(perFrame?.data), anchor: numbers(anchor?.data) },
    pictures: numbers(goldenFrames(card, seed, k)?.data),
  });
  const selected = [...selectTopK(Float32Array.from(base), k).indices];
  const golden = { seed, frames, scores: base, selected, logits, tolerance: 1e-4 };
  const listed = readdirSync(folder).filter((name) => !unlisted.includes(name));
  const sha256 = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  const files = Object.fromEntries(listed.map((name) => [name, sha256(name)]));
  writeFileSync(join(folder, CARD_FILE), JSON.stringify(cardSchema.parse({ ...card, golden, files })));
  return folder;
}

describe.skipIf(!makes)('a package that another program made', () => {
  const root = temporaryFolder();
  const env = { XDG_DATA_HOME: join(root, 'data') };
  const keyslice = async (...args: string[]): Promise<Record<string, unknown>> => {
    const run = await runKeyslice([...args, '--json'], { env });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    return run.json();
  };
  let folder = '';
  beforeAll(() => {
    folder = makePackage(root, 'outside');
  });

  it('computes here what its maker says', async () => {
    const model = await loadPackage(folder);
    const engine = await onnxRuntimeEngine('cpu', 1);
    const sessions = await openPackage(model, engine);
    await verifyGolden(model.card, sessions, engine);
    const { golden } = model.card;
    const off = { ...golden, logits: golden.logits?.map((logit) => logit + 0.01) ?? null };
    await expect(verifyGolden({ ...model.card, golden: off }, sessions, engine)).rejects.toMatchObject({
      code: 'PACKAGE_INVALID',
    });
    await closePackage(sessions);
  });

  it('is installed, and triages a series to the probabilities that its maker computes', async () => {
    const file = join(root, 'series.nii');
    const grey = (x: number, y: number, z: number): number => (37 * x + 11 * y * z + z ** 3) % 200;
    writeNiftiVolume(file, { columns: SIDE, rows: SIDE, frames: FRAMES, spacing: 1 }, grey);
    await keyslice('models', 'add', folder);
    expect((await keyslice('models', 'verify'))['models']).toContainEqual(
      expect.objectContaining({ id: 'outside', ok: true }),
    );
    const triage = await keyslice('triage', file, '--model', 'outside', '--k', '5');
    expect(triage['sampler']).toMatchObject({ name: 'das', package: 'outside' });
    const { selected, scores, classification } = triage as {
      selected: number[];
      scores: number[];
      classification: { inScope: boolean; probabilities: number[] };
    };
    expect(selected).toEqual([...selectTopK(Float32Array.from(scores), 5).indices]);
    expect(classification.inScope).toBe(true);
    const picture = (z: number): number[] =>
      Array.from({ length: SIDE ** 2 }, (_, i) => (grey(i % SIDE, Math.floor(i / SIDE), z) - 100) / 50);
    const { logits } = ask({
      ...{ folder: null, variant: 'whole', perFrame: Array<number>(27).fill(0), anchor: [0] },
      pictures: selected.flatMap(picture),
    });
    const expected = softmax(Float32Array.from(logits));
    classification.probabilities.forEach((probability, label) => {
      expect(probability).toBeCloseTo(expected[label] ?? NaN, 5);
    });
    // Another series would give other numbers.
    expect(Math.abs((expected[0] ?? 0.5) - 0.5)).toBeGreaterThan(1e-3);
  });

  it.each([
    ['shape', [], 'classifier.onnx: output logits is float32 [1, 3]'],
    ['opset', [], 'sampler.onnx has operator set 16 and IR 8, not 17 and 8'],
    ['external', ['weights.bin'], 'the card does not list weights.bin'],
    ['external', [], 'ONNX: external data is not accepted'],
  ])('is refused with the fault %s, unlisted %j', async (variant, unlisted, reason) => {
    const faulty = makePackage(root, `${variant}-${String(unlisted.length)}`, variant, unlisted);
    await expect(loadPackage(faulty)).rejects.toMatchObject({ code: 'PACKAGE_INVALID', facts: { reason } });
  });
});
