/**
 * Named float32 arrays in one file: a 4-byte little-endian length, a JSON header [[name, count], …], then the numbers,
 * little-endian, one array after the other.
 */
import { z } from 'zod';
import type { Weights } from '../networks/parameters.ts';

const HEADER_LIMIT = 2 ** 20;
const headerSchema = z.array(z.tuple([z.string().min(1).max(200), z.int().nonnegative()])).max(10_000);

export function encodeTensors(tensors: Weights): Uint8Array {
  const header = new TextEncoder().encode(
    JSON.stringify([...tensors].map(([name, { length }]) => [name, length])),
  );
  const count = [...tensors.values()].reduce((sum, { length }) => sum + length, 0);
  const file = new Uint8Array(4 + header.length + 4 * count);
  new DataView(file.buffer).setUint32(0, header.length, true);
  file.set(header, 4);
  let offset = 4 + header.length;
  for (const { buffer, byteOffset, byteLength } of tensors.values()) {
    file.set(new Uint8Array(buffer, byteOffset, byteLength), offset);
    offset += byteLength;
  }
  return file;
}

/** @throws RangeError when header and length do not agree. */
export function decodeTensors(file: Uint8Array): Map<string, Float32Array> {
  if (file.length < 4) throw new RangeError('the file is too short');
  const headerLength = new DataView(file.buffer, file.byteOffset).getUint32(0, true);
  if (headerLength > Math.min(HEADER_LIMIT, file.length - 4))
    throw new RangeError('the header is longer than the file');
  const header = headerSchema.safeParse(parseJson(file.subarray(4, 4 + headerLength)));
  if (!header.success) throw new RangeError('the header is not a list of names and counts');
  let offset = 4 + headerLength;
  const total = header.data.reduce((sum, [, count]) => sum + count, 0);
  if (file.length - offset !== 4 * total) throw new RangeError('the numbers do not fill the file');
  return new Map(
    header.data.map(([name, count]) => {
      const values = new Float32Array(count);
      new Uint8Array(values.buffer).set(file.subarray(offset, offset + 4 * count));
      offset += 4 * count;
      return [name, values];
    }),
  );
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new RangeError('the header is not JSON', { cause: error });
  }
}
