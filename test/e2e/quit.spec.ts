import { expect, test } from './support/launch.ts';

test('quitting while the engine is at work ends cleanly', async ({ launch }) => {
  const keyslice = await launch();
  const { app, page } = keyslice;
  await page.evaluate(async () => {
    const working = new Promise<void>((resolve) => {
      window.keyslice.onEvent((event) => {
        if (event.type === 'job' && event.kind === 'triage' && !event.ended) resolve();
      });
    });
    const study = await window.keyslice.openSample({});
    const series = study.ok ? study.value.series[0] : undefined;
    if (series === undefined) throw new Error('the sample study did not open');
    await window.keyslice.showSeries({ seriesId: series.id, phase: 0 });
    await working;
  });
  const ended = new Promise<[number | null, string | null]>((resolve) =>
    app.process().once('exit', (code, signal) => {
      resolve([code, signal]);
    }),
  );
  await app.evaluate((electron) => {
    electron.app.quit();
  });
  expect(await ended).toEqual([0, null]);
  expect(keyslice.log()).toMatch(/quit\n$/);
  expect(keyslice.log()).not.toContain('unhandled');
});
