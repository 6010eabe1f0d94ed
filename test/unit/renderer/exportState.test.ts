import { describe, expect, test } from 'vitest';
import { KeysliceError } from '../../../src/contract/errors.ts';
import type { Answers, Request } from '../../../src/contract/ipc.ts';
import { ExportState } from '../../../src/renderer/export/exportState.svelte.ts';
import { seriesView } from './seriesView.ts';

const ok = <T>(value: T) => Promise.resolve({ ok: true, value } as const);
const refused = (error: KeysliceError) => Promise.resolve({ ok: false, error: error.report() } as const);

function setUp(target: Answers['chooseExportTarget'], failure: KeysliceError | null = null) {
  const requests: Request<'exportStudy'>[] = [];
  const state = new ExportState({
    chooseExportTarget: () => ok(target),
    exportStudy: (request) => {
      requests.push(request);
      return failure === null ? ok({ out: '/x/out', files: 3, bytes: 99 }) : refused(failure);
    },
    showExport: () => refused(new KeysliceError('PATH_NOT_OPENED')),
  });
  return { state, requests };
}

describe('the export dialog', () => {
  test('starts only with a folder, and asks for the format of the series', async () => {
    const { state, requests } = setUp({ folder: '/x' });
    state.show(seriesView({ format: 'nifti', exportFormat: 'nifti' }), 2);
    await state.start();
    expect(requests).toEqual([]);
    await state.choose();
    await state.start();
    expect(requests).toEqual([{ seriesId: '1.2.3', phase: 2, formats: ['nifti'] }]);
    expect([state.stage, state.answer?.files]).toEqual(['done', 3]);
  });

  test('a dialog that was closed changes nothing', async () => {
    const { state } = setUp(null);
    state.show(seriesView(), 0);
    await state.choose();
    expect([state.ready, state.error]).toEqual([false, null]);
  });

  test('an error stands in the dialog and another folder can be chosen', async () => {
    const { state } = setUp({ folder: '/x' }, new KeysliceError('TARGET_NOT_EMPTY'));
    state.show(seriesView(), 0);
    await state.choose();
    await state.start();
    expect([state.stage, state.error?.code, state.ready]).toEqual(['choose', 'TARGET_NOT_EMPTY', true]);
  });

  test('cancelled is a state, not an error', async () => {
    const { state } = setUp({ folder: '/x' }, new KeysliceError('CANCELLED'));
    state.show(seriesView(), 0);
    await state.choose();
    await state.start();
    expect([state.stage, state.error]).toEqual(['cancelled', null]);
  });

  test('a folder that cannot be shown says why', async () => {
    const { state } = setUp({ folder: '/x' });
    state.show(seriesView(), 0);
    await state.choose();
    await state.start();
    await state.reveal();
    expect(state.error?.code).toBe('PATH_NOT_OPENED');
  });
});
