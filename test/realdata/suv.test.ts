import { describe, expect, it } from 'vitest';
import { readStudy } from '../../src/imaging/readStudy.ts';
import { sharedData } from '../support/sharedData.ts';

const folder = sharedData('dicom/pt');
if (folder === null) console.log('skipped: SUV of real PET: dicom/pt is absent');

/** Weight in g over the dose (Bq) that is left of a half-life (s) after some seconds. */
const factor = (kg: number, dose: number, halfLife: number, seconds: number): number =>
  (kg * 1000) / (dose * 2 ** (-seconds / halfLife));

/** By hand from the tags that dcmdump prints; the others give none, for the reason that is named. */
const WANTED: Readonly<Record<string, number | string>> = {
  // Injected as the series starts.
  'acrin_flt_breast_028.dcm': factor(82.174, 173529998.7793, 6586.2, 0.109),
  // 14:17:00 to 15:23:16.921.
  'acrin_flt_breast_029.dcm': factor(69.7344, 178340011.59668, 6586.2, 3976.921),
  // 09:32:00 to 11:00:36.
  'ge_suv_jpegll_GH184.dcm': factor(90, 474592928, 6588, 5316),
  // 10:00:00 to 11:12:18.
  'siemens_fdg_200.dcm': factor(82, 290000000, 6586.2, 4338),
  'cps_jpegls_cp246.dcm': 'the weight of the patient is missing',
  'philips_wb_ctac_Issue94.dcm': 'the weight of the patient is missing',
  'ge_modality_lut_GH610.dcm': 'the unit is PROPCPS',
};

describe.runIf(folder !== null)('SUVbw of real PET', () => {
  it.each(Object.entries(WANTED))('%s', async (file, wanted) => {
    const [series] = (await readStudy(`${folder ?? ''}/${file}`)).series;
    if (typeof wanted === 'number') {
      expect((series?.suvFactor ?? 0) / wanted).toBeCloseTo(1, 9);
      return;
    }
    expect(series?.suvFactor).toBeUndefined();
    expect(series?.warnings.find(({ code }) => code === 'SUV_UNAVAILABLE')?.facts).toEqual({
      reason: wanted,
    });
  });
});
