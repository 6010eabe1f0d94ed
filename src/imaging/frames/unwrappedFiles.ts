/** The unwrapped files of one series, by path; plain files need none. */
import { KeysliceError } from '../../contract/errors.ts';
import type { FrameRecord, FrameSource, Series, SourceFile } from '../../contract/series.ts';
import type { Scratch } from '../scan/scratch.ts';
import { InflatedFile } from './inflatedFile.ts';
import type { Wrapping } from './inflation.ts';
import type { FrameRequest } from './loadFrame.ts';
import type { MemoryBudget } from './memoryBudget.ts';
import type { UnwrappedBytes } from './readFrameBytes.ts';
import { withShownPath } from './withShownPath.ts';
import { UnpackedFile } from './unpackedFile.ts';

interface Unwrapped {
  /** The unwrapped bytes, as soon as those before `end` are there. */
  ready: (end: number) => Promise<UnwrappedBytes>;
  close: () => Promise<void>;
}

export class UnwrappedFiles {
  readonly #series: Series;
  readonly #budget: MemoryBudget;
  readonly #scratch: Scratch | null;
  readonly #sources: ReadonlyMap<string, SourceFile>;
  readonly #unwrapped = new Map<string, Unwrapped>();

  /** @param scratch where files larger than the memory budget are unwrapped; null: they are refused */
  constructor(series: Series, budget: MemoryBudget, scratch: Scratch | null) {
    this.#series = series;
    this.#budget = budget;
    this.#scratch = scratch;
    this.#sources = new Map(series.files.map((file) => [file.path, file]));
  }

  /**
   * What a worker needs for the frame, as soon as its bytes are unwrapped.
   * @throws KeysliceError as `InflatedFile` and `UnpackedFile` do; LIMIT_EXCEEDED when the unwrapped file exceeds the
   * memory budget and there is no scratch space
   */
  async request(record: FrameRecord): Promise<FrameRequest> {
    const { path, encoding } = record.source;
    const file = this.fileOf(record);
    if (encoding === 'plain') return { record, file, unwrapped: null };
    try {
      const unwrapped = this.#unwrapped.get(path) ?? this.#open(file, encoding);
      return { record, file, unwrapped: await unwrapped.ready(endOf(record.source)) };
    } catch (thrown) {
      throw withShownPath(thrown, [file]);
    }
  }

  /** The file that holds the frame. */
  fileOf({ source }: FrameRecord): SourceFile {
    const file = this.#sources.get(source.path);
    if (file !== undefined) return file;
    throw new KeysliceError('INTERNAL', { reason: 'a frame lies in no file of its series' });
  }

  /** Gives memory and scratch space back. Resolves when nothing is written any more. */
  async close(): Promise<void> {
    const unwrapped = [...this.#unwrapped.values()];
    this.#unwrapped.clear();
    await Promise.all(unwrapped.map((each) => each.close()));
  }

  #open(file: SourceFile, wrapping: Wrapping): Unwrapped {
    const { path } = file;
    const sources = this.#series.frames.map((frame) => frame.source).filter((source) => source.path === path);
    const length = sources.reduce((end, source) => Math.max(end, endOf(source)), 0);
    const fits = length <= this.#budget.limit;
    const unwrapped = fits ? this.#inMemory(file, wrapping, length) : this.#onDrive(file, wrapping, length);
    this.#unwrapped.set(path, unwrapped);
    return unwrapped;
  }

  #inMemory(file: SourceFile, wrapping: Wrapping, length: number): Unwrapped {
    const inflated = new InflatedFile(file, wrapping, length);
    this.#budget.pin(length);
    return {
      ready: async (end) => {
        await inflated.ready(end);
        return inflated.bytes;
      },
      close: () => {
        inflated.close();
        this.#budget.unpin(length);
        return Promise.resolve();
      },
    };
  }

  #onDrive(file: SourceFile, wrapping: Wrapping, length: number): Unwrapped {
    if (this.#scratch === null) {
      const what = 'The unwrapped size of the file in bytes';
      const facts = { what, actual: length, limit: this.#budget.limit };
      throw new KeysliceError('LIMIT_EXCEEDED', facts, { path: file.path });
    }
    const unpacked = new UnpackedFile(file, wrapping, length, this.#scratch);
    return {
      ready: async (end) => ({ path: await unpacked.ready(end) }),
      close: () => unpacked.close(),
    };
  }
}

const endOf = ({ ranges }: FrameSource): number =>
  ranges.reduce((end, range) => Math.max(end, range.offset + range.length), 0);
