/**
 * A run folder: `config.json` (what is trained, fixed at the start), `log.jsonl` (a line per epoch), `weights.bin` (best
 * noise-free checkpoint) and `state.bin` (where training goes on). Every file is replaced whole, so that a run killed
 * at any moment can be resumed.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { KeysliceError } from '../../contract/errors.ts';
import type { Weights } from '../networks/parameters.ts';
import { TRAINED_SAMPLERS } from './chooseFrames.ts';
import { COLLAPSES } from './collapse.ts';
import { protocolSchema } from './protocol.ts';
import { decodeTensors, encodeTensors } from './tensorFile.ts';

const count = z.int().positive().max(1_000_000);

const configSchema = z.strictObject({
  schema: z.literal(1),
  data: z.strictObject({ name: z.string(), md5: z.string(), classes: z.array(z.string()).min(2).max(1000) }),
  frames: count,
  rows: count,
  columns: count,
  sampler: z.enum(TRAINED_SAMPLERS),
  ratio: z.number().positive().max(1),
  seed: z.int().nonnegative(),
  protocol: protocolSchema,
  /** The run whose kept weights it started from; absent: all were drawn. */
  start: z.strictObject({ data: z.string(), md5: z.string(), weights: z.string() }).optional(),
  /** Commit of the program. */
  commit: z.string(),
});

const epochSchema = z.strictObject({
  epoch: z.int().positive(),
  trainLoss: z.number(),
  /** Noise-free, on the validation split. */
  valLoss: z.number(),
  valAuc: z.number(),
  valAccuracy: z.number(),
  valBalancedAccuracy: z.number(),
  /** True when this epoch's weights were kept. */
  best: z.boolean(),
  seconds: z.number().nonnegative(),
  // Null, and absent in older runs, for samplers without weights.
  /** With the noise of training, on the same split and weights. */
  noisyLoss: z.number().nullable().default(null),
  noisyAccuracy: z.number().nullable().default(null),
  /** Different noise-free choices among the series of the split. */
  selections: z.int().positive().nullable().default(null),
  collapse: z.enum(COLLAPSES).nullable().default(null),
});

export type RunConfig = z.infer<typeof configSchema>;
export type EpochRecord = z.infer<typeof epochSchema>;

const FILES = {
  config: 'config.json',
  log: 'log.jsonl',
  weights: 'weights.bin',
  state: 'state.bin',
} as const;

/** @throws KeysliceError TARGET_NOT_EMPTY unless the folder is new or empty. */
export async function createRun(folder: string, config: RunConfig): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new KeysliceError('TARGET_NOT_EMPTY', {}, { path: folder });
  await replaceFile(join(folder, FILES.log), '');
  await replaceFile(join(folder, FILES.config), `${JSON.stringify(config, null, 2)}\n`);
}

/** @throws KeysliceError RUN_INVALID */
export async function readConfig(folder: string): Promise<RunConfig> {
  const parsed = configSchema.safeParse(await readJson(folder, FILES.config));
  if (parsed.success) return parsed.data;
  throw invalidRun(folder, `${FILES.config}: ${z.prettifyError(parsed.error)}`);
}

/** @throws KeysliceError RUN_INVALID */
export async function readLog(folder: string): Promise<EpochRecord[]> {
  const lines = (await readRunFile(folder, FILES.log))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line, i) => {
    const parsed = epochSchema.safeParse(asJson(line));
    if (parsed.success) return parsed.data;
    throw invalidRun(folder, `${FILES.log}: line ${i + 1} is not an epoch`);
  });
}

export async function writeLog(folder: string, records: readonly EpochRecord[]): Promise<void> {
  await replaceFile(join(folder, FILES.log), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

/** @throws KeysliceError RUN_INVALID */
export async function readTensors(
  folder: string,
  which: 'weights' | 'state',
): Promise<Map<string, Float32Array>> {
  const file = await readRunFile(folder, FILES[which]);
  try {
    return decodeTensors(file);
  } catch (error) {
    if (error instanceof RangeError) throw invalidRun(folder, `${FILES[which]}: ${error.message}`, error);
    throw error;
  }
}

/** SHA-256 of the kept checkpoint. @throws KeysliceError RUN_INVALID */
export async function weightsHash(folder: string): Promise<string> {
  return createHash('sha256')
    .update(await readRunFile(folder, FILES.weights))
    .digest('hex');
}

export async function writeTensors(
  folder: string,
  which: 'weights' | 'state',
  tensors: Weights,
): Promise<void> {
  await replaceFile(join(folder, FILES[which]), encodeTensors(tensors));
}

export function invalidRun(folder: string, reason: string, cause?: unknown): KeysliceError {
  return new KeysliceError('RUN_INVALID', { reason }, { path: folder, cause });
}

/** Written beside, flushed, then renamed over the old file. */
async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.part`;
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
}

async function readRunFile(folder: string, name: string): Promise<Buffer> {
  return readFile(join(folder, name)).catch((cause: unknown) => {
    throw invalidRun(folder, `${name} cannot be read`, cause);
  });
}

async function readJson(folder: string, name: string): Promise<unknown> {
  return asJson((await readRunFile(folder, name)).toString('utf8'));
}

/** Null for what is not JSON: no schema here accepts null. */
function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
