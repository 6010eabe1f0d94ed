import { throwIfCancelled } from '../../contract/errors.ts';
import { softmax } from '../classifiers/softmax.ts';
import type { Chooser, Noise } from './chooseFrames.ts';
import type { Predictions } from './metrics.ts';
import type { PreparedSeries, PreparedSplit } from './prepareVolumes.ts';

/** One set of weights, ready to run. */
export interface Predictor {
  readonly choose: Chooser;
  /** Logits from the kept frames. @param pixels kept frames × rows × columns in [0, 1]. */
  classify(pixels: Float32Array, frames: number): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface SplitPredictions extends Predictions {
  /** Frames kept of every series. */
  readonly selections: readonly Int32Array[];
}

/**
 * Predictions for every series of a split.
 * @param noise null: as it ships.
 * @throws KeysliceError CANCELLED between series.
 */
export async function predict(
  predictor: Predictor,
  split: PreparedSplit,
  signal: AbortSignal | undefined,
  noise: Noise = null,
): Promise<SplitPredictions> {
  const rows: number[][] = [];
  const selections: Int32Array[] = [];
  for (const [index, series] of split.series.entries()) {
    throwIfCancelled(signal);
    const frames = await predictor.choose(series, index, noise);
    const logits = await predictor.classify(
      gather(series, frames, split.rows * split.columns),
      frames.length,
    );
    rows.push([...softmax(logits)]);
    selections.push(frames);
  }
  return {
    probabilities: Float64Array.from(rows.flat()),
    labels: Uint8Array.from(split.series, ({ label }) => label),
    classes: rows[0]?.length ?? 0,
    selections,
  };
}

function gather({ pixels }: PreparedSeries, frames: Int32Array, frameLength: number): Float32Array {
  const gathered = new Float32Array(frames.length * frameLength);
  frames.forEach((t, slot) => {
    gathered.set(pixels.subarray(t * frameLength, (t + 1) * frameLength), slot * frameLength);
  });
  return gathered;
}
