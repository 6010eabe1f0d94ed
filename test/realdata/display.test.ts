import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/contract/frame.ts';
import type { FrameRecord } from '../../src/contract/series.ts';
import { displayed } from '../../src/imaging/frames/displayed.ts';
import { loadFrame } from '../../src/imaging/frames/loadFrame.ts';
import { MemoryBudget } from '../../src/imaging/frames/memoryBudget.ts';
import { toModality } from '../../src/imaging/frames/toModality.ts';
import { UnwrappedFiles } from '../../src/imaging/frames/unwrappedFiles.ts';
import { defaultWindow } from '../../src/imaging/frames/voiWindow.ts';
import { readStudy } from '../../src/imaging/readStudy.ts';
import { ctSlice } from '../fixtures/ctSlice.ts';
import { dicomFile, type DicomElements } from '../fixtures/dicomFile.ts';
import { askJudge, pythonHas } from '../support/pythonJudge.ts';
import { sharedData } from '../support/sharedData.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** Per file, over all its frames; null: the file has none. */
interface Judged {
  overlay: Uint8Array | null;
  modality: Float64Array | null;
  voi: Uint8Array | null;
  colors: Uint8Array | null;
}

interface Shown {
  frame: Frame;
  record: FrameRecord;
}

function judge(path: string): Judged {
  const answer = askJudge('display.py', [path]) as Record<string, Record<string, string | null> | undefined>;
  const bytes = (name: string): Uint8Array | null => {
    const text = answer[path]?.[name] ?? null;
    return text === null ? null : Uint8Array.from(Buffer.from(text, 'base64'));
  };
  const modality = bytes('modality');
  return {
    overlay: bytes('overlay'),
    modality: modality === null ? null : new Float64Array(modality.buffer),
    voi: bytes('voi'),
    colors: bytes('colors'),
  };
}

/** Frames in the order of the file. */
async function framesOf(path: string): Promise<Shown[]> {
  const frames: Shown[] = [];
  for (const each of (await readStudy(path)).series) {
    const files = new UnwrappedFiles(each, new MemoryBudget(2 ** 30), null);
    for (const record of each.frames) {
      frames[record.source.indexInFile] = { frame: await loadFrame(await files.request(record)), record };
    }
    await files.close();
  }
  return frames;
}

const joined = (parts: readonly ArrayLike<number>[]): number[] => parts.flatMap((part) => Array.from(part));

/** Largest difference; infinite where the lengths differ. */
function largestGap(ours: readonly number[], theirs: ArrayLike<number> | null): number {
  if (ours.length !== theirs?.length) return Infinity;
  return ours.reduce((worst, value, i) => Math.max(worst, Math.abs(value - theirs[i]!)), 0);
}

const judgeIsThere = pythonHas('pydicom') && pythonHas('numpy');
const folder = temporaryFolder();

/** The path, or null with the printed reason. */
function present(file: string): string | null {
  const path = sharedData(file);
  if (path === null) console.log(`skipped: ${file} is absent`);
  return path;
}

