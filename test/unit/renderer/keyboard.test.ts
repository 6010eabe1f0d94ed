import { describe, expect, test } from 'vitest';
import { KEYS, keysOf } from '../../../src/renderer/keyboard/keys.ts';
import { matchKey, type KeyPress } from '../../../src/renderer/keyboard/matchKey.ts';

const press = (key: string, changes: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrl: false,
  shift: false,
  alt: false,
  focus: 'elsewhere',
  ...changes,
});

describe('the table of keys', () => {
  test('no key is bound twice', () => {
    const keys = KEYS.map((binding) => binding.keys);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test('no command stands in it twice', () => {
    const commands = KEYS.map((binding) => binding.command);
    expect(new Set(commands).size).toBe(commands.length);
  });

  test('every binding has words for the help', () => {
    expect(KEYS.filter((binding) => binding.label === '')).toEqual([]);
    expect(keysOf('nextFrame')).toBe('↓');
  });

  test('every key of the table runs its command', () => {
    for (const { keys, command } of KEYS) {
      const parts = keys.split('+');
      const [key = ''] = parts.toReversed();
      const shift = parts.includes('Shift') || key === '?';
      expect(
        matchKey(
          press(key === 'Space' ? ' ' : key.toLowerCase().length === 1 ? key.toLowerCase() : key, {
            ctrl: parts.includes('Ctrl'),
            shift,
          }),
        ),
        keys,
      ).toBe(command);
    }
  });
});

describe('the focus decides', () => {
  test('letters go into a text field', () => {
    expect(matchKey(press('n', { focus: 'text' }))).toBeNull();
    expect(matchKey(press('e', { focus: 'text', ctrl: true }))).toBe('export');
  });

  test('Space activates a focused control, elsewhere it plays', () => {
    expect(matchKey(press(' ', { focus: 'control' }))).toBeNull();
    expect(matchKey(press(' '))).toBe('playPause');
  });

  test('arrows belong to a focused slider, letters do not', () => {
    expect(matchKey(press('ArrowDown', { focus: 'slider' }))).toBeNull();
    expect(matchKey(press('n', { focus: 'slider' }))).toBe('nextKey');
  });

  test('Shift is a choice with letters: B and Shift+B differ, Shift+N is nothing', () => {
    expect(matchKey(press('b'))).toBe('leftPanel');
    expect(matchKey(press('B', { shift: true }))).toBe('rightPanel');
    expect(matchKey(press('N', { shift: true }))).toBeNull();
  });

  test('Alt is left to the system', () => {
    expect(matchKey(press('n', { alt: true }))).toBeNull();
  });
});
