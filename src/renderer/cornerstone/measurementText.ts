import { cache } from '@cornerstonejs/core';
import { text } from '../i18n/en.ts';
import { formatNumber } from '../i18n/format.ts';
import type { Tool } from '../viewports/tool.ts';

/** What Cornerstone computed for a measurement on one image or volume. */
interface Statistics {
  index?: ArrayLike<number> | null;
  value?: unknown;
  area?: number;
  areaUnit?: string;
  mean?: number;
  stdDev?: number;
  min?: number;
  max?: number;
}

interface Measured {
  cachedStats: Record<string, Statistics | undefined>;
}

/** What a modality value is. */
export interface ValueMeaning {
  unit: string | null;
  /** PET: SUVbw of one unit; null: not known, or no PET. */
  suvFactor: number | null;
}

const words = text.measure;
const IMAGE_TARGET = 'imageId:';

/** Configuration of the tools that show values: with the file's own unit, not with a guess from the modality. */
export function measurementText(tool: Tool, meaning: () => ValueMeaning | null): Record<string, unknown> {
  const textLines =
    (make: (statistics: Statistics, target: string) => string[]) =>
    ({ cachedStats }: Measured, target: string): string[] => {
      const statistics = cachedStats[target];
      return statistics === undefined ? [] : make(statistics, target);
    };
  if (tool === 'probe') {
    return {
      getTextLines: textLines((statistics, target) => probeLines(probedValue(statistics, target), meaning())),
    };
  }
  if (tool === 'ellipse') {
    return { getTextLines: textLines((statistics) => ellipseLines(statistics, meaning())) };
  }
  return {};
}

/**
 * The value under the probe. In a stack Cornerstone 5.14 looks it up at the frame's number inside the image of that one
 * frame, and finds nothing but in the first: it is read from the image here.
 */
function probedValue({ index, value }: Statistics, target: string): unknown {
  const image = target.startsWith(IMAGE_TARGET)
    ? cache.getImage(target.slice(IMAGE_TARGET.length))
    : undefined;
  const [column, row] = [index?.[0], index?.[1]];
  if (image?.voxelManager === undefined || column === undefined || row === undefined) return value;
  return image.voxelManager.getAtIJK(column, row, 0);
}

function probeLines(value: unknown, meaning: ValueMeaning | null): string[] {
  if (typeof value === 'number')
    return [`${formatNumber(value, 2)} ${meaning?.unit ?? ''}`.trim(), ...uptakeLine(value, '', meaning)];
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return [];
  return [Array.from(value as ArrayLike<number>, (part) => formatNumber(part, 2)).join(', ')];
}

/** The uptake beside the file's own unit, where it can be told. */
function uptakeLine(value: number | undefined, label: string, meaning: ValueMeaning | null): string[] {
  const factor = meaning?.suvFactor ?? null;
  if (factor === null || value === undefined) return [];
  return [`${words.uptake} ${label} ${formatNumber(value * factor, 2)}`.replace('  ', ' ')];
}

function ellipseLines(
  { area, areaUnit, mean, stdDev, min, max }: Statistics,
  meaning: ValueMeaning | null,
): string[] {
  const unit = meaning?.unit ?? '';
  const shown = (label: string, value: number | undefined, digits: number, suffix: string): string[] =>
    value === undefined ? [] : [`${label} ${formatNumber(value, digits)} ${suffix}`.trim()];
  return [
    ...shown(words.area, area, 1, areaUnit ?? ''),
    ...shown(words.mean, mean, 1, unit),
    ...shown(words.deviation, stdDev, 1, unit),
    ...shown(words.smallest, min, 1, unit),
    ...shown(words.largest, max, 1, unit),
    ...uptakeLine(mean, words.mean, meaning),
    ...uptakeLine(max, words.largest, meaning),
  ];
}
