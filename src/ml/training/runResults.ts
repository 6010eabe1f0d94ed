import { KeysliceError } from '../../contract/errors.ts';
import type { Card } from '../../contract/card.ts';
import type { Engine } from '../engines/engine.ts';
import { TRAINED_SAMPLERS, type TrainedSampler } from './chooseFrames.ts';
import { type DataSet, type LabelledVolumes, volumePixels } from './dataSet.ts';
import { type Evaluation, evaluateRun } from './evaluate.ts';
import { areaUnderCurve } from './metrics.ts';
import { type RunConfig, readConfig, readLog } from './runFolder.ts';

/** A finished run with what it reaches; the test split is read here and nowhere before. */
export interface RunResult {
  readonly folder: string;
  readonly config: RunConfig;
  /** Noise-free validation loss of the kept epoch: what runs are chosen by. */
  readonly valLoss: number;
  readonly epochs: number;
  readonly val: Evaluation;
  readonly test: Evaluation;
}

type Metrics = Extract<Card['metrics'], { kind: 'classification' }>;

/** Evaluates runs one after the other on val and test. */
export async function runResults(
  folders: readonly string[],
  data: DataSet,
  engine: Engine,
  signal: AbortSignal | undefined,
): Promise<RunResult[]> {
  const results: RunResult[] = [];
  for (const folder of folders) {
    const config = await readConfig(folder);
    const log = await readLog(folder);
    const best = log.findLast((record) => record.best);
    if (best === undefined)
      throw new KeysliceError('RUN_INVALID', { reason: 'no epoch has ended' }, { path: folder });
    const task = { data, engine, ...(signal === undefined ? {} : { signal }) };
    results.push({
      folder,
      config,
      valLoss: best.valLoss,
      epochs: log.length,
      val: await evaluateRun(folder, { ...task, split: 'val' }),
      test: await evaluateRun(folder, { ...task, split: 'test' }),
    });
  }
  return results;
}

/** The run of a sampler with the smallest validation loss; null when there is none. */
export function chosenRun(results: readonly RunResult[], sampler: TrainedSampler): RunResult | null {
  const candidates = results.filter(({ config }) => config.sampler === sampler);
  return candidates.toSorted((a, b) => a.valLoss - b.valLoss)[0] ?? null;
}

/** Metrics of a card: the shipped run, its peers under the same protocol, every run, and a baseline. */
export function cardMetrics(results: readonly RunResult[], shipped: RunResult, data: DataSet): Metrics {
  const peers = TRAINED_SAMPLERS.filter((sampler) => sampler !== shipped.config.sampler).flatMap(
    (sampler) => {
      const run = chosenRun(results, sampler);
      if (run === null) return [];
      return [{ sampler, val: run.val.metrics, test: run.test.metrics, ci95: intervals(run.test) }];
    },
  );
  return {
    kind: 'classification',
    ratio: shipped.config.ratio,
    val: shipped.val.metrics,
    test: shipped.test.metrics,
    ci95: intervals(shipped.test),
    peers,
    runs: results.map(({ config: { sampler, seed }, val, test }) => ({
      sampler,
      seed,
      val: val.metrics,
      test: test.metrics,
    })),
    baselines: data.classes.length === 2 ? [{ name: 'voxel sum', testAuc: voxelSumAuc(data) }] : [],
  };
}

function intervals({ ci95 }: Evaluation): Metrics['ci95'] {
  return { auc: [...ci95.auc], accuracy: [...ci95.accuracy], balancedAccuracy: [...ci95.balancedAccuracy] };
}

/** Test AUC of the plain sum of a volume's voxels; whether more means positive is read off the train split. */
function voxelSumAuc({ splits }: DataSet): number {
  const [train, test] = [sumAuc(splits.train), sumAuc(splits.test)];
  return train >= 0.5 ? test : 1 - test;
}

function sumAuc(volumes: LabelledVolumes): number {
  const sums = Array.from({ length: volumes.count }, (_, i) =>
    volumePixels(volumes, i).reduce((sum, value) => sum + value, 0),
  );
  return areaUnderCurve(
    sums,
    Array.from(volumes.labels, (label) => label === 1),
  );
}
