import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ctSlice } from '../fixtures/ctSlice.ts';
import { dicomFile } from '../fixtures/dicomFile.ts';
import { runKeyslice } from '../support/runKeyslice.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const folder = temporaryFolder();
const CLEAR = '\x1b[2J';
/** Latin-1 gives the control sequence introducer as one character. */
const C1_CLEAR = '\x9b2J';
const UNSAFE = /[^\P{Cc}\n]|\p{Bidi_Control}/u;

it.each([
  ['info', []],
  ['info', ['--headers']],
  ['info', ['--json']],
  ['info', ['--headers', '--json']],
])('%s %s passes no escape sequence of a file on to the terminal', async (command, flags) => {
  const elements = {
    '00080005': ['CS', 'ISO_IR 100'],
    '0008103E': ['LO', `Thorax${CLEAR}${C1_CLEAR}`],
    '0020000E': ['UI', `2.25.1${CLEAR}`],
  } as const;
  const file = join(folder, 'hostile.dcm');
  writeFileSync(file, dicomFile(ctSlice({ elements })));
  const run = await runKeyslice([command, file, ...flags]);
  expect(run.code).toBe(0);
  expect(run.stdout).toContain('Thorax');
  expect(`${run.stdout}${run.stderr}`).not.toMatch(UNSAFE);
});

it('names a file with an escape sequence without running it', async () => {
  const name = join(folder, `a${CLEAR}.dcm`);
  writeFileSync(name, dicomFile(ctSlice(), { transferSyntax: `1.2${CLEAR}` }));
  const run = await runKeyslice(['info', name]);
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('TRANSFER_SYNTAX_UNSUPPORTED');
  expect(`${run.stdout}${run.stderr}`).not.toMatch(UNSAFE);
});
