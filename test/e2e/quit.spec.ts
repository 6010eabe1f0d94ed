import type { ElectronApplication } from '@playwright/test';
import { expect, test } from './support/launch.ts';

/** Quits as the menu does; the exit code and the signal, if one ended the process. */
async function quit(app: ElectronApplication): Promise<[number | null, string | null]> {
  const ended = new Promise<[number | null, string | null]>((resolve) =>
    app.process().once('exit', (code, signal) => {
      resolve([code, signal]);
    }),
  );
  await app.evaluate((electron) => {
    electron.app.quit();
  });
  return ended;
}

test('quitting while frames stream in and the engine ranks them ends cleanly', async ({ launch }) => {
  const keyslice = await launch();
  const states = await keyslice.page.evaluate(async () => {
    const seen: string[] = [];
    const ranking = new Promise<void>((resolve) => {
      window.keyslice.onEvent((event) => {
        if (event.type !== 'triage') return;
        seen.push(event.triage.state);
        resolve();
      });
    });
    const study = await window.keyslice.openSample({});
    const series = study.ok ? study.value.series[0] : undefined;
    if (series === undefined) throw new Error('the sample study did not open');
    await window.keyslice.showSeries({ seriesId: series.id, phase: 0 });
    await ranking;
    return seen;
  });
  expect(states).toEqual(['streaming']);
  expect(await quit(keyslice.app)).toEqual([0, null]);
  expect(keyslice.log()).toMatch(/quit\n$/);
  expect(keyslice.log()).not.toContain('unhandled');
});

test('quitting while the engines are being tried ends cleanly', async ({ launch }) => {
  const keyslice = await launch();
  await keyslice.page.evaluate(() => void window.keyslice.appInfo({}));
  expect(await quit(keyslice.app)).toEqual([0, null]);
  expect(keyslice.log()).toMatch(/quit\n$/);
  expect(keyslice.log()).not.toContain('unhandled');
});
