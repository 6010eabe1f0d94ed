import { KeysliceError } from '../../contract/errors.ts';
import type { Frame } from '../../contract/frame.ts';
import type { FrameRecord, Series } from '../../contract/series.ts';
import type { FrameSelection } from '../frameSelection.ts';
import { dicomVolume } from './dicomVolume.ts';
import { encodeNiftiHeader } from './encodeNiftiHeader.ts';
import { type NiftiFile, SIDECAR_NAME, writeNiftiFiles } from './niftiFiles.ts';
import { positionsSidecar } from './positionsSidecar.ts';

/**
 * Writes the kept slices of a DICOM series as `volume.nii.gz`: stored values in their own type, slope and intercept
 * in the header, axes turned from LPS to RAS.
 *
 * @param decode a frame's stored values
 * @param onFrame is told before each frame; what it throws ends the export
 * @throws KeysliceError FORMAT_NOT_APPLICABLE, and what `decode` throws
 */
export async function writeNiftiOfDicom(
  folder: string,
  series: Series,
  selection: FrameSelection,
  version: string,
  decode: (frame: FrameRecord) => Promise<Frame>,
  onFrame: () => void,
): Promise<NiftiFile[]> {
  const { frames, slices, phases } = selection;
  const { affine, even, transform } = dicomVolume(series, selection);
  const [first] = frames;
  if (first === undefined) throw new KeysliceError('INTERNAL', { reason: 'an export without frames' });
  const { dtype } = await decode(first);
  const prefix = encodeNiftiHeader({
    columns: first.pixel.columns,
    rows: first.pixel.rows,
    slices: slices.length,
    phases: phases.length,
    type: dtype,
    affine,
    slope: transform.slope,
    intercept: transform.intercept,
    description: even ? 'research use, not for diagnosis' : `uneven: see ${SIDECAR_NAME}`,
  });
  const sidecar = even ? null : positionsSidecar(version, slices, frames.slice(0, slices.length), '');
  const frameBytes = async (frame: FrameRecord): Promise<Uint8Array> => {
    onFrame();
    return storedValueBytes(await decode(frame));
  };
  return await writeNiftiFiles(folder, { prefix, frames, frameBytes }, true, sidecar);
}

/** Little-endian bytes of the values; every platform that Keyslice runs on is little-endian. */
export function storedValueBytes({ values }: Frame): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
