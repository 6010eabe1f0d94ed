import type { TriageDocument } from '../contract/documents.ts';
import type { EngineChoice } from '../contract/engineChoice.ts';
import type { SamplerName } from '../contract/sampling.ts';
import type { Series, Study } from '../contract/series.ts';
import type { Scratch } from '../imaging/scan/scratch.ts';
import type { Classified } from './classification.ts';
import type { Installation } from './installation.ts';
import type { KeySize } from './keyCount.ts';
import { openStudy } from './open.ts';
import { rankFrames } from './ranking.ts';
import { selectSeries } from './selectSeries.ts';
import { SeriesFrames } from './seriesFrames.ts';
import { SeriesPass } from './seriesPass.ts';
import { triageDocument } from './triageDocument.ts';
import { classifyFrames, prepareTriage, stageTimes, type Triaged } from './triaged.ts';
import { Workbench } from './workbench.ts';

export interface TriageRequest {
  path: string;
  series: string | undefined;
  phase: number;
  size: KeySize;
  /** A package's id, or `auto`. */
  model: string;
  sampler: SamplerName;
  engine: EngineChoice;
  seed: number;
  matrix: boolean;
  compareFull: boolean;
  signal: AbortSignal;
  scratch: Scratch;
  onProgress: (stage: string, done: number, total: number) => void;
  onEngine: (line: string) => void;
}

export interface TriageRun {
  document: TriageDocument;
  study: Study;
  series: Series;
}

/** Decoded frames that a command keeps, and the largest unwrapped file. */
export const COMMAND_MEMORY_MB = 2048;

/** Opens, scores, selects, classifies: the whole job without a window. @throws KeysliceError */
export async function triageStudy(installation: Installation, request: TriageRequest): Promise<TriageRun> {
  const start = performance.now();
  const study = await openStudy(request.path, {
    signal: request.signal,
    scratch: request.scratch,
    onProgress: (done, total) => {
      request.onProgress('reading headers', done, total);
    },
  });
  const series = selectSeries(study, request.series);
  const openMs = performance.now() - start;
  const workbench = new Workbench(installation, {
    engine: request.engine,
    memoryMb: COMMAND_MEMORY_MB,
    onEngine: ({ line }) => {
      request.onEngine(line);
    },
  });
  const frames = new SeriesFrames(series, workbench.pool, workbench.budget, request.scratch);
  const pass = new SeriesPass(frames, request.phase, workbench.pool);
  try {
    const triaged = await triageSeries(workbench, pass, series, request);
    const ms = { ...stageTimes(openMs, pass, triaged), total: performance.now() - start };
    const document = triageDocument({
      ...triaged,
      engine: { sampler: triaged.engine, classifier: triaged.engine },
      study,
      series,
      frames: pass.frames,
      failedFrames: pass.failed.size,
      model: request.model,
      compareFull: request.compareFull,
      matrix: request.matrix,
      ms,
    });
    return { document, study, series };
  } finally {
    await frames.close();
    await workbench.close();
  }
}

async function triageSeries(
  workbench: Workbench,
  pass: SeriesPass,
  series: Series,
  request: TriageRequest,
): Promise<Triaged> {
  const { size, sampler, seed, signal } = request;
  let done = 0;
  await pass.run({
    signal,
    onFrame: () => {
      request.onProgress('decoding', ++done, pass.frames);
    },
  });
  request.onProgress('selecting', 0, 1);
  const prepared = await prepareTriage(workbench, pass, series, request.model);
  const ranking = await rankFrames(workbench.inference, prepared.chosen, {
    features: prepared.features,
    frames: pass.frames,
    size,
    sampler,
    seed,
    matrix: request.matrix,
  });
  const classify = (frames: readonly number[]): Promise<Classified | null> =>
    classifyFrames(workbench, pass, prepared.chosen, frames, signal);
  const classified = await classify(ranking.selected);
  const full = request.compareFull ? await classify(Array.from(prepared.features.frames)) : null;
  return { ...prepared, ranking, classified, full };
}
