// Sobel and Laplacian sums of one plane, border reflected without repeating the edge.

function at(row: usize, x: i32): usize {
  return row + ((<usize>x) << 2);
}

function widen(v: v128): v128 {
  return f64x2.add(f64x2.promote_low_f32x4(v), f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 2, 3)));
}

function add(out: usize, index: i32, value: f64): void {
  const place = out + ((<usize>index) << 3);
  store<f64>(place, load<f64>(place) + value);
}

/** One pixel on or near the border: l, x, r are the columns left of, at and right of it. */
function pixel(up: usize, row: usize, down: usize, l: i32, x: i32, r: i32, out: usize): void {
  const a0 = load<f32>(at(up, l)),
    a1 = load<f32>(at(up, x)),
    a2 = load<f32>(at(up, r));
  const b0 = load<f32>(at(row, l)),
    b1 = load<f32>(at(row, x)),
    b2 = load<f32>(at(row, r));
  const c0 = load<f32>(at(down, l)),
    c1 = load<f32>(at(down, x)),
    c2 = load<f32>(at(down, r));
  const gx = a2 - a0 + (c2 - c0) + 2 * (b2 - b0);
  const gy = c0 - a0 + (c2 - a2) + 2 * (c1 - a1);
  const power = gx * gx + gy * gy;
  const laplacian = <f64>(a1 + c1 + (b0 + b2) - 4 * b1);
  add(out, 0, <f64>sqrt<f32>(power));
  add(out, 1, <f64>power);
  add(out, 2, abs(laplacian));
  add(out, 3, laplacian);
  add(out, 4, laplacian * laplacian);
}

/** out: Σ |g|, Σ |g|², Σ |L|, Σ L, Σ L² */
export function edges(plane: usize, rows: i32, columns: i32, out: usize): void {
  memory.fill(out, 0, 40);
  let magnitude = f64x2.splat(0);
  let power = f64x2.splat(0);
  let absolute = f64x2.splat(0);
  let laplacian = f64x2.splat(0);
  let squares = f64x2.splat(0);
  const stride = (<usize>columns) << 2;
  const two = f32x4.splat(2);
  const four = f32x4.splat(4);
  for (let y: i32 = 0; y < rows; y++) {
    const row = plane + <usize>y * stride;
    const up = plane + <usize>(y > 0 ? y - 1 : min(1, rows - 1)) * stride;
    const down = plane + <usize>(y < rows - 1 ? y + 1 : max(0, rows - 2)) * stride;
    const second = min(1, columns - 1);
    pixel(up, row, down, second, 0, second, out);
    // Roots are not whole numbers anyway: along one row they are added in single precision.
    let rowMagnitude = f32x4.splat(0);
    let rowPower = f32x4.splat(0);
    let x: i32 = 1;
    for (; x + 5 <= columns; x += 4) {
      const u = at(up, x),
        m = at(row, x),
        d = at(down, x);
      const a0 = v128.load(u - 4),
        a1 = v128.load(u),
        a2 = v128.load(u, 4);
      const b0 = v128.load(m - 4),
        b1 = v128.load(m),
        b2 = v128.load(m, 4);
      const c0 = v128.load(d - 4),
        c1 = v128.load(d),
        c2 = v128.load(d, 4);
      const falling = f32x4.sub(c2, a0);
      const rising = f32x4.sub(a2, c0);
      const gx = f32x4.add(f32x4.add(falling, rising), f32x4.mul(two, f32x4.sub(b2, b0)));
      const gy = f32x4.add(f32x4.sub(falling, rising), f32x4.mul(two, f32x4.sub(c1, a1)));
      const g = f32x4.add(f32x4.mul(gx, gx), f32x4.mul(gy, gy));
      const l = f32x4.sub(f32x4.add(f32x4.add(a1, c1), f32x4.add(b0, b2)), f32x4.mul(four, b1));
      rowMagnitude = f32x4.add(rowMagnitude, f32x4.sqrt(g));
      rowPower = f32x4.add(rowPower, g);
      const low = f64x2.promote_low_f32x4(l);
      const high = f64x2.promote_low_f32x4(v128.shuffle<i32>(l, l, 2, 3, 2, 3));
      laplacian = f64x2.add(laplacian, f64x2.add(low, high));
      absolute = f64x2.add(absolute, f64x2.add(f64x2.abs(low), f64x2.abs(high)));
      squares = f64x2.add(squares, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
    }
    magnitude = f64x2.add(magnitude, widen(rowMagnitude));
    power = f64x2.add(power, widen(rowPower));
    for (; x < columns; x++) pixel(up, row, down, x - 1, x, x + 1 < columns ? x + 1 : x - 1, out);
  }
  add(out, 0, f64x2.extract_lane(magnitude, 0) + f64x2.extract_lane(magnitude, 1));
  add(out, 1, f64x2.extract_lane(power, 0) + f64x2.extract_lane(power, 1));
  add(out, 2, f64x2.extract_lane(absolute, 0) + f64x2.extract_lane(absolute, 1));
  add(out, 3, f64x2.extract_lane(laplacian, 0) + f64x2.extract_lane(laplacian, 1));
  add(out, 4, f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1));
}
