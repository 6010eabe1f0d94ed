import {
  cache,
  Enums,
  eventTarget,
  imageLoader,
  init,
  metaData,
  RenderingEngine,
  type Types,
} from '@cornerstonejs/core';
import { init as initTools } from '@cornerstonejs/tools';
import { KeysliceError } from '../../contract/errors.ts';
import type { FrameMessage } from '../../contract/ipc.ts';
import type { Drawn } from './drawnLayer.ts';
import { imageMetadata } from './imageMetadata.ts';
import { ImageRegistry, SCHEME } from './imageRegistry.ts';
import { makeImage } from './makeImage.ts';
import { deliveredType, modalityValues } from './modalityValues.ts';
import { addTools } from './toolSet.ts';

export type FetchFrame = (seriesId: string, frame: number, urgent: boolean) => Promise<FrameMessage>;

/** A view that can be covered and built again when the graphics context was lost. */
export interface Rebuildable {
  cover: () => void;
  /** Builds everything on the new engine, textures too: what was uploaded before is gone. */
  rebuild: () => Promise<void>;
  giveUp: (error: KeysliceError) => void;
}

/** Waits between tries to get a new context; a crashed GPU process needs a moment. */
const RETRY_MS = [0, 200, 500, 1000, 2000] as const;

const wait = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** Cornerstone for the life of the window: image loader, metadata, cache, rendering engine. */
export class Graphics {
  readonly registry = new ImageRegistry();
  readonly #views = new Set<Rebuildable>();
  /** As long as the image itself. */
  readonly #drawn = new WeakMap<Types.IImage, Drawn>();
  readonly #fetch: FetchFrame;
  #engine: RenderingEngine;
  #generation = 1;
  #asked = false;
  #warmed: Promise<unknown> = Promise.resolve();

