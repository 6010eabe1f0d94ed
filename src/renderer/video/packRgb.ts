export interface RgbPicture {
  rows: number;
  columns: number;
  /** rows × columns × 3, RGB by pixel. */
  rgb: ArrayBuffer;
}

/**
 * RGB from RGBA, turned clockwise as the file says.
 * @param rgba rows × columns × 4
 */
export function packRgb(
  rgba: Uint8Array,
  rows: number,
  columns: number,
  rotation: 0 | 90 | 180 | 270,
): RgbPicture {
  const turned = rotation % 180 !== 0;
  const rgb = new Uint8Array(rows * columns * 3);
  const { start, perColumn, perRow } = walk(rows, columns, rotation);
  let from = 0;
  for (let row = 0; row < rows; row++) {
    let to = start + row * perRow;
    for (let column = 0; column < columns; column++, from += 4, to += perColumn) {
      rgb[to] = rgba[from]!;
      rgb[to + 1] = rgba[from + 1]!;
      rgb[to + 2] = rgba[from + 2]!;
    }
  }
  return { rows: turned ? columns : rows, columns: turned ? rows : columns, rgb: rgb.buffer };
}

/** Where the first pixel goes, and how far the next of its row and the first of the next row lie from it. */
function walk(
  rows: number,
  columns: number,
  rotation: 0 | 90 | 180 | 270,
): { start: number; perColumn: number; perRow: number } {
  switch (rotation) {
    case 0:
      return { start: 0, perColumn: 3, perRow: 3 * columns };
    case 90:
      return { start: 3 * (rows - 1), perColumn: 3 * rows, perRow: -3 };
    case 180:
      return { start: 3 * (rows * columns - 1), perColumn: -3, perRow: -3 * columns };
    case 270:
      return { start: 3 * rows * (columns - 1), perColumn: -3 * rows, perRow: 3 };
  }
}
