import { expect, test } from '../support/launch.ts';

const VERBS = [
  'appInfo',
  'cancel',
  'chooseExportTarget',
  'closeStudy',
  'compareFull',
  'exportStudy',
  'frame',
  'markViewed',
  'onEvent',
  'openDialog',
  'openDropped',
  'openRecent',
  'openSample',
  'setSelection',
  'setSettings',
  'setVerdict',
  'showExport',
  'showSeries',
  'thumbnail',
  'toggleKeyFrame',
];

test('the page is sandboxed, isolated, and has no Node, webview or spell check', async ({ launch }) => {
  const { app, page } = await launch();
  const preferences: unknown = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    // Not in Electron's types, though it has been there for years: what the page was really given.
    const read: unknown = contents === undefined ? null : Reflect.get(contents, 'getLastWebPreferences');
    return typeof read === 'function' ? (Reflect.apply(read, contents, []) as unknown) : null;
  });
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
  });
  const spelling = await app.evaluate(({ session }) => session.defaultSession.isSpellCheckerEnabled());
  expect(spelling).toBe(false);
  const globals = await page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
  );
  expect(globals).toEqual([]);
  expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(true);
});

test('the bridge has the verbs of the contract and nothing else, and cannot be changed', async ({
  launch,
}) => {
  const { page } = await launch();
  const bridge = await page.evaluate(() => {
    const keys = Object.keys(window.keyslice).sort();
    const replaced = Reflect.set(window.keyslice, 'frame', () => 'mine');
    const added = Reflect.set(window.keyslice, 'readFile', () => 'mine');
    return { keys, replaced, added, gone: Reflect.deleteProperty(window, 'keyslice') };
  });
  expect(bridge).toEqual({ keys: VERBS, replaced: false, added: false, gone: false });
});

test('inline scripts, eval and scripts from elsewhere do not run', async ({ launch }) => {
  const keyslice = await launch();
  const title = await keyslice.page.title();
  const ran = await keyslice.page.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      violations.push(event.effectiveDirective),
    );
    const inline = document.createElement('script');
    inline.textContent = 'document.title = "inline"';
    const remote = document.createElement('script');
    remote.src = 'https://example.org/a.js';
    const image = document.createElement('img');
    image.setAttribute('onerror', 'document.title = "handler"');
    image.src = 'https://example.org/a.png';
    document.body.append(inline, remote, image);
    // Evaluated code of the debugger is exempt from the policy; a timer that it sets is not.
    const evaluated = await new Promise<string>((resolve) => {
      setTimeout(() => {
        try {
          Reflect.construct(Function, ['return 1']);
          resolve('ran');
        } catch (error) {
          resolve(error instanceof Error ? error.name : 'refused');
        }
      });
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { title: document.title, evaluated, violations: violations.sort() };
  });
  expect(ran.title).toBe(title);
  expect(ran.evaluated).toBe('EvalError');
  expect(ran.violations).toEqual(
    expect.arrayContaining([
      'img-src',
      'script-src',
      'script-src-attr',
      'script-src-elem',
      'script-src-elem',
    ]),
  );
  const { exitCode, blocked } = await keyslice.close();
  expect({ exitCode, blocked }).toEqual({ exitCode: 0, blocked: [] });
});

test('the page stays where it is: no navigation, no new window, no webview', async ({ launch }) => {
  const keyslice = await launch();
  const { app, page } = keyslice;
  const address = page.url();
  const opened = await page.evaluate(async () => {
    const link = document.createElement('a');
    link.href = 'https://example.org/';
    document.body.append(link);
    link.click();
    const form = document.createElement('form');
    form.action = 'https://example.org/';
    document.body.append(form);
    form.submit();
    const frame = document.createElement('iframe');
    frame.src = 'https://example.org/';
    const webview = document.createElement('webview');
    webview.setAttribute('src', 'https://example.org/');
    document.body.append(frame, webview);
    location.href = 'file:///etc/passwd';
    const window = open('https://example.org/');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return { window: window === null, webview: 'getWebContentsId' in webview };
  });
  expect(opened).toEqual({ window: true, webview: false });
  expect(page.url()).toBe(address);
  expect(await app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);
  const { exitCode, log } = await keyslice.close();
  expect(exitCode).toBe(0);
  expect(log).toContain('refused: navigation');
  expect(log).toContain('refused: new window');
});

test('permissions are refused by request and by check', async ({ launch }) => {
  const keyslice = await launch();
  const answers = await keyslice.page.evaluate(async () => {
    const name = (error: unknown): string => (error instanceof Error ? error.name : String(error));
    const states = await Promise.all(
      (['geolocation', 'notifications', 'camera', 'microphone'] as const).map((permission) =>
        navigator.permissions.query({ name: permission }).then(({ state }) => state),
      ),
    );
    const camera = await navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'granted', name);
    const clipboard = await navigator.clipboard.readText().then(() => 'granted', name);
    return { states, camera, clipboard, notification: await Notification.requestPermission() };
  });
  expect(answers.states).toEqual(['denied', 'denied', 'denied', 'denied']);
  expect(answers.camera).not.toBe('granted');
  expect(answers.clipboard).toBe('NotAllowedError');
  expect(answers.notification).toBe('denied');
  expect((await keyslice.close()).log).toContain('refused: permission');
});
