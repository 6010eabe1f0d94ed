import type { CineTiming } from '../../contract/series.ts';
import type { Attributes } from './attributes.ts';
import { dateTimeMs } from './dateTime.ts';
import type { FrameGroups } from './functionalGroups.ts';

export interface FrameTimes {
  cine: CineTiming;
  /** Milliseconds of each frame from the first; null: the file does not say. */
  timesMs: readonly number[] | null;
}

const FRAME_TIME_TAG = 0x00181063;
const FRAME_TIME_VECTOR_TAG = 0x00181065;
const SWEEPING = 1;
const SLOWEST_DISPLAY_FPS = 1;
/** Eleven days; what is longer than that, or so fast a rate, is a slip, and sums of it need not be finite. */
const LARGEST = 1e9;

/**
 * Time axis and display rate of a multi-frame image (PS3.3 C.7.6.5). Time axis: what the Frame Increment Pointer
 * points at, then the date-times of the functional groups, Actual Frame Duration, Effective Duration. Display:
 * Recommended Display Frame Rate, Cine Rate, then the time axis. The two may differ.
 */
export function readCineTiming(
  attributes: Attributes,
  groups: (frame: number) => FrameGroups,
  frames: number,
): FrameTimes {
  const timesMs = timeAxis(attributes, groups, frames);
  const frameTimeMs = timesMs === null ? null : medianStep(timesMs);
  const named =
    positive(attributes.number('RecommendedDisplayFrameRate')) ?? positive(attributes.number('CineRate'));
  return {
    cine: {
      frameTimeMs,
      displayFps: named ?? displayRate(frameTimeMs),
      playback: attributes.number('PreferredPlaybackSequencing') === SWEEPING ? 'sweep' : 'loop',
    },
    timesMs,
  };
}

function timeAxis(
  attributes: Attributes,
  groups: (frame: number) => FrameGroups,
  frames: number,
): readonly number[] | null {
  const pointers = attributes.numbers('FrameIncrementPointer');
  const vector = fromVector(attributes.numbers('FrameTimeVector'), frames);
  const even = fromStep(positive(attributes.number('FrameTime')), frames);
  if (pointers.includes(FRAME_TIME_VECTOR_TAG) && vector !== null) return vector;
  if (pointers.includes(FRAME_TIME_TAG) && even !== null) return even;
  const duration = positive(attributes.number('EffectiveDuration'));
  return (
    fromDateTimes(groups, frames) ??
    vector ??
    even ??
    fromStep(positive(attributes.number('ActualFrameDuration')), frames) ??
    fromStep(duration === null ? null : (duration * 1000) / frames, frames)
  );
}

/** Increments; the first is zero by definition and is taken as that, whatever was written. */
function fromVector(increments: readonly number[], frames: number): number[] | null {
  if (
    increments.length !== frames ||
    increments.slice(1).some((increment) => increment < 0 || increment > LARGEST)
  )
    return null;
  let time = 0;
  const times = increments.map((increment, frame) => (time += frame === 0 ? 0 : increment));
  return time > 0 ? times : null;
}

function fromStep(step: number | null, frames: number): number[] | null {
  return step === null ? null : Array.from({ length: frames }, (_, frame) => frame * step);
}

function fromDateTimes(groups: (frame: number) => FrameGroups, frames: number): number[] | null {
  const times: number[] = [];
  let latest = -Infinity;
  for (let frame = 0; frame < frames; frame++) {
    const content = groups(frame).macro('FrameContentSequence');
    const text = content?.code('FrameReferenceDateTime') ?? content?.code('FrameAcquisitionDateTime');
    const time = dateTimeMs(text ?? '');
    if (time === null || time < latest) return null;
    times.push(time);
    latest = time;
  }
  const first = times[0];
  return first !== undefined && latest > first ? times.map((time) => time - first) : null;
}

function medianStep(times: readonly number[]): number | null {
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const middle = steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)];
  return positive(middle === undefined ? null : Number(middle.toFixed(6)));
}

/** Frames minutes apart (a follow-up of positions) have a time axis, but no rate to be shown at. */
function displayRate(frameTimeMs: number | null): number | null {
  const fps = frameTimeMs === null ? null : 1000 / frameTimeMs;
  return fps !== null && fps >= SLOWEST_DISPLAY_FPS ? fps : null;
}

const positive = (value: number | null): number | null =>
  value !== null && value > 0 && value <= LARGEST ? value : null;
