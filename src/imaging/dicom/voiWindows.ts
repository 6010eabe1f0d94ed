import type { VoiWindow } from '../../contract/series.ts';
import type { Attributes } from './attributes.ts';

/**
 * The windows of a data set or of a Frame VOI LUT item (PS3.3 C.11.2), first is the default. A width below 1 is
 * not allowed for LINEAR, zero and below for none (C.11.2.1.2, C.11.2.1.3): such windows are left out.
 */
export function readVoiWindows(attributes: Attributes): VoiWindow[] {
  const centers = attributes.numbers('WindowCenter');
  const widths = attributes.numbers('WindowWidth');
  const names = attributes.texts('WindowCenterWidthExplanation');
  const voiFunction = readFunction(attributes);
  return centers.flatMap((center, index) => {
    const width = widths[index];
    if (width === undefined || width <= 0 || (voiFunction === 'LINEAR' && width < 1)) return [];
    return [{ center, width, function: voiFunction, name: names[index] || null }];
  });
}

function readFunction(attributes: Attributes): VoiWindow['function'] {
  const code = attributes.code('VOILUTFunction');
  return code === 'LINEAR_EXACT' || code === 'SIGMOID' ? code : 'LINEAR';
}
