/** Which frames of a multi-frame object stay. */
export interface FrameCut {
  /** Zero-based numbers in the source file, ascending. */
  kept: readonly number[];
  /** Frames of the source file. */
  count: number;
}

/** New numbers, from 1, of those frames that stay; `numbers` count from 1 in the source. */
export function renumber(cut: FrameCut, numbers: readonly number[]): number[] {
  return numbers.map((number) => cut.kept.indexOf(number - 1) + 1).filter((number) => number > 0);
}

/** Every value by its rank among the distinct values, from 1: a dense index. */
export function denseIndex(values: readonly number[]): number[] {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const rank = new Map(distinct.map((value, index) => [value, index + 1]));
  return values.map((value) => rank.get(value) ?? 0);
}
