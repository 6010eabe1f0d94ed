import type { Card } from '../contract/card.ts';
import type { SamplerName } from '../contract/sampling.ts';
import type { Sampler } from '../ml/samplers/sampler.ts';
import type { Engine } from '../ml/engines/engine.ts';
import { loadPackage } from '../ml/packages/loadPackage.ts';
import { closePackage, openPackage, type PackageSessions } from '../ml/packages/openPackage.ts';
import { verifyGolden } from '../ml/packages/golden.ts';

/** A package on the engine that runs. */
export interface OpenedPackage extends PackageSessions {
  readonly card: Card;
  /** Those that were asked for: each remembers what it made of the last series. */
  readonly samplers: Map<SamplerName, Sampler>;
}

/** Sessions stay open: making one costs more than running it. */
export const OPEN_LIMIT = 8;

/** The packages that one engine holds, each checked and verified on that engine when it was opened. */
export class OpenedPackages {
  readonly #engine: Engine;
  /** The one used last is last. */
  readonly #open = new Map<string, OpenedPackage>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** @throws KeysliceError PACKAGE_NOT_FOUND, PACKAGE_INVALID, PACKAGE_HASH_MISMATCH */
  async get(folder: string): Promise<OpenedPackage> {
    const opened = this.#open.get(folder) ?? (await this.#load(folder));
    this.#open.delete(folder);
    this.#open.set(folder, opened);
    const [eldest] = this.#open;
    if (this.#open.size > OPEN_LIMIT && eldest !== undefined) {
      this.#open.delete(eldest[0]);
      await closePackage(eldest[1]);
    }
    return opened;
  }

  async close(): Promise<void> {
    for (const opened of this.#open.values()) await closePackage(opened);
    this.#open.clear();
  }

  async #load(folder: string): Promise<OpenedPackage> {
    const files = await loadPackage(folder);
    const sessions = await openPackage(files, this.#engine);
    try {
      await verifyGolden(files.card, sessions, this.#engine);
    } catch (error) {
      await closePackage(sessions);
      throw error;
    }
    return { card: files.card, samplers: new Map(), ...sessions };
  }
}
