import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/contract/frame.ts';
import { loadFrame } from '../../src/imaging/frames/loadFrame.ts';
import { MemoryBudget } from '../../src/imaging/frames/memoryBudget.ts';
import { UnwrappedFiles } from '../../src/imaging/frames/unwrappedFiles.ts';
import { readStudy } from '../../src/imaging/readStudy.ts';
import { askJudge, pythonHas } from '../support/pythonJudge.ts';
import { sharedData } from '../support/sharedData.ts';

const FILES = [
  'nema_wg04/MR1_JPLY.dcm',
  'nema_wg04/RG3_JPLY.dcm',
  'nm/NM1_JPLY.dcm',
  'pydicom_test_files/JPEG-lossy.dcm',
  'pydicom_test_files/JPGExtended.dcm',
  'transfer_syntaxes_ct/CT0012.fragmented_no_bot_jpeg_baseline.51.dcm',
  'transfer_syntaxes_ct/CTImage.dcm_JPEGProcess2_4TransferSyntax_1.2.840.10008.1.2.4.51.dcm',
  'transfer_syntaxes_ct/CTImage.dcm_JPEGProcess6_8TransferSyntax_1.2.840.10008.1.2.4.53.dcm',
  'transfer_syntaxes_ct/CTImage.dcm_JPEGProcess10_12TransferSyntax_1.2.840.10008.1.2.4.55.dcm',
];

/** RG3_JPLY overshoots its 10 stored bits: 1024, which DCMTK keeps, is 1023. */
const OVERSHOT: Readonly<Record<string, number>> = { 'nema_wg04/RG3_JPLY.dcm': 1 };

async function framesOf(path: string): Promise<Frame[]> {
  const [series] = (await readStudy(path)).series;
  if (series === undefined) throw new Error('no series');
  const files = new UnwrappedFiles(series, new MemoryBudget(2 ** 32), null);
  const frames: Frame[] = [];
  for (const record of series.frames) {
    frames[record.source.indexInFile] = await loadFrame(await files.request(record));
  }
  await files.close();
  return frames;
}

/** All frames by DCMTK, one after the other. */
function judged(path: string): Uint16Array {
  const answer = askJudge('dcmtkPixels.py', [path]) as Record<string, { values: string } | undefined>;
  const bytes = Uint8Array.from(Buffer.from(answer[path]?.values ?? '', 'base64'));
  return new Uint16Array(bytes.buffer);
}

const dcmtk = spawnSync('dcmdjpeg', ['--version']).status === 0;
if (!dcmtk) console.log('skipped: 12-bit JPEG against DCMTK: dcmdjpeg is not installed');

describe.runIf(dcmtk && pythonHas('pydicom'))('JPEG of 12 bits is what DCMTK gives', () => {
  it.each(FILES)('%s', async (name) => {
    const path = sharedData(`dicom/${name}`);
    if (path === null) {
      console.log(`skipped: ${name} is absent`);
      return;
    }
    const theirs = judged(path);
    let at = 0;
    let worst = 0;
    for (const { values } of await framesOf(path)) {
      for (const value of values) worst = Math.max(worst, Math.abs(value - (theirs[at++] ?? NaN)));
    }
    expect(at).toBe(theirs.length);
    expect(worst).toBeLessThanOrEqual(OVERSHOT[name] ?? 0);
  });
});

it('JPGExtended.dcm has its published values', async () => {
  const path = sharedData('dicom/pydicom_test_files/JPGExtended.dcm');
  if (path === null) {
    console.log('skipped: JPGExtended.dcm is absent');
    return;
  }
  const [frame] = await framesOf(path);
  const at = (row: number, column: number) => frame?.values[row * 256 + column];
  expect([at(420, 140), at(230, 120)]).toEqual([244, 95]);
});
