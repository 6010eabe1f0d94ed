import { describe, expect, it } from 'vitest';
import { KeysliceError } from '../../../../src/contract/errors.ts';
import { type OnnxModel, float, int, ints } from '../../../../src/ml/graph/onnxModel.ts';
import { ProtobufWriter } from '../../../../src/ml/graph/protobufWriter.ts';
import { readOnnx } from '../../../../src/ml/graph/readOnnx.ts';
import { writeOnnx } from '../../../../src/ml/graph/writeOnnx.ts';

const MODEL: OnnxModel = {
  irVersion: 8,
  opset: 17,
  producer: 'keyslice',
  nodes: [
    {
      name: 'conv',
      opType: 'Conv',
      domain: '',
      inputs: ['x', 'w'],
      outputs: ['y'],
      attributes: {
        group: int(1),
        pads: ints([1, -1, 0, 300]),
        alpha: float(0.5),
        scales: { kind: 'floats', value: [1, -2.5] },
        auto_pad: { kind: 'string', value: 'NOTSET' },
        value: { kind: 'tensor', value: { name: 'v', dims: [1], data: BigInt64Array.of(-7n) } },
      },
    },
  ],
  initializers: [
    { name: 'w', dims: [2, 1], data: Float32Array.of(0.25, -3) },
    { name: 'axes', dims: [2], data: BigInt64Array.of(-1n, 2n ** 40n) },
    { name: 'none', dims: [0], data: new Float32Array() },
  ],
  inputs: [{ name: 'x', type: 'float32', shape: ['n', 1, 28, 28] }],
  outputs: [
    { name: 'y', type: 'float32', shape: [] },
    { name: 'at', type: 'int64', shape: ['n'] },
  ],
};

function codeOf(bytes: Uint8Array): string | null {
  try {
    readOnnx(bytes, 'some-package');
    return null;
  } catch (error) {
    if (error instanceof KeysliceError) return error.code;
    throw error;
  }
}

/** ModelProto with one initialiser that was written by hand. */
function withInitializer(tensor: ProtobufWriter): Uint8Array {
  return new ProtobufWriter().varint(1, 8).message(7, new ProtobufWriter().message(5, tensor)).finish();
}

describe('ONNX files', () => {
  it('read back as they were written', () => {
    expect(readOnnx(writeOnnx(MODEL))).toEqual(MODEL);
  });

  it('read the same from a Buffer, whose slices share memory', () => {
    expect(readOnnx(Buffer.concat([writeOnnx(MODEL)]))).toEqual(MODEL);
  });

  it('keep numbers that are given one by one instead of as raw bytes', () => {
    const tensor = new ProtobufWriter().varint(1, 2).varint(2, 1).float(4, 1.5).float(4, -2).text(8, 'w');
    expect(readOnnx(withInitializer(tensor)).initializers).toEqual([
      { name: 'w', dims: [2], data: Float32Array.of(1.5, -2) },
    ]);
  });

  it('are refused with external data', () => {
    const entry = new ProtobufWriter().text(1, 'location').text(2, '../../secret');
    const tensor = new ProtobufWriter()
      .varint(1, 1)
      .varint(2, 1)
      .text(8, 'w')
      .message(13, entry)
      .varint(14, 1);
    expect(codeOf(withInitializer(tensor))).toBe('PACKAGE_INVALID');
  });

  it('are refused when a tensor does not fill its shape', () => {
    const tensor = new ProtobufWriter().varint(1, 1_000_000).varint(2, 1).bytes(9, new Uint8Array(4));
    expect(codeOf(withInitializer(tensor))).toBe('PACKAGE_INVALID');
  });

  it('are refused without a graph', () => {
    expect(codeOf(new ProtobufWriter().varint(1, 8).finish())).toBe('PACKAGE_INVALID');
  });

  it('give a coded error or another model, never a crash, wherever they are cut or damaged', () => {
    const bytes = writeOnnx(MODEL);
    const codes = new Set<string | null>();
    for (let i = 0; i < bytes.length; i++) {
      codes.add(codeOf(bytes.subarray(0, i)));
      const damaged = bytes.slice();
      damaged[i] = 0xff;
      codes.add(codeOf(damaged));
    }
    expect([...codes].every((code) => code === null || code === 'PACKAGE_INVALID')).toBe(true);
    expect(codes).toContain('PACKAGE_INVALID');
  });
});
