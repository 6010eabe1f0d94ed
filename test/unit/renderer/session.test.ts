import { describe, expect, test } from 'vitest';
import { KeysliceError } from '../../../src/contract/errors.ts';
import type {
  Answer,
  AppEvent,
  FrameMessage,
  KeysliceBridge,
  Request,
  StudyView,
} from '../../../src/contract/ipc.ts';
import { runCommand } from '../../../src/renderer/keyboard/runCommand.ts';
import { Session } from '../../../src/renderer/session/session.svelte.ts';
import { seriesView, triageView } from './seriesView.ts';

const ok = <T>(value: T): Promise<Answer<T>> => Promise.resolve({ ok: true, value });
const never = (): Promise<never> => Promise.reject(new Error('not asked in this test'));
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const study: StudyView = {
  label: 'Doe',
  detail: '',
  path: '/x',
  series: [seriesView(), seriesView({ id: '4.5.6', index: 1, phases: 3, kind: 'cine', windows: [] })],
  failures: [],
  start: null,
};

function setUp(opened: () => Promise<Answer<StudyView>> = () => ok(study)) {
  const shown: Request<'showSeries'>[] = [];
  let emit: (event: AppEvent) => void = () => undefined;
  const bridge: KeysliceBridge = {
    appInfo: () => Promise.resolve({ ok: false, error: new KeysliceError('CANCELLED').report() }),
    openDialog: () => ok(null),
    openDropped: opened,
    openSample: opened,
    openRecent: never,
    closeStudy: () => ok(null),
    showSeries: (request) => {
      shown.push(request);
      return ok(null);
    },
    frame: never,
    thumbnail: never,
    setSelection: never,
    toggleKeyFrame: never,
    compareFull: never,
    markViewed: () => ok(null),
    setVerdict: never,
    chooseExportTarget: never,
    exportStudy: never,
    showExport: never,
    cancel: never,
    setSettings: never,
    onEvent: (listener) => {
      emit = listener;
      return () => undefined;
    },
  };
  const session = new Session(bridge);
  session.start();
  return {
    session,
    shown,
    tell: (event: AppEvent) => {
      emit(event);
    },
  };
}

describe('opening', () => {
  test('the first series is shown at once', async () => {
    const { session, shown } = setUp();
    await session.openSample();
    await settled();
    expect(shown).toEqual([{ seriesId: '1.2.3', phase: 0 }]);
    expect([session.series?.id, session.opening, session.error]).toEqual(['1.2.3', false, null]);
  });

  test('a dialog that was closed leaves the study as it is', async () => {
    const { session } = setUp();
    await session.openSample();
    await session.openDialog('folder');
    expect(session.study).toBe(study);
  });

  test('a refusal is shown and does not close the study', async () => {
    let answer: () => Promise<Answer<StudyView>> = () => ok(study);
    const { session } = setUp(() => answer());
    await session.openSample();
    const error = new KeysliceError('NO_IMAGES', {}, { path: '/y' }).report();
    answer = () => Promise.resolve({ ok: false, error });
    await session.openDropped([]);
    expect([session.error?.code, session.study]).toEqual(['NO_IMAGES', study]);
  });

  test('a study from outside the page takes the place of the one before', async () => {
    const { session, tell } = setUp();
    await session.openSample();
    session.goTo(3);
    tell({ type: 'studyOpened', study: { ...study, series: [seriesView({ id: '7' })] } });
    expect([session.series?.id, session.viewing.frame]).toEqual(['7', 10]);
    tell({ type: 'studyOpened', study: { ...study, series: [] } });
    expect(session.series).toBeNull();
  });
});

describe('events', () => {
  test('a triage that comes late for another series is left out, a failure too', async () => {
    const { session, tell } = setUp();
    await session.openSample();
    await session.showSeries('4.5.6', 1);
    tell({ type: 'triage', triage: triageView() });
    const error = new KeysliceError('PACKAGE_NOT_FOUND', { id: 'x' }).report();
    tell({ type: 'triageFailed', seriesId: '4.5.6', phase: 0, error });
    expect([session.triage.view, session.triage.error]).toEqual([null, null]);
    tell({ type: 'triage', triage: triageView({ seriesId: '4.5.6', phase: 1 }) });
    tell({ type: 'triageFailed', seriesId: '4.5.6', phase: 1, error });
    expect(session.triage.view?.phase).toBe(1);
    expect(session.triage.error?.code).toBe('PACKAGE_NOT_FOUND');
  });

  test('streaming scores move neither the image nor the selection', async () => {
    const { session, tell } = setUp();
    await session.openSample();
    session.goTo(7);
    tell({ type: 'triage', triage: triageView({ state: 'streaming', selected: [] }) });
    tell({ type: 'frames', seriesId: '1.2.3', decoded: [0, 1], failed: [] });
    expect([session.viewing.frame, session.triage.selected]).toEqual([7, []]);
  });

  test('the menu asks, the page does', () => {
    const { session, tell } = setUp();
    tell({ type: 'command', command: 'about' });
    expect(session.panels.dialog).toBe('about');
  });
});

