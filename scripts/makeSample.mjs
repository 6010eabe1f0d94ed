/**
 * Makes resources/sample/study from the shared data: node scripts/makeSample.mjs [DATA_FOLDER]
 *
 * 48 consecutive chest CT slices, losslessly compressed (JPEG-LS, PS3.5 8.2.3), and one adrenal mask as NIfTI.
 * Nothing else in the DICOM files changes: the meta header names the new transfer syntax, the pixel data are
 * encapsulated with one fragment (PS3.5 A.4).
 */
import { createRequire } from 'node:module';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync, unzipSync } from 'fflate';
import dicomParser from 'dicom-parser';

const charls = createRequire(import.meta.url)('@cornerstonejs/codec-charls/wasmjs');

/**
 * @typedef {{ JpegLSEncoder: new () => { getDecodedBuffer(info: object): Uint8Array, setNearLossless(near: number): void,
 *   encode(): void, getEncodedBuffer(): Uint8Array, delete(): void } }} Codec
 */

const JPEG_LS_LOSSLESS = '1.2.840.10008.1.2.4.80';
const SLICES = { first: 6, count: 48 };
const ADRENAL = { archive: 'adrenalmnist3d.npz', member: 'test_images.npy', volume: 0, millimetres: 64 };

/**
 * What the source must have; without it there is no sample to make.
 * @template T
 * @param {T | null | undefined} value
 * @param {string} what
 * @returns {T}
 */
function required(value, what) {
  if (value === null || value === undefined) throw new Error(`the source has no ${what}`);
  return value;
}

const root = path.resolve(import.meta.dirname, '..');
const data = path.resolve(process.argv[2] ?? path.join(root, '..', 'shared', 'data'));
const out = path.join(root, 'resources', 'sample', 'study');

/**
 * Explicit little endian element with a two-byte length.
 * @param {number} group
 * @param {number} element
 * @param {string} vr
 * @param {Buffer} value
 */
function shortElement(group, element, vr, value) {
  const bytes = Buffer.alloc(8 + value.length);
  bytes.writeUInt16LE(group, 0);
  bytes.writeUInt16LE(element, 2);
  bytes.write(vr, 4, 'latin1');
  bytes.writeUInt16LE(value.length, 6);
  value.copy(bytes, 8);
  return bytes;
}

/**
 * @param {string} uid
 */
function paddedUid(uid) {
  return Buffer.from(uid.length % 2 === 0 ? uid : `${uid}\0`, 'latin1');
}

/**
 * The meta header with another transfer syntax and the group length that belongs to it.
 * @param {Buffer} file
 * @param {import('dicom-parser').DataSet} dataSet
 */
function metaHeader(file, dataSet) {
  const syntax = required(dataSet.elements.x00020010, 'transfer syntax');
  const group = required(dataSet.elements.x00020000, 'meta group length');
  const start = required(dataSet.elements.x00020001, 'meta version').dataOffset - 12;
  const end = group.dataOffset + 4 + required(dataSet.uint32('x00020000'), 'meta group length');
  const body = Buffer.concat([
    file.subarray(start, syntax.dataOffset - 8),
    shortElement(0x0002, 0x0010, 'UI', paddedUid(JPEG_LS_LOSSLESS)),
    file.subarray(syntax.dataOffset + syntax.length, end),
  ]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  return {
    bytes: Buffer.concat([file.subarray(0, 132), shortElement(0x0002, 0x0000, 'UL', size), body]),
    end,
  };
}

/**
 * @param {number} element
 * @param {Buffer} value
 */
function item(element, value) {
  const padded = value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.alloc(1)]);
  const header = Buffer.alloc(8);
  header.writeUInt16LE(0xfffe, 0);
  header.writeUInt16LE(element, 2);
  header.writeUInt32LE(padded.length, 4);
  return Buffer.concat([header, padded]);
}

/**
 * Pixel Data of undefined length: empty basic offset table, one fragment, sequence delimiter.
 * @param {Buffer} fragment
 */
function encapsulated(fragment) {
  const header = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  return Buffer.concat([
    header,
    item(0xe000, Buffer.alloc(0)),
    item(0xe000, fragment),
    item(0xe0dd, Buffer.alloc(0)),
  ]);
}

/**
 * @param {Codec} codec
 * @param {Uint8Array} values
 * @param {number} rows
 * @param {number} columns
 * @param {number} bits
 */
