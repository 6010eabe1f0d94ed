import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  ADPS_FILE,
  CARD_FILE,
  CARD_SCHEMA,
  CLASSIFIER_FILE,
  SAMPLER_FILE,
  type Card,
  cardSchema,
} from '../../contract/card.ts';
import { KeysliceError } from '../../contract/errors.ts';
import { checkGraphs } from './checkGraphs.ts';
import { invalidPackage, type ModelPackage } from './modelPackage.ts';

const CARD_LIMIT = 4 * 1024 * 1024;
const FILE_LIMIT = 256 * 1024 * 1024;

/**
 * Reads a package folder and checks all that can be checked without an engine: schema of the card, hash of every
 * file, and operator set, inputs and outputs of the graphs. Nothing beside the listed files is read.
 * @throws KeysliceError PACKAGE_NOT_FOUND, PACKAGE_INVALID, PACKAGE_HASH_MISMATCH
 */
export async function loadPackage(folder: string): Promise<ModelPackage> {
  const id = basename(folder);
  const card = await readCard(folder);
  await refuseUnlisted(folder, card);
  const files = new Map<string, Uint8Array>();
  for (const [name, sha256] of Object.entries(card.files)) {
    const bytes = await readBounded(folder, name, FILE_LIMIT);
    if (createHash('sha256').update(bytes).digest('hex') !== sha256)
      throw new KeysliceError('PACKAGE_HASH_MISMATCH', { id, file: name }, { path: join(folder, name) });
    files.set(name, bytes);
  }
  const sampler = files.get(SAMPLER_FILE);
  if (sampler === undefined) throw invalidPackage(id, `${SAMPLER_FILE} is missing`);
  const classifier = files.get(CLASSIFIER_FILE) ?? null;
  const adps = files.get(ADPS_FILE) ?? null;
  checkGraphs(card, { sampler, classifier, adps });
  return { folder, card, sampler, classifier, adps };
}

/**
 * The card alone, for lists.
 * @throws KeysliceError PACKAGE_NOT_FOUND, PACKAGE_INVALID
 */
export async function readCard(folder: string): Promise<Card> {
  const id = basename(folder);
  const bytes = await readBounded(folder, CARD_FILE, CARD_LIMIT);
  const json = parseJson(id, bytes);
  refuseNewer(id, json);
  const parsed = cardSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`;
    throw invalidPackage(id, `${CARD_FILE} ${where}`, parsed.error);
  }
  return parsed.data;
}

function parseJson(id: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalidPackage(id, `${CARD_FILE} is not JSON`, cause);
  }
}

/** A later version may mean anything by its keys: which of them is unknown would help nobody. */
function refuseNewer(id: string, json: unknown): void {
  if (typeof json !== 'object' || json === null || !('schema' in json)) return;
  const { schema } = json;
  if (typeof schema !== 'number' || schema <= CARD_SCHEMA) return;
  throw invalidPackage(
    id,
    `it needs a newer Keyslice: its card has schema ${schema}, this version reads schema ${CARD_SCHEMA}`,
  );
}

/** Hidden files are what file managers leave behind; they are never read. */
async function refuseUnlisted(folder: string, card: Card): Promise<void> {
  const names = await readdir(folder);
  const stranger = names.find((name) => !name.startsWith('.') && name !== CARD_FILE && !(name in card.files));
  if (stranger !== undefined) throw invalidPackage(card.id, `the card does not list ${stranger}`);
}

/** Links are refused: they could lead out of the folder. */
async function readBounded(folder: string, name: string, limit: number): Promise<Uint8Array> {
  const id = basename(folder);
  const path = join(folder, name);
  const status = await lstat(path).catch((cause: unknown) => {
    if (name === CARD_FILE) throw new KeysliceError('PACKAGE_NOT_FOUND', { id }, { path: folder, cause });
    throw invalidPackage(id, `${name} is missing`, cause);
  });
  if (!status.isFile()) throw invalidPackage(id, `${name} is not an ordinary file`);
  if (status.size > limit)
    throw invalidPackage(id, `${name} has ${status.size} bytes, the limit is ${limit}`);
  return readFile(path).catch((cause: unknown) => {
    throw invalidPackage(id, `${name} cannot be read`, cause);
  });
}
