/** Small files that would be large when they are unpacked: refused, or opened in the memory of what they show. */
import { once } from 'node:events';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDeflateRaw } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { KeysliceError } from '../../../../src/contract/errors.ts';
import { decodeFrame } from '../../../../src/imaging/frames/decodeFrame.ts';
import { readStudy } from '../../../../src/imaging/readStudy.ts';
import { ctSlice } from '../../../fixtures/ctSlice.ts';
import { dicomFile, type DicomElements } from '../../../fixtures/dicomFile.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { openHostile } from './openHostile.ts';

const folder = temporaryFolder();
const MEGABYTE = 2 ** 20;
const BOMB_MEGABYTES = 400;

/** A deflated DICOM file of the given header and, behind it, zeros. */
async function deflateBomb(header: Uint8Array): Promise<Uint8Array> {
  const whole = dicomFile(ctSlice(), { transferSyntax: '1.2.840.10008.1.2.1.99' });
  const meta = Buffer.from(whole).indexOf(Buffer.from('1.2.840.10008.1.2.1.99')) + 22 + 22;
  const stream = createDeflateRaw();
  const parts: Buffer[] = [];
  stream.on('data', (part: Buffer) => parts.push(part));
  stream.write(header);
  const zeros = Buffer.alloc(MEGABYTE);
  for (let count = 0; count < BOMB_MEGABYTES; count++) {
    if (!stream.write(zeros)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'end');
  return Buffer.concat([whole.subarray(0, meta), ...parts]);
}

/** Most memory that the process has held so far, in MB. */
const mostMemory = (): number => process.resourceUsage().maxRSS / 1024;

describe('a deflate bomb', () => {
  it('behind the pixels costs no memory', async () => {
    const bomb = await deflateBomb(dicomFile(ctSlice(), { preamble: false }));
    expect(bomb.length).toBeLessThan(MEGABYTE);
    const before = mostMemory();
    const { series, failure } = await openHostile(folder, bomb);
    expect({ failure, series: series.length }).toEqual({ failure: undefined, series: 1 });
    expect(mostMemory() - before).toBeLessThan(BOMB_MEGABYTES / 2);
  });

  it('in the header is refused', async () => {
    // (0021,1001) OB of 200 MB.
    const element = Buffer.from('210001104f4200000000800c', 'hex');
    const before = mostMemory();
    const { failure } = await openHostile(folder, await deflateBomb(element));
    expect(failure?.code).toBe('LIMIT_EXCEEDED');
    expect(mostMemory() - before).toBeLessThan(BOMB_MEGABYTES / 2);
  });
});

describe('a compressed frame that claims to be huge', () => {
  it.each([
    ['RLE', '1.2.840.10008.1.2.5'],
    ['JPEG', '1.2.840.10008.1.2.4.50'],
    ['JPEG lossless', '1.2.840.10008.1.2.4.70'],
    ['JPEG-LS', '1.2.840.10008.1.2.4.80'],
    ['JPEG 2000', '1.2.840.10008.1.2.4.90'],
    ['HTJ2K', '1.2.840.10008.1.2.4.201'],
  ])('%s', async (_, transferSyntax) => {
    const pixels: DicomElements = { '7FE00010': ['OB', { fragments: [new Uint8Array(128)] }] };
    for (const side of [65535, 16000]) {
      const elements = { '00280010': ['US', side], '00280011': ['US', side], ...pixels } as const;
      const { series } = await openHostile(folder, dicomFile(ctSlice({ elements }), { transferSyntax }));
      const record = series[0]?.frames[0];
      if (record === undefined) throw new Error('the header did not open');
      const before = mostMemory();
      const thrown: unknown = await decodeFrame(record, new Uint8Array(128)).catch((error: unknown) => error);
      expect(thrown instanceof KeysliceError ? thrown.code : thrown).toMatch(
        /^(LIMIT_EXCEEDED|FRAME_FAILED)$/,
      );
      expect(mostMemory() - before).toBeLessThan(200);
    }
  });
});

it('links that lead in a circle end', async () => {
  writeFileSync(join(folder, 'one.dcm'), dicomFile(ctSlice()));
  symlinkSync(folder, join(folder, 'again'));
  symlinkSync(join(folder, 'b'), join(folder, 'a'));
  symlinkSync(join(folder, 'a'), join(folder, 'b'));
  const { series, failures } = await readStudy(folder);
  expect(series.length).toBeGreaterThan(0);
  expect(failures.map(({ code }) => code)).toContain('FILE_UNREADABLE');
});
