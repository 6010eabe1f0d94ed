import { open } from 'node:fs/promises';
import { BrowserWindow, MessageChannelMain } from 'electron';
import { KeysliceError, throwIfCancelled } from '../contract/errors.ts';
import { VIDEO_PORT_CHANNEL } from '../contract/videoMessages.ts';
import { APP_ORIGIN } from './appScheme.ts';
import type { Log } from './log.ts';
import {
  VideoConversation,
  type DecodedVideo,
  type VideoDecoder,
  type VideoJob,
} from './videoConversation.ts';

const CONTAINERS: readonly VideoJob['container'][] = ['mp4', 'matroska'];
const TIME_LIMIT_S = 600;

/**
 * Decodes videos with Chromium: in a hidden page of its own, sandboxed as the window is, that knows one port and
 * nothing else. What a hostile file does to a decoder stays in that page's processes.
 */
export class ChromiumVideo implements VideoDecoder {
  readonly #parent: BrowserWindow;
  readonly #preload: string;
  readonly #log: Log;

  /** @param preload path of the built preload of the hidden page */
  constructor(parent: BrowserWindow, preload: string, log: Log) {
    this.#parent = parent;
    this.#preload = preload;
    this.#log = log;
  }

  async decode(job: VideoJob): Promise<DecodedVideo | null> {
    if (!CONTAINERS.includes(job.container) || this.#parent.isDestroyed()) return null;
    throwIfCancelled(job.signal);
    const file = await open(job.path, 'r');
    const page = this.#openPage();
    try {
      await page.loadURL(`${APP_ORIGIN}/video.html`);
      const { port1, port2 } = new MessageChannelMain();
      page.webContents.postMessage(VIDEO_PORT_CHANNEL, null, [port2]);
      const { size } = await file.stat();
      return await this.#hold(page, new VideoConversation(port1, file, size, job.sink), job.signal);
    } finally {
      if (!page.isDestroyed()) page.destroy();
      await file.close();
    }
  }

  /** Waits for the end of a conversation: its own, the page's, a person's, or that of our patience. */
  async #hold(
    page: BrowserWindow,
    conversation: VideoConversation,
    signal: AbortSignal | undefined,
  ): Promise<DecodedVideo | null> {
    const stop = (): void => {
      conversation.stop(new KeysliceError('CANCELLED'));
    };
    const timer = setTimeout(() => {
      const what = 'The time to decode the video in seconds';
      const facts = { what, actual: `over ${TIME_LIMIT_S}`, limit: TIME_LIMIT_S };
      conversation.stop(new KeysliceError('LIMIT_EXCEEDED', facts));
    }, TIME_LIMIT_S * 1000);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true) stop();
    page.webContents.once('render-process-gone', (_, { reason }) => {
      conversation.broken('video', `its process ended: ${reason}`);
    });
    page.once('closed', stop);
    try {
      const decoded = await conversation.ended;
      this.#log.write(
        decoded === null
          ? `video: not decoded by Chromium: ${conversation.refusal}`
          : `video: ${decoded.frames} images decoded by Chromium (${decoded.codec})`,
      );
      return decoded;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Closes with its parent. */
  #openPage(): BrowserWindow {
    return new BrowserWindow({
      parent: this.#parent,
      show: false,
      webPreferences: {
        preload: this.#preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
        backgroundThrottling: false,
      },
    });
  }
}
