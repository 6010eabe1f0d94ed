import type { Card } from '../../../contract/card.ts';
import type { RebuildMetrics } from './measureGains.ts';

/** README.md of the `general` package: what the card says, for people. */
export function generalReadme(card: Omit<Card, 'files'>, metrics: RebuildMetrics): string {
  return [
    `# ${card.title} ${card.version}`,
    card.task,
    `**Use.** ${card.intendedUse}`,
    `**Limits.** ${card.limits}`,
    '## Results',
    'Gain over uniform sampling in the error of rebuilding the series by linear interpolation: 0 is uniform, 1 the ' +
      'optimum. Each series was measured with weights that never saw its source. *Proposal* is the learned density ' +
      'alone, *rule* is curvature^{2/5}, *descent* is what coordinate descent makes of the proposal, never below ' +
      'uniform. Up to 1,000 frames the program goes on to the optimum itself.',
    summaryTable(metrics),
    '## How it was trained',
    `Figures ${card.training.split}. The shipped weights are trained on all of the series below and on drawn ones.`,
    '```sh\nnode scripts/trainGeneral.mjs --data ../shared/data --out resources/models/general\n```',
    '## Licence and sources',
    `The weights are licensed under ${card.licence}.`,
    card.training.data.map(dataLine).join('\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

const show = (value: number | null): string => (value === null ? 'n/a' : value.toFixed(2));

function summaryTable({ summary }: RebuildMetrics): string {
  const rows = summary.map(
    (row) =>
      `| ${row.ratio * 100} % | ${row.series} | ${show(row.medianProposalGain)} | ` +
      `${show(row.tenthPercentileProposalGain)} | ${show(row.medianRuleGain)} | ${show(row.medianGain)} | ` +
      `${show(row.minimumGain)} |`,
  );
  return [
    '| frames kept | series | proposal, median | 10th percentile | rule, median | descent, median | least |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
}

function dataLine({ name, licence, citation }: Card['training']['data'][number]): string {
  return `- ${name}: ${licence}${citation === null ? '' : `. ${citation}`}`;
}
