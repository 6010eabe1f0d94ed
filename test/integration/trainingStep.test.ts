import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onnxRuntimeEngine } from '../../src/ml/engines/onnxRuntime.ts';
import type { LearnedSamplerSpec } from '../../src/ml/networks/sampledChoice.ts';
import { gradientName, trainingGraph } from '../../src/ml/networks/trainingGraph.ts';
import { roundSizes } from '../../src/ml/samplers/takeRounds.ts';
import { CONTEXT_WIDTHS } from '../../src/ml/training/network.ts';
import { encodeTensors } from '../../src/ml/training/tensorFile.ts';
import { type TrainingStep, stepSpec, trainingStep } from '../fixtures/trainingStep.ts';
import { askJudge, pythonHas } from '../support/pythonJudge.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

interface Verdict {
  readonly loss: number;
  readonly errors: Readonly<Record<string, { readonly size: number; readonly error: number }>>;
}

const folder = temporaryFolder();

async function floatOutputs({ graph, weights, inputs }: TrainingStep): Promise<Map<string, Float32Array>> {
  const session = await (await onnxRuntimeEngine('cpu', 1)).createSession(graph.model);
  const outputs = await session.run({ ...inputs, ...weights });
  await session.release();
  return new Map(
    Object.entries(outputs).flatMap(([name, { data }]) =>
      data instanceof Float32Array ? [[name, data]] : [],
    ),
  );
}

function named(
  kind: string,
  tensors: Readonly<Record<string, { readonly data: Float32Array }>>,
): [string, Float32Array][] {
  return Object.entries(tensors).map(([name, { data }]) => [`${kind}:${name}`, data]);
}

function shapes(tensors: TrainingStep['inputs']): Record<string, readonly number[]> {
  return Object.fromEntries(Object.entries(tensors).map(([name, { dims }]) => [name, dims]));
}

describe('one training step of any sampler + MobileNetV3-Small', () => {
  const SAMPLERS: Record<string, LearnedSamplerSpec> = {
    DAS: {
      kind: 'das',
      noise: 1,
      sampling: 'topk',
      base: 'learned',
      features: 'handcrafted',
      heads: 4,
      tau0: 1,
      widths: CONTEXT_WIDTHS,
    },
    DPS: { kind: 'dps', noise: 1, tau0: 2 },
    'A-DPS, one by one': { kind: 'adps', noise: 1, tau0: 2, rounds: roundSizes('each', 14) },
    'A-DPS, three rounds': { kind: 'adps', noise: 1, tau0: 2, rounds: roundSizes(3, 14) },
  };

  it.each(Object.entries(SAMPLERS))('%s: no gradient is zero on random numbers', async (_, sampler) => {
    const step = trainingStep(stepSpec(2, 2, sampler), 1, 0.05);
    const outputs = await floatOutputs(step);
    const still = step.graph.parameters.filter(
      ({ name }) => !outputs.get(gradientName(name))?.some((value) => value !== 0),
    );
    expect(still.map(({ name }) => name)).toEqual([]);
  });
});

describe('the score-function gradient', () => {
  it('makes choices likelier by how much better their series came out than the others', async () => {
    const batch = 4;
    const sampler: LearnedSamplerSpec = { kind: 'dps', noise: 1, tau0: 2 };
    const spec = stepSpec(batch, 2, sampler);
    const plain = trainingStep(spec, 6, 0.05);
    const { slots, frames } = spec;
    const outputs = await floatOutputs(plain);
    const scored = await floatOutputs({ ...plain, graph: trainingGraph({ ...spec, scoreWeight: 1 }) });
    expect(scored.get('loss')).toEqual(outputs.get('loss'));

    const losses = rowLosses(
      outputs.get('logits') ?? new Float32Array(),
      plain.inputs['labels']!.data,
      batch,
    );
    const logits = plain.weights['dps/logits']!.data;
    const expected = new Float64Array(frames);
    losses.forEach((loss, b) => {
      const others = (losses.reduce((sum, value) => sum + value, 0) - loss) / (batch - 1);
      const noise = plain.inputs['noise']!.data.subarray(b * frames, (b + 1) * frames);
      const order = Array.from(logits, (_, t) => t).sort(
        (x, y) => logits[y]! + noise[y]! - logits[x]! - noise[x]!,
      );
      for (let slot = 0; slot < slots; slot++) {
        const free = order.slice(slot);
        const total = free.reduce((sum, t) => sum + Math.exp(logits[t]!), 0);
        for (const t of free)
          expected[t]! +=
            ((loss - others) / batch) * (Number(t === order[slot]) - Math.exp(logits[t]!) / total);
      }
    });
    const name = gradientName('dps/logits');
    expected.forEach((value, t) => {
      expect((scored.get(name)?.[t] ?? NaN) - (outputs.get(name)?.[t] ?? NaN)).toBeCloseTo(value, 4);
    });
    const untouched = gradientName('head/classes/weight');
    expect(scored.get(untouched)).toEqual(outputs.get(untouched));
  });

  /** −Σ label · ln softmax(logits) of every series. */
  function rowLosses(logits: Float32Array, labels: Float32Array, batch: number): number[] {
    const classes = logits.length / batch;
    return Array.from({ length: batch }, (_, b) => {
      const row = logits.subarray(b * classes, (b + 1) * classes);
      const total = Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));
      return row.reduce((sum, value, c) => sum - labels[b * classes + c]! * (value - total), 0);
    });
  }
});

describe('one training step of DAS + MobileNetV3-Small', () => {
  it.skipIf(!pythonHas('torch')).each([1, 2] as const)(
    'agrees with PyTorch in double precision, stem stride %d',
    async (stemStride) => {
      const step = trainingStep(stepSpec(2, stemStride), 2, 0.05);
      const outputs = await floatOutputs(step);
      const gradients = step.graph.parameters.map(
        ({ name }) => [`gradient:${name}`, outputs.get(gradientName(name)) ?? new Float32Array()] as const,
      );
      const file = join(folder, `step${stemStride}.bin`);
      writeFileSync(
        file,
        encodeTensors(
          new Map([...named('weight', step.weights), ...named('input', step.inputs), ...gradients]),
        ),
      );
      const { classifier, slots, batch } = step.spec;
      const verdict = askJudge('torchStep.py', {
        file,
        weights: shapes(step.weights),
        inputs: shapes(step.inputs),
        shape: { batch, slots, ...classifier, heads: 4, tau0: 1 },
      }) as Verdict;

      expect(Math.abs((outputs.get('loss')?.[0] ?? NaN) - verdict.loss)).toBeLessThan(1e-5);
      const worst = Object.entries(verdict.errors)
        .filter(([, { size }]) => size > 1e-6)
        .toSorted(([, a], [, b]) => b.error - a.error)[0];
      console.log(`worst relative gradient error: ${worst?.[0]} ${worst?.[1].error.toExponential(1)}`);
      expect(Object.keys(verdict.errors)).toHaveLength(step.graph.parameters.length);
      expect(worst?.[1].error).toBeLessThan(1e-3);
    },
  );
});
