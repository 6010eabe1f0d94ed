import type { EngineChoice } from '../contract/engineChoice.ts';
import { KeysliceError } from '../contract/errors.ts';
import type { EngineReport } from '../contract/ipc.ts';
import type { FrameFeatures, SamplerName, Selection } from '../contract/sampling.ts';
import { classifyBatches } from '../ml/classifiers/classifyFrames.ts';
import { normalizeFrames, partOfStack, type FrameStack } from '../ml/classifiers/normalizeFrames.ts';
import { softmax } from '../ml/classifiers/softmax.ts';
import {
  fallBackToCpu,
  type ChosenEngine,
  type EngineOptions,
  type chooseEngine,
} from '../ml/engines/chooseEngine.ts';
import type { Tensor } from '../ml/engines/engine.ts';
import type { FeatureKernel } from '../ml/features/featureKernel.ts';
import { carriedSamplers } from '../ml/packages/carriedSamplers.ts';
import { invalidPackage } from '../ml/packages/modelPackage.ts';
import { sessionScoreGraph } from '../ml/packages/sessionScoreGraph.ts';
import { createSampler } from '../ml/samplers/createSampler.ts';
import type { Sampler } from '../ml/samplers/sampler.ts';
import { OpenedPackages, type OpenedPackage } from './openedPackages.ts';

export interface SelectTask {
  /** Of the package whose sampler ranks. */
  readonly folder: string;
  readonly features: FrameFeatures;
  readonly k: number;
  readonly sampler: SamplerName;
  readonly seed: number;
  /** Whether the sampling matrix is wanted too. */
  readonly matrix: boolean;
}

export interface ClassifyTask {
  readonly folder: string;
  readonly stack: FrameStack;
}

export interface InferenceServiceOptions extends EngineOptions {
  /** Of the samplers' own arithmetic; null: plain TypeScript. */
  readonly kernel: FeatureKernel | null;
  readonly chooseEngine: typeof chooseEngine;
}

interface Running {
  readonly report: EngineReport;
  readonly packages: OpenedPackages;
}

/** What the inference worker does: one engine, and the packages opened on it. Calls must not overlap. */
export class InferenceService {
  readonly #options: InferenceServiceOptions;
  readonly #kernel: FeatureKernel | null;
  readonly #cancelled: () => boolean;
  #choice: EngineChoice;
  #running: Running | null = null;

  /** @param cancelled asked between units of work. */
  constructor(choice: EngineChoice, options: InferenceServiceOptions, cancelled: () => boolean) {
    this.#choice = choice;
    this.#options = options;
    this.#kernel = options.kernel;
    this.#cancelled = cancelled;
  }

  /** @throws KeysliceError ENGINE_UNAVAILABLE */
  async engineReport(): Promise<EngineReport> {
    return (await this.#engine()).report;
  }

  /** @throws KeysliceError ENGINE_UNAVAILABLE; the engine before stays then. */
  async useEngine(choice: EngineChoice): Promise<EngineReport> {
    const next = await this.#start(choice);
    await this.#running?.packages.close();
    this.#running = next;
    this.#choice = choice;
    return next.report;
  }

  /**
   * Opens packages on the engine, so that it is known to compute what their cards say.
   * @returns the engine that runs from now on
   * @throws KeysliceError as packages and engines do
   */
  async open(folders: readonly string[]): Promise<EngineReport> {
    for (const folder of folders) await this.#opened(folder);
    return this.engineReport();
  }

  /** @throws KeysliceError as package, sampler and engine do; CANCELLED */
  async select({ folder, features, k, sampler, seed, matrix }: SelectTask): Promise<Selection> {
    const opened = await this.#opened(folder);
    const known = opened.samplers.get(sampler) ?? this.#sampler(opened, sampler);
    opened.samplers.set(sampler, known);
    return known.select(features, k, { seed, matrix });
  }

  /** @throws KeysliceError SAMPLER_NOT_APPLICABLE */
  #sampler(opened: OpenedPackage, name: SamplerName): Sampler {
    const score = sessionScoreGraph(opened.sampler, this.#cancelled);
    const carried = carriedSamplers(opened.card, opened, this.#cancelled);
    const { sampler: config, classifier } = opened.card;
    const parts = { config, score, rebuilds: classifier === null, kernel: this.#kernel, ...carried };
    return createSampler(name, parts);
  }

  /** @throws KeysliceError as package and engine do; CANCELLED */
  async classify({ folder, stack }: ClassifyTask): Promise<Float64Array> {
    const { card, classifier } = await this.#opened(folder);
    if (classifier === null) throw invalidPackage(card.id, 'it has no classifier');
    const batchAt = (first: number, size: number): Tensor =>
      normalizeFrames(card, partOfStack(stack, first, size));
    const logits = await classifyBatches(classifier, stack.count, batchAt, this.#cancelled);
    // A package without a window lets through what its graph cannot hold.
    if (!logits.every(Number.isFinite))
      throw invalidPackage(card.id, 'its classifier computes something that is no number from these frames');
    return softmax(logits);
  }

  async close(): Promise<void> {
    await this.#running?.packages.close();
    this.#running = null;
  }

  /** An engine that we chose gives way when it computes other numbers; one that a person named does not. */
  async #opened(folder: string): Promise<OpenedPackage> {
    const { packages } = await this.#engine();
    try {
      return await packages.get(folder);
    } catch (thrown) {
      const named = this.#choice !== 'auto' && this.#choice !== 'onnxruntime';
      if (named || !(thrown instanceof KeysliceError) || thrown.code !== 'ENGINE_UNAVAILABLE') throw thrown;
      this.#running = run(await fallBackToCpu(thrown, this.#options));
      await packages.close();
      return this.#running.packages.get(folder);
    }
  }

  async #engine(): Promise<Running> {
    this.#running ??= await this.#start(this.#choice);
    return this.#running;
  }

  async #start(choice: EngineChoice): Promise<Running> {
    return run(await this.#options.chooseEngine(choice, this.#options));
  }
}

const run = ({ engine, report }: ChosenEngine): Running => ({ report, packages: new OpenedPackages(engine) });
