import type { Protocol } from './protocol.ts';

/** Share of all steps over which the learning rate rises at most. */
const WARMUP_SHARE = 0.1;

/**
 * A protocol for fewer series than it was made for: a batch is at most all of them, the running averages forget within
 * an epoch (else early stopping judges weights that are still those of the start), and the warm-up ends early.
 * @param series in the train split
 */
export function fittedProtocol(protocol: Protocol, series: number): Protocol {
  const batch = Math.min(protocol.batch, series);
  const steps = Math.floor(series / batch);
  return {
    ...protocol,
    batch,
    averaging: Math.min(protocol.averaging, 1 - 1 / (steps + 1)),
    warmupSteps: Math.min(protocol.warmupSteps, Math.round(WARMUP_SHARE * steps * protocol.epochs)),
  };
}
