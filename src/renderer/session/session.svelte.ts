import { toKeysliceError, type ErrorReport } from '../../contract/errors.ts';
import type {
  AppEvent,
  AppInfo,
  EngineReport,
  FrameMessage,
  KeysliceBridge,
  Request,
  SeriesView,
  Settings,
  StudyView,
} from '../../contract/ipc.ts';
import { valueOf } from '../bridge.ts';
import { ExportState } from '../export/exportState.svelte.ts';
import { Jobs } from '../status/jobs.svelte.ts';
import { FrameProgress } from '../studies/frameProgress.svelte.ts';
import { placeOf, Preview } from '../studies/preview.svelte.ts';
import { Thumbnails } from '../studies/thumbnails.ts';
import { Triage } from '../triage/triage.svelte.ts';
import { Cine } from '../viewports/cine.svelte.ts';
import { Viewing } from '../viewports/viewing.svelte.ts';
import { Panels } from './panels.svelte.ts';

/** The window's read model: fed by the program's events, sends intents, knows no DOM. */
export class Session {
  readonly bridge: KeysliceBridge;
  readonly panels = new Panels();
  readonly viewing = new Viewing();
  readonly cine = new Cine();
  readonly progress = new FrameProgress();
  readonly preview = new Preview();
  readonly jobs: Jobs;
  readonly triage: Triage;
  readonly exporting: ExportState;
  readonly thumbnails: Thumbnails;
  info = $state.raw<AppInfo | null>(null);
  engine = $state.raw<EngineReport | null>(null);
  settings = $state.raw<Settings | null>(null);
  memory = $state.raw<{ usedBytes: number; limitBytes: number } | null>(null);
  study = $state.raw<StudyView | null>(null);
  opening = $state(false);
  /** What went wrong last; shown where it belongs until it is dismissed. */
  error = $state.raw<ErrorReport | null>(null);

  constructor(bridge: KeysliceBridge) {
    this.bridge = bridge;
    this.triage = new Triage(bridge);
    this.exporting = new ExportState(bridge);
    this.thumbnails = new Thumbnails(bridge);
    this.jobs = new Jobs((job) => {
      void this.#guard(() => valueOf(bridge.cancel({ job })));
    });
  }

  /** Listens to the program; returns how to stop. */
  start(): () => void {
    const stop = this.bridge.onEvent((event) => {
      this.#apply(event);
    });
    void this.refreshInfo();
    return stop;
  }

