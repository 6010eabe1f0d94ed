import { warning, type Warning } from '../../contract/errors.ts';
import type { ModalityTransform } from '../../contract/series.ts';
import type { Attributes } from './attributes.ts';
import { lookupTableDescriptor, lookupTableEntries } from './lookupTable.ts';

/**
 * From stored to modality values (PS3.3 C.11.1): the lookup table where there is one, else slope and intercept.
 * `frame` are the attributes of the frame's Pixel Value Transformation item, or the data set itself.
 */
export function readModalityTransform(
  dataSet: Attributes,
  frame: Attributes,
  signed: boolean,
  warnings: Warning[],
): ModalityTransform {
  const table = dataSet.items('ModalityLUTSequence')[0];
  if (table !== undefined) {
    const lut = readTable(table, signed);
    if (lut !== null) return lut;
    warnings.push(
      warning('HEADER_QUESTIONABLE', { reason: 'the modality LUT is unusable and is not applied' }),
    );
  }
  return linear(dataSet, frame, warnings);
}

function readTable(item: Attributes, signed: boolean): ModalityTransform | null {
  const descriptor = lookupTableDescriptor(item, 'LUTDescriptor', signed);
  const values = descriptor === null ? null : lookupTableEntries(item, 'LUTData', descriptor);
  if (descriptor === null || values === null) return null;
  return { kind: 'lut', first: descriptor.first, values, unit: item.code('ModalityLUTType') };
}

function linear(dataSet: Attributes, frame: Attributes, warnings: Warning[]): ModalityTransform {
  const modality = dataSet.code('Modality');
  const dose = modality === 'RTDOSE' ? dataSet.number('DoseGridScaling') : null;
  if (dose !== null) return { kind: 'linear', slope: dose, intercept: 0, unit: dataSet.code('DoseUnits') };
  const slope = frame.number('RescaleSlope');
  const intercept = frame.number('RescaleIntercept') ?? 0;
  const rescaled = slope !== null || frame.has('RescaleIntercept');
  if (slope === 0) {
    warnings.push(warning('HEADER_QUESTIONABLE', { reason: 'Rescale Slope is 0; no rescaling is applied' }));
    return { kind: 'linear', slope: 1, intercept: 0, unit: null };
  }
  return {
    kind: 'linear',
    slope: slope ?? 1,
    intercept,
    unit: rescaled ? unitOf(dataSet, frame, modality) : null,
  };
}

/** Rescale Type, or what the modality's module implies: CT is in Hounsfield units (C.8.2.1.1.2), PET names Units. */
function unitOf(dataSet: Attributes, frame: Attributes, modality: string | null): string | null {
  const type = frame.code('RescaleType');
  if (type !== null) return type;
  return modality === 'CT' ? 'HU' : dataSet.code('Units');
}
