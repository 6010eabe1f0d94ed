import { KeysliceError } from '../../contract/errors.ts';
import type { Engine, EngineSession } from '../engines/engine.ts';
import { invalidPackage, type ModelPackage } from './modelPackage.ts';

/** A package on an engine. */
export interface PackageSessions {
  readonly sampler: EngineSession;
  readonly classifier: EngineSession | null;
}

/** @throws KeysliceError PACKAGE_INVALID when the engine refuses a graph. */
export async function openPackage(
  { card, ...files }: ModelPackage,
  engine: Engine,
): Promise<PackageSessions> {
  const open = (model: Uint8Array): Promise<EngineSession> =>
    engine.createSession(model).catch((error: unknown) => {
      if (!(error instanceof KeysliceError)) throw error;
      throw invalidPackage(card.id, String(error.facts['reason']), error);
    });
  const sampler = await open(files.sampler);
  return { sampler, classifier: files.classifier === null ? null : await open(files.classifier) };
}

export async function closePackage({ sampler, classifier }: PackageSessions): Promise<void> {
  await sampler.release();
  await classifier?.release();
}
