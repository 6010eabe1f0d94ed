import { expect } from 'vitest';
import type { FrameFeatures, Selection } from '../../src/contract/sampling.ts';
import { classifyFrames } from '../../src/ml/classifiers/classifyFrames.ts';
import type { Engine, Tensor } from '../../src/ml/engines/engine.ts';
import { verifyGolden } from '../../src/ml/packages/golden.ts';
import { carriedSamplers } from '../../src/ml/packages/carriedSamplers.ts';
import type { ModelPackage } from '../../src/ml/packages/modelPackage.ts';
import { closePackage, openPackage } from '../../src/ml/packages/openPackage.ts';
import { sessionScoreGraph } from '../../src/ml/packages/sessionScoreGraph.ts';
import { createSampler } from '../../src/ml/samplers/createSampler.ts';

export interface ParityInput {
  readonly features: FrameFeatures;
  readonly k: number;
  /** What the classifier gets, normalised; null for a package that has none. */
  readonly frames: Tensor | null;
}

/** Of which inputs an engine that is slow computes everything; of the others it computes what DAS needs. */
const EVERY = 10;

export interface ParityOutput {
  /** By DAS, and by A-DPS where the package carries it. */
  readonly selections: readonly Selection[];
  readonly classes: Float32Array | null;
}

const never = (): boolean => false;

/** A package on an engine, verified there, and everything that its graphs decide about some inputs. */
export async function packageOutputs(
  model: ModelPackage,
  engine: Engine,
  inputs: readonly ParityInput[],
  slow = false,
): Promise<ParityOutput[]> {
  const sessions = await openPackage(model, engine);
  await verifyGolden(model.card, sessions, engine);
  const carried = carriedSamplers(model.card, sessions, never);
  const score = sessionScoreGraph(sessions.sampler, never);
  const rebuilds = model.classifier === null;
  const parts = { config: model.card.sampler, score, rebuilds, kernel: null, ...carried };
  const names = carried.adps === null ? (['das'] as const) : (['das', 'adps'] as const);
  const samplers = names.map((name) => createSampler(name, parts));
  const outputs: ParityOutput[] = [];
  for (const [index, { features, k, frames }] of inputs.entries()) {
    const whole = isWhole(index, slow);
    const selections: Selection[] = [];
    for (const sampler of whole ? samplers : samplers.slice(0, 1))
      selections.push(await sampler.select(features, k, { matrix: true }));
    const classifier = whole ? sessions.classifier : null;
    const classes =
      classifier === null || frames === null ? null : await classifyFrames(classifier, frames, never);
    outputs.push({ selections, classes });
  }
  await closePackage(sessions);
  return outputs;
}

const isWhole = (index: number, slow: boolean): boolean => !slow || index % EVERY === 0;

/** Of the reference what a slow engine computes too. */
export function shortened(outputs: readonly ParityOutput[]): ParityOutput[] {
  return outputs.map(({ selections, classes }, index) =>
    isWhole(index, true) ? { selections, classes } : { selections: selections.slice(0, 1), classes: null },
  );
}

/** |a − b| ≤ tolerance · (1 + |b|), of logits and of scores between 0 and 1. */
const LOGIT_TOLERANCE = 1e-4;
const SCORE_TOLERANCE = 1e-5;

/** Fails on the first input of which an engine says something else. Ties are announced by a warning: they may differ. */
export function expectParity(found: readonly ParityOutput[], reference: readonly ParityOutput[]): void {
  expect(found).toHaveLength(reference.length);
  reference.forEach((wanted, input) => {
    const got = found[input];
    expect(got?.selections, `selections of input ${input}`).toHaveLength(wanted.selections.length);
    expectNear(`classes of input ${input}`, got?.classes, wanted.classes, LOGIT_TOLERANCE);
    wanted.selections.forEach((selection, sampler) => {
      expectSameSelection(`input ${input}, sampler ${sampler}`, got?.selections[sampler], selection);
    });
  });
}

function expectSameSelection(what: string, found: Selection | undefined, wanted: Selection): void {
  if (found === undefined) throw new Error(`${what} has no selection`);
  expectNear(`base of ${what}`, found.base, wanted.base, LOGIT_TOLERANCE);
  // Of a sampler the logits are a matrix of one scale, whose small entries are differences of large ones.
  const largest = wanted.logits?.reduce((most, logit) => Math.max(most, Math.abs(logit)), 0) ?? 0;
  expectNear(`logits of ${what}`, found.logits, wanted.logits, LOGIT_TOLERANCE * (1 + largest), 0);
  expectNear(
    `temperature of ${what}`,
    [found.temperature ?? NaN],
    [wanted.temperature ?? NaN],
    LOGIT_TOLERANCE,
  );
  expectNear(`scores of ${what}`, found.scores, wanted.scores, SCORE_TOLERANCE);
  if (wanted.tie || found.tie) return;
  // Before the polish too, which could hide that an engine proposes something else.
  expect([found.indices, found.proposal], what).toEqual([wanted.indices, wanted.proposal]);
}

type Numbers = ArrayLike<number> | null | undefined;

/** @param relative share of the wanted number that is allowed beside, in tolerances */
function expectNear(what: string, found: Numbers, wanted: Numbers, tolerance: number, relative = 1): void {
  expect(found?.length, what).toBe(wanted?.length);
  for (let i = 0; i < (wanted?.length ?? 0); i++) {
    const [a, b] = [found?.[i] ?? NaN, wanted?.[i] ?? NaN];
    // Written so that NaN fails.
    if (!(Math.abs(a - b) <= tolerance * (1 + relative * Math.abs(b))))
      expect.fail(`${what}, at ${i}: ${a}, not ${b}`);
  }
}
