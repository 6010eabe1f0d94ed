import { describe, expect, it } from 'vitest';
import { codecFor } from '../../../../src/imaging/codecs/codecFor.ts';
import { transferSyntax, unsupportedSyntax } from '../../../../src/imaging/dicom/transferSyntaxes.ts';
import { undecodedName } from '../../../../src/imaging/dicom/undecodedSyntaxes.ts';
import { askJudge, pythonHas } from '../../../support/pythonJudge.ts';

describe('transfer syntaxes', () => {
  it.runIf(pythonHas('pydicom'))('have the names of PS3.6, as far as pydicom knows them', () => {
    const known = Object.entries(askJudge('transferSyntaxes.py', null) as Record<string, string>);
    const ours = known.map(([uid]) => [uid, transferSyntax(uid)?.name ?? undecodedName(uid)]);
    expect(ours).toEqual(known);
    expect(known.length).toBeGreaterThan(40);
  });

  it.each([
    ['1.2.840.10008.1.2.4.110', 'JPEG XL Lossless'],
    ['1.2.840.10008.1.2.4.112', 'JPEG XL'],
    ['1.2.840.10008.1.2.4.94', 'JPIP Referenced'],
    ['1.2.840.10008.1.2.4.204', 'JPIP HTJ2K Referenced'],
    ['1.2.840.10008.1.2.4.66', 'JPEG Lossless, Hierarchical (Process 29)'],
    ['1.3.46.670589.33.1.4.1', 'private or unknown'],
  ])('%s is refused by its UID and as %s', (uid, name) => {
    expect(transferSyntax(uid)).toBeNull();
    expect(() => codecFor(uid)).toThrow(`The compression ${uid} (${name}) cannot be decoded.`);
    expect(unsupportedSyntax(uid).facts).toEqual({ uid, name });
  });

  it.each(['50', '51', '53', '55', '57', '70', '80', '81', '90', '91', '201', '202', '203'])(
    '1.2.840.10008.1.2.4.%s has a codec',
    (suffix) => {
      expect(codecFor(`1.2.840.10008.1.2.4.${suffix}`)).toBeTypeOf('function');
    },
  );
});
