import { KeysliceError } from '../../contract/errors.ts';
import type { SourceFile } from '../../contract/series.ts';

/** What was thrown, with the path that people are shown in place of the one where the bytes of a file lie. */
export function withShownPath(thrown: unknown, files: readonly SourceFile[]): unknown {
  if (!(thrown instanceof KeysliceError) || thrown.path === undefined) return thrown;
  const shown = files.find(({ path }) => path === thrown.path)?.shownPath;
  if (shown === undefined) return thrown;
  return new KeysliceError(thrown.code, thrown.facts, { path: shown, cause: thrown });
}
