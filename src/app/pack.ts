import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Card } from '../contract/card.ts';
import type { EngineChoice } from '../contract/engineChoice.ts';
import { KeysliceError } from '../contract/errors.ts';
import { folderDescription, type PackageNaming } from '../ml/training/folderDescription.ts';
import { descriptionFor } from '../ml/training/packageDescription.ts';
import { packRun } from '../ml/training/packRun.ts';
import { readConfig } from '../ml/training/runFolder.ts';
import { commandEngine } from './commandEngine.ts';
import type { Installation } from './installation.ts';
import { requireSplit } from './labelled/readLabelledFolder.ts';
import { readLabelledData } from './labelledData.ts';

/** Every run has one. */
const RUN_FILE = 'config.json';

export interface PackRequest {
  /** Run folders, or folders of them: the run that is packed and its peers in the card. */
  runs: readonly string[];
  /** The list of studies that the runs were trained on; not needed for published data sets. */
  data: string | undefined;
  /** What a package of own studies is called: its id, title and licence. */
  naming: PackageNaming;
  dataDir: string | undefined;
  engine: EngineChoice;
  out: string;
  signal: AbortSignal;
  onEngine: (line: string) => void;
  onStudy: (done: number, total: number) => void;
  onNote: (line: string) => void;
}

/** Makes a model package of training runs; reads the test split once. @throws KeysliceError RUN_INVALID and others */
export async function pack(installation: Installation, request: PackRequest): Promise<Card> {
  const runs = (await Promise.all(request.runs.map(runsIn))).flat();
  const [first] = runs;
  if (first === undefined) throw new KeysliceError('RUN_INVALID', { reason: 'no run was named' });
  const { data: trainedOn, rows, frames } = await readConfig(first);
  const data = await readLabelledData(installation, {
    ...request,
    data: request.data ?? publishedName(first, trainedOn.name),
    size: rows,
    frames,
    classes: null,
  });
  for (const split of ['val', 'test'] as const) requireSplit(data, split, 2);
  const description =
    data.folder === undefined ? descriptionFor(data.name) : folderDescription(data, request.naming);
  if (description === null)
    throw new KeysliceError(
      'RUN_INVALID',
      { reason: `there is no description of a package for ${data.name}` },
      { path: first },
    );
  return packRun({
    runs,
    data,
    description,
    out: request.out,
    engine: await commandEngine(request.engine, request.onEngine),
    signal: request.signal,
  });
}

/** @throws KeysliceError RUN_INVALID for a run on own studies: it does not say where they lie */
function publishedName(run: string, name: string): string {
  if (name.startsWith('medmnist:')) return name;
  const reason = `it was trained on ${name}; name its list of studies with --data`;
  throw new KeysliceError('RUN_INVALID', { reason }, { path: run });
}

/** A run folder itself, or the run folders in it by name. @throws KeysliceError RUN_INVALID */
async function runsIn(folder: string): Promise<string[]> {
  if (existsSync(path.join(folder, RUN_FILE))) return [folder];
  try {
    const names = await readdir(folder);
    const inside = names.sort().map((name) => path.join(folder, name));
    return inside.filter((candidate) => existsSync(path.join(candidate, RUN_FILE)));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new KeysliceError('RUN_INVALID', { reason }, { path: folder, cause });
  }
}
