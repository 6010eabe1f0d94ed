/** The inverse discrete cosine transform of 8 × 8 blocks (ITU-T T.81 A.3.3), in floating point. */

const half = (k: number): number => Math.cos((k * Math.PI) / 16) / 2;
const [C1, C2, C3, C4, C5, C6, C7] = [half(1), half(2), half(3), half(4), half(5), half(6), half(7)];

/** One row or column of eight, `step` apart, in place: even and odd coefficients apart. */
function transform(block: Float64Array, at: number, step: number): void {
  const f1 = block[at + step]!;
  const f2 = block[at + 2 * step]!;
  const f3 = block[at + 3 * step]!;
  const f4 = block[at + 4 * step]!;
  const f5 = block[at + 5 * step]!;
  const f6 = block[at + 6 * step]!;
  const f7 = block[at + 7 * step]!;
  const mean = block[at]! * C4;
  if (f1 === 0 && f2 === 0 && f3 === 0 && f4 === 0 && f5 === 0 && f6 === 0 && f7 === 0) {
    for (let i = 0; i < 8; i++) block[at + i * step] = mean;
    return;
  }
  const sum = mean + f4 * C4;
  const difference = mean - f4 * C4;
  const low = f2 * C2 + f6 * C6;
  const high = f2 * C6 - f6 * C2;
  const even0 = sum + low;
  const even1 = difference + high;
  const even2 = difference - high;
  const even3 = sum - low;
  const odd0 = f1 * C1 + f3 * C3 + f5 * C5 + f7 * C7;
  const odd1 = f1 * C3 - f3 * C7 - f5 * C1 - f7 * C5;
  const odd2 = f1 * C5 - f3 * C1 + f5 * C7 + f7 * C3;
  const odd3 = f1 * C7 - f3 * C5 + f5 * C3 - f7 * C1;
  block[at] = even0 + odd0;
  block[at + step] = even1 + odd1;
  block[at + 2 * step] = even2 + odd2;
  block[at + 3 * step] = even3 + odd3;
  block[at + 4 * step] = even3 - odd3;
  block[at + 5 * step] = even2 - odd2;
  block[at + 6 * step] = even1 - odd1;
  block[at + 7 * step] = even0 - odd0;
}

/** 64 coefficients by rows to 64 samples around zero, in place. Rounded by no step between. */
export function inverseDct(block: Float64Array): void {
  for (let column = 0; column < 8; column++) transform(block, column, 8);
  for (let row = 0; row < 8; row++) transform(block, row * 8, 1);
}
