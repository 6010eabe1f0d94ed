import { CustomSource, Input, MATROSKA, MP4, QTFF, WEBM, type Rotation } from 'mediabunny';
import { decodedFrames } from './decodedFrames.ts';
import { packRgb, type RgbPicture } from './packRgb.ts';
import type { VideoPort } from './videoPort.ts';

/** As people name the codecs. */
const NAMES: Readonly<Record<string, string>> = {
  avc: 'H.264',
  hevc: 'H.265',
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
};

/** Decodes the video that a port leads to with Chromium's own decoders, and sends every picture. */
export async function decodeVideo(port: VideoPort): Promise<void> {
  let [codec, sent] = ['', 0];
  const size = await port.size;
  const source = new CustomSource({ getSize: () => size, read: (start, end) => port.read(start, end) });
  const input = new Input({ source, formats: [MP4, QTFF, MATROSKA, WEBM] });
  try {
    const track = await input.getPrimaryVideoTrack();
    if (track === null || (await track.getFlip()) || !(await track.canDecode())) {
      port.send({ type: 'refused', reason: 'Chromium has no decoder for it' });
      return;
    }
    const name = (await track.getCodec()) ?? 'video';
    codec = NAMES[name] ?? name;
    const rotation = await track.getRotation();
    for await (const frame of decodedFrames(track)) {
      const timeMs = frame.timestamp / 1000;
      const picture = await rgbOf(frame, rotation).finally(() => {
        frame.close();
      });
      await port.frame({ ...picture, timeMs });
      sent += 1;
    }
    port.send({ type: 'done', codec });
  } catch (thrown) {
    const reason = (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, 1000);
    port.send(sent === 0 ? { type: 'refused', reason } : { type: 'failed', codec, reason });
  } finally {
    input.dispose();
  }
}

async function rgbOf(frame: VideoFrame, rotation: Rotation): Promise<RgbPicture> {
  const visible = frame.visibleRect;
  if (visible === null) throw new Error('a picture without a size');
  const options = { format: 'RGBA', colorSpace: 'srgb' } as const;
  const rgba = new Uint8Array(frame.allocationSize(options));
  await frame.copyTo(rgba, options);
  return packRgb(rgba, visible.height, visible.width, rotation);
}
