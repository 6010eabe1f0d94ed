import { describe, expect, it } from 'vitest';
import { pickFrames } from '../../../../src/ml/samplers/pickFrames.ts';
import { inclusions, selectSystematic } from '../../../../src/ml/samplers/selectSystematic.ts';
import { selectTopK } from '../../../../src/ml/samplers/selectTopK.ts';
import { selectUniform } from '../../../../src/ml/samplers/selectUniform.ts';
import { randomSource } from '../../../fixtures/frames.ts';

const isSelection = (indices: Int32Array, frames: number, k: number): boolean =>
  indices.length === k &&
  indices.every(
    (frame, slot) => frame >= 0 && frame < frames && (slot === 0 || frame > (indices[slot - 1] ?? -1)),
  );

describe('the k largest scores', () => {
  it('gives equal scores to the lower index and says that they tie', () => {
    expect(selectTopK(Float32Array.of(1, 3, 2, 3, 2), 3)).toStrictEqual({
      indices: Int32Array.of(1, 2, 3),
      tie: true,
    });
    expect(selectTopK(Float32Array.of(1, 3, 2, 3, 2), 2)).toStrictEqual({
      indices: Int32Array.of(1, 3),
      tie: false,
    });
    expect(selectTopK(new Float32Array(4), 2)).toStrictEqual({ indices: Int32Array.of(0, 1), tie: true });
  });

  it('takes every frame when all are asked for, without a tie', () => {
    expect(selectTopK(new Float32Array(3), 3)).toStrictEqual({ indices: Int32Array.of(0, 1, 2), tie: false });
  });

  it('never leaves a higher score behind', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const next = randomSource(seed);
      const scores = Float32Array.from({ length: 1 + Math.floor(next() * 60) }, () => Math.round(next() * 8));
      const k = 1 + Math.floor(next() * scores.length);
      const { indices } = selectTopK(scores, k);
      const kept = new Set(indices);
      const least = Math.min(...Array.from(indices, (frame) => scores[frame] ?? NaN));
      expect(isSelection(indices, scores.length, k)).toBe(true);
      expect(scores.every((score, frame) => kept.has(frame) || score <= least)).toBe(true);
    }
  });
});

describe('systematic sampling', () => {
  it('is uniform where the density is', () => {
    expect(selectSystematic(new Float64Array(8).fill(3), 4)).toStrictEqual({
      indices: Int32Array.of(0, 2, 4, 6),
      tie: true,
    });
    expect(selectSystematic(new Float64Array(9).fill(0.1), 3).indices).toStrictEqual(selectUniform(9, 3));
  });

  it('fills frames up to one and shares the rest in proportion', () => {
    const shares = inclusions(Float64Array.of(100, 1, 1, 2), 2);
    expect(Array.from(shares)).toStrictEqual([1, 0.25, 0.25, 0.5]);
    expect(Array.from(inclusions(Float64Array.of(5, 0, 0), 2)).reduce((a, b) => a + b)).toBe(2);
  });

  it('keeps exactly k distinct frames of any density, each stretch in proportion', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const next = randomSource(seed);
      const frames = 1 + Math.floor(next() * 200);
      const sharpness = 12 * next();
      const density = Float64Array.from({ length: frames }, () => Math.exp(sharpness * (next() - 0.5)));
      const k = 1 + Math.floor(next() * frames);
      const shares = inclusions(density, k);
      const { indices } = selectSystematic(density, k);
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(k, 9);
      expect(shares.every((share) => share > 0 && share <= 1)).toBe(true);
      expect(isSelection(indices, frames, k)).toBe(true);
      const kept = new Set(indices);
      let expected = 0;
      let found = 0;
      for (let t = 0; t < frames; t++) {
        expected += shares[t] ?? 0;
        if (kept.has(t)) found++;
        expect(Math.abs(found - expected)).toBeLessThanOrEqual(0.5 + 1e-9);
      }
    }
  });

  it('reads scores as densities by softplus, sharpened by the temperature', () => {
    const base = Float32Array.of(-1, 0, 4, 0, -1, 4);
    const scores = { base, logits: new Float32Array(), temperature: 2 };
    const density = Float64Array.from(base, (x) => Math.log(1 + Math.exp(x / 2)));
    expect(pickFrames({ base: 'learned', sampling: 'systematic' }, scores, 3)).toStrictEqual(
      selectSystematic(density, 3),
    );
    expect(pickFrames({ base: 'learned', sampling: 'topk' }, scores, 2).indices).toStrictEqual(
      Int32Array.of(2, 5),
    );
  });
});
