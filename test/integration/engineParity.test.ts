import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { onnxRuntimeEngine } from '../../src/ml/engines/onnxRuntime.ts';
import { goldenFrames } from '../../src/ml/packages/goldenInputs.ts';
import { listPackages } from '../../src/ml/packages/listPackages.ts';
import { loadPackage } from '../../src/ml/packages/loadPackage.ts';
import type { ModelPackage } from '../../src/ml/packages/modelPackage.ts';
import { randomSeries } from '../fixtures/randomSeries.ts';
import { OTHER_ENGINES } from '../support/otherEngines.ts';
import {
  expectParity,
  packageOutputs,
  type ParityInput,
  type ParityOutput,
  shortened,
} from '../support/packageOutputs.ts';

const SHIPPED = fileURLToPath(new URL('../../resources/models', import.meta.url));
const packages = (await listPackages([SHIPPED])).map(({ id, folder }) => ({ id, folder }));
const SERIES = Array.from({ length: 200 }, (_, seed) => randomSeries(seed));
/** Few frames for the classifier, which does the same to each. */
const CLASSIFIED = 3;

const inputsFor = ({ card }: ModelPackage): ParityInput[] =>
  SERIES.map(({ features, k }, seed) => ({
    features,
    k,
    frames: goldenFrames(card, seed, 1 + (seed % CLASSIFIED)),
  }));

it('there are packages to compare on', () => {
  expect(packages.map(({ id }) => id)).toContain('general');
});

describe.each(packages)('$id on 200 random series', ({ folder }) => {
  let model: ModelPackage;
  let inputs: ParityInput[];
  let reference: ParityOutput[];

  beforeAll(async () => {
    model = await loadPackage(folder);
    inputs = inputsFor(model);
    reference = await packageOutputs(model, await onnxRuntimeEngine('cpu', 1), inputs);
  });

  it('says something of each, in numbers, and seldom by a tie', () => {
    const temperatures = reference.map(({ selections: [das] }) => das?.temperature);
    expect(new Set(temperatures).size).toBeGreaterThan(150);
    for (const { selections, classes } of reference) {
      for (const { scores, logits } of selections)
        expect([scores, logits].every((values) => values?.every(Number.isFinite))).toBe(true);
      expect(classes === null || classes.every(Number.isFinite)).toBe(true);
    }
    const ties = reference.filter(({ selections: [das] }) => das?.tie).length;
    // A fifth of the series are still, where every choice is one.
    expect(ties).toBeLessThan(60);
  });

  it.for(OTHER_ENGINES)('is the same on $name', { timeout: 300_000 }, async ({ slow, start }, { skip }) => {
    const engine = await start();
    if (typeof engine === 'string') return skip(engine);
    const found = await packageOutputs(model, engine, inputs, slow);
    expectParity(found, slow ? shortened(reference) : reference);
  });
});
