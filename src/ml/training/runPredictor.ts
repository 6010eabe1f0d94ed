import { classifyFrames } from '../classifiers/classifyFrames.ts';
import type { Engine, EngineSession } from '../engines/engine.ts';
import { DPS_LOGITS } from '../networks/dpsSampler.ts';
import { adpsModel, classifierModel, samplerModel } from '../networks/inferenceGraphs.ts';
import { type Weights, weightOf } from '../networks/parameters.ts';
import { sessionRounds } from '../packages/sessionRounds.ts';
import { sessionScoreGraph } from '../packages/sessionScoreGraph.ts';
import { logitsFor } from '../samplers/dpsSampler.ts';
import { averageFrame } from './averageFrame.ts';
import { type Chooser, adpsChooser, dasChooser, dpsChooser, fixedChooser, slotsFor } from './chooseFrames.ts';
import { CONTEXT_WIDTHS, classifierSpec, samplerSpec } from './network.ts';
import type { Predictor } from './predict.ts';
import type { RunConfig } from './runFolder.ts';

const never = (): boolean => false;

/**
 * The weights of a run in the very graphs that a package ships.
 * @param frames of the series that will be predicted, which may be others than the run was trained on
 * @throws KeysliceError SAMPLER_NOT_APPLICABLE for DPS when they are
 */
export async function runPredictor(
  engine: Engine,
  config: RunConfig,
  weights: Weights,
  frames: number,
): Promise<Predictor> {
  const { sampler, rows, columns } = config;
  const chooserOn = runChooser(config, weights, frames);
  const model = scoringModel(config, weights);
  const scoring = model === null ? null : await engine.createSession(model);
  const classifying = await engine.createSession(classifierModel(weights, classifierSpec(config)));
  const classify: Predictor['classify'] = (data, count) =>
    classifyFrames(classifying, { type: 'float32', dims: [count, 1, rows, columns], data }, never);
  return {
    choose: chooserOn(scoring),
    classify: sampler === 'average' ? (data, count) => classify(averageFrame(data, count), 1) : classify,
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

/** What cannot be chosen is refused before there is a session that would have to be released. */
function runChooser(
  { sampler, ratio, frames: trained, protocol }: RunConfig,
  weights: Weights,
  frames: number,
): (scoring: EngineSession | null) => Chooser {
  const slots = slotsFor(sampler, ratio, frames);
  if (sampler === 'dps') {
    const logits = logitsFor({ logits: weightOf(weights, DPS_LOGITS, [1, trained]) }, frames);
    return () => dpsChooser(logits, slots);
  }
  if (sampler !== 'das' && sampler !== 'adps') return () => fixedChooser(sampler, slots);
  return (scoring) => {
    if (scoring === null) throw new RangeError(`the graph of ${sampler} is not loaded`);
    if (sampler === 'das') return dasChooser(protocol, sessionScoreGraph(scoring, never), slots);
    return adpsChooser({ start: sessionRounds(scoring, never), rounds: protocol.rounds }, slots);
  };
}
