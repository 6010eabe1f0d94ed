import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CsvError, parseCsv } from '../../../../src/app/labelled/csv.ts';
import { readLabelList } from '../../../../src/app/labelled/labelList.ts';
import { valueRange } from '../../../../src/app/labelled/valueRange.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const root = temporaryFolder();

beforeAll(() => {
  for (const name of ['a', 'b', 'c', 'd, e']) mkdirSync(join(root, name));
});

function list(text: string | Uint8Array, name = 'labels.csv'): string {
  writeFileSync(join(root, name), text);
  return join(root, name);
}

describe('comma-separated values', () => {
  it('are cells and records, quoted or not, with any line end, without the byte order mark', () => {
    expect(
      parseCsv('\ufeffpath,label\r\n"a, b","say ""yes""\nagain"\n\n c , d \n').map(({ cells }) => cells),
    ).toEqual([
      ['path', 'label'],
      ['a, b', 'say "yes"\nagain'],
      ['c', 'd'],
    ]);
    expect(parseCsv('a\n"b\nc"\nd').map(({ line }) => line)).toEqual([1, 2, 4]);
    expect(parseCsv('a,\n').map(({ cells }) => cells)).toEqual([['a', '']]);
  });

  it.each([
    ['a,b\nc,"d', 2, 'never closed'],
    ['a,b\n\nc d",e', 3, 'amid a cell'],
    ['"a"b,c', 1, 'a comma or the end'],
  ])('that guess at quotes are refused with the line: %j', (text, line, reason) => {
    let thrown: unknown;
    try {
      parseCsv(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(CsvError);
    expect(thrown).toMatchObject({ line, message: expect.stringContaining(reason) as string });
  });
});

describe('a list of labelled studies', () => {
  it('takes its columns by name, paths from its own folder, and is found by its folder', async () => {
    list('group,path,remark,label,split\np1,a,,sick,train\np2,"d, e",x,well,test\n');
    const { name, studies } = await readLabelList(root);
    expect(studies).toEqual([
      { line: 2, name: 'a', path: join(root, 'a'), label: 'sick', split: 'train', group: 'p1' },
      { line: 3, name: 'd, e', path: join(root, 'd, e'), label: 'well', split: 'test', group: 'p2' },
    ]);
    expect(root.endsWith(name)).toBe(true);
    const other = await readLabelList(list('path,label,split,group\na,x,val,p\n', 'lines.fold-1.csv'));
    expect(other.name).toBe('lines.fold-1');
  });

  it.each([
    ['has no column group', 'path,label,split\na,x,train\n', 'column group'],
    ['has a column twice', 'path,label,split,group,label\n', 'twice'],
    ['is empty', '', 'empty'],
    ['names no study', 'path,label,split,group\n', 'no study'],
    ['has a line that is too short', 'path,label,split,group\na,x,train\n', 'line 2: it has 3 cells'],
    ['has an empty group', 'path,label,split,group\na,x,train,\n', 'line 2: the group is empty'],
    ['has an unknown split', 'path,label,split,group\na,x,validation,p\n', 'line 2: the split validation'],
    [
      'names what is not there',
      'path,label,split,group\na,x,train,p\nz,x,train,p\n',
      'line 3: there is nothing at z',
    ],
    [
      'names a study twice',
      'path,label,split,group\na,x,train,p\n./a,x,train,p\n',
      'line 3: ./a stands on line 2',
    ],
    ['is no text', Uint8Array.of(0x70, 0xff, 0xfe), 'UTF-8'],
  ])('that %s is LABELS_INVALID', async (_, text, reason) => {
    await expect(readLabelList(list(text))).rejects.toMatchObject({
      code: 'LABELS_INVALID',
      path: join(root, 'labels.csv'),
      message: expect.stringContaining(reason) as string,
    });
  });

  it('with a patient in two splits is refused, naming patient, splits and lines', async () => {
    const text = 'path,label,split,group\na,x,train,p1\nb,y,train,p2\nc,x,test,p1\n';
    await expect(readLabelList(list(text))).rejects.toMatchObject({
      code: 'GROUP_IN_TWO_SPLITS',
      facts: { group: 'p1', first: 'train', firstLine: 2, second: 'test', secondLine: 4 },
    });
  });

  it('that is not there is PATH_NOT_FOUND', async () => {
    await expect(readLabelList(join(root, 'none'))).rejects.toMatchObject({ code: 'PATH_NOT_FOUND' });
  });
});

describe('the range of values', () => {
  it('leaves out the tails, falls back to the extremes, and is never empty', () => {
    const ramp = Float32Array.from({ length: 1001 }, (_, i) => i);
    expect(valueRange([ramp])).toEqual([5, 995]);
    const mask = new Float32Array(10_000);
    mask[7] = 1;
    expect(valueRange([mask])).toEqual([0, 1]);
    expect(valueRange([new Float32Array(10)])).toEqual([0, 1]);
    expect(valueRange([Float32Array.of(NaN, 3, 5, NaN)])).toEqual([3, 5]);
  });
});
