import type { Card } from '../../contract/card.ts';
import type { ActiveParts } from '../samplers/activeSampler.ts';
import type { DpsParts } from '../samplers/dpsSampler.ts';
import type { PackageSessions } from './openPackage.ts';
import { sessionRounds } from './sessionRounds.ts';

/** Weights of the samplers that DAS was compared with; null where the package carries none. */
export interface CarriedSamplers {
  readonly dps: DpsParts | null;
  readonly adps: ActiveParts | null;
}

/** @param cancelled asked before each run of a graph. */
export function carriedSamplers(
  { comparedSamplers }: Card,
  { adps: session }: Pick<PackageSessions, 'adps'>,
  cancelled: () => boolean,
): CarriedSamplers {
  const { dps, adps } = comparedSamplers ?? {};
  return {
    dps: dps === undefined ? null : { logits: Float32Array.from(dps.logits), tau0: dps.tau0 },
    adps:
      adps === undefined || session === null
        ? null
        : { start: sessionRounds(session, cancelled), rounds: adps.rounds, tau0: adps.tau0 },
  };
}
