import type { EvaluateDocument, GainDocument } from '../contract/documents.ts';
import type { EngineChoice } from '../contract/engineChoice.ts';
import { KeysliceError, type Failure } from '../contract/errors.ts';
import type { ComparedName } from '../contract/sampling.ts';
import type { Scratch } from '../imaging/scan/scratch.ts';
import { loadPackage } from '../ml/packages/loadPackage.ts';
import { listPackages } from '../ml/packages/listPackages.ts';
import { TRAINED_SAMPLERS } from '../ml/training/chooseFrames.ts';
import { evaluatePackage, evaluateRun, type Evaluation } from '../ml/training/evaluate.ts';
import { commandEngine } from './commandEngine.ts';
import type { Installation } from './installation.ts';
import { readLabelledData } from './labelledData.ts';
import { openStudy } from './open.ts';
import { triageStudy } from './triage.ts';

export interface EvaluateRequest {
  /** A run folder, or a package's id. */
  subject: { run: string } | { model: string };
  data: string;
  dataDir: string | undefined;
  split: 'val' | 'test';
  ratio: number | undefined;
  sampler: ComparedName;
  engine: EngineChoice;
  signal: AbortSignal;
  onEngine: (line: string) => void;
}

/** Figures of a run or a package on a labelled data set. @throws KeysliceError */
export async function evaluate(
  installation: Installation,
  request: EvaluateRequest,
): Promise<EvaluateDocument> {
  const { subject, split, signal } = request;
  const data = await readLabelledData(installation, request.data, request.dataDir);
  const task = { data, split, signal, engine: await commandEngine(request.engine, request.onEngine) };
  const evaluation =
    'run' in subject
      ? await evaluateRun(subject.run, task)
      : await evaluatePackage(await packageOf(installation, subject.model), choiceOf(request), task);
  return evaluateDocument('run' in subject ? subject.run : subject.model, request, data.md5, evaluation);
}

function evaluateDocument(
  model: string,
  { data, split }: EvaluateRequest,
  md5: string,
  { sampler, ratio, metrics, ci95, ms }: Evaluation,
): EvaluateDocument {
  const { n, auc, accuracy, balancedAccuracy } = metrics;
  return {
    model,
    data: { name: data, md5 },
    split,
    n,
    ratio,
    sampler,
    metrics: { auc, accuracy, balancedAccuracy },
    ci95: { auc: ci95.auc },
    ms: Math.round(ms),
  };
}

async function packageOf(
  installation: Installation,
  id: string,
): Promise<Awaited<ReturnType<typeof loadPackage>>> {
  const entry = (await listPackages(installation.models)).find((candidate) => candidate.id === id);
  if (entry === undefined) throw new KeysliceError('PACKAGE_NOT_FOUND', { id });
  return loadPackage(entry.folder);
}

function choiceOf({ sampler, ratio = 0.5 }: EvaluateRequest): {
  sampler: Evaluation['sampler'];
  ratio: number;
} {
  // The classifier of a package was trained on frames, not on their mean.
  const choices = TRAINED_SAMPLERS.filter((name) => name !== 'average');
  const trained = choices.find((name) => name === sampler);
  if (trained === undefined)
    throw new KeysliceError('SAMPLER_NOT_APPLICABLE', {
      sampler,
      reason: `a package can be evaluated with: ${choices.join(', ')}`,
    });
  return { sampler: trained, ratio };
}

export interface GainRequest {
  path: string;
  ratio: number;
  engine: EngineChoice;
  signal: AbortSignal;
  scratch: Scratch;
  onProgress: (stage: string, done: number, total: number) => void;
  onEngine: (line: string) => void;
}

/** How well the general package rebuilds each series under a path. @throws KeysliceError */
export async function evaluateGain(
  installation: Installation,
  request: GainRequest,
): Promise<{ document: GainDocument; failures: readonly Failure[] }> {
  const { signal, scratch } = request;
  const study = await openStudy(request.path, { signal, scratch });
  const series: GainDocument['series'][number][] = [];
  for (const { index, id } of study.series) {
    const { document } = await triageStudy(installation, {
      ...request,
      series: String(index),
      phase: 0,
      size: { ratio: request.ratio },
      model: 'general',
      sampler: 'das',
      seed: 0,
      matrix: false,
      compareFull: false,
    });
    if (document.quality === undefined)
      throw new KeysliceError('INTERNAL', { reason: 'a ranking without quality' });
    series.push({ path: id, frames: document.series.frames, k: document.k, ...document.quality });
  }
  return { document: { series }, failures: study.failures };
}
