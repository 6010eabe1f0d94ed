import type { VideoContainer } from './videoContainer.ts';

export interface VideoSize {
  rows: number;
  columns: number;
}

/** Receives the pictures of a video in the order in which they are shown. */
export interface FrameSink {
  /**
   * @param rgb rows × columns × 3, RGB by pixel; may be used again when the promise has resolved
   * @throws KeysliceError LIMIT_EXCEEDED, FILE_UNREADABLE
   */
  frame(rgb: Uint8Array, size: VideoSize): Promise<void>;
}

export interface VideoJob {
  /** Where the stream lies; absolute. */
  path: string;
  container: VideoContainer;
  /** An empty folder that the decoder may use. */
  folder: string;
  sink: FrameSink;
  signal: AbortSignal | undefined;
}

export interface DecodedVideo {
  /** Pictures that are sound; the sink may have been given one more. */
  frames: number;
  /** As people name it: `H.264 (High)`. */
  codec: string;
  /** Nothing of what the camera gave was lost in compression. */
  lossless: boolean;
  /** Of each picture, in milliseconds on the stream's own clock; null: the stream has no clock. */
  timesMs: readonly number[] | null;
  /** Why the stream could not be read to its end; null when it was. */
  damage: string | null;
}

/** One way to decode video streams. */
export interface VideoDecoder {
  /**
   * Decodes the first video stream of a file; null when this decoder has no means for it, before any picture.
   * @throws KeysliceError FILE_UNREADABLE, NOT_AN_IMAGE, LIMIT_EXCEEDED, CANCELLED, and what the sink throws
   */
  decode(job: VideoJob): Promise<DecodedVideo | null>;
}
