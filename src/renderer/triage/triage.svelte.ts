import { SvelteSet } from 'svelte/reactivity';
import { toKeysliceError, type ErrorReport } from '../../contract/errors.ts';
import type { Answer, KeysliceBridge, TriageView } from '../../contract/ipc.ts';
import { valueOf } from '../bridge.ts';
import { keyIndex, nextKeyFrame, previousKeyFrame } from './keyFrames.ts';

type TriageBridge = Pick<
  KeysliceBridge,
  'setSelection' | 'toggleKeyFrame' | 'compareFull' | 'setVerdict' | 'markViewed'
>;
export type Verdict = NonNullable<TriageView['review']['verdict']>;
type Size = { k: number } | { ratio: number };

/** How long frames on the screen are gathered before the program is told that they were viewed. */
const VIEWED_DELAY_MS = 300;

/** The read model of the triage of the shown series, and the intents that change it. */
export class Triage {
  view = $state.raw<TriageView | null>(null);
  error = $state.raw<ErrorReport | null>(null);
  comparing = $state(false);
  readonly #seen = new SvelteSet<number>();
  readonly #bridge: TriageBridge;
  #target: { seriesId: string; phase: number } | null = null;
  #pendingSize: Size | null = null;
  #sending = false;
  #unreported: number[] = [];

  constructor(bridge: TriageBridge) {
    this.#bridge = bridge;
  }

  reset(target: { seriesId: string; phase: number } | null): void {
    this.#target = target;
    this.view = null;
    this.error = null;
    this.comparing = false;
    this.#seen.clear();
    this.#unreported = [];
    this.#pendingSize = null;
  }

  /** Results of another series or phase arrive late when the person has moved on: they are left out. */
  apply(view: TriageView): void {
    if (view.seriesId === this.#target?.seriesId && view.phase === this.#target.phase) this.view = view;
  }

  /** Scores could not be made; the frames are there all the same. */
  fail(event: { seriesId: string; phase: number; error: ErrorReport }): void {
    if (event.seriesId === this.#target?.seriesId && event.phase === this.#target.phase)
      this.error = event.error;
  }

  get selected(): readonly number[] {
    return this.view?.selected ?? [];
  }

  get handmadeCount(): number {
    return this.view === null ? 0 : this.view.added.length + this.view.removed.length;
  }

  get viewedKeyCount(): number {
    const reported = this.view?.review.viewed ?? [];
    return this.selected.filter((frame) => reported.includes(frame) || this.#seen.has(frame)).length;
  }

  keyIndex(frame: number): number | null {
    return keyIndex(this.selected, frame);
  }

  nextKey(frame: number): number | null {
    return nextKeyFrame(this.selected, frame);
  }

  previousKey(frame: number): number | null {
    return previousKeyFrame(this.selected, frame);
  }

  /** While one request runs, only the newest size is kept: the slider never queues. */
  async resize(size: Size): Promise<void> {
    this.#pendingSize = size;
    if (this.#sending) return;
    this.#sending = true;
    try {
      while (this.#pendingSize !== null) {
        const next = this.#pendingSize;
        this.#pendingSize = null;
        await this.#select(next, false);
      }
    } finally {
      this.#sending = false;
    }
  }

  /** Back to the sampler's own choice; only after the person asked for it. */
  async dropHandmade(): Promise<void> {
    if (this.view !== null) await this.#select({ ratio: this.view.ratio }, true);
  }

  async toggle(frame: number): Promise<void> {
    const target = this.#target;
    if (target !== null && this.view !== null) {
      await this.#take(this.#bridge.toggleKeyFrame({ ...target, frame }));
    }
  }

  async compareFull(): Promise<void> {
    const target = this.#target;
    if (target === null || this.comparing) return;
    this.comparing = true;
    await this.#take(this.#bridge.compareFull(target));
    this.comparing = false;
  }

  /** A second press takes the verdict back. */
  async decide(verdict: Verdict): Promise<void> {
    const target = this.#target;
    if (target === null || this.view === null) return;
    const next = this.view.review.verdict === verdict ? null : verdict;
    await this.#take(this.#bridge.setVerdict({ ...target, verdict: next }));
  }

  /** @param frame of the shown phase, on the screen now. */
  saw(frame: number): void {
    if (this.#seen.has(frame)) return;
    this.#seen.add(frame);
    if (this.#unreported.length === 0) setTimeout(() => void this.#reportViewed(), VIEWED_DELAY_MS);
    this.#unreported.push(frame);
  }

  async #reportViewed(): Promise<void> {
    const frames = this.#unreported;
    const target = this.#target;
    this.#unreported = [];
    if (target === null || frames.length === 0) return;
    const answer = await this.#bridge.markViewed({ ...target, frames });
    if (!answer.ok && answer.error.code !== 'CANCELLED') this.error = answer.error;
  }

  async #select(size: Size, dropHandmade: boolean): Promise<void> {
    const target = this.#target;
    if (target === null) return;
    const sampler = this.view?.sampler.name ?? 'das';
    await this.#take(this.#bridge.setSelection({ ...target, size, sampler, dropHandmade }));
  }

  async #take(answer: Promise<Answer<TriageView | null>>): Promise<void> {
    try {
      const view = await valueOf(answer);
      this.error = null;
      if (view !== null) this.apply(view);
    } catch (thrown) {
      const error = toKeysliceError(thrown).report();
      if (error.code !== 'CANCELLED') this.error = error;
    }
  }
}
