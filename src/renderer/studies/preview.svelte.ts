import type { FrameMessage, SeriesView, StudyView } from '../../contract/ipc.ts';
import { frameOverPhases } from './frameNumber.ts';

/** A frame of a phase of a series. */
export interface Place {
  series: SeriesView;
  phase: number;
  frame: number;
}

/** Where a study opens, and the preview whose image that is. */
export interface StartPlace extends Place {
  preview: string;
}

/** The image that is on show while the headers of a study are read. */
export class Preview {
  /** Null: what is on show is no preview. */
  series = $state.raw<SeriesView | null>(null);
  /** What was on show when it came. */
  before: Place | null = null;
  #image: { seriesId: string; frame: number; message: FrameMessage } | null = null;

  show(series: SeriesView, message: FrameMessage, before: Place | null): void {
    this.series = series;
    this.before = before;
    this.#image = { seriesId: series.id, frame: 0, message };
  }

  /** True when the study opens at the very image on show; its pixels are then those of that frame. */
  becomes({ preview, series, phase, frame }: StartPlace): boolean {
    if (this.series?.id !== preview || this.#image === null) return false;
    const { message } = this.#image;
    this.#image = { seriesId: series.id, frame: frameOverPhases(series, phase, frame), message };
    this.series = null;
    this.before = null;
    return true;
  }

  clear(): void {
    this.series = null;
    this.before = null;
    this.#image = null;
  }

  /** The pixels that came with the preview, once the study has taken them over never again: they are memory. */
  take(seriesId: string, frame: number): FrameMessage | null {
    const image = this.#image;
    if (image?.seriesId !== seriesId || image.frame !== frame) return null;
    if (this.series === null) this.#image = null;
    return image.message;
  }
}

/** Where the study says that it opens. */
export function placeOf(study: StudyView | null): StartPlace | null {
  const start = study?.start ?? null;
  const series = study?.series.find(({ id }) => id === start?.seriesId);
  if (start === null || series === undefined) return null;
  const phase = Math.floor(start.frame / series.frames);
  return { preview: start.preview, series, phase, frame: start.frame % series.frames };
}
