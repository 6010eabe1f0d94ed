import { readFileSync } from 'node:fs';
import type { FeatureKernel } from '../ml/features/featureKernel.ts';
import { loadFeatureKernel } from '../ml/features/wasmKernel.ts';
import type { Installation } from './installation.ts';

/** The SIMD kernel of an installation for this thread; null where there is none: the plain reference is used. */
export function featureKernel({ kernel }: Pick<Installation, 'kernel'>): FeatureKernel | null {
  return kernel === null ? null : loadFeatureKernel(new Uint8Array(readFileSync(kernel)));
}
