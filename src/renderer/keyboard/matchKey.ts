import { KEYS, type Command } from './keys.ts';

/** What of a key press and of the focus decides which command runs. */
export interface KeyPress {
  key: string;
  ctrl: boolean;
  shift: boolean;
  alt: boolean;
  /** `text`: typing goes there; `control`: a button, slider or link that uses Space, arrows and Home/End itself. */
  focus: 'text' | 'control' | 'slider' | 'elsewhere';
}

const SLIDER_KEYS: readonly string[] = [
  'ArrowDown',
  'ArrowUp',
  'ArrowRight',
  'ArrowLeft',
  'PageDown',
  'PageUp',
  'Home',
  'End',
];
const COMMANDS = new Map(KEYS.map(({ keys, command }) => [keys, command]));

/** The command of a key press; null when the focused control keeps it or nothing is bound. */
export function matchKey(press: KeyPress): Command | null {
  if (press.alt) return null;
  if (press.focus === 'text' && !press.ctrl) return null;
  if (press.key === ' ' && press.focus !== 'elsewhere') return null;
  if (press.focus === 'slider' && SLIDER_KEYS.includes(press.key)) return null;
  return COMMANDS.get(nameOf(press)) ?? null;
}

function nameOf({ key, ctrl, shift }: KeyPress): string {
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key;
  // Shift is part of how a sign such as ? is typed; only with letters and named keys is it a choice.
  const isSign = name.length === 1 && name.toLowerCase() === name.toUpperCase();
  return `${ctrl ? 'Ctrl+' : ''}${shift && !isSign ? 'Shift+' : ''}${name}`;
}

/** What the focused element does with keys. The ribbon is a slider that moves frames, as the window does. */
export function focusKind(element: Element | null): KeyPress['focus'] {
  if (element === null) return 'elsewhere';
  const tag = element.tagName;
  const type = tag === 'INPUT' ? (element.getAttribute('type') ?? 'text') : '';
  if (type === 'range' || tag === 'SELECT') return 'slider';
  if (tag === 'TEXTAREA' || (tag === 'INPUT' && type !== 'checkbox' && type !== 'radio')) return 'text';
  const interactive = tag === 'BUTTON' || tag === 'A' || tag === 'INPUT' || tag === 'SUMMARY';
  return interactive ? 'control' : 'elsewhere';
}
