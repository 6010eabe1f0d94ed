import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import { importDirection } from './scripts/lint/importDirection.mjs';
import svelteConfig from './svelte.config.js';

const doubleCast = {
  selector: 'TSAsExpression > TSAsExpression[typeAnnotation.type="TSUnknownKeyword"]',
  message: 'A cast through unknown hides an error of types.',
};
const bareNonNull = {
  // Element access in numeric loops is the one place where a check would cost and prove nothing.
  selector: 'TSNonNullExpression:not([expression.type="MemberExpression"][expression.computed=true])',
  message: 'Check for null instead.',
};
const defaultExport = { selector: 'ExportDefaultDeclaration', message: 'Export by name.' };

export default ts.config(
  {
    ignores: [
      'out/',
      'dist/',
      'runs/',
      'test-results/',
      'playwright-report/',
      'bench/results/',
      // AssemblyScript: its own compiler checks it.
      'src/ml/features/kernel/',
    ],
  },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    plugins: { keyslice: { rules: { 'import-direction': importDirection } } },
    rules: {
      'keyslice/import-direction': 'error',
      'max-lines': ['error', { max: 350 }],
      'no-restricted-syntax': ['error', doubleCast, bareNonNull, defaultExport],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    files: ['*.config.ts'],
    rules: { 'no-restricted-syntax': ['error', doubleCast, bareNonNull] },
  },
  {
    // Playwright reads from the pattern which fixtures a test wants: none is `{}`.
    files: ['test/e2e/**/*.ts'],
    rules: { 'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }] },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    ...ts.configs.disableTypeChecked,
    rules: { ...ts.configs.disableTypeChecked.rules, 'no-restricted-syntax': 'off' },
  },
);
