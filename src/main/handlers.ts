import path from 'node:path';
import { dialog, shell, type BrowserWindow } from 'electron';
import { exportTarget } from '../app/exportTarget.ts';
import type { Session } from '../app/session.ts';
import { KeysliceError } from '../contract/errors.ts';
import type { Answers, StudyView } from '../contract/ipc.ts';
import type { Handlers } from './answer.ts';
import { learnStudy } from './learnStudy.ts';
import type { Log } from './log.ts';
import type { RuntimeInfo } from './runtimeInfo.ts';

export interface HandlerOptions {
  session: Session;
  window: BrowserWindow;
  log: Log;
  runtime: Promise<RuntimeInfo>;
}

/**
 * What the program does for each verb. Paths come from dialogs, drops and the session's own lists, never from the
 * page: a folder that it names must be one that was chosen or written before.
 */
export function makeHandlers({ session, window, log, runtime }: HandlerOptions): Handlers {
  const targets = new Map<string, string>();
  return {
    appInfo: async () => ({ ...(await session.appInfo()), ...(await runtime) }),
    openDialog: async ({ what }) => {
      const properties =
        what === 'folder' ? (['openDirectory'] as const) : (['openFile', 'multiSelections'] as const);
      const { canceled, filePaths } = await dialog.showOpenDialog(window, { properties: [...properties] });
      return canceled || filePaths.length === 0 ? null : openPaths(session, filePaths, log);
    },
    openDropped: ({ paths }) => {
      if (!paths.every((dropped) => path.isAbsolute(dropped))) throw new KeysliceError('PATH_NOT_OPENED');
      return openPaths(session, paths, log);
    },
    openSample: async () => learnStudy(log.mask, await session.openSample()),
    openRecent: async (request) => learnStudy(log.mask, await session.openRecent(request)),
    closeStudy: () => done(session.closeStudy()),
    showSeries: (request) => done(session.showSeries(request)),
    frame: (request) => session.frame(request),
    thumbnail: (request) => session.thumbnail(request),
    setSelection: (request) => session.setSelection(request),
    toggleKeyFrame: (request) => session.toggleKeyFrame(request),
    compareFull: (request) => session.compareFull(request),
    markViewed: (request) => done(session.markViewed(request)),
    setVerdict: (request) => session.setVerdict(request),
    chooseExportTarget: async ({ seriesId }) => {
      const target = await chooseFolder(window);
      if (target !== null) targets.set(seriesId, target.folder);
      return target;
    },
    exportStudy: (request) => {
      const folder = targets.get(request.seriesId);
      if (folder === undefined) throw new KeysliceError('PATH_NOT_OPENED');
      return session.exportStudy(request, folder);
    },
    showExport: ({ out }) => {
      if (!session.wasExported(out)) throw new KeysliceError('PATH_NOT_OPENED');
      shell.showItemInFolder(out);
      return done(Promise.resolve());
    },
    cancel: (request) => {
      session.cancel(request);
      return done(Promise.resolve());
    },
    setSettings: (request) => session.setSettings(request),
  };
}

/** Opens paths that a person named, and teaches the log what it must not repeat. */
export async function openPaths(session: Session, paths: readonly string[], log: Log): Promise<StudyView> {
  for (const opened of paths) log.mask.learnPath(opened);
  return learnStudy(log.mask, await session.open(paths));
}

async function done(work: Promise<void>): Promise<null> {
  await work;
  return null;
}

async function chooseFolder(window: BrowserWindow): Promise<Answers['chooseExportTarget']> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    buttonLabel: 'Export here',
    properties: ['openDirectory', 'createDirectory'],
  });
  const [folder] = filePaths;
  if (canceled || folder === undefined) return null;
  return { folder: await exportTarget(folder) };
}