function encode(codec, values, rows, columns, bits) {
  const encoder = new codec.JpegLSEncoder();
  try {
    encoder
      .getDecodedBuffer({
        width: columns,
        height: rows,
        bitsPerSample: bits,
        componentCount: 1,
        isSigned: false,
      })
      .set(values);
    encoder.setNearLossless(0);
    encoder.encode();
    return Buffer.from(encoder.getEncodedBuffer());
  } finally {
    encoder.delete();
  }
}

/**
 * @param {Codec} codec
 * @param {string} source
 * @param {string} target
 */
async function compressSlice(codec, source, target) {
  const file = await readFile(source);
  const dataSet = dicomParser.parseDicom(file);
  const pixels = required(dataSet.elements.x7fe00010, 'pixel data');
  const meta = metaHeader(file, dataSet);
  const fragment = encode(
    codec,
    file.subarray(pixels.dataOffset, pixels.dataOffset + pixels.length),
    required(dataSet.uint16('x00280010'), 'rows'),
    required(dataSet.uint16('x00280011'), 'columns'),
    required(dataSet.uint16('x00280101'), 'bits stored'),
  );
  const before = file.subarray(meta.end, pixels.dataOffset - 12);
  const after = file.subarray(pixels.dataOffset + pixels.length);
  await writeFile(target, Buffer.concat([meta.bytes, before, encapsulated(fragment), after]));
}

async function makeChest() {
  const source = path.join(data, 'dicom', 'ct_chest_lung_60');
  const target = path.join(out, 'ct_chest');
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const codec = await charls({ print() {}, printErr() {} });
  const names = (await readdir(source)).filter((name) => name.endsWith('.dcm')).sort();
  for (const name of names.slice(SLICES.first, SLICES.first + SLICES.count))
    await compressSlice(codec, path.join(source, name), path.join(target, name));
}

/**
 * One volume of an uint8 .npy array (N, D, H, W).
 * @param {Buffer} npy
 * @param {number} volume
 */
function npyVolume(npy, volume) {
  const headerLength = npy.readUInt16LE(8);
  const header = npy.subarray(10, 10 + headerLength).toString('latin1');
  const dims = required(/'shape': \(([\d, ]+)\)/.exec(header)?.[1], 'shape')
    .split(',')
    .map(Number);
  const side = required(dims[1], 'depth');
  const size = side ** 3;
  const start = 10 + headerLength + volume * size;
  return { size: side, voxels: npy.subarray(start, start + size) };
}

/**
 * NIfTI-1: x, y, z are the array axes 2, 1, 0, so a frame is one index of axis 0; centred, sform code 1.
 * @param {number} size
 * @param {Buffer} voxels
 * @param {number} millimetres
 */
function nifti(size, voxels, millimetres) {
  const spacing = millimetres / size;
  const header = Buffer.alloc(352);
  header.writeInt32LE(348, 0);
  [3, size, size, size, 1, 1, 1, 1].forEach((value, i) => header.writeInt16LE(value, 40 + 2 * i));
  header.writeInt16LE(2, 70); // uint8
  header.writeInt16LE(8, 72);
  [1, spacing, spacing, spacing, 0, 0, 0, 0].forEach((value, i) => header.writeFloatLE(value, 76 + 4 * i));
  header.writeFloatLE(352, 108);
  header.writeFloatLE(1, 112);
  header.writeInt8(2, 123); // mm
  header.write('AdrenalMNIST3D test volume, CC BY 4.0', 148, 'latin1');
  header.writeInt16LE(1, 254); // sform code
  const origin = (-spacing * (size - 1)) / 2;
  for (let axis = 0; axis < 3; axis++) {
    header.writeFloatLE(spacing, 280 + 16 * axis + 4 * axis);
    header.writeFloatLE(origin, 280 + 16 * axis + 12);
  }
  header.write('n+1\0', 344, 'latin1');
  return Buffer.concat([header, voxels]);
}

async function makeAdrenal() {
  const archive = await readFile(path.join(data, 'medmnist3d', ADRENAL.archive));
  const member = unzipSync(archive, { filter: ({ name }) => name === ADRENAL.member })[ADRENAL.member];
  const { size, voxels } = npyVolume(Buffer.from(required(member, ADRENAL.member)), ADRENAL.volume);
  const target = path.join(out, 'adrenal_mask');
  await mkdir(target, { recursive: true });
  await writeFile(
    path.join(target, 'adrenal_test_0.nii.gz'),
    gzipSync(nifti(size, voxels, ADRENAL.millimetres), { level: 9, mtime: 0 }),
  );
}

await makeChest();
await makeAdrenal();
