import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../../../../src/ml/engines/onnxRuntime.ts';
import { sampleSystematically } from '../../../../src/ml/graph/ops/systematic.ts';
import { Tape } from '../../../../src/ml/graph/tape.ts';
import { writeOnnx } from '../../../../src/ml/graph/writeOnnx.ts';
import { inclusions, selectSystematic } from '../../../../src/ml/samplers/selectSystematic.ts';
import { seededRandom } from '../../../../src/ml/seededRandom.ts';
import { floatsOf, tensor } from './checkGradients.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await onnxRuntimeEngine('cpu', 1);
});

/** P [k, T] of one series, and the gradient of Σ upstream ⊙ P by its density. */
async function sample(
  density: Float32Array,
  start: number,
  slots: number,
  upstream: Float32Array,
): Promise<{ choice: Float32Array; gradient: Float32Array }> {
  const frames = density.length;
  const tape = new Tape();
  const input = tape.parameter('density', [1, 1, frames]);
  const choice = sampleSystematically(tape, input, tape.graph.input('start', [1, 1, 1]), slots);
  const [gradient] = tape.gradients(choice, tape.graph.constant(upstream, [1, slots, frames]), [input]);
  tape.graph.output('choice', choice);
  if (gradient === undefined) throw new Error('no gradient');
  tape.graph.output('gradient', gradient);
  const session = await engine.createSession(writeOnnx(tape.graph.model()));
  const outputs = await session.run({
    density: tensor([1, 1, frames], density),
    start: tensor([1, 1, 1], Float32Array.of(start)),
  });
  await session.release();
  return { choice: floatsOf(outputs, 'choice'), gradient: floatsOf(outputs, 'gradient') };
}

/** Densities from even to so uneven that some frames are kept for certain. */
function densities(frames: number, seed: number, spread: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: frames }, () => Math.exp(spread * (2 * random() - 1)));
}

const CASES = [
  [1, 1],
  [2, 1],
  [2, 2],
  [9, 8],
  [28, 7],
  [60, 15],
] as const;

describe('systematic sampling in a training graph', () => {
  it.each(CASES)('of %d frames keeps the %d that the choice outside keeps', async (frames, slots) => {
    for (const spread of [0, 1, 4])
      for (const start of [0.05, 0.3, 0.62, 0.95]) {
        const density = densities(frames, 5 + frames, spread);
        const { choice } = await sample(density, start, slots, new Float32Array(slots * frames));
        const rows = Array.from({ length: slots }, (_, j) => [
          ...choice.subarray(j * frames, (j + 1) * frames),
        ]);
        expect(rows.every((row) => row.filter((value) => value === 1).length === 1)).toBe(true);
        expect(rows.flat().every((value) => value === 0 || value === 1)).toBe(true);
        const kept = rows.map((row) => row.indexOf(1));
        expect(new Set(kept).size).toBe(slots);
        // Equal densities put the sums on the thresholds, where single precision may fall to either side.
        if (spread > 0)
          expect(kept).toEqual([...selectSystematic(Float64Array.from(density), slots, start).indices]);
      }
  });

  it.each(CASES)(
    'of %d frames, k = %d: its gradient is that of the mean over all starts',
    async (frames, slots) => {
      const random = seededRandom(9);
      const density = densities(frames, 3, 2);
      const upstream = Float32Array.from({ length: slots * frames }, () => 2 * random() - 1);
      const { gradient } = await sample(density, 0.5, slots, upstream);
      const meanOver = (values: Float64Array): number => {
        const sums = new Float64Array(frames);
        inclusions(values, slots).forEach((share, t) => {
          sums[t] = share + (sums[t - 1] ?? 0);
        });
        let total = 0;
        for (let j = 0; j < slots; j++)
          for (let t = 0; t < frames; t++) {
            const inside = (sum: number): number => Math.min(1, Math.max(0, sum - j));
            total += upstream[j * frames + t]! * (inside(sums[t]!) - inside(t === 0 ? 0 : sums[t - 1]!));
          }
        return total;
      };
      const step = 1e-6;
      density.forEach((value, t) => {
        const moved = (by: number): Float64Array =>
          Float64Array.from(density, (one, i) => (i === t ? value + by : one));
        const slope = (meanOver(moved(step)) - meanOver(moved(-step))) / (2 * step);
        expect(Math.abs(gradient[t]! - slope)).toBeLessThan(2e-3 * (1 + Math.abs(slope)));
      });
    },
  );
});
