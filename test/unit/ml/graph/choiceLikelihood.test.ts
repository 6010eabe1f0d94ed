import { describe, expect, it } from 'vitest';
import { onnxRuntimeEngine } from '../../../../src/ml/engines/onnxRuntime.ts';
import { choiceLogLikelihood } from '../../../../src/ml/graph/ops/selection.ts';
import { Tape } from '../../../../src/ml/graph/tape.ts';
import { writeOnnx } from '../../../../src/ml/graph/writeOnnx.ts';
import { seededRandom } from '../../../../src/ml/seededRandom.ts';
import { gumbel } from '../../../../src/ml/training/randomness.ts';
import { gradientError, floatsOf, tensor } from './checkGradients.ts';

const FRAMES = 4;
const SLOTS = 2;
const SCALE = 1.5;
const logits = Float32Array.of(0.3, -1, 2, 0.5, 1, 1, -0.5, 0);
/** Every ordered pair of different frames. */
const PAIRS = Array.from(
  { length: FRAMES ** 2 },
  (_, i) => [Math.floor(i / FRAMES), i % FRAMES] as const,
).filter(([a, b]) => a !== b);

function oneHot(pairs: readonly (readonly [number, number])[]): Float32Array {
  return Float32Array.from(
    pairs.flatMap((pair) => pair.flatMap((t) => Array.from({ length: FRAMES }, (_, i) => Number(i === t)))),
  );
}

describe('the likelihood of a choice without replacement', () => {
  it('adds up to 1 over all choices, and is how often Gumbel noise makes each', async () => {
    const tape = new Tape();
    const { graph } = tape;
    const dims = [PAIRS.length, SLOTS, FRAMES];
    const choice = graph.constant(oneHot(PAIRS), dims);
    const values = graph.input('logits', dims);
    graph.output('logP', choiceLogLikelihood(tape, choice, values, SCALE));
    const session = await (await onnxRuntimeEngine('cpu', 1)).createSession(writeOnnx(graph.model()));
    const repeated = Float32Array.from(
      { length: PAIRS.length * logits.length },
      (_, i) => logits[i % logits.length]!,
    );
    const logP = floatsOf(await session.run({ logits: tensor(dims, repeated) }), 'logP');
    await session.release();
    expect(logP.reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 5);

    const random = seededRandom(3);
    const draws = 40_000;
    const counts = new Map<string, number>();
    for (let i = 0; i < draws; i++) {
      const noisy = logits.map((value) => value + SCALE * gumbel(random));
      const best = (row: Float32Array, taken: number): number =>
        row.reduce((top, value, t) => (t !== taken && (top < 0 || value > row[top]!) ? t : top), -1);
      const first = best(noisy.subarray(0, FRAMES), -1);
      const key = `${first},${best(noisy.subarray(FRAMES), first)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    PAIRS.forEach((pair, i) => {
      expect(Math.abs((counts.get(String(pair)) ?? 0) / draws - Math.exp(logP[i] ?? NaN))).toBeLessThan(0.01);
    });
  });

  it('has gradients that agree with central differences', async () => {
    const chosen = PAIRS.slice(0, 3);
    const error = await gradientError(
      {
        shapes: [[3, SLOTS, FRAMES]],
        build: (tape, a) =>
          choiceLogLikelihood(tape, tape.graph.constant(oneHot(chosen), [3, SLOTS, FRAMES]), a, SCALE),
      },
      2,
    );
    expect(error).toBeLessThan(2e-3);
  });
});
