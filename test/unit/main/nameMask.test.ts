import { describe, expect, it } from 'vitest';
import { NameMask } from '../../../src/main/nameMask.ts';

describe('names in log lines', () => {
  it('masks each piece of a learnt label, whatever its case and script', () => {
    const mask = new NameMask();
    mask.learnLabel('Müller^Änne^^Dr, 1970');
    expect(mask.mask('study of MÜLLER (änne) opened; müller.dcm')).toBe('study of *** (***) opened; ***.dcm');
  });

  it('leaves pieces alone that are too short to name anyone', () => {
    const mask = new NameMask();
    mask.learnLabel('X^Yi');
    expect(mask.mask('X-ray of a wrist by Yi')).toBe('X-ray of a wrist by Yi');
  });

  it('treats a label as text, not as a pattern', () => {
    const mask = new NameMask();
    mask.learnLabel('a.*+?$^(b]');
    expect(mask.mask('aXXXb stays, a.*+?$ goes')).toBe('aXXXb stays, *** goes');
  });

  it('takes any character in labels and paths', () => {
    const mask = new NameMask();
    const odd = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 32 + index));
    mask.learnLabel(odd);
    mask.learnLabel('CMB-CRC-01068');
    mask.learnPath(`/data/${odd}`);
    expect(mask.mask('subject CMB-CRC-01068 opened')).toBe('subject *** opened');
  });

  it('masks what lies below an opened path, with its blanks', () => {
    const mask = new NameMask();
    mask.learnPath('/data/Jane Doe');
    expect(mask.mask("cannot read '/data/Jane Doe/scan 1/IM 0001': denied")).toBe(
      "cannot read '***': denied",
    );
  });

  it.each([
    ['/home/x/doe/a.dcm was left out', '*** was left out'],
    ['reads C:\\scans\\doe\\a.dcm', 'reads ***'],
    ['12 of 98 frames, 3/4 of a second', '12 of 98 frames, 3/4 of a second'],
    ['blocked request: https://example.org', 'blocked request: https://example.org'],
  ])('masks any absolute path: %s', (line, masked) => {
    expect(new NameMask().mask(line)).toBe(masked);
  });
});
