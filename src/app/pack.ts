import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Card } from '../contract/card.ts';
import type { EngineChoice } from '../contract/engineChoice.ts';
import { KeysliceError } from '../contract/errors.ts';
import { descriptionFor } from '../ml/training/packageDescription.ts';
import { packRun } from '../ml/training/packRun.ts';
import { readConfig } from '../ml/training/runFolder.ts';
import { commandEngine } from './commandEngine.ts';
import type { Installation } from './installation.ts';
import { readLabelledData } from './labelledData.ts';

/** Every run has one. */
const RUN_FILE = 'config.json';

export interface PackRequest {
  /** Run folders, or folders of them: the run that is packed and its peers in the card. */
  runs: readonly string[];
  dataDir: string | undefined;
  engine: EngineChoice;
  out: string;
  signal: AbortSignal;
  onEngine: (line: string) => void;
}

/** Makes a model package of training runs; reads the test split once. @throws KeysliceError RUN_INVALID and others */
export async function pack(installation: Installation, request: PackRequest): Promise<Card> {
  const runs = (await Promise.all(request.runs.map(runsIn))).flat();
  const [first] = runs;
  if (first === undefined) throw new KeysliceError('RUN_INVALID', { reason: 'no run was named' });
  const { data } = await readConfig(first);
  const description = descriptionFor(data.name);
  if (description === null)
    throw new KeysliceError(
      'RUN_INVALID',
      { reason: `there is no description of a package for ${data.name}` },
      { path: first },
    );
  return packRun({
    runs,
    data: await readLabelledData(installation, data.name, request.dataDir),
    description,
    out: request.out,
    engine: await commandEngine(request.engine, request.onEngine),
    signal: request.signal,
  });
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
