import type { Card } from '../../contract/card.ts';
import { KeysliceError } from '../../contract/errors.ts';

/** A package whose card, hashes and graphs have been checked; no engine has seen it yet. */
export interface ModelPackage {
  readonly folder: string;
  readonly card: Card;
  readonly sampler: Uint8Array;
  /** Null for a package that only ranks. */
  readonly classifier: Uint8Array | null;
  /** Null where the package carries no A-DPS. */
  readonly adps: Uint8Array | null;
}

export function invalidPackage(id: string, reason: string, cause?: unknown): KeysliceError {
  return new KeysliceError('PACKAGE_INVALID', { id, reason }, { cause });
}
