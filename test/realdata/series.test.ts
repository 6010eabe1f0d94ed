import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FrameRecord, Series } from '../../src/contract/series.ts';
import { loadFrame } from '../../src/imaging/frames/loadFrame.ts';
import { MemoryBudget } from '../../src/imaging/frames/memoryBudget.ts';
import { UnwrappedFiles } from '../../src/imaging/frames/unwrappedFiles.ts';
import { readStudy } from '../../src/imaging/readStudy.ts';
import { askJudge, pythonHas } from '../support/pythonJudge.ts';
import { sharedData } from '../support/sharedData.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const dicom = sharedData('dicom');
if (dicom === null) console.log('skipped: series of real studies: the shared data are not there');
const judged = dicom !== null && pythonHas('pydicom') && pythonHas('numpy');
const scratch = temporaryFolder();

type FrameId = readonly [instance: string, indexInFile: number];

/** What test/judges/series.py says of one stack. */
interface JudgedStack {
  slots: FrameId[][];
  steps: number[];
  shear: number;
  bValue: number | null;
  stack: string | null;
  type: string | null;
}

function folder(name: string): string {
  return join(dicom ?? '', name);
}
function filesOf(path: string): string[] {
  const names = readdirSync(path).filter((name) => !name.endsWith('.md'));
  return names.sort().map((name) => join(path, name));
}

/** Real folders of this file, judged at once: starting a judge takes longer than its answer. */
const JUDGED = [
  'ct_chest_lung_60',
  'ct_gantry_tilt_4',
  'ct_uneven_spacing_4',
  'enhanced_mr_stacks_12f',
  'enhanced_mr_temporal_19f',
  'mr_4d_fmri_ge_150',
  'mr_dwi_philips_b0_b1000_64',
  'mr_mixed_orientation_4',
  'mr_oblique_20_bigendian',
  'mr_oblique_20_littleendian',
  'mr_sag_mprage_192',
];
const judgements = judged ? askAbout(JUDGED.map(folder)) : {};

function askAbout(paths: readonly string[]): Record<string, { stacks: JudgedStack[] }> {
  const question = Object.fromEntries(paths.map((path) => [path, filesOf(path)]));
  return askJudge('series.py', question) as Record<string, { stacks: JudgedStack[] }>;
}

const judgeSeries = (path: string): JudgedStack[] =>
  (judgements[path] ?? askAbout([path])[path])?.stacks ?? [];

async function seriesIn(path: string): Promise<readonly Series[]> {
  return (await readStudy(path)).series;
}

const idOf = ({ sopInstanceUid, source }: FrameRecord): FrameId => [sopInstanceUid ?? '', source.indexInFile];
const warningsOf = (series: Series | undefined) =>
  series?.warnings.map(({ code, facts }) => ({ code, facts }));
const round = (value: number | undefined): number => Number((value ?? NaN).toFixed(3));
/** Phase by phase, each along the normal. */
const byPhase = ({ slots }: JudgedStack): (FrameId | undefined)[] =>
  (slots[0] ?? []).flatMap((_, phase) => slots.map((slot) => slot[phase]));

