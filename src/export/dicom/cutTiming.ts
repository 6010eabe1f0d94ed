import { KeysliceError } from '../../contract/errors.ts';
import type { DataSetEditor } from './dataSetEditor.ts';
import { decimalString } from './decimalString.ts';
import type { FrameCut } from './frameCut.ts';
import { TAG } from './tags.ts';

/**
 * Corrects the time axis of a cut loop (PS3.3 C.7.6.5.1): a constant step keeps Frame Time, any other selection
 * gets a Frame Time Vector; Frame Delay moves with the first frame.
 *
 * @throws KeysliceError HEADER_INCONSISTENT when the vector does not fit the number of frames
 */
export function cutTiming(dataSet: DataSetEditor, cut: FrameCut): void {
  const times = frameTimes(dataSet, cut.count);
  if (times === null) return;
  const kept = cut.kept.map((frame) => times[frame] ?? 0);
  const delay = dataSet.text(TAG.frameDelay);
  if (delay !== null) {
    const text = decimalString(Number(delay) + (kept[0] ?? 0));
    dataSet.set({ tag: TAG.frameDelay, vr: 'DS', text });
  }
  const step = pointsAtVector(dataSet) ? null : constantStep(cut.kept);
  if (step === null) writeVector(dataSet, kept);
  else scaleFrameTime(dataSet, step);
}

/** Milliseconds of every source frame from the first one; null when the object has no time axis of this kind. */
function frameTimes(dataSet: DataSetEditor, count: number): number[] | null {
  if (pointsAtVector(dataSet)) {
    const increments = dataSet.texts(TAG.frameTimeVector).map(Number);
    if (increments.length !== count) {
      const reason = `Frame Time Vector has ${increments.length} values for ${count} frames`;
      throw new KeysliceError('HEADER_INCONSISTENT', { reason });
    }
    let time = 0;
    return increments.map((increment, index) => (time += index === 0 ? 0 : increment));
  }
  const frameTime = Number(dataSet.text(TAG.frameTime) ?? NaN);
  return Number.isFinite(frameTime) ? Array.from({ length: count }, (_, index) => index * frameTime) : null;
}

function pointsAtVector(dataSet: DataSetEditor): boolean {
  const pointers = dataSet.pointers(TAG.frameIncrementPointer);
  if (pointers.includes(TAG.frameTimeVector)) return true;
  return pointers.length === 0 && dataSet.text(TAG.frameTimeVector) !== null;
}

function constantStep(kept: readonly number[]): number | null {
  const steps = new Set(kept.slice(1).map((frame, index) => frame - (kept[index] ?? 0)));
  if (steps.size > 1) return null;
  return [...steps][0] ?? 1;
}

function scaleFrameTime(dataSet: DataSetEditor, step: number): void {
  dataSet.remove(TAG.frameTimeVector);
  if (step === 1) return;
  const text = decimalString(Number(dataSet.text(TAG.frameTime)) * step);
  dataSet.set({ tag: TAG.frameTime, vr: 'DS', text });
}

function writeVector(dataSet: DataSetEditor, times: readonly number[]): void {
  const increments = times.map((time, index) =>
    decimalString(index === 0 ? 0 : time - (times[index - 1] ?? 0)),
  );
  dataSet.set({ tag: TAG.frameTimeVector, vr: 'DS', text: increments.join('\\') });
  dataSet.remove(TAG.frameTime);
  const others = dataSet
    .pointers(TAG.frameIncrementPointer)
    .filter((tag) => tag !== TAG.frameTime && tag !== TAG.frameTimeVector);
  dataSet.set({ tag: TAG.frameIncrementPointer, vr: 'AT', numbers: [...others, TAG.frameTimeVector] });
}
