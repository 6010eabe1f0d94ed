/** Rows and columns by which a volume may move in plane, both ends included. */
export interface Freedom {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

/**
 * How far, up to `limit`, everything non-zero can move without touching the border. The features of
 * docs/das.md section 2 are then the same, but for the stencils that a mirrored border lets see an object one pixel
 * away twice; augmentation therefore needs no second feature pass.
 * @param pixels frames × rows × columns.
 */
export function freedomOf(pixels: Float32Array, rows: number, columns: number, limit: number): Freedom {
  let [top, bottom, left, right] = [rows, -1, columns, -1];
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i] === 0) continue;
    const row = Math.floor(i / columns) % rows;
    const column = i % columns;
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
    left = Math.min(left, column);
    right = Math.max(right, column);
  }
  const range = (first: number, last: number, length: number): readonly [number, number] => {
    if (first < 1 || last > length - 2) return [0, 0];
    return [Math.max(-limit, 1 - first), Math.min(limit, length - 2 - last)];
  };
  return { rows: range(top, bottom, rows), columns: range(left, right, columns) };
}

/** Writes `pixels` (frames × rows × columns) moved by whole pixels into `target` from `offset` on; gaps stay 0. */
export function moveVolume(
  pixels: Float32Array,
  { columns }: { columns: number },
  move: { rows: number; columns: number },
  target: Float32Array,
  offset: number,
): void {
  const shift = move.rows * columns + move.columns;
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i]!;
    if (value !== 0) target[offset + i + shift] = value;
  }
}
