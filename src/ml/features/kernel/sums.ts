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

/** out: Σ d, Σ d² for d = b − a, then for c − b, then for (c − b) − (b − a) */
export function compare(a: usize, b: usize, c: usize, count: i32, out: usize): void {
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  let sum2 = f64x2.splat(0);
  let squares0 = f64x2.splat(0);
  let squares1 = f64x2.splat(0);
  let squares2 = f64x2.splat(0);
  let i: i32 = 0;
  for (; i + 4 <= count; i += 4) {
    const at = (<usize>i) << 2;
    const middle = v128.load(b + at);
    const before = f32x4.sub(middle, v128.load(a + at));
    const after = f32x4.sub(v128.load(c + at), middle);
    const bend = f32x4.sub(after, before);
    let l = low(before);
    let h = high(before);
    sum0 = f64x2.add(sum0, f64x2.add(l, h));
    squares0 = f64x2.add(squares0, f64x2.add(f64x2.mul(l, l), f64x2.mul(h, h)));
    l = low(after);
    h = high(after);
    sum1 = f64x2.add(sum1, f64x2.add(l, h));
    squares1 = f64x2.add(squares1, f64x2.add(f64x2.mul(l, l), f64x2.mul(h, h)));
    l = low(bend);
    h = high(bend);
    sum2 = f64x2.add(sum2, f64x2.add(l, h));
    squares2 = f64x2.add(squares2, f64x2.add(f64x2.mul(l, l), f64x2.mul(h, h)));
  }
  store<f64>(out, total(sum0));
  store<f64>(out, total(squares0), 8);
  store<f64>(out, total(sum1), 16);
  store<f64>(out, total(squares1), 24);
  store<f64>(out, total(sum2), 32);
  store<f64>(out, total(squares2), 40);
  for (; i < count; i++) {
    const at = (<usize>i) << 2;
    const before = load<f32>(b + at) - load<f32>(a + at);
    const after = load<f32>(c + at) - load<f32>(b + at);
    addMoments(out, before);
    addMoments(out + 16, after);
    addMoments(out + 32, after - before);
  }
}

function addMoments(out: usize, value: f32): void {
  const v = <f64>value;
  store<f64>(out, load<f64>(out) + v);
  store<f64>(out, load<f64>(out, 8) + v * v, 8);
}
