import type { Terminal } from './terminal.ts';

/** How the reading of a list of studies is told. */
export function studyReading(terminal: Terminal): {
  onStudy: (done: number, total: number) => void;
  onNote: (line: string) => void;
} {
  return {
    onStudy: (done, total) => {
      terminal.progress('reading studies', done, total);
    },
    onNote: (line) => {
      terminal.note(line);
    },
  };
}
