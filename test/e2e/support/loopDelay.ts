import type { ElectronApplication } from '@playwright/test';

export interface LoopDelay {
  /** Ends the watch. */
  stop: () => Promise<{ longestMs: number }>;
}

/** Watches the main process's event loop: how late a timer of 10 ms comes there at most. */
export async function loopDelay(app: ElectronApplication): Promise<LoopDelay> {
  const histogram = await app.evaluateHandle(() => {
    const watched = process.getBuiltinModule('node:perf_hooks').monitorEventLoopDelay({ resolution: 10 });
    watched.enable();
    return watched;
  });
  return {
    stop: () =>
      histogram.evaluate((watched) => {
        watched.disable();
        return { longestMs: watched.max / 1e6 };
      }),
  };
}
