import { describe, expect, test } from 'vitest';
import type { FrameMessage } from '../../../src/contract/ipc.ts';
import { deliveredType, modalityValues } from '../../../src/renderer/cornerstone/modalityValues.ts';

function message(
  values: Int16Array | Uint16Array | Uint8Array | Float32Array,
  changes: Partial<FrameMessage>,
) {
  const buffer = new ArrayBuffer(values.byteLength);
  new Uint8Array(buffer).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const finite = Array.from(values).filter(Number.isFinite);
  const base: FrameMessage = {
    rows: 1,
    columns: values.length,
    samples: 1,
    dtype: 'int16',
    values: buffer,
    min: Math.min(...finite),
    max: Math.max(...finite),
    slope: 1,
    intercept: 0,
    inverted: false,
    drawn: null,
    warnings: [],
  };
  return { ...base, ...changes };
}

describe('the type that holds modality values exactly', () => {
  test.each([
    [
      'uint16 with the usual CT intercept',
      new Uint16Array([0, 4095]),
      { dtype: 'uint16', intercept: -1024 },
      'int16',
    ],
    [
      'uint16 whose values leave int16',
      new Uint16Array([0, 65_000]),
      { dtype: 'uint16', intercept: -1024 },
      'float32',
    ],
    ['uint16 without rescale', new Uint16Array([0, 65_000]), { dtype: 'uint16' }, 'uint16'],
    ['uint8', new Uint8Array([0, 255]), { dtype: 'uint8' }, 'uint8'],
    ['a fractional slope', new Int16Array([0, 10]), { slope: 0.5 }, 'float32'],
    ['a whole slope that overflows', new Int16Array([0, 30_000]), { slope: 2 }, 'float32'],
    ['colour', new Uint8Array([1, 2, 3]), { dtype: 'uint8', samples: 3 }, 'uint8'],
  ] as const)('%s', (_, values, changes, expected) => {
    expect(deliveredType(message(values, changes))).toBe(expected);
  });
});

describe('modality values', () => {
  test('slope and intercept are applied once', () => {
    const frame = message(new Uint16Array([0, 1024, 4095]), { dtype: 'uint16', intercept: -1024 });
    expect(Array.from(modalityValues(frame, 'int16'))).toEqual([-1024, 0, 3071]);
  });

  test('padding below the reported minimum is kept as it is', () => {
    const frame = message(new Int16Array([-2000, 0, 100]), { min: 0 });
    expect(deliveredType(frame)).toBe('int16');
    expect(Array.from(modalityValues(frame, 'int16'))).toEqual([-2000, 0, 100]);
  });

  test('values that are not finite become the smallest one', () => {
    const frame = message(new Float32Array([NaN, 2, Infinity, 5]), {
      dtype: 'float32',
      slope: 2,
      intercept: 1,
    });
    expect(Array.from(modalityValues(frame, 'float32'))).toEqual([5, 5, 5, 11]);
  });

  test('16-bit colour keeps its most significant bits', () => {
    const frame = message(new Uint16Array([0, 32_768, 65_535]), { dtype: 'uint16', samples: 3 });
    expect(Array.from(modalityValues(frame, 'uint8'))).toEqual([0, 128, 255]);
  });
});
