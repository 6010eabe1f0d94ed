import { Enums, type Types } from '@cornerstonejs/core';
import { toKeysliceError, type KeysliceError } from '../../contract/errors.ts';
import type { SeriesView } from '../../contract/ipc.ts';
import type { VoiTransform } from '../../contract/series.ts';
import { edgeLetters, type EdgeLetters } from '../viewports/orientationLetters.ts';
import type { Tool } from '../viewports/tool.ts';
import { automaticWindow, levelsOf, rangeOf, sameRange, type VoiRange } from '../viewports/voi.ts';
import { DrawnLayer } from './drawnLayer.ts';
import type { Graphics } from './graphics.ts';
import { shade } from './shade.ts';
import { ToolBinding } from './toolSet.ts';

export interface StackEvents {
  loading: (frame: number) => void;
  /** The frame is on the screen. */
  shown: (frame: number) => void;
  failed: (frame: number, error: KeysliceError) => void;
  camera: (zoomPercent: number, letters: EdgeLetters | null) => void;
  range: (range: VoiRange) => void;
  covered: (covered: boolean) => void;
  broken: (error: KeysliceError) => void;
}

/** How images are shown. */
export interface Look {
  /** Null: chosen from the first image that can be shown. */
  range: VoiRange | null;
  /** What shades the range; null: a straight line. */
  voi: VoiTransform | null;
  inverted: boolean;
}

const VIEWPORT = 'stack';
const GROUP = 'stack-tools';
const COLOR_RANGE: VoiRange = { lower: 0, upper: 255 };
/** Images fetched ahead in the direction of the last step. */
const AHEAD = 4;
/** A hidden window draws nothing; its frames then count as shown after this time. */
const RENDER_TIMEOUT_MS = 400;

/** One series in a Cornerstone stack viewport. The newest request wins; what is on the screen is reported, not assumed. */
export class StackView {
  readonly #graphics: Graphics;
  readonly #element: HTMLDivElement;
  readonly #events: StackEvents;
  readonly #tools: ToolBinding;
  readonly #resize: ResizeObserver;
  readonly #layer: DrawnLayer;
  #series: SeriesView | null = null;
  #imageIds: string[] = [];
  #wanted: number | null = null;
  #shown: number | null = null;
  #range: VoiRange | null = null;
  #voi: VoiTransform | null = null;
  #inverted = false;
  /** What the viewport holds: another series may be opened while it is being handed over. */
  #stack: readonly string[] | null = null;
  #busy = false;
  #closed = false;
  /** The person has zoomed or moved the picture: it is not fitted to another room any more. */
  #moved = false;

  constructor(graphics: Graphics, element: HTMLDivElement, tool: Tool, events: StackEvents) {
    this.#graphics = graphics;
    this.#element = element;
    this.#events = events;
    this.#tools = new ToolBinding(GROUP, tool, () => this.#series);
    this.#enable();
    this.#layer = new DrawnLayer(element);
    graphics.add(this);
    element.addEventListener(Enums.Events.CAMERA_MODIFIED, this.#noteMove);
    element.addEventListener(Enums.Events.VOI_MODIFIED, this.#reportRange);
    this.#resize = new ResizeObserver(() => {
      this.#fit();
    });
    this.#resize.observe(element);
  }

  open(series: SeriesView, frame: number, { range, voi, inverted }: Look): void {
    this.#release();
    this.#series = series;
    this.#imageIds = this.#graphics.registry.register(series).imageIds;
    this.#range = series.color ? COLOR_RANGE : range;
    this.#voi = series.color ? null : voi;
    this.#inverted = inverted;
    this.show(frame);
  }

