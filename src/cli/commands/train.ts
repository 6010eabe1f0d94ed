import { train as trainModel } from '../../app/train.ts';
import type { Command } from '../command.ts';
import { studyReading } from '../studyReading.ts';
import { engineChoice, samplerName } from '../options.ts';

export const train: Command = {
  options: {
    data: { type: 'string' },
    'data-dir': { type: 'string' },
    sampler: { type: 'string' },
    ratio: { type: 'string' },
    seed: { type: 'string' },
    epochs: { type: 'string' },
    engine: { type: 'string' },
    out: { type: 'string' },
    resume: { type: 'boolean' },
    size: { type: 'string' },
    frames: { type: 'string' },
  },
  async run({ options, terminal, installation, signal }) {
    const document = await trainModel(installation, {
      data: options.required('data'),
      dataDir: options.text('data-dir'),
      sampler: samplerName(options),
      ratio: options.ratio('ratio') ?? 0.5,
      seed: options.whole('seed', 0) ?? 0,
      epochs: options.whole('epochs', 1),
      engine: engineChoice(options),
      out: options.required('out'),
      resume: options.flag('resume'),
      size: options.whole('size', 8, 1024),
      frames: options.whole('frames', 1, 4096),
      ...studyReading(terminal),
      signal,
      onEpoch: ({ epoch, trainLoss, valLoss, valAuc }) => {
        terminal.note(
          `epoch ${epoch}: train loss ${trainLoss.toFixed(4)}, validation loss ${valLoss.toFixed(4)}, AUC ${valAuc.toFixed(3)}`,
        );
      },
      onEngine: (line) => {
        terminal.note(line);
      },
    });
    terminal.result(document, () => [
      `${document.epochs} epochs in ${document.run}`,
      `best: epoch ${document.best.epoch}, validation loss ${document.best.loss.toFixed(4)}`,
    ]);
    return [];
  },
};
