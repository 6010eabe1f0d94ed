// Block sums and thumbnail sums of one frame of integers, each pixel read once, row after row.
// The rows between two edges (of a block or of a thumbnail cell) are first added up column by column.

const THUMBNAIL: i32 = 32;

function addQuad(at: usize, value: v128): void {
  v128.store(at, i32x4.add(v128.load(at), value));
}

/** Column sums of `height` rows: kept in `sums` and added to `band`. */
function addStrip<T>(rows: usize, height: i32, count: i32, sums: usize, band: usize): void {
  const stride = <usize>count * sizeof<T>();
  const width: i32 = 16 / sizeof<T>();
  let x: i32 = 0;
  for (; x + width <= count; x += width) {
    const at = (<usize>x) << 2;
    let from = rows + <usize>x * sizeof<T>();
    let s0 = i32x4.splat(0);
    let s1 = s0;
    if (sizeof<T>() == 2) {
      for (let y: i32 = 0; y < height; y++, from += stride) {
        const v = v128.load(from);
        s0 = i32x4.add(s0, isSigned<T>() ? i32x4.extend_low_i16x8_s(v) : i32x4.extend_low_i16x8_u(v));
        s1 = i32x4.add(s1, isSigned<T>() ? i32x4.extend_high_i16x8_s(v) : i32x4.extend_high_i16x8_u(v));
      }
    } else {
      let s2 = s0;
      let s3 = s0;
      for (let y: i32 = 0; y < height; y++, from += stride) {
        const v = v128.load(from);
        const low = isSigned<T>() ? i16x8.extend_low_i8x16_s(v) : i16x8.extend_low_i8x16_u(v);
        const high = isSigned<T>() ? i16x8.extend_high_i8x16_s(v) : i16x8.extend_high_i8x16_u(v);
        s0 = i32x4.add(s0, i32x4.extend_low_i16x8_s(low));
        s1 = i32x4.add(s1, i32x4.extend_high_i16x8_s(low));
        s2 = i32x4.add(s2, i32x4.extend_low_i16x8_s(high));
        s3 = i32x4.add(s3, i32x4.extend_high_i16x8_s(high));
      }
      v128.store(sums + at, s2, 32);
      v128.store(sums + at, s3, 48);
      addQuad(band + at + 32, s2);
      addQuad(band + at + 48, s3);
    }
    v128.store(sums + at, s0);
    v128.store(sums + at, s1, 16);
    addQuad(band + at, s0);
    addQuad(band + at + 16, s1);
  }
  for (; x < count; x++) {
    let sum: i32 = 0;
    for (let y: i32 = 0; y < height; y++)
      sum += <i32>load<T>(rows + <usize>y * stride + <usize>x * sizeof<T>());
    const at = (<usize>x) << 2;
    store<i32>(sums + at, sum);
    store<i32>(band + at, load<i32>(band + at) + sum);
  }
}

/** Adds neighbouring columns of one channel into the row of the plane. */
function addBlocks(
  sums: usize,
  row: usize,
  columns: i32,
  samples: i32,
  channel: i32,
  factor: i32,
  blocks: i32,
): void {
  let block: i32 = 0;
  if (samples == 1 && factor == 1) {
    for (; block + 4 <= blocks; block += 4) {
      addQuad(row + ((<usize>block) << 2), v128.load(sums + ((<usize>block) << 2)));
    }
  } else if (samples == 1 && factor == 2) {
    for (; (block << 1) + 8 <= columns; block += 4) {
      const a = v128.load(sums + ((<usize>block) << 3));
      const b = v128.load(sums + ((<usize>block) << 3), 16);
      const even = v128.shuffle<i32>(a, b, 0, 2, 4, 6);
      const odd = v128.shuffle<i32>(a, b, 1, 3, 5, 7);
      addQuad(row + ((<usize>block) << 2), i32x4.add(even, odd));
    }
  }
  for (; block < blocks; block++) {
    const end = min((block + 1) * factor, columns);
    let sum: i32 = 0;
    for (let x = block * factor; x < end; x++)
      sum += load<i32>(sums + ((<usize>(x * samples + channel)) << 2));
    const at = row + ((<usize>block) << 2);
    store<i32>(at, load<i32>(at) + sum);
  }
}

/** `addStrip` and `addBlocks` in one for blocks two 16-bit pixels wide: pairs go to the plane's row and to `band`. */
function addPairs<T>(rows: usize, height: i32, count: i32, row: usize, band: usize): void {
  const stride = (<usize>count) << 1;
  for (let x: i32 = 0; x < count; x += 8) {
    let from = rows + ((<usize>x) << 1);
    let sum = i32x4.splat(0);
    for (let y: i32 = 0; y < height; y++, from += stride) {
      const v = v128.load(from);
      const pairs = isSigned<T>() ? i32x4.extadd_pairwise_i16x8_s(v) : i32x4.extadd_pairwise_i16x8_u(v);
      sum = i32x4.add(sum, pairs);
    }
    const at = (<usize>x) << 1;
    addQuad(row + at, sum);
    addQuad(band + at, sum);
  }
}

