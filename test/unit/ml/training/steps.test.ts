import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/ml/seededRandom.ts';
import { adamStep } from '../../../../src/ml/training/adam.ts';
import { fixedChoice, slotsFor } from '../../../../src/ml/training/chooseFrames.ts';
import type { LabelledVolumes } from '../../../../src/ml/training/dataSet.ts';
import { freedomOf, moveVolume } from '../../../../src/ml/training/moveVolume.ts';
import { prepareVolumes } from '../../../../src/ml/training/prepareVolumes.ts';
import { defaultProtocol, learningRateAt } from '../../../../src/ml/training/protocol.ts';
import { gaussian, gumbel, shuffled } from '../../../../src/ml/training/randomness.ts';
import { decodeTensors, encodeTensors } from '../../../../src/ml/training/tensorFile.ts';
import { FRAMES, SIZE, squareVolumes } from '../../../fixtures/labelledVolumes.ts';

describe('Adam', () => {
  it('follows the published update', () => {
    const slot = {
      spec: { name: 'w', shape: [1], start: { mean: 0, deviation: 0 } },
      weight: Float32Array.of(0.5),
      first: new Float32Array(1),
      second: new Float32Array(1),
    };
    let [weight, m, v] = [0.5, 0, 0];
    [0.3, -0.2, 0.9].forEach((gradient, i) => {
      adamStep(slot, Float32Array.of(gradient), i + 1, { learningRate: 0.1, weightDecay: 0.2 });
      m = 0.9 * m + 0.1 * gradient;
      v = 0.999 * v + 0.001 * gradient ** 2;
      const [mHat, vHat] = [m / (1 - 0.9 ** (i + 1)), v / (1 - 0.999 ** (i + 1))];
      weight = weight - 0.1 * 0.2 * weight - (0.1 * mHat) / (Math.sqrt(vHat) + 1e-8);
      expect(slot.weight[0]).toBeCloseTo(weight, 5);
    });
  });
});

describe('learning rate', () => {
  const protocol = { ...defaultProtocol('das'), learningRate: 1, warmupSteps: 10 };

  it('rises in a line, falls along a cosine, ends at zero', () => {
    expect(learningRateAt(5, 110, protocol)).toBeCloseTo(0.5);
    expect(learningRateAt(10, 110, protocol)).toBeCloseTo(1);
    expect(learningRateAt(60, 110, protocol)).toBeCloseTo(0.5);
    expect(learningRateAt(110, 110, protocol)).toBeCloseTo(0);
  });
});

describe('random draws', () => {
  it('have the moments of their distributions', () => {
    const random = seededRandom(1);
    const moments = (draw: () => number): [number, number] => {
      const values = Array.from({ length: 20_000 }, draw);
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      return [mean, values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length];
    };
    const [normalMean, normalVariance] = moments(() => gaussian(random));
    expect(normalMean).toBeCloseTo(0, 1);
    expect(normalVariance).toBeCloseTo(1, 1);
    const [gumbelMean, gumbelVariance] = moments(() => gumbel(random));
    expect(Math.abs(gumbelMean - 0.5772)).toBeLessThan(0.05);
    expect(Math.abs(gumbelVariance - Math.PI ** 2 / 6)).toBeLessThan(0.1);
  });

  it('shuffle without loss', () => {
    const order = shuffled(50, seededRandom(2));
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
  });
});

const READING = { features: 'handcrafted', sampling: 'topk' } as const;

