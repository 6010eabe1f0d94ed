import type { PreparedSeries, PreparedSplit } from './prepareVolumes.ts';

/**
 * Series of any length as series of one, for a training graph, which has one: frames are left out or repeated evenly
 * (docs/adr/0013). Context and anchor of a frame stay those of the whole series, as at inference.
 */
export function alignFrames(split: PreparedSplit, frames: number): PreparedSplit {
  return { ...split, frames, series: split.series.map((series) => aligned(series, frames)) };
}

function aligned(series: PreparedSeries, frames: number): PreparedSeries {
  const own = series.anchor.length;
  if (own === frames) return series;
  const kept = Array.from({ length: frames }, (_, t) => Math.floor(((t + 0.5) * own) / frames));
  const rows = (values: Float32Array): Float32Array => {
    const width = values.length / own;
    const gathered = new Float32Array(frames * width);
    kept.forEach((from, to) => {
      gathered.set(values.subarray(from * width, (from + 1) * width), to * width);
    });
    return gathered;
  };
  // Every field is named, so that one that is added must say how it is aligned.
  return {
    perFrame: rows(series.perFrame),
    pooled: series.pooled,
    thumbnails: series.thumbnails === null ? null : rows(series.thumbnails),
    anchor: rows(series.anchor),
    variance: rows(series.variance),
    seen: rows(series.seen),
    pixels: rows(series.pixels),
    label: series.label,
  };
}
