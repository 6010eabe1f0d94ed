import { type PackRequest, pack as packRuns } from '../../app/pack.ts';
import type { Command } from '../command.ts';
import { studyReading } from '../studyReading.ts';
import { engineChoice, type Options } from '../options.ts';
import { UsageError } from '../usage.ts';

const TEXT_LIMIT = 200;

function naming(options: Options): PackRequest['naming'] {
  const id = options.text('id');
  if (id !== undefined && !/^[a-z0-9][a-z0-9-]{0,63}$/.test(id))
    throw new UsageError('--id takes small letters, digits and hyphens, at most 64');
  return { id, title: shortText(options, 'title'), licence: shortText(options, 'licence') };
}

function shortText(options: Options, name: string): string | undefined {
  const text = options.text(name);
  if (text !== undefined && (text === '' || text.length > TEXT_LIMIT))
    throw new UsageError(`--${name} takes 1 to ${TEXT_LIMIT} characters`);
  return text;
}

export const pack: Command = {
  options: {
    run: { type: 'string', multiple: true },
    data: { type: 'string' },
    id: { type: 'string' },
    title: { type: 'string' },
    licence: { type: 'string' },
    'data-dir': { type: 'string' },
    engine: { type: 'string' },
    out: { type: 'string' },
  },
  async run({ options, terminal, installation, signal }) {
    const runs = options.all('run');
    if (runs.length === 0) throw new UsageError('--run is needed');
    const card = await packRuns(installation, {
      runs,
      data: options.text('data'),
      naming: naming(options),
      ...studyReading(terminal),
      dataDir: options.text('data-dir'),
      engine: engineChoice(options),
      out: options.required('out'),
      signal,
      onEngine: (line) => {
        terminal.note(line);
      },
    });
    terminal.result({ out: options.required('out'), id: card.id, version: card.version }, () => [
      `packed ${card.id} ${card.version} into ${options.required('out')}`,
    ]);
    return [];
  },
};