/** One row of thumbnail cells: edges floor(i · columns / 32). */
function addCells(band: usize, cells: usize, columns: i32, samples: i32, channel: i32): void {
  let x: i32 = 0;
  for (let cell: i32 = 0; cell < THUMBNAIL; cell++) {
    const end = ((cell + 1) * columns) / THUMBNAIL;
    let sum: i64 = 0;
    for (; x < end; x++) sum += <i64>load<i32>(band + ((<usize>(x * samples + channel)) << 2));
    store<f64>(cells + ((<usize>cell) << 3), <f64>sum);
  }
}

/** Integers to floats in place; ragged last blocks are brought to the scale of full ones. */
function toFloats(plane: usize, rows: i32, columns: i32, factor: i32, fullRows: i32, fullColumns: i32): void {
  const planeRows = (rows + factor - 1) / factor;
  const planeColumns = (columns + factor - 1) / factor;
  const area = <f64>(factor * factor);
  for (let y: i32 = 0; y < planeRows; y++) {
    const height = y < fullRows ? factor : rows - y * factor;
    const line = plane + ((<usize>(y * planeColumns)) << 2);
    let x: i32 = 0;
    if (height == factor) {
      for (; x + 4 <= fullColumns; x += 4) {
        const at = line + ((<usize>x) << 2);
        v128.store(at, f32x4.convert_i32x4_s(v128.load(at)));
      }
    }
    for (; x < planeColumns; x++) {
      const at = line + ((<usize>x) << 2);
      const width = x < fullColumns ? factor : columns - x * factor;
      store<f32>(at, <f32>((<f64>load<i32>(at) * area) / <f64>(height * width)));
    }
  }
}

function reduce<T>(
  values: usize,
  rows: i32,
  columns: i32,
  samples: i32,
  factor: i32,
  scratch: usize,
  plane: usize,
  cells: usize,
): void {
  const count = columns * samples;
  const sums = scratch;
  const band = scratch + ((<usize>count) << 2);
  const planeRows = (rows + factor - 1) / factor;
  const planeColumns = (columns + factor - 1) / factor;
  const planeBytes = (<usize>(planeRows * planeColumns)) << 2;
  memory.fill(scratch, 0, (<usize>count) << 3);
  memory.fill(plane, 0, planeBytes * samples);
  // The usual CT: whole pairs of pixels make up blocks and thumbnail cells alike.
  const paired = sizeof<T>() == 2 && samples == 1 && factor == 2 && columns % (2 * THUMBNAIL) == 0;
  const bandColumns = paired ? columns >> 1 : columns;
  let block: i32 = 0;
  let cell: i32 = 0;
  let y: i32 = 0;
  while (y < rows) {
    const blockEnd = min((block + 1) * factor, rows);
    const cellEnd = ((cell + 1) * rows) / THUMBNAIL;
    const end = min(blockEnd, cellEnd);
    const strip = values + <usize>(y * count) * sizeof<T>();
    const row = plane + ((<usize>(block * planeColumns)) << 2);
    if (paired) {
      addPairs<T>(strip, end - y, count, row, band);
    } else {
      addStrip<T>(strip, end - y, count, sums, band);
      for (let channel: i32 = 0; channel < samples; channel++) {
        addBlocks(sums, row + planeBytes * channel, columns, samples, channel, factor, planeColumns);
      }
    }
    y = end;
    if (end == blockEnd) block++;
    if (end != cellEnd) continue;
    for (let channel: i32 = 0; channel < samples; channel++) {
      addCells(
        band,
        cells + ((<usize>((channel * THUMBNAIL + cell) * THUMBNAIL)) << 3),
        bandColumns,
        samples,
        channel,
      );
    }
    memory.fill(band, 0, (<usize>count) << 2);
    cell++;
  }
  for (let channel: i32 = 0; channel < samples; channel++) {
    toFloats(plane + planeBytes * channel, rows, columns, factor, rows / factor, columns / factor);
  }
}

export function reduceUint8(
  v: usize,
  r: i32,
  c: i32,
  s: i32,
  f: i32,
  scratch: usize,
  p: usize,
  t: usize,
): void {
  reduce<u8>(v, r, c, s, f, scratch, p, t);
}
export function reduceInt8(
  v: usize,
  r: i32,
  c: i32,
  s: i32,
  f: i32,
  scratch: usize,
  p: usize,
  t: usize,
): void {
  reduce<i8>(v, r, c, s, f, scratch, p, t);
}
export function reduceUint16(
  v: usize,
  r: i32,
  c: i32,
  s: i32,
  f: i32,
  scratch: usize,
  p: usize,
  t: usize,
): void {
  reduce<u16>(v, r, c, s, f, scratch, p, t);
}
export function reduceInt16(
  v: usize,
  r: i32,
  c: i32,
  s: i32,
  f: i32,
  scratch: usize,
  p: usize,
  t: usize,
): void {
  reduce<i16>(v, r, c, s, f, scratch, p, t);
}
