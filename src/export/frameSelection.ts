import { KeysliceError } from '../contract/errors.ts';
import type { FrameRecord, Series, Vec3 } from '../contract/series.ts';

/** The kept frames of a series, as all exporters see them. */
export interface FrameSelection {
  /** Frame numbers in the series, ascending, distinct. */
  numbers: readonly number[];
  frames: readonly FrameRecord[];
  /** Phases among the kept frames, ascending. */
  phases: readonly number[];
  /** Places within a phase among the kept frames, ascending. */
  slices: readonly number[];
  /** How many frames there were to choose from: those of one phase, or of the series. */
  total: number;
  /** Distance of the kept slices along their normal, in mm; null where there is no single one. */
  sliceSpacing: number | null;
}

/** Slices whose distances differ by more than this share of the median are uneven, as when series are read. */
const EVEN_SHARE = 0.01;
const EVEN_MM = 0.01;

/** @throws KeysliceError FRAME_OUT_OF_RANGE */
export function selectFrames(series: Series, numbers: readonly number[]): FrameSelection {
  const ascending = [...new Set(numbers)].sort((a, b) => a - b);
  const frames = ascending.map((number) => {
    const frame = series.frames[number];
    if (frame === undefined) {
      throw new KeysliceError('FRAME_OUT_OF_RANGE', { frame: number, last: series.frames.length - 1 });
    }
    return frame;
  });
  if (frames.length === 0)
    throw new KeysliceError('FRAME_OUT_OF_RANGE', { frame: null, last: series.frames.length - 1 });
  const phases = distinct(ascending.map((number) => Math.floor(number / series.framesPerPhase)));
  const slices = distinct(ascending.map((number) => number % series.framesPerPhase));
  const onePhase = frames.filter(
    (_, at) => Math.floor((ascending[at] ?? 0) / series.framesPerPhase) === phases[0],
  );
  return {
    numbers: ascending,
    frames,
    phases,
    slices,
    total: phases.length === 1 ? series.framesPerPhase : series.frames.length,
    sliceSpacing: evenSpacing(onePhase),
  };
}

/** Signed distances of neighbours along the normal of the first frame, mm; null where a position is unknown. */
export function sliceGaps(frames: readonly FrameRecord[]): number[] | null {
  const orientation = frames[0]?.orientation ?? null;
  if (orientation === null) return null;
  const [rx, ry, rz, cx, cy, cz] = orientation;
  const normal: Vec3 = [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx];
  const distances = frames.flatMap(({ position }) =>
    position === null ? [] : [position[0] * normal[0] + position[1] * normal[1] + position[2] * normal[2]],
  );
  if (distances.length !== frames.length) return null;
  return distances.slice(1).map((distance, index) => distance - (distances[index] ?? 0));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

function evenSpacing(frames: readonly FrameRecord[]): number | null {
  const gaps = sliceGaps(frames) ?? [];
  const middle = median(gaps);
  if (Math.abs(middle) < EVEN_MM) return null;
  const tolerance = Math.max(EVEN_MM, EVEN_SHARE * Math.abs(middle));
  const even = gaps.every((gap) => Math.abs(gap - middle) <= tolerance);
  return even ? Math.abs(gaps.reduce((sum, gap) => sum + gap, 0)) / gaps.length : null;
}

const distinct = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
