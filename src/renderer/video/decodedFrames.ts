import { EncodedPacketSink, type InputVideoTrack } from 'mediabunny';

/** Decoded pictures that wait to be taken: each holds a buffer of the decoder. */
const MAX_WAITING = 4;
const MAX_QUEUED = 8;

/**
 * Every picture of a track in the order in which it is shown. Who takes one closes it.
 * @throws Error what the decoder says, after the pictures before the fault
 */
export async function* decodedFrames(track: InputVideoTrack): AsyncGenerator<VideoFrame> {
  const waiting: VideoFrame[] = [];
  const fault = new AbortController();
  const decoder = new VideoDecoder({
    output: (frame) => waiting.push(frame),
    error: (error) => {
      fault.abort(error);
    },
  });
  const isFaulty = (): boolean => fault.signal.aborted;
  const takeAll = function* (): Generator<VideoFrame> {
    for (let frame = waiting.shift(); frame !== undefined; frame = waiting.shift()) yield frame;
  };
  try {
    decoder.configure(await decoderConfig(track));
    for await (const packet of new EncodedPacketSink(track).packets()) {
      if (isFaulty()) break;
      decoder.decode(packet.toEncodedVideoChunk());
      while (decoder.decodeQueueSize > MAX_QUEUED && !isFaulty() && waiting.length < MAX_WAITING) {
        await dequeued(decoder, fault.signal);
      }
      yield* takeAll();
    }
    if (!isFaulty()) await decoder.flush();
    yield* takeAll();
    fault.signal.throwIfAborted();
  } finally {
    for (const frame of takeAll()) frame.close();
    if (decoder.state !== 'closed') decoder.close();
  }
}

/**
 * What the stream does not say of its colours is taken as in standard definition (BT.601), as ffmpeg does; Chromium
 * would take BT.709. Primaries and transfer stay as they are stored.
 */
async function decoderConfig(track: InputVideoTrack): Promise<VideoDecoderConfig> {
  const config = await track.getDecoderConfig();
  if (config === null) throw new Error('the codec of the video is not known');
  const { matrix, fullRange } = config.colorSpace ?? {};
  const colorSpace = {
    primaries: 'bt709',
    transfer: 'bt709',
    matrix: matrix ?? 'smpte170m',
    fullRange: fullRange ?? false,
  } as const;
  return { ...config, colorSpace };
}

function dequeued(decoder: VideoDecoder, fault: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      decoder.removeEventListener('dequeue', done);
      fault.removeEventListener('abort', done);
      resolve();
    };
    decoder.addEventListener('dequeue', done);
    fault.addEventListener('abort', done);
  });
}
