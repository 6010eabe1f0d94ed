import path from 'node:path';
import type { EvaluateDocument } from '../contract/documents.ts';
import type { EngineChoice } from '../contract/engineChoice.ts';
import { KeysliceError } from '../contract/errors.ts';
import type { ComparedName } from '../contract/sampling.ts';
import type { Engine } from '../ml/engines/engine.ts';
import { loadPackage } from '../ml/packages/loadPackage.ts';
import { invalidPackage } from '../ml/packages/modelPackage.ts';
import { listPackages } from '../ml/packages/listPackages.ts';
import { TRAINED_SAMPLERS } from '../ml/training/chooseFrames.ts';
import type { DataSet } from '../ml/training/dataSet.ts';
import { evaluatePackage, type Evaluation } from '../ml/training/evaluate.ts';
import { measureRun, METRICS_FILE, metricsBefore } from '../ml/training/measureRun.ts';
import { readConfig } from '../ml/training/runFolder.ts';
import { commandEngine } from './commandEngine.ts';
import { featureKernel } from './featureKernel.ts';
import type { Installation } from './installation.ts';
import { type FolderOptions, requireSplit } from './labelled/readLabelledFolder.ts';
import { readLabelledData } from './labelledData.ts';
import { writeFileAtomic } from './writeFileAtomic.ts';

export interface EvaluateRequest {
  /** A run folder, or a package's id. */
  subject: { run: string } | { model: string };
  data: string;
  dataDir: string | undefined;
  split: 'val' | 'test';
  ratio: number | undefined;
  sampler: ComparedName;
  engine: EngineChoice;
  /** Where the metrics of a run are written; by default into its folder. */
  out: string | undefined;
  signal: AbortSignal;
  onEngine: (line: string) => void;
  onStudy: (done: number, total: number) => void;
  onNote: (line: string) => void;
}

/**
 * Figures of a run or a package on a labelled data set. Those of a run are also written, with all that the report
 * needs, to its `metrics.json`.
 * @throws KeysliceError
 */
export async function evaluate(
  installation: Installation,
  request: EvaluateRequest,
): Promise<EvaluateDocument> {
  const { subject, split } = request;
  const data = await readLabelledData(installation, {
    ...request,
    ...(await expectedOf(installation, subject)),
  });
  requireSplit(data, split, 1);
  const engine = await commandEngine(request.engine, request.onEngine);
  const started = performance.now();
  const figures =
    'run' in subject
      ? await runFigures(installation, subject.run, { ...request, data, engine })
      : await packageFigures(installation, subject.model, { ...request, data, engine });
  return {
    model: 'run' in subject ? subject.run : subject.model,
    data: { name: data.name, md5: data.md5 },
    split,
    ...figures,
    ms: Math.round(performance.now() - started),
  };
}
/** How a list of studies has to be read for a run or a package. */
async function expectedOf(
  installation: Installation,
  subject: EvaluateRequest['subject'],
): Promise<Pick<FolderOptions, 'size' | 'frames' | 'classes'>> {
  if ('run' in subject) {
    const { rows, frames, data } = await readConfig(subject.run);
    return { size: rows, frames, classes: data.classes };
  }
  const { card } = await packageOf(installation, subject.model);
  if (card.input.size === null) throw invalidPackage(card.id, 'it has no classifier to evaluate');
  return { size: card.input.size[0], frames: null, classes: card.labels };
}

type Figures = Pick<EvaluateDocument, 'n' | 'ratio' | 'sampler' | 'metrics' | 'ci95'>;

interface Subject extends Omit<EvaluateRequest, 'data' | 'engine'> {
  data: DataSet;
  engine: Engine;
}

async function runFigures(installation: Installation, run: string, subject: Subject): Promise<Figures> {
  const file = subject.out ?? path.join(run, METRICS_FILE);
  const metrics = await measureRun(run, {
    ...subject,
    kernel: featureKernel(installation),
    before: await metricsBefore(file),
  });
  await writeFileAtomic(file, new TextEncoder().encode(`${JSON.stringify(metrics)}\n`));
  const measured = metrics.splits[subject.split];
  const { sampler, ratio } = await readConfig(run);
  if (measured === undefined) throw new KeysliceError('INTERNAL', { reason: 'a split was not measured' });
  const { n, auc, accuracy, balancedAccuracy, ci95 } = measured;
  return { n, ratio, sampler, metrics: { auc, accuracy, balancedAccuracy }, ci95: { auc: ci95.auc } };
}

async function packageFigures(installation: Installation, id: string, subject: Subject): Promise<Figures> {
  const evaluation = await evaluatePackage(await packageOf(installation, id), choiceOf(subject), subject);
  const { sampler, ratio, metrics, ci95 } = evaluation;
  const { n, auc, accuracy, balancedAccuracy } = metrics;
  const defined = (value: number): number | null => (Number.isNaN(value) ? null : value);
  return {
    n,
    ratio,
    sampler,
    metrics: { auc: defined(auc), accuracy, balancedAccuracy },
    ci95: { auc: ci95.auc.some(Number.isNaN) ? null : ci95.auc },
  };
}

export async function packageOf(
  installation: Installation,
  id: string,
): Promise<Awaited<ReturnType<typeof loadPackage>>> {
  const entry = (await listPackages(installation.models)).find((candidate) => candidate.id === id);
  if (entry === undefined) throw new KeysliceError('PACKAGE_NOT_FOUND', { id });
  return loadPackage(entry.folder);
}

function choiceOf({ sampler, ratio = 0.5 }: Pick<EvaluateRequest, 'sampler' | 'ratio'>): {
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
