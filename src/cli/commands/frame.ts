import { readFrame } from '../../app/readFrame.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../usage.ts';

export const frame: Command = {
  options: {
    frame: { type: 'string' },
    series: { type: 'string' },
    phase: { type: 'string' },
    values: { type: 'string' },
    out: { type: 'string' },
  },
  async run({ options, terminal, signal, scratch }) {
    const number = options.whole('frame', 0);
    if (number === undefined) throw new UsageError('--frame is needed');
    const { document, failures, warnings } = await readFrame(options.path(), {
      frame: number,
      series: options.text('series'),
      phase: options.whole('phase', 0) ?? 0,
      values: options.oneOf('values', ['stored', 'modality']) ?? 'stored',
      out: options.text('out'),
      signal,
      scratch,
    });
    terminal.asides(warnings, failures);
    terminal.result(document, () => [
      `${document.columns} × ${document.rows}, ${document.samples} sample(s) of ${document.dtype}`,
      `min ${document.min}, max ${document.max}, mean ${document.mean}`,
      `sha256 ${document.sha256}`,
      `frame ${document.sourceFrame} of ${document.path}`,
    ]);
    return failures;
  },
};
