import { train as trainModel, type TrainRequest } from '../../app/train.ts';
import type { Command } from '../command.ts';
import { comparedName, engineChoice } from '../options.ts';
import { studyReading } from '../studyReading.ts';
import { UsageError } from '../usage.ts';
import { PROTOCOL_OPTIONS, protocolChanges } from '../trainProtocol.ts';

type Epoch = Parameters<TrainRequest['onEpoch']>[0];

const COLLAPSE = {
  noise: 'the noise-free choice is far worse than the noisy one',
  input: 'the same frames are kept of every series',
} as const;

function epochLine({ epoch, trainLoss, valLoss, valAuc, seconds, collapse }: Epoch): string {
  const figures = [
    `train loss ${trainLoss.toFixed(4)}`,
    `validation loss ${valLoss.toFixed(4)}`,
    `AUC ${valAuc.toFixed(3)}`,
    `${seconds.toFixed(1)} s`,
  ];
  const warning = collapse === null ? '' : `; the sampler has collapsed: ${COLLAPSE[collapse]}`;
  return `epoch ${epoch}: ${figures.join(', ')}${warning}`;
}

export const train: Command = {
  options: {
    data: { type: 'string' },
    'data-dir': { type: 'string' },
    sampler: { type: 'string' },
    ratio: { type: 'string' },
    seed: { type: 'string' },
    engine: { type: 'string' },
    out: { type: 'string' },
    resume: { type: 'boolean' },
    init: { type: 'string' },
    ...PROTOCOL_OPTIONS,
    size: { type: 'string' },
    frames: { type: 'string' },
  },
  async run({ options, terminal, installation, signal }) {
    const sampler = comparedName(options);
    if (options.flag('resume') && options.text('init') !== undefined)
      throw new UsageError('--init starts a run, --resume goes on with one');
    const document = await trainModel(installation, {
      data: options.required('data'),
      dataDir: options.text('data-dir'),
      sampler,
      ratio: options.ratio('ratio') ?? 0.5,
      seed: options.whole('seed', 0) ?? 0,
      protocol: protocolChanges(options, sampler),
      engine: engineChoice(options),
      out: options.required('out'),
      resume: options.flag('resume'),
      init: options.text('init'),
      size: options.whole('size', 8, 1024),
      frames: options.whole('frames', 1, 4096),
      ...studyReading(terminal),
      signal,
      onEpoch: (record) => {
        terminal.note(epochLine(record));
      },
      onEngine: (line) => {
        terminal.note(line);
      },
    });
    terminal.result(document, () => [
      `${document.epochs} epochs in ${document.run}`,
      `best: epoch ${document.best.epoch}, validation loss ${document.best.loss.toFixed(4)}`,
      ...(document.collapsed.length === 0
        ? []
        : [`the sampler had collapsed at the end of ${document.collapsed.length} epochs`]),
    ]);
    return [];
  },
};
