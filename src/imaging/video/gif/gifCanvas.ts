import { KeysliceError } from '../../../contract/errors.ts';
import type { VideoSize } from '../videoDecoder.ts';
import type { GifPicture } from './gifBlocks.ts';
import { expandLzw } from './lzw.ts';

/** First row and step of the passes of an interlaced picture (GIF89a, appendix E). */
const PASSES = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
] as const;

/** The canvas of a GIF: pictures are drawn over each other, each as its disposal says. Nothing drawn is black. */
export class GifCanvas {
  readonly size: VideoSize;
  /** rows × columns × 3. */
  readonly rgb: Uint8Array;
  #before: Uint8Array | null = null;
  #last: GifPicture | null = null;

  constructor(size: VideoSize) {
    this.size = size;
    this.rgb = new Uint8Array(size.rows * size.columns * 3);
  }

  /** @throws KeysliceError FILE_UNREADABLE, HEADER_INCONSISTENT */
  draw(picture: GifPicture): void {
    const { left, top, width, height } = picture;
    if (left + width > this.size.columns || top + height > this.size.rows) {
      const reason = `a picture of the GIF lies outside its ${this.size.columns} × ${this.size.rows} pixels`;
      throw new KeysliceError('HEADER_INCONSISTENT', { reason });
    }
    const indices = expandLzw(picture.codes, picture.codeSize, width * height);
    this.#dispose();
    this.#before = picture.disposal === 'restore' ? this.rgb.slice() : null;
    this.#paint(picture, indices);
    this.#last = picture;
  }

  #dispose(): void {
    const last = this.#last;
    if (this.#before !== null) this.rgb.set(this.#before);
    else if (last?.disposal === 'clear') {
      for (let row = last.top; row < last.top + last.height; row++) {
        const start = 3 * (row * this.size.columns + last.left);
        this.rgb.fill(0, start, start + 3 * last.width);
      }
    }
  }

  #paint(picture: GifPicture, indices: Uint8Array): void {
    const { left, top, width, height, palette, transparent } = picture;
    const rows = picture.interlaced ? interlacedRows(height) : null;
    for (let stored = 0; stored < height; stored++) {
      const row = rows === null ? stored : rows[stored]!;
      let to = 3 * ((top + row) * this.size.columns + left);
      for (let column = 0; column < width; column++, to += 3) {
        const index = indices[stored * width + column]!;
        if (index === transparent) continue;
        const from = 3 * index;
        if (from >= palette.length) {
          throw new KeysliceError('FILE_UNREADABLE', { reason: 'the GIF has a colour outside its table' });
        }
        this.rgb[to] = palette[from]!;
        this.rgb[to + 1] = palette[from + 1]!;
        this.rgb[to + 2] = palette[from + 2]!;
      }
    }
  }
}

function interlacedRows(height: number): number[] {
  return PASSES.flatMap(([first, step]) => {
    const count = Math.max(0, Math.ceil((height - first) / step));
    return Array.from({ length: count }, (_, index) => first + index * step);
  });
}
