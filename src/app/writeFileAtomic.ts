import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { KeysliceError } from '../contract/errors.ts';

/** Writes a whole file or none, in a folder that is made when it is not there: temporary file beside it, flushed, then renamed. @throws TARGET_NOT_WRITABLE */
export async function writeFileAtomic(target: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    await mkdir(path.dirname(target), { recursive: true });
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined); // the first error is the one to tell
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new KeysliceError('TARGET_NOT_WRITABLE', { reason }, { path: target, cause });
  }
}
