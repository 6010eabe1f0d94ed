import { KeysliceError } from '../../contract/errors.ts';
import type { Engine, EngineSession } from '../engines/engine.ts';
import { invalidPackage, type ModelPackage } from './modelPackage.ts';

/** A package on an engine; null where it has no such graph. */
export interface PackageSessions {
  readonly sampler: EngineSession;
  readonly classifier: EngineSession | null;
  readonly adps: EngineSession | null;
}

/** @throws KeysliceError PACKAGE_INVALID when the engine refuses a graph. */
export async function openPackage(files: ModelPackage, engine: Engine): Promise<PackageSessions> {
  const opened: EngineSession[] = [];
  const open = async (model: Uint8Array): Promise<EngineSession> => {
    const session = await openGraph(files.card.id, model, engine);
    opened.push(session);
    return session;
  };
  try {
    return {
      sampler: await open(files.sampler),
      classifier: files.classifier === null ? null : await open(files.classifier),
      adps: files.adps === null ? null : await open(files.adps),
    };
  } catch (error) {
    for (const session of opened) await session.release();
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

export async function closePackage({ sampler, classifier, adps }: PackageSessions): Promise<void> {
  await sampler.release();
  await classifier?.release();
  await adps?.release();
}