describe.runIf(judgeIsThere)('real files', () => {
  it.each([
    'dicom/other_images/ot_overlays_six.dcm',
    'dicom/pydicom_test_files/examples_overlay.dcm',
    'dicom/pydicom_data/MR-SIEMENS-DICOM-WithOverlays.dcm',
  ])('%s has the overlays that pydicom finds', async (file) => {
    const path = present(file);
    if (path === null) return;
    const frames = await framesOf(path);
    const ours = joined(frames.map(({ frame }) => frame.overlay ?? []));
    expect(largestGap(ours, judge(path).overlay)).toBe(0);
    expect(ours.filter((bit) => bit === 1).length).toBeGreaterThan(0);
    expect(frames.flatMap(({ frame }) => frame.warnings)).toEqual([]);
  });

  it.each([
    'dicom/pydicom_data/mlut_18.dcm',
    'dicom/enhanced_mr_philips_b0map_64f/IM_0027_fMAP.dcm',
    'dicom/enhanced_ct_perfusion_2f/eCT_Supplemental.dcm',
    'dicom/pt/acrin_flt_breast_028.dcm',
    'dicom/pt/siemens_fdg_200.dcm',
    'dicom/pt/ge_modality_lut_GH610.dcm',
    'dicom/other_images/ot_overlays_six.dcm',
  ])('%s has the modality values that pydicom computes', async (file) => {
    const path = present(file);
    if (path === null) return;
    const { modality } = judge(path);
    const ours = joined((await framesOf(path)).map(({ frame }) => toModality(frame)));
    const largest = Math.max(...[...(modality ?? [])].slice(0, 1e5).map(Math.abs), 1);
    expect(largestGap(ours, modality) / largest).toBeLessThan(1e-6);
  });

  it('shows the supplemental colours of an enhanced CT, and grey below them', async () => {
    const path = present('dicom/enhanced_ct_perfusion_2f/eCT_Supplemental.dcm');
    if (path === null) return;
    const { colors } = judge(path);
    const frames = await framesOf(path);
    expect(frames.length).toBe(2);
    frames.forEach(({ frame, record }, index) => {
      expect([frame.samples, frame.dtype]).toEqual([1, 'uint16']);
      const first = frame.supplemental?.first ?? Infinity;
      const { channels, pixels } = displayed(frame, defaultWindow(record.windows));
      expect(channels).toBe(3);
      const start = index * frame.values.length * 3;
      let [coloured, wrong] = [0, 0];
      frame.values.forEach((value: number, at: number) => {
        const shown = [...pixels.subarray(3 * at, 3 * at + 3)];
        const isGrey = shown[0] === shown[1] && shown[1] === shown[2];
        const wanted = [...(colors ?? []).slice(start + 3 * at, start + 3 * at + 3)];
        if (value >= first) coloured++;
        if (value >= first ? shown.some((level, c) => level !== wanted[c]) : !isGrey) wrong++;
      });
      expect([coloured > 0, wrong]).toEqual([true, 0]);
    });
  });
});

describe.runIf(judgeIsThere)('made files are shown as pydicom shows them', () => {
  const lut = (first: number, depth: number, values: readonly number[], vr: 'US' | 'SS'): DicomElements => ({
    '00283002': [vr, [values.length, first, depth]],
    '00283003': ['LO', 'NORMAL'],
    '00283006': ['OW', Uint16Array.from(values)],
  });
  const curve = (length: number, most: number): number[] =>
    Array.from({ length }, (_, i) => Math.round(most * Math.sqrt(i / (length - 1))));
  const { '00281050': center, '00281051': width, ...bare } = ctSlice({ rows: 24, columns: 32 });

  it.each<[string, DicomElements]>([
    // Not of 8 bits: pydicom 2.3 counts their entries in 8 bits too.
    ['a VOI LUT of 10 bits', { '00283010': ['SQ', [lut(-900, 10, curve(500, 1023), 'SS')]] }],
    ['a VOI LUT of 12 bits', { '00283010': ['SQ', [lut(-1000, 12, curve(900, 4095), 'SS')]] }],
    ['a VOI LUT of 16 bits', { '00283010': ['SQ', [lut(-500, 16, curve(700, 65535), 'SS')]] }],
    ['LINEAR', { '00281050': ['DS', -300], '00281051': ['DS', 800] }],
    [
      'LINEAR_EXACT',
      { '00281050': ['DS', -300], '00281051': ['DS', 801], '00281056': ['CS', 'LINEAR_EXACT'] },
    ],
    ['SIGMOID', { '00281050': ['DS', -300], '00281051': ['DS', 500], '00281056': ['CS', 'SIGMOID'] }],
  ])('%s', async (name, elements) => {
    expect([center, width]).not.toContain(undefined);
    const path = join(folder, `${name}.dcm`);
    writeFileSync(path, dicomFile({ ...bare, ...elements }));
    const [shown] = await framesOf(path);
    if (shown === undefined) throw new Error('no frame');
    const { pixels } = displayed(shown.frame, defaultWindow(shown.record.windows));
    const { voi } = judge(path);
    expect(new Set(pixels).size).toBeGreaterThan(20);
    // Both round; at a half they may round apart.
    expect(largestGap([...pixels], voi)).toBeLessThanOrEqual(1);
  });
});
