import { existsSync } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { KeysliceError } from '../../contract/errors.ts';
import { type SplitName, SPLITS } from '../../ml/training/dataSet.ts';
import { CsvError, type CsvRecord, parseCsv } from './csv.ts';

/** One line of the list: a study, what it is, and whose it is. */
export interface LabelledStudy {
  /** In the list, counted from 1. */
  readonly line: number;
  /** As the list has it. */
  readonly name: string;
  /** Where it lies. */
  readonly path: string;
  readonly label: string;
  readonly split: SplitName;
  /** Patient. */
  readonly group: string;
}

export interface LabelList {
  /** Name of the file without its ending, or of its folder where the file is `labels.csv`. */
  readonly name: string;
  readonly file: string;
  readonly studies: readonly LabelledStudy[];
}

const COLUMNS = ['path', 'label', 'split', 'group'] as const;
const FILE = 'labels.csv';
const SIZE_LIMIT = 16 * 2 ** 20;
const CLASS_LIMIT = 255;
const TEXT_LIMIT = 200;

/** The list that a path stands for: the file itself, `labels.csv` in a folder, or the only CSV there. */
export async function labelFileAt(given: string): Promise<string> {
  const isFolder = await stat(given).then(
    (found) => found.isDirectory(),
    () => null,
  );
  if (isFolder === null) throw new KeysliceError('PATH_NOT_FOUND', {}, { path: given });
  if (!isFolder) return given;
  if (existsSync(path.join(given, FILE))) return path.join(given, FILE);
  const lists = (await readdir(given)).filter((name) => name.toLowerCase().endsWith('.csv'));
  const [only, ...more] = lists;
  if (only !== undefined && more.length === 0) return path.join(given, only);
  throw invalidList(
    given,
    lists.length === 0 ? `there is no ${FILE}` : `it holds several lists, none is ${FILE}`,
  );
}

/**
 * Reads and checks a list of labelled studies: a header with the columns path, label, split and group, then a line for
 * each study. Paths count from the folder of the list.
 * @throws KeysliceError PATH_NOT_FOUND, LABELS_INVALID, GROUP_IN_TWO_SPLITS
 */
export async function readLabelList(given: string): Promise<LabelList> {
  const file = await labelFileAt(given);
  const folder = path.dirname(path.resolve(file));
  const base = path.basename(file, path.extname(file));
  const name = path.basename(file) === FILE ? path.basename(folder) : base;
  const [header, ...records] = await recordsOf(file);
  if (header === undefined) throw invalidList(file, 'it is empty');
  const columns = columnsOf(file, header);
  const studies = records.map((record) => studyOf(record, columns, file, folder));
  if (studies.length === 0) throw invalidList(file, 'it names no study');
  if (new Set(studies.map(({ label }) => label)).size > CLASS_LIMIT)
    throw invalidList(file, `it has more than ${CLASS_LIMIT} labels`);
  requireDistinctPaths(file, studies);
  requireWholeGroups(file, studies);
  return { name: name.slice(0, TEXT_LIMIT), file, studies };
}

/** What is wrong with a list, on a line where it is one line's fault. */
export function invalidList(file: string, reason: string, line?: number, cause?: unknown): KeysliceError {
  const place = line === undefined ? '' : `line ${line}: `;
  return new KeysliceError('LABELS_INVALID', { reason: `${place}${reason}` }, { path: file, cause });
}

async function recordsOf(file: string): Promise<CsvRecord[]> {
  if ((await stat(file)).size > SIZE_LIMIT)
    throw invalidList(file, 'it is larger than a list of studies can be');
  const bytes = await readFile(file);
  try {
    return parseCsv(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof CsvError) throw invalidList(file, error.message, error.line, error);
    if (error instanceof TypeError) throw invalidList(file, 'it is not UTF-8 text', undefined, error);
    throw error;
  }
}

type Columns = Readonly<Record<(typeof COLUMNS)[number], number>> & { readonly count: number };

function columnsOf(file: string, { line, cells }: CsvRecord): Columns {
  const place = (name: string): number => {
    const at = cells.indexOf(name);
    if (at < 0) throw invalidList(file, `the header lacks the column ${name}`, line);
    if (cells.lastIndexOf(name) !== at)
      throw invalidList(file, `the header has the column ${name} twice`, line);
    return at;
  };
  const [pathAt, label, split, group] = COLUMNS.map(place);
  return { path: pathAt ?? 0, label: label ?? 0, split: split ?? 0, group: group ?? 0, count: cells.length };
}

function studyOf({ line, cells }: CsvRecord, columns: Columns, file: string, folder: string): LabelledStudy {
  if (cells.length !== columns.count)
    throw invalidList(file, `it has ${cells.length} cells, the header ${columns.count}`, line);
  const cell = (column: (typeof COLUMNS)[number]): string => {
    const value = cells[columns[column]] ?? '';
    if (value === '') throw invalidList(file, `the ${column} is empty`, line);
    if (column === 'label' && value.length > TEXT_LIMIT)
      throw invalidList(file, `the label is longer than ${TEXT_LIMIT} characters`, line);
    return value;
  };
  const split = SPLITS.find((one) => one === cell('split'));
  if (split === undefined)
    throw invalidList(file, `the split ${cell('split')} is none of ${SPLITS.join(', ')}`, line);
  const name = cell('path');
  const place = path.resolve(folder, name);
  if (!existsSync(place)) throw invalidList(file, `there is nothing at ${name}`, line);
  return { line, name, path: place, label: cell('label'), split, group: cell('group') };
}

function requireDistinctPaths(file: string, studies: readonly LabelledStudy[]): void {
  const lines = new Map<string, number>();
  for (const { path: place, name, line } of studies) {
    const other = lines.get(place);
    if (other !== undefined) throw invalidList(file, `${name} stands on line ${other} already`, line);
    lines.set(place, line);
  }
}

/** A patient in two splits would let a model be judged on whom it has seen. */
function requireWholeGroups(file: string, studies: readonly LabelledStudy[]): void {
  const first = new Map<string, LabelledStudy>();
  for (const study of studies) {
    const { group, split, line } = study;
    const other = first.get(group) ?? study;
    if (other.split !== split)
      throw new KeysliceError(
        'GROUP_IN_TWO_SPLITS',
        { group, first: other.split, firstLine: other.line, second: split, secondLine: line },
        { path: file },
      );
    first.set(group, other);
  }
}
