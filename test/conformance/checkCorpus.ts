import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScratchFolder } from '../../src/app/scratchFolder.ts';
import { runKeyslice } from '../support/runKeyslice.ts';
import { checkFile, frameHash, type CheckedFile, type ExpectedFrame } from './checkFile.ts';
import { differenceOfTwins } from './compareFrames.ts';
import { corpusFolders, type CorpusFolder } from './corpus.ts';
import { TWINS } from './knownCases.ts';
import { ownFrames } from './ownFrames.ts';
import { judge, type Judgement } from './pixelsJudge.ts';

export interface CheckedFolder {
  name: string;
  files: readonly CheckedFile[];
}

export interface CheckedTwin {
  file: string;
  difference: number;
  right: boolean;
}

export interface CheckedCommands {
  /** Frames that the use case behind `keyslice frame` gave, and those that were other pixels. */
  asked: number;
  wrong: readonly string[];
}

type Say = (line: string) => void;

/** Files that the judges are asked about at once: starting them takes longer than most answers. */
const BATCH_FILES = 100;

/** Every file of the corpus beside its judges, who work on the next folders while the ones before are compared. */
export async function checkCorpus(root: string, say: Say): Promise<CheckedFolder[]> {
  const batches = batchesOf(corpusFolders(root));
  const checked: CheckedFolder[] = [];
  let next = startJudging(batches[0]);
  for (const [index, batch] of batches.entries()) {
    const { scratch, judgements } = next;
    next = startJudging(batches[index + 1]);
    try {
      const judged = await judgements;
      for (const folder of batch) {
        say(`${folder.name}: ${folder.files.length} files`);
        checked.push(await checkFolder(folder, judged));
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  rmSync(next.scratch, { recursive: true, force: true });
  return checked;
}

function batchesOf(folders: readonly CorpusFolder[]): CorpusFolder[][] {
  const batches: CorpusFolder[][] = [];
  let room = 0;
  for (const folder of folders) {
    const last = batches[batches.length - 1];
    room -= folder.files.length;
    if (last === undefined || room < 0) {
      batches.push([folder]);
      room = BATCH_FILES - folder.files.length;
    } else last.push(folder);
  }
  return batches;
}

interface Judging {
  scratch: string;
  judgements: Promise<Map<string, Judgement>>;
}

function startJudging(batch: readonly CorpusFolder[] = []): Judging {
  const scratch = mkdtempSync(join(tmpdir(), 'keyslice-conformance-'));
  const paths = batch.flatMap(({ files }) => files.map(({ path }) => path));
  const judgements =
    paths.length === 0 ? Promise.resolve(new Map<string, Judgement>()) : judge(paths, scratch);
  // Its failure is met where it is awaited.
  judgements.catch(() => undefined);
  return { scratch, judgements };
}

async function checkFolder(
  { name, files }: CorpusFolder,
  judged: ReadonlyMap<string, Judgement>,
): Promise<CheckedFolder> {
  const checked: CheckedFile[] = [];
  for (const file of files) checked.push(await checkFile(file, judged.get(file.path) ?? new Map()));
  return { name, files: checked };
}

/** The files that no judge is right about, beside a file of the same image. */
export async function checkTwins(root: string): Promise<CheckedTwin[]> {
  const twins: CheckedTwin[] = [];
  for (const [file, { twin, atMost }] of Object.entries(TWINS)) {
    const [own, other] = [await ownFrames(join(root, file)), await ownFrames(join(root, twin))];
    const refused = typeof own === 'string' || typeof other === 'string';
    const difference = refused ? Infinity : differenceOfTwins(own, other);
    twins.push({ file, difference, right: difference <= atMost });
  }
  return twins;
}

/** The middle frame of every file through the use case behind `keyslice frame`. */
export async function checkUseCase(folders: readonly CheckedFolder[]): Promise<CheckedCommands> {
  const scratch = new ScratchFolder();
  try {
    return await checkFrames(middles(folders), (expected) => frameHash(expected, scratch));
  } finally {
    await scratch.remove();
  }
}

/** One file of each transfer syntax, photometric interpretation and depth through the built program. */
export function checkCommandLine(folders: readonly CheckedFolder[]): Promise<CheckedCommands> {
  const kinds = new Map<string, ExpectedFrame>();
  for (const { facts, middle } of folders.flatMap(({ files }) => files)) {
    const kind = JSON.stringify([facts?.syntax, facts?.photometric, facts?.bits]);
    if (middle !== null && !kinds.has(kind)) kinds.set(kind, middle);
  }
  return checkFrames([...kinds.values()], async ({ path, place }) => {
    const numbers = ['--frame', place.frame, '--series', place.series, '--phase', place.phase].map(String);
    return (await runKeyslice(['frame', path, ...numbers, '--json'])).json()['sha256'];
  });
}

const middles = (folders: readonly CheckedFolder[]): ExpectedFrame[] =>
  folders.flatMap(({ files }) => files.flatMap(({ middle }) => middle ?? []));

async function checkFrames(
  expected: readonly ExpectedFrame[],
  hash: (frame: ExpectedFrame) => Promise<unknown>,
): Promise<CheckedCommands> {
  const wrong: string[] = [];
  for (const frame of expected) if ((await hash(frame)) !== frame.sha256) wrong.push(frame.path);
  return { asked: expected.length, wrong };
}