  async refreshInfo(): Promise<void> {
    await this.#guard(async () => {
      this.info = await valueOf(this.bridge.appInfo({}));
      this.engine = this.info.engine;
      this.settings = this.info.settings;
    });
  }

  /** The series that the program can be asked about; null while a preview is on show. */
  get series(): SeriesView | null {
    return this.preview.series === null ? this.viewing.series : null;
  }

  /** The pixels of one frame: those that came with the preview, else the program's. */
  async frame(seriesId: string, frame: number, urgent: boolean): Promise<FrameMessage> {
    return this.preview.take(seriesId, frame) ?? valueOf(this.bridge.frame({ seriesId, frame, urgent }));
  }

  openDialog(what: 'folder' | 'files'): Promise<void> {
    return this.#open(() => valueOf(this.bridge.openDialog({ what })));
  }

  openDropped(files: readonly File[]): Promise<void> {
    return this.#open(() => valueOf(this.bridge.openDropped(files)));
  }

  openSample(): Promise<void> {
    return this.#open(() => valueOf(this.bridge.openSample({})));
  }

  openRecent(index: number): Promise<void> {
    return this.#open(() => valueOf(this.bridge.openRecent({ index })));
  }

  async closeStudy(): Promise<void> {
    await this.#guard(async () => {
      await valueOf(this.bridge.closeStudy({}));
      this.#takeStudy(null);
    });
    await this.refreshInfo();
  }

  async showSeries(seriesId: string, phase = 0): Promise<void> {
    const series = this.study?.series.find((candidate) => candidate.id === seriesId);
    if (series === undefined) return;
    this.viewing.open(series, phase);
    await this.#follow(series, phase);
  }

  /** What belongs to the series on show, and its frames. */
  async #follow(series: SeriesView, phase: number): Promise<void> {
    const seriesId = series.id;
    this.progress.show(series, phase);
    this.cine.reset(series);
    this.triage.reset({ seriesId, phase });
    await this.#guard(() => valueOf(this.bridge.showSeries({ seriesId, phase })));
  }

  async changeSettings(change: Request<'setSettings'>): Promise<void> {
    await this.#guard(async () => {
      this.settings = await valueOf(this.bridge.setSettings(change));
    });
  }

  export(): void {
    if (this.series !== null) this.exporting.show(this.series, this.viewing.phase);
  }

  /** The series above or below in the list; stays where there is none. */
  goToSeries(step: 1 | -1): void {
    const list = this.study?.series ?? [];
    const at = list.findIndex(({ id }) => id === this.series?.id);
    const next = at < 0 ? undefined : list[at + step];
    if (next !== undefined) void this.showSeries(next.id);
  }

  /** The same image at another time; stays where there is none. */
  goToPhase(phase: number): void {
    const { series } = this;
    if (series !== null && phase >= 0 && phase < series.phases) void this.showSeries(series.id, phase);
  }

  goToKey(direction: 1 | -1): void {
    const { frame } = this.viewing;
    const next = direction > 0 ? this.triage.nextKey(frame) : this.triage.previousKey(frame);
    if (next !== null) this.goTo(next);
  }

  /** A move by hand ends the playing. */
  goTo(frame: number): void {
    this.cine.stop();
    this.viewing.goTo(frame);
  }

  /** A frame reached the screen. */
  drew(frame: number, now: number): void {
    this.viewing.shown(frame);
    this.cine.drew(now);
    if (!this.cine.playing) this.triage.saw(frame);
  }

  async #open(ask: () => Promise<StudyView | null>): Promise<void> {
    if (this.opening) return;
    this.opening = true;
    await this.#guard(async () => {
      const study = await ask();
      if (study !== null) this.#takeStudy(study);
    });
    this.opening = false;
    this.#dropPreview();
  }

  #takeStudy(study: StudyView | null): void {
    this.study = study;
    this.error = null;
    this.thumbnails.clear();
    this.progress.clear();
    this.cine.reset(null);
    this.triage.reset(null);
    const place = placeOf(study);
    if (place !== null && this.preview.becomes(place)) {
      this.viewing.continueAs(place.series, place.phase, place.frame);
      void this.#follow(place.series, place.phase);
      return;
    }
    this.preview.clear();
    this.viewing.open(null);
    const first = study?.series[0];
    if (first !== undefined) void this.showSeries(first.id);
  }

  #takePreview({ series, image }: Extract<AppEvent, { type: 'preview' }>): void {
    const before = this.preview.series === null ? this.viewing.place : this.preview.before;
    this.preview.show(series, image, before);
    this.viewing.open(series);
    this.cine.reset(series);
    this.triage.reset(null);
  }

  /** The study did not come: what was on show before is shown again, at its frame. */
  #dropPreview(): void {
    if (this.preview.series === null) return;
    const { before } = this.preview;
    this.preview.clear();
    this.viewing.open(null);
    if (before === null) return;
    void this.showSeries(before.series.id, before.phase);
    this.viewing.goTo(before.frame);
  }

  #apply(event: AppEvent): void {
    switch (event.type) {
      case 'studyOpened':
        this.#takeStudy(event.study);
        break;
      case 'openFailed':
        this.error = event.error;
        this.#dropPreview();
        break;
      case 'preview':
        this.#takePreview(event);
        break;
      case 'job':
        this.jobs.apply(event);
        break;
      case 'frames':
        this.progress.apply(event);
        break;
      case 'triage':
        this.triage.apply(event.triage);
        break;
      case 'triageFailed':
        this.triage.fail(event);
        break;
      case 'engine':
        this.engine = event.engine;
        break;
      case 'memory':
        this.memory = event;
        break;
      case 'command':
        this.#command(event.command);
        break;
    }
  }

  #command(command: Extract<AppEvent, { type: 'command' }>['command']): void {
    if (command === 'openFolder') void this.openDialog('folder');
    else if (command === 'openFiles') void this.openDialog('files');
    else if (command === 'export') this.export();
    else this.panels.show(command);
  }

  async #guard(run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (thrown) {
      const error = toKeysliceError(thrown).report();
      if (error.code !== 'CANCELLED') this.error = error;
    }
  }
}
