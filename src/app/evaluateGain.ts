import path from 'node:path';
import type { GainDocument, SeriesGain } from '../contract/documents.ts';
import type { EngineChoice } from '../contract/engineChoice.ts';
import { throwIfCancelled, type Failure } from '../contract/errors.ts';
import type { Series } from '../contract/series.ts';
import type { FrameFeatures } from '../contract/sampling.ts';
import type { Scratch } from '../imaging/scan/scratch.ts';
import { MemoryBudget } from '../imaging/frames/memoryBudget.ts';
import type { WorkerPool } from '../imaging/frames/workerPool.ts';
import type { FeatureKernel } from '../ml/features/featureKernel.ts';
import type { ModelPackage } from '../ml/packages/modelPackage.ts';
import { sessionScoreGraph } from '../ml/packages/sessionScoreGraph.ts';
import { MAX_COST_FRAMES } from '../ml/samplers/rebuildCosts.ts';
import { RebuildOptimum } from '../ml/samplers/rebuildOptimum.ts';
import type { ScoreGraph } from '../ml/samplers/scoreGraph.ts';
import { gainMetrics } from '../ml/training/general/gainMetrics.ts';
import { gainOf, rebuildErrors } from '../ml/training/general/measureGains.ts';
import { RATIOS, rebuildTarget, rebuildTask } from '../ml/training/general/rebuildTask.ts';
import { commandEngine } from './commandEngine.ts';
import { decodePool } from './decodePool.ts';
import { packageOf } from './evaluate.ts';
import { featureKernel } from './featureKernel.ts';
import type { Installation } from './installation.ts';
import { openStudy } from './open.ts';
import { SeriesFrames } from './seriesFrames.ts';
import { SeriesPass } from './seriesPass.ts';
import { COMMAND_MEMORY_MB } from './triage.ts';
import { writeFileAtomic } from './writeFileAtomic.ts';

export interface GainRequest {
  path: string;
  /** Undefined: every share that the figures of the package are given at. */
  ratio: number | undefined;
  engine: EngineChoice;
  /** Where the metrics that the report of results is made of are written; undefined: nowhere. */
  out: string | undefined;
  signal: AbortSignal;
  scratch: Scratch;
  onProgress: (stage: string, done: number, total: number) => void;
  onEngine: (line: string) => void;
}

const GENERAL = 'general';
const MEGABYTE = 1024 * 1024;
/** A series without two neighbours of some frame has nothing to interpolate. */
const MIN_FRAMES = 3;

/**
 * How well the general package rebuilds each series under a path from a share of its frames, beside what needs no
 * learning. Of a series with several phases the first one counts.
 * @throws KeysliceError
 */
export async function evaluateGain(
  installation: Installation,
  request: GainRequest,
): Promise<{ document: GainDocument; failures: readonly Failure[] }> {
  const { signal, scratch, onProgress, out } = request;
  const study = await openStudy(request.path, { signal, scratch });
  const model = await packageOf(installation, GENERAL);
  const engine = await commandEngine(request.engine, request.onEngine);
  const session = await engine.createSession(model.sampler);
  const pool = decodePool(installation);
  const budget = new MemoryBudget(COMMAND_MEMORY_MB * MEGABYTE);
  const measuring: Measuring = {
    score: sessionScoreGraph(session, () => signal.aborted),
    kernel: featureKernel(installation),
    ratios: request.ratio === undefined ? RATIOS : [request.ratio],
    trained: trainedPlaces(model),
  };
  const places = seriesPlaces(request.path, study.series);
  const series: SeriesGain[] = [];
  const skipped: GainDocument['skipped'][number][] = [];
  try {
    for (const [index, one] of study.series.entries()) {
      throwIfCancelled(signal);
      onProgress('measuring series', index, study.series.length);
      const place = places[index] ?? one.id;
      const frames = one.framesPerPhase;
      if (frames > MAX_COST_FRAMES) {
        skipped.push({ place, frames, reason: `more than ${MAX_COST_FRAMES} frames` });
        continue;
      }
      const features = await seriesFeatures(new SeriesFrames(one, pool, budget, scratch), pool, signal);
      if (features.frames.length === 0) skipped.push({ place, frames, reason: 'no frame can be read' });
      else series.push(...(await seriesGains(one, place, features, measuring)));
    }
  } finally {
    await session.release();
    await pool.close();
  }
  if (out !== undefined) {
    const text = JSON.stringify(gainMetrics(model.card, series), null, 1);
    await writeFileAtomic(out, new TextEncoder().encode(`${text}\n`));
  }
  return { document: { series, skipped }, failures: study.failures };
}

interface Measuring {
  readonly score: ScoreGraph;
  readonly kernel: FeatureKernel | null;
  readonly ratios: readonly number[];
  readonly trained: readonly string[];
}

async function seriesFeatures(
  frames: SeriesFrames,
  pool: WorkerPool,
  signal: AbortSignal,
): Promise<FrameFeatures> {
  const pass = new SeriesPass(frames, 0, pool);
  try {
    await pass.run({ signal, onFrame: () => undefined });
    return pass.features();
  } finally {
    await frames.close();
  }
}

async function seriesGains(
  series: Series,
  place: string,
  features: FrameFeatures,
  { score, kernel, ratios, trained }: Measuring,
): Promise<SeriesGain[]> {
  const task = rebuildTask({ source: GENERAL, name: place, features }, kernel, []);
  const optimum = new RebuildOptimum(task.costs);
  const rows: SeriesGain[] = [];
  for (const ratio of ratios) {
    const target = rebuildTarget(optimum, ratio);
    const { result, uniform, optimal, ...errors } = await rebuildErrors(task, target, score);
    const gain = (error: number): number | null =>
      task.costs.frames < MIN_FRAMES ? null : gainOf({ uniform, optimal }, error);
    rows.push({
      path: series.id,
      place,
      frames: task.costs.frames,
      ratio,
      k: target.k,
      error: result,
      uniform,
      optimal,
      gain: gain(result),
      proposalGain: gain(errors.proposal),
      trained: series.files.some((file) => isBelow(file.shownPath ?? file.path, trained)),
      errors,
    });
  }
  return rows;
}

/** The card names its series by their place in the corpus folder, then the source in brackets. */
function trainedPlaces({ card }: ModelPackage): string[] {
  return card.training.data.map(({ name }) => name.replace(/ \([^()]*\)$/, ''));
}

function isBelow(file: string, places: readonly string[]): boolean {
  const shown = `${path.resolve(file).split(path.sep).join('/')}/`;
  return places.some((place) => shown.includes(`/${place}/`));
}

/** Where each series lies below the opened folder: its first file or the folder of its slices, told apart by a number where several lie in one place. */
function seriesPlaces(root: string, all: readonly Series[]): string[] {
  const places = all.map(({ files, format }) => {
    const [first, ...others] = files.map((file) => file.shownPath ?? file.path);
    // Beside a header lies its image, beside a video what was unpacked of it; slices share a folder.
    const place = format === 'dicom' && others.length > 0 ? path.dirname(first ?? root) : first;
    const shown = path
      .relative(root, path.resolve(place ?? root))
      .split(path.sep)
      .join('/');
    return shown === '' ? path.basename(root) : shown;
  });
  return places.map((place, index) => {
    const before = places.slice(0, index).filter((other) => other === place).length;
    return places.filter((other) => other === place).length === 1 ? place : `${place}#${before + 1}`;
  });
}
