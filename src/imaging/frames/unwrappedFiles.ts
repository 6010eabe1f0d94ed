/** The unwrapped files of one series, by path; plain files need none. */
import { KeysliceError } from '../../contract/errors.ts';
import type { FrameRecord, FrameSource, Series, SourceFile } from '../../contract/series.ts';
import { InflatedFile } from './inflatedFile.ts';
import type { FrameRequest } from './loadFrame.ts';
import type { MemoryBudget } from './memoryBudget.ts';

export class UnwrappedFiles {
  readonly #series: Series;
  readonly #budget: MemoryBudget;
  readonly #sources: ReadonlyMap<string, SourceFile>;
  readonly #inflated = new Map<string, InflatedFile>();

  constructor(series: Series, budget: MemoryBudget) {
    this.#series = series;
    this.#budget = budget;
    this.#sources = new Map(series.files.map((file) => [file.path, file]));
  }

  /**
   * What a worker needs for the frame, as soon as its bytes are unwrapped.
   * @throws KeysliceError as `InflatedFile` does; LIMIT_EXCEEDED when the unwrapped file exceeds the memory budget
   */
  async request(record: FrameRecord): Promise<FrameRequest> {
    const { path, encoding } = record.source;
    const file = this.#sources.get(path);
    if (file === undefined)
      throw new KeysliceError('INTERNAL', { reason: 'a frame lies in no file of its series' });
    if (encoding === 'plain') return { record, file, unwrapped: null };
    const inflated = this.#inflated.get(path) ?? this.#open(file, encoding);
    await inflated.ready(endOf(record.source));
    return { record, file, unwrapped: inflated.bytes };
  }

  close(): void {
    for (const inflated of this.#inflated.values()) {
      inflated.close();
      this.#budget.unpin(inflated.bytes.byteLength);
    }
    this.#inflated.clear();
  }

  #open(file: SourceFile, encoding: Exclude<FrameSource['encoding'], 'plain'>): InflatedFile {
    const { path } = file;
    const sources = this.#series.frames.map((frame) => frame.source).filter((source) => source.path === path);
    const length = sources.reduce((end, source) => Math.max(end, endOf(source)), 0);
    if (length > this.#budget.limit) {
      const facts = {
        what: 'The unwrapped size of the file in bytes',
        actual: length,
        limit: this.#budget.limit,
      };
      throw new KeysliceError('LIMIT_EXCEEDED', facts, { path });
    }
    const inflated = new InflatedFile(file, encoding, length);
    this.#budget.pin(length);
    this.#inflated.set(path, inflated);
    return inflated;
  }
}

const endOf = ({ ranges }: FrameSource): number =>
  ranges.reduce((end, range) => Math.max(end, range.offset + range.length), 0);
