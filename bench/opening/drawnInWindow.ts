import type { Page } from '@playwright/test';
import { RECENT_STUDY } from '../../test/e2e/support/readyToOpen.ts';

/** Ms from the click on the first recent study until its first image is drawn in the window. */
export function drawnInWindow(page: Page): Promise<number> {
  return page.evaluate(async (selector) => {
    // Cornerstone's events do not bubble; capturing sees them all the same.
    const event = (name: string): Promise<void> =>
      new Promise((resolve) => {
        const heard = (): void => {
          resolve();
        };
        document.addEventListener(`CORNERSTONE_${name}`, heard, { capture: true, once: true });
      });
    const drawn = event('STACK_NEW_IMAGE').then(() => event('IMAGE_RENDERED'));
    const start = performance.now();
    document.querySelector<HTMLElement>(selector)?.click();
    await drawn;
    return performance.now() - start;
  }, RECENT_STUDY);
}
