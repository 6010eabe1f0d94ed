import { throwIfCancelled } from '../../contract/errors.ts';
import { softmax } from '../classifiers/softmax.ts';
import type { Predictions } from './metrics.ts';
import type { PreparedSeries, PreparedSplit } from './prepareVolumes.ts';

/** One set of weights, ready to run without noise. */
export interface Predictor {
  /** Frames to keep of a series, ascending. @param index of the series in its split: seeds random choices. */
  choose(series: PreparedSeries, index: number): Promise<Int32Array>;
  /** Logits from the kept frames. @param pixels kept frames × rows × columns in [0, 1]. */
  classify(pixels: Float32Array, frames: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Told between the two steps of every series: after the choice, after the classification. */
export type StepListener = (step: 'choose' | 'classify', milliseconds: number) => void;

export interface SplitPredictions extends Predictions {
  /** Per series the frames that were kept, ascending. */
  readonly selected: readonly Int32Array[];
}

/**
 * Predictions for every series of a split.
 * @throws KeysliceError CANCELLED between series.
 */
export async function predict(
  predictor: Predictor,
  split: PreparedSplit,
  signal: AbortSignal | undefined,
  onStep: StepListener = () => undefined,
): Promise<SplitPredictions> {
  const rows: Float64Array[] = [];
  const selected: Int32Array[] = [];
  for (const [index, series] of split.series.entries()) {
    throwIfCancelled(signal);
    const started = performance.now();
    const frames = await predictor.choose(series, index);
    const chosen = performance.now();
    onStep('choose', chosen - started);
    const kept = gather(series, frames, split.rows * split.columns);
    const logits = await predictor.classify(kept, frames.length);
    onStep('classify', performance.now() - chosen);
    rows.push(softmax(logits));
    selected.push(frames);
  }
  return {
    probabilities: Float64Array.from(rows.flatMap((row) => [...row])),
    labels: Uint8Array.from(split.series, ({ label }) => label),
    classes: rows[0]?.length ?? 0,
    selected,
  };
}

function gather({ pixels }: PreparedSeries, frames: Int32Array, frameLength: number): Float32Array {
  const gathered = new Float32Array(frames.length * frameLength);
  frames.forEach((t, slot) => {
    gathered.set(pixels.subarray(t * frameLength, (t + 1) * frameLength), slot * frameLength);
  });
  return gathered;
}
