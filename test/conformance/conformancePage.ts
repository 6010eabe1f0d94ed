import type { CheckedCommands, CheckedFolder, CheckedTwin } from './checkCorpus.ts';
import type { CheckedFile } from './checkFile.ts';
import type { Verdict } from './judgeFile.ts';
import { REFUSED, TWINS, UNJUDGED, WRONG_JUDGES } from './knownCases.ts';

export interface Conformance {
  versions: Readonly<Record<string, string | null>>;
  folders: readonly CheckedFolder[];
  twins: readonly CheckedTwin[];
  useCase: CheckedCommands;
  commandLine: CheckedCommands;
}

const VERDICTS: Readonly<Record<Verdict['kind'], string>> = {
  agrees: 'agrees with every judge that decodes it',
  judgesPart: 'agrees with a judge; another is wrong',
  twin: 'no judge is right; agrees with a file of the same image',
  unjudged: 'decoded by Keyslice alone',
  refused: 'refused by Keyslice, decoded by a judge',
  noImage: 'no image for Keyslice nor for any judge',
  fault: 'WRONG, or not explained',
};

/** docs/conformance.md: the same text for the same files, judges and code. */
export function conformancePage(conformance: Conformance): string {
  const { folders } = conformance;
  const files = folders.flatMap((folder) => folder.files);
  const sections = [
    introduction(conformance),
    summary(files),
    throughCommands(conformance),
    whereDecodersPart(conformance),
    silentJudges(files),
    '## Files\n\nFiles of one folder that are alike stand in one row.',
    ...folders.map(folderSection),
    filesWithoutImage(files),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function introduction({ versions }: Conformance): string {
  const judges = Object.entries(versions).map(([name, version]) => `${name} ${version ?? '(not installed)'}`);
  return `# Conformance

Made by \`npm run conformance\`, which fails on a fault. Every file under \`dicom/\` and \`nifti/\` of the shared data: each
frame as \`keyslice frame\` gives it (stored values; colours as RGB) beside ${judges.join(', ')}. The judges are
\`test/judges/pixels.py\`; what is known of single files is \`test/conformance/knownCases.ts\`.

A difference is the largest one of any value of any frame. It must be 0; 2 levels where decoders round (lossy
compression, YBR); magnitudes of complex numbers to 1e-6 of the value.`;
}

function summary(files: readonly CheckedFile[]): string {
  const rows = Object.entries(VERDICTS).map(([kind, words]) => {
    const those = files.filter(({ verdict }) => verdict.kind === kind);
    const frames = those.reduce((sum, { facts }) => sum + (facts?.frames ?? 0), 0);
    return [words, String(those.length), frames === 0 ? '–' : String(frames)];
  });
  return `## Summary\n\n${table(['verdict', 'files', 'frames'], rows)}`;
}

function throughCommands({ useCase, commandLine }: Conformance): string {
  const line = (what: string, { asked, wrong }: CheckedCommands): string =>
    `- ${what}: ${asked - wrong.length} of ${asked} frames are the same, byte for byte.`;
  return [
    'The frames in the table are decoded in one process. Beside it:',
    '',
    line('the use case behind `keyslice frame`, the middle frame of every file', useCase),
    line(
      'the built program, one frame of each transfer syntax, photometric interpretation and depth',
      commandLine,
    ),
  ].join('\n');
}

function whereDecodersPart({ folders, twins }: Conformance): string {
  const found = new Map(folders.flatMap(({ files }) => files).map((each) => [each.file, each]));
  const wrong = WRONG_JUDGES.map(({ files, judges, why }) => {
    const there = files.filter((file) => found.get(file)?.verdict.kind === 'judgesPart');
    return there.length === 0 ? '' : `- ${names(there)}: ${judges.join(', ')} wrong. ${why}`;
  });
  const standIns = twins.map(({ file, difference, right }) => {
    const { twin, why } = TWINS[file] ?? { twin: '', why: '' };
    return `- \`${file}\`: ${why} Beside \`${twin}\`: ${number(difference)}${right ? '' : ', WRONG'}.`;
  });
  const refused = Object.entries(REFUSED).flatMap(([file, { code, why }]) =>
    found.get(file)?.verdict.kind === 'refused' ? [`- \`${file}\`: \`${code}\`. ${why}`] : [],
  );
  const alone = Object.entries(UNJUDGED).flatMap(([file, why]) =>
    found.get(file)?.verdict.kind === 'unjudged' ? [`- \`${file}\`: ${why}`] : [],
  );
  const faults = [...found.values()].flatMap(({ file, verdict }) =>
    verdict.kind === 'fault' ? [`- \`${file}\`: ${verdict.reason}.`] : [],
  );
  return [
    '## Where decoders part',
    ...part('Faults', faults),
    ...part('A judge is wrong', wrong),
    ...part('No judge is right', standIns),
    ...part('Keyslice refuses', refused),
    ...part('Keyslice alone', alone),
  ].join('\n\n');
}

function part(title: string, lines: readonly string[]): string[] {
  const there = lines.filter((line) => line !== '');
  return there.length === 0 ? [] : [`### ${title}`, there.join('\n')];
}

/** Files that one judge decodes and another does not. */
function silentJudges(files: readonly CheckedFile[]): string {
  const groups = new Map<string, string[]>();
  for (const { file, comparisons, failures } of files) {
    if (comparisons.length === 0) continue;
    for (const { judge, error } of failures) {
      const key = `${judge} (${error})`;
      groups.set(key, [...(groups.get(key) ?? []), file]);
    }
  }
  const rows = [...groups].sort().map(([judge, those]) => [judge, String(those.length), names(those)]);
  if (rows.length === 0) return '';
  return [
    '### A judge gives nothing',
    'Keyslice agrees with the other judges of these files.',
    table(['judge', 'files', 'which'], rows),
  ].join('\n\n');
}

function folderSection({ name, files }: CheckedFolder): string {
  const shown = files.filter(({ verdict }) => verdict.kind !== 'noImage');
  if (shown.length === 0) return '';
  const header = [
    'file',
    'frames',
    'transfer syntax',
    'photometric',
    'bits',
    'judges: difference',
    'verdict',
  ];
  return `### ${name}\n\n${table(header, folded(shown, name))}`;
}

/** One row for a run of files that differ in nothing but their names. */
function folded(files: readonly CheckedFile[], folder: string): string[][] {
  const runs: { key: string; first: CheckedFile; last: CheckedFile; count: number; frames: number }[] = [];
  for (const file of files) {
    const key = JSON.stringify(cells(file));
    const run = runs[runs.length - 1];
    const frames = file.facts?.frames ?? 0;
    if (run?.key === key)
      Object.assign(run, { last: file, count: run.count + 1, frames: run.frames + frames });
    else runs.push({ key, first: file, last: file, count: 1, frames });
  }
  const short = ({ file }: CheckedFile): string => `\`${file.slice(folder.length + 1)}\``;
  return runs.map(({ first, last, count, frames }) => {
    const name = count === 1 ? short(first) : `${short(first)} … ${short(last)} (${count} files)`;
    return [name, frames === 0 ? '–' : String(frames), ...cells(first)];
  });
}

function cells({ facts, comparisons, verdict }: CheckedFile): string[] {
  const judges = comparisons.map(({ judge, difference }) => `${judge}: ${number(difference)}`).join(', ');
  return [
    facts?.syntax ?? '–',
    facts?.photometric ?? '–',
    facts?.bits ?? '–',
    judges === '' ? '–' : judges,
    verdictWord(verdict),
  ];
}

function verdictWord(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'agrees':
      return 'agrees';
    case 'judgesPart':
      return 'agrees; a judge is wrong';
    case 'twin':
      return 'see above: twin';
    case 'unjudged':
      return 'see above: alone';
    case 'refused':
    case 'noImage':
      return `refused: \`${verdict.code}\``;
    case 'fault':
      return `FAULT: ${verdict.reason}`;
  }
}

function filesWithoutImage(files: readonly CheckedFile[]): string {
  const groups = new Map<string, string[]>();
  for (const { file, verdict } of files) {
    if (verdict.kind !== 'noImage') continue;
    groups.set(verdict.code, [...(groups.get(verdict.code) ?? []), file]);
  }
  const rows = [...groups].sort().map(([code, those]) => [`\`${code}\``, String(those.length), names(those)]);
  return `## No image for anyone\n\n${table(['code', 'files', 'which'], rows)}`;
}

const names = (files: readonly string[]): string => files.map((file) => `\`${file}\``).join(', ');

/** Infinite: number, size or type differ. */
function number(difference: number): string {
  if (difference === Infinity) return 'not comparable';
  return Number.isInteger(difference) ? String(difference) : difference.toExponential(0);
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
