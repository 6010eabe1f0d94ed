import type { Attributes } from './attributes.ts';
import type { FrameGroups } from './functionalGroups.ts';

export interface SpacingWithNote {
  /** Row spacing, then column spacing, mm. */
  spacing: readonly [number, number] | null;
  /** Which attribute the spacing comes from, or why it is unknown. */
  note: string;
}

/**
 * The size of a pixel (PS3.3 10.7.1): Pixel Spacing, then Imager Pixel Spacing, Nominal Scanned Pixel Spacing,
 * and the region of an ultrasound image. Never a default: without one of these, lengths are in pixels.
 */
export function readPixelSpacing(dataSet: Attributes, groups: FrameGroups): SpacingWithNote {
  const measures = groups.macro('PixelMeasuresSequence') ?? dataSet;
  const patient = positivePair(measures.numbers('PixelSpacing'));
  if (patient !== null) {
    const calibration = dataSet.code('PixelSpacingCalibrationType');
    const note = calibration === null ? '' : `, calibrated: ${calibration.toLowerCase()}`;
    return { spacing: patient, note: `Pixel Spacing (0028,0030)${note}` };
  }
  const imager = positivePair(dataSet.numbers('ImagerPixelSpacing'));
  if (imager !== null) {
    return {
      spacing: imager,
      note: 'Imager Pixel Spacing (0018,1164): measured at the detector, not in the patient',
    };
  }
  const scanned = positivePair(dataSet.numbers('NominalScannedPixelSpacing'));
  if (scanned !== null) {
    return { spacing: scanned, note: 'Nominal Scanned Pixel Spacing (0018,2010): measured on the film' };
  }
  return fromRegions(dataSet.items('SequenceOfUltrasoundRegions'));
}

/** No pixel is smaller than a picometre or larger than a kilometre; such numbers are slips or tricks. */
const SMALLEST_MM = 1e-9;
const LARGEST_MM = 1e6;

const isSize = (mm: number): boolean => mm >= SMALLEST_MM && mm <= LARGEST_MM;

function positivePair(values: readonly number[]): readonly [number, number] | null {
  const [row, column] = values;
  return row !== undefined && column !== undefined && isSize(row) && isSize(column) ? [row, column] : null;
}

/** Physical units of a region: 0003 is cm (PS3.3 C.8.5.5.1.15). */
const CENTIMETERS = 3;
const MILLIMETERS_PER_CENTIMETER = 10;

function fromRegions(regions: readonly Attributes[]): SpacingWithNote {
  if (regions.length === 0) return { spacing: null, note: 'The file gives no pixel spacing' };
  const spatial = regions.filter(
    (region) =>
      region.number('PhysicalUnitsXDirection') === CENTIMETERS &&
      region.number('PhysicalUnitsYDirection') === CENTIMETERS,
  );
  const [region] = spatial;
  if (region === undefined || spatial.length > 1) {
    return { spacing: null, note: `${spatial.length} ultrasound regions are in cm; one would be needed` };
  }
  const spacing = positivePair([
    Math.abs(region.number('PhysicalDeltaY') ?? 0) * MILLIMETERS_PER_CENTIMETER,
    Math.abs(region.number('PhysicalDeltaX') ?? 0) * MILLIMETERS_PER_CENTIMETER,
  ]);
  return { spacing, note: 'Ultrasound region (0018,6011)' };
}
