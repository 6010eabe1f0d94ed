import { setTimeout as wait } from 'node:timers/promises';
import { toKeysliceError } from '../contract/errors.ts';
import type { AppEvent, StudyStart } from '../contract/ipc.ts';
import type { FrameSource, Series, Study } from '../contract/series.ts';
import type { Scratch } from '../imaging/scan/scratch.ts';
import { frameMessage } from './frameMessage.ts';
import type { Job } from './jobs.ts';
import { SeriesFrames } from './seriesFrames.ts';
import { PRIORITY } from './seriesPass.ts';
import { seriesView } from './studyView.ts';
import type { Workbench } from './workbench.ts';

export interface PreviewOptions {
  workbench: Workbench;
  scratch: Scratch;
  emit: (event: AppEvent) => void;
  log: (line: string) => void;
}

/** A study whose headers are read waits at most this long for the decoder: one that hangs must not hold it. */
const PATIENCE_MS = 5000;

/** The one image that is shown while the headers of a study are read. */
export class Preview {
  readonly #id: string;
  readonly #options: PreviewOptions;
  #frames: SeriesFrames | null = null;
  #shown: Promise<FrameSource | null> = Promise.resolve(null);

  constructor(job: Pick<Job, 'id'>, options: PreviewOptions) {
    this.#id = `preview/${job.id}`;
    this.#options = options;
  }

  /** Decodes an image of the series and sends it to the page. */
  show(series: Series): void {
    const index = series.kind === 'cine' ? 0 : series.frames.length >> 1;
    const record = series.frames[index];
    // A compressed volume would have to be unwrapped twice for it.
    if (record === undefined || record.source.encoding === 'gzip') return;
    const single: Series = { ...series, id: this.#id, frames: [record], framesPerPhase: 1, phases: 1 };
    this.#shown = this.#send(single, record.source);
  }

  /** Where the image that the page shows lies in the study; null when it shows none. */
  async placeIn(study: Study): Promise<StudyStart | null> {
    const source = await Promise.race([this.#shown, wait(PATIENCE_MS, null, { ref: false })]);
    // From here on the page has the study: an image that came later would take its place.
    await this.close();
    if (source === null) return null;
    for (const { id, frames } of study.series) {
      const frame = frames.findIndex(({ source: other }) => sameImage(source, other));
      if (frame >= 0) return { preview: this.#id, seriesId: id, frame };
    }
    return null;
  }

  /** Nothing more is sent. */
  async close(): Promise<void> {
    const frames = this.#frames;
    this.#frames = null;
    await frames?.close();
  }

  async #send(single: Series, source: FrameSource): Promise<FrameSource | null> {
    const { workbench, scratch, emit, log } = this.#options;
    const frames = new SeriesFrames(single, workbench.pool, workbench.budget, scratch);
    this.#frames = frames;
    try {
      const image = frameMessage(await frames.store.frame(0, PRIORITY.visible));
      if (this.#frames !== frames) return null;
      emit({ type: 'preview', series: seriesView(single, workbench.budget.limit), image });
      return source;
    } catch (thrown) {
      // Told again, and to the person, when the study shows this image.
      if (this.#frames === frames) log(`preview: ${toKeysliceError(thrown).code}`);
      return null;
    } finally {
      await this.close();
    }
  }
}

const sameImage = (a: FrameSource, b: FrameSource): boolean =>
  a.path === b.path && a.indexInFile === b.indexInFile;
