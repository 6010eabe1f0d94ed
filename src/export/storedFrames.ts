import { KeysliceError } from '../contract/errors.ts';
import type { FrameRecord, FrameSource, Series, SourceFile } from '../contract/series.ts';
import { InflatedFile } from '../imaging/frames/inflatedFile.ts';
import { readFrameBytes } from '../imaging/frames/readFrameBytes.ts';

/**
 * Stored bytes of the frames of one series, as they lie in its files. Compressed files are unwrapped once, as far as
 * the last of their frames; the owner closes this to give that memory back.
 */
export class StoredFrames {
  readonly #series: Series;
  readonly #files: ReadonlyMap<string, SourceFile>;
  readonly #inflated = new Map<string, InflatedFile>();

  constructor(series: Series) {
    this.#series = series;
    this.#files = new Map(series.files.map((file) => [file.path, file]));
  }

  /** @throws KeysliceError FILE_TRUNCATED, FILE_UNREADABLE, LIMIT_EXCEEDED, SOURCE_CHANGED */
  async read({ source }: FrameRecord): Promise<Uint8Array> {
    const file = this.#files.get(source.path);
    if (file === undefined)
      throw new KeysliceError('INTERNAL', { reason: 'a frame lies in no file of its series' });
    return await readFrameBytes({ source, file, unwrapped: await this.#unwrapped(source, file) });
  }

  close(): void {
    for (const file of this.#inflated.values()) file.close();
    this.#inflated.clear();
  }

  async #unwrapped(source: FrameSource, file: SourceFile): Promise<SharedArrayBuffer | null> {
    if (source.encoding === 'plain') return null;
    let inflated = this.#inflated.get(source.path);
    if (inflated === undefined) {
      const sources = this.#series.frames
        .map((frame) => frame.source)
        .filter(({ path }) => path === source.path);
      inflated = new InflatedFile(file, source.encoding, Math.max(0, ...sources.map(endOf)));
      this.#inflated.set(source.path, inflated);
    }
    await inflated.ready(endOf(source));
    return inflated.bytes;
  }
}

const endOf = ({ ranges }: FrameSource): number =>
  ranges.reduce((end, range) => Math.max(end, range.offset + range.length), 0);
