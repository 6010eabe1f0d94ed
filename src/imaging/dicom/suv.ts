/** SUVbw of PET, after the vendor-neutral pseudo-code of QIBA: only where every tag that it needs is there. */
import { warning, type Warning } from '../../contract/errors.ts';
import type { Attributes } from './attributes.ts';
import { dateTimeMs } from './dateTime.ts';

/** What one PET image says about its uptake. Times in ms, doses in Bq, null: not said. */
export interface PetTags {
  units: string | null;
  suvType: string | null;
  decayCorrection: string | null;
  corrections: readonly string[];
  /** kg. */
  weight: number | null;
  seriesTime: number | null;
  acquisitionTime: number | null;
  /** GE's scan date and time, which a reprocessed series keeps. */
  geScanTime: number | null;
  /** Philips' SUV of a stored count, and its activity (Bq/ml) of one. */
  philipsSuv: number | null;
  philipsActivity: number | null;
  injectionTime: number | null;
  /** The injection's date was not written: the series date was taken. */
  injectionDayAssumed: boolean;
  dose: number | null;
  /** s. */
  halfLife: number | null;
}

/** SUVbw = modality value × `factor`; `reason`: why there is none. */
export type SuvFactor = { factor: number; warnings: readonly Warning[] } | { reason: string };

export function readPetTags(attributes: Attributes): PetTags {
  const drug = attributes.items('RadiopharmaceuticalInformationSequence')[0];
  const startDateTime = dateTimeMs(drug?.code('RadiopharmaceuticalStartDateTime') ?? '');
  const startTime = drug?.code('RadiopharmaceuticalStartTime') ?? null;
  const geScan = attributes.privateText(0x0009, 'GEMS_PETD_01', 0x0d);
  return {
    units: attributes.code('Units'),
    suvType: attributes.code('SUVType'),
    decayCorrection: attributes.code('DecayCorrection'),
    corrections: attributes.codes('CorrectedImage'),
    weight: attributes.number('PatientWeight'),
    seriesTime: dateAndTime(attributes.code('SeriesDate'), attributes.code('SeriesTime')),
    acquisitionTime: dateAndTime(attributes.code('AcquisitionDate'), attributes.code('AcquisitionTime')),
    geScanTime: geScan === null ? null : dateTimeMs(geScan),
    philipsSuv: privateNumber(attributes, 0x00),
    philipsActivity: privateNumber(attributes, 0x09),
    injectionTime: startDateTime ?? dateAndTime(attributes.code('SeriesDate'), startTime),
    injectionDayAssumed: startDateTime === null,
    dose: drug?.number('RadionuclideTotalDose') ?? null,
    halfLife: drug?.number('RadionuclideHalfLife') ?? null,
  };
}

function dateAndTime(date: string | null, time: string | null): number | null {
  if (date === null || time === null) return null;
  // TM may leave out seconds, or minutes too (PS3.5 6.2).
  const digits = time.replaceAll(':', '');
  const [whole = '', fraction] = digits.split('.');
  const full = `${date.replaceAll('.', '')}${whole.padEnd(6, '0')}`;
  return dateTimeMs(fraction === undefined ? full : `${full}.${fraction}`);
}

function privateNumber(attributes: Attributes, element: number): number | null {
  const text = attributes.privateText(0x7053, 'Philips PET Private Group', element);
  const value = text === null ? Number.NaN : Number(text);
  return Number.isFinite(value) && value > 0 ? value : null;
}

/** Below this a dose in Bq would be no dose: it is in MBq. */
const LEAST_DOSE_BQ = 1e4;
const MS_PER_DAY = 86_400_000;
/** A scan that lies further behind the injection shows nothing: one of the dates is wrong. */
const MOST_HALF_LIVES = 10;

/** The factor of a series, from the tags of its images. */
export function suvFactor(images: readonly PetTags[]): SuvFactor {
  const factors = images.map((tags) => factorOf(tags, images));
  const [first] = factors;
  if (first === undefined) return { reason: 'there are no images' };
  for (const each of factors) {
    if ('reason' in each || 'reason' in first) return 'reason' in each ? each : first;
    if (Math.abs(each.factor - first.factor) > 1e-6 * first.factor)
      return { reason: 'it would differ from image to image' };
  }
  return first;
}

