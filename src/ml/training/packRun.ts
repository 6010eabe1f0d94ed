import { type Card, CLASSIFIER_FILE, SAMPLER_FILE } from '../../contract/card.ts';
import { KeysliceError } from '../../contract/errors.ts';
import type { Engine } from '../engines/engine.ts';
import { classifierModel, samplerModel } from '../networks/inferenceGraphs.ts';
import { fitFeatureLimit, leaveOneOutLimit } from '../packages/featureLimit.ts';
import { goldenValues } from '../packages/golden.ts';
import { slotsFor } from './chooseFrames.ts';
import type { DataSet } from './dataSet.ts';
import { CONTEXT_WIDTHS, classifierSpec, samplerSpec } from './network.ts';
import { packCompared } from './packCompared.ts';
import type { PackageDescription } from './packageDescription.ts';
import { packageReadme } from './packageReadme.ts';
import { prepareVolumes } from './prepareVolumes.ts';
import { type RunConfig, invalidRun, readTensors } from './runFolder.ts';
import { type RunResult, cardMetrics, chosenRun, runResults } from './runResults.ts';
import { refuseFilled, writePackage } from './writePackage.ts';

export interface PackOptions {
  /** Runs under one protocol. The DAS run with the smallest validation loss becomes the package, the others its peers. */
  readonly runs: readonly string[];
  readonly data: DataSet;
  readonly description: PackageDescription;
  /** New or empty folder. */
  readonly out: string;
  readonly engine: Engine;
  readonly signal?: AbortSignal;
}

const README = 'README.md';
const GOLDEN_SEED = 7;
/** Loose enough for graphics processors, far below what changes a decision. */
const GOLDEN_TOLERANCE = 1e-3;
const SPLIT =
  'train, val and test as published by MedMNIST; weights from train, checkpoint and run by val, test read when packing, never for a choice';
const FOLDER_SPLIT =
  'train, val and test as in the list of studies, no patient in two; weights from train, checkpoint and run by val, test read when packing, never for a choice';

/**
 * Writes a model package from finished runs; every figure in its card is computed here.
 * @throws KeysliceError RUN_INVALID without a DAS run, TARGET_NOT_EMPTY, CANCELLED
 */
export async function packRun(options: PackOptions): Promise<Card> {
  await refuseFilled(options.out);
  const results = await runResults(options.runs, options.data, options.engine, options.signal);
  const shipped = chosenRun(results, 'das');
  requireOneStart(results);
  if (shipped === null) throw new KeysliceError('RUN_INVALID', { reason: 'none of the runs trained DAS' });
  const weights = await readTensors(shipped.folder, 'weights');
  const graphs = {
    [SAMPLER_FILE]: samplerModel(weights, samplerSpec(shipped.config), CONTEXT_WIDTHS),
    [CLASSIFIER_FILE]: classifierModel(weights, classifierSpec(shipped.config)),
  };
  const golden = { seed: GOLDEN_SEED, tolerance: GOLDEN_TOLERANCE };
  const compared = await packCompared(results, options.engine, golden);
  const { metrics, ...body } = await cardBody(options, results, shipped, graphs);
  const carries = Object.keys(compared.card).length > 0;
  const card = carries ? { ...body.card, comparedSamplers: compared.card } : body.card;
  const files: Record<string, Uint8Array> = {
    ...graphs,
    ...compared.files,
    [README]: new TextEncoder().encode(packageReadme(card, metrics)),
  };
  return writePackage(options.out, card, files);
}

/** @throws KeysliceError RUN_INVALID when runs cannot be compared because they started from different weights */
function requireOneStart([first, ...others]: readonly RunResult[]): void {
  for (const { folder, config } of others)
    if (config.start?.weights !== first?.config.start?.weights)
      throw invalidRun(folder, `it did not start from the weights that ${first?.folder ?? ''} started from`);
}

