import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../../../../src/contract/errors.ts';
import type { Series } from '../../../../src/contract/series.ts';
import { readStudy } from '../../../../src/imaging/readStudy.ts';
import { ctSlice } from '../../../fixtures/ctSlice.ts';
import { dicomFile } from '../../../fixtures/dicomFile.ts';

export interface HostileOutcome {
  /** Series of the hostile file; none when it was refused. */
  series: readonly Series[];
  failure: Failure | undefined;
}

/** Opens a hostile file in a folder with a good one, which must open whatever the other is. */
export async function openHostile(
  within: string,
  bytes: Uint8Array,
  name = 'hostile.dcm',
): Promise<HostileOutcome> {
  const folder = mkdtempSync(join(within, 'case-'));
  const good = join(folder, 'good.dcm');
  writeFileSync(good, dicomFile(ctSlice({ seriesUid: '2.25.9001', studyUid: '2.25.9000' })));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), bytes);
  const study = await readStudy(folder);
  const isGood = ({ files }: Series): boolean => files.some(({ path }) => path === good);
  if (!study.series.some(isGood)) throw new Error('the good file beside it did not open');
  return { series: study.series.filter((each) => !isGood(each)), failure: study.failures[0] };
}
