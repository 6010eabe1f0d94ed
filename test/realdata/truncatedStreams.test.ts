import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KeysliceError } from '../../src/contract/errors.ts';
import { codecFor } from '../../src/imaging/codecs/codecFor.ts';
import { sharedData } from '../support/sharedData.ts';
import { encapsulatedFramesOf } from './encapsulatedFrames.ts';
import type { EncapsulatedFrame } from './encapsulatedFrames.ts';

const FOLDERS = [
  'color_photometrics',
  'enhanced_mr_color_dti_64f',
  'enhanced_mr_j2k_multifragment_19f',
  'nema_wg04',
  'nm',
  'pt',
  'pydicom_data',
  'pydicom_test_files',
  'transfer_syntaxes_ct',
  'transfer_syntaxes_mr_mosaic',
  'us_cine',
  'xa_cine_96f',
];

const SHARES = [0.25, 0.5, 0.75, 0.95];

/** RLE has no end marker: zeros in the place of the last few bytes may be the zeros of a border. */
const UNMARKED = '1.2.840.10008.1.2.5';

/** The code of the refusal, or `decoded`. */
async function outcome({ transferSyntax, format }: EncapsulatedFrame, bytes: Uint8Array): Promise<string> {
  try {
    await codecFor(transferSyntax)(bytes, format);
    return 'decoded';
  } catch (thrown) {
    if (thrown instanceof KeysliceError) return thrown.code;
    throw thrown;
  }
}

/** What a copy of which only `share` arrived looks like: cut off, or of the right length with zeros at its end. */
function* cutCopies(frame: EncapsulatedFrame): Generator<{ what: string; bytes: Uint8Array }> {
  for (const share of SHARES) {
    const length = Math.floor(frame.bytes.length * share);
    yield { what: `cut at ${share}`, bytes: frame.bytes.slice(0, length) };
    if (frame.transferSyntax === UNMARKED && share > 0.9) continue;
    const zeros = frame.bytes.slice().fill(0, length);
    yield { what: `zeros from ${share}`, bytes: zeros };
  }
}

describe('a stream that ends early never gives a frame', () => {
  it.each(FOLDERS)('%s', async (name) => {
    const folder = sharedData(`dicom/${name}`);
    if (folder === null) {
      console.log(`skipped: truncated streams of ${name}: the folder is absent`);
      return;
    }
    const faults: string[] = [];
    let decodable = 0;
    for (const frame of await encapsulatedFramesOf(folder)) {
      if ((await outcome(frame, frame.bytes.slice())) !== 'decoded') continue;
      decodable++;
      for (const { what, bytes } of cutCopies(frame)) {
        const code = await outcome(frame, bytes);
        if (code !== 'FRAME_FAILED') faults.push(`${relative(folder, frame.path)}, ${what}: ${code}`);
      }
    }
    expect(faults).toEqual([]);
    expect(decodable).toBeGreaterThan(0);
  });
});
