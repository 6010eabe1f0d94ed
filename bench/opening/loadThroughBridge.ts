import type { Page } from '@playwright/test';
import type { OpeningTimes } from './times.ts';

/**
 * Opens the first recent study over the bridge, as the window does, and asks for all frames of its one series: the
 * first as the one that is looked at. The program measures features on the same pixels meanwhile.
 */
export function loadThroughBridge(page: Page): Promise<OpeningTimes> {
  return page.evaluate(async () => {
    const start = performance.now();
    const elapsed = (): number => performance.now() - start;
    const opened = await window.keyslice.openRecent({ index: 0 });
    const series = opened.ok ? opened.value.series[0] : undefined;
    if (series === undefined) throw new Error('the study was not opened');
    const decoded = new Promise<number>((resolve, reject) => {
      let count = 0;
      window.keyslice.onEvent((event) => {
        if (event.type !== 'frames') return;
        if (event.failed.length > 0) reject(new Error('a frame could not be decoded'));
        count += event.decoded.length;
        if (count === series.frames) resolve(elapsed());
      });
    });
    const frame = async (index: number): Promise<number> => {
      const answer = await window.keyslice.frame({ seriesId: series.id, frame: index, urgent: index === 0 });
      if (!answer.ok) throw new Error(answer.error.message);
      return elapsed();
    };
    const arrivals = Array.from({ length: series.frames }, (_, index) => frame(index));
    await window.keyslice.showSeries({ seriesId: series.id, phase: 0 });
    const arrived = await Promise.all(arrivals);
    return { first: arrived[0] ?? NaN, decoded: await decoded, inPage: Math.max(...arrived) };
  });
}
