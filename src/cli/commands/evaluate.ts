import { evaluate as evaluateModel } from '../../app/evaluate.ts';
import { evaluateGain } from '../../app/evaluateGain.ts';
import type { EvaluateDocument, GainDocument } from '../../contract/documents.ts';
import type { Failure } from '../../contract/errors.ts';
import type { Command, CommandContext } from '../command.ts';
import { engineChoice, comparedName, type Options } from '../options.ts';
import { studyReading } from '../studyReading.ts';
import { UsageError } from '../usage.ts';

function subjectOf(options: Options): { run: string } | { model: string } {
  const run = options.text('run');
  const model = options.text('model');
  if (run !== undefined && model === undefined) return { run };
  if (model !== undefined && run === undefined) return { model };
  throw new UsageError('either --run or --model is needed');
}

function evaluationLines({
  model,
  data,
  split,
  n,
  sampler,
  ratio,
  metrics,
  ci95,
}: EvaluateDocument): string[] {
  const interval = ci95.auc === null ? '' : ` (95 % ${ci95.auc[0].toFixed(3)} to ${ci95.auc[1].toFixed(3)})`;
  return [
    `${model} on ${data.name} (${split}, ${n} series), ${sampler} at ${ratio}`,
    metrics.auc === null
      ? 'AUC not defined: the split holds one class only'
      : `AUC ${metrics.auc.toFixed(3)}${interval}`,
    `accuracy ${metrics.accuracy.toFixed(3)}, balanced accuracy ${metrics.balancedAccuracy.toFixed(3)}`,
  ];
}

function gainLines({ series, skipped }: GainDocument): string[] {
  const rows = series.map(({ place, frames, k, error, uniform, optimal, gain, proposalGain, trained }) => {
    const gains =
      gain === null || proposalGain === null
        ? 'nothing to gain'
        : `gain ${gain.toFixed(2)}, of the proposal ${proposalGain.toFixed(2)}`;
    const errors = `error ${error.toFixed(4)} (uniform ${uniform.toFixed(4)}, optimal ${optimal === null ? 'not computed' : optimal.toFixed(4)})`;
    return `${place}: ${k} of ${frames}, ${errors}, ${gains}${trained ? ' (trained on it)' : ''}`;
  });
  return [...rows, ...skipped.map(({ place, reason }) => `${place}: not measured, ${reason}`)];
}

async function gain({
  options,
  terminal,
  installation,
  signal,
  scratch,
}: CommandContext): Promise<readonly Failure[]> {
  const { document, failures } = await evaluateGain(installation, {
    path: options.required('data'),
    ratio: options.ratio('ratio'),
    out: options.text('out'),
    engine: engineChoice(options),
    signal,
    scratch,
    onProgress: (stage, done, total) => {
      terminal.progress(stage, done, total);
    },
    onEngine: (line) => {
      terminal.note(line);
    },
  });
  terminal.asides([], failures);
  terminal.result(document, () => gainLines(document));
  return failures;
}

export const evaluate: Command = {
  options: {
    run: { type: 'string' },
    model: { type: 'string' },
    data: { type: 'string' },
    'data-dir': { type: 'string' },
    split: { type: 'string' },
    ratio: { type: 'string' },
    sampler: { type: 'string' },
    engine: { type: 'string' },
    out: { type: 'string' },
  },
  async run(context) {
    const { options, terminal, installation, signal } = context;
    const subject = subjectOf(options);
    const out = options.text('out');
    if ('model' in subject && subject.model === 'general') return gain(context);
    if ('model' in subject && out !== undefined)
      throw new UsageError('--out goes with --run, and with --model general');
    const document = await evaluateModel(installation, {
      subject,
      data: options.required('data'),
      dataDir: options.text('data-dir'),
      split: options.oneOf('split', ['val', 'test']) ?? 'val',
      ratio: options.ratio('ratio'),
      sampler: comparedName(options),
      engine: engineChoice(options),
      out,
      ...studyReading(terminal),
      signal,
      onEngine: (line) => {
        terminal.note(line);
      },
    });
    terminal.result(document, () => evaluationLines(document));
    return [];
  },
};
