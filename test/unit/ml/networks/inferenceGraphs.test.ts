import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine, EngineSession, Tensors } from '../../../../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../../../../src/ml/engines/onnxRuntime.ts';
import { readOnnx } from '../../../../src/ml/graph/readOnnx.ts';
import { elementCount } from '../../../../src/ml/graph/shape.ts';
import { classifierModel, samplerModel } from '../../../../src/ml/networks/inferenceGraphs.ts';
import { slotCodes } from '../../../../src/ml/networks/slotCodes.ts';
import { trainingGraph } from '../../../../src/ml/networks/trainingGraph.ts';
import { seededRandom } from '../../../../src/ml/seededRandom.ts';
import { CONTEXT_WIDTHS } from '../../../../src/ml/training/network.ts';
import { type FloatTensor, stepSpec, trainingStep } from '../../../fixtures/trainingStep.ts';
import { floatsOf, tensor } from '../graph/checkGradients.ts';

const BATCH = 2;
const step = trainingStep(stepSpec(BATCH, 2), 3, 0.05);
const { slots, frames } = step.spec;
const PIXELS = 28 * 28;
const SAMPLER = { base: 'learned', features: 'handcrafted', heads: 4, tau0: 1 } as const;

let engine: Engine;
let trained: Tensors;
let weights: Map<string, Float32Array>;

beforeAll(async () => {
  engine = await onnxRuntimeEngine('cpu', 1);
  const session = await engine.createSession(step.graph.model);
  const dropout = { ...step.inputs['dropout'], data: new Float32Array(BATCH * 1024).fill(1) } as FloatTensor;
  trained = await session.run({ ...step.inputs, ...step.weights, dropout });
  await session.release();
  weights = new Map(Object.entries(step.weights).map(([name, { data }]) => [name, data]));
  for (const { name } of step.graph.statistics)
    for (const part of ['mean', 'variance'])
      weights.set(`${name}/${part}`, floatsOf(trained, `${name}/${part}`));
});

/** Frames that the noise of the training step chose for a series. */
async function chosenFrames(session: EngineSession, series: number): Promise<number[]> {
  const logits = floatsOf(await session.run(samplerInputs(series, slots)), 'logits');
  const noise = step.inputs['noise']!.data.subarray(series * slots * frames, (series + 1) * slots * frames);
  const taken: number[] = [];
  for (let j = 0; j < slots; j++) {
    const row = Array.from({ length: frames }, (_, t) =>
      taken.includes(t) ? -Infinity : logits[j * frames + t]! + noise[j * frames + t]!,
    );
    taken.push(row.indexOf(Math.max(...row)));
  }
  return taken;
}

function samplerInputs(series: number, k: number): Tensors {
  const part = (name: string, dims: readonly number[]): FloatTensor => {
    const length = elementCount(dims);
    return tensor(dims, step.inputs[name]!.data.slice(series * length, (series + 1) * length));
  };
  return {
    perFrame: part('perFrame', [frames, CONTEXT_WIDTHS.perFrame]),
    pooled: part('pooled', [1, CONTEXT_WIDTHS.pooled]),
    anchor: part('anchor', [frames]),
    slots: tensor([k, 1], slotCodes(k)),
  };
}

async function classify(
  session: EngineSession,
  pixels: Float32Array,
  count: number,
  batch: number,
): Promise<Float32Array> {
  let carry = tensor([1, 576], new Float32Array(576));
  let logits = new Float32Array();
  for (let first = 0; first < count; first += batch) {
    const size = Math.min(batch, count - first);
    const outputs = await session.run({
      frames: tensor([size, 1, 28, 28], pixels.slice(first * PIXELS, (first + size) * PIXELS)),
      carry,
      share: tensor([1], Float32Array.of(1 / count)),
    });
    carry = tensor([1, 576], floatsOf(outputs, 'carryOut'));
    logits = floatsOf(outputs, 'logits').slice();
  }
  return logits;
}

