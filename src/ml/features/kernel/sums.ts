// Sums over planes of floats that hold integers (or modality values). Every sum is kept in 64 bits, so that it is
// exact for integers and does not depend on the order of the additions.

function low(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

function high(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 2, 3));
}

function total(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** out: Σ v, Σ v² */
export function moments(values: usize, count: i32, out: usize): void {
  let sum = f64x2.splat(0);
  let squares = f64x2.splat(0);
  let i: i32 = 0;
  for (; i + 4 <= count; i += 4) {
    const v = v128.load(values + ((<usize>i) << 2));
    const a = low(v);
    const b = high(v);
    sum = f64x2.add(sum, f64x2.add(a, b));
    squares = f64x2.add(squares, f64x2.add(f64x2.mul(a, a), f64x2.mul(b, b)));
  }
  let s = total(sum);
  let q = total(squares);
  for (; i < count; i++) {
    const v = <f64>load<f32>(values + ((<usize>i) << 2));
    s += v;
    q += v * v;
  }
  store<f64>(out, s);
  store<f64>(out, q, 8);
}

/** out: Σ d, Σ d² for d = b − a */
export function difference(a: usize, b: usize, count: i32, out: usize): void {
  let sum = f64x2.splat(0);
  let squares = f64x2.splat(0);
  let i: i32 = 0;
  for (; i + 4 <= count; i += 4) {
    const at = (<usize>i) << 2;
    const d = f32x4.sub(v128.load(b + at), v128.load(a + at));
    const l = low(d);
    const h = high(d);
    sum = f64x2.add(sum, f64x2.add(l, h));
    squares = f64x2.add(squares, f64x2.add(f64x2.mul(l, l), f64x2.mul(h, h)));
  }
  let s = total(sum);
  let q = total(squares);
  for (; i < count; i++) {
    const at = (<usize>i) << 2;
    const d = <f64>(load<f32>(b + at) - load<f32>(a + at));
    s += d;
    q += d * d;
  }
  store<f64>(out, s);
  store<f64>(out, q, 8);
}

/** out: Σ d, Σ d² for d = (c − b) − (b − a) */
export function curvature(a: usize, b: usize, c: usize, count: i32, out: usize): void {
  let sum = f64x2.splat(0);
  let squares = f64x2.splat(0);
  let i: i32 = 0;
  for (; i + 4 <= count; i += 4) {
    const at = (<usize>i) << 2;
    const middle = v128.load(b + at);
    const d = f32x4.sub(f32x4.sub(v128.load(c + at), middle), f32x4.sub(middle, v128.load(a + at)));
    const l = low(d);
    const h = high(d);
    sum = f64x2.add(sum, f64x2.add(l, h));
    squares = f64x2.add(squares, f64x2.add(f64x2.mul(l, l), f64x2.mul(h, h)));
  }
  let s = total(sum);
  let q = total(squares);
  for (; i < count; i++) {
    const at = (<usize>i) << 2;
    const middle = load<f32>(b + at);
    const d = <f64>(load<f32>(c + at) - middle - (middle - load<f32>(a + at)));
    s += d;
    q += d * d;
  }
  store<f64>(out, s);
  store<f64>(out, q, 8);
}
