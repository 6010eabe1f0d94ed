import { KeysliceError } from '../../contract/errors.ts';
import { type ReportedRun, compare, protocolKey } from './reportedRun.ts';

/** Runs that differ in their seed alone. */
export interface Arm {
  readonly sampler: string;
  /** Sampler and the settings in which it differs from most runs on the same data. */
  readonly label: string;
  /** True when it differs in none. */
  readonly plain: boolean;
  readonly ratio: number;
  readonly runs: readonly ReportedRun[];
}

/** Everything that was run on one data set. */
export interface DataReport {
  readonly name: string;
  readonly arms: readonly Arm[];
  readonly runs: readonly ReportedRun[];
  /** Settings of most runs. */
  readonly protocol: ReportedRun['protocol'];
}

/** @throws KeysliceError METRICS_INVALID when two runs on one data set did not see the same test series */
export function dataReports(runs: readonly ReportedRun[]): DataReport[] {
  const names = [...new Set(runs.map(({ data }) => data.name))];
  return names.map((name) =>
    dataReport(
      name,
      runs.filter(({ data }) => data.name === name),
    ),
  );
}

function dataReport(name: string, runs: readonly ReportedRun[]): DataReport {
  requireSameSeries(runs);
  const protocol = usualProtocol(runs);
  const byArm = new Map<string, ReportedRun[]>();
  for (const run of runs) {
    const key = JSON.stringify([run.ratio, run.sampler, protocolKey(run.protocol)]);
    byArm.set(key, [...(byArm.get(key) ?? []), run]);
  }
  const arms = [...byArm.values()].flatMap((members): Arm[] => {
    const [first] = members;
    if (first === undefined) return [];
    const differences = Object.entries(first.protocol)
      .filter(([key, value]) => JSON.stringify(protocol[key]) !== JSON.stringify(value))
      .map(([key, value]) => `${key} ${String(value)}`)
      .toSorted(compare);
    const { sampler, ratio } = first;
    const label = [sampler, ...differences].join(', ');
    return [{ sampler, label, plain: differences.length === 0, ratio, runs: members }];
  });
  return { name, arms, runs, protocol };
}

function requireSameSeries([first, ...others]: readonly ReportedRun[]): void {
  for (const run of others) {
    const same = run.predictions.labels.join() === first?.predictions.labels.join();
    if (!same)
      throw new KeysliceError(
        'METRICS_INVALID',
        { reason: `its test series are not those of ${first?.path ?? ''}` },
        { path: run.path },
      );
  }
}

/** The commonest value of every setting; of equally common ones the first in order. */
function usualProtocol(runs: readonly ReportedRun[]): ReportedRun['protocol'] {
  const keys = [...new Set(runs.flatMap(({ protocol }) => Object.keys(protocol)))].toSorted(compare);
  return Object.fromEntries(
    keys.flatMap((key) => {
      const values = runs.flatMap(({ protocol }) => (key in protocol ? [protocol[key]] : []));
      const times = (value: unknown): number =>
        values.filter((other) => JSON.stringify(other) === JSON.stringify(value)).length;
      const best = values.toSorted(
        (a, b) => times(b) - times(a) || compare(JSON.stringify(a), JSON.stringify(b)),
      )[0];
      return best === undefined ? [] : [[key, best]];
    }),
  );
}
