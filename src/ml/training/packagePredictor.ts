import { classifyFrames } from '../classifiers/classifyFrames.ts';
import { normalizeFrames } from '../classifiers/normalizeFrames.ts';
import type { Engine } from '../engines/engine.ts';
import { invalidPackage, type ModelPackage } from '../packages/modelPackage.ts';
import { carriedSamplers } from '../packages/carriedSamplers.ts';
import { type PackageSessions, closePackage, openPackage } from '../packages/openPackage.ts';
import { sessionScoreGraph } from '../packages/sessionScoreGraph.ts';
import { carried } from '../samplers/createSampler.ts';
import { logitsFor } from '../samplers/dpsSampler.ts';
import {
  type Chooser,
  type TrainedSampler,
  adpsChooser,
  dasChooser,
  dpsChooser,
  fixedChooser,
  isLearned,
  slotsFor,
} from './chooseFrames.ts';
import type { LabelledVolumes } from './dataSet.ts';
import type { Predictor } from './predict.ts';

const never = (): boolean => false;

type VolumeShape = Pick<LabelledVolumes, 'frames' | 'rows' | 'columns' | 'range'>;

interface PackageChoice {
  readonly sampler: TrainedSampler;
  readonly ratio: number;
}

/**
 * A shipped package on volumes of some size, its own sampler or another before its classifier.
 * @throws KeysliceError PACKAGE_INVALID for a package that only ranks, SAMPLER_NOT_APPLICABLE
 */
export async function packagePredictor(
  engine: Engine,
  model: ModelPackage,
  volume: VolumeShape,
  choice: PackageChoice,
): Promise<Predictor> {
  const sessions = await openPackage(model, engine);
  try {
    return predictorOf(model, sessions, volume, choice);
  } catch (error) {
    await closePackage(sessions);
    throw error;
  }
}

function predictorOf(
  model: ModelPackage,
  sessions: PackageSessions,
  { frames, rows, columns, range: [low, high] = [0, 255] }: VolumeShape,
  { sampler, ratio }: PackageChoice,
): Predictor {
  const { classifier } = sessions;
  if (classifier === null) throw invalidPackage(model.card.id, 'it has no classifier to evaluate');
  return {
    choose: packageChooser(model, sessions, { sampler, slots: slotsFor(sampler, ratio, frames), frames }),
    classify: (pixels, count) => {
      const values = pixels.map((value) => low + (high - low) * value);
      return classifyFrames(
        classifier,
        normalizeFrames(model.card, { count, rows, columns, samples: 1, values }),
        never,
      );
    },
    close: () => closePackage(sessions),
  };
}

/** @throws KeysliceError SAMPLER_NOT_APPLICABLE when the package does not carry the sampler's weights. */
function packageChooser(
  { card }: ModelPackage,
  sessions: PackageSessions,
  { sampler, slots, frames }: { sampler: TrainedSampler; slots: number; frames: number },
): Chooser {
  if (!isLearned(sampler)) return fixedChooser(sampler, slots);
  if (sampler === 'das') return dasChooser(card.sampler, sessionScoreGraph(sessions.sampler, never), slots);
  const { dps, adps } = carriedSamplers(card, sessions, never);
  return sampler === 'dps'
    ? dpsChooser(logitsFor(carried(sampler, dps), frames), slots)
    : adpsChooser(carried(sampler, adps), slots);
}
