import { KeysliceError } from '../contract/errors.ts';
import type { Answer, KeysliceBridge } from '../contract/ipc.ts';

declare global {
  interface Window {
    /** Put there by the preload. */
    readonly keyslice: KeysliceBridge;
  }
}

/** The value of an answer; throws the coded error that it carries. */
export async function valueOf<T>(answer: Promise<Answer<T>>): Promise<T> {
  const settled = await answer;
  if (settled.ok) return settled.value;
  throw KeysliceError.from(settled.error);
}
