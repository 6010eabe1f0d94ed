/** The peer's window: as Keyslice's, and served under the same scheme with the same headers. */
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, session } from 'electron';
import { APP_ORIGIN, registerAppScheme, serveApp } from '../../src/main/appScheme.ts';

registerAppScheme();

async function start(): Promise<void> {
  serveApp(session.defaultSession, fileURLToPath(new URL('page', import.meta.url)), null);
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false },
  });
  await window.loadURL(`${APP_ORIGIN}/peer.html`);
}

app.on('window-all-closed', () => {
  app.quit();
});
void app.whenReady().then(start);
