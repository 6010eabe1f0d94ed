import { getRenderingCapabilities, type Types } from '@cornerstonejs/core';
import type { VoiRange } from '../viewports/voi.ts';
import type { DeliveredType } from './modalityValues.ts';

/** Widths below this share of their place cannot be told apart in the 32-bit floats of a shader. */
const LEAST_SPAN = 1e-6;

/**
 * Shades modality values: levels from 0 (black) to 1 (white), evenly spaced over the range. Cornerstone 5.14 keeps a
 * curve that is given and stretches it when a tool moves the range; its own SIGMOID reads the range as that of a
 * LINEAR window, in planes it is not redrawn, and VOI LUTs it has none.
 * @param texture of a stack's image; null: nothing is known of how the values are drawn
 */
export function shade(
  viewport: Types.IStackViewport | Types.IVolumeViewport,
  range: VoiRange,
  { levels, inverted }: { levels: readonly number[]; inverted: boolean },
  texture: DeliveredType | null,
): void {
  viewport.setProperties({ voiRange: { ...range } });
  // Stacks and planes are drawn by these two kinds of actor.
  const actor = viewport.getDefaultActor().actor as Types.ImageActor | Types.VolumeActor;
  const curve = actor.getProperty().getRGBTransferFunction(0);
  const span = Math.max(range.upper - range.lower, LEAST_SPAN * Math.max(1, Math.abs(range.lower)));
  curve?.setNodes(
    levels.map((level, index) => {
      const shown = inverted ? 1 - level : level;
      const x = drawnAs(range.lower + (span * index) / (levels.length - 1), texture);
      return { x, r: shown, g: shown, b: shown, midpoint: 0.5, sharpness: 0 };
    }),
  );
}

/**
 * The value as which vtk.js 36.4 draws one from a normalised texture of 16 bits: it scales signed ones by 32767.5 and
 * takes half a unit off, where WebGL 2 divided them by 32767 (R16_SNORM), and unsigned ones by one in 65535 too much.
 */
function drawnAs(value: number, texture: DeliveredType | null): number {
  const { norm16, norm16Linear } = getRenderingCapabilities();
  if (!norm16 || !norm16Linear) return value;
  if (texture === 'int16') return (value * 32767.5) / 32767 - 0.5;
  return texture === 'uint16' ? (value * 65536) / 65535 : value;
}
