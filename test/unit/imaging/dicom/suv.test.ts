import { describe, expect, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suvFactor, type PetTags } from '../../../../src/imaging/dicom/suv.ts';
import { readStudy } from '../../../../src/imaging/readStudy.ts';
import { ctSlice } from '../../../fixtures/ctSlice.ts';
import { dicomFile, type DicomElements } from '../../../fixtures/dicomFile.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const NOON = Date.UTC(2024, 0, 31, 12);
const HOUR = 3_600_000;

/** 75 kg, 300 MBq an hour before the scan, of a half-life of an hour: 150 MBq are left. */
const tags = (changes: Partial<PetTags> = {}): PetTags => ({
  units: 'BQML',
  suvType: null,
  decayCorrection: 'START',
  corrections: ['NORM', 'ATTN', 'DECY'],
  weight: 75,
  seriesTime: NOON,
  acquisitionTime: NOON,
  geScanTime: null,
  philipsSuv: null,
  philipsActivity: null,
  injectionTime: NOON - HOUR,
  injectionDayAssumed: false,
  dose: 3e8,
  halfLife: 3600,
  ...changes,
});

const factor = (...images: Partial<PetTags>[]): number => {
  const suv = suvFactor(images.map(tags));
  return 'reason' in suv ? Number.NaN : suv.factor;
};

const reason = (changes: Partial<PetTags>): string => {
  const suv = suvFactor([tags(changes)]);
  return 'reason' in suv ? suv.reason : 'none';
};

const AN_HOUR_LATER = 75_000 / 1.5e8;

describe('the factor of SUVbw', () => {
  it('is the weight over the dose that is left when the scan starts', () => {
    expect(factor({})).toBeCloseTo(AN_HOUR_LATER, 12);
    // Bed positions are acquired later; decay ends at the start of the series.
    expect(factor({}, { acquisitionTime: NOON + HOUR })).toBeCloseTo(AN_HOUR_LATER, 12);
  });

  it('takes the whole dose where the image is corrected to the injection', () => {
    expect(factor({ decayCorrection: 'ADMIN', halfLife: null, seriesTime: null })).toBeCloseTo(2.5e-4, 12);
  });

  it('of a reprocessed series starts at the time of GE, else at the earliest acquisition', () => {
    const reprocessed = { seriesTime: NOON + 5 * HOUR };
    expect(factor({ ...reprocessed, geScanTime: NOON + HOUR })).toBeCloseTo(2 * AN_HOUR_LATER, 12);
    const beds = [{ acquisitionTime: NOON + HOUR }, { acquisitionTime: NOON }];
    expect(factor(...beds.map((bed) => ({ ...reprocessed, ...bed })))).toBeCloseTo(AN_HOUR_LATER, 12);
  });

  it('of an injection late on the evening before, whose day was not written, warns', () => {
    const night = { injectionTime: NOON + 23 * HOUR, injectionDayAssumed: true };
    const suv = suvFactor([tags(night)]);
    expect(suv).toMatchObject({ warnings: [{ code: 'HEADER_QUESTIONABLE' }] });
    expect('factor' in suv && suv.factor).toBeCloseTo(AN_HOUR_LATER, 12);
  });

  it("of counts is Philips', or that of their activity", () => {
    expect(factor({ units: 'CNTS', philipsSuv: 0.002 })).toBe(0.002);
    expect(factor({ units: 'CNTS', philipsActivity: 20 })).toBeCloseTo(20 * AN_HOUR_LATER, 12);
  });

  it('of uptake values is 1', () => {
    expect(factor({ units: 'GML', weight: null })).toBe(1);
    expect(factor({ units: 'GML', suvType: 'BW' })).toBe(1);
  });

  it.each<[string, Partial<PetTags>]>([
    ['Units (0054,1001) is missing', { units: null }],
    ['the unit is PROPCPS', { units: 'PROPCPS' }],
    ['the values are uptake values of the type LBM', { units: 'GML', suvType: 'LBM' }],
    ['the image is not corrected for attenuation (0028,0051)', { corrections: ['DECY'] }],
    ['the image is not corrected for decay (0028,0051)', { corrections: ['ATTN'] }],
    ['Decay Correction (0054,1102) is NONE', { decayCorrection: 'NONE' }],
    ['Decay Correction (0054,1102) is missing', { decayCorrection: null }],
    ['the weight of the patient is missing', { weight: 0 }],
    ['the injected dose is missing', { dose: null }],
    ['the injected dose of 300 is not in Bq', { dose: 300 }],
    ['the half-life is missing', { halfLife: null }],
    ['when the scan started is not known', { acquisitionTime: null }],
    ['when the scan started is not known', { seriesTime: null }],
    ['when the dose was given is not known', { injectionTime: null }],
    ['the dose was given after the scan', { injectionTime: NOON + HOUR }],
    ['the injection lies more than ten half-lives before the scan', { injectionTime: NOON - 11 * HOUR }],
    ['counts come without the factor of their maker', { units: 'CNTS' }],
  ])('is refused: %s', (wanted, changes) => {
    expect(reason(changes)).toBe(wanted);
  });

  it('is refused when it differs from image to image', () => {
    expect(factor({}, { weight: 76 })).toBeNaN();
    expect(factor({}, { weight: null })).toBeNaN();
  });
});

