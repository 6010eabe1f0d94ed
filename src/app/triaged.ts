import type { EngineDocument, StageTimes } from '../contract/documents.ts';
import { KeysliceError } from '../contract/errors.ts';
import type { FrameFeatures } from '../contract/sampling.ts';
import type { Series } from '../contract/series.ts';
import { choosePackages, seriesFacts, type ChosenPackages } from './choosePackages.ts';
import { classifySelection, type Classified } from './classification.ts';
import type { Ranking } from './ranking.ts';
import type { SeriesPass } from './seriesPass.ts';
import type { Workbench } from './workbench.ts';

/** What does not change when k does. */
export interface Prepared {
  features: FrameFeatures;
  chosen: ChosenPackages;
  engine: EngineDocument | null;
}

/** A finished triage of one phase. */
export interface Triaged extends Prepared {
  ranking: Ranking;
  /** From the selected frames alone; null: no package in scope. */
  classified: Classified | null;
  /** From every readable frame, when that was asked for. */
  full: Classified | null;
}

/**
 * Packages and engine for a phase whose frames have all been measured.
 * @throws KeysliceError what made the frames fail, when none can be read; as packages and engine do
 */
export async function prepareTriage(
  workbench: Workbench,
  pass: SeriesPass,
  series: Series,
  model: string,
): Promise<Prepared> {
  const features = pass.features();
  const [failed] = pass.failed.values();
  if (features.frames.length === 0) throw failed ?? new KeysliceError('NO_IMAGES');
  const facts = seriesFacts(series, features.frames.length);
  const chosen = choosePackages(await workbench.packages(), model, { facts, pixels: pass.pixels, features });
  const folders = [chosen.ranking, chosen.task].flatMap((used) => (used === null ? [] : [used.folder]));
  const { chosen: engine } = await workbench.openPackages([...new Set(folders)]);
  return { features, chosen, engine };
}

/** Null when no task package is in scope. @throws KeysliceError CANCELLED and what engines throw */
export async function classifyFrames(
  workbench: Workbench,
  pass: SeriesPass,
  { task }: ChosenPackages,
  frames: readonly number[],
  signal: AbortSignal,
): Promise<Classified | null> {
  if (task === null || frames.length === 0) return null;
  return classifySelection(workbench.inference, pass, task, frames, signal);
}

/** Milliseconds of the stages, without the total. */
export function stageTimes(
  open: number,
  pass: SeriesPass,
  { ranking, classified }: Pick<Triaged, 'ranking' | 'classified'>,
): Omit<StageTimes, 'total'> {
  return { open, ...pass.times, sample: ranking.ms, classify: classified?.ms ?? 0 };
}
