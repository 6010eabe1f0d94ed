import { toKeysliceError } from '../../contract/errors.ts';
import { Graphics, type FetchFrame } from '../cornerstone/graphics.ts';
import { warmUp } from '../cornerstone/warmUp.ts';
import type { GraphicsOrError } from './graphicsContext.ts';

const MEGABYTE = 1024 * 1024;
/** Images on this side are copies of what the program keeps under the budget: they have half as much again. */
const SHARE = 0.5;
const FIRST_BUDGET_MB = 512;

/** Starts drawing; without WebGL 2 the window works on without pictures. */
export function startGraphics(
  fetch: FetchFrame,
): GraphicsOrError & { setBudget: (megabytes: number) => void } {
  try {
    const graphics = new Graphics(fetch, FIRST_BUDGET_MB * MEGABYTE * SHARE);
    requestIdleCallback(() => {
      graphics.warm(() => warmUp(graphics));
    });
    return {
      graphics,
      error: null,
      setBudget: (megabytes) => {
        graphics.setBudget(megabytes * MEGABYTE * SHARE);
      },
    };
  } catch (thrown) {
    return { graphics: null, error: toKeysliceError(thrown).report(), setBudget: () => undefined };
  }
}
