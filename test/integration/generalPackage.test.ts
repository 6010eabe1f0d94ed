import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Card } from '../../src/contract/card.ts';
import { onnxRuntimeEngine } from '../../src/ml/engines/onnxRuntime.ts';
import { loadPackage } from '../../src/ml/packages/loadPackage.ts';
import { closePackage, openPackage, type PackageSessions } from '../../src/ml/packages/openPackage.ts';
import { sessionScoreGraph } from '../../src/ml/packages/sessionScoreGraph.ts';
import { createSampler } from '../../src/ml/samplers/createSampler.ts';
import type { Sampler } from '../../src/ml/samplers/sampler.ts';
import { generatedSeries } from '../../src/ml/training/general/generatedSeries.ts';
import { quantile } from '../../src/ml/training/general/measureGains.ts';
import { compileFeatureKernel } from '../support/featureKernel.ts';

const kernel = compileFeatureKernel();
const folder = fileURLToPath(new URL('../../resources/models/general', import.meta.url));

/** Seeds beyond those that the package was trained on. */
const UNSEEN = [9001, 9002, 9003, 9004, 9005, 9006, 9007, 9008];

describe('the general package', () => {
  let card: Card;
  let opened: PackageSessions;
  let sampler: Sampler;

  beforeAll(async () => {
    const files = await loadPackage(folder);
    card = files.card;
    opened = await openPackage(files, await onnxRuntimeEngine('cpu', 1));
    const score = sessionScoreGraph(opened.sampler, () => false);
    sampler = createSampler('das', { config: card.sampler, score, rebuilds: true, kernel });
  });

  afterAll(async () => {
    await closePackage(opened);
  });

  it('proposes better frames than uniform sampling on most series, and never keeps worse ones', async () => {
    const gains: number[] = [];
    for (const seed of UNSEEN) {
      const { features } = generatedSeries(seed, 40, kernel);
      for (const k of [5, 10, 20]) {
        const { indices, proposal, quality } = await sampler.select(features, k);
        expect(indices).toHaveLength(k);
        expect(proposal).toHaveLength(k);
        expect(quality?.error).toBeLessThanOrEqual(quality?.uniform ?? -1);
        if (quality?.proposalGain !== null && quality?.proposalGain !== undefined)
          gains.push(quality.proposalGain);
      }
    }
    expect(gains.length).toBeGreaterThan(UNSEEN.length);
    expect(quantile(gains, 0.5)).toBeGreaterThan(0.3);
  });

  it('reads unlike series with unlike temperatures', async () => {
    const temperatures = new Set<number | undefined>();
    for (const seed of UNSEEN) {
      const { features } = generatedSeries(seed, 24, kernel);
      temperatures.add((await sampler.select(features, 6)).temperature);
    }
    expect(temperatures.size).toBe(UNSEEN.length);
  });

  it('gives the same selection twice, to the bit', async () => {
    const { features } = generatedSeries(77, 30, kernel);
    expect(await sampler.select(features, 8)).toStrictEqual(await sampler.select(features, 8));
  });

  it('has a summary that follows from the series in its card', () => {
    const { metrics } = card;
    if (metrics.kind !== 'rebuild') throw new Error('the general package rebuilds series');
    expect(metrics.series.length).toBeGreaterThan(50);
    for (const { ratio, series, medianProposalGain, minimumGain } of metrics.summary) {
      const rows = metrics.series.filter((row) => row.ratio === ratio);
      expect(rows).toHaveLength(series);
      expect(medianProposalGain).toBe(
        quantile(
          rows.map(({ proposalGain }) => proposalGain ?? NaN),
          0.5,
        ),
      );
      expect(minimumGain).toBeGreaterThanOrEqual(0);
    }
  });
});