describe('moving a volume', () => {
  /** One square, far enough from the border that no stencil sees it mirrored after a move by 3. */
  function centralSquare(): LabelledVolumes {
    const voxels = new Uint8Array(FRAMES * SIZE * SIZE);
    for (let y = 6; y < 10; y++) for (let x = 6; x < 9; x++) voxels[(3 * SIZE + y) * SIZE + x] = 255;
    return { count: 1, frames: FRAMES, rows: SIZE, columns: SIZE, voxels, labels: Uint8Array.of(0) };
  }

  it('moves every voxel and leaves the features as they are', () => {
    const volumes = centralSquare();
    const still = prepareVolumes(volumes, READING).series[0]!;
    expect(freedomOf(still.pixels, SIZE, SIZE, 3)).toEqual({ rows: [-3, 3], columns: [-3, 3] });
    const target = new Float32Array(still.pixels.length);
    moveVolume(still.pixels, { columns: SIZE }, { rows: 3, columns: -2 }, target, 0);
    expect(target[(3 * SIZE + 9) * SIZE + 4]).toBe(1);
    expect(target.indexOf(1)).toBe((3 * SIZE + 9) * SIZE + 4);
    expect(target.reduce((sum, value) => sum + value, 0)).toBe(12);

    const moved = prepareVolumes(
      { ...volumes, voxels: Uint8Array.from(target, (value) => 255 * value) },
      READING,
    ).series[0]!;
    for (const key of ['perFrame', 'pooled'] as const)
      moved[key].forEach((value, at) => {
        expect(value).toBeCloseTo(still[key][at] ?? NaN, 4);
      });
  });

  it('never reaches the border', () => {
    const { series } = prepareVolumes(squareVolumes(6, 7), READING);
    for (const { pixels } of series) {
      const { rows, columns } = freedomOf(pixels, SIZE, SIZE, 20);
      for (const [row, column] of [
        [rows[0], columns[0]],
        [rows[1], columns[1]],
      ] as const) {
        const target = new Float32Array(pixels.length);
        moveVolume(pixels, { columns: SIZE }, { rows: row, columns: column }, target, 0);
        expect(freedomOf(target, SIZE, SIZE, 20)).toEqual({
          rows: [rows[0] - row, rows[1] - row],
          columns: [columns[0] - column, columns[1] - column],
        });
      }
    }
  });

  it('is not done when something touches the border', () => {
    const pixels = new Float32Array(16);
    pixels[5] = 1;
    pixels[3] = 1;
    expect(freedomOf(pixels, 4, 4, 2)).toEqual({ rows: [0, 0], columns: [0, 0] });
  });
});

describe('choices without weights', () => {
  const series = { variance: Float32Array.of(0.1, 3, 0.2, 3, -1, 2, 0, 1) };

  it('are k distinct ascending frames', () => {
    expect([...fixedChoice('uniform', series, 4, 0)]).toEqual([1, 3, 5, 7]);
    expect([...fixedChoice('variance', series, 3, 0)]).toEqual([1, 3, 5]);
    expect([...fixedChoice('full', series, 8, 0)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const random = [...fixedChoice('random', series, 4, 3)];
    expect(new Set(random).size).toBe(4);
    expect([...fixedChoice('random', series, 4, 3)]).toEqual(random);
  });

  it('take k from the ratio, at least one', () => {
    expect(slotsFor('das', 0.5, 28)).toBe(14);
    expect(slotsFor('das', 0.01, 28)).toBe(1);
    expect(slotsFor('full', 0.5, FRAMES)).toBe(FRAMES);
  });
});

describe('tensor files', () => {
  const file = encodeTensors(
    new Map([
      ['a', Float32Array.of(1, -2.5)],
      ['ß/b', new Float32Array()],
      ['c', Float32Array.of(3)],
    ]),
  );

  it('read back bit for bit', () => {
    expect([...decodeTensors(file)]).toEqual([
      ['a', Float32Array.of(1, -2.5)],
      ['ß/b', new Float32Array()],
      ['c', Float32Array.of(3)],
    ]);
  });

  it('read the same from a Buffer, whose slices share memory', () => {
    expect([...decodeTensors(Buffer.concat([file]))]).toEqual([...decodeTensors(file)]);
  });

  it('are refused when cut anywhere, or when the header lies', () => {
    for (let length = 0; length < file.length; length++) {
      expect(() => decodeTensors(file.subarray(0, length))).toThrow(RangeError);
    }
    const lying = file.slice();
    lying[3] = 0x7f;
    expect(() => decodeTensors(lying)).toThrow(RangeError);
  });
});
