import { ENGINE_CHOICES, type EngineChoice } from '../../contract/engineChoice.ts';

/** Limits of the memory setting, as the contract has them. */
export const MEMORY_MIN_MB = 128;
export const MEMORY_MAX_MB = 65_536;

export function isEngineChoice(name: string): name is EngineChoice {
  return ENGINE_CHOICES.some((choice) => choice === name);
}

export function isMemoryAllowed(megabytes: number): boolean {
  return Number.isInteger(megabytes) && megabytes >= MEMORY_MIN_MB && megabytes <= MEMORY_MAX_MB;
}
