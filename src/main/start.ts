import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, Menu, session, type BrowserWindow } from 'electron';
import { findInstallation } from '../app/findInstallation.ts';
import { Session } from '../app/session.ts';
import { toKeysliceError } from '../contract/errors.ts';
import type { AppEvent } from '../contract/ipc.ts';
import { ChromiumVideo } from './chromiumVideo.ts';
import { serveApp } from './appScheme.ts';
import { makeHandlers, openPaths } from './handlers.ts';
import { listen } from './ipc.ts';
import { Log } from './log.ts';
import { menuTemplate } from './menuTemplate.ts';
import type { OpenRequests } from './openRequests.ts';
import { guardPages } from './pageGuards.ts';
import { PrivateFolder } from './privateFolder.ts';
import { quitAfter } from './quit.ts';
import { runtimeInfo } from './runtimeInfo.ts';
import { guardSession } from './sessionGuards.ts';
import { createWindow, loadPage, sendEvent } from './window.ts';

export interface StartOptions {
  /** Folder of the built main process, `out/main/`. */
  built: URL;
  devServer: string | null;
  requests: OpenRequests;
}

/** Brings the program up, guards first, the page last. */
export async function start({ built, devServer, requests }: StartOptions): Promise<void> {
  const dataFolder = app.getPath('userData');
  const log = openLog(dataFolder);
  ownTemporaryFolder(dataFolder);
  guardPages(app, log);
  guardSession(session.defaultSession, devServer, log);
  serveApp(session.defaultSession, fileURLToPath(new URL('../renderer', built)), devServer);

  const window = createWindow(fileURLToPath(new URL('../preload/index.cjs', built)), log);
  const emit = emitterTo(window);
  const keyslice = await Session.start({
    installation: findInstallation(built),
    dataFolder,
    videoDecoder: new ChromiumVideo(window, fileURLToPath(new URL('../preload/video.cjs', built)), log),
    emit,
    log: (line) => {
      log.write(line);
    },
  });
  quitAfter(app, () => close(window, keyslice, log));
  const runtime = runtimeInfo();
  listen(makeHandlers({ session: keyslice, window, log, runtime }), log);
  const template = menuTemplate((command) => {
    emit({ type: 'command', command });
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  requests.serve((paths) => void openFromOutside(paths, { keyslice, emit, log }));
  await loadPage(window);
  const { runtimeNote, sandboxed } = await runtime;
  log.write(
    `Keyslice ${app.getVersion()} on ${runtimeNote}${sandboxed ? '' : ', started with --no-sandbox'}`,
  );
}

function openLog(dataFolder: string): Log {
  const log = new Log(path.join(dataFolder, 'logs'), !app.isPackaged);
  process.on('unhandledRejection', (reason) => {
    log.write(`unhandled: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`);
  });
  return log;
}

/** Sends events once the page is there; before, nobody would hear them. */
function emitterTo(window: BrowserWindow): (event: AppEvent) => void {
  const loaded = once(window.webContents, 'did-finish-load');
  return (event) => {
    void loaded.then(() => {
      sendEvent(window, event);
    });
  };
}

async function close(window: BrowserWindow, keyslice: Session, log: Log): Promise<void> {
  if (!window.isDestroyed()) window.hide();
  await keyslice.close().catch((error: unknown) => {
    log.write(`close: ${toKeysliceError(error).message}`);
  });
  log.write('quit');
}

/** All of this process's temporary files go to one private folder. */
function ownTemporaryFolder(dataFolder: string): void {
  const folder = new PrivateFolder(path.join(dataFolder, 'temp'));
  app.setPath('temp', folder.path);
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder.path;
  app.on('quit', () => {
    folder.remove();
  });
}

async function openFromOutside(
  paths: readonly string[],
  { keyslice, emit, log }: { keyslice: Session; emit: (event: AppEvent) => void; log: Log },
): Promise<void> {
  try {
    emit({ type: 'studyOpened', study: await openPaths(keyslice, paths, log) });
  } catch (thrown) {
    const error = toKeysliceError(thrown);
    log.write(`open: ${error.code}: ${error.message}`);
    emit({ type: 'openFailed', error: error.report() });
  }
}
