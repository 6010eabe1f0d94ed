import { onnxRuntimeEngine } from '../../../../src/ml/engines/onnxRuntime.ts';
import type { EngineSession, Tensor, Tensors } from '../../../../src/ml/engines/engine.ts';
import type { Value } from '../../../../src/ml/graph/graph.ts';
import { elementCount, staticShape } from '../../../../src/ml/graph/shape.ts';
import { Tape } from '../../../../src/ml/graph/tape.ts';
import { writeOnnx } from '../../../../src/ml/graph/writeOnnx.ts';
import { seededRandom } from '../../../../src/ml/seededRandom.ts';

export interface GradientCase {
  readonly shapes: readonly (readonly number[])[];
  /** Takes as many parameters as there are shapes; up to three. */
  readonly build: (tape: Tape, a: Value, b: Value, c: Value) => Value;
  /** Entries of the parameters; standard uniform in [−1, 1) when absent. */
  readonly draw?: (random: () => number) => number;
  readonly step?: number;
}

/**
 * Largest |analytic − numeric| / (1 + |numeric|) over all entries of all parameters, for the sum of the result
 * weighted at random. Both run through onnxruntime; the numeric one is a central difference.
 */
export async function gradientError(testCase: GradientCase, seed: number): Promise<number> {
  const random = seededRandom(seed);
  const tape = new Tape();
  const values = testCase.shapes.map((shape, i) => tape.parameter(`p${i}`, shape));
  const y = testCase.build(tape, values[0]!, values[1] ?? values[0]!, values[2] ?? values[0]!);
  const weights = Float32Array.from({ length: elementCount(y.shape) }, () => 2 * random() - 1);
  tape.graph.output('y', y);
  tape.gradients(y, tape.graph.constant(weights, staticShape(y.shape)), values).forEach((gradient, i) => {
    tape.graph.output(`g${i}`, gradient);
  });
  const session = await (await onnxRuntimeEngine('cpu', 1)).createSession(writeOnnx(tape.graph.model()));
  const draw = testCase.draw ?? ((next) => 2 * next() - 1);
  const inputs = Object.fromEntries(
    testCase.shapes.map((shape, i) => [
      `p${i}`,
      tensor(
        shape,
        Float32Array.from({ length: elementCount(shape) }, () => draw(random)),
      ),
    ]),
  );
  const error = await worstError(session, inputs, weights, testCase.step ?? 1e-2);
  await session.release();
  return error;
}

export function tensor(
  dims: readonly number[],
  data: Float32Array,
): Tensor & { readonly data: Float32Array } {
  return { type: 'float32', dims, data };
}

export function floatsOf(outputs: Tensors, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`there is no output ${name}`);
  return data;
}

async function worstError(
  session: EngineSession,
  inputs: Record<string, Tensor & { readonly data: Float32Array }>,
  weights: Float32Array,
  step: number,
): Promise<number> {
  const value = async (): Promise<number> => {
    const y = floatsOf(await session.run(inputs), 'y');
    return y.reduce((sum, entry, i) => sum + entry * weights[i]!, 0);
  };
  const outputs = await session.run(inputs);
  let worst = 0;
  for (const [i, { data }] of Object.values(inputs).entries()) {
    const gradient = floatsOf(outputs, `g${i}`).slice();
    for (let at = 0; at < data.length; at++) {
      const original = data[at]!;
      data[at] = original + step;
      const above = await value();
      data[at] = original - step;
      const below = await value();
      data[at] = original;
      const numeric = (above - below) / (2 * step);
      worst = Math.max(worst, Math.abs(gradient[at]! - numeric) / (1 + Math.abs(numeric)));
    }
  }
  return worst;
}
