import type { EngineChoice } from '../contract/engineChoice.ts';
import type { EngineReport } from '../contract/ipc.ts';
import { MemoryBudget } from '../imaging/frames/memoryBudget.ts';
import type { WorkerPool } from '../imaging/frames/workerPool.ts';
import { listPackages, type PackageEntry } from '../ml/packages/listPackages.ts';
import { decodePool } from './decodePool.ts';
import { Inference } from './inference.ts';
import { OPEN_LIMIT } from './openedPackages.ts';
import type { Installation } from './installation.ts';

const MEGABYTE = 1024 * 1024;

export interface WorkbenchOptions {
  engine: EngineChoice;
  memoryMb: number;
  /** Told once the engine has been chosen, and again when it changes. */
  onEngine: (report: EngineReport) => void;
}

/** What all use cases share: decode threads, the one inference thread, the byte budget, the installed packages. */
export class Workbench {
  readonly pool: WorkerPool;
  readonly budget: MemoryBudget;
  readonly inference: Inference;
  readonly #installation: Installation;
  readonly #onEngine: WorkbenchOptions['onEngine'];

  constructor(installation: Installation, options: WorkbenchOptions) {
    this.#installation = installation;
    this.#onEngine = options.onEngine;
    this.budget = new MemoryBudget(options.memoryMb * MEGABYTE);
    this.pool = decodePool(installation);
    this.inference = new Inference({
      workerUrl: installation.inferWorker,
      engine: options.engine,
      wasmFolder: null,
      kernel: installation.kernel,
    });
  }

  /** Which engine runs; it is chosen at the first call. @throws KeysliceError ENGINE_UNAVAILABLE */
  async engineReport(): Promise<EngineReport> {
    const report = await this.inference.engineReport();
    this.#onEngine(report);
    return report;
  }

  /** Which engine runs once these packages are open on it. @throws KeysliceError as packages and engines do */
  async openPackages(folders: readonly string[]): Promise<EngineReport> {
    const report = await this.inference.open(folders);
    this.#onEngine(report);
    return report;
  }

  /** Does while nothing is open what the first study would wait for: threads load their modules, packages are opened. */
  warmUp(): void {
    this.pool.warmUp();
    // What fails here fails again, and is told, when a package is needed.
    this.#openUsable().catch(() => undefined);
  }

  /** Sampler and classifier of every package on the engine, each checked there. */
  async #openUsable(): Promise<void> {
    const entries = await this.packages();
    await this.openPackages(
      entries.flatMap(({ card, folder }) => (card === null ? [] : [folder])).slice(0, OPEN_LIMIT),
    );
  }

  packages(): Promise<PackageEntry[]> {
    return listPackages(this.#installation.models);
  }

  setMemory(megabytes: number): void {
    this.budget.resize(megabytes * MEGABYTE);
  }

  /** Another engine from now on; the one before stays when this one cannot run. @throws ENGINE_UNAVAILABLE */
  async setEngine(engine: EngineChoice): Promise<void> {
    this.#onEngine(await this.inference.useEngine(engine));
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.close(), this.inference.close()]);
  }
}
