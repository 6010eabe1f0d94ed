import { classifyFrames } from '../classifiers/classifyFrames.ts';
import { normalizeFrames } from '../classifiers/normalizeFrames.ts';
import type { Engine } from '../engines/engine.ts';
import { invalidPackage, type ModelPackage } from '../packages/modelPackage.ts';
import { closePackage, openPackage } from '../packages/openPackage.ts';
import { sessionScoreGraph } from '../packages/sessionScoreGraph.ts';
import { type TrainedSampler, noiseFreeChoice, slotsFor } from './chooseFrames.ts';
import type { LabelledVolumes } from './dataSet.ts';
import type { Predictor } from './predict.ts';

const never = (): boolean => false;

/**
 * A shipped package on volumes of some size, its own sampler or another before its classifier.
 * @throws KeysliceError PACKAGE_INVALID for a package that only ranks.
 */
export async function packagePredictor(
  engine: Engine,
  model: ModelPackage,
  volume: Pick<LabelledVolumes, 'frames' | 'rows' | 'columns' | 'range'>,
  choice: { readonly sampler: TrainedSampler; readonly ratio: number },
): Promise<Predictor> {
  const sessions = await openPackage(model, engine);
  const { classifier } = sessions;
  if (classifier === null) {
    await closePackage(sessions);
    throw invalidPackage(model.card.id, 'it has no classifier to evaluate');
  }
  const { rows, columns, range: [low, high] = [0, 255] } = volume;
  const slots = slotsFor(choice.sampler, choice.ratio, volume.frames);
  const scores = sessionScoreGraph(sessions.sampler, never);
  return {
    choose: (series, index) => noiseFreeChoice(choice.sampler, scores, series, slots, index),
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
