// Lists for a leave-patients-out cross-validation on the lung ultrasound clips of COVID-BLUES: are there B-lines?
// The clips (CC BY-NC-ND 4.0) are decoded beside the runs, which nothing but metrics leaves.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { decodeClips } from './decodeClips.mjs';

export const FOLDS = [1, 2, 3, 4];
/** Patients of the next fold that choose the epoch. */
const VALIDATION = [1, 2];

/** @typedef {{ path: string, label: string, group: string }} Clip */

/**
 * Writes NAME.fold-1.csv to NAME.fold-4.csv, and the decoded clips below `clips`. Patients are dealt out in order of their share of clips with B-lines, so
 * that every fold has both.
 * @param {string} clips folder of clips.csv
 * @param {string} folder @param {string} name
 */
export function writeFolds(clips, folder, name) {
  const all = readClips(clips, join(folder, 'clips'));
  const patients = [...new Set(all.map(({ group }) => group))].toSorted(
    (a, b) => share(all, a) - share(all, b) || Number(a) - Number(b),
  );
  mkdirSync(folder, { recursive: true });
  for (const fold of FOLDS) {
    const dealt = (/** @type {number} */ to) =>
      patients.filter((_, i) => i % FOLDS.length === to % FOLDS.length);
    const test = dealt(fold - 1);
    const val = VALIDATION.flatMap((i) => dealt(fold)[i] ?? []);
    const splitOf = (/** @type {string} */ group) =>
      test.includes(group) ? 'test' : val.includes(group) ? 'val' : 'train';
    const lines = all.map(({ path, label, group }) => [path, label, splitOf(group), group].join(','));
    writeFileSync(
      join(folder, `${name}.fold-${fold}.csv`),
      ['path,label,split,group', ...lines, ''].join('\n'),
    );
  }
}

/** @param {string} folder @param {string} decoded @returns {Clip[]} */
function readClips(folder, decoded) {
  const [header = '', ...lines] = readFileSync(join(folder, 'clips.csv'), 'utf8').trim().split('\n');
  const columns = header.trim().split(',');
  const rows = lines.map((line) => {
    const cells = line.trim().split(',');
    return (/** @type {string} */ name) => cells[columns.indexOf(name)] ?? '';
  });
  const volumes = decodeClips(
    rows.map((cell) => ({
      file: join(folder, cell('file')),
      width: Number(cell('width')),
      height: Number(cell('height')),
    })),
    decoded,
  );
  return rows.map((cell, i) => ({
    path: relative(dirname(decoded), volumes[i] ?? ''),
    label: cell('b_lines') === 'yes' ? 'B-lines' : 'no B-lines',
    group: cell('patient'),
  }));
}

/** @param {Clip[]} clips @param {string} patient */
function share(clips, patient) {
  const own = clips.filter(({ group }) => group === patient);
  return own.filter(({ label }) => label === 'B-lines').length / own.length;
}
