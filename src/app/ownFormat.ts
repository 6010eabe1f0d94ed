import type { Series } from '../contract/series.ts';
import { isUnpackedVideo } from '../export/isUnpackedVideo.ts';

/** What an export writes unless it is told otherwise: the format of the source, or `triage.json` alone for a video. */
export function ownFormat({ format, frames }: Pick<Series, 'format' | 'frames'>): 'dicom' | 'nifti' | 'json' {
  return format === 'video' || isUnpackedVideo(frames) ? 'json' : format;
}
