import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { KeysliceError } from '../../src/contract/errors.ts';
import type { PixelFormat } from '../../src/contract/series.ts';
import { MemoryBudget } from '../../src/imaging/frames/memoryBudget.ts';
import { readFrameBytes } from '../../src/imaging/frames/readFrameBytes.ts';
import { UnwrappedFiles } from '../../src/imaging/frames/unwrappedFiles.ts';
import { readStudy } from '../../src/imaging/readStudy.ts';

/** The compressed bytes of the first frame of a file. */
export interface EncapsulatedFrame {
  path: string;
  transferSyntax: string;
  format: PixelFormat;
  bytes: Uint8Array;
}

/** One frame of every file of a folder that Keyslice reads and whose pixels are compressed. */
export async function encapsulatedFramesOf(folder: string): Promise<EncapsulatedFrame[]> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const frames = await Promise.all(paths.map(encapsulatedFrame));
  return frames.filter((frame) => frame !== null);
}

async function encapsulatedFrame(path: string): Promise<EncapsulatedFrame | null> {
  try {
    const [series] = (await readStudy(path)).series;
    const record = series?.frames[0];
    if (series === undefined || record?.source.encapsulated !== true) return null;
    const files = new UnwrappedFiles(series, new MemoryBudget(2 ** 32), null);
    const { file, unwrapped } = await files.request(record);
    const bytes = await readFrameBytes({ source: record.source, file, unwrapped });
    await files.close();
    return { path, transferSyntax: record.source.transferSyntax, format: record.pixel, bytes };
  } catch (thrown) {
    if (thrown instanceof KeysliceError) return null;
    throw thrown;
  }
}
