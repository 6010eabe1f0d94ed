import { createServer, type Server } from 'node:http';
import { expect, test } from '../support/launch.ts';

let server: Server;
let origin = '';
let hits = 0;

test.beforeAll(async () => {
  server = createServer((_, response) => {
    hits++;
    response.end('reached');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
test.afterAll(() => {
  server.close();
});

test('the policy of the page keeps it from asking a server', async ({ launch }) => {
  const keyslice = await launch();
  const fetched = await keyslice.page.evaluate(
    (address) =>
      fetch(address).then(
        () => 'reached',
        () => 'refused',
      ),
    origin,
  );
  expect(fetched).toBe('refused');
  expect((await keyslice.close()).blocked).toEqual([]);
  expect(hits).toBe(0);
});

test('where no policy holds, the gate cancels the request and records it', async ({ launch }) => {
  const keyslice = await launch();
  const results = await keyslice.app.evaluate(async ({ BrowserWindow, net }, address) => {
    const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
    await window.loadURL('data:text/html,<p>no policy</p>');
    const ask = `fetch(${JSON.stringify(address)}, { mode: 'no-cors' }).then(() => 'reached', () => 'refused')`;
    const fromPage: unknown = await window.webContents.executeJavaScript(ask);
    const socket = `new Promise((resolve) => {
      const socket = new WebSocket(${JSON.stringify(address.replace('http', 'ws'))});
      socket.onopen = () => resolve('reached');
      socket.onerror = () => resolve('refused');
    })`;
    const fromSocket: unknown = await window.webContents.executeJavaScript(socket);
    const fromMain = await net.fetch(address).then(
      () => 'reached',
      () => 'refused',
    );
    window.destroy();
    return [fromPage, fromSocket, fromMain];
  }, origin);
  expect(results).toEqual(['refused', 'refused', 'refused']);
  const { blocked } = await keyslice.close();
  expect(new Set(blocked)).toEqual(new Set([origin, origin.replace('http', 'ws')]));
  expect(hits).toBe(0);
});
