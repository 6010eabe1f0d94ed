import type { Component } from 'svelte';
import Circle from '@lucide/svelte/icons/circle';
import Contrast from '@lucide/svelte/icons/contrast';
import Crosshair from '@lucide/svelte/icons/crosshair';
import Move from '@lucide/svelte/icons/move';
import Ruler from '@lucide/svelte/icons/ruler';
import TriangleRight from '@lucide/svelte/icons/triangle-right';
import ZoomIn from '@lucide/svelte/icons/zoom-in';
import { text } from '../i18n/en.ts';
import { keysOf } from '../keyboard/keys.ts';
import type { Tool } from '../viewports/tool.ts';

interface ToolButton {
  tool: Tool;
  label: string;
  icon: Component<{ size?: number | string; strokeWidth?: number }>;
  keys: string;
}

/** The tools of the header, in their order. */
export const TOOL_BUTTONS: readonly ToolButton[] = [
  { tool: 'window', label: text.tools.window, icon: Contrast, keys: keysOf('toolWindow') },
  { tool: 'zoom', label: text.tools.zoom, icon: ZoomIn, keys: keysOf('toolZoom') },
  { tool: 'pan', label: text.tools.pan, icon: Move, keys: keysOf('toolPan') },
  { tool: 'probe', label: text.tools.probe, icon: Crosshair, keys: keysOf('toolProbe') },
  { tool: 'length', label: text.tools.length, icon: Ruler, keys: keysOf('toolLength') },
  { tool: 'angle', label: text.tools.angle, icon: TriangleRight, keys: keysOf('toolAngle') },
  { tool: 'ellipse', label: text.tools.ellipse, icon: Circle, keys: keysOf('toolEllipse') },
];
