import type { Card } from '../../contract/card.ts';
import { defaultProtocol } from './protocol.ts';

type Metrics = Extract<Card['metrics'], { kind: 'classification' }>;

/** README.md of a trained package: what the card says, for people. */
export function packageReadme(card: Omit<Card, 'files'>, metrics: Metrics): string {
  const { id, title, version, task, intendedUse, limits, training, scope } = card;
  return [
    `# ${title} ${version}`,
    task,
    `**Use.** ${intendedUse}`,
    `**Limits.** ${limits}`,
    `**Scope.** ${scope.note} The program checks it on the data.`,
    '## Results',
    resultsTable(metrics),
    baselineText(metrics),
    '## How it was trained',
    `Split: ${training.split}. The package is the DAS run with the smallest noise-free validation loss.`,
    ...startText(training),
    ['```sh', ...trainCommands(card, metrics), '```'].join('\n'),
    '## Licence and sources',
    `The weights are licensed under ${card.licence}.`,
    ...training.data.map(({ name, licence, citation, md5 }) =>
      [
        `Data: ${name}, ${licence}`,
        md5 === null ? '' : `, MD5 ${md5}`,
        citation === null ? '.' : `. ${citation}.`,
      ].join(''),
    ),
    '## Golden values',
    goldenText(card),
    `Verify with \`keyslice models verify\`; this package is \`${id}\`.`,
  ]
    .join('\n\n')
    .concat('\n');
}

const show = (value: number): string => value.toFixed(3);

function resultsTable({ runs, ratio }: Metrics): string {
  const rows = runs.map(({ sampler, seed, val, test }) =>
    [
      sampler,
      seed,
      ...[val, test].flatMap((m) => [show(m.auc), show(m.accuracy), show(m.balancedAccuracy)]),
    ].join(' | '),
  );
  return [
    `Every run; all but \`full\` see ${ratio * 100} % of the frames.`,
    '',
    '| sampler | seed | val AUC | val accuracy | val balanced | test AUC | test accuracy | test balanced |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

function baselineText({ test, ci95, baselines }: Metrics): string {
  const [low, high] = ci95.auc;
  const shipped = `Shipped run: test AUC ${show(test.auc)} (95 % ${show(low)} to ${show(high)}).`;
  return [shipped, ...baselines.map(({ name, testAuc }) => `Baseline ${name}: ${show(testAuc)}.`)].join(' ');
}

/** Options of `keyslice train` by the setting that they change: those of every run, and those of DAS. */
const COMMON_OPTIONS = {
  epochs: 'epochs',
  batch: 'batch',
  patience: 'patience',
  learningRate: 'learning-rate',
  classWeights: 'class-weights',
  mirror: 'mirror',
} as const;
const DAS_OPTIONS = {
  base: 'base',
  features: 'features',
  sampling: 'sampling',
  noise: 'noise',
  samplerRate: 'sampler-rate',
  scoreWeight: 'score-weight',
} as const;

/** What has to be said because the shipped run did not do as DAS does by default. */
function optionsBeside({ protocol }: Card['training'], sampler: string): string[] {
  const usual = new Map<string, unknown>(Object.entries(defaultProtocol('das')));
  return Object.entries({ ...COMMON_OPTIONS, ...(sampler === 'das' ? DAS_OPTIONS : {}) }).flatMap(
    ([setting, option]) => {
      const value = protocol[setting];
      return value === undefined || String(value) === String(usual.get(setting))
        ? []
        : [`--${option} ${String(value).replaceAll(' ', ',')}`];
    },
  );
}

/** Folder of the run that all others start from. */
const START_FOLDER = 'runs/start';

function startText({ protocol: { start } }: Card['training']): string[] {
  return start === undefined
    ? []
    : [`Every run starts from the weights of one run on \`${String(start)}\`, here \`${START_FOLDER}\`.`];
}

function trainCommands({ training }: Pick<Card, 'training'>, { runs, ratio }: Metrics): string[] {
  const data = training.data[0]?.name ?? '';
  const folder = ({ sampler, seed }: Metrics['runs'][number]): string => `runs/${sampler}-${seed}`;
  return [
    ...runs.map((run) =>
      [
        `keyslice train --data ${data} --sampler ${run.sampler}`,
        `--ratio ${ratio} --seed ${run.seed}`,
        ...optionsBeside(training, run.sampler),
        ...(training.protocol['start'] === undefined ? [] : [`--init ${START_FOLDER}`]),
        `--out ${folder(run)}`,
      ].join(' '),
    ),
    ['keyslice pack --out PACKAGE', ...runs.map((run) => `--run ${folder(run)}`)].join(' '),
  ];
}

function goldenText({ golden, sampler }: Pick<Card, 'golden' | 'sampler'>): string {
  return (
    `From seed ${golden.seed} the program makes inputs of ${golden.frames} frames; the sampler (base ${sampler.base}, ` +
    `${sampler.heads} heads) must choose frames ${golden.selected.join(', ')} and the classifier must give the logits ` +
    `${(golden.logits ?? []).map((value) => value.toFixed(5)).join(', ')}, within ${golden.tolerance}·(1 + |value|).`
  );
}
