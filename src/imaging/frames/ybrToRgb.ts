import type { StoredArray } from '../../contract/frame.ts';

/**
 * YCbCr to RGB in place, by pixel (PS3.3 C.7.6.3.1.2, ITU-R BT.601). `full`: all levels are used; otherwise luma
 * lies in 16..235 and chroma in 16..240 (YBR_PARTIAL), scaled to `bits`.
 */
export function ybrToRgb(values: StoredArray, bits: number, full: boolean): void {
  const max = 2 ** bits - 1;
  const center = 2 ** (bits - 1);
  const black = full ? 0 : 16 * 2 ** (bits - 8);
  const luma = full ? 1 : 255 / 219;
  const chroma = full ? 1 : 255 / 224;
  const level = (value: number): number => Math.min(Math.max(Math.round(value), 0), max);
  for (let i = 0; i < values.length; i += 3) {
    const y = (values[i]! - black) * luma;
    const cb = (values[i + 1]! - center) * chroma;
    const cr = (values[i + 2]! - center) * chroma;
    values[i] = level(y + 1.402 * cr);
    values[i + 1] = level(y - 0.114 * (1.772 / 0.587) * cb - 0.299 * (1.402 / 0.587) * cr);
    values[i + 2] = level(y + 1.772 * cb);
  }
}
