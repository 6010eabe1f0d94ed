import { sharedData } from '../support/sharedData.ts';
import { checkCommandLine, checkCorpus, checkTwins, checkUseCase } from './checkCorpus.ts';
import { conformancePage, type Conformance } from './conformancePage.ts';
import { judgeMissing, judgeVersions } from './pixelsJudge.ts';

export interface ConformanceRun {
  page: string;
  faults: readonly string[];
}

/** Why there is nothing to run; null where there is. */
export function conformanceMissing(): string | null {
  return sharedData('dicom') === null ? 'the shared data are not there' : judgeMissing();
}

/** Judges every file of the shared data. The program must be built. */
export async function runConformance(say: (line: string) => void): Promise<ConformanceRun> {
  const root = sharedData('.');
  if (root === null) throw new Error('the shared data are not there');
  const folders = await checkCorpus(root, say);
  say('files of the same image');
  const twins = await checkTwins(root);
  say('through the use case and the command line');
  const useCase = await checkUseCase(folders);
  const commandLine = await checkCommandLine(folders);
  const conformance = { versions: await judgeVersions(), folders, twins, useCase, commandLine };
  return { page: conformancePage(conformance), faults: faultsOf(conformance) };
}

function faultsOf({ folders, twins, useCase, commandLine }: Conformance): string[] {
  return [
    ...folders
      .flatMap(({ files }) => files)
      .flatMap(({ file, verdict }) => (verdict.kind === 'fault' ? [`${file}: ${verdict.reason}`] : [])),
    ...twins
      .filter(({ right }) => !right)
      .map(({ file, difference }) => `${file}: its twin by ${difference}`),
    ...useCase.wrong.map((path) => `${path}: the use case gives other pixels`),
    ...commandLine.wrong.map((path) => `${path}: the command line gives other pixels`),
  ];
}
