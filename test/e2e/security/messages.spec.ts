import { expect, test } from '../support/launch.ts';

test('a page of another origin is refused, though it has the preload', async ({ launch }) => {
  const keyslice = await launch();
  const answer: unknown = await keyslice.app.evaluate(async ({ app, BrowserWindow }) => {
    const preload = `${app.getAppPath()}/out/preload/index.cjs`;
    const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
    await stranger.loadURL('data:text/html,<p>stranger</p>');
    const result: unknown = await stranger.webContents.executeJavaScript('keyslice.openSample({})');
    stranger.destroy();
    return result;
  });
  expect(answer).toMatchObject({ ok: false, error: { code: 'MESSAGE_REFUSED' } });
  expect(keyslice.log()).toContain('openSample: MESSAGE_REFUSED');
});

test('a frame inside the page has no bridge', async ({ launch }) => {
  const { page } = await launch();
  const found = await page.evaluate(async () => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    await new Promise((resolve) => setTimeout(resolve, 200));
    return frame.contentWindow !== null && 'keyslice' in frame.contentWindow;
  });
  expect(found).toBe(false);
});

test('malformed requests come back with a code, and the program goes on', async ({ launch }) => {
  const keyslice = await launch();
  const codes = await keyslice.page.evaluate(async () => {
    const ask = (verb: 'showSeries' | 'frame' | 'setSettings', request: unknown): Promise<unknown> =>
      Reflect.apply(window.keyslice[verb], undefined, [request]) as Promise<unknown>;
    return Promise.all([
      ask('showSeries', null),
      ask('showSeries', { seriesId: 1, phase: 'x' }),
      ask('frame', { seriesId: 'a', frame: -1, urgent: true }),
      ask('frame', { seriesId: 'a', frame: 1e9, urgent: true, path: '/etc/passwd' }),
      ask('setSettings', { memoryMb: 1e12 }),
      ask('setSettings', { theme: 'dark', dataFolder: '/tmp' }),
    ]);
  });
  for (const answer of codes) expect(answer).toMatchObject({ ok: false, error: { code: 'MESSAGE_REFUSED' } });
  expect(await keyslice.page.evaluate(async () => (await window.keyslice.appInfo({})).ok)).toBe(true);
  const { exitCode, log } = await keyslice.close();
  expect(exitCode).toBe(0);
  expect(log.match(/MESSAGE_REFUSED/g)).toHaveLength(6);
});

test('the page cannot name a path: nothing that nobody opened is read, shown or written', async ({
  launch,
}) => {
  const keyslice = await launch();
  const answers = await keyslice.page.evaluate(async () => [
    await window.keyslice.showExport({ out: '/etc' }),
    await window.keyslice.exportStudy({ seriesId: '/etc', phase: 0, formats: [] }),
    await window.keyslice.frame({ seriesId: '/etc/passwd', frame: 0, urgent: true }),
    await window.keyslice.openRecent({ index: 7 }),
    await window.keyslice.openDropped([new File(['x'], '/etc/passwd')]),
  ]);
  expect(answers.map((answer) => (answer.ok ? 'ok' : answer.error.code))).toEqual([
    'PATH_NOT_OPENED',
    'PATH_NOT_OPENED',
    'PATH_NOT_OPENED',
    'PATH_NOT_OPENED',
    'MESSAGE_REFUSED',
  ]);
  expect((await keyslice.close()).exitCode).toBe(0);
});

test("the app's scheme serves the page's own files only", async ({ launch }) => {
  const keyslice = await launch();
  const statuses = await keyslice.page.evaluate(async () => {
    const status = (path: string): Promise<number | string> =>
      fetch(path).then(
        (response) => response.status,
        () => 'refused',
      );
    return Promise.all(
      [
        '/index.html',
        '/..%2f..%2fpackage.json',
        '/%2e%2e/%2e%2e/package.json',
        '/..%5c..%5cpackage.json',
        '/../main/index.js',
        '//etc/passwd',
        'keyslice://other/index.html',
      ].map(status),
    );
  });
  expect(statuses).toEqual([200, 404, 404, 404, 404, expect.anything(), expect.anything()]);
  expect(statuses.slice(5)).not.toContain(200);
  await keyslice.close();
});
