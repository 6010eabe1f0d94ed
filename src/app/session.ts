import path from 'node:path';
import { KeysliceError, throwIfCancelled, toKeysliceError } from '../contract/errors.ts';
import type {
  AppEvent,
  AppInfo,
  ExportAnswer,
  FrameMessage,
  Request,
  Settings,
  StudyView,
  ThumbnailMessage,
  TriageView,
} from '../contract/ipc.ts';
import type { Series, Study } from '../contract/series.ts';
import type { Installation } from './installation.ts';
import { Jobs } from './jobs.ts';
import { openPaths, type OpenOptions } from './open.ts';
import { Preview } from './preview.ts';
import { makeThumbnail } from './makeThumbnail.ts';
import { ScratchFolder } from './scratchFolder.ts';
import { SeriesFrames } from './seriesFrames.ts';
import { SeriesRun } from './seriesRun.ts';
import { settingsFile, visibleSettings, withRecent, type StoredSettings } from './settings.ts';
import { studyView } from './studyView.ts';
import { Workbench } from './workbench.ts';

export interface SessionOptions {
  installation: Installation;
  /** Folder of settings and reviews. */
  dataFolder: string;
  emit: (event: AppEvent) => void;
  /** A line for the log; never with a patient's name. */
  log: (line: string) => void;
  /** What the runtime can decode of videos; tried before ffmpeg. */
  videoDecoder?: OpenOptions['videoDecoder'];
}

interface Opened {
  study: Study;
  scratch: ScratchFolder;
  frames: Map<string, SeriesFrames>;
  /** By series and phase. */
  runs: Map<string, SeriesRun>;
}

