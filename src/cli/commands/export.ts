import { exportPath } from '../../app/export.ts';
import type { Command } from '../command.ts';
import { SELECTION_OPTIONS, type Options } from '../options.ts';
import { triageRequest } from '../triageRequest.ts';
import { UsageError } from '../usage.ts';

const FORMATS = ['dicom', 'nifti', 'json'] as const;
type Format = (typeof FORMATS)[number];

function formats(options: Options): Format[] | undefined {
  const text = options.text('format');
  return text?.split(',').map((name) => {
    const found = FORMATS.find((format) => format === name.trim());
    if (found === undefined) throw new UsageError(`--format takes: ${FORMATS.join(', ')}`);
    return found;
  });
}

function frameList(options: Options): number[] | undefined {
  const text = options.text('frames');
  if (text === undefined) return undefined;
  if (!/^\d+(,\d+)*$/.test(text))
    throw new UsageError('--frames takes frame numbers from 0, for example 0,4,9');
  if (options.text('k') !== undefined || options.text('ratio') !== undefined)
    throw new UsageError('--frames excludes --k and --ratio');
  return [...new Set(text.split(',').map(Number))].sort((a, b) => a - b);
}

export const exportCommand: Command = {
  options: {
    ...SELECTION_OPTIONS,
    out: { type: 'string' },
    format: { type: 'string' },
    frames: { type: 'string' },
    overwrite: { type: 'boolean' },
    'same-study': { type: 'boolean' },
    'new-study': { type: 'boolean' },
  },
  async run({ options, terminal, installation, signal, scratch }) {
    if (options.flag('same-study') && options.flag('new-study'))
      throw new UsageError('--same-study and --new-study exclude each other');
    const { document, failures } = await exportPath(installation, {
      ...triageRequest(options),
      out: options.required('out'),
      formats: formats(options),
      frames: frameList(options),
      overwrite: options.flag('overwrite'),
      studyMode: options.flag('new-study') ? 'new' : 'same',
      signal,
      scratch,
      onProgress: (stage, done, total) => {
        terminal.progress(stage, done, total);
      },
      onEngine: (line) => {
        terminal.note(line);
      },
    });
    terminal.asides(document.warnings, failures);
    terminal.result(document, () => [
      `${document.selected.length} images written to ${document.out}`,
      ...document.files.map(({ path, bytes }) => `  ${path} (${bytes} bytes)`),
    ]);
    return failures;
  },
};
