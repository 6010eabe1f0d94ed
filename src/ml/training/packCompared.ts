import { ADPS_FILE, type Card } from '../../contract/card.ts';
import type { Engine } from '../engines/engine.ts';
import { DPS_LOGITS } from '../networks/dpsSampler.ts';
import { adpsModel } from '../networks/inferenceGraphs.ts';
import { weightOf } from '../networks/parameters.ts';
import { adpsGoldenValues } from '../packages/golden.ts';
import { slotsFor } from './chooseFrames.ts';
import { readTensors } from './runFolder.ts';
import { type RunResult, chosenRun } from './runResults.ts';

type ComparedSamplers = NonNullable<Card['comparedSamplers']>;
type AdpsCard = NonNullable<ComparedSamplers['adps']>;

/** What a package carries of the samplers that DAS was compared with. */
export interface PackedCompared {
  readonly card: ComparedSamplers;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** The weights of the DPS and A-DPS runs with the smallest validation loss, where there are any. */
export async function packCompared(
  results: readonly RunResult[],
  engine: Engine,
  golden: { readonly seed: number; readonly tolerance: number },
): Promise<PackedCompared> {
  const [dps, adps] = [chosenRun(results, 'dps'), chosenRun(results, 'adps')];
  const files: Record<string, Uint8Array> = {};
  if (adps !== null) files[ADPS_FILE] = adpsModel(await readTensors(adps.folder, 'weights'));
  const model = files[ADPS_FILE];
  return {
    files,
    card: {
      ...(dps === null ? {} : { dps: await dpsCard(dps) }),
      ...(adps === null || model === undefined ? {} : { adps: await adpsCard(adps, model, engine, golden) }),
    },
  };
}

async function dpsCard({ folder, config }: RunResult): Promise<NonNullable<ComparedSamplers['dps']>> {
  const logits = weightOf(await readTensors(folder, 'weights'), DPS_LOGITS, [1, config.frames]);
  return { logits: [...logits], tau0: config.protocol.tau0 };
}

async function adpsCard(
  { config: { frames, ratio, protocol } }: RunResult,
  model: Uint8Array,
  engine: Engine,
  golden: { readonly seed: number; readonly tolerance: number },
): Promise<AdpsCard> {
  const { rounds, tau0 } = protocol;
  const session = await engine.createSession(model);
  try {
    const request = { seed: golden.seed, frames, k: slotsFor('adps', ratio, frames) };
    return { rounds, tau0, golden: { ...golden, ...(await adpsGoldenValues(session, rounds, request)) } };
  } finally {
    await session.release();
  }
}
