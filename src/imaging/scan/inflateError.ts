import { KeysliceError } from '../../contract/errors.ts';
import { fileSystemError } from './openFile.ts';

/** The coded error for what was thrown while a file was unpacked: by zlib, by the drive, or by us. */
export function inflateError(thrown: unknown): KeysliceError {
  if (thrown instanceof KeysliceError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (!code.startsWith('Z_')) return fileSystemError(thrown, '');
  const state = code === 'Z_BUF_ERROR' ? 'end too early' : 'are damaged';
  return new KeysliceError('FILE_UNREADABLE', { reason: `its compressed data ${state}` }, { cause: thrown });
}
