import type { ExportDocument, ReviewDocument, StageTimes } from '../contract/documents.ts';
import { KeysliceError, toKeysliceError } from '../contract/errors.ts';
import type { AppEvent, FrameMessage, Request, TriageView } from '../contract/ipc.ts';
import type { SamplerName } from '../contract/sampling.ts';
import type { Study } from '../contract/series.ts';
import type { ExportFormat } from '../export/exportRequest.ts';
import { chosenByHand, algorithmOf, writeExport } from './export.ts';
import { FrameEvents } from './frameEvents.ts';
import { frameMessage } from './frameMessage.ts';
import {
  applyHandmade,
  NOTHING_HANDMADE,
  settleHandmade,
  toggleHandmade,
  type Handmade,
} from './handmade.ts';
import type { Jobs } from './jobs.ts';
import type { JsonFile } from './jsonFile.ts';
import type { KeySize } from './keyCount.ts';
import { ownFormat } from './ownFormat.ts';
import { rankFrames } from './ranking.ts';
import { EMPTY_REVIEW, reviewFile } from './reviews.ts';
import { phaseStart } from './selectSeries.ts';
import type { SeriesFrames } from './seriesFrames.ts';
import { PRIORITY, SeriesPass } from './seriesPass.ts';
import { StreamingScores } from './streamingScores.ts';
import { triageDocument, triageWarnings } from './triageDocument.ts';
import { classifyFrames, prepareTriage, stageTimes, type Triaged } from './triaged.ts';
import { streamingView, triageView } from './triageView.ts';
import type { Workbench } from './workbench.ts';

export interface SeriesRunOptions {
  study: Study;
  workbench: Workbench;
  jobs: Jobs;
  dataFolder: string;
  version: string;
  emit: (event: AppEvent) => void;
  log: (line: string) => void;
}

interface ExportWish {
  out: string;
  formats: readonly ExportFormat[];
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

const SEED = 0;

/** One phase of a series in work: streams in, is triaged, reviewed, exported. Frame numbers count within the phase. */
export class SeriesRun {
  readonly #source: SeriesFrames;
  readonly #phase: number;
  readonly #options: SeriesRunOptions;
  readonly #pass: SeriesPass;
  readonly #reviews: JsonFile<ReviewDocument>;
  #wish: { size: KeySize; sampler: SamplerName } = { size: { ratio: 0.5 }, sampler: 'das' };
  #handmade: Handmade = NOTHING_HANDMADE;
  #review: ReviewDocument = EMPTY_REVIEW;
  #triaged: Triaged | null = null;
  #totalMs = 0;
  #streaming: { cancel: () => void; ended: Promise<void> } | null = null;
  /** Selections run one after the other; only the newest wish is answered. */
  #newest = 0;
  #selecting: Promise<unknown> = Promise.resolve();
  readonly #closed = new AbortController();

  constructor(source: SeriesFrames, phase: number, options: SeriesRunOptions) {
    this.#source = source;
    this.#phase = phase;
    this.#options = options;
    this.#pass = new SeriesPass(source, phase, options.workbench.pool);
    this.#reviews = reviewFile(options.dataFolder, source.series.id, phase);
  }

