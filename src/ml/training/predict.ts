import { throwIfCancelled } from '../../contract/errors.ts';
import { classifyFrames } from '../classifiers/classifyFrames.ts';
import { softmax } from '../classifiers/softmax.ts';
import type { Engine, EngineSession, Tensor } from '../engines/engine.ts';
import { classifierModel, samplerModel } from '../networks/inferenceGraphs.ts';
import type { Weights } from '../networks/parameters.ts';
import { type TrainedSampler, fixedChoice, learnedChoice, slotsFor } from './chooseFrames.ts';
import type { Predictions } from './metrics.ts';
import { CONTEXT_WIDTHS, classifierSpec, samplerSpec } from './network.ts';
import type { PreparedSeries, PreparedSplit } from './prepareVolumes.ts';
import type { RunConfig } from './runFolder.ts';

/** The sessions that one set of weights needs. */
export interface Predictor {
  readonly sampler: TrainedSampler;
  /** Frames that the classifier gets. */
  readonly slots: number;
  readonly samplerSession: EngineSession | null;
  readonly classifierSession: EngineSession;
}

/** The sampler and classifier graphs exactly as a package ships them. */
export async function openPredictor(engine: Engine, config: RunConfig, weights: Weights): Promise<Predictor> {
  return {
    sampler: config.sampler,
    slots: slotsFor(config.sampler, config.ratio, config.frames),
    samplerSession:
      config.sampler === 'das'
        ? await engine.createSession(samplerModel(weights, samplerSpec(config), CONTEXT_WIDTHS))
        : null,
    classifierSession: await engine.createSession(classifierModel(weights, classifierSpec(config))),
  };
}

export async function closePredictor({ samplerSession, classifierSession }: Predictor): Promise<void> {
  await samplerSession?.release();
  await classifierSession.release();
}

/** Noise-free predictions for every series of a split. */
export async function predict(
  predictor: Predictor,
  split: PreparedSplit,
  signal: AbortSignal | undefined,
): Promise<Predictions> {
  const rows: number[][] = [];
  for (const [index, series] of split.series.entries()) {
    throwIfCancelled(signal);
    const frames = await framesOf(predictor, series, index);
    const picked = gather(series, frames, split);
    rows.push([
      ...softmax(await classifyFrames(predictor.classifierSession, picked, () => signal?.aborted ?? false)),
    ]);
  }
  return {
    probabilities: Float64Array.from(rows.flat()),
    labels: Uint8Array.from(split.series, ({ label }) => label),
    classes: rows[0]?.length ?? 0,
  };
}

/** Random frames are drawn by the number of the series, so that two evaluations agree. */
async function framesOf(
  { sampler, slots, samplerSession }: Predictor,
  series: PreparedSeries,
  index: number,
): Promise<Int32Array> {
  if (sampler !== 'das') return fixedChoice(sampler, series, slots, index);
  if (samplerSession === null) throw new RangeError('the sampler graph is not loaded');
  return learnedChoice(samplerSession, series, slots);
}

function gather({ pixels }: PreparedSeries, frames: Int32Array, { rows, columns }: PreparedSplit): Tensor {
  const length = rows * columns;
  const data = new Float32Array(frames.length * length);
  frames.forEach((t, slot) => {
    data.set(pixels.subarray(t * length, (t + 1) * length), slot * length);
  });
  return { type: 'float32', dims: [frames.length, 1, rows, columns], data };
}
