import type { SeriesView } from '../../contract/ipc.ts';
import type { DeliveredType } from './modalityValues.ts';

export const SCHEME = 'keyslice';

/** What the viewports know of one image: its series, its frame over all phases, how its pixels were delivered. */
export interface RegisteredImage {
  series: SeriesView;
  frame: number;
  delivered: DeliveredType | null;
  /** MONOCHROME1: the smallest value is shown white. */
  inverted: boolean;
}

/**
 * Names images for Cornerstone: `keyslice:<series number>/<frame>`. Owned by `Graphics`; a series is forgotten when
 * another takes its place, and its images with it.
 */
export class ImageRegistry {
  readonly #images = new Map<string, RegisteredImage>();
  readonly #forced = new Map<number, DeliveredType>();
  #nextKey = 1;

  /** Image ids of all frames, in the order of the series. */
  register(series: SeriesView): { key: number; imageIds: string[] } {
    const key = this.#nextKey++;
    const imageIds = Array.from({ length: series.frames * series.phases }, (_, frame) => {
      const imageId = `${SCHEME}:${String(key)}/${String(frame)}`;
      this.#images.set(imageId, { series, frame, delivered: null, inverted: false });
      return imageId;
    });
    return { key, imageIds };
  }

  get(imageId: string): RegisteredImage | undefined {
    return this.#images.get(imageId);
  }

  /** All images of the series are delivered as `type` from now on: a volume needs one type for all. */
  force(key: number, type: DeliveredType): void {
    this.#forced.set(key, type);
  }

  forcedType(imageId: string): DeliveredType | null {
    return this.#forced.get(Number(imageId.slice(SCHEME.length + 1).split('/')[0])) ?? null;
  }

  forget(imageIds: readonly string[]): void {
    for (const imageId of imageIds) this.#images.delete(imageId);
  }
}
