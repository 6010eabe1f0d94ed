import { classifyFrames } from '../classifiers/classifyFrames.ts';
import type { Engine, EngineSession } from '../engines/engine.ts';
import { DPS_LOGITS } from '../networks/dpsSampler.ts';
import { adpsModel, classifierModel, samplerModel } from '../networks/inferenceGraphs.ts';
import { type Weights, weightOf } from '../networks/parameters.ts';
import { sessionRounds } from '../packages/sessionRounds.ts';
import { sessionScoreGraph } from '../packages/sessionScoreGraph.ts';
import { averageFrame } from './averageFrame.ts';
import { type Chooser, adpsChooser, dasChooser, dpsChooser, fixedChooser, slotsFor } from './chooseFrames.ts';
import { CONTEXT_WIDTHS, classifierSpec, samplerSpec } from './network.ts';
import type { Predictor } from './predict.ts';
import type { RunConfig } from './runFolder.ts';

const never = (): boolean => false;

/** The weights of a run in the very graphs that a package ships. */
export async function runPredictor(engine: Engine, config: RunConfig, weights: Weights): Promise<Predictor> {
  const { sampler, rows, columns } = config;
  const model = scoringModel(config, weights);
  const scoring = model === null ? null : await engine.createSession(model);
  const classifying = await engine.createSession(classifierModel(weights, classifierSpec(config)));
  const classify: Predictor['classify'] = (data, frames) =>
    classifyFrames(classifying, { type: 'float32', dims: [frames, 1, rows, columns], data }, never);
  return {
    choose: runChooser(config, weights, scoring),
    classify: sampler === 'average' ? (data, frames) => classify(averageFrame(data, frames), 1) : classify,
    close: async () => {
      await scoring?.release();
      await classifying.release();
    },
  };
}

function scoringModel(config: RunConfig, weights: Weights): Uint8Array | null {
  if (config.sampler === 'das') return samplerModel(weights, samplerSpec(config), CONTEXT_WIDTHS);
  return config.sampler === 'adps' ? adpsModel(weights) : null;
}

function runChooser(config: RunConfig, weights: Weights, scoring: EngineSession | null): Chooser {
  const { sampler, frames, protocol } = config;
  const slots = slotsFor(sampler, config.ratio, frames);
  if (sampler === 'dps') return dpsChooser(weightOf(weights, DPS_LOGITS, [1, frames]), slots);
  if (sampler !== 'das' && sampler !== 'adps') return fixedChooser(sampler, slots);
  if (scoring === null) throw new RangeError(`the graph of ${sampler} is not loaded`);
  if (sampler === 'das') return dasChooser(protocol, sessionScoreGraph(scoring, never), slots);
  return adpsChooser({ start: sessionRounds(scoring, never), rounds: protocol.rounds }, slots);
}
