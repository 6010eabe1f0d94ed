import { describe, expect, it } from 'vitest';
import { onnxRuntimeEngine } from '../../../../src/ml/engines/onnxRuntime.ts';
import { pickFrames, sampleWithoutReplacement } from '../../../../src/ml/graph/ops/selection.ts';
import { Tape } from '../../../../src/ml/graph/tape.ts';
import { writeOnnx } from '../../../../src/ml/graph/writeOnnx.ts';
import { seededRandom } from '../../../../src/ml/seededRandom.ts';
import { floatsOf, tensor } from './checkGradients.ts';

const BATCH = 2;
const SLOTS = 3;
const FRAMES = 5;
const PIXELS = 4;

interface Sampled {
  readonly choice: Float32Array;
  readonly picked: Float32Array;
  readonly logitsGradient: Float32Array;
  readonly temperatureGradient: Float32Array;
}

const random = seededRandom(5);
const draw = (length: number): Float32Array => Float32Array.from({ length }, () => 4 * random() - 2);
const logits = draw(BATCH * SLOTS * FRAMES);
const frames = draw(BATCH * FRAMES * PIXELS);
const upstream = draw(BATCH * SLOTS * PIXELS);
const temperature = Float32Array.of(0.7, 1.4);

async function sample(): Promise<Sampled> {
  const tape = new Tape();
  const { graph } = tape;
  const values = [
    tape.parameter('logits', [BATCH, SLOTS, FRAMES]),
    tape.parameter('temperature', [BATCH, 1, 1]),
  ];
  const choice = sampleWithoutReplacement(tape, values[0]!, values[1]!);
  const picked = pickFrames(tape, choice, graph.constant(frames, [BATCH, FRAMES, PIXELS]));
  const seed = graph.constant(upstream, [BATCH, SLOTS, PIXELS]);
  graph.output('choice', choice);
  graph.output('picked', picked);
  tape.gradients(picked, seed, values).forEach((gradient, i) => {
    graph.output(`g${i}`, gradient);
  });
  const session = await (await onnxRuntimeEngine('cpu', 1)).createSession(writeOnnx(graph.model()));
  const outputs = await session.run({
    logits: tensor([BATCH, SLOTS, FRAMES], logits),
    temperature: tensor([BATCH, 1, 1], temperature),
  });
  await session.release();
  return {
    choice: floatsOf(outputs, 'choice'),
    picked: floatsOf(outputs, 'picked'),
    logitsGradient: floatsOf(outputs, 'g0'),
    temperatureGradient: floatsOf(outputs, 'g1'),
  };
}

/** Frame of every slot, taken greedily from the free ones. */
function greedy(): number[][] {
  return Array.from({ length: BATCH }, (_, b) => {
    const taken: number[] = [];
    for (let j = 0; j < SLOTS; j++) {
      const row = Array.from({ length: FRAMES }, (_, t) =>
        taken.includes(t) ? -Infinity : logits[at(b, j, t)]!,
      );
      taken.push(row.indexOf(Math.max(...row)));
    }
    return taken;
  });
}

const at = (b: number, j: number, t: number): number => (b * SLOTS + j) * FRAMES + t;

/** Σ upstream ⊙ P_soft·X in double precision, with the mask of the greedy choice held fixed. */
function softObjective(values: ArrayLike<number>, temperatures: ArrayLike<number>): number {
  const chosen = greedy();
  let total = 0;
  for (let b = 0; b < BATCH; b++) {
    for (let j = 0; j < SLOTS; j++) {
      const free = Array.from({ length: FRAMES }, (_, t) => t).filter(
        (t) => !chosen[b]!.slice(0, j).includes(t),
      );
      const powers = free.map((t) => Math.exp(values[at(b, j, t)]! / temperatures[b]!));
      const sum = powers.reduce((x, y) => x + y, 0);
      free.forEach((t, i) => {
        for (let p = 0; p < PIXELS; p++) {
          const pixel = frames[(b * FRAMES + t) * PIXELS + p]!;
          total += (powers[i]! / sum) * pixel * upstream[(b * SLOTS + j) * PIXELS + p]!;
        }
      });
    }
  }
  return total;
}

function slope(length: number, value: (delta: (i: number) => number) => number): number[] {
  const step = 1e-5;
  return Array.from({ length }, (_, i) => {
    const moved = (size: number): number => value((j) => (i === j ? size : 0));
    return (moved(step) - moved(-step)) / (2 * step);
  });
}

describe('sampling without replacement', () => {
  it('takes exactly k different frames, slot by slot the best free one', async () => {
    const { choice } = await sample();
    const indices = Array.from({ length: BATCH }, (_, b) =>
      Array.from({ length: SLOTS }, (_, j) => choice.subarray(at(b, j, 0), at(b, j + 1, 0)).indexOf(1)),
    );
    expect(indices).toEqual(greedy());
    expect(indices.every((row) => new Set(row).size === SLOTS)).toBe(true);
    expect(choice.reduce((sum, value) => sum + value, 0)).toBe(BATCH * SLOTS);
  });

  it('gives the frames themselves, not mixtures', async () => {
    const { picked } = await sample();
    const expected = greedy().flatMap((row, b) =>
      row.flatMap((t) => [...frames.subarray((b * FRAMES + t) * PIXELS, (b * FRAMES + t + 1) * PIXELS)]),
    );
    expect([...picked]).toEqual(expected);
  });

  it('sends gradients through the softmax with taken frames masked', async () => {
    const { logitsGradient, temperatureGradient } = await sample();
    const byLogits = slope(logits.length, (delta) =>
      softObjective(
        Array.from(logits, (v, i) => v + delta(i)),
        temperature,
      ),
    );
    const byTemperature = slope(BATCH, (delta) =>
      softObjective(
        logits,
        Array.from(temperature, (v, i) => v + delta(i)),
      ),
    );
    byLogits.forEach((value, i) => {
      expect(logitsGradient[i]).toBeCloseTo(value, 4);
    });
    byTemperature.forEach((value, i) => {
      expect(temperatureGradient[i]).toBeCloseTo(value, 4);
    });
  });
});