describe('inference graphs', () => {
  it('give what the training graph gives, normalisation folded in', async () => {
    const sampler = await engine.createSession(samplerModel(weights, SAMPLER, CONTEXT_WIDTHS));
    const classifier = await engine.createSession(classifierModel(weights, step.spec.classifier));
    const expected = floatsOf(trained, 'logits');
    for (let series = 0; series < BATCH; series++) {
      const chosen = await chosenFrames(sampler, series);
      const volume = step.inputs['frames']!.data.subarray(series * frames * PIXELS);
      const pixels = Float32Array.from(
        chosen.flatMap((t) => [...volume.subarray(t * PIXELS, (t + 1) * PIXELS)]),
      );
      for (const batch of [slots, 5, 1]) {
        const logits = await classify(classifier, pixels, slots, batch);
        logits.forEach((value, c) => {
          expect(Math.abs(value - expected[series * 2 + c]!)).toBeLessThan(1e-4 * (1 + Math.abs(value)));
        });
      }
    }
  });

  it('take any number of frames and slots, and rank the frames alike in every slot', async () => {
    const session = await engine.createSession(samplerModel(weights, SAMPLER, CONTEXT_WIDTHS));
    const random = seededRandom(9);
    for (const [T, k] of [
      [1, 1],
      [5, 2],
      [40, 40],
    ] as const) {
      const fill = (dims: readonly number[]): FloatTensor =>
        tensor(
          dims,
          Float32Array.from({ length: elementCount(dims) }, () => 2 * random() - 1),
        );
      const outputs = await session.run({
        perFrame: fill([T, CONTEXT_WIDTHS.perFrame]),
        pooled: fill([1, CONTEXT_WIDTHS.pooled]),
        anchor: fill([T]),
        slots: tensor([k, 1], slotCodes(k)),
      });
      const base = floatsOf(outputs, 'base');
      const logits = floatsOf(outputs, 'logits');
      expect([base.length, logits.length]).toEqual([T, k * T]);
      const temperature = floatsOf(outputs, 'temperature')[0]!;
      expect(temperature).toBeGreaterThan(0.5);
      expect(temperature).toBeLessThan(1.5);
      const order = (row: Float32Array): number[] =>
        Array.from(row.keys()).sort((a, b) => row[b]! - row[a]! || a - b);
      expect(order(logits.subarray((k - 1) * T))).toEqual(order(base));
    }
  });

  it('let sharpness and temperature depend on the series', async () => {
    const session = await engine.createSession(samplerModel(weights, SAMPLER, CONTEXT_WIDTHS));
    const [a, b] = [await session.run(samplerInputs(0, slots)), await session.run(samplerInputs(1, slots))];
    expect(floatsOf(a, 'temperature')[0]).not.toBeCloseTo(floatsOf(b, 'temperature')[0]!, 4);
    const sharpness = (outputs: Tensors): number =>
      floatsOf(outputs, 'logits')[0]! / floatsOf(outputs, 'base')[0]!;
    expect(Math.abs(sharpness(a) - sharpness(b))).toBeGreaterThan(1e-3);
  });

  it('have the inputs and outputs of the package contract', () => {
    const sampler = readOnnx(samplerModel(weights, SAMPLER, CONTEXT_WIDTHS));
    const classifier = readOnnx(classifierModel(weights, step.spec.classifier));
    const names = (values: readonly { name: string }[]): string[] => values.map(({ name }) => name);
    expect(names(sampler.inputs)).toEqual(['perFrame', 'pooled', 'anchor', 'slots']);
    expect(names(sampler.outputs)).toEqual(['base', 'logits', 'temperature']);
    expect(classifier.inputs.map(({ shape }) => shape)).toEqual([['n', 1, 28, 28], [1, 576], [1]]);
    expect(names(classifier.outputs)).toEqual(['carryOut', 'logits']);
  });
});

describe('MobileNetV3-Small', () => {
  it.each([
    [3, 1000, 2_542_856],
    [3, 2, 1_519_906],
    [1, 2, 1_519_906 - 2 * 9 * 16],
  ] as const)(
    'has the published number of parameters: %d channels, %d classes',
    (channels, classes, expected) => {
      const graph = trainingGraph({
        batch: 1,
        frames: 1,
        slots: 1,
        classifier: { channels, height: 32, width: 32, classes, stemStride: 2 },
        sampler: null,
        scoreWeight: 0,
      });
      expect(graph.parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0)).toBe(expected);
    },
  );
});
