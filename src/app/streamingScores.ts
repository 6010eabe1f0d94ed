import { toKeysliceError, type KeysliceError } from '../contract/errors.ts';
import type { SamplerName } from '../contract/sampling.ts';
import { generalPackage, type UsablePackage } from './choosePackages.ts';
import type { KeySize } from './keyCount.ts';
import { rankFrames, type Ranking } from './ranking.ts';
import type { SeriesPass } from './seriesPass.ts';
import type { Workbench } from './workbench.ts';

/** Scores of an unfinished series are renewed at most this often. */
const INTERVAL_MS = 300;
const FEWEST_FRAMES = 3;
const SEED = 0;

/** Provisional scores while frames stream in, by the general package: which task package fits is not known yet. */
export class StreamingScores {
  readonly #workbench: Workbench;
  readonly #pass: SeriesPass;
  readonly #wish: { size: KeySize; sampler: SamplerName };
  readonly #onScores: (ranking: Ranking) => void;
  readonly #general: Promise<UsablePackage>;
  #running: Promise<void> | null = null;
  #last = 0;
  #stopped = false;
  #failed: KeysliceError | null = null;

  constructor(
    workbench: Workbench,
    pass: SeriesPass,
    wish: { size: KeySize; sampler: SamplerName },
    onScores: (ranking: Ranking) => void,
  ) {
    this.#workbench = workbench;
    this.#pass = pass;
    this.#wish = wish;
    this.#onScores = onScores;
    this.#general = workbench.packages().then(generalPackage);
    // Told by `stop`, or by the triage that follows, which needs the same package.
    this.#general.catch(() => undefined);
  }

  /** More frames have been measured. */
  update(): void {
    if (this.#stopped || this.#running !== null || performance.now() - this.#last < INTERVAL_MS) return;
    this.#running = this.#renew()
      .catch((thrown: unknown) => {
        this.#failed = toKeysliceError(thrown);
        this.#stopped = true;
      })
      .finally(() => {
        this.#running = null;
        this.#last = performance.now();
      });
  }

  /** Nothing more is told. @throws KeysliceError why scores could not be had */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    if (this.#failed !== null && this.#failed.code !== 'CANCELLED') throw this.#failed;
  }

  async #renew(): Promise<void> {
    const features = this.#pass.features();
    if (features.frames.length < FEWEST_FRAMES) return;
    const ranking = await rankFrames(
      this.#workbench.inference,
      { ranking: await this.#general },
      { ...this.#wish, features, frames: this.#pass.frames, seed: SEED, matrix: false },
    );
    if (!this.#stopped) this.#onScores(ranking);
  }
}
