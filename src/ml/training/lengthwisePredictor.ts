import type { Predictor } from './predict.ts';

/** More lengths than this are seldom met one after the other; each holds sessions of its own. */
const OPEN_LIMIT = 8;

/**
 * A predictor for series of any length, from predictors for one length each, made when a series of that length comes.
 * `classify` is that of the series chosen last.
 * @param make a predictor for series of so many frames
 */
export function lengthwisePredictor(make: (frames: number) => Promise<Predictor>): Predictor {
  const open = new Map<number, Predictor>();
  let current: Predictor | null = null;
  const predictorFor = async (frames: number): Promise<Predictor> => {
    const predictor = open.get(frames) ?? (await make(frames));
    open.delete(frames);
    open.set(frames, predictor);
    const [eldest] = open;
    if (open.size > OPEN_LIMIT && eldest !== undefined) {
      open.delete(eldest[0]);
      await eldest[1].close();
    }
    return predictor;
  };
  return {
    choose: async (...given) => {
      current = await predictorFor(given[0].anchor.length);
      return current.choose(...given);
    },
    classify: (pixels, frames) => {
      if (current === null) throw new RangeError('frames are chosen before they are classified');
      return current.classify(pixels, frames);
    },
    close: async () => {
      for (const predictor of open.values()) await predictor.close();
      open.clear();
    },
  };
}
