import type { Types } from '@cornerstonejs/core';
import type { VoiRange } from '../viewports/voi.ts';

/** Widths below this share of their place cannot be told apart in the 32-bit floats of a shader. */
const LEAST_SPAN = 1e-6;

/**
 * Shades modality values: levels from 0 (black) to 1 (white), evenly spaced over the range. Cornerstone 5.14 keeps a
 * curve that is given and stretches it when a tool moves the range; its own SIGMOID reads the range as that of a
 * LINEAR window, in planes it is not redrawn, and VOI LUTs it has none.
 */
export function shade(
  viewport: Types.IStackViewport | Types.IVolumeViewport,
  range: VoiRange,
  levels: readonly number[],
  inverted: boolean,
): void {
  viewport.setProperties({ voiRange: { ...range } });
  const property = viewport.getDefaultActor().actor.getProperty();
  const curve = 'getRGBTransferFunction' in property ? property.getRGBTransferFunction(0) : null;
  const span = Math.max(range.upper - range.lower, LEAST_SPAN * Math.max(1, Math.abs(range.lower)));
  curve?.setNodes(
    levels.map((level, index) => {
      const shown = inverted ? 1 - level : level;
      const x = range.lower + (span * index) / (levels.length - 1);
      return { x, r: shown, g: shown, b: shown, midpoint: 0.5, sharpness: 0 };
    }),
  );
}
