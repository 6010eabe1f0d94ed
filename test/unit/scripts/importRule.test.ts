import { resolve } from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

const RULE = 'keyslice/import-direction';

/** Messages of the import rule for one line of code, under the repository's own configuration without types. */
async function faults(file: string, code: string): Promise<string[]> {
  const eslint = new ESLint({ overrideConfig: [ts.configs.disableTypeChecked] });
  const [result] = await eslint.lintText(code, { filePath: resolve(file) });
  return (result?.messages ?? []).filter(({ ruleId }) => ruleId === RULE).map(({ message }) => message);
}

describe('the import rule', () => {
  it.each([
    ['src/contract/bad.ts', "import { x } from '../imaging/x.ts'; x();", 'contract may not import imaging'],
    ['src/imaging/dicom/bad.ts', "import { x } from '../../ml/x.ts'; x();", 'imaging may not import ml'],
    [
      'src/ml/engines/bad.ts',
      "import type { X } from '../../imaging/x.ts'; export type Y = X;",
      'ml may not import imaging',
    ],
    ['src/export/bad.ts', "export { x } from '../ml/x.ts';", 'export may not import ml'],
    ['src/app/bad.ts', "export * from '../cli/x.ts';", 'app may not import cli'],
    ['src/cli/bad.ts', "const { x } = await import('../imaging/x.ts'); x();", 'cli may not import imaging'],
    ['src/main/bad.ts', "import { x } from '../export/x.ts'; x();", 'main may not import export'],
    ['src/renderer/bad.ts', "import { x } from '../app/x.ts'; x();", 'renderer may not import app'],
    [
      'src/renderer/bad.ts',
      "import { readFile } from 'node:fs/promises'; readFile('x');",
      'renderer runs without Node',
    ],
    ['src/app/bad.ts', "import { app } from 'electron'; app.quit();", 'only main may import electron'],
    [
      'src/renderer/ribbon/bad.ts',
      "import { x } from '@cornerstonejs/core'; x();",
      'only renderer/cornerstone',
    ],
    [
      'src/main/bad.ts',
      "import { x } from '../../scripts/x.ts'; x();",
      'src may not import from outside src',
    ],
  ])('refuses in %s: %s', async (file, code, fault) => {
    expect(await faults(file, code)).toEqual([expect.stringContaining(fault)]);
  });

  it.each([
    ['src/imaging/good.ts', "import { x } from '../contract/x.ts'; x();"],
    ['src/app/good.ts', "import { x } from '../ml/x.ts'; import { y } from '../export/y.ts'; x(y);"],
    ['src/renderer/export/good.ts', "import { x } from '../ribbon/x.ts'; x();"],
    ['src/renderer/cornerstone/good.ts', "import { x } from '@cornerstonejs/core'; x();"],
    ['src/imaging/codecs/good.ts', "import { x } from '@cornerstonejs/codec-charls'; x();"],
    ['src/main/good.ts', "import { app } from 'electron'; app.quit();"],
  ])('allows in %s: %s', async (file, code) => {
    expect(await faults(file, code)).toEqual([]);
  });
});
