/** A run of the fuzzer: case after case, each from its own seed, so that one case can be made again by itself. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScratchFolder } from '../../src/app/scratchFolder.ts';
import type { WorkerPool } from '../../src/imaging/frames/workerPool.ts';
import { ctSlice } from '../fixtures/ctSlice.ts';
import { dicomFile } from '../fixtures/dicomFile.ts';
import { randomSource } from '../fixtures/frames.ts';
import { mutate, type Chance, type Mutant } from './mutations.ts';
import { openFile, silentlyWrong, type Opened } from './openFile.ts';
import { COMPANION, INDEX_ENDING, type SeedFile, type Seeds } from './seedFiles.ts';

export interface CampaignOptions {
  seeds: Seeds;
  pool: WorkerPool;
  /** A folder of its own. */
  folder: string;
}

export interface CaseResult {
  seed: number;
  /** The file that was changed, and how. */
  description: string;
  ending: string;
  bytes: Uint8Array;
  codes: readonly string[];
  faults: readonly string[];
}

/** A hang is more than this, twice: the machine may be busy once. */
const HANG_MS = 10_000;
const MAX_MEMORY_BYTES = 3 * 1024 ** 3;

/** Runs cases and keeps what it needs between them. */
export class Campaign {
  readonly #options: CampaignOptions;
  readonly #companion: string;
  readonly #scratch = new ScratchFolder();
  readonly #whole = new Map<SeedFile, Opened>();

  constructor(options: CampaignOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true });
    this.#companion = join(options.folder, COMPANION);
    writeFileSync(this.#companion, dicomFile(ctSlice({ seriesUid: '2.25.9001', studyUid: '2.25.9000' })));
  }

  /** One case: the seed chooses the file and the changes. */
  async run(seed: number): Promise<CaseResult> {
    const { file, mutant } = this.#make(seed);
    const opened = await this.open(mutant.bytes, file.ending);
    const faults =
      mutant.kind === 'cut' ? [...opened.faults, ...(await this.#wrong(file, opened))] : opened.faults;
    const description = `${file.name}: ${mutant.changes.join('; ')}`;
    const { bytes } = mutant;
    return { seed, description, ending: file.ending, bytes, codes: opened.codes, faults };
  }

  /** Opens bytes as a file beside a good one. */
  async open(bytes: Uint8Array, ending: string): Promise<Opened> {
    const path = join(this.#options.folder, `case${ending}`);
    writeFileSync(path, bytes);
    try {
      const first = await this.#timed(path);
      if (first.ms <= HANG_MS) return first.opened;
      const second = await this.#timed(path);
      if (second.ms > HANG_MS) second.opened.faults.push(`it takes ${Math.round(second.ms)} ms`);
      return second.opened;
    } finally {
      rmSync(path);
      await this.#scratch.remove();
    }
  }

  async #timed(file: string): Promise<{ opened: Opened; ms: number }> {
    const start = performance.now();
    const opened = await openFile({
      path: file.endsWith(INDEX_ENDING) ? file : this.#options.folder,
      companion: this.#companion,
      pool: this.#options.pool,
      scratch: this.#scratch,
    });
    const memory = process.memoryUsage().rss;
    if (memory > MAX_MEMORY_BYTES) opened.faults.push(`the process holds ${Math.round(memory / 2 ** 20)} MB`);
    return { opened, ms: performance.now() - start };
  }

  async #wrong(file: SeedFile, cut: Opened): Promise<string[]> {
    if (cut.frames.size === 0) return [];
    const whole = this.#whole.get(file) ?? (await this.open(file.bytes, file.ending));
    this.#whole.set(file, whole);
    return silentlyWrong(whole, cut);
  }

  #make(seed: number): { file: SeedFile; mutant: Mutant } {
    const random = randomSource(Math.imul(seed, 2654435761));
    const chance: Chance = { below: (limit) => Math.floor(random() * limit) };
    const pick = (): SeedFile => {
      const { generated, found } = this.#options.seeds;
      const seeds = chance.below(3) === 0 ? generated : found;
      const file = seeds[chance.below(seeds.length)];
      if (file === undefined) throw new Error('there are no seed files');
      return file;
    };
    const file = pick();
    return { file, mutant: mutate(file.bytes, pick().bytes, chance) };
  }
}