function factorOf(tags: PetTags, images: readonly PetTags[]): SuvFactor {
  const { units, suvType, philipsSuv, philipsActivity } = tags;
  if (units === 'GML') {
    return suvType === null || suvType === 'BW'
      ? { factor: 1, warnings: [] }
      : { reason: `the values are uptake values of the type ${suvType}` };
  }
  if (units !== 'BQML' && units !== 'CNTS')
    return { reason: units === null ? 'Units (0054,1001) is missing' : `the unit is ${units}` };
  const uncorrected = reasonUncorrected(tags);
  if (uncorrected !== null) return { reason: uncorrected };
  if (units === 'BQML') return activityFactor(tags, images);
  if (philipsSuv !== null) return { factor: philipsSuv, warnings: [] };
  if (philipsActivity === null) return { reason: 'counts come without the factor of their maker' };
  const perActivity = activityFactor(tags, images);
  return 'reason' in perActivity
    ? perActivity
    : { ...perActivity, factor: perActivity.factor * philipsActivity };
}

function reasonUncorrected({ corrections, decayCorrection }: PetTags): string | null {
  if (!corrections.includes('ATTN')) return 'the image is not corrected for attenuation (0028,0051)';
  // DECY is the defined term (PS3.3 C.8.9.1); some writers spell it out.
  if (!corrections.includes('DECY') && !corrections.includes('DECAY'))
    return 'the image is not corrected for decay (0028,0051)';
  if (decayCorrection === 'START' || decayCorrection === 'ADMIN') return null;
  return `Decay Correction (0054,1102) is ${decayCorrection ?? 'missing'}`;
}

/** SUVbw of 1 Bq/ml: body weight in g over the dose that was left at the time to which the image is corrected. */
function activityFactor(tags: PetTags, images: readonly PetTags[]): SuvFactor {
  const { weight, dose, halfLife, decayCorrection } = tags;
  if (weight === null || weight <= 0) return { reason: 'the weight of the patient is missing' };
  if (dose === null || dose <= 0) return { reason: 'the injected dose is missing' };
  if (dose < LEAST_DOSE_BQ) return { reason: `the injected dose of ${dose} is not in Bq` };
  if (decayCorrection === 'ADMIN') return { factor: (weight * 1000) / dose, warnings: [] };
  if (halfLife === null || halfLife <= 0) return { reason: 'the half-life is missing' };
  const decay = decaySeconds(tags, images);
  if ('reason' in decay) return decay;
  if (decay.seconds > MOST_HALF_LIVES * halfLife)
    return { reason: 'the injection lies more than ten half-lives before the scan' };
  const left = dose * 2 ** (-decay.seconds / halfLife);
  return { factor: (weight * 1000) / left, warnings: decay.warnings };
}

/** From the injection to the start of the scan. */
function decaySeconds(
  tags: PetTags,
  images: readonly PetTags[],
): { seconds: number; warnings: readonly Warning[] } | { reason: string } {
  const start = scanStart(tags, images);
  if (start === null) return { reason: 'when the scan started is not known' };
  if (tags.injectionTime === null) return { reason: 'when the dose was given is not known' };
  const elapsed = start - tags.injectionTime;
  if (elapsed >= 0) return { seconds: elapsed / 1000, warnings: [] };
  if (!tags.injectionDayAssumed || elapsed < -MS_PER_DAY)
    return { reason: 'the dose was given after the scan' };
  const reason = 'the dose is written as given after the scan; the evening before is assumed';
  return { seconds: (elapsed + MS_PER_DAY) / 1000, warnings: [warning('HEADER_QUESTIONABLE', { reason })] };
}

/**
 * The series time is the start of the scan unless it lies behind an acquisition: then it is that of a later
 * reconstruction, and GE's private time counts, else the earliest acquisition. The acquisition time alone never
 * does: each bed position has its own.
 */
function scanStart({ seriesTime, geScanTime }: PetTags, images: readonly PetTags[]): number | null {
  const acquisitions = images.flatMap(({ acquisitionTime }) => acquisitionTime ?? []);
  if (seriesTime === null || acquisitions.length < images.length) return null;
  const earliest = acquisitions.reduce((first, time) => Math.min(first, time), Infinity);
  return seriesTime <= earliest ? seriesTime : (geScanTime ?? earliest);
}