describe('the tags of a PET file', () => {
  const path = join(temporaryFolder(), 'pet.dcm');
  const drug: DicomElements = {
    '00181072': ['TM', '110000.00'],
    '00181074': ['DS', 3e8],
    '00181075': ['DS', 3600],
  };
  const pet = (elements: DicomElements): DicomElements =>
    ctSlice({
      elements: {
        '00080016': ['UI', '1.2.840.10008.5.1.4.1.1.128'],
        '00080060': ['CS', 'PT'],
        '00080021': ['DA', '20240131'],
        '00080022': ['DA', '20240131'],
        '00080031': ['TM', '120000'],
        '00080032': ['TM', '120000.000000'],
        '00101030': ['DS', 75],
        '00280051': ['CS', ['NORM', 'ATTN', 'DECY']],
        '00540016': ['SQ', [drug]],
        '00541001': ['CS', 'BQML'],
        '00541102': ['CS', 'START'],
        ...elements,
      },
    });
  const seriesOf = async (elements: DicomElements, transferSyntax?: string) => {
    writeFileSync(path, dicomFile(pet(elements), transferSyntax === undefined ? {} : { transferSyntax }));
    const [series] = (await readStudy(path)).series;
    return { factor: series?.suvFactor, codes: series?.warnings.map(({ code }) => code) };
  };

  it('give the factor of the series', async () => {
    const { factor: found, codes } = await seriesOf({});
    expect(found).toBeCloseTo(AN_HOUR_LATER, 12);
    expect(codes).toEqual([]);
  });

  it('prefer the date and time of the injection to its time', async () => {
    const dated = { ...drug, '00181078': ['DT', '20240131100000.000000'] } as const;
    expect((await seriesOf({ '00540016': ['SQ', [dated]] })).factor).toBeCloseTo(2 * AN_HOUR_LATER, 12);
  });

  it.each(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1'])(
    'find the blocks of the makers by their creator in %s',
    async (syntax) => {
      const philips = {
        '00541001': ['CS', 'CNTS'],
        '70530010': ['LO', 'Another group'],
        '70530011': ['LO', 'Philips PET Private Group'],
        '70531000': ['DS', 9],
        '70531100': ['DS', 0.002],
      } as const;
      expect((await seriesOf(philips, syntax)).factor).toBe(0.002);
      const ge = {
        '00080031': ['TM', '180000'],
        '00090013': ['LO', 'GEMS_PETD_01'],
        '0009130D': ['DT', '20240131130000.00'],
      } as const;
      expect((await seriesOf(ge, syntax)).factor).toBeCloseTo(2 * AN_HOUR_LATER, 12);
    },
  );

  it('say why there is no factor', async () => {
    expect(await seriesOf({ '00101030': ['DS', 0] })).toEqual({
      factor: undefined,
      codes: ['SUV_UNAVAILABLE'],
    });
  });
});
