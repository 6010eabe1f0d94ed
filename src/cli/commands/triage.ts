import { triageLines } from '../triageLines.ts';
import { triageStudy } from '../../app/triage.ts';
import type { Command } from '../command.ts';
import { triageRequest } from '../triageRequest.ts';
import { SELECTION_OPTIONS } from '../options.ts';

export const triage: Command = {
  options: { ...SELECTION_OPTIONS, matrix: { type: 'boolean' }, 'compare-full': { type: 'boolean' } },
  async run({ options, terminal, installation, signal, scratch }) {
    const { document } = await triageStudy(installation, {
      ...triageRequest(options),
      matrix: options.flag('matrix'),
      compareFull: options.flag('compare-full'),
      signal,
      scratch,
      onProgress: (stage, done, total) => {
        terminal.progress(stage, done, total);
      },
      onEngine: (line) => {
        terminal.note(line);
      },
    });
    terminal.asides(document.warnings, document.failures);
    terminal.result(document, () => triageLines(document));
    return document.failures;
  },
};
