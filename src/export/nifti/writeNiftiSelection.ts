import type { FrameRecord, Series } from '../../contract/series.ts';
import type { FrameSelection } from '../frameSelection.ts';
import { NiftiHeader } from './niftiHeader.ts';
import { type NiftiFile, SIDECAR_NAME, writeNiftiFiles } from './niftiFiles.ts';
import { positionsSidecar } from './positionsSidecar.ts';
import { readNiftiPrefix } from './readNiftiPrefix.ts';
import { isEvenlyStepped, reduceNiftiHeader } from './reduceNiftiHeader.ts';
import { requireSameSlices } from './requireSameSlices.ts';

/**
 * Writes the kept slices of a NIfTI series: its header with new dimensions and affine, its extensions, and the
 * stored values byte for byte; compressed when the source is. A pair becomes a single file.
 *
 * @param frameBytes stored bytes of a frame
 * @throws KeysliceError FORMAT_NOT_APPLICABLE when the phases keep different slices; FILE_TRUNCATED,
 *   FILE_UNREADABLE, LIMIT_EXCEEDED, and what `frameBytes` throws
 */
export async function writeNiftiSelection(
  folder: string,
  series: Series,
  selection: FrameSelection,
  version: string,
  frameBytes: (frame: FrameRecord) => Promise<Uint8Array>,
): Promise<NiftiFile[]> {
  requireSameSlices(selection);
  const { bytes, gzip, pair } = await readNiftiPrefix(series);
  const header = new NiftiHeader(bytes);
  const even = isEvenlyStepped(selection.slices);
  const onePhase = selection.frames.slice(0, selection.slices.length);
  const sidecar = even ? null : positionsSidecar(version, selection.slices, onePhase, header.description);
  reduceNiftiHeader(header, selection, series.phases, even ? null : SIDECAR_NAME);
  if (pair) {
    header.setSingleFile();
    header.set('voxOffset', bytes.length);
  }
  return await writeNiftiFiles(
    folder,
    { prefix: bytes, frames: selection.frames, frameBytes },
    gzip,
    sidecar,
  );
}
