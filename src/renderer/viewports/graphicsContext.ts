import { createContext } from 'svelte';
import type { ErrorReport } from '../../contract/errors.ts';
import type { Graphics } from '../cornerstone/graphics.ts';

/** Drawing for every viewport below `App`, or why there is none. */
export type GraphicsOrError = { graphics: Graphics; error: null } | { graphics: null; error: ErrorReport };

export const [getGraphics, setGraphics] = createContext<GraphicsOrError>();
