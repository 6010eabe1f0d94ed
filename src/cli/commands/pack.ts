import { pack as packRuns } from '../../app/pack.ts';
import type { Command } from '../command.ts';
import { engineChoice } from '../options.ts';
import { UsageError } from '../usage.ts';

export const pack: Command = {
  options: {
    run: { type: 'string', multiple: true },
    'data-dir': { type: 'string' },
    engine: { type: 'string' },
    out: { type: 'string' },
  },
  async run({ options, terminal, installation, signal }) {
    const runs = options.all('run');
    if (runs.length === 0) throw new UsageError('--run is needed');
    const card = await packRuns(installation, {
      runs,
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
