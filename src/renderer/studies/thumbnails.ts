import type { KeysliceBridge, ThumbnailMessage } from '../../contract/ipc.ts';

/** Thumbnails kept; at 96 pixels this is about 18 MB. */
const KEPT = 500;

/** Small pictures by series and frame, each asked for once. A frame that cannot be decoded has none. */
export class Thumbnails {
  readonly #bridge: Pick<KeysliceBridge, 'thumbnail'>;
  readonly #kept = new Map<string, Promise<ThumbnailMessage | null>>();

  constructor(bridge: Pick<KeysliceBridge, 'thumbnail'>) {
    this.#bridge = bridge;
  }

  /** @param frame over all phases; @param size longest side in pixels. Null: there is no picture. */
  get(seriesId: string, frame: number, size: number): Promise<ThumbnailMessage | null> {
    const key = `${String(size)}/${String(frame)}/${seriesId}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const made = this.#fetch(key, { seriesId, frame, size });
    this.#kept.set(key, made);
    if (this.#kept.size > KEPT) this.#dropOldest();
    return made;
  }

  clear(): void {
    this.#kept.clear();
  }

  async #fetch(
    key: string,
    request: { seriesId: string; frame: number; size: number },
  ): Promise<ThumbnailMessage | null> {
    const answer = await this.#bridge.thumbnail(request);
    if (answer.ok) return answer.value;
    // Cancelled with its series: may be asked for again.
    if (answer.error.code === 'CANCELLED') this.#kept.delete(key);
    return null;
  }

  #dropOldest(): void {
    const oldest = this.#kept.keys().next();
    if (!oldest.done) this.#kept.delete(oldest.value);
  }
}
