import type { ErrorReport } from '../../contract/errors.ts';
import type { SeriesView } from '../../contract/ipc.ts';
import type { VoiTransform } from '../../contract/series.ts';
import type { Place } from '../studies/preview.svelte.ts';
import type { EdgeLetters } from './orientationLetters.ts';
import { presetsFor, type Preset } from './presets.ts';
import type { Tool } from './tool.ts';
import { rangeOf, type VoiRange } from './voi.ts';

export type ImageState = 'empty' | 'loading' | 'shown' | 'failed';
export type Layout = 'single' | 'mpr';
export const PAGE = 10;

/** What is on show and how: frame, window, tool, layout. Frames are those of the shown phase. */
export class Viewing {
  series = $state.raw<SeriesView | null>(null);
  phase = $state(0);
  /** The frame that was asked for. */
  frame = $state(0);
  /** The frame on the screen; null until the first. */
  shownFrame = $state<number | null>(null);
  imageState = $state<ImageState>('empty');
  imageError = $state.raw<ErrorReport | null>(null);
  /** Null: chosen from the first image on show. */
  range = $state.raw<VoiRange | null>(null);
  /** What shades the range: the window or LUT that was chosen; null: a straight line. */
  voi = $state.raw<VoiTransform | null>(null);
  inverted = $state(false);
  /** Overlay planes and supplemental colours of the file. */
  overlayShown = $state(true);
  zoomPercent = $state<number | null>(null);
  letters = $state.raw<EdgeLetters | null>(null);
  tool = $state<Tool>('window');
  layout = $state<Layout>('single');
  recovering = $state(false);
  broken = $state.raw<ErrorReport | null>(null);
  /** Grows when the person asks for what the state cannot express: fit the image, window from its values. */
  fitRequests = $state(0);
  automaticRequests = $state(0);

  open(series: SeriesView | null, phase = 0): void {
    const sameSeries = series !== null && this.series?.id === series.id;
    this.series = series;
    this.phase = phase;
    this.shownFrame = null;
    this.imageState = series === null ? 'empty' : 'loading';
    this.imageError = null;
    if (sameSeries) return;
    this.frame = series === null ? 0 : firstFrame(series);
    this.voi = series?.windows[0] ?? null;
    this.range = this.voi === null ? null : rangeOf(this.voi);
    this.inverted = false;
    this.layout = 'single';
    this.letters = null;
    this.zoomPercent = null;
  }

  /** The image on show turns out to be this frame of this series: nothing of the view changes. */
  continueAs(series: SeriesView, phase: number, frame: number): void {
    this.series = series;
    this.phase = phase;
    this.frame = frame;
    if (this.shownFrame !== null) this.shownFrame = frame;
  }

  /** What is asked for; null when nothing is open. */
  get place(): Place | null {
    const { series, phase, frame } = this;
    return series === null ? null : { series, phase, frame };
  }

  get frames(): number {
    return this.series?.frames ?? 0;
  }

  get presets(): readonly Preset[] {
    return this.series === null ? [] : presetsFor(this.series);
  }

  goTo(frame: number): void {
    if (this.frames > 0) this.frame = Math.min(this.frames - 1, Math.max(0, Math.round(frame)));
  }

  step(frames: number): void {
    this.goTo(this.frame + frames);
  }

  usePreset(index: number): void {
    const window = this.presets[index]?.window;
    if (window === undefined) return;
    this.voi = window === 'automatic' ? null : window;
    if (window === 'automatic') this.automaticRequests += 1;
    else this.range = rangeOf(window);
  }

  reset(): void {
    if (this.series === null) return;
    this.inverted = false;
    this.fitRequests += 1;
    this.usePreset(0);
  }

  toggleMpr(): void {
    if (this.series !== null) this.layout = this.layout === 'mpr' ? 'single' : 'mpr';
  }

  loading(): void {
    this.imageState = 'loading';
  }

  shown(frame: number): void {
    this.shownFrame = frame;
    this.imageState = 'shown';
    this.imageError = null;
  }

  failed(frame: number, error: ErrorReport): void {
    this.shownFrame = frame;
    this.imageState = 'failed';
    this.imageError = error;
  }
}

/** A volume opens in its middle, where there is something to see; a loop at its beginning. */
function firstFrame(series: SeriesView): number {
  return series.kind === 'volume' ? series.frames >> 1 : 0;
}
