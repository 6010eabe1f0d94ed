/**
 * The inverse discrete cosine transform of 8 × 8 blocks (ITU-T T.81 A.3.3) by the factors of Loeffler, Ligtenberg and
 * Moschytz (ICASSP 1989). T.81 leaves the rounding open. Factors are rounded to 13 bits, and values between the
 * passes to a few, as in the "accurate integer" transform of the Independent JPEG Group, on which DCMTK and GDCM
 * stand too: a value between two levels then falls to the same side everywhere.
 */

const FACTOR_BITS = 13;
const cosine = (k: number): number => Math.SQRT2 * Math.cos((k * Math.PI) / 16);
const fixed = (factor: number): number => Math.round(factor * 2 ** FACTOR_BITS);
const [C1, C2, C3, C5, C6, C7] = [cosine(1), cosine(2), cosine(3), cosine(5), cosine(6), cosine(7)];

const UNIT = 2 ** FACTOR_BITS;
/** Rotation of the even coefficients 2 and 6. */
const EVEN = fixed(C6);
const EVEN_2 = fixed(C2 - C6);
const EVEN_6 = fixed(-C2 - C6);
/** The odd coefficients alone, in pairs, and all four. */
const ODD_1 = fixed(C1 + C3 - C5 - C7);
const ODD_3 = fixed(C1 + C3 + C5 - C7);
const ODD_5 = fixed(C1 + C3 - C5 + C7);
const ODD_7 = fixed(-C1 + C3 + C5 - C7);
const ODD_17 = fixed(C7 - C3);
const ODD_35 = fixed(-C1 - C3);
const ODD_37 = fixed(-C3 - C5);
const ODD_15 = fixed(C5 - C3);
const ODD_ALL = fixed(C3);

/** One row or column of eight, `step` apart, in place; sums are divided by `scale` and rounded. */
function transform(block: Float64Array, at: number, step: number, scale: number): void {
  const f0 = block[at]!;
  const f1 = block[at + step]!;
  const f2 = block[at + 2 * step]!;
  const f3 = block[at + 3 * step]!;
  const f4 = block[at + 4 * step]!;
  const f5 = block[at + 5 * step]!;
  const f6 = block[at + 6 * step]!;
  const f7 = block[at + 7 * step]!;
  if (f1 === 0 && f2 === 0 && f3 === 0 && f4 === 0 && f5 === 0 && f6 === 0 && f7 === 0) {
    const mean = Math.floor((f0 * UNIT) / scale + 0.5);
    for (let i = 0; i < 8; i++) block[at + i * step] = mean;
    return;
  }
  const rotated = (f2 + f6) * EVEN;
  const low = rotated + f2 * EVEN_2;
  const high = rotated + f6 * EVEN_6;
  const sum = (f0 + f4) * UNIT;
  const difference = (f0 - f4) * UNIT;
  const all = (f1 + f3 + f5 + f7) * ODD_ALL;
  const pair17 = (f1 + f7) * ODD_17;
  const pair35 = (f3 + f5) * ODD_35;
  const pair37 = (f3 + f7) * ODD_37 + all;
  const pair15 = (f1 + f5) * ODD_15 + all;
  const odd0 = f1 * ODD_1 + pair17 + pair15;
  const odd1 = f3 * ODD_3 + pair35 + pair37;
  const odd2 = f5 * ODD_5 + pair35 + pair15;
  const odd3 = f7 * ODD_7 + pair17 + pair37;
  block[at] = Math.floor((sum + low + odd0) / scale + 0.5);
  block[at + step] = Math.floor((difference + high + odd1) / scale + 0.5);
  block[at + 2 * step] = Math.floor((difference - high + odd2) / scale + 0.5);
  block[at + 3 * step] = Math.floor((sum - low + odd3) / scale + 0.5);
  block[at + 4 * step] = Math.floor((sum - low - odd3) / scale + 0.5);
  block[at + 5 * step] = Math.floor((difference - high - odd2) / scale + 0.5);
  block[at + 6 * step] = Math.floor((difference + high - odd1) / scale + 0.5);
  block[at + 7 * step] = Math.floor((sum + low - odd0) / scale + 0.5);
}

/** 64 dequantised coefficients by rows to 64 whole samples around zero, in place. `bits`: of a sample, 8 or 12. */
export function inverseDct(block: Float64Array, bits: number): void {
  const keptBits = bits === 8 ? 2 : 1;
  for (let column = 0; column < 8; column++) transform(block, column, 8, 2 ** (FACTOR_BITS - keptBits));
  for (let row = 0; row < 8; row++) transform(block, row * 8, 1, 2 ** (FACTOR_BITS + keptBits + 3));
}
