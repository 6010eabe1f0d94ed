import type { VideoPageMessage, VideoProgramMessage } from '../../contract/videoMessages.ts';

/** The page's end of the port: bytes come in on request, a picture goes out when the one before was taken. */
export class VideoPort {
  /** Size of the file, as soon as the program has said it. */
  readonly size: Promise<number>;
  readonly #port: MessagePort;
  readonly #reads = new Map<number, (bytes: Uint8Array<ArrayBuffer>) => void>();
  #taken: (() => void) | null = null;
  #lastRead = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    this.size = new Promise((resolve) => {
      port.onmessage = ({ data }: MessageEvent<VideoProgramMessage>) => {
        if (data.type === 'open') resolve(data.bytes);
        else this.#receive(data);
      };
    });
  }

  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const id = ++this.#lastRead;
    return new Promise((resolve) => {
      this.#reads.set(id, resolve);
      this.send({ type: 'read', id, start, end });
    });
  }

  /** Resolves when the picture has been taken. */
  frame(picture: { rows: number; columns: number; timeMs: number; rgb: ArrayBuffer }): Promise<void> {
    return new Promise((resolve) => {
      this.#taken = resolve;
      this.send({ type: 'frame', ...picture });
    });
  }

  send(message: VideoPageMessage): void {
    this.#port.postMessage(message);
  }

  #receive(message: Exclude<VideoProgramMessage, { type: 'open' }>): void {
    if (message.type === 'next') {
      this.#taken?.();
      this.#taken = null;
      return;
    }
    this.#reads.get(message.id)?.(message.bytes);
    this.#reads.delete(message.id);
  }
}