/**
 * The truth about what the window shows: one study, its series in work, settings. Each method answers one verb of
 * `src/contract/ipc.ts`; what happens in between arrives as events.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #workbench: Workbench;
  readonly #jobs: Jobs;
  readonly #exported = new Set<string>();
  #settings: StoredSettings;
  #opened: Opened | null = null;
  #shown: SeriesRun | null = null;

  private constructor(options: SessionOptions, settings: StoredSettings, workbench: Workbench) {
    this.#options = options;
    this.#settings = settings;
    this.#workbench = workbench;
    this.#jobs = new Jobs(options.emit);
  }

  static async start(options: SessionOptions): Promise<Session> {
    const settings = await settingsFile(options.dataFolder).read((file) => {
      options.log(`settings: ${path.basename(file)} is damaged and was left out`);
    });
    const workbench = new Workbench(options.installation, {
      engine: settings.engine,
      memoryMb: settings.memoryMb,
      onEngine: (engine) => {
        options.log(engine.line);
        options.emit({ type: 'engine', engine });
      },
    });
    return new Session(options, settings, workbench);
  }

  /** What the window shows before any study; the runtime's own part is added by the main process. */
  async appInfo(): Promise<Pick<AppInfo, 'version' | 'engine' | 'settings' | 'recent' | 'hasSample'>> {
    const engine = await this.#workbench.engineReport();
    this.#workbench.warmUp();
    return {
      version: this.#options.installation.version,
      engine,
      settings: visibleSettings(this.#settings),
      recent: this.#settings.recent.map((file) => ({
        label: path.basename(file),
        detail: path.dirname(file),
      })),
      hasSample: this.#options.installation.sample !== null,
    };
  }

  /** Opens what a person chose: a folder, or one or more files. The study before it is closed. */
  async open(paths: readonly string[]): Promise<StudyView> {
    const job = this.#jobs.start('scan', null);
    // A study that was named on the command line may come before the page has asked for anything.
    this.#workbench.pool.warmUp();
    const scratch = new ScratchFolder();
    const { emit, log, videoDecoder } = this.#options;
    const preview = new Preview(job, { workbench: this.#workbench, scratch, emit, log });
    try {
      const study = await openPaths(paths, {
        signal: job.signal,
        scratch,
        ...(videoDecoder === undefined ? {} : { videoDecoder }),
        onProgress: (done, total) => {
          job.progress(done, total);
        },
        onImage: (series) => {
          preview.show(series);
        },
      });
      const start = await preview.placeIn(study);
      // Who cancelled while the last file was read must not find it opened.
      throwIfCancelled(job.signal);
      await this.closeStudy();
      this.#opened = { study, scratch, frames: new Map(), runs: new Map() };
      const [first] = paths;
      if (paths.length === 1 && first !== undefined) await this.#remember(path.resolve(first));
      return studyView(study, this.#workbench.budget.limit, start);
    } catch (thrown) {
      await scratch.remove();
      throw thrown;
    } finally {
      await preview.close();
      job.end();
    }
  }

  openSample(): Promise<StudyView> {
    const { sample } = this.#options.installation;
    if (sample === null) throw new KeysliceError('PATH_NOT_FOUND');
    return this.open([sample]);
  }

  openRecent({ index }: Request<'openRecent'>): Promise<StudyView> {
    const recent = this.#settings.recent[index];
    if (recent === undefined) throw new KeysliceError('PATH_NOT_OPENED');
    return this.open([recent]);
  }

  async closeStudy(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    this.#shown = null;
    if (opened === null) return;
    await Promise.all([...opened.runs.values()].map((run) => run.close()));
    await Promise.all([...opened.frames.values()].map((frames) => frames.close()));
    await opened.scratch.remove();
  }

  async showSeries({ seriesId, phase }: Request<'showSeries'>): Promise<void> {
    const run = await this.#run(seriesId, phase);
    if (this.#shown !== null && this.#shown !== run) this.#shown.leave();
    this.#shown = run;
    run.show();
  }

  /** `frame` counts over all phases, phase by phase. */
  async frame({ seriesId, frame, urgent }: Request<'frame'>): Promise<FrameMessage> {
    const { series } = this.#seriesOf(seriesId);
    if (frame >= series.frames.length)
      throw new KeysliceError('FRAME_OUT_OF_RANGE', { frame, last: series.frames.length - 1 });
    const run = await this.#run(seriesId, Math.floor(frame / series.framesPerPhase));
    return run.frame(frame % series.framesPerPhase, urgent);
  }

  thumbnail({ seriesId, frame, size }: Request<'thumbnail'>): Promise<ThumbnailMessage> {
    const { opened, series } = this.#seriesOf(seriesId);
    return makeThumbnail(this.#workbench.pool, this.#frames(opened, series), frame, size);
  }

  async setSelection(request: Request<'setSelection'>): Promise<TriageView | null> {
    const run = await this.#run(request.seriesId, request.phase);
    return run.select(request.size, request.sampler, request.dropHandmade);
  }

  async toggleKeyFrame({ seriesId, phase, frame }: Request<'toggleKeyFrame'>): Promise<TriageView> {
    return (await this.#run(seriesId, phase)).toggleKeyFrame(frame);
  }

  async compareFull({ seriesId, phase }: Request<'compareFull'>): Promise<TriageView> {
    return (await this.#run(seriesId, phase)).compareFull();
  }

  async markViewed({ seriesId, phase, frames }: Request<'markViewed'>): Promise<void> {
    await (await this.#run(seriesId, phase)).markViewed(frames);
  }

  async setVerdict({ seriesId, phase, verdict }: Request<'setVerdict'>): Promise<TriageView> {
    return (await this.#run(seriesId, phase)).setVerdict(verdict);
  }

  /** Writes what is shown to a folder that a person chose. */
  async exportStudy(
    { seriesId, phase, formats }: Request<'exportStudy'>,
    out: string,
  ): Promise<ExportAnswer> {
    const run = await this.#run(seriesId, phase);
    const job = this.#jobs.start('export', seriesId);
    try {
      const document = await run.exportSelection({
        out,
        formats,
        signal: job.signal,
        onProgress: (done, total) => {
          job.progress(done, total);
        },
      });
      this.#exported.add(document.out);
      const bytes = document.files.reduce((sum, file) => sum + file.bytes, 0);
      return { out: document.out, files: document.files.length, bytes };
    } finally {
      job.end();
    }
  }

  /** True for folders that this session wrote: the only ones the page may ask to show. */
  wasExported(out: string): boolean {
    return this.#exported.has(out);
  }

  cancel({ job }: Request<'cancel'>): void {
    this.#jobs.cancel(job);
  }

  async setSettings(change: Request<'setSettings'>): Promise<Settings> {
    const { memoryMb, engine, theme } = change;
    this.#settings = {
      ...this.#settings,
      ...(memoryMb === undefined ? {} : { memoryMb }),
      ...(engine === undefined ? {} : { engine }),
      ...(theme === undefined ? {} : { theme }),
    };
    this.#workbench.setMemory(this.#settings.memoryMb);
    if (engine !== undefined) await this.#workbench.setEngine(engine);
    await settingsFile(this.#options.dataFolder).write(this.#settings);
    return visibleSettings(this.#settings);
  }

  /** Cancels every job and waits until the workers have stopped by themselves. */
  async close(): Promise<void> {
    this.#jobs.cancelAll();
    await this.closeStudy();
    await this.#workbench.close();
  }

  #seriesOf(seriesId: string): { opened: Opened; series: Series } {
    const series = this.#opened?.study.series.find(({ id }) => id === seriesId);
    if (this.#opened === null || series === undefined) throw new KeysliceError('PATH_NOT_OPENED');
    return { opened: this.#opened, series };
  }

  async #run(seriesId: string, phase: number): Promise<SeriesRun> {
    const { opened, series } = this.#seriesOf(seriesId);
    const key = `${phase} ${seriesId}`;
    const known = opened.runs.get(key);
    if (known !== undefined) return known;
    const { installation, dataFolder, emit, log } = this.#options;
    const run = new SeriesRun(this.#frames(opened, series), phase, {
      study: opened.study,
      workbench: this.#workbench,
      jobs: this.#jobs,
      dataFolder,
      version: installation.version,
      emit,
      log,
    });
    opened.runs.set(key, run);
    await run.restore();
    return run;
  }

  #frames({ frames, scratch }: Opened, series: Series): SeriesFrames {
    const known = frames.get(series.id);
    if (known !== undefined) return known;
    const made = new SeriesFrames(series, this.#workbench.pool, this.#workbench.budget, scratch);
    frames.set(series.id, made);
    return made;
  }

  async #remember(opened: string): Promise<void> {
    if (opened === this.#options.installation.sample) return;
    this.#settings = withRecent(this.#settings, opened);
    try {
      await settingsFile(this.#options.dataFolder).write(this.#settings);
    } catch (error) {
      // A full disk must not keep a study from opening.
      this.#options.log(`settings were not saved: ${toKeysliceError(error).message}`);
    }
  }
}
