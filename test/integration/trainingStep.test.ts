import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onnxRuntimeEngine } from '../../src/ml/engines/onnxRuntime.ts';
import type { LearnedSamplerSpec } from '../../src/ml/networks/sampledChoice.ts';
import { gradientName } from '../../src/ml/networks/trainingGraph.ts';
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
    DAS: { kind: 'das', noise: 1, base: 'learned', heads: 4, tau0: 1, widths: CONTEXT_WIDTHS },
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