describe.skipIf(!judged)('series beside pydicom and numpy', () => {
  it.each(['mr_4d_fmri_ge_150', 'ct_chest_lung_60', 'mr_sag_mprage_192', 'mr_oblique_20_bigendian'])(
    '%s: every frame of every phase in its place',
    async (name) => {
      const [stack, ...more] = judgeSeries(folder(name));
      const [series, ...others] = await seriesIn(folder(name));
      expect([more, others]).toEqual([[], []]);
      if (stack === undefined) throw new Error('the judge finds no stack');
      expect([series?.phases, series?.framesPerPhase]).toEqual([stack.slots[0]?.length, stack.slots.length]);
      expect(series?.frames.map(idOf)).toEqual(byPhase(stack));
    },
  );

  it('an fMRI has fifteen positions at ten times, and says what it is sorted by', async () => {
    const [series] = await seriesIn(folder('mr_4d_fmri_ge_150'));
    expect(series).toMatchObject({
      phases: 10,
      framesPerPhase: 15,
      sortedBy: 'instance number, then position along the slice normal',
    });
  });

  it('a diffusion series is two b-values of 32', async () => {
    const stacks = judgeSeries(folder('mr_dwi_philips_b0_b1000_64'));
    const series = await seriesIn(folder('mr_dwi_philips_b0_b1000_64'));
    expect(series.map(({ description }) => /\(b (\d+)\)/.exec(description)?.[1])).toEqual(['0', '1000']);
    for (const [index, b] of [0, 1000].entries()) {
      const stack = stacks.find(({ bValue }) => bValue === b);
      expect(stack?.slots).toHaveLength(32);
      expect(series[index]?.frames.map(idOf)).toEqual(stack?.slots.flat());
    }
  });

  it('two stacks with three contrasts of one object are four series, each named', async () => {
    const stacks = judgeSeries(folder('enhanced_mr_stacks_12f'));
    const series = await seriesIn(folder('enhanced_mr_stacks_12f'));
    expect(series.map(({ description }) => /\((.*)\)/.exec(description)?.[1])).toEqual([
      'T2 NONE MAGNITUDE, axial',
      'T1 NONE MAGNITUDE, axial',
      'POST_CONTRAST NONE MAGNITUDE, axial',
      'coronal',
    ]);
    expect(series.map(({ frames }) => frames.map(idOf))).toEqual(stacks.map(({ slots }) => slots.flat()));
    expect(stacks.map(({ stack }) => stack)).toEqual(['1', '1', '1', '2']);
  });

  it('temporal positions of one place are a loop in their order', async () => {
    const [stack] = judgeSeries(folder('enhanced_mr_temporal_19f'));
    const [series] = await seriesIn(folder('enhanced_mr_temporal_19f'));
    expect(stack?.slots).toHaveLength(1);
    expect(series).toMatchObject({ kind: 'cine', framesPerPhase: 19, sortedBy: 'order in the file' });
    expect(series?.frames.map(idOf)).toEqual(stack?.slots[0]);
  });
});

