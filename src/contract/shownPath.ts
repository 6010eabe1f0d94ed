import type { SourceFile } from './series.ts';

/** The path that people are shown for a file: its own, or its place in the archive that it was unpacked from. */
export function shownPath({ path, shownPath: shown }: Pick<SourceFile, 'path' | 'shownPath'>): string {
  return shown ?? path;
}
