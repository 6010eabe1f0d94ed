// Gram matrix of T vectors of float64: the upper triangle in blocks of 2 × 4 products, then mirrored.

const TILE: i32 = 16;

function total(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

function dot(a: usize, b: usize, length: i32): f64 {
  let sum = f64x2.splat(0);
  for (let i: i32 = 0; i < length; i += 2) {
    const o = (<usize>i) << 3;
    sum = f64x2.add(sum, f64x2.mul(v128.load(a + o), v128.load(b + o)));
  }
  return total(sum);
}

/** Rows i, i + 1 by columns j … j + 3. */
function block(x: usize, length: i32, count: i32, i: i32, j: i32, gram: usize): void {
  const stride = (<usize>length) << 3;
  const a0 = x + <usize>i * stride,
    a1 = a0 + stride;
  const b0 = x + <usize>j * stride,
    b1 = b0 + stride,
    b2 = b1 + stride,
    b3 = b2 + stride;
  let s00 = f64x2.splat(0),
    s01 = s00,
    s02 = s00,
    s03 = s00,
    s10 = s00,
    s11 = s00,
    s12 = s00,
    s13 = s00;
  for (let o: usize = 0; o < stride; o += 16) {
    const u = v128.load(a0 + o),
      v = v128.load(a1 + o);
    let w = v128.load(b0 + o);
    s00 = f64x2.add(s00, f64x2.mul(u, w));
    s10 = f64x2.add(s10, f64x2.mul(v, w));
    w = v128.load(b1 + o);
    s01 = f64x2.add(s01, f64x2.mul(u, w));
    s11 = f64x2.add(s11, f64x2.mul(v, w));
    w = v128.load(b2 + o);
    s02 = f64x2.add(s02, f64x2.mul(u, w));
    s12 = f64x2.add(s12, f64x2.mul(v, w));
    w = v128.load(b3 + o);
    s03 = f64x2.add(s03, f64x2.mul(u, w));
    s13 = f64x2.add(s13, f64x2.mul(v, w));
  }
  const g0 = gram + ((<usize>(i * count + j)) << 3),
    g1 = g0 + ((<usize>count) << 3);
  store<f64>(g0, total(s00));
  store<f64>(g0, total(s01), 8);
  store<f64>(g0, total(s02), 16);
  store<f64>(g0, total(s03), 24);
  store<f64>(g1, total(s10));
  store<f64>(g1, total(s11), 8);
  store<f64>(g1, total(s12), 16);
  store<f64>(g1, total(s13), 24);
}

/** x: count × length (even); gram: count × count. Columns are taken in tiles that stay in the second-level cache. */
export function gram(x: usize, count: i32, length: i32, out: usize): void {
  const stride = (<usize>length) << 3;
  for (let tile: i32 = 0; tile < count; tile += TILE) {
    const tileEnd = min(tile + TILE, count);
    let i: i32 = 0;
    for (; i + 2 <= tileEnd; i += 2) {
      let j = max(tile, i);
      for (; j + 4 <= tileEnd; j += 4) block(x, length, count, i, j, out);
      for (; j < tileEnd; j++) {
        store<f64>(
          out + ((<usize>(i * count + j)) << 3),
          dot(x + <usize>i * stride, x + <usize>j * stride, length),
        );
        store<f64>(
          out + ((<usize>((i + 1) * count + j)) << 3),
          dot(x + <usize>(i + 1) * stride, x + <usize>j * stride, length),
        );
      }
    }
    for (; i < tileEnd; i++) {
      for (let j = max(tile, i); j < tileEnd; j++) {
        store<f64>(
          out + ((<usize>(i * count + j)) << 3),
          dot(x + <usize>i * stride, x + <usize>j * stride, length),
        );
      }
    }
  }
  for (let i: i32 = 0; i < count; i++) {
    for (let j: i32 = 0; j < i; j++) {
      store<f64>(out + ((<usize>(i * count + j)) << 3), load<f64>(out + ((<usize>(j * count + i)) << 3)));
    }
  }
}
