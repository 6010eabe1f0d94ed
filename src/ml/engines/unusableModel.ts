import { KeysliceError } from '../../contract/errors.ts';

/** A graph that an engine refuses. Engines see bytes, not packages: who knows the package's id puts it in. */
export function unusableModel(reason: string, cause?: unknown): KeysliceError {
  return new KeysliceError('PACKAGE_INVALID', { id: 'model', reason }, { cause });
}
