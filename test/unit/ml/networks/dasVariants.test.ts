import { beforeAll, describe, expect, it } from 'vitest';
import { THUMBNAIL_SIZE } from '../../../../src/contract/sampling.ts';
import type { Engine, Tensors } from '../../../../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../../../../src/ml/engines/onnxRuntime.ts';
import { pickFrames as chooseBy } from '../../../../src/ml/samplers/pickFrames.ts';
import { THUMBNAIL_CHANNELS } from '../../../../src/ml/samplers/thumbnailInputs.ts';
import { slotCodes } from '../../../../src/ml/networks/slotCodes.ts';
import { samplerModel } from '../../../../src/ml/networks/inferenceGraphs.ts';
import { CONTEXT_WIDTHS } from '../../../../src/ml/training/network.ts';
import { floatsOf, tensor } from '../graph/checkGradients.ts';
import { QUERIES, type Sampled, VARIANTS, sample } from '../../../fixtures/sampledChoice.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await onnxRuntimeEngine('cpu', 1);
});

describe.each(Object.entries(VARIANTS))('the package graph of %s', (_, spec) => {
  it.each([
    [2, 1],
    [9, 4],
    [24, 7],
  ])('keeps of %d frames the %d that training chose without noise', async (frames, slots) => {
    for (const seed of [3, 4]) {
      const sampled = await sample(engine, { batch: 1, frames, slots }, spec, seed, true);
      const weights = new Map([...sampled.weights, ...sampled.statistics]);
      const session = await engine.createSession(samplerModel(weights, spec, CONTEXT_WIDTHS));
      const outputs = await session.run(packageInputs(sampled.inputs, frames, slots));
      await session.release();
      const scores = {
        base: floatsOf(outputs, 'base'),
        logits: floatsOf(outputs, 'logits'),
        temperature: floatsOf(outputs, 'temperature')[0] ?? NaN,
      };
      const trained = Array.from({ length: slots }, (__, j) =>
        sampled.choice.subarray(j * frames, (j + 1) * frames).indexOf(1),
      );
      expect([...chooseBy(spec, scores, slots).indices]).toEqual(trained.toSorted((a, b) => a - b));
    }
  });
});

/** Without the batch, and thumbnails frame by frame. */
function packageInputs(inputs: Sampled['inputs'], frames: number, slots: number): Tensors {
  const { perFrame, pooled, anchor, thumbnails } = inputs;
  const pixels = THUMBNAIL_SIZE ** 2;
  const size = [frames, THUMBNAIL_CHANNELS, THUMBNAIL_SIZE, THUMBNAIL_SIZE];
  const frameByFrame = thumbnails?.data.map((_, at) => {
    const [row, pixel] = [Math.floor(at / pixels), at % pixels];
    const [t, channel] = [Math.floor(row / THUMBNAIL_CHANNELS), row % THUMBNAIL_CHANNELS];
    return thumbnails.data[(channel * frames + t) * pixels + pixel]!;
  });
  return {
    pooled: tensor([1, CONTEXT_WIDTHS.pooled], pooled?.data ?? new Float32Array()),
    anchor: tensor([frames], anchor?.data ?? new Float32Array()),
    slots: tensor([slots, 1], slotCodes(slots)),
    ...(perFrame === undefined ? {} : { perFrame: tensor([frames, CONTEXT_WIDTHS.perFrame], perFrame.data) }),
    ...(frameByFrame === undefined ? {} : { thumbnails: tensor(size, frameByFrame) }),
  };
}

describe('the slots of DAS with queries', () => {
  it('want different frames', async () => {
    const { inputs, weights } = await sample(engine, { batch: 1, frames: 24, slots: 6 }, QUERIES, 3, true);
    const asking = new Map(
      [...weights].map(([name, values]) => [
        name,
        name.includes('/query/out/') ? values.map((value) => 40 * value) : values,
      ]),
    );
    const session = await engine.createSession(samplerModel(asking, QUERIES, CONTEXT_WIDTHS));
    const logits = floatsOf(await session.run(packageInputs(inputs, 24, 6)), 'logits');
    await session.release();
    const best = (slot: number): number => {
      const row = logits.subarray(slot * 24, (slot + 1) * 24);
      return row.indexOf(Math.max(...row));
    };
    expect(new Set([0, 1, 2, 3, 4, 5].map(best)).size).toBeGreaterThan(1);
  });
});

/** Scales of the slots, which a density does not ask for. */
const isOfSlots = (name: string): boolean => name.startsWith('head');

describe.each(Object.entries(VARIANTS))('every weight of %s', (_, spec) => {
  it('has a gradient on a random batch', async () => {
    const { gradients } = await sample(engine, { batch: 4, frames: 12, slots: 4 }, spec, 11);
    // An offset is taken out when scores are standardised: what reaches it is rounding.
    const moving = [...gradients].filter(([name]) => name !== 'base/score/bias');
    const still = moving.filter(([, values]) => values.every((value) => value === 0));
    const expected = spec.sampling === 'systematic' ? [...gradients.keys()].filter(isOfSlots) : [];
    expect(still.map(([name]) => name)).toEqual(expected);
  });
});
