import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../../src/imaging/dicom/characterSet.ts';
import { formatPersonName } from '../../../../src/imaging/dicom/personName.ts';

const ESC = '\u001b';
const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

// The examples of PS3.5 Annexes H, I and J.
describe('decodeText', () => {
  it.each([
    ['ISO_IR 100', 'B\u00fcc^J\u00e9r\u00f4me', 'Büc^Jérôme'],
    ['ISO_IR 144', '\u00bb\u00ee\u00da', 'Люк'],
    ['ISO_IR 126', '\u00c4\u00e9\u00ef', 'Διο'],
    ['ISO_IR 192', '\u00e7\u008e\u008b', '王'],
    ['GB18030', '\u00cd\u00f5', '王'],
    ['', 'Doe^John', 'Doe^John'],
    ['UNKNOWN SET', 'caf\u00e9', 'café'],
  ])('reads %s', (set, stored, text) => {
    expect(decodeText(bytes(stored), [set])).toBe(text);
  });

  it('reads Japanese with code extensions (PS3.5 H.3.1)', () => {
    const stored = `Yamada^Tarou=${ESC}$B;3ED${ESC}(B^${ESC}$BB@O:${ESC}(B=${ESC}$B$d$^$@${ESC}(B^${ESC}$B$?$m$&${ESC}(B`;
    expect(decodeText(bytes(stored), ['', 'ISO 2022 IR 87'])).toBe('Yamada^Tarou=山田^太郎=やまだ^たろう');
  });

  it('reads half-width katakana beside kanji (PS3.5 H.3.2)', () => {
    const stored = `\u00d4\u00cf\u00c0\u00de^\u00c0\u00db\u00b3=${ESC}$B;3ED${ESC}(J^${ESC}$BB@O:${ESC}(J`;
    expect(decodeText(bytes(stored), ['ISO 2022 IR 13', 'ISO 2022 IR 87'])).toBe('ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎');
  });

  it('reads Korean, whose set ends at a delimiter (PS3.5 I.2)', () => {
    const stored = `Hong^Gildong=${ESC}$)C\u00fb\u00f3^${ESC}$)C\u00d1\u00ce\u00d4\u00d7`;
    expect(decodeText(bytes(stored), ['', 'ISO 2022 IR 149'])).toBe('Hong^Gildong=洪^吉洞');
  });

  it('reads a second single-byte set after its escape', () => {
    const stored = `Buc${ESC}-L\u00bb\u00ee${ESC}-A\u00e9`;
    expect(decodeText(bytes(stored), ['ISO 2022 IR 100', 'ISO 2022 IR 144'])).toBe('BucЛюé');
  });
});

describe('formatPersonName', () => {
  it.each([
    ['Doe^Jane', 'Doe, Jane'],
    ['Adams^John Robert Quincy^^Rev.^B.A. M.Div.', 'Adams, Rev. John Robert Quincy B.A. M.Div.'],
    ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'Yamada, Tarou (山田, 太郎)'],
    ['=王^小東', '王, 小東'],
    ['Anonymous', 'Anonymous'],
    ['^^^^', ''],
  ])('writes %s as people do', (stored, written) => {
    expect(formatPersonName(stored)).toBe(written);
  });
});
