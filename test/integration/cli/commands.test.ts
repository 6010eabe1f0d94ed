import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { SAMPLER_NAMES } from '../../../src/contract/sampling.ts';
import { writeCtSeries } from '../../fixtures/ctSlice.ts';
import { runKeyslice } from '../../support/runKeyslice.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const folder = temporaryFolder();
const ct = join(folder, 'ct');
const sample = fileURLToPath(new URL('../../../resources/sample/study', import.meta.url));
const mask = join(sample, 'adrenal_mask');

const jsonOf = async (...args: string[]): Promise<Record<string, unknown>> => {
  const run = await runKeyslice([...args, '--json', '--quiet']);
  expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
  return run.json();
};

beforeAll(() => {
  writeCtSeries(ct, 12, { rows: 40, columns: 48 });
});

describe('keyslice info', () => {
  it('prints the documented keys, and the geometry of the files', async () => {
    const document = await jsonOf('info', ct);
    expect(Object.keys(document)).toEqual(['keyslice', 'path', 'series', 'failures']);
    const [series] = document['series'] as Record<string, unknown>[];
    expect(series).toMatchObject({
      index: 0,
      format: 'dicom',
      kind: 'volume',
      modality: 'CT',
      frames: 12,
      phases: 1,
      rows: 40,
      columns: 48,
      sliceSpacing: 2.5,
      orientation: [1, 0, 0, 0, 1, 0],
      positionFirst: [-10, -20, 0],
      positionLast: [-10, -20, 27.5],
      warnings: [],
    });
    expect(Object.keys(series ?? {})).toEqual(
      'index id studyUid format kind modality description frames phases rows columns samplesPerPixel photometric bitsStored signed transferSyntaxes pixelSpacing sliceSpacing orientation positionFirst positionLast affine frameTimeMs sortedBy warnings'.split(
        ' ',
      ),
    );
  });

  it('dumps the elements of one file', async () => {
    const document = await jsonOf('info', join(ct, 'slice-001.dcm'), '--headers');
    expect(document['elements']).toContainEqual({ tag: '(0008,0060)', vr: 'CS', value: 'CT' });
  });
});

describe('keyslice frame', () => {
  it('gives stored and modality values, and files that hold them', async () => {
    const npy = join(folder, 'frame.npy');
    const stored = await jsonOf('frame', ct, '--frame', '3', '--out', npy);
    expect(Object.keys(stored)).toEqual(
      'rows columns samples dtype min max mean sha256 sopInstanceUid sourceFrame position path'.split(' '),
    );
    const modality = await jsonOf('frame', ct, '--frame', '3', '--values', 'modality');
    expect(modality).toMatchObject({ dtype: 'float32', rows: 40, columns: 48 });
    expect(readFileSync(npy).subarray(1, 6).toString('latin1')).toBe('NUMPY');
    await jsonOf('frame', ct, '--frame', '3', '--out', join(folder, 'frame.png'));
    expect(readFileSync(join(folder, 'frame.png')).subarray(1, 4).toString('latin1')).toBe('PNG');
  });
});

