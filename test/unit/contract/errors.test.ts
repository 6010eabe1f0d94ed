import { describe, expect, it } from 'vitest';
import { ERRORS, KeysliceError, toKeysliceError, WARNINGS, warning } from '../../../src/contract/errors.ts';

const ACTORS = {
  person: 'the person',
  nobody: 'nobody',
  file: "the file's maker",
  us: 'us: a fault in Keyslice',
} as const;

function errorsPage(): string {
  const errors = Object.entries(ERRORS).map(
    ([code, { actor, sentence, hint }]) => `| \`${code}\` | ${ACTORS[actor]} | ${sentence} | ${hint} |`,
  );
  const warnings = Object.entries(WARNINGS).map(([code, { sentence }]) => `| \`${code}\` | ${sentence} |`);
  return [
    '# Errors and warnings',
    '',
    'Made from `src/contract/errors.ts` by `npx vitest run --project unit test/unit/contract -u`. Codes are a public',
    'contract: they never change their meaning. Words in braces are facts that the error carries.',
    '',
    '| code | who must act | sentence | what to do |',
    '|---|---|---|---|',
    ...errors,
    '',
    '## Warnings',
    '',
    '| code | sentence |',
    '|---|---|',
    ...warnings,
    '',
  ].join('\n');
}

describe('the table of errors', () => {
  it('is what docs/errors.md says', async () => {
    await expect(errorsPage()).toMatchFileSnapshot('../../../docs/errors.md');
  });

  it('makes sentences from facts, and keeps the facts', () => {
    const error = new KeysliceError('FILE_TRUNCATED', { expected: 12, actual: 3 }, { path: 'a.dcm' });
    expect(error.report()).toEqual({
      code: 'FILE_TRUNCATED',
      message: 'The file ends too early: 12 bytes are needed, 3 are there.',
      hint: 'Copy or download the file again.',
      path: 'a.dcm',
      facts: { expected: 12, actual: 3 },
    });
    expect(warning('K_CLAMPED', { asked: 9, available: 4 }).message).toBe(
      '9 frames were asked for; the series has 4 that can be read.',
    );
  });

  it('survives the way through another thread', () => {
    const error = new KeysliceError('FRAME_FAILED', { frame: 2, reason: 'x' }, { path: 'p' });
    expect(KeysliceError.from(structuredClone(error.report()))).toMatchObject({
      code: error.code,
      message: error.message,
      path: 'p',
    });
  });

  it('keeps a foreign error as the cause', () => {
    const cause = new TypeError('boom');
    expect(toKeysliceError(cause)).toMatchObject({ code: 'INTERNAL', cause, facts: { reason: 'boom' } });
  });
});
