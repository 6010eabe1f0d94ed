import { BrowserWindow } from 'electron';
import { EVENT_CHANNEL } from '../contract/channels.ts';
import type { AppEvent } from '../contract/ipc.ts';
import { APP_ORIGIN } from './appScheme.ts';
import type { Log } from './log.ts';

/** `--bg` of the page's dark theme: what is seen before the page has painted. */
const BACKGROUND = '#0b0d10';

/**
 * The one window: sandboxed, isolated, without Node, and shown only when the page has painted.
 * @param preload path of the built preload
 */
export function createWindow(preload: string, log: Log): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: BACKGROUND,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => {
    window.show();
  });
  window.webContents.on('render-process-gone', (_, { reason }) => {
    log.write(`the page's process ended: ${reason}`);
    if (reason !== 'clean-exit') window.webContents.reload();
  });
  return window;
}

export function loadPage(window: BrowserWindow): Promise<void> {
  return window.loadURL(`${APP_ORIGIN}/`);
}

/** Tells the page; a window that has been closed has nobody to tell. */
export function sendEvent(window: BrowserWindow, event: AppEvent): void {
  if (!window.isDestroyed()) window.webContents.send(EVENT_CHANNEL, event);
}
