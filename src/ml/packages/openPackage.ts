import { KeysliceError } from '../../contract/errors.ts';
import type { Engine, EngineSession } from '../engines/engine.ts';
import { invalidPackage, type ModelPackage } from './modelPackage.ts';

/** A package on an engine. */
export interface PackageSessions {
  readonly sampler: EngineSession;
  readonly classifier: EngineSession | null;
}

/** @throws KeysliceError PACKAGE_INVALID when the engine refuses a graph. */
export async function openPackage(files: ModelPackage, engine: Engine): Promise<PackageSessions> {
  const { id } = files.card;
  const sampler = await openGraph(id, files.sampler, engine);
  if (files.classifier === null) return { sampler, classifier: null };
  try {
    return { sampler, classifier: await openGraph(id, files.classifier, engine) };
  } catch (error) {
    await sampler.release();
    throw error;
  }
}

/** Engines see bytes; the package's id is put in here. */
async function openGraph(id: string, model: Uint8Array, engine: Engine): Promise<EngineSession> {
  try {
    return await engine.createSession(model);
  } catch (error) {
    if (!(error instanceof KeysliceError)) throw error;
    throw invalidPackage(id, String(error.facts['reason']), error);
  }
}

export async function closePackage({ sampler, classifier }: PackageSessions): Promise<void> {
  await sampler.release();
  await classifier?.release();
}
