/**
 * The only way from the page to the program: one function per verb of the contract, frozen. Runs sandboxed, so it is
 * built as CommonJS and may use nothing but Electron's own modules.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { EVENT_CHANNEL, verbChannel } from '../contract/channels.ts';
import type { Answer, Answers, AppEvent, KeysliceBridge, Request, StudyView, Verb } from '../contract/ipc.ts';

const ask =
  <V extends Verb>(verb: V) =>
  (request: Request<V>): Promise<Answer<Answers[V]>> =>
    ipcRenderer.invoke(verbChannel(verb), request) as Promise<Answer<Answers[V]>>;

/** A File that the page made itself has no path; main refuses what is left then. */
function openDropped(files: readonly File[]): Promise<Answer<StudyView>> {
  const paths = [...files].map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
  return ask('openDropped')({ paths });
}

/** Events that arrive before the page listens (a study named on the command line) wait here. */
const waiting: AppEvent[] = [];
const listeners = new Set<(event: AppEvent) => void>();

ipcRenderer.on(EVENT_CHANNEL, (_, event: AppEvent) => {
  if (listeners.size === 0) waiting.push(event);
  for (const listener of listeners) listener(event);
});

function onEvent(listener: (event: AppEvent) => void): () => void {
  listeners.add(listener);
  for (const event of waiting.splice(0)) listener(event);
  return () => {
    listeners.delete(listener);
  };
}

const bridge: KeysliceBridge = {
  appInfo: ask('appInfo'),
  openDialog: ask('openDialog'),
  openDropped,
  openSample: ask('openSample'),
  openRecent: ask('openRecent'),
  closeStudy: ask('closeStudy'),
  showSeries: ask('showSeries'),
  frame: ask('frame'),
  thumbnail: ask('thumbnail'),
  setSelection: ask('setSelection'),
  toggleKeyFrame: ask('toggleKeyFrame'),
  compareFull: ask('compareFull'),
  markViewed: ask('markViewed'),
  setVerdict: ask('setVerdict'),
  chooseExportTarget: ask('chooseExportTarget'),
  exportStudy: ask('exportStudy'),
  showExport: ask('showExport'),
  cancel: ask('cancel'),
  setSettings: ask('setSettings'),
  onEvent,
};

contextBridge.exposeInMainWorld('keyslice', Object.freeze(bridge));
