// Lists for a leave-patients-out cross-validation on the lung ultrasound clips of COVID-BLUES: are there B-lines?
// The clips (CC BY-NC-ND 4.0) are decoded where they lie; the lists name them, and nothing of them is kept.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const FOLDS = [1, 2, 3, 4];
/** Patients of the next fold that choose the epoch. */
const VALIDATION = [1, 2];

/** @typedef {{ path: string, label: string, group: string }} Clip */

/**
 * Writes NAME.fold-1.csv to NAME.fold-4.csv. Patients are dealt out in order of their share of clips with B-lines, so
 * that every fold has both.
 * @param {string} clips folder of clips.csv
 * @param {string} folder @param {string} name
 */
export function writeFolds(clips, folder, name) {
  const all = readClips(clips);
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

/** @param {string} folder @returns {Clip[]} */
function readClips(folder) {
  const [header = '', ...lines] = readFileSync(join(folder, 'clips.csv'), 'utf8').trim().split('\n');
  const columns = header.trim().split(',');
  return lines.map((line) => {
    const cells = line.trim().split(',');
    const cell = (/** @type {string} */ name) => cells[columns.indexOf(name)] ?? '';
    const label = cell('b_lines') === 'yes' ? 'B-lines' : 'no B-lines';
    return { path: join(folder, cell('file')), label, group: cell('patient') };
  });
}

/** @param {Clip[]} clips @param {string} patient */
function share(clips, patient) {
  const own = clips.filter(({ group }) => group === patient);
  return own.filter(({ label }) => label === 'B-lines').length / own.length;
}
