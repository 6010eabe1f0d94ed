import type { TriageRequest } from '../app/triage.ts';
import { engineChoice, keySize, samplerName, type Options } from './options.ts';

/** The part of a triage that the options of `triage` and `export` share. */
export function triageRequest(
  options: Options,
): Pick<TriageRequest, 'path' | 'series' | 'phase' | 'size' | 'model' | 'sampler' | 'engine' | 'seed'> {
  return {
    path: options.path(),
    series: options.text('series'),
    phase: options.whole('phase', 0) ?? 0,
    size: keySize(options),
    model: options.text('model') ?? 'auto',
    sampler: samplerName(options),
    engine: engineChoice(options),
    seed: options.whole('seed', 0) ?? 0,
  };
}
