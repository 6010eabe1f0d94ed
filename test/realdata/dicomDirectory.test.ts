import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KeysliceError } from '../../src/contract/errors.ts';
import { readStudy } from '../../src/imaging/readStudy.ts';
import { askJudge, pythonHas } from '../support/pythonJudge.ts';
import { sharedData } from '../support/sharedData.ts';

const folder = sharedData('dicom/pydicom_test_files/dicomdirtests');
if (folder === null) console.log('skipped: the shared data are not there');
const judged = pythonHas('pydicom');

interface Outcome {
  opened: string[];
  /** Where files are missing, by code. */
  failed: string[];
}

async function outcome(path: string): Promise<Outcome | string> {
  try {
    const { series, failures } = await readStudy(path);
    const files = series.flatMap((each) => each.files.map((file) => realpathSync(file.path)));
    return { opened: [...new Set(files)].sort(), failed: failures.map(({ code }) => code) };
  } catch (thrown) {
    if (thrown instanceof KeysliceError && thrown.code !== 'INTERNAL') return thrown.code;
    throw thrown;
  }
}

describe.skipIf(folder === null || !judged)('DICOMDIRs beside the file sets of pydicom', () => {
  it('name the same files', async () => {
    const names = readdirSync(folder ?? '').filter((name) => name.startsWith('DICOMDIR'));
    const paths = names.map((name) => join(folder ?? '', name));
    const sets = askJudge('fileSet.py', { paths }) as Record<string, string[] | null>;
    let compared = 0;
    for (const path of paths) {
      const ours = await outcome(path);
      const theirs = (sets[path] ?? []).filter((file) => existsSync(file));
      if (typeof ours === 'string' || theirs.length === 0) continue;
      compared++;
      expect([path, ours.opened]).toEqual([path, theirs]);
    }
    console.log(`compared: ${compared} of ${paths.length} DICOMDIRs`);
    expect(compared).toBeGreaterThan(0);
  });
});
