import type { RibbonColors } from './drawRibbon.ts';

/** The ribbon's colours from the tokens of the theme in force. */
export function ribbonColors(element: Element): RibbonColors {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    bar: token('--bar'),
    hover: token('--faint'),
    key: token('--key'),
    mark: token('--text'),
    focus: token('--focus'),
    ok: token('--ok'),
    bad: token('--bad'),
    line: token('--line'),
  };
}
