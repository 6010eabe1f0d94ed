import { type Card, SAMPLER_FILE } from '../../../contract/card.ts';
import type { Engine } from '../../engines/engine.ts';
import { samplerModel } from '../../networks/inferenceGraphs.ts';
import type { Weights } from '../../networks/parameters.ts';
import { goldenValues } from '../../packages/golden.ts';
import { writePackage } from '../writePackage.ts';
import { GENERAL_COLUMNS, GENERAL_SPEC, GENERAL_WIDTHS, type GeneralProtocol } from './generalProtocol.ts';
import { generalReadme } from './generalReadme.ts';
import { rebuildMetrics, type MeasuredGain } from './measureGains.ts';

export interface GeneralResult {
  /** Trained on all of `data`. */
  readonly weights: Weights;
  /** Each series measured by weights that never saw its source. */
  readonly gains: readonly MeasuredGain[];
  readonly data: Card['training']['data'];
  readonly protocol: GeneralProtocol;
  readonly seed: number;
  readonly commit: string;
}

const GOLDEN = { seed: 7, frames: 32, k: 8 };
const GOLDEN_TOLERANCE = 1e-4;

/** Writes the `general` package; its figures are those of the result. */
export async function packGeneral(result: GeneralResult, engine: Engine, folder: string): Promise<Card> {
  const sampler: Card['sampler'] = {
    name: 'das',
    base: GENERAL_SPEC.base,
    features: GENERAL_SPEC.features,
    ...GENERAL_COLUMNS,
    sampling: 'systematic',
    heads: GENERAL_SPEC.heads,
    tau0: GENERAL_SPEC.tau0,
  };
  const input: Card['input'] = {
    kind: 'series',
    channels: 1,
    size: null,
    spacingMm: null,
    window: null,
    thumbnails: false,
  };
  const model = samplerModel(result.weights, GENERAL_SPEC, GENERAL_WIDTHS);
  const session = await engine.createSession(model);
  const golden = await goldenValues({ input, sampler }, { sampler: session, classifier: null }, GOLDEN);
  await session.release();
  const metrics = rebuildMetrics(result.gains);
  const card: Omit<Card, 'files'> = {
    ...DESCRIPTION,
    labels: [],
    input,
    sampler,
    classifier: null,
    training: {
      data: result.data,
      split: SPLIT,
      protocol: {
        loss: LOSS,
        optimizer: 'Adam, weight decay decoupled, cosine schedule',
        ...result.protocol,
      },
      seeds: [result.seed],
      commit: result.commit,
    },
    metrics,
    golden: { seed: GOLDEN.seed, frames: GOLDEN.frames, ...golden, tolerance: GOLDEN_TOLERANCE },
  };
  const readme = new TextEncoder().encode(generalReadme(card, metrics));
  return writePackage(folder, card, { [SAMPLER_FILE]: model, 'README.md': readme });
}

const LOSS =
  'ln(1 + excess of the expected error of systematic sampling, started between 0.25 and 0.75, over the optimum, relative to that of uniform sampling) + 0.3 × the cross-entropy to the frames of the optimum, at 12.5, 25 and 50 %';

const SPLIT =
  'by source: every figure comes from weights that never saw the source of the series; the protocol was chosen among ' +
  'about forty by such figures of the same series, in five folds of sources and over seeds, so they are a little too good';

const DESCRIPTION = {
  schema: 1,
  id: 'general',
  version: '2.0.0',
  title: 'General',
  licence: 'CC-BY-4.0',
  task: 'Finds the frames from which a series can best be rebuilt by interpolation, for any series, without labels.',
  intendedUse:
    'Research: reduces any volume or loop to the frames that carry its changes. The learned density is a proposal; ' +
    'when all frames are in, it is polished for the least rebuild error and never falls below uniform sampling.',
  limits:
    'Not for diagnosis. It judges change from frame to frame on small thumbnails: what is small, faint or of medical ' +
    'interest is not what it looks for.',
  scope: {
    modalities: [],
    kinds: ['volume', 'cine', 'images'],
    pixels: { kind: 'grey', values: null },
    framesMin: 1,
    framesMax: 1_000_000,
    rows: null,
    columns: null,
    extentMm: null,
    spacingMm: null,
    note: 'Any series, grey or colour.',
    featureLimit: null,
  },
} satisfies Partial<Card>;