async function cardBody(
  { data, description, engine }: PackOptions,
  results: readonly RunResult[],
  shipped: RunResult,
  graphs: Record<typeof SAMPLER_FILE | typeof CLASSIFIER_FILE, Uint8Array>,
): Promise<{ card: Omit<Card, 'files'>; metrics: ReturnType<typeof cardMetrics> }> {
  const { config } = shipped;
  const metrics = cardMetrics(results, shipped, data);
  const subject = { input: cardInput(config, data), sampler: cardSampler(config) };
  const card = {
    schema: 1 as const,
    ...description,
    labels: [...config.data.classes],
    ...subject,
    scope: { ...description.scope, featureLimit: trainingLimit(data, config) },
    classifier: {
      name: `MobileNetV3-Small, stem stride ${config.protocol.stemStride}`,
      normalization: normalizationOf(data),
    },
    training: cardTraining(data, results, config),
    metrics,
    golden: await goldenCard(subject, config, graphs, engine),
  };
  return { card, metrics };
}

function cardInput({ rows, columns, protocol }: RunConfig, { folder }: DataSet): Card['input'] {
  return {
    kind: 'series',
    channels: 1,
    size: [rows, columns],
    ...(folder === undefined ? {} : { resample: 'area' }),
    spacingMm: null,
    window: folder === undefined ? null : windowOf(folder.range),
    thumbnails: protocol.features !== 'handcrafted',
  };
}

function windowOf([low, high]: readonly [number, number]): Card['input']['window'] {
  return { center: (low + high) / 2, width: high - low };
}

function normalizationOf({ pixels, folder }: DataSet): NonNullable<Card['classifier']>['normalization'] {
  const [low, high] = folder?.range ?? [0, pixels === 'mask' ? 1 : 255];
  return { mean: [low], deviation: [high - low] };
}

function cardSampler({ protocol: { base, features, sampling, heads, tau0 } }: RunConfig): Card['sampler'] {
  return { name: 'das', base, features, position: false, sampling, heads, tau0 };
}

function trainingLimit(data: DataSet, { protocol }: RunConfig): Card['scope']['featureLimit'] {
  const pooled = prepareVolumes(data.splits.train, protocol).series.map((series) => series.pooled);
  return data.folder === undefined ? fitFeatureLimit(pooled) : leaveOneOutLimit(pooled);
}

function cardTraining(data: DataSet, results: readonly RunResult[], config: RunConfig): Card['training'] {
  const { name, md5, licence, citation } = data;
  const seeds = new Set(results.filter((run) => run.config.sampler === 'das').map((run) => run.config.seed));
  return {
    data: [{ name, md5, licence, citation }],
    split: data.folder === undefined ? SPLIT : FOLDER_SPLIT,
    protocol: {
      optimizer: 'Adam, weight decay decoupled, cosine schedule with warm-up',
      selection: 'smallest noise-free validation loss, averaged weights',
      ratio: config.ratio,
      ...config.protocol,
      mirror: config.protocol.mirror.join(' '),
      ...(config.start === undefined ? {} : { start: config.start.data }),
    },
    seeds: [...seeds],
    commit: config.commit,
  };
}

async function goldenCard(
  subject: Pick<Card, 'input' | 'sampler'>,
  config: RunConfig,
  graphs: Record<typeof SAMPLER_FILE | typeof CLASSIFIER_FILE, Uint8Array>,
  engine: Engine,
): Promise<Card['golden']> {
  // The smallest series that golden inputs are made for has two frames.
  const frames = Math.max(2, config.frames);
  const request = { seed: GOLDEN_SEED, frames, k: slotsFor('das', config.ratio, frames) };
  const sampler = await engine.createSession(graphs[SAMPLER_FILE]);
  const classifier = await engine.createSession(graphs[CLASSIFIER_FILE]);
  try {
    const values = await goldenValues(subject, { sampler, classifier }, request);
    return { seed: request.seed, frames: request.frames, ...values, tolerance: GOLDEN_TOLERANCE };
  } finally {
    await sampler.release();
    await classifier.release();
  }
}
