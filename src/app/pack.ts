import type { Card } from '../contract/card.ts';
import type { EngineChoice } from '../contract/engineChoice.ts';
import { KeysliceError } from '../contract/errors.ts';
import { descriptionFor } from '../ml/training/packageDescription.ts';
import { packRun } from '../ml/training/packRun.ts';
import { readConfig } from '../ml/training/runFolder.ts';
import { commandEngine } from './commandEngine.ts';
import type { Installation } from './installation.ts';
import { readLabelledData } from './labelledData.ts';

export interface PackRequest {
  /** The run that is packed and, with it, runs of other samplers and seeds: its peers in the card. */
  runs: readonly string[];
  dataDir: string | undefined;
  engine: EngineChoice;
  out: string;
  signal: AbortSignal;
  onEngine: (line: string) => void;
}

/** Makes a model package of training runs; reads the test split once. @throws KeysliceError RUN_INVALID and others */
export async function pack(installation: Installation, request: PackRequest): Promise<Card> {
  const [first] = request.runs;
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
    runs: request.runs,
    data: await readLabelledData(installation, data.name, request.dataDir),
    description,
    out: request.out,
    engine: await commandEngine(request.engine, request.onEngine),
    signal: request.signal,
  });
}