describe.skipIf(!judged)('what is wrong with a stack, in the numbers of numpy', () => {
  it('spacing of 5 and 10 mm is uneven, and one slice is missing', async () => {
    const [stack] = judgeSeries(folder('ct_uneven_spacing_4'));
    const [series] = await seriesIn(folder('ct_uneven_spacing_4'));
    expect(stack?.steps.map(round)).toEqual([5, 5, 10]);
    expect(warningsOf(series)).toEqual([
      { code: 'SPACING_UNEVEN', facts: { min: 5, max: 10, median: 5 } },
      { code: 'SLICES_MISSING', facts: { count: 1, after: 3 } },
    ]);
    expect(series?.geometry).toMatchObject({ evenlySpaced: false, shearDegrees: 0 });
  });

  it('a gantry tilt has its angle', async () => {
    const [stack] = judgeSeries(folder('ct_gantry_tilt_4'));
    const [series] = await seriesIn(folder('ct_gantry_tilt_4'));
    expect(series?.geometry.shearDegrees).toBeCloseTo(stack?.shear ?? NaN, 6);
    expect(warningsOf(series)).toEqual([{ code: 'GANTRY_TILT', facts: { degrees: 14 } }]);
    expect(series?.geometry.sliceSpacing).toBeCloseTo(stack?.steps[1] ?? NaN, 6);
  });

  it('two orientations in one series are two series with the name of their plane', async () => {
    const stacks = judgeSeries(folder('mr_mixed_orientation_4'));
    const series = await seriesIn(folder('mr_mixed_orientation_4'));
    expect(series.map(({ description }) => description)).toEqual(['(sagittal)', '(axial)']);
    expect(series.map(({ frames }) => frames.map(idOf))).toEqual(stacks.map(({ slots }) => slots.flat()));
    for (const [index, { steps }] of stacks.entries())
      expect(series[index]?.geometry.sliceSpacing).toBeCloseTo(steps[0] ?? NaN, 6);
  });

  it('an oblique series varies by a tenth of a millimetre', async () => {
    const [stack] = judgeSeries(folder('mr_oblique_20_littleendian'));
    const [series] = await seriesIn(folder('mr_oblique_20_littleendian'));
    const steps = [...(stack?.steps ?? [])].sort((a, b) => a - b);
    expect(warningsOf(series)).toEqual([
      {
        code: 'SPACING_UNEVEN',
        facts: { min: round(steps[0]), max: round(steps[18]), median: round(steps[9]) },
      },
    ]);
  });

  /** Copies slices of the chest CT, some of them twice. */
  function copySlices(name: string, take: (index: number) => number): string {
    const target = join(scratch, name);
    mkdirSync(target);
    for (const [index, path] of filesOf(folder('ct_chest_lung_60')).slice(0, 12).entries())
      for (let copy = 0; copy < take(index); copy++) copyFileSync(path, join(target, `${index}-${copy}.dcm`));
    return target;
  }

  it('slices that were taken out of a CT are missing', async () => {
    const path = copySlices('gap', (index) => (index === 4 || index === 5 ? 0 : 1));
    const [series] = await seriesIn(path);
    const [stack] = judgeSeries(path);
    const gap = (stack?.steps ?? []).findIndex((step) => step > 4);
    expect(round(stack?.steps[gap])).toBe(7.5);
    expect(warningsOf(series)).toEqual([
      { code: 'SPACING_UNEVEN', facts: { min: 2.5, max: 7.5, median: 2.5 } },
      { code: 'SLICES_MISSING', facts: { count: 2, after: gap + 1 } },
    ]);
  });

  it('a file that lies there twice is a duplicate', async () => {
    const path = copySlices('twice', (index) => (index === 3 || index === 7 ? 2 : 1));
    const [series] = await seriesIn(path);
    expect(series).toMatchObject({ framesPerPhase: 14, phases: 1, geometry: { evenlySpaced: false } });
    expect(warningsOf(series)).toEqual([{ code: 'DUPLICATES', facts: { count: 2 } }]);
  });
});

describe.skipIf(dicom === null)('both byte orders', () => {
  async function pixelsOf(name: string): Promise<Buffer[]> {
    const [series] = await seriesIn(folder(name));
    if (series === undefined) throw new Error('no series');
    const files = new UnwrappedFiles(series, new MemoryBudget(2 ** 30), null);
    const frames = [];
    for (const record of series.frames) frames.push((await loadFrame(await files.request(record))).values);
    await files.close();
    return frames.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
  }

  it('give the same series, pixel for pixel', async () => {
    const [little, big] = [
      await pixelsOf('mr_oblique_20_littleendian'),
      await pixelsOf('mr_oblique_20_bigendian'),
    ];
    expect(little).toHaveLength(20);
    expect(little.map((frame, index) => big[index]?.equals(frame))).toEqual(little.map(() => true));
    expect(little.every((frame) => frame.some((byte) => byte !== 0))).toBe(true);
  });
});

describe.skipIf(dicom === null)('loops and single images', () => {
  it('an angiogram keeps the order of its file and its frame time', async () => {
    const [series] = await seriesIn(folder('xa_cine_96f'));
    expect(series).toMatchObject({ kind: 'cine', framesPerPhase: 96, cine: { frameTimeMs: 33 } });
    expect(series?.frames.map(({ source }) => source.indexInFile)).toEqual([...Array(96).keys()]);
    expect(series?.frames.map(({ timeMs }) => timeMs)).toEqual([...Array(96).keys()].map((at) => at * 33));
  });

  it('images of nuclear medicine without positions follow their instance numbers', async () => {
    const series = await seriesIn(folder('nm'));
    expect(series.map(({ kind, framesPerPhase, sortedBy }) => [kind, framesPerPhase, sortedBy])).toEqual([
      ['images', 1, 'instance number'],
      ['images', 2, 'instance number'],
    ]);
  });
});
