import { KeysliceError } from '../../contract/errors.ts';
import type { Palette } from '../../contract/series.ts';
import type { Attributes } from './attributes.ts';
import type { Keyword } from './dictionary.ts';
import { lookupTableDescriptor, lookupTableEntries, type TableDescriptor } from './lookupTable.ts';
import { expandSegments } from './segmentedPalette.ts';

const CHANNELS = ['Red', 'Green', 'Blue'] as const;

/**
 * The palette of PALETTE COLOR images (PS3.3 C.7.9), segmented ones expanded.
 * @throws KeysliceError HEADER_INCONSISTENT
 */
export function readPalette(attributes: Attributes, signed: boolean): Palette {
  const [red, green, blue] = CHANNELS.map((channel) => readChannel(attributes, channel, signed));
  if (red === undefined || green === undefined || blue === undefined)
    return inconsistent('a channel is missing');
  const { first, bits } = red.descriptor;
  return { first, bits, red: red.entries, green: green.entries, blue: blue.entries };
}

function readChannel(
  attributes: Attributes,
  channel: (typeof CHANNELS)[number],
  signed: boolean,
): { descriptor: TableDescriptor; entries: Uint16Array } {
  const descriptor = lookupTableDescriptor(attributes, `${channel}PaletteColorLookupTableDescriptor`, signed);
  if (descriptor === null)
    return inconsistent(`the descriptor of ${channel.toLowerCase()} is missing or invalid`);
  const data: Keyword = `${channel}PaletteColorLookupTableData`;
  const entries = attributes.has(data)
    ? lookupTableEntries(attributes, data, descriptor)
    : expandSegments(attributes, `Segmented${channel}PaletteColorLookupTableData`, descriptor);
  if (entries === null)
    return inconsistent(`${channel.toLowerCase()} has fewer entries than its descriptor says`);
  return { descriptor, entries };
}

function inconsistent(detail: string): never {
  throw new KeysliceError('HEADER_INCONSISTENT', { reason: `the colour palette is unusable: ${detail}` });
}
