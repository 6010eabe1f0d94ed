import { basename } from 'node:path';
import { warning } from '../../contract/errors.ts';
import type { CineTiming, FrameRecord } from '../../contract/series.ts';
import type { OpenFile } from '../scan/openFile.ts';
import { NO_GEOMETRY } from '../series/geometry.ts';
import type { IdentifiedSeries } from '../series/seriesOf.ts';
import { unpackedFormat, unpackedSources, type UnpackedVideo, type VideoUnpacker } from './unpackVideo.ts';
import type { VideoContainer } from './videoContainer.ts';

/**
 * A video file as a loop: its pictures are unpacked first, because only then is it known how many there are.
 * @throws KeysliceError as `VideoUnpacker.unpack` does
 */
export async function readVideo(
  { file }: OpenFile,
  container: VideoContainer,
  unpacker: VideoUnpacker,
): Promise<IdentifiedSeries> {
  const video = await unpacker.unpack(file.path, container);
  const damage =
    video.damage === null ? [] : [warning('VIDEO_DAMAGED', { frames: video.frames, reason: video.damage })];
  const name = basename(file.shownPath ?? file.path);
  return {
    id: file.path,
    studyUid: null,
    seriesUid: null,
    frameOfReferenceUid: null,
    format: 'video',
    kind: video.frames > 1 ? 'cine' : 'images',
    modality: 'OT',
    description: `${name} · ${video.codec}`,
    patientLabel: name,
    studyLabel: '',
    pixelSpacing: null,
    spacingNote: 'a video gives no pixel spacing',
    sliceThickness: null,
    sortedBy: 'order in the file',
    phases: 1,
    framesPerPhase: video.frames,
    frames: frameRecords(video),
    geometry: NO_GEOMETRY,
    cine: video.frames > 1 ? cineTiming(video.timesMs) : null,
    transferSyntaxes: [container],
    files: [file, { ...video.file, shownPath: file.shownPath ?? file.path }],
    warnings: damage,
  };
}

function frameRecords(video: UnpackedVideo): FrameRecord[] {
  const start = video.timesMs?.[0] ?? 0;
  const shared = {
    sopInstanceUid: null,
    position: null,
    orientation: null,
    pixel: unpackedFormat(video),
    modality: { kind: 'linear', slope: 1, intercept: 0, unit: null },
    windows: [],
    lossy: !video.lossless,
  } as const;
  return unpackedSources(video).map((source, index) => {
    const time = video.timesMs?.[index];
    return { ...shared, source, timeMs: time === undefined || video.frames === 1 ? null : time - start };
  });
}

/**
 * The rate is that of the whole loop: single steps vary where pictures were dropped. It is shown by the times of the
 * pictures, not at one rate.
 */
function cineTiming(timesMs: readonly number[] | null): CineTiming {
  const [first, last] = [timesMs?.[0], timesMs?.at(-1)];
  if (timesMs === null || first === undefined || last === undefined || last <= first)
    return { frameTimeMs: null, displayFps: null, playback: 'loop' };
  const frameTimeMs = Number(((last - first) / (timesMs.length - 1)).toFixed(6));
  return { frameTimeMs, displayFps: null, playback: 'loop' };
}
