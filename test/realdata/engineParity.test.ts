import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../src/contract/frame.ts';
import { loadFrame } from '../../src/imaging/frames/loadFrame.ts';
import { MemoryBudget } from '../../src/imaging/frames/memoryBudget.ts';
import { UnwrappedFiles } from '../../src/imaging/frames/unwrappedFiles.ts';
import { readStudy } from '../../src/imaging/readStudy.ts';
import { normalizeFrames } from '../../src/ml/classifiers/normalizeFrames.ts';
import { onnxRuntimeEngine } from '../../src/ml/engines/onnxRuntime.ts';
import { loadPackage } from '../../src/ml/packages/loadPackage.ts';
import { listPackages } from '../../src/ml/packages/listPackages.ts';
import type { ModelPackage } from '../../src/ml/packages/modelPackage.ts';
import { selectUniform } from '../../src/ml/samplers/selectUniform.ts';
import { readMedmnist } from '../../src/ml/training/medmnist.ts';
import { featuresOf } from '../fixtures/featureSeries.ts';
import { frameOf } from '../fixtures/frames.ts';
import { OTHER_ENGINES } from '../support/otherEngines.ts';
import {
  expectParity,
  packageOutputs,
  type ParityInput,
  type ParityOutput,
} from '../support/packageOutputs.ts';
import { sharedData } from '../support/sharedData.ts';

const SHIPPED = fileURLToPath(new URL('../../resources/models', import.meta.url));
const WANTED = 20;
/** Of a long series the first frames: more would only take time. */
const MOST_FRAMES = 24;

/** CT, MR, XA, ultrasound, a colour map, floats: the first series of each, until there are twenty. */
const STUDIES = [
  'dicom/ct_chest_lung_60',
  'dicom/ct_uneven_spacing_4',
  'dicom/mr_sag_mprage_192',
  'dicom/mr_heart_cine_16f',
  'dicom/mr_4d_fmri_ge_150',
  'dicom/mr_dwi_philips_b0_b1000_64',
  'dicom/mr_oblique_20_littleendian',
  'dicom/enhanced_mr_flair_24f',
  'dicom/enhanced_mr_temporal_19f',
  'dicom/enhanced_mr_philips_b0map_64f',
  'dicom/enhanced_mr_color_dti_64f',
  'dicom/enhanced_mr_stacks_12f',
  'dicom/enhanced_mr_bruker_4f',
  'dicom/xa_cine_96f',
  'dicom/us_cine',
  'nifti/avg152T1_LR_nifti2_float32.nii.gz',
  'nifti/dti_fa_float32.nii.gz',
  'nifti/zstat_float32_littleendian_qformonly.nii.gz',
  'nifti/nib_anatomical_int16_bigendian.nii',
  'nifti/orientation_RAS.nii.gz',
];

async function realSeries(path: string): Promise<Frame[]> {
  const [series] = (await readStudy(path)).series;
  if (series === undefined) throw new Error(`no series at ${path}`);
  const files = new UnwrappedFiles(series, new MemoryBudget(2 ** 30), null);
  const frames: Frame[] = [];
  for (const record of series.frames.slice(0, Math.min(MOST_FRAMES, series.framesPerPhase)))
    frames.push(await loadFrame(await files.request(record)));
  await files.close();
  return frames;
}

async function studyInputs(): Promise<ParityInput[] | string> {
  const paths = STUDIES.map(sharedData).filter((path) => path !== null);
  if (paths.length < WANTED) return 'the shared studies are not there';
  const inputs: ParityInput[] = [];
  for (const path of paths) {
    const frames = await realSeries(path);
    inputs.push({ features: featuresOf(frames), k: Math.ceil(frames.length / 3), frames: null });
  }
  return inputs;
}

/** Test volumes of the published set that a package was trained on, and a few of the frames of each. */
async function volumeInputs({ card }: ModelPackage): Promise<ParityInput[] | string> {
  const spec = card.training.data.find(({ name }) => name.startsWith('medmnist:'))?.name;
  if (spec === undefined) return `${card.id} was not trained on a published set`;
  const [, name = '', side = ''] = spec.split(':');
  const file = sharedData(`medmnist3d/${name}mnist3d${side === '28' ? '' : `_${side}`}.npz`);
  if (file === null) return `the volumes of ${spec} are not there`;
  const { test } = (await readMedmnist(spec, [dirname(file)])).splits;
  const { frames: count, rows, columns, voxels } = test;
  const length = rows * columns;
  const step = Math.floor(test.count / WANTED);
  return Array.from({ length: WANTED }, (_, i) => {
    const volume = voxels.slice(i * step * count * length, (i * step + 1) * count * length);
    const frameAt = (t: number): Frame => frameOf(rows, columns, volume.slice(t * length, (t + 1) * length));
    const kept = [...selectUniform(count, 4)];
    const values = Float32Array.from(kept.flatMap((t) => [...frameAt(t).values]));
    return {
      features: featuresOf(Array.from({ length: count }, (_frame, t) => frameAt(t))),
      k: Math.ceil(count / 2),
      frames: normalizeFrames(card, { count: kept.length, rows, columns, samples: 1, values }),
    };
  });
}

describe.each(await listPackages([SHIPPED]))('$id on 20 real series', async ({ folder }) => {
  const model = await loadPackage(folder);
  const inputs = await (model.classifier === null ? studyInputs() : volumeInputs(model));
  if (typeof inputs === 'string') {
    it.skip(`has inputs: ${inputs}`);
    return;
  }
  let reference: ParityOutput[] = [];

  beforeAll(async () => {
    reference = await packageOutputs(model, await onnxRuntimeEngine('cpu', 1), inputs);
  });

  it.for(OTHER_ENGINES)('is the same on $name', { timeout: 300_000 }, async ({ start }, { skip }) => {
    expect(reference).toHaveLength(WANTED);
    const engine = await start();
    if (typeof engine === 'string') return skip(engine);
    expectParity(await packageOutputs(model, engine, inputs), reference);
  });
});
