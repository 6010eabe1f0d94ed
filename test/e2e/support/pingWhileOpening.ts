import type { Page } from '@playwright/test';
import { RECENT_STUDY } from './readyToOpen.ts';

export interface PingFigures {
  /** From the click to scores, selection and result. */
  triagedMs: number;
  /** Answers of the main process meanwhile, in the order they were asked for. */
  answerMs: number[];
}

const EVERY_MS = 20;

/**
 * Opens the first recent study as a person does, and asks the main process for a trifle every 20 ms until the study is
 * triaged. The page's own pauses count as well: what a person would feel.
 */
export function pingWhileOpening(page: Page): Promise<PingFigures> {
  return page.evaluate(
    async ({ selector, everyMs }) => {
      const answerMs: number[] = [];
      const ping = async (): Promise<void> => {
        const asked = performance.now();
        await window.keyslice.cancel({ job: 'none' });
        answerMs.push(performance.now() - asked);
      };
      const triaged = new Promise<void>((resolve, reject) => {
        window.keyslice.onEvent((event) => {
          if (event.type === 'triage' && event.triage.state === 'final') resolve();
          if (event.type === 'triageFailed' || event.type === 'openFailed')
            reject(new Error(event.error.message));
        });
      });
      const start = performance.now();
      document.querySelector<HTMLElement>(selector)?.click();
      const timer = setInterval(() => void ping(), everyMs);
      await triaged.finally(() => {
        clearInterval(timer);
      });
      return { triagedMs: performance.now() - start, answerMs };
    },
    { selector: RECENT_STUDY, everyMs: EVERY_MS },
  );
}