  /** Nothing is shown; pictures and textures of what was are let go. */
  empty(): void {
    if (this.#series === null) return;
    this.#release();
    this.#wanted = null;
    this.#graphics.engine.disableElement(VIEWPORT);
    this.#enable();
  }

  /** @param frame over all phases. */
  show(frame: number): void {
    this.#wanted = frame;
    if (!this.#busy) void this.#follow();
  }

  /** Reads the frames of a loop ahead, in their order from the one on show, as far as the budget goes. */
  preload(): void {
    const start = this.#shown ?? 0;
    const ordered = [...this.#imageIds.slice(start), ...this.#imageIds.slice(0, start)];
    void this.#graphics.preload(ordered, () => this.#closed || !this.#imageIds.includes(ordered[0] ?? ''));
  }

  /** @param voi what shades the range; null: a straight line */
  setRange(range: VoiRange, voi: VoiTransform | null): void {
    if (this.#series?.color !== false) return;
    if (sameRange(range, this.#range) && voi === this.#voi) return;
    this.#range = range;
    this.#voi = voi;
    this.#applyLook();
  }

  /** From the values of the image on show. */
  setAutomaticRange(): void {
    const imageId = this.#shown === null ? undefined : this.#imageIds[this.#shown];
    if (imageId === undefined || this.#series?.color !== false) return;
    void this.#graphics.image(imageId, true).then((image) => {
      this.setRange(rangeFrom(image), null);
    });
  }

  setInverted(inverted: boolean): void {
    this.#inverted = inverted;
    this.#applyLook();
  }

  /** Shows or hides what the file draws over its images. */
  setOverlayShown(shown: boolean): void {
    this.#layer.setVisible(shown);
  }

  setTool(tool: Tool): void {
    this.#tools.activate(tool);
  }

  resetCamera(): void {
    const viewport = this.#viewport();
    viewport.resetCamera();
    this.#moved = false;
    viewport.render();
    this.#reportCamera();
  }

  close(): void {
    this.#closed = true;
    this.#graphics.remove(this);
    this.#resize.disconnect();
    this.#element.removeEventListener(Enums.Events.CAMERA_MODIFIED, this.#noteMove);
    this.#element.removeEventListener(Enums.Events.VOI_MODIFIED, this.#reportRange);
    this.#tools.close();
    this.#layer.close();
    this.#graphics.engine.disableElement(VIEWPORT);
    this.#release();
  }

  cover(): void {
    this.#events.covered(true);
  }

  async rebuild(): Promise<void> {
    const frame = this.#shown ?? this.#wanted;
    this.#stack = null;
    this.#shown = null;
    this.#enable();
    if (frame !== null) this.#wanted = frame;
    await this.#follow();
    this.#events.covered(false);
  }

  giveUp(error: KeysliceError): void {
    this.#events.broken(error);
  }

  #enable(): void {
    const { engine } = this.#graphics;
    engine.enableElement({
      viewportId: VIEWPORT,
      type: Enums.ViewportType.STACK,
      element: this.#element,
      defaultOptions: { background: [0, 0, 0] },
    });
    this.#tools.attach(VIEWPORT, engine.id);
  }

  #release(): void {
    this.#graphics.release(this.#imageIds);
    this.#imageIds = [];
    this.#series = null;
    this.#stack = null;
    this.#shown = null;
  }

  #viewport(): Types.IStackViewport {
    return this.#graphics.engine.getViewport<Types.IStackViewport>(VIEWPORT);
  }

  /** Shows the wanted frame, and again until what is wanted is on the screen. */
  async #follow(): Promise<void> {
    this.#busy = true;
    try {
      for (;;) {
        const frame = this.#wanted;
        const imageId = frame === null ? undefined : this.#imageIds[frame];
        if (this.#closed || frame === null || imageId === undefined || frame === this.#shown) return;
        await this.#showImage(frame, imageId);
      }
    } finally {
      this.#busy = false;
    }
  }

  async #showImage(frame: number, imageId: string): Promise<void> {
    if (!this.#graphics.isCached(imageId)) this.#events.loading(frame);
    try {
      const image = await this.#graphics.image(imageId, true);
      if (!this.#holds(frame, imageId)) return;
      this.#range ??= rangeFrom(image);
      const previous = this.#shown ?? frame;
      await this.#put(frame, image);
      if (!this.#holds(frame, imageId)) return;
      this.#shown = frame;
      this.#events.shown(frame);
      this.#prefetch(frame, frame >= previous ? 1 : -1);
    } catch (thrown) {
      if (!this.#holds(frame, imageId)) return;
      this.#shown = frame;
      this.#layer.show(null);
      this.#events.failed(frame, toKeysliceError(thrown));
    }
  }

  /** False once the view is closed, or holds another series. */
  #holds(frame: number, imageId: string): boolean {
    return !this.#closed && this.#imageIds[frame] === imageId;
  }

  async #put(frame: number, image: Types.IImage): Promise<void> {
    const viewport = this.#viewport();
    const imageIds = this.#imageIds;
    const first = this.#stack !== imageIds;
    const moved = !first && this.#moved;
    if (first) await viewport.setStack(imageIds, frame);
    else await viewport.setImageIdIndex(frame);
    // Cornerstone sets the camera anew for every image.
    this.#moved = moved;
    if (this.#imageIds !== imageIds) return;
    this.#stack = imageIds;
    const rendered = this.#rendered();
    this.#applyLook();
    this.#layer.show(this.#graphics.drawnOver(image));
    this.#layer.place(viewport);
    await rendered;
    // The panels that a series brings change the room while it is handed over: drawn for the old room, the image would be
    // stretched into the new one until something else draws it.
    if (first) this.#fit();
  }

  #fit(): void {
    let moved = false;
    this.#graphics.resize(
      () => (moved = this.#moved),
      () => {
        if (this.#closed) return;
        // Cornerstone leaves the camera as it was where a drawing has brought the canvas to its new size already.
        if (!moved && this.#stack !== null) this.resetCamera();
        else this.#reportCamera();
        // What the fit itself does to the camera is not the person's doing.
        this.#moved = moved;
      },
    );
  }

  #applyLook(): void {
    if (this.#stack === null || this.#range === null) return;
    const viewport = this.#viewport();
    this.#shade(viewport, this.#range);
    viewport.render();
    this.#events.range(this.#range);
  }

  #shade(viewport: Types.IStackViewport, range: VoiRange): void {
    const image = this.#graphics.registry.get(viewport.getCurrentImageId());
    const inverted = (image?.inverted ?? false) !== this.#inverted;
    shade(viewport, range, { levels: levelsOf(this.#voi), inverted }, image?.delivered ?? null);
  }

  #rendered(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, RENDER_TIMEOUT_MS);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#element.addEventListener(Enums.Events.IMAGE_RENDERED, done, { once: true });
    });
  }

  #prefetch(frame: number, step: number): void {
    const ahead = Array.from({ length: AHEAD }, (_, i) => this.#imageIds[frame + step * (i + 1)]);
    // What fails here is reported when its frame is shown.
    void Promise.allSettled(
      ahead.flatMap((imageId) =>
        imageId === undefined || this.#graphics.isCached(imageId)
          ? []
          : [this.#graphics.image(imageId, false)],
      ),
    );
  }

  readonly #noteMove = (): void => {
    this.#moved = true;
    this.#reportCamera();
  };

  readonly #reportCamera = (): void => {
    if (this.#stack === null || this.#series === null) return;
    this.#layer.place(this.#viewport());
    const { parallelScale, viewUp, viewPlaneNormal } = this.#viewport().getCamera();
    if (parallelScale === undefined || viewUp === undefined || viewPlaneNormal === undefined) return;
    const rowSpacing = this.#series.pixelSpacing?.[0] ?? 1;
    const zoom = (this.#element.clientHeight * rowSpacing * 100) / (2 * parallelScale);
    const known = (this.#series.orientations[this.#shown ?? this.#wanted ?? 0] ?? null) !== null;
    this.#events.camera(zoom, known ? edgeLetters(viewUp, viewPlaneNormal) : null);
  };

  readonly #reportRange = (event: Event): void => {
    const { range } = (event as CustomEvent<{ range: VoiRange }>).detail;
    if (this.#stack === null || this.#series?.color !== false || sameRange(range, this.#range)) return;
    this.#range = { lower: range.lower, upper: range.upper };
    this.#shade(this.#viewport(), this.#range);
    this.#events.range(this.#range);
  };
}

function rangeFrom(image: Types.IImage): VoiRange {
  return rangeOf(automaticWindow(image.getPixelData(), image.minPixelValue, image.maxPixelValue));
}
