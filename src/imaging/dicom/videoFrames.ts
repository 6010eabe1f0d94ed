import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { KeysliceError, warning, type Warning } from '../../contract/errors.ts';
import type { ByteRange } from '../../contract/series.ts';
import type { ByteSource } from '../scan/byteSource.ts';
import { fileSystemError } from '../scan/openFile.ts';
import type { UnpackedVideo, VideoUnpacker } from '../video/unpackVideo.ts';
import { videoContainer, type VideoContainer } from '../video/videoContainer.ts';
import type { Attributes } from './attributes.ts';
import type { ParsedDataSet } from './dataSet.ts';
import { walkFragments } from './fragments.ts';
import type { PixelElement } from './pixelElement.ts';

const HEAD_BYTES = 1024;
const CHUNK_BYTES = 2 ** 20;

/**
 * Unpacks the video stream of a DICOM file: its fragments joined are one stream of all frames (PS3.5 A.4.5), bare or in
 * a container.
 * @param bare what the stream is where it is in no container
 * @throws KeysliceError TRANSFER_SYNTAX_UNSUPPORTED where nothing here can decode it; FILE_TRUNCATED, FILE_UNREADABLE,
 * HEADER_INCONSISTENT, LIMIT_EXCEEDED, CANCELLED
 */
export async function unpackVideoFrames(
  { source, syntax, attributes }: ParsedDataSet,
  element: PixelElement,
  bare: VideoContainer,
  unpacker: VideoUnpacker,
  warnings: Warning[],
): Promise<UnpackedVideo> {
  if (element.length !== null) {
    const reason = `the pixel data of ${syntax.name} are stored as one block of a fixed length`;
    throw new KeysliceError('HEADER_INCONSISTENT', { reason });
  }
  const { fragments } = await walkFragments(source, element.offset);
  const [first] = fragments;
  const head = first === undefined ? new Uint8Array(0) : await source.read(first.offset, HEAD_BYTES);
  const stream = join(await unpacker.folder(), 'stream');
  await joinFragments(source, fragments, stream);
  try {
    const video = await unpacker.unpack(stream, videoContainer(head) ?? bare);
    checkHeader(video, attributes, warnings);
    return video;
  } catch (thrown) {
    if (!(thrown instanceof KeysliceError) || thrown.code !== 'DECODER_MISSING') throw thrown;
    throw new KeysliceError('TRANSFER_SYNTAX_UNSUPPORTED', { uid: syntax.uid }, { cause: thrown });
  }
}

async function joinFragments(
  source: ByteSource,
  fragments: readonly ByteRange[],
  path: string,
): Promise<void> {
  try {
    const handle = await open(path, 'w');
    try {
      for (const { offset, length } of fragments) {
        for (let done = 0; done < length; done += CHUNK_BYTES) {
          await handle.writeFile(await source.read(offset + done, Math.min(CHUNK_BYTES, length - done)));
        }
      }
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    throw fileSystemError(thrown, path);
  }
}

/** The stream decides how many frames there are; a size that is not the header's would put measurements wrong. */
function checkHeader(video: UnpackedVideo, attributes: Attributes, warnings: Warning[]): void {
  const [rows, columns] = [attributes.number('Rows'), attributes.number('Columns')];
  if (rows !== video.rows || columns !== video.columns) {
    const reason = `the video is ${video.columns} × ${video.rows}, the header says ${columns ?? '?'} × ${rows ?? '?'}`;
    throw new KeysliceError('HEADER_INCONSISTENT', { reason });
  }
  const announced = attributes.number('NumberOfFrames') ?? 1;
  if (video.damage !== null) {
    warnings.push(warning('VIDEO_DAMAGED', { frames: video.frames, reason: video.damage }));
  } else if (announced !== video.frames) {
    const reason = `${announced} frames are announced, the video has ${video.frames}`;
    warnings.push(warning('HEADER_QUESTIONABLE', { reason }));
  }
}