  /** @param budgetBytes for decoded images in this process. Throws INTERNAL where WebGL 2 is missing. */
  constructor(fetch: FetchFrame, budgetBytes: number) {
    this.#fetch = fetch;
    // One context is enough: one view is open at a time, and every context costs memory.
    init({ rendering: { webGlContextCount: 1 }, debug: {} });
    initTools();
    addTools();
    // Asked only for what has left the cache: views fetch with `image` first.
    imageLoader.registerImageLoader(SCHEME, (imageId) => ({ promise: this.#load(imageId, true) }));
    metaData.addProvider((type: string, imageId: unknown) => this.#metadata(type, imageId), 10_000);
    this.setBudget(budgetBytes);
    this.#engine = this.#createEngine();
    eventTarget.addEventListener(Enums.Events.WEBGL_CONTEXT_LOST, (event: Event) => {
      const lost = event as CustomEvent<{ renderingEngineId: string }>;
      // Destroying an engine loses its context too; only the living one counts.
      if (lost.detail.renderingEngineId === this.#engine.id) void this.#recover();
    });
  }

  get engine(): RenderingEngine {
    return this.#engine;
  }

  /**
   * Draws on the side, unless an image has been asked for already. Alone: an image that another viewport's drawing has
   * prepared, and that is replaced before it is drawn itself, ends vtk's drawing with an error.
   */
  warm(draw: () => Promise<void>): void {
    // What fails here fails again, and is told, when an image is shown.
    if (!this.#asked) this.#warmed = Promise.allSettled([draw()]);
  }

  setBudget(bytes: number): void {
    cache.setMaxCacheSize(bytes);
  }

  get budget(): number {
    return cache.getMaxCacheSize();
  }

  add(view: Rebuildable): void {
    this.#views.add(view);
  }

  remove(view: Rebuildable): void {
    this.#views.delete(view);
  }

  /**
   * The image, from the cache or from the program; throws the coded error of a frame that failed. Put into the cache
   * here and not by Cornerstone, which leaves the rejection of a failed image without a handler. It comes when nothing is
   * drawn on the side any more.
   */
  async image(imageId: string, urgent: boolean): Promise<Types.IImage> {
    this.#asked = true;
    const image = await this.#kept(imageId, urgent);
    await this.#warmed;
    return image;
  }

  async #kept(imageId: string, urgent: boolean): Promise<Types.IImage> {
    const known = cache.getImageLoadObject(imageId);
    if (known !== undefined) return known.promise;
    const promise = this.#load(imageId, urgent);
    await cache.putImageLoadObject(imageId, { promise });
    return promise;
  }

  /** What the file draws over an image; null: nothing. */
  drawnOver(image: Types.IImage): Drawn | null {
    return this.#drawn.get(image) ?? null;
  }

  /** Reads images one after the other until stopped or the next one would push another out of the cache. */
  async preload(imageIds: readonly string[], isStopped: () => boolean): Promise<void> {
    for (const imageId of imageIds) {
      if (isStopped()) return;
      const [result] = await Promise.allSettled([this.image(imageId, false)]);
      // What fails here is reported when its frame is shown.
      const bytes = result.status === 'fulfilled' ? result.value.sizeInBytes : 0;
      if (cache.getBytesAvailable() < bytes) return;
    }
  }

  isCached(imageId: string): boolean {
    return cache.getImage(imageId) !== undefined;
  }

  /** Takes the images out of the cache and forgets their names. */
  release(imageIds: readonly string[]): void {
    this.evict(imageIds);
    this.registry.forget(imageIds);
  }

  evict(imageIds: readonly string[]): void {
    for (const imageId of imageIds) {
      if (cache.getImageLoadObject(imageId) !== undefined)
        cache.removeImageLoadObject(imageId, { force: true });
    }
  }

  /**
   * Fits every view to the room it has. The engine drops a resize that comes while a drawing waits, and then stretches the
   * old picture into the new room: so this one waits until nothing does.
   * @param isMoved whether a person has zoomed or moved the picture, which then stays as it is
   */
  resize(isMoved: () => boolean, done: () => void): void {
    if (this.engine.hasBeenDestroyed) return;
    if (Reflect.get(this.engine, '_animationFrameSet') === true) {
      requestAnimationFrame(() => {
        this.resize(isMoved, done);
      });
      return;
    }
    this.engine.resize(true, isMoved());
    done();
  }

  #createEngine(): RenderingEngine {
    return new RenderingEngine(`keyslice-${String(this.#generation++)}`);
  }

  async #load(imageId: string, urgent: boolean): Promise<Types.IImage> {
    const image = this.registry.get(imageId);
    if (image === undefined) throw new KeysliceError('CANCELLED');
    const message = await this.#fetch(image.series.id, image.frame, urgent);
    const type = this.registry.forcedType(imageId) ?? deliveredType(message);
    image.delivered = type;
    image.inverted = message.inverted;
    const made = makeImage(imageId, image.series, message, modalityValues(message, type));
    const { drawn, rows, columns } = message;
    if (drawn !== null) this.#drawn.set(made, { pixels: new Uint8ClampedArray(drawn), rows, columns });
    return made;
  }

  #metadata(type: string, imageId: unknown): unknown {
    if (typeof imageId !== 'string') return undefined;
    const image = this.registry.get(imageId);
    return image === undefined ? undefined : imageMetadata(type, image, imageId);
  }

  /** After a lost context every texture is gone and a view would be black, or one even grey: build all anew. */
  async #recover(): Promise<void> {
    for (const view of this.#views) view.cover();
    let failure: unknown = null;
    for (const delay of RETRY_MS) {
      await wait(delay);
      try {
        this.#engine.destroy();
        this.#engine = this.#createEngine();
        for (const view of this.#views) await view.rebuild();
        return;
      } catch (error) {
        failure = error;
      }
    }
    const reason = failure instanceof Error ? failure.message : String(failure);
    for (const view of this.#views)
      view.giveUp(new KeysliceError('INTERNAL', { reason }, { cause: failure }));
  }
}
