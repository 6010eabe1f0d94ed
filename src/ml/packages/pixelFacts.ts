/** What the scope of a package asks of pixel values. */
export interface PixelFacts {
  /** Modality values; +∞ and −∞ before the first pixel. */
  readonly min: number;
  readonly max: number;
  /** Distinct values as they were met; one more than a mask has is enough to know that it is none. */
  readonly distinct: readonly number[];
}

export const NO_PIXELS: PixelFacts = { min: Infinity, max: -Infinity, distinct: [] };
const DISTINCT_LIMIT = 3;

/** Facts of the pixels so far and of one more frame; values that are not finite are no pixels. */
export function addPixels(facts: PixelFacts, values: ArrayLike<number>): PixelFacts {
  let { min, max } = facts;
  const distinct = new Set(facts.distinct);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    if (distinct.size < DISTINCT_LIMIT) distinct.add(value);
  }
  return { min, max, distinct: [...distinct] };
}

/** 0 and one other value, both present. */
export function isMask({ distinct }: PixelFacts): boolean {
  return distinct.length === 2 && distinct.includes(0);
}
