import { THUMBNAIL_SIZE } from '../../contract/sampling.ts';
import type { EdgeSums, FeatureKernel, Moments, ReducedFrame, SmallIntegers } from './featureKernel.ts';
import { cellRange, reductionOf, sharedFloats } from './plane.ts';

/**
 * Plain TypeScript with the results of the WebAssembly kernel: equal bit for bit where pixels are integers, Sobel
 * within 1e-6. The fall-back where WebAssembly does not load.
 */
export const referenceKernel: FeatureKernel = {
  name: 'reference',
  reduce,
  describe: (values, plane, rows, columns) => ({
    moments: momentsOf(values.length, (i) => values[i]!),
    edges: edgeSums(plane, rows, columns),
  }),
  compare: (a, b, c) => ({
    previous: momentsOf(b.length, (i) => b[i]! - a[i]!),
    next: momentsOf(b.length, (i) => c[i]! - b[i]!),
    curvature: momentsOf(b.length, (i) => c[i]! - b[i]! - (b[i]! - a[i]!)),
  }),
  gram,
};

function reduce(values: SmallIntegers, rows: number, columns: number, samples: 1 | 3): ReducedFrame {
  const { factor, rows: planeRows, columns: planeColumns } = reductionOf(rows, columns);
  const plane = sharedFloats(samples * planeRows * planeColumns);
  const cells = new Float64Array(samples * THUMBNAIL_SIZE * THUMBNAIL_SIZE);
  const sumOf = (channel: number, y0: number, y1: number, x0: number, x1: number): number => {
    let sum = 0;
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) sum += values[(y * columns + x) * samples + channel]!;
    }
    return sum;
  };
  let at = 0;
  let cell = 0;
  for (let channel = 0; channel < samples; channel++) {
    for (let y = 0; y < rows; y += factor) {
      for (let x = 0; x < columns; x += factor) {
        const y1 = Math.min(y + factor, rows);
        const x1 = Math.min(x + factor, columns);
        plane[at++] = (sumOf(channel, y, y1, x, x1) * factor * factor) / ((y1 - y) * (x1 - x));
      }
    }
    for (let row = 0; row < THUMBNAIL_SIZE; row++) {
      for (let column = 0; column < THUMBNAIL_SIZE; column++) {
        cells[cell++] = sumOf(channel, ...cellRange(row, rows), ...cellRange(column, columns));
      }
    }
  }
  return { plane, cells };
}

function momentsOf(length: number, value: (index: number) => number): Moments {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < length; i++) {
    const v = value(i);
    sum += v;
    squares += v * v;
  }
  return { sum, squares };
}

function edgeSums(plane: Float32Array, rows: number, columns: number): EdgeSums {
  const sums: EdgeSums = { magnitude: 0, power: 0, absolute: 0, laplacian: 0, squares: 0 };
  for (let y = 0; y < rows; y++) {
    const up = reflect(y - 1, rows) * columns;
    const row = y * columns;
    const down = reflect(y + 1, rows) * columns;
    for (let x = 0; x < columns; x++) {
      const l = reflect(x - 1, columns);
      const r = reflect(x + 1, columns);
      const a0 = plane[up + l]!;
      const a1 = plane[up + x]!;
      const a2 = plane[up + r]!;
      const b0 = plane[row + l]!;
      const b1 = plane[row + x]!;
      const b2 = plane[row + r]!;
      const c0 = plane[down + l]!;
      const c1 = plane[down + x]!;
      const c2 = plane[down + r]!;
      const gx = a2 - a0 + (c2 - c0) + 2 * (b2 - b0);
      const gy = c0 - a0 + (c2 - a2) + 2 * (c1 - a1);
      const power = gx * gx + gy * gy;
      const laplacian = a1 + c1 + b0 + b2 - 4 * b1;
      sums.magnitude += Math.sqrt(power);
      sums.power += power;
      sums.absolute += Math.abs(laplacian);
      sums.laplacian += laplacian;
      sums.squares += laplacian * laplacian;
    }
  }
  return sums;
}

/** The border is mirrored at its last pixel (… 2 1 | 0 1 2 …); a single row or column is its own neighbour. */
function reflect(index: number, length: number): number {
  if (index < 0) return Math.min(1, length - 1);
  return index < length ? index : Math.max(0, length - 2);
}

function gram(vectors: Float64Array, count: number, length: number): Float64Array {
  const products = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = i; j < count; j++) {
      let sum = 0;
      for (let n = 0; n < length; n++) sum += vectors[i * length + n]! * vectors[j * length + n]!;
      products[i * count + j] = sum;
      products[j * count + i] = sum;
    }
  }
  return products;
}
