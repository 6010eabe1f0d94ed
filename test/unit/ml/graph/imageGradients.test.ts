import { describe, expect, it } from 'vitest';
import { multiply } from '../../../../src/ml/graph/ops/arithmetic.ts';
import { batchNorm } from '../../../../src/ml/graph/ops/batchNorm.ts';
import { convolution, pointwise } from '../../../../src/ml/graph/ops/convolution.ts';
import { depthwise } from '../../../../src/ml/graph/ops/depthwise.ts';
import { seededRandom } from '../../../../src/ml/seededRandom.ts';
import { type GradientCase, gradientError } from './checkGradients.ts';

interface Geometry {
  readonly kernel: number;
  readonly stride: number;
}

const GEOMETRIES: readonly Geometry[] = [1, 3, 5].flatMap((kernel) =>
  [1, 2].map((stride) => ({ kernel, stride })),
);

/** Channels, images, rows and columns, odd and even, square and not. */
function randomMaps(seed: number): [number, number, number, number] {
  const random = seededRandom(seed);
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  return [between(1, 3), between(1, 3), between(3, 8), between(3, 8)];
}

/** Two sizes for each kernel and stride. */
const CASES = GEOMETRIES.flatMap((geometry, i) =>
  [0, 1].map((trial) => ({ ...geometry, maps: randomMaps(100 * i + trial) })),
);

describe('gradients of convolutions agree with central differences', () => {
  it.each(CASES)('dense, kernel $kernel, stride $stride, maps $maps', async ({ kernel, stride, maps }) => {
    const testCase: GradientCase = {
      shapes: [maps, [2, maps[0], kernel, kernel]],
      build: (tape, x, w) => convolution(tape, x, w, stride),
    };
    expect(await gradientError(testCase, 3)).toBeLessThan(2e-3);
  });

  it.each(CASES)(
    'depthwise, kernel $kernel, stride $stride, maps $maps',
    async ({ kernel, stride, maps }) => {
      const viaLimit = (limit: number): Promise<number> =>
        gradientError(
          {
            shapes: [maps, [maps[0], 1, kernel, kernel]],
            build: (tape, x, w) => depthwise(tape, x, w, stride, limit),
          },
          4,
        );
      expect(await viaLimit(0)).toBeLessThan(2e-3);
      expect(await viaLimit(Infinity)).toBeLessThan(2e-3);
    },
  );

  it('pointwise', async () => {
    const testCase: GradientCase = {
      shapes: [
        [3, 2, 4, 3],
        [5, 3],
      ],
      build: (tape, x, w) => pointwise(tape, x, w),
    };
    expect(await gradientError(testCase, 5)).toBeLessThan(2e-3);
  });

  it('batch normalisation, with gain and offset', async () => {
    const testCase: GradientCase = {
      shapes: [[3, 4, 2, 2], [3], [3]],
      build: (tape, x, gamma, beta) => {
        const { y } = batchNorm(tape, x, gamma, beta, 1e-3);
        return multiply(tape, y, y);
      },
    };
    expect(await gradientError(testCase, 6)).toBeLessThan(5e-3);
  });
});
