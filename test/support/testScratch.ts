import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scratch } from '../../src/imaging/scan/scratch.ts';

/** Scratch space below a folder of the test. */
export function testScratch(root: string): Scratch {
  return { folder: () => mkdtemp(join(root, 'scratch-')) };
}
