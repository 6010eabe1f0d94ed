import type { Page } from '@playwright/test';

/** Times in ms. */
export interface ScrollFigures {
  /** Images that reached the screen, of those that were asked for. */
  drawn: number;
  asked: number;
  /** The longest time without a new image while the key was held. */
  longestStillMs: number;
  /** From the last step, or from a jump, until the image asked for is on the screen. */
  settledMs: number;
}

/** Presses a key as a keyboard that repeats does, and watches what reaches the screen. */
export function holdKey(page: Page, key: string, times: number, everyMs: number): Promise<ScrollFigures> {
  return page.evaluate(
    async ({ key: code, times: count, everyMs: pause }) => {
      const viewport = document.querySelector('[data-testid="viewport"]');
      if (viewport === null) throw new Error('there is no viewport');
      const drawnAt: number[] = [];
      const watch = new MutationObserver(() => drawnAt.push(performance.now()));
      watch.observe(viewport, { attributeFilter: ['data-frame'] });
      const settled = async (): Promise<void> => {
        const slider = document.querySelector('[role="slider"]');
        const shown = (): boolean =>
          viewport.getAttribute('data-state') === 'shown' &&
          Number(viewport.getAttribute('data-frame')) + 1 === Number(slider?.getAttribute('aria-valuenow'));
        while (!shown()) await new Promise((resolve) => requestAnimationFrame(resolve));
      };
      const start = performance.now();
      for (let step = 0; step < count; step++) {
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: code, bubbles: true }));
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
      const end = performance.now();
      await settled();
      const settledMs = performance.now() - end;
      watch.disconnect();
      let longestStillMs = 0;
      let last = start;
      for (const time of drawnAt) {
        longestStillMs = Math.max(longestStillMs, time - last);
        last = time;
      }
      return { drawn: drawnAt.length, asked: count, longestStillMs, settledMs };
    },
    { key, times, everyMs },
  );
}
