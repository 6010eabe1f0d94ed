import { KeysliceError, throwIfCancelled } from '../../contract/errors.ts';
import type { FrameFeatures } from '../../contract/sampling.ts';
import type { Series, Study } from '../../contract/series.ts';
import { loadFrame } from '../../imaging/frames/loadFrame.ts';
import { MemoryBudget } from '../../imaging/frames/memoryBudget.ts';
import { toModality } from '../../imaging/frames/toModality.ts';
import { UnwrappedFiles } from '../../imaging/frames/unwrappedFiles.ts';
import type { Scratch } from '../../imaging/scan/scratch.ts';
import { resampleFrame } from '../../ml/classifiers/resampleFrame.ts';
import { FeatureAccumulator } from '../../ml/features/featureAccumulator.ts';
import type { FeatureKernel } from '../../ml/features/featureKernel.ts';
import { spatialFeatures } from '../../ml/features/spatialFeatures.ts';
import { temporalFeatures } from '../../ml/features/temporalFeatures.ts';
import { openStudy } from '../open.ts';
import { selectSeries } from '../selectSeries.ts';

/** A study as training needs it. */
export interface MeasuredStudy {
  readonly series: Series;
  /** How many series the study has; the one with most frames was taken. */
  readonly seriesCount: number;
  readonly features: FrameFeatures;
  /** Frames × size × size modality values, resampled by area; NaN where there is none. */
  readonly pixels: Float32Array;
}

export interface StudyOptions {
  readonly size: number;
  readonly kernel: FeatureKernel | null;
  readonly scratch: Scratch;
  readonly signal: AbortSignal;
  /** Told how many frames there are before any is decoded. @throws to refuse the study */
  readonly onFrames: (frames: number) => void;
}

/** For files that have to be unwrapped whole. */
const BUDGET_BYTES = 2 ** 30;

/**
 * The first phase of the series that `triage` would take, every frame of it measured as in the viewer.
 * @throws KeysliceError as the readers do; FRAME_FAILED for a frame without valid pixels; NOT_AN_IMAGE for a series
 * that is one colour throughout
 */
export async function readLabelledStudy(path: string, options: StudyOptions): Promise<MeasuredStudy> {
  const { signal, scratch, kernel, size } = options;
  const study = await openStudy(path, { signal, scratch });
  requireWhole(study);
  const series = selectSeries(study, undefined);
  const frames = series.framesPerPhase;
  options.onFrames(frames);
  const files = new UnwrappedFiles(series, new MemoryBudget(BUDGET_BYTES), scratch);
  const accumulator = new FeatureAccumulator(frames);
  const pixels = new Float32Array(frames * size * size);
  try {
    for (const [index, record] of series.frames.slice(0, frames).entries()) {
      throwIfCancelled(signal);
      const frame = await loadFrame(await files.request(record));
      const spatial = spatialFeatures(frame, kernel);
      if (spatial === null)
        throw new KeysliceError('FRAME_FAILED', {
          frame: index,
          reason: 'fewer than 1 % of its pixels are valid',
        });
      for (const job of accumulator.add(index, spatial))
        accumulator.addTemporal(job.frame, temporalFeatures(job.previous, job.current, job.next, kernel));
      pixels.set(resampleFrame(toModality(frame), frame, [size, size]), index * size * size);
    }
  } finally {
    await files.close();
  }
  requireContent(pixels);
  return { series, seriesCount: study.series.length, features: accumulator.features(), pixels };
}

/** A file that is no image does no harm; a damaged one would silently make the series shorter. */
function requireWhole({ failures }: Study): void {
  const damaged = failures.find(({ code }) => code !== 'NOT_AN_IMAGE');
  if (damaged !== undefined)
    throw new KeysliceError('FILE_UNREADABLE', { reason: damaged.message }, { path: damaged.path });
}

function requireContent(pixels: Float32Array): void {
  const first = pixels.find((value) => !Number.isNaN(value));
  if (!pixels.some((value) => !Number.isNaN(value) && value !== first))
    throw new KeysliceError('NOT_AN_IMAGE', { reason: 'all its pixels have the same value' });
}
