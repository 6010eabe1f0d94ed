import type { Session } from '../session/session.svelte.ts';
import { PAGE } from '../viewports/viewing.svelte.ts';
import type { Command } from './keys.ts';

type PlainCommand = Exclude<Command, `preset${number}`>;

/** Does what a key asks for. @param now in ms, for what runs by the clock. */
export function runCommand(command: Command, session: Session, now: number): void {
  if (isPreset(command)) session.viewing.usePreset(Number(command.slice('preset'.length)));
  else ACTIONS[command](session, now);
}

const isPreset = (command: Command): command is `preset${number}` => command.startsWith('preset');

const ACTIONS: Record<PlainCommand, (session: Session, now: number) => void> = {
  nextFrame: (session) => {
    session.goTo(session.viewing.frame + 1);
  },
  previousFrame: (session) => {
    session.goTo(session.viewing.frame - 1);
  },
  pageForward: (session) => {
    session.goTo(session.viewing.frame + PAGE);
  },
  pageBack: (session) => {
    session.goTo(session.viewing.frame - PAGE);
  },
  firstFrame: (session) => {
    session.goTo(0);
  },
  lastFrame: (session) => {
    session.goTo(session.viewing.frames - 1);
  },
  nextPhase: (session) => {
    session.goToPhase(session.viewing.phase + 1);
  },
  previousPhase: (session) => {
    session.goToPhase(session.viewing.phase - 1);
  },
  nextSeries: (session) => {
    session.goToSeries(1);
  },
  previousSeries: (session) => {
    session.goToSeries(-1);
  },
  nextKey: (session) => {
    session.goToKey(1);
  },
  previousKey: (session) => {
    session.goToKey(-1);
  },
  toggleKey: (session) => {
    void session.triage.toggle(session.viewing.frame);
  },
  playPause: ({ cine, viewing }, now) => {
    cine.toggle(viewing.frame, now);
  },
  slower: ({ cine, viewing }, now) => {
    cine.slower(viewing.frame, now);
  },
  faster: ({ cine, viewing }, now) => {
    cine.faster(viewing.frame, now);
  },
  toolWindow: ({ viewing }) => {
    viewing.tool = 'window';
  },
  toolZoom: ({ viewing }) => {
    viewing.tool = 'zoom';
  },
  toolPan: ({ viewing }) => {
    viewing.tool = 'pan';
  },
  toolProbe: ({ viewing }) => {
    viewing.tool = 'probe';
  },
  toolLength: ({ viewing }) => {
    viewing.tool = 'length';
  },
  toolAngle: ({ viewing }) => {
    viewing.tool = 'angle';
  },
  toolEllipse: ({ viewing }) => {
    viewing.tool = 'ellipse';
  },
  invert: ({ viewing }) => {
    viewing.inverted = !viewing.inverted;
  },
  overlay: ({ viewing }) => {
    viewing.overlayShown = !viewing.overlayShown;
  },
  reset: ({ viewing }) => {
    viewing.reset();
  },
  mpr: ({ viewing, cine, series }) => {
    if (series === null) return;
    cine.stop();
    viewing.toggleMpr();
  },
  imageOnly: ({ panels }) => {
    panels.toggleImageOnly();
  },
  leftPanel: ({ panels }) => {
    panels.toggleLeft();
  },
  rightPanel: ({ panels }) => {
    panels.toggleRight();
  },
  openFolder: (session) => {
    void session.openDialog('folder');
  },
  openFiles: (session) => {
    void session.openDialog('files');
  },
  export: (session) => {
    session.export();
  },
  help: ({ panels }) => {
    panels.show('help');
  },
};
