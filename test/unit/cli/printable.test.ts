import { expect, it } from 'vitest';
import { printable, printableJson } from '../../../src/cli/printable.ts';

const HOSTILE = [
  ['a sequence that clears the screen', '\x1b[2J'],
  ['the same in one byte', '\u009b2J'],
  ['a title of the terminal', '\x1b]0;owned\x07'],
  ['a line of its own', 'A\nerror: B\r'],
  ['text that runs backwards', 'abc\u202egpj.exe'],
  ['an isolate', 'a\u2066b\u2069'],
  ['a zero byte', 'A\0B'],
  ['line and paragraph separators', 'A\u2028B\u2029'],
] as const;

it.each(HOSTILE)('shows %s as text', (_, text) => {
  expect(printable(text)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
});

it.each(HOSTILE)('keeps %s in JSON, escaped', (_, text) => {
  const json = printableJson({ text });
  expect(json).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
  expect(JSON.parse(json)).toEqual({ text });
});

it('leaves names in every script as they are', () => {
  const names = 'Müller^Jörg · 山田^太郎 · שלום · Ελλάδα · 512 × 512';
  expect(printable(names)).toBe(names);
});
