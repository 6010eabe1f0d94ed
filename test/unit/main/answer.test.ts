import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeysliceError } from '../../../src/contract/errors.ts';
import { answer, type Handlers } from '../../../src/main/answer.ts';
import { Log } from '../../../src/main/log.ts';

const page = { trusted: true, origin: 'keyslice://app' };
let folder = '';
let log: Log;
let asked: unknown[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyslice-answer-'));
  log = new Log(folder, false);
  asked = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Handlers of the verbs that these tests ask; any other verb fails as a fault of ours would. */
function handlers(): Handlers {
  const fail = (): never => {
    throw new Error('not asked here');
  };
  return {
    appInfo: fail,
    openDialog: fail,
    openDropped: fail,
    openSample: fail,
    openRecent: fail,
    closeStudy: fail,
    showSeries: (request) => {
      asked.push(request);
      return Promise.resolve(null);
    },
    frame: fail,
    thumbnail: fail,
    setSelection: fail,
    toggleKeyFrame: fail,
    compareFull: fail,
    markViewed: fail,
    setVerdict: fail,
    chooseExportTarget: fail,
    exportStudy: () => Promise.reject(new KeysliceError('PATH_NOT_OPENED')),
    showExport: fail,
    cancel: fail,
    setSettings: fail,
  };
}

const logged = (): string => readFileSync(join(folder, 'keyslice.log'), 'utf8');

describe('one message of the page', () => {
  it('is parsed and answered', async () => {
    const request = { seriesId: '1.2.3', phase: 0 };
    const result = await answer('showSeries', request, page, { handlers: handlers(), log });
    expect([result, asked]).toEqual([{ ok: true, value: null }, [request]]);
  });

  it.each([
    ['nothing', undefined],
    ['a number for a string', { seriesId: 5, phase: 0 }],
    ['a negative phase', { seriesId: '1.2.3', phase: -1 }],
    ['a field that nobody declared', { seriesId: '1.2.3', phase: 0, path: '/etc/passwd' }],
    ['a string without end', { seriesId: 'x'.repeat(5000), phase: 0 }],
    ['a prototype', JSON.parse('{"__proto__":{"seriesId":"1"},"phase":0}')],
  ])('is refused when it is malformed: %s', async (_, request: unknown) => {
    const result = await answer('showSeries', request, page, { handlers: handlers(), log });
    expect(result).toMatchObject({ ok: false, error: { code: 'MESSAGE_REFUSED' } });
    expect(asked).toEqual([]);
    expect(logged()).toContain('showSeries: MESSAGE_REFUSED');
  });

  it('is refused from a stranger, before it is looked at', async () => {
    const stranger = { trusted: false, origin: 'https://example.org' };
    const request = { seriesId: '1.2.3', phase: 0 };
    const result = await answer('showSeries', request, stranger, { handlers: handlers(), log });
    expect(result).toMatchObject({ ok: false, error: { code: 'MESSAGE_REFUSED' } });
    expect(asked).toEqual([]);
    expect(logged()).toContain('it came from https://example.org');
  });

  it('brings a coded error back as an answer', async () => {
    const request = { seriesId: '1.2.3', phase: 0, formats: [] };
    const result = await answer('exportStudy', request, page, { handlers: handlers(), log });
    expect(result).toMatchObject({ ok: false, error: { code: 'PATH_NOT_OPENED' } });
  });

  it('brings a fault of ours back as INTERNAL, with the stack in the log', async () => {
    const result = await answer('appInfo', {}, page, { handlers: handlers(), log });
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'INTERNAL', facts: { reason: 'not asked here' } },
    });
    expect(logged()).toMatch(/at .*answer/);
  });
});
