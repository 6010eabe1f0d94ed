import type { FileHandle } from 'node:fs/promises';
import type { MessagePortMain } from 'electron';
import type { OpenOptions } from '../app/open.ts';
import { KeysliceError, toKeysliceError } from '../contract/errors.ts';
import {
  videoPageMessage,
  type VideoPageMessage,
  type VideoProgramMessage,
} from '../contract/videoMessages.ts';

export type VideoDecoder = NonNullable<OpenOptions['videoDecoder']>;
export type VideoJob = Parameters<VideoDecoder['decode']>[0];
export type DecodedVideo = NonNullable<Awaited<ReturnType<VideoDecoder['decode']>>>;

/** One read of the demuxer; more is a mistake. */
const MAX_READ_BYTES = 2 ** 26;

/** What a page that decodes one video asks and tells: bytes go in as they are asked for, pictures go to the sink. */
export class VideoConversation {
  /** What came out; null when Chromium cannot decode the video. */
  readonly ended: Promise<DecodedVideo | null>;
  /** Why Chromium does not decode it. */
  refusal = '';
  readonly #port: MessagePortMain;
  readonly #file: FileHandle;
  readonly #bytes: number;
  readonly #sink: VideoJob['sink'];
  readonly #timesMs: number[] = [];
  #resolve: (decoded: DecodedVideo | null) => void = () => undefined;
  #reject: (error: KeysliceError) => void = () => undefined;

  constructor(port: MessagePortMain, file: FileHandle, bytes: number, sink: VideoJob['sink']) {
    this.#port = port;
    this.#file = file;
    this.#bytes = bytes;
    this.#sink = sink;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    port.on('message', ({ data }: { data: unknown }) => {
      this.#hear(data).catch((thrown: unknown) => {
        this.#reject(toKeysliceError(thrown));
      });
    });
    port.start();
    this.#send({ type: 'open', bytes });
  }

  stop(error: KeysliceError): void {
    this.#reject(error);
  }

  /** The page is gone, or says that the stream is damaged. */
  broken(codec: string, reason: string): void {
    // As with any decoder: the last picture before a fault may be half its neighbour's.
    const frames = this.#timesMs.length - 1;
    if (frames < 1) this.#refuse(reason);
    else this.#end(codec, frames, `Chromium says: ${reason}`);
  }

  async #hear(data: unknown): Promise<void> {
    const parsed = videoPageMessage.safeParse(data);
    if (!parsed.success)
      throw new KeysliceError('MESSAGE_REFUSED', { reason: 'not a message of the video page' });
    const message = parsed.data;
    switch (message.type) {
      case 'read':
        await this.#answer(message);
        break;
      case 'frame':
        await this.#sink.frame(new Uint8Array(message.rgb), message);
        this.#timesMs.push(message.timeMs);
        this.#send({ type: 'next' });
        break;
      case 'done':
        this.#end(message.codec, this.#timesMs.length, null);
        break;
      case 'refused':
        this.#refuse(message.reason);
        break;
      case 'failed':
        this.broken(message.codec, message.reason);
        break;
    }
  }

  async #answer({ id, start, end }: Extract<VideoPageMessage, { type: 'read' }>): Promise<void> {
    if (end < start || end > this.#bytes || end - start > MAX_READ_BYTES) {
      throw new KeysliceError('MESSAGE_REFUSED', { reason: `bytes ${start} to ${end} of a video` });
    }
    const bytes = new Uint8Array(end - start);
    const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, start);
    this.#send({ type: 'bytes', id, bytes: bytes.subarray(0, bytesRead) });
  }

  #refuse(reason: string): void {
    this.refusal = reason;
    this.#resolve(null);
  }

  #end(codec: string, frames: number, damage: string | null): void {
    const timesMs = this.#timesMs.slice(0, frames);
    this.#resolve({ frames, codec, lossless: false, timesMs, damage });
  }

  #send(message: VideoProgramMessage): void {
    this.#port.postMessage(message);
  }
}
