import { describe, expect, it } from 'vitest';
import type { Frame, StoredArray } from '../../../../src/contract/frame.ts';
import type { VoiTransform, VoiWindow } from '../../../../src/contract/series.ts';
import { storedTypeOf } from '../../../../src/imaging/frames/storedType.ts';
import { thumbnail } from '../../../../src/imaging/frames/thumbnail.ts';
import { toDisplay } from '../../../../src/imaging/frames/toDisplay.ts';
import { toModality } from '../../../../src/imaging/frames/toModality.ts';
import { valueRange } from '../../../../src/imaging/frames/valueRange.ts';

function grey(values: StoredArray, changes: Partial<Frame> = {}): Frame {
  return {
    rows: 1,
    columns: values.length / (changes.samples ?? 1),
    samples: 1,
    dtype: storedTypeOf(values),
    values,
    ...valueRange(values, null),
    modality: { kind: 'linear', slope: 1, intercept: 0, unit: null },
    padding: null,
    inverted: false,
    warnings: [],
    ...changes,
  };
}

const voi = (center: number, width: number, name: VoiWindow['function']): VoiWindow => ({
  center,
  width,
  function: name,
  name: null,
});

describe('toModality', () => {
  it('rescales', () => {
    const frame = grey(Int16Array.of(-1000, 0, 40), {
      modality: { kind: 'linear', slope: 2, intercept: -24, unit: 'HU' },
    });
    expect(toModality(frame)).toEqual(Float32Array.of(-2024, -24, 56));
  });

  it('looks values up, the ends for what lies outside', () => {
    const frame = grey(Uint8Array.of(0, 5, 6, 200), {
      modality: { kind: 'lut', first: 5, values: Uint16Array.of(100, 300), unit: null },
    });
    expect(toModality(frame)).toEqual(Float32Array.of(100, 100, 300, 300));
  });
});

describe('toDisplay', () => {
  it('follows the LINEAR function with its half and its one', () => {
    // PS3.3 C.11.2.1.2.1, the example of center 2048 and width 4096.
    const values = Uint16Array.of(0, 2047, 2048, 4095, 5000);
    expect([...toDisplay(grey(values), voi(2048, 4096, 'LINEAR'))]).toEqual(
      [0, 2047, 2048, 4095, 4095].map((value) => Math.round(((value - 2047.5) / 4095 + 0.5) * 255)),
    );
  });

  it('follows LINEAR_EXACT and SIGMOID', () => {
    const frame = grey(Int16Array.of(-50, 0, 25, 50, 99));
    expect([...toDisplay(frame, voi(0, 100, 'LINEAR_EXACT'))]).toEqual([0, 128, 191, 255, 255]);
    const sigmoid = [-50, 0, 25, 50, 99].map((x) => Math.round(255 / (1 + Math.exp((-4 * x) / 100))));
    expect([...toDisplay(frame, voi(0, 100, 'SIGMOID'))]).toEqual(sigmoid);
  });

  it('follows a VOI LUT, the ends for what lies outside', () => {
    const table = {
      function: 'TABLE',
      first: -1,
      values: Uint16Array.of(0, 819, 4095),
      white: 4095,
      name: null,
    };
    const frame = grey(Int16Array.of(-9, -1, 0, 1, 9));
    expect([...toDisplay(frame, table as VoiTransform)]).toEqual([0, 0, 51, 255, 255]);
    expect([...toDisplay({ ...frame, inverted: true }, table as VoiTransform)]).toEqual([
      255, 255, 204, 0, 0,
    ]);
  });

  it('is a threshold at width 1', () => {
    expect([...toDisplay(grey(Uint8Array.of(9, 10, 11)), voi(10, 1, 'LINEAR'))]).toEqual([0, 255, 255]);
  });

  it('spans smallest to largest without a window, for integers and floats alike', () => {
    expect([...toDisplay(grey(Uint16Array.of(100, 150, 200)), null)]).toEqual([0, 128, 255]);
    expect([...toDisplay(grey(Float32Array.of(-0.5, 0.5)), null)]).toEqual([0, 255]);
    expect([...toDisplay(grey(Int32Array.of(-1e9, 1e9)), null)]).toEqual([0, 255]);
  });

  it('shows an even image without a window as black', () => {
    expect([...toDisplay(grey(Uint8Array.of(7, 7)), null)]).toEqual([0, 0]);
  });

  it('applies the window to modality values', () => {
    const frame = grey(Uint16Array.of(1024, 1124), {
      modality: { kind: 'linear', slope: 1, intercept: -1024, unit: 'HU' },
    });
    expect([...toDisplay(frame, voi(50, 100, 'LINEAR_EXACT'))]).toEqual([0, 255]);
  });

  it('turns MONOCHROME1 around', () => {
    expect([...toDisplay(grey(Uint8Array.of(0, 255), { inverted: true }), null)]).toEqual([255, 0]);
  });

  it('keeps colour of 8 bits and scales deeper colour', () => {
    const rgb = Uint8Array.of(1, 2, 3, 254, 255, 0);
    expect([...toDisplay(grey(rgb, { samples: 3 }), null)]).toEqual([...rgb]);
    expect([...toDisplay(grey(Uint16Array.of(65535, 0, 32768), { samples: 3 }), null)]).toEqual([
      255, 0, 128,
    ]);
  });
});

describe('thumbnail', () => {
  it('gives block means, opaque, in the proportions of the frame', () => {
    const frame = grey(Uint8Array.of(0, 100, 200, 100, 0, 100, 100, 200), { rows: 2, columns: 4 });
    const picture = thumbnail(frame, voi(127.5, 255, 'LINEAR_EXACT'), 2);
    expect(picture).toMatchObject({ width: 2, height: 1 });
    expect([...picture.pixels]).toEqual([50, 50, 50, 255, 150, 150, 150, 255]);
  });

  it('does not enlarge', () => {
    expect(thumbnail(grey(Uint8Array.of(1, 2)), null, 64)).toMatchObject({ width: 2, height: 1 });
  });
});
