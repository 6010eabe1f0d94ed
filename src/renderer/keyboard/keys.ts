import { text } from '../i18n/en.ts';

export type Command = Exclude<keyof typeof text.commands, 'preset'> | `preset${number}`;
export type KeyGroup = keyof typeof text.help.groups;

export interface KeyBinding {
  /** `Ctrl+`, `Shift+`, then `KeyboardEvent.key`; letters in upper case. */
  keys: string;
  command: Command;
  group: KeyGroup;
  label: string;
}

const bind = (keys: string, command: Exclude<Command, `preset${number}`>, group: KeyGroup): KeyBinding => ({
  keys,
  command,
  group,
  label: text.commands[command],
});

const PRESET_KEYS: readonly KeyBinding[] = Array.from({ length: 9 }, (_, index) => ({
  keys: String(index + 1),
  command: `preset${index}` as const,
  group: 'window' as const,
  label: text.commands.preset(String(index + 1)),
}));

/** The one table of keys: what is bound here is what the help shows. */
export const KEYS: readonly KeyBinding[] = [
  bind('ArrowDown', 'nextFrame', 'move'),
  bind('ArrowUp', 'previousFrame', 'move'),
  bind('PageDown', 'pageForward', 'move'),
  bind('PageUp', 'pageBack', 'move'),
  bind('Home', 'firstFrame', 'move'),
  bind('End', 'lastFrame', 'move'),
  bind('ArrowRight', 'nextPhase', 'move'),
  bind('ArrowLeft', 'previousPhase', 'move'),
  bind('Shift+ArrowDown', 'nextSeries', 'move'),
  bind('Shift+ArrowUp', 'previousSeries', 'move'),
  bind('N', 'nextKey', 'keys'),
  bind('P', 'previousKey', 'keys'),
  bind('K', 'toggleKey', 'keys'),
  bind('Space', 'playPause', 'cine'),
  bind('[', 'slower', 'cine'),
  bind(']', 'faster', 'cine'),
  ...PRESET_KEYS,
  bind('W', 'toolWindow', 'tools'),
  bind('Z', 'toolZoom', 'tools'),
  bind('H', 'toolPan', 'tools'),
  bind('D', 'toolProbe', 'tools'),
  bind('L', 'toolLength', 'tools'),
  bind('A', 'toolAngle', 'tools'),
  bind('O', 'toolEllipse', 'tools'),
  bind('I', 'invert', 'window'),
  bind('G', 'overlay', 'window'),
  bind('R', 'reset', 'window'),
  bind('V', 'mpr', 'view'),
  bind('F', 'imageOnly', 'view'),
  bind('B', 'leftPanel', 'view'),
  bind('Shift+B', 'rightPanel', 'view'),
  bind('Ctrl+O', 'openFolder', 'file'),
  bind('Ctrl+Shift+O', 'openFiles', 'file'),
  bind('Ctrl+E', 'export', 'file'),
  bind('?', 'help', 'file'),
];

const SHOWN: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowRight: '→',
  ArrowLeft: '←',
  'Shift+ArrowDown': 'Shift+↓',
  'Shift+ArrowUp': 'Shift+↑',
  PageDown: 'PgDn',
  PageUp: 'PgUp',
};

/** The keys as people read them. */
export function shownKeys(keys: string): string {
  return SHOWN[keys] ?? keys;
}

/** The shown keys of a command; empty where it has none. */
export function keysOf(command: Command): string {
  const binding = KEYS.find((candidate) => candidate.command === command);
  return binding === undefined ? '' : shownKeys(binding.keys);
}
