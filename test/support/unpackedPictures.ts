import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Series } from '../../src/contract/series.ts';
import { loadFrame } from '../../src/imaging/frames/loadFrame.ts';
import { readStudy } from '../../src/imaging/readStudy.ts';
import type { Scratch } from '../../src/imaging/scan/scratch.ts';

/** A scratch folder inside a folder of a test. */
export const scratchIn = (folder: string): Scratch => ({
  folder: () => Promise.resolve(mkdtempSync(join(folder, 'part-'))),
});

/** The one series of a file. */
export async function seriesOfFile(path: string, scratch: Scratch): Promise<Series> {
  const { series } = await readStudy(path, { scratch });
  const [only] = series;
  if (only === undefined || series.length !== 1) throw new Error(`${series.length} series at ${path}`);
  return only;
}

/** Every picture of a series as Keyslice shows it, RGB by pixel, joined. */
export async function shownPictures(series: Series): Promise<Buffer> {
  const pictures: Uint8Array[] = [];
  for (const record of series.frames) {
    const file = series.files.find(({ path }) => path === record.source.path);
    if (file === undefined) throw new Error('a frame lies in no file of its series');
    const { values, samples } = await loadFrame({ record, file, unwrapped: null });
    if (!(values instanceof Uint8Array)) throw new Error('pictures have 8 bits');
    pictures.push(
      samples === 3
        ? values
        : values.reduce(
            (rgb, grey, at) => rgb.fill(grey, 3 * at, 3 * at + 3),
            new Uint8Array(3 * values.length),
          ),
    );
  }
  return Buffer.concat(pictures);
}
