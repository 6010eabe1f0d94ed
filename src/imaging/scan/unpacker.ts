import { KeysliceError } from '../../contract/errors.ts';
import type { Contents, FoundFile } from './foundFile.ts';
import type { OpenFile } from './openFile.ts';
import type { Scratch } from './scratch.ts';
import { unpackGzip } from './unpackGzip.ts';
import { UnpackSpace } from './unpackSpace.ts';
import { unpackZip, type UnpackOptions } from './unpackZip.ts';

/** An archive in an archive is opened; what is packed deeper is refused. */
const MOST_DEPTH = 2;

/** Unpacks the archives of one study into its scratch space, all under one limit. */
export class Unpacker {
  readonly #space: UnpackSpace | null;
  readonly #options: Omit<UnpackOptions, 'space'>;

  /** @param scratch null: archives are refused */
  constructor(scratch: Scratch | null, options: Omit<UnpackOptions, 'space'>) {
    this.#space = scratch === null ? null : new UnpackSpace(scratch);
    this.#options = options;
  }

  /** @throws KeysliceError NOT_AN_IMAGE without scratch space, and as `unpackZip` does */
  async zip({ source }: OpenFile, found: FoundFile): Promise<Contents> {
    const space = this.#spaceFor(found, 'it is a ZIP archive; unpack it first');
    return await unpackZip({ ...found, source }, { ...this.#options, space });
  }

  /** @throws KeysliceError NOT_AN_IMAGE without scratch space, and as `unpackGzip` does */
  async gzip({ source }: OpenFile, found: FoundFile): Promise<Contents> {
    const space = this.#spaceFor(found, 'it is compressed with gzip as a whole; unpack it first');
    return { files: [await unpackGzip(found, source, space, this.#options.signal)], failed: [] };
  }

  #spaceFor({ depth }: FoundFile, refusal: string): UnpackSpace {
    if (this.#space === null) throw new KeysliceError('NOT_AN_IMAGE', { reason: refusal });
    if (depth >= MOST_DEPTH) {
      const what = 'The number of archives in each other';
      throw new KeysliceError('LIMIT_EXCEEDED', { what, actual: depth + 1, limit: MOST_DEPTH });
    }
    return this.#space;
  }
}