  /** Takes up the review that was kept for this phase. */
  async restore(): Promise<void> {
    this.#review = await this.#reviews.read(() => {
      this.#options.log('a review file is damaged and was left out');
    });
    this.#handmade = { added: new Set(this.#review.added), removed: new Set(this.#review.removed) };
  }

  /** Streams what is not there yet; tells the page at once what is. */
  show(): void {
    if (this.#triaged !== null) this.#tell(this.#view(this.#triaged));
    else this.#streaming ??= this.#stream();
  }

  /** Another series is shown: frames that wait make room, what is known stays. */
  leave(): void {
    this.#streaming?.cancel();
    this.#source.store.cancelQueued();
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.leave();
    await this.#streaming?.ended;
    await this.#selecting;
  }

  async frame(frame: number, urgent: boolean): Promise<FrameMessage> {
    return frameMessage(await this.#pass.frame(frame, urgent ? PRIORITY.visible : PRIORITY.stream));
  }

  /** Null when a newer wish has overtaken this one, or the frames are still streaming in. */
  async select(size: KeySize, sampler: SamplerName, dropHandmade: boolean): Promise<TriageView | null> {
    this.#wish = { size, sampler };
    if (dropHandmade) this.#handmade = NOTHING_HANDMADE;
    return this.#inTurn(async (triaged) => {
      const ranking = await rankFrames(this.#options.workbench.inference, triaged.chosen, {
        ...this.#wish,
        features: triaged.features,
        frames: this.#pass.frames,
        seed: SEED,
        matrix: false,
      });
      this.#handmade = settleHandmade(ranking.selected, this.#handmade);
      return { ...triaged, ranking };
    });
  }

  async toggleKeyFrame(frame: number): Promise<TriageView> {
    const { ranking } = this.#finished();
    this.#handmade = toggleHandmade(ranking.selected, this.#handmade, frame);
    await this.#save({});
    const view = await this.#inTurn((triaged) => Promise.resolve(triaged));
    return view ?? this.#view(this.#finished());
  }

  async compareFull(): Promise<TriageView> {
    const { chosen, features } = this.#finished();
    const all = Array.from(features.frames);
    const full = await classifyFrames(this.#options.workbench, this.#pass, chosen, all, this.#closed.signal);
    this.#triaged = { ...this.#finished(), full };
    return this.#view(this.#triaged);
  }

  async markViewed(frames: readonly number[]): Promise<void> {
    await this.#save({ viewed: [...new Set([...this.#review.viewed, ...frames])].sort((a, b) => a - b) });
  }

  async setVerdict(verdict: Request<'setVerdict'>['verdict']): Promise<TriageView> {
    const triaged = this.#finished();
    const card = triaged.chosen.task?.card ?? triaged.chosen.ranking.card;
    await this.#save({
      verdict,
      decidedAt: verdict === null ? null : new Date().toISOString(),
      package: verdict === null ? null : card.id,
      version: verdict === null ? null : card.version,
    });
    return this.#view(triaged);
  }

  /** Exports what is shown: the sampler's choice with the hand-made changes. */
  async exportSelection(wish: ExportWish): Promise<ExportDocument> {
    const triaged = this.#finished();
    const { series } = this.#source;
    const document = triageDocument({
      ...triaged,
      study: this.#options.study,
      series,
      frames: this.#pass.frames,
      failedFrames: this.#pass.failed.size,
      model: 'auto',
      compareFull: triaged.full !== null,
      matrix: false,
      engine: { sampler: triaged.engine, classifier: triaged.engine },
      ms: this.#times(triaged),
    });
    const selected = applyHandmade(triaged.ranking.selected, this.#handmade);
    const changed = this.#handmade.added.size > 0 || this.#handmade.removed.size > 0;
    return writeExport({
      ...wish,
      study: this.#options.study,
      series,
      phase: this.#phase,
      triage: changed ? chosenByHand(document, selected) : document,
      formats: wish.formats.length === 0 ? [ownFormat(series)] : wish.formats,
      overwrite: false,
      studyMode: 'same',
      algorithm: `${algorithmOf(document)}${changed ? ', changed by hand' : ''}`,
      review: this.#review,
      version: this.#options.version,
    });
  }

  #stream(): { cancel: () => void; ended: Promise<void> } {
    const job = this.#options.jobs.start('decode', this.#source.series.id);
    const ended = this.#streamTo(job)
      .catch((thrown: unknown) => {
        const error = toKeysliceError(thrown);
        if (error.code === 'CANCELLED') return;
        this.#options.log(`triage failed: ${error.code} ${error.message}`);
        this.#options.emit({
          type: 'triageFailed',
          seriesId: this.#source.series.id,
          phase: this.#phase,
          error: error.report(),
        });
      })
      .finally(() => {
        this.#streaming = null;
        job.end();
      });
    return { cancel: job.cancel, ended };
  }

  async #streamTo(job: ReturnType<Jobs['start']>): Promise<void> {
    const { workbench, emit } = this.#options;
    const { series } = this.#source;
    const start = performance.now();
    const events = new FrameEvents(series.id, phaseStart(series, this.#phase), emit);
    const scores = new StreamingScores(workbench, this.#pass, this.#wish, (ranking) => {
      this.#tell(streamingView({ ...this.#identity(), ranking, review: this.#review }));
    });
    let done = 0;
    try {
      await this.#pass.run({
        signal: job.signal,
        onFrame: (frame, error) => {
          events.add(frame, error);
          job.progress(++done, this.#pass.frames);
          scores.update();
        },
      });
    } finally {
      events.flush();
      await scores.stop();
      emit({ type: 'memory', usedBytes: workbench.budget.used, limitBytes: workbench.budget.limit });
    }
    await this.#finish(job.signal, start);
  }

  async #finish(signal: AbortSignal, start: number): Promise<void> {
    const { workbench } = this.#options;
    const prepared = await prepareTriage(workbench, this.#pass, this.#source.series, 'auto');
    const ranking = await rankFrames(workbench.inference, prepared.chosen, {
      ...this.#wish,
      features: prepared.features,
      frames: this.#pass.frames,
      seed: SEED,
      matrix: false,
    });
    this.#handmade = settleHandmade(ranking.selected, this.#handmade);
    const selected = applyHandmade(ranking.selected, this.#handmade);
    const classified = await classifyFrames(workbench, this.#pass, prepared.chosen, selected, signal);
    this.#triaged = { ...prepared, ranking, classified, full: null };
    this.#totalMs = performance.now() - start;
    this.#tell(this.#view(this.#triaged));
  }

  /** Changes the finished triage and classifies what is then selected. */
  #inTurn(change: (triaged: Triaged) => Promise<Triaged>): Promise<TriageView | null> {
    const turn = ++this.#newest;
    const work = this.#selecting.then(async () => {
      if (turn !== this.#newest || this.#triaged === null) return null;
      const changed = await change(this.#triaged);
      const selected = applyHandmade(changed.ranking.selected, this.#handmade);
      const { workbench } = this.#options;
      const { signal } = this.#closed;
      const classified = await classifyFrames(workbench, this.#pass, changed.chosen, selected, signal);
      this.#triaged = { ...changed, classified };
      return this.#view(this.#triaged);
    });
    // The caller hears of a failure; the next selection must still run.
    this.#selecting = work.catch(() => null);
    return work;
  }

  #finished(): Triaged {
    if (this.#triaged === null) throw new KeysliceError('TRIAGE_NOT_READY');
    return this.#triaged;
  }

  #identity(): { seriesId: string; phase: number; frames: number } {
    return { seriesId: this.#source.series.id, phase: this.#phase, frames: this.#pass.frames };
  }

  #view(triaged: Triaged): TriageView {
    const failedFrames = this.#pass.failed.size;
    return triageView({
      ...this.#identity(),
      ...triaged,
      handmade: this.#handmade,
      ms: this.#times(triaged),
      review: this.#review,
      warnings: triageWarnings({ ...triaged, series: this.#source.series, failedFrames }),
    });
  }

  #times(triaged: Triaged): StageTimes {
    return { ...stageTimes(0, this.#pass, triaged), total: this.#totalMs };
  }

  #tell(triage: TriageView): void {
    this.#options.emit({ type: 'triage', triage });
  }

  async #save(change: Partial<ReviewDocument>): Promise<void> {
    const { added, removed } = this.#handmade;
    this.#review = { ...this.#review, ...change, added: [...added], removed: [...removed] };
    await this.#reviews.write(this.#review);
  }
}
