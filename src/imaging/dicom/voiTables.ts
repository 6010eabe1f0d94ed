import { warning, type Warning } from '../../contract/errors.ts';
import type { ModalityTransform, PixelFormat, VoiTable } from '../../contract/series.ts';
import type { Attributes } from './attributes.ts';
import { lookupTableDescriptor, lookupTableEntries } from './lookupTable.ts';

/**
 * The VOI LUTs of a data set or of a Frame VOI LUT item (PS3.3 C.11.2.1.1).
 * @param signed whether the modality values that they map may be negative
 */
export function readVoiTables(attributes: Attributes, signed: boolean, warnings: Warning[]): VoiTable[] {
  return attributes.items('VOILUTSequence').flatMap((item) => {
    const table = readTable(item, signed);
    if (table !== null) return [table];
    warnings.push(warning('HEADER_QUESTIONABLE', { reason: 'a VOI LUT is unusable and is not offered' }));
    return [];
  });
}

function readTable(item: Attributes, signed: boolean): VoiTable | null {
  const descriptor = lookupTableDescriptor(item, 'LUTDescriptor', signed);
  const values = descriptor === null ? null : lookupTableEntries(item, 'LUTData', descriptor);
  if (descriptor === null || values === null) return null;
  const name = item.text('LUTExplanation') || null;
  const white = whiteLevel(values, descriptor.depth);
  return { function: 'TABLE', first: descriptor.first, values, white, name };
}

/** 2^n − 1 with the n of the descriptor; some writers give fewer bits there than their entries have. */
function whiteLevel(values: Uint16Array, depth: number): number {
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  let bits = depth;
  while (largest > 2 ** bits - 1) bits++;
  return 2 ** bits - 1;
}

/** Whether a modality value may be negative: then the first value that a VOI LUT maps is signed. */
export function hasNegativeValues(
  transform: ModalityTransform,
  { signed, bitsStored, number }: Pick<PixelFormat, 'signed' | 'bitsStored' | 'number'>,
): boolean {
  if (number !== 'integer') return true;
  if (transform.kind === 'lut') return false;
  const lowest = signed ? -(2 ** (bitsStored - 1)) : 0;
  const highest = lowest + 2 ** bitsStored - 1;
  return [lowest, highest].some((stored) => stored * transform.slope + transform.intercept < 0);
}
