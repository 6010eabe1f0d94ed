/** Writes one protobuf message (protobuf encoding guide: wire types 0 varint, 2 length-delimited, 5 fixed 32 bits). */
const utf8 = new TextEncoder();

export class ProtobufWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  varint(field: number, value: number | bigint): this {
    return this.#raw(varintBytes(BigInt(field << 3))).#raw(varintBytes(BigInt(value)));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#raw(varintBytes(BigInt((field << 3) | 2)))
      .#raw(varintBytes(BigInt(value.length)))
      .#raw(value);
  }

  text(field: number, value: string): this {
    return this.bytes(field, utf8.encode(value));
  }

  message(field: number, value: ProtobufWriter): this {
    return this.bytes(field, value.finish());
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#raw(varintBytes(BigInt((field << 3) | 5))).#raw(bytes);
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let offset = 0;
    for (const part of this.#parts) {
      whole.set(part, offset);
      offset += part.length;
    }
    return whole;
  }

  #raw(part: Uint8Array): this {
    this.#parts.push(part);
    this.#length += part.length;
    return this;
  }
}

/** Negative numbers take ten bytes: the two's complement in 64 bits. */
function varintBytes(value: bigint): Uint8Array {
  let rest = BigInt.asUintN(64, value);
  const bytes: number[] = [];
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 128);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}
