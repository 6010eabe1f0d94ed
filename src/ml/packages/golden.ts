import type { Card } from '../../contract/card.ts';
import { KeysliceError } from '../../contract/errors.ts';
import type { Engine, EngineSession, Tensor } from '../engines/engine.ts';
import { classifyFrames } from '../classifiers/classifyFrames.ts';
import { placeCodes } from '../samplers/adpsInputs.ts';
import { pickFrames } from '../samplers/pickFrames.ts';
import { type Rounds, roundSizes, takeRounds } from '../samplers/takeRounds.ts';
import { goldenFrames, goldenSamplerInputs, goldenSeen, type GoldenSubject } from './goldenInputs.ts';
import { invalidPackage } from './modelPackage.ts';
import type { PackageSessions } from './openPackage.ts';
import { sessionRounds } from './sessionRounds.ts';

/** What both graphs give for inputs that a seed makes. */
export type GoldenValues = Pick<Card['golden'], 'scores' | 'selected' | 'logits'>;

/** Computes the golden values of a package on an engine: written into the card by the one, compared by the other. */
export async function goldenValues(
  subject: GoldenSubject,
  { sampler, classifier }: Pick<PackageSessions, 'sampler' | 'classifier'>,
  { seed, frames, k }: { readonly seed: number; readonly frames: number; readonly k: number },
): Promise<GoldenValues> {
  const outputs = await sampler.run(goldenSamplerInputs(subject, seed, frames, k));
  const base = floats(outputs['base']);
  const [temperature = NaN] = floats(outputs['temperature']);
  const { indices } = pickFrames(
    subject.sampler,
    { base, logits: floats(outputs['logits']), temperature },
    k,
  );
  const picture = goldenFrames(subject, seed, k);
  const logits =
    classifier === null || picture === null
      ? null
      : [...(await classifyFrames(classifier, picture, () => false))];
  return { scores: [...base], selected: [...indices], logits };
}

const GPU_DEVICES: readonly string[] = ['webgpu', 'cuda', 'gpu'];
/** GPUs round more coarsely where their compilers reorder and fuse. */
const GPU_TOLERANCE = 1e-3;

/**
 * Checks that an engine computes what the card says.
 * @throws KeysliceError with the first difference: PACKAGE_INVALID on a CPU, where every machine computes alike;
 * ENGINE_UNAVAILABLE on another device, whose driver is then to blame.
 */
export async function verifyGolden(
  card: Card,
  sessions: PackageSessions,
  engine: Pick<Engine, 'name' | 'device'>,
): Promise<void> {
  const { seed, frames, selected, scores, logits } = card.golden;
  const tolerance = toleranceOn(engine, card.golden.tolerance);
  const found = await goldenValues(card, sessions, { seed, frames, k: selected.length });
  const difference =
    firstDifference('scores', scores, found.scores, tolerance) ??
    firstDifference('logits', logits ?? [], found.logits ?? [], tolerance) ??
    (String(found.selected) === String(selected) ? null : 'other frames are selected') ??
    (await adpsDifference(card, sessions, engine));
  if (difference === null) return;
  const reason = `${engine.name} on ${engine.device} computes other numbers: ${difference}`;
  if (engine.device === 'cpu') throw invalidPackage(card.id, reason);
  throw new KeysliceError('ENGINE_UNAVAILABLE', {
    engine: `${engine.name}:${engine.device}`,
    reason: `it computes other numbers for ${card.id}: ${difference}`,
  });
}

const toleranceOn = ({ device }: Pick<Engine, 'device'>, tolerance: number): number =>
  Math.max(tolerance, GPU_DEVICES.includes(device) ? GPU_TOLERANCE : 0);

async function adpsDifference(
  { comparedSamplers }: Card,
  { adps }: PackageSessions,
  engine: Pick<Engine, 'device'>,
): Promise<string | null> {
  const carried = comparedSamplers?.adps;
  if (carried === undefined || adps === null) return null;
  const { seed, selected, logits, tolerance } = carried.golden;
  const request = { seed, frames: logits.length, k: selected.length };
  const found = await adpsGoldenValues(adps, carried.rounds, request);
  return (
    firstDifference('A-DPS logits', logits, found.logits, toleranceOn(engine, tolerance)) ??
    (String(found.selected) === String(selected) ? null : 'A-DPS selects other frames')
  );
}

/** Frames that A-DPS takes of inputs made from a seed, and the logits of its last round. */
export async function adpsGoldenValues(
  session: EngineSession,
  rounds: Rounds,
  { seed, frames, k }: { readonly seed: number; readonly frames: number; readonly k: number },
): Promise<{ selected: number[]; logits: number[] }> {
  const start = sessionRounds(session, () => false);
  const nextLogits = start({ seen: goldenSeen(seed, frames), places: placeCodes(frames) });
  const { indices, logits } = await takeRounds(frames, roundSizes(rounds, k), nextLogits);
  return { selected: [...indices], logits: [...logits.subarray(-frames)] };
}

function firstDifference(
  what: string,
  wanted: readonly number[],
  found: readonly number[],
  tolerance: number,
): string | null {
  if (found.length !== wanted.length) return `${found.length} ${what} instead of ${wanted.length}`;
  const at = wanted.findIndex(
    (value, i) => !(Math.abs((found[i] ?? NaN) - value) <= tolerance * (1 + Math.abs(value))),
  );
  return at < 0 ? null : `${what}[${at}] is ${String(found[at])}, not ${String(wanted[at])}`;
}

function floats(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new TypeError('the sampler graph lacks an output');
  return tensor.data;
}
