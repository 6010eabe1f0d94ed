import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDicom } from 'dicom-parser';
import { describe, expect, it } from 'vitest';
import { openPaths } from '../../src/app/open.ts';
import { studyView } from '../../src/app/studyView.ts';
import { learnStudy } from '../../src/main/learnStudy.ts';
import { Log } from '../../src/main/log.ts';
import { sharedData } from '../support/sharedData.ts';

const STUDIES = ['dicom/ct_chest_lung_60', 'dicom/mr_sag_mprage_192', 'dicom/us_cine', 'dicom/xa_cine_96f'];

/** Names and IDs of all patients of a folder, in the pieces that people would recognise. */
function identities(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.dcm'),
  );
  const fields = files.flatMap((name) => {
    const header = parseDicom(readFileSync(join(folder, name)), { untilTag: 'x7fe00010' });
    return [header.string('x00100010'), header.string('x00100020')];
  });
  const pieces = fields
    .flatMap((field) => (field ?? '').split(/[\s^]+/))
    .filter((piece) => piece.length >= 3);
  return [...new Set(pieces)];
}

describe.each(STUDIES)('a log of %s', (name) => {
  const folder = sharedData(name);
  if (folder === null) console.warn(`skipped: ${name} is not in the shared data folder`);

  it.skipIf(folder === null)('does not tell who was examined, nor where the files lie', async () => {
    const logs = mkdtempSync(join(tmpdir(), 'keyslice-mask-'));
    try {
      const pieces = identities(folder ?? '');
      expect(pieces.length).toBeGreaterThan(0);
      const study = studyView(await openPaths([folder ?? ''], {}), Number.MAX_SAFE_INTEGER);
      const log = new Log(logs, false);
      learnStudy(log.mask, study);
      for (const piece of pieces) log.write(`frame of ${piece} failed: ${folder ?? ''}/${piece} 1/a.dcm`);
      const text = readFileSync(join(logs, 'keyslice.log'), 'utf8');
      expect(text).toContain('failed');
      for (const piece of pieces) expect(text.toLowerCase()).not.toContain(piece.toLowerCase());
      expect(text).not.toContain(folder ?? '');
    } finally {
      rmSync(logs, { recursive: true });
    }
  });
});