describe('keyslice triage', () => {
  it('prints the documented document for a series that no task package fits', async () => {
    const document = await jsonOf('triage', ct, '--ratio', '0.25');
    expect(document).toMatchObject({
      series: { index: 0, frames: 12 },
      k: 3,
      ratio: 0.25,
      sampler: { name: 'das', package: 'general', base: 'learned', features: 'handcrafted' },
      classification: null,
      failures: [],
    });
    const { scores, selected, proposal, quality, warnings } = document as {
      scores: number[];
      selected: number[];
      proposal: number[];
      quality: { error: number; uniform: number; optimal: number };
      warnings: { code: string }[];
    };
    expect(scores).toHaveLength(12);
    expect(new Set(selected).size).toBe(3);
    expect([...selected].sort((a, b) => a - b)).toEqual(selected);
    expect(proposal).toHaveLength(3);
    expect(quality.error).toBeLessThanOrEqual(quality.uniform);
    expect(warnings.map(({ code }) => code)).toContain('OUT_OF_SCOPE');
  });

  it('classifies the mask that comes with the program, and says how the full sequence does', async () => {
    const document = await jsonOf('triage', mask, '--compare-full');
    const { classification, fullSequence } = document as {
      classification: { package: string; inScope: boolean; probabilities: number[]; label: string };
      fullSequence: { agrees: boolean; classification: { label: string } };
    };
    expect(classification).toMatchObject({ package: 'adrenal-shape', inScope: true });
    expect(classification.probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    expect(fullSequence.agrees).toBe(fullSequence.classification.label === classification.label);
  });

  it('says of a mask without a size what it is only when somebody names the object', async () => {
    const unsized = gunzipSync(readFileSync(join(mask, 'adrenal_test_0.nii.gz')));
    // No orientation, and pixdim of the three axes 1 mm, which stands for "unknown" in many masks.
    unsized.writeInt16LE(0, 252);
    unsized.writeInt16LE(0, 254);
    for (const axis of [1, 2, 3]) unsized.writeFloatLE(1, 76 + 4 * axis);
    const file = join(folder, 'unsized.nii');
    writeFileSync(file, unsized);
    const { classification, warnings } = await jsonOf('triage', file);
    expect(classification).toBeNull();
    expect(JSON.stringify(warnings)).toContain('it has to be named');
    expect((await jsonOf('triage', file, '--model', 'vessel-shape'))['classification']).toMatchObject({
      package: 'vessel-shape',
      inScope: true,
    });
  });

  it('gives no class out of scope when a package is named, but the reason and the ranking', async () => {
    const document = await jsonOf('triage', ct, '--model', 'adrenal-shape');
    expect(document['classification']).toMatchObject({
      package: 'adrenal-shape',
      inScope: false,
      label: null,
      probabilities: null,
    });
    expect((document['classification'] as { reason: string }).reason).not.toBe('');
    expect(document['selected']).toHaveLength(6);
  });

  it('prints the same bits twice, and the same selection on another engine', async () => {
    const [first, second] = [await jsonOf('triage', ct), await jsonOf('triage', ct)];
    expect(second['scores']).toEqual(first['scores']);
    expect(second['selected']).toEqual(first['selected']);
    const wasm = await jsonOf('triage', ct, '--engine', 'wasm');
    expect(wasm['selected']).toEqual(first['selected']);
    expect(wasm['engine']).toMatchObject({ sampler: { name: 'wasm' } });
  });

  it('has a sampling matrix whose rows sum to 1 and differ between temperatures of unlike series', async () => {
    const document = await jsonOf('triage', mask, '--matrix', '--k', '5');
    const matrix = document['matrix'] as number[][];
    expect(matrix).toHaveLength(5);
    for (const row of matrix) expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
    const other = await jsonOf('triage', ct, '--model', 'general');
    expect(other['temperature']).not.toBe(document['temperature']);
  });

  it('runs every sampler that needs no weights of its own', async () => {
    for (const sampler of SAMPLER_NAMES.filter((name) => name !== 'dps' && name !== 'adps')) {
      const document = await jsonOf('triage', ct, '--sampler', sampler, '--k', '4');
      expect(document['selected']).toHaveLength(sampler === 'full' ? 12 : 4);
    }
  });
});

describe('keyslice export', () => {
  it('writes the selected instances and triage.json, and nothing beside the target', async () => {
    const out = join(folder, 'out');
    const document = await jsonOf('export', ct, '--out', out, '--k', '4');
    const { files, selected, selectedSource } = document as {
      files: { path: string; kind: string }[];
      selected: number[];
      selectedSource: number[];
    };
    expect(Object.keys(document)).toEqual(['out', 'files', 'selected', 'selectedSource', 'warnings']);
    expect(selected).toHaveLength(4);
    expect(selectedSource).toEqual([0, 0, 0, 0]);
    expect(files.filter(({ kind }) => kind === 'dicom')).toHaveLength(4);
    expect(files.every(({ path }) => existsSync(path))).toBe(true);
    const again = await jsonOf('info', out);
    expect(again['series']).toMatchObject([{ frames: 4, modality: 'CT' }]);
    const triage = JSON.parse(readFileSync(join(out, 'triage.json'), 'utf8')) as Record<string, unknown>;
    expect(triage).toMatchObject({ use: 'research use, not for diagnosis', selected, k: 4 });
    expect(triage['sources']).toHaveLength(12);
    expect(readdirSync(folder).filter((name) => name.includes('tmp') || name.startsWith('.'))).toEqual([]);
  });

  it('writes the frames that a person names, and a NIfTI from a NIfTI', async () => {
    const out = join(folder, 'byHand');
    expect(await jsonOf('export', mask, '--out', out, '--frames', '9,4,12')).toMatchObject({
      selected: [4, 9, 12],
      selectedSource: [4, 9, 12],
    });
    expect(readdirSync(out).some((name) => name.endsWith('.nii.gz'))).toBe(true);
  });
});

describe('keyslice models', () => {
  it('lists and verifies what comes with the program', async () => {
    const { models } = (await jsonOf('models')) as { models: { id: string; ok: boolean }[] };
    expect(models.map(({ id, ok }) => [id, ok])).toEqual(
      expect.arrayContaining([
        ['adrenal-shape', true],
        ['general', true],
        ['vessel-shape', true],
      ]),
    );
    expect((await runKeyslice(['models', 'verify'])).code).toBe(0);
    expect(await jsonOf('models', 'show', 'general')).toMatchObject({ id: 'general', schema: 1 });
  });
});

describe('Ctrl+C', () => {
  it('ends with 130 and leaves nothing', async () => {
    const big = join(folder, 'big');
    writeCtSeries(big, 120, { rows: 256, columns: 256 });
    const out = join(folder, 'cancelled');
    const run = await runKeyslice(['export', big, '--out', out, '--json'], {
      onStart: (child) => {
        child.stderr?.once('data', () => child.kill('SIGINT'));
      },
    });
    expect(run.code).toBe(130);
    expect(run.json()).toMatchObject({ error: { code: 'CANCELLED' } });
    expect(existsSync(out)).toBe(false);
  });
});
