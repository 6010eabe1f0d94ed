import { describe, expect, it } from 'vitest';
import { checkFile } from '../conformance/checkFile.ts';
import { differenceOfTwins } from '../conformance/compareFrames.ts';
import { corpusFolders } from '../conformance/corpus.ts';
import { REFUSED, TWINS } from '../conformance/knownCases.ts';
import { ownFrames } from '../conformance/ownFrames.ts';
import { judge, judgeMissing } from '../conformance/pixelsJudge.ts';
import { sharedData } from '../support/sharedData.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** Hundreds of files of one kind: `npm run conformance` takes them all. */
const LARGE = ['dicom/ct_chest_lung_60', 'dicom/mr_sag_mprage_192', 'dicom/mr_4d_fmri_ge_150'];

const root = sharedData('.');
if (root === null) console.log('skipped: frames of the shared data: they are not there');
const missing = judgeMissing();
if (missing !== null) console.log(`skipped: frames against pydicom, GDCM, dcmtk and nibabel: ${missing}`);
const folders = root === null ? [] : corpusFolders(root).filter(({ name }) => !LARGE.includes(name));
const scratch = temporaryFolder();

describe.runIf(missing === null)(
  'stored values and colours are those of pydicom, GDCM, dcmtk and nibabel',
  () => {
    it.each(folders)('$name', async ({ files }) => {
      const judged = await judge(
        files.map(({ path }) => path),
        scratch,
      );
      const faults: string[] = [];
      let compared = 0;
      for (const file of files) {
        const { verdict, comparisons } = await checkFile(file, judged.get(file.path) ?? new Map());
        if (verdict.kind === 'fault') faults.push(`${file.file}: ${verdict.reason}`);
        compared += comparisons.length;
      }
      expect(faults).toEqual([]);
      if (!files.every(({ file }) => file.includes('/broken/'))) expect(compared).toBeGreaterThan(0);
    });

    it('the list of refusals names files that are there', () => {
      const known = new Set(folders.flatMap(({ files }) => files.map(({ file }) => file)));
      expect(Object.keys(REFUSED).filter((file) => folders.length > 0 && !known.has(file))).toEqual([]);
    });
  },
);

describe('files that no judge decodes show the image of their twin', () => {
  it.each(Object.entries(TWINS))('%s', async (file, { twin, atMost }) => {
    const path = sharedData(file);
    const twinPath = sharedData(twin);
    if (path === null || twinPath === null) {
      console.log(`skipped: ${file}: the file or its twin is absent`);
      return;
    }
    const [ours, theirs] = await Promise.all([ownFrames(path), ownFrames(twinPath)]);
    if (typeof ours === 'string' || typeof theirs === 'string') throw new Error('refused');
    expect(differenceOfTwins(ours, theirs)).toBeLessThanOrEqual(atMost);
  });
});
