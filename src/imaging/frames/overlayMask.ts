/** The overlay planes of a frame (PS3.3 C.9.2) as one mask over its pixels. */
import type { StoredArray } from '../../contract/frame.ts';
import type { FrameRecord, OverlayPlane } from '../../contract/series.ts';
import type { Decoded } from '../codecs/codec.ts';

/**
 * rows × columns, 1 where a plane is set; null without planes.
 * @param decoded samples as they were decoded, the bits outside the stored ones still in them
 */
export function overlayMask({ pixel, overlays = [] }: FrameRecord, decoded: Decoded): Uint8Array | null {
  if (overlays.length === 0) return null;
  const { rows, columns } = pixel;
  const mask = new Uint8Array(rows * columns);
  for (const plane of overlays) {
    if (plane.source.kind === 'data') drawPlane(mask, rows, columns, plane, plane.source.bits);
    else if (plane.source.bit < decoded.bits) drawBit(mask, decoded.samples, plane.source.bit);
  }
  return mask;
}

/** What of the plane lies over the image. */
function drawPlane(
  mask: Uint8Array,
  rows: number,
  columns: number,
  plane: OverlayPlane,
  bits: Uint8Array,
): void {
  const { top, left } = plane;
  const right = Math.min(plane.columns, columns - left);
  const bottom = Math.min(plane.rows, rows - top);
  for (let row = Math.max(0, -top); row < bottom; row++) {
    for (let column = Math.max(0, -left); column < right; column++) {
      const at = row * plane.columns + column;
      if ((bits[at >> 3]! >> (at & 7)) & 1) mask[(row + top) * columns + column + left] = 1;
    }
  }
}

function drawBit(mask: Uint8Array, samples: StoredArray, bit: number): void {
  for (let i = 0; i < mask.length; i++) mask[i]! |= (samples[i]! >> bit) & 1;
}

/** The bits of a pixel word that hold overlays. */
export function overlayBits({ overlays = [] }: FrameRecord): number {
  return overlays.reduce(
    (bits, { source }) => (source.kind === 'pixelBit' ? bits | (1 << source.bit) : bits),
    0,
  );
}
