import { KeysliceError } from '../../contract/errors.ts';
import { viewOf } from '../viewOf.ts';

type NumberType = 'u8' | 'i16' | 'i32' | 'i64' | 'f32' | 'f64';
type Place = readonly [offset: number, type: NumberType];

const NIFTI1 = {
  intentCode: [68, 'i16'],
  dim: [40, 'i16'],
  datatype: [70, 'i16'],
  bitsPerVoxel: [72, 'i16'],
  sliceStart: [74, 'i16'],
  pixdim: [76, 'f32'],
  voxOffset: [108, 'f32'],
  slope: [112, 'f32'],
  intercept: [116, 'f32'],
  sliceEnd: [120, 'i16'],
  sliceCode: [122, 'u8'],
  units: [123, 'u8'],
  sliceDuration: [132, 'f32'],
  description: [148, 'u8'],
  qformCode: [252, 'i16'],
  sformCode: [254, 'i16'],
  quaternion: [256, 'f32'],
  qoffset: [268, 'f32'],
  srow: [280, 'f32'],
} as const satisfies Record<string, Place>;

export type NiftiField = keyof typeof NIFTI1;

const NIFTI2: Readonly<Record<NiftiField, Place>> = {
  intentCode: [504, 'i32'],
  dim: [16, 'i64'],
  datatype: [12, 'i16'],
  bitsPerVoxel: [14, 'i16'],
  sliceStart: [224, 'i64'],
  pixdim: [104, 'f64'],
  voxOffset: [168, 'i64'],
  slope: [176, 'f64'],
  intercept: [184, 'f64'],
  sliceEnd: [232, 'i64'],
  sliceCode: [496, 'i32'],
  units: [500, 'i32'],
  sliceDuration: [208, 'f64'],
  description: [240, 'u8'],
  qformCode: [344, 'i32'],
  sformCode: [348, 'i32'],
  quaternion: [352, 'f64'],
  qoffset: [376, 'f64'],
  srow: [400, 'f64'],
};

export const NIFTI1_BYTES = 348;
export const NIFTI2_BYTES = 540;
const TYPE_BYTES: Readonly<Record<NumberType, number>> = { u8: 1, i16: 2, i32: 4, i64: 8, f32: 4, f64: 8 };
const DESCRIPTION_BYTES = 80;

/** A NIfTI-1 or NIfTI-2 header whose fields are changed in place (nifti1.h, nifti2.h); all other bytes stay. */
export class NiftiHeader {
  readonly bytes: Uint8Array;
  readonly version: 1 | 2;
  readonly #view: DataView;
  readonly #littleEndian: boolean;

  /** @throws KeysliceError FORMAT_NOT_APPLICABLE when these are not the first bytes of a NIfTI header */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = viewOf(bytes);
    const sizes = [NIFTI1_BYTES, NIFTI2_BYTES];
    const little = sizes.indexOf(this.#view.getInt32(0, true));
    const big = sizes.indexOf(this.#view.getInt32(0, false));
    const found = little >= 0 ? little : big;
    const size = sizes[found];
    if (size === undefined || bytes.length < size) {
      throw new KeysliceError('FORMAT_NOT_APPLICABLE', {
        format: 'nifti',
        reason: 'its header is not NIfTI-1 or -2',
      });
    }
    this.#littleEndian = little >= 0;
    this.version = found === 0 ? 1 : 2;
  }

  get(field: NiftiField, index = 0): number {
    const [offset, type] = this.#place(field);
    const at = offset + index * TYPE_BYTES[type];
    if (type === 'u8') return this.#view.getUint8(at);
    if (type === 'i16') return this.#view.getInt16(at, this.#littleEndian);
    if (type === 'i32') return this.#view.getInt32(at, this.#littleEndian);
    if (type === 'i64') return Number(this.#view.getBigInt64(at, this.#littleEndian));
    return type === 'f32'
      ? this.#view.getFloat32(at, this.#littleEndian)
      : this.#view.getFloat64(at, this.#littleEndian);
  }

  set(field: NiftiField, value: number, index = 0): void {
    const [offset, type] = this.#place(field);
    const at = offset + index * TYPE_BYTES[type];
    if (type === 'u8') this.#view.setUint8(at, value);
    else if (type === 'i16') this.#view.setInt16(at, value, this.#littleEndian);
    else if (type === 'i32') this.#view.setInt32(at, value, this.#littleEndian);
    else if (type === 'i64') this.#view.setBigInt64(at, BigInt(value), this.#littleEndian);
    else if (type === 'f32') this.#view.setFloat32(at, value, this.#littleEndian);
    else this.#view.setFloat64(at, value, this.#littleEndian);
  }

  get description(): string {
    const [offset] = this.#place('description');
    const text = Buffer.from(this.bytes.subarray(offset, offset + DESCRIPTION_BYTES)).toString('latin1');
    return text.replace(/\0.*$/s, '');
  }

  set description(text: string) {
    const [offset] = this.#place('description');
    const field = this.bytes.subarray(offset, offset + DESCRIPTION_BYTES).fill(0);
    field.set(Buffer.from(text, 'latin1').subarray(0, DESCRIPTION_BYTES - 1));
  }

  /** Marks header and data as one file. */
  setSingleFile(): void {
    const [offset, magic] = this.version === 1 ? [344, 'n+1'] : [4, 'n+2'];
    this.bytes.set(Buffer.from(magic, 'latin1'), offset);
  }

  #place(field: NiftiField): Place {
    return this.version === 1 ? NIFTI1[field] : NIFTI2[field];
  }
}
