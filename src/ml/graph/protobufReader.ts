/** Reads one protobuf message field by field; every length is checked against the bytes that are there. */
export type ProtobufField =
  | { readonly number: number; readonly wire: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly wire: 'bytes'; readonly value: Uint8Array }
  | { readonly number: number; readonly wire: 'fixed'; readonly value: Uint8Array };

/** @throws RangeError on a malformed message; readers of a format wrap it. */
export function* readFields(message: Uint8Array): Generator<ProtobufField> {
  let offset = 0;
  const varint = (): bigint => {
    const { value, next } = readVarint(message, offset);
    offset = next;
    return value;
  };
  const take = (length: number): Uint8Array => {
    if (length > message.length - offset) throw new RangeError('a field is longer than its message');
    offset += length;
    return message.subarray(offset - length, offset);
  };
  while (offset < message.length) {
    const key = Number(varint() & 0xffffffffn);
    const number = key >>> 3;
    const wire = key & 7;
    if (wire === 0) yield { number, wire: 'varint', value: varint() };
    else if (wire === 2) yield { number, wire: 'bytes', value: take(Number(varint())) };
    else if (wire === 5) yield { number, wire: 'fixed', value: take(4) };
    else if (wire === 1) yield { number, wire: 'fixed', value: take(8) };
    else throw new RangeError(`wire type ${wire} is not known`);
  }
}

/** Repeated varints, packed (one run of bytes) or one by one. */
export function varints(field: ProtobufField): bigint[] {
  if (field.wire === 'varint') return [field.value];
  const values: bigint[] = [];
  for (let offset = 0; offset < field.value.length;) {
    const { value, next } = readVarint(field.value, offset);
    values.push(value);
    offset = next;
  }
  return values;
}

/** Repeated 32-bit floats, packed or one by one. */
export function floats(field: ProtobufField): number[] {
  if (field.wire === 'varint' || field.value.length % 4 !== 0) throw new RangeError('not 32-bit floats');
  const view = new DataView(field.value.buffer, field.value.byteOffset, field.value.length);
  return Array.from({ length: field.value.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

export function text(field: ProtobufField): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes(field));
}

export function bytes(field: ProtobufField): Uint8Array {
  if (field.wire !== 'bytes') throw new RangeError(`field ${field.number} is not length-delimited`);
  return field.value;
}

/** A signed 64-bit number that JavaScript can count with. */
export function integer(field: ProtobufField): number {
  if (field.wire !== 'varint') throw new RangeError(`field ${field.number} is not a number`);
  return signed(field.value);
}

export function signed(value: bigint): number {
  const number = Number(BigInt.asIntN(64, value));
  if (!Number.isSafeInteger(number)) throw new RangeError('a number is too large');
  return number;
}

function readVarint(message: Uint8Array, start: number): { value: bigint; next: number } {
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = message[start + i];
    if (byte === undefined) throw new RangeError('the message ends inside a number');
    value |= BigInt(byte & 127) << BigInt(7 * i);
    if (byte < 128) return { value: BigInt.asUintN(64, value), next: start + i + 1 };
  }
  throw new RangeError('a number is longer than ten bytes');
}
