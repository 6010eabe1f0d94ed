/** What the left mouse button does in a viewport. */
export const TOOLS = ['window', 'zoom', 'pan', 'probe', 'length', 'angle', 'ellipse'] as const;
export type Tool = (typeof TOOLS)[number];

/** Tools that leave a plain click free. */
export const DRAG_TOOLS: readonly Tool[] = ['window', 'zoom', 'pan'];
