import { describe, expect, it } from 'vitest';
import {
  derivationText,
  numberRanges,
  reducedDescription,
} from '../../../../src/export/dicom/reducedText.ts';

const text = (bytes: Uint8Array, encoding: BufferEncoding = 'latin1'): string =>
  Buffer.from(bytes).toString(encoding);

describe('reducedDescription', () => {
  it('adds what was kept', () => {
    expect(text(reducedDescription(Buffer.from('Thorax '), '', 49, 98))).toBe('Thorax [reduced 49 of 98]');
    expect(text(reducedDescription(new Uint8Array(), '', 1, 2))).toBe('[reduced 1 of 2]');
  });

  it('cuts the source, never the statement', () => {
    const result = text(reducedDescription(Buffer.from('x'.repeat(64)), 'ISO_IR 100', 49, 98));
    expect(result).toHaveLength(64);
    expect(result).toMatch(/^x+ \[reduced 49 of 98\]$/);
  });

  it('cuts UTF-8 between characters', () => {
    const result = reducedDescription(Buffer.from('ä'.repeat(32)), 'ISO_IR 192', 49, 98);
    expect(result.length).toBeLessThanOrEqual(64);
    expect(text(result, 'utf8')).toMatch(/^ä+ \[reduced 49 of 98\]$/);
  });

  it('drops a long text whose characters it cannot tell apart', () => {
    expect(text(reducedDescription(Buffer.alloc(64, 0xb0), 'GB18030', 1, 9))).toBe('[reduced 1 of 9]');
  });
});

describe('derivationText', () => {
  it('keeps what the source says behind ours, where both fit', () => {
    expect(text(derivationText('ours', Buffer.from('theirs ')))).toBe('ours; before: theirs');
    expect(text(derivationText('ours', Buffer.alloc(1020, 0x41)))).toBe('ours');
  });

  it('never exceeds 1024 characters', () => {
    const long = derivationText('y'.repeat(3000), new Uint8Array());
    expect(long).toHaveLength(1024);
    expect(text(long)).toMatch(/\.\.\.$/);
  });
});

it('numberRanges joins runs', () => {
  expect(numberRanges([1, 2, 3, 7, 9, 10])).toBe('1-3, 7, 9-10');
});
