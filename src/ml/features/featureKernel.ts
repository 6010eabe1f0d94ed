/** The arithmetic that touches every pixel, done by WebAssembly or by plain TypeScript with the same results. */

export type SmallIntegers = Uint8Array | Int8Array | Uint16Array | Int16Array;

export interface Moments {
  sum: number;
  squares: number;
}

/** Sums over all pixels of |g| and |g|² (Sobel), |L|, L and L² (4-neighbour Laplacian); border reflected. */
export interface EdgeSums {
  magnitude: number;
  power: number;
  absolute: number;
  laplacian: number;
  squares: number;
}

export interface PlaneSums {
  moments: Moments;
  edges: EdgeSums;
}

export interface Comparison {
  previous: Moments;
  next: Moments;
  curvature: Moments;
}

export interface ReducedFrame {
  /** samples × reduced rows × reduced columns: sums over factor² pixels; ragged blocks brought to that scale. */
  plane: Float32Array<SharedArrayBuffer>;
  /** samples × 32 × 32: sums over the pixels of each thumbnail cell. */
  cells: Float64Array;
}

export interface FeatureKernel {
  readonly name: 'wasm' | 'reference';
  /** @param values rows × columns × samples stored values, channels interleaved */
  reduce(values: SmallIntegers, rows: number, columns: number, samples: 1 | 3): ReducedFrame;
  /**
   * @param values all channels, for the moments
   * @param edges rows × columns, for the edges: `values` itself where there is one channel
   */
  describe(values: Float32Array, edges: Float32Array, rows: number, columns: number): PlaneSums;
  /** Moments of b − a, of c − b, and of a − 2b + c. */
  compare(a: Float32Array, b: Float32Array, c: Float32Array): Comparison;
  /** @param vectors count × length; @returns count × count dot products */
  gram(vectors: Float64Array, count: number, length: number): Float64Array;
}
