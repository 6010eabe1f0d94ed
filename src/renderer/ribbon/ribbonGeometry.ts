import type { RibbonRange } from './ribbonRange.ts';

/** Left edge of a frame's bar in a ribbon `width` pixels wide. */
export function leftOf(frame: number, range: RibbonRange, width: number): number {
  return ((frame - range.first) / (range.end - range.first)) * width;
}

/** Frame under a place, kept inside the series. */
export function frameAt(x: number, range: RibbonRange, width: number, frames: number): number {
  const frame = Math.floor(range.first + (x / width) * (range.end - range.first));
  return Math.min(frames - 1, Math.max(0, frame));
}

const STEPS = [1, 2, 5] as const;

/** Image numbers (from 1) to write under the ribbon: the first, round ones, the last; at most about `most`. */
export function axisNumbers(range: RibbonRange, most: number): number[] {
  const first = Math.floor(range.first) + 1;
  const last = Math.max(first, Math.ceil(range.end));
  const step = stepFor(last - first, most);
  const numbers = [first];
  // Numbers that would touch the first or the last one are left out.
  for (
    let number = Math.ceil((first + step * 0.75) / step) * step;
    number <= last - step * 0.75;
    number += step
  ) {
    numbers.push(number);
  }
  if (last > first) numbers.push(last);
  return numbers;
}

function stepFor(span: number, most: number): number {
  for (let decade = 1; ; decade *= 10) {
    for (const step of STEPS) {
      if (span / (step * decade) <= Math.max(2, most)) return step * decade;
    }
  }
}
