import { createHash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import type { ReviewDocument } from '../contract/documents.ts';
import { JsonFile } from './jsonFile.ts';

const frames = z.array(z.int().min(0)).max(1_000_000);

const reviewSchema: z.ZodType<ReviewDocument> = z.strictObject({
  verdict: z.enum(['accepted', 'amended', 'rejected']).nullable(),
  decidedAt: z.string().max(64).nullable(),
  package: z.string().max(64).nullable(),
  version: z.string().max(64).nullable(),
  added: frames,
  removed: frames,
  viewed: frames,
});

export const EMPTY_REVIEW: ReviewDocument = {
  verdict: null,
  decidedAt: null,
  package: null,
  version: null,
  added: [],
  removed: [],
  viewed: [],
};

/**
 * What a person decided about one phase of one series. The file's name is a hash, so that no identifier of a patient
 * or study appears in a directory listing.
 */
export function reviewFile(dataFolder: string, seriesId: string, phase: number): JsonFile<ReviewDocument> {
  const name = createHash('sha256').update(`${seriesId}\n${phase}`).digest('hex').slice(0, 32);
  return new JsonFile(path.join(dataFolder, 'reviews', `${name}.json`), reviewSchema, EMPTY_REVIEW);
}
