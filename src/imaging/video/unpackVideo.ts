import { resolve } from 'node:path';
import { KeysliceError } from '../../contract/errors.ts';
import type { FrameSource, PixelFormat } from '../../contract/series.ts';
import type { Scratch } from '../scan/scratch.ts';
import type { DecodedVideo, VideoDecoder } from './videoDecoder.ts';
import { RawFrameWriter, type RawFrames } from './rawFrames.ts';
import type { VideoContainer } from './videoContainer.ts';

/** Stands for a transfer syntax in the sources of unpacked pictures. */
export const UNPACKED_VIDEO = 'video';

export type UnpackedVideo = RawFrames & DecodedVideo;

/** Unpacks the videos of one study, one at a time: a decoder takes all the cores that it finds. */
export class VideoUnpacker {
  readonly #scratch: Scratch | undefined;
  readonly #decoders: readonly VideoDecoder[];
  readonly #signal: AbortSignal | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  /** @param decoders in the order in which they are tried */
  constructor(
    scratch: Scratch | undefined,
    decoders: readonly VideoDecoder[],
    signal: AbortSignal | undefined,
  ) {
    this.#scratch = scratch;
    this.#decoders = decoders;
    this.#signal = signal;
  }

  /** A new folder of the study, for a stream that must be cut out of its file. @throws as `unpack` */
  async folder(): Promise<string> {
    if (this.#scratch === undefined)
      throw new KeysliceError('NOT_AN_IMAGE', {
        reason: 'it is a video, and there is no place to unpack it',
      });
    return await this.#scratch.folder();
  }

  /**
   * Decodes every picture of a video into the study's scratch folder.
   * @throws KeysliceError DECODER_MISSING, FILE_UNREADABLE, NOT_AN_IMAGE, LIMIT_EXCEEDED, HEADER_INCONSISTENT, CANCELLED
   */
  unpack(path: string, container: VideoContainer): Promise<UnpackedVideo> {
    const unpacked = this.#queue.then(() => this.#unpack(resolve(path), container));
    // The next one waits for the end of this one, whatever it is.
    this.#queue = unpacked.catch(() => undefined);
    return unpacked;
  }

  async #unpack(path: string, container: VideoContainer): Promise<UnpackedVideo> {
    const folder = await this.folder();
    const sink = await RawFrameWriter.create(folder);
    try {
      for (const decoder of this.#decoders) {
        const decoded = await decoder.decode({ path, container, folder, sink, signal: this.#signal });
        if (decoded !== null) return { ...(await sink.finish()), ...decoded };
      }
    } catch (thrown) {
      await sink.discard();
      throw thrown;
    }
    await sink.discard();
    throw new KeysliceError('DECODER_MISSING', { program: 'ffmpeg' });
  }
}

/** How an unpacked picture is stored. */
export function unpackedFormat({ rows, columns, samples }: UnpackedVideo): PixelFormat {
  return {
    rows,
    columns,
    samplesPerPixel: samples,
    photometric: samples === 1 ? 'MONOCHROME2' : 'RGB',
    bitsAllocated: 8,
    bitsStored: 8,
    highBit: 7,
    signed: false,
    number: 'integer',
    planarConfiguration: 0,
    littleEndian: true,
    palette: null,
    padding: null,
  };
}

/** Where the unpacked pictures lie. */
export function unpackedSources({ file, rows, columns, samples, frames }: UnpackedVideo): FrameSource[] {
  const length = rows * columns * samples;
  return Array.from({ length: frames }, (_, indexInFile) => ({
    path: file.path,
    encoding: 'plain',
    transferSyntax: UNPACKED_VIDEO,
    encapsulated: false,
    ranges: [{ offset: indexInFile * length, length }],
    bitOffset: 0,
    indexInFile,
  }));
}
