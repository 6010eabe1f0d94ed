import type { FrameRecord } from '../contract/series.ts';
import { UNPACKED_VIDEO } from '../imaging/video/unpackVideo.ts';

/** True for pictures of a video stream, also of one inside a DICOM file: no part of the stream stands for one of them. */
export function isUnpackedVideo(frames: readonly FrameRecord[]): boolean {
  return frames.some(({ source }) => source.transferSyntax === UNPACKED_VIDEO);
}
