import { classifyFrames } from '../classifiers/classifyFrames.ts';
import type { Engine } from '../engines/engine.ts';
import { classifierModel, samplerModel } from '../networks/inferenceGraphs.ts';
import type { Weights } from '../networks/parameters.ts';
import { sessionScoreGraph } from '../packages/sessionScoreGraph.ts';
import { noiseFreeChoice, slotsFor } from './chooseFrames.ts';
import { CONTEXT_WIDTHS, classifierSpec, samplerSpec } from './network.ts';
import type { Predictor } from './predict.ts';
import type { RunConfig } from './runFolder.ts';

const never = (): boolean => false;

/** The weights of a run in the very graphs that a package ships. */
export async function runPredictor(engine: Engine, config: RunConfig, weights: Weights): Promise<Predictor> {
  const { sampler, rows, columns } = config;
  const slots = slotsFor(sampler, config.ratio, config.frames);
  const scoring =
    sampler === 'das'
      ? await engine.createSession(samplerModel(weights, samplerSpec(config), CONTEXT_WIDTHS))
      : null;
  const classifying = await engine.createSession(classifierModel(weights, classifierSpec(config)));
  const scores = scoring === null ? null : sessionScoreGraph(scoring, never);
  return {
    choose: (series, index) => noiseFreeChoice(sampler, scores, series, slots, index),
    classify: (data, frames) =>
      classifyFrames(classifying, { type: 'float32', dims: [frames, 1, rows, columns], data }, never),
    close: async () => {
      await scoring?.release();
      await classifying.release();
    },
  };
}