describe('commands', () => {
  test('a move by hand ends the playing', async () => {
    const { session } = setUp();
    await session.openSample();
    await session.showSeries('4.5.6');
    runCommand('playPause', session, 0);
    expect(session.cine.playing).toBe(true);
    runCommand('nextFrame', session, 0);
    expect([session.cine.playing, session.viewing.frame]).toEqual([false, 1]);
  });

  test('key images are visited in order and the ends stay', async () => {
    const { session, tell } = setUp();
    await session.openSample();
    tell({ type: 'triage', triage: triageView() });
    runCommand('nextKey', session, 0);
    expect(session.viewing.frame).toBe(12);
    for (let i = 0; i < 5; i++) runCommand('nextKey', session, 0);
    expect(session.viewing.frame).toBe(18);
    runCommand('previousKey', session, 0);
    expect(session.viewing.frame).toBe(15);
  });

  test('the number keys choose windows, without a study they do nothing', async () => {
    const { session } = setUp();
    runCommand('preset1', session, 0);
    runCommand('export', session, 0);
    expect([session.viewing.range, session.exporting.open]).toEqual([null, false]);
    await session.openSample();
    runCommand('preset1', session, 0);
    expect(session.viewing.range).toEqual({ lower: -1350, upper: 149 });
  });
});

const image: FrameMessage = {
  rows: 4,
  columns: 4,
  samples: 1,
  dtype: 'int16',
  values: new ArrayBuffer(32),
  min: 0,
  max: 0,
  slope: 1,
  intercept: 0,
  inverted: false,
  drawn: null,
  warnings: [],
};
const previewed = seriesView({ id: 'preview/1', frames: 1 });
const startAt = (preview: string): StudyView => ({
  ...study,
  start: { preview, seriesId: '4.5.6', frame: 25 },
});

describe('an image that is shown while headers are read', () => {
  test('becomes its frame of the study, with its pixels and the look that was chosen meanwhile', async () => {
    const { session, shown, tell } = setUp(() => ok(startAt('preview/1')));
    tell({ type: 'preview', series: previewed, image });
    expect([session.viewing.series, session.series]).toEqual([previewed, null]);
    session.viewing.shown(0);
    session.viewing.range = { lower: 1, upper: 2 };
    await session.openSample();
    const { viewing } = session;
    expect([viewing.series?.id, viewing.phase, viewing.frame, viewing.shownFrame]).toEqual([
      '4.5.6',
      1,
      5,
      5,
    ]);
    expect([viewing.imageState, viewing.range]).toEqual(['shown', { lower: 1, upper: 2 }]);
    expect(shown).toEqual([{ seriesId: '4.5.6', phase: 1 }]);
    expect(await session.frame('4.5.6', 25, true)).toBe(image);
    await expect(session.frame('4.5.6', 25, true), 'its pixels are kept no longer').rejects.toThrow();
  });

  test('is never taken for the image of another preview', async () => {
    const { session, tell } = setUp(() => ok(startAt('preview/2')));
    tell({ type: 'preview', series: previewed, image });
    await session.openSample();
    expect([session.viewing.series?.id, session.viewing.shownFrame]).toEqual(['1.2.3', null]);
    await expect(session.frame('4.5.6', 25, true)).rejects.toThrow();
  });

  test('goes when the opening is stopped, and what was open is there again', async () => {
    let answer: () => Promise<Answer<StudyView>> = () => ok(study);
    const { session, shown, tell } = setUp(() => answer());
    await session.openSample();
    session.goTo(7);
    tell({ type: 'preview', series: previewed, image });
    expect(session.viewing.series).toBe(previewed);
    answer = () => Promise.resolve({ ok: false, error: new KeysliceError('CANCELLED').report() });
    await session.openSample();
    expect([session.series?.id, session.viewing.frame, session.study]).toEqual(['1.2.3', 7, study]);
    expect(shown).toHaveLength(2);
    expect(session.error).toBeNull();
  });
});
