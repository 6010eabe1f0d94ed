import { readFileSync } from 'node:fs';
import type { Card } from '../contract/card.ts';
import type { Engine } from '../ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../ml/engines/onnxRuntime.ts';
import type { FeatureKernel } from '../ml/features/featureKernel.ts';
import { loadFeatureKernel } from '../ml/features/wasmKernel.ts';
import { samplerModel } from '../ml/networks/inferenceGraphs.ts';
import { sessionScoreGraph } from '../ml/packages/sessionScoreGraph.ts';
import { GENERATED_SOURCE, generatedSeries } from '../ml/training/general/generatedSeries.ts';
import { GENERAL_PROTOCOL, GENERAL_SPEC, GENERAL_WIDTHS } from '../ml/training/general/generalProtocol.ts';
import { trainGeneral } from '../ml/training/general/generalTrainer.ts';
import { measureGains, type MeasuredGain } from '../ml/training/general/measureGains.ts';
import { packGeneral } from '../ml/training/general/packGeneral.ts';
import { rebuildTask, type RebuildTask } from '../ml/training/general/rebuildTask.ts';
import { GENERAL_CORPUS, readGeneralCorpus } from './generalCorpus.ts';

export interface TrainGeneralRequest {
  /** Folder of the corpus. */
  readonly data: string;
  /** Folder of the package; replaced whole. */
  readonly out: string;
  /** The compiled feature kernel. */
  readonly kernel: string;
  /** Commit of the program, for the card. */
  readonly commit: string;
  readonly log: (line: string) => void;
}

/** The series of one place in the corpus: measured as it is, learned from with its variants. */
interface CorpusTasks {
  readonly whole: RebuildTask;
  readonly learned: readonly RebuildTask[];
}

const SEED = 1;
const GENERATED_FRAMES = [16, 24, 32, 48, 64, 96] as const;

/**
 * Trains and measures the `general` package: once per source without that source, for the figures, and once on all,
 * for the weights. The same corpus gives the same package.
 * @throws KeysliceError DATA_NOT_FOUND, ENGINE_UNAVAILABLE
 */
export async function trainGeneralPackage({
  data,
  out,
  kernel,
  commit,
  log,
}: TrainGeneralRequest): Promise<Card> {
  const simd = loadFeatureKernel(new Uint8Array(readFileSync(kernel)));
  const engine = await onnxRuntimeEngine('cpu', 1);
  const corpus = await corpusTasks(data, simd, log);
  const drawn = generatedTasks(simd);
  const gains: MeasuredGain[] = [];
  for (const source of new Set(corpus.map(({ whole }) => whole.source))) {
    const others = corpus.filter(({ whole }) => whole.source !== source);
    const score = await trainedScores(engine, [...drawn, ...others.flatMap(({ learned }) => learned)]);
    for (const { whole } of corpus) {
      if (whole.source === source) gains.push(...(await measureGains(whole, score.graph)));
    }
    await score.release();
    log(`measured without ${source}`);
  }
  const all = [...drawn, ...corpus.flatMap(({ learned }) => learned)];
  const weights = await trainGeneral(all, engine, GENERAL_PROTOCOL, SEED);
  return packGeneral(
    { weights, gains, data: dataOfCard(), protocol: GENERAL_PROTOCOL, seed: SEED, commit },
    engine,
    out,
  );
}

async function corpusTasks(
  data: string,
  kernel: FeatureKernel,
  log: (line: string) => void,
): Promise<CorpusTasks[]> {
  const corpus = await readGeneralCorpus(data, kernel, ({ path }) => {
    log(`reading ${path}`);
  });
  return corpus.map(({ whole, variants }) => {
    const task = rebuildTask(whole, kernel);
    return { whole: task, learned: [task, ...variants.map((variant) => rebuildTask(variant, kernel))] };
  });
}

function generatedTasks(kernel: FeatureKernel): RebuildTask[] {
  return Array.from({ length: GENERAL_PROTOCOL.generated }, (_, index) => {
    const frames = GENERATED_FRAMES[index % GENERATED_FRAMES.length]!;
    return rebuildTask(generatedSeries(index, frames, kernel), kernel);
  });
}

async function trainedScores(engine: Engine, tasks: readonly RebuildTask[]) {
  const weights = await trainGeneral(tasks, engine, GENERAL_PROTOCOL, SEED);
  const session = await engine.createSession(samplerModel(weights, GENERAL_SPEC, GENERAL_WIDTHS));
  return { graph: sessionScoreGraph(session, () => false), release: () => session.release() };
}

function dataOfCard(): Card['training']['data'] {
  const real = GENERAL_CORPUS.map(({ source, path, licence, citation }) => ({
    name: `${path} (${source})`,
    md5: null,
    licence,
    citation,
  }));
  const drawn = {
    name: `${GENERAL_PROTOCOL.generated} ${GENERATED_SOURCE} series`,
    md5: null,
    citation: null,
  };
  return [...real, { ...drawn, licence: 'Apache-2.0' }];
}
