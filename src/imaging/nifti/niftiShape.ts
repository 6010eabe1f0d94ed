import { KeysliceError, warning, type Warning } from '../../contract/errors.ts';
import type { PixelFormat } from '../../contract/series.ts';
import { NIFTI1_HEADER_BYTES, NIFTI2_HEADER_BYTES, type NiftiHeader } from './niftiHeader.ts';
import { niftiType, unsupportedTypeName } from './niftiTypes.ts';

/** What the header says about its data, checked for itself; whether they are there is another question. */
export interface NiftiShape {
  pixel: PixelFormat;
  slices: number;
  /** dim[4] × … × dim[7]. */
  volumes: number;
  frameBytes: number;
  dataBytes: number;
}

/** Slices of all volumes: three times the longest series of the brain that is public. */
const MAX_FRAMES = 2 ** 18;
/** No scan is as large as this; a header that says so lies. */
const MAX_DATA_BYTES = 2 ** 42;
/** FreeSurfer stores a surface of 163842 vertices like this, because dim[1] ends at 32767. */
const FREESURFER_SURFACE = [27307, 1, 6];
const CIFTI_INTENTS = { from: 3000, to: 3099 };

/** @throws KeysliceError HEADER_INCONSISTENT, LIMIT_EXCEEDED, NOT_AN_IMAGE */
export function niftiShape(header: NiftiHeader, warnings: Warning[]): NiftiShape {
  const sizes = dimensions(header.dims);
  const [columns = 1, rows = 1, slices = 1] = sizes;
  const volumes = sizes.slice(3).reduce((product, size) => product * size, 1);
  checkIsVolume(header, sizes);
  const pixel = pixelFormat(header, rows, columns, warnings);
  const frameBytes = (rows * columns * pixel.samplesPerPixel * pixel.bitsAllocated) / 8;
  const dataBytes = frameBytes * slices * volumes;
  if (dataBytes > MAX_DATA_BYTES)
    return inconsistent(`its dimensions ${sizes.join(' × ')} are beyond belief`);
  if (slices * volumes > MAX_FRAMES) {
    const facts = { what: 'The number of frames', actual: slices * volumes, limit: MAX_FRAMES };
    throw new KeysliceError('LIMIT_EXCEEDED', facts);
  }
  checkOffset(header);
  return { pixel, slices, volumes, frameBytes, dataBytes };
}

function dimensions([count = 0, ...sizes]: readonly number[]): number[] {
  if (!Number.isInteger(count) || count < 1 || count > 7) return inconsistent(`it has ${count} dimensions`);
  const used = sizes.slice(0, count);
  const bad = used.find((size) => !Number.isInteger(size) || size < 1);
  return bad === undefined ? used : inconsistent(`a dimension has the size ${bad}`);
}

function checkIsVolume({ intentCode }: NiftiHeader, sizes: readonly number[]): void {
  if (intentCode >= CIFTI_INTENTS.from && intentCode <= CIFTI_INTENTS.to) {
    throw new KeysliceError('NOT_AN_IMAGE', { reason: 'it is a CIFTI file, which holds no volume' });
  }
  const surface = FREESURFER_SURFACE.every((size, axis) => sizes[axis] === size);
  if (surface || ((sizes[1] ?? 1) === 1 && (sizes[2] ?? 1) === 1)) {
    throw new KeysliceError('NOT_AN_IMAGE', {
      reason: 'its data are a line (values on a surface), not a volume',
    });
  }
}

function pixelFormat(header: NiftiHeader, rows: number, columns: number, warnings: Warning[]): PixelFormat {
  const type = niftiType(header.datatype);
  if (type === null) return unsupported(header.datatype);
  const bitsPerVoxel = type.bitsAllocated * type.samplesPerPixel;
  if (header.bitsPerVoxel !== bitsPerVoxel) {
    const reason = `bitpix is ${header.bitsPerVoxel}, its data type has ${bitsPerVoxel} bits; the type was followed`;
    warnings.push(warning('HEADER_QUESTIONABLE', { reason }));
  }
  return {
    rows,
    columns,
    ...type,
    photometric: type.samplesPerPixel === 1 ? 'MONOCHROME2' : 'RGB',
    bitsStored: type.bitsAllocated,
    highBit: type.bitsAllocated - 1,
    planarConfiguration: 0,
    littleEndian: header.littleEndian,
    palette: null,
    padding: null,
  };
}

function unsupported(datatype: number): never {
  const name = unsupportedTypeName(datatype);
  if (name === null) return inconsistent(`there is no data type ${datatype}`);
  throw new KeysliceError('NOT_AN_IMAGE', { reason: `voxels of the type ${name} cannot be shown` });
}

function checkOffset({ voxOffset, pair, version }: NiftiHeader): void {
  const headerBytes = version === 1 ? NIFTI1_HEADER_BYTES : NIFTI2_HEADER_BYTES;
  const least = pair ? 0 : headerBytes;
  if (!Number.isSafeInteger(voxOffset) || voxOffset < least) {
    const place = Number.isFinite(voxOffset) ? `byte ${voxOffset}` : 'no byte at all';
    inconsistent(`its data are said to start at ${place}`);
  }
}

function inconsistent(reason: string): never {
  throw new KeysliceError('HEADER_INCONSISTENT', { reason });
}
