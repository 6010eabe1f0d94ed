import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Card } from '../../src/contract/card.ts';
import type { Engine } from '../../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../../src/ml/engines/onnxRuntime.ts';
import { loadPackage } from '../../src/ml/packages/loadPackage.ts';
import type { ModelPackage } from '../../src/ml/packages/modelPackage.ts';
import type { DataSet } from '../../src/ml/training/dataSet.ts';
import { evaluatePackage } from '../../src/ml/training/evaluate.ts';
import { readMedmnist } from '../../src/ml/training/medmnist.ts';
import { sharedData } from '../support/sharedData.ts';

const PACKAGE = fileURLToPath(new URL('../../resources/models/adrenal-shape', import.meta.url));
const file = sharedData('medmnist3d/adrenalmnist3d.npz');
if (file === null) console.log('skipped: medmnist3d/adrenalmnist3d.npz is not there');

function metricsOf({ metrics }: Card): Extract<Card['metrics'], { kind: 'classification' }> {
  if (metrics.kind !== 'classification') throw new Error('the package does not classify');
  return metrics;
}

describe.skipIf(file === null)('the shipped adrenal package on AdrenalMNIST3D', () => {
  let data: DataSet;
  let model: ModelPackage;
  let engine: Engine;

  beforeAll(async () => {
    data = await readMedmnist('medmnist:adrenal:28', [dirname(file ?? '')]);
    model = await loadPackage(PACKAGE);
    engine = await onnxRuntimeEngine('cpu', 1);
  });

  it('the data are those of the publication', () => {
    const counts = Object.values(data.splits).map(({ count, labels }) => [
      count,
      labels.reduce((sum, label) => sum + label, 0),
    ]);
    expect(counts).toEqual([
      [1188, 259],
      [98, 22],
      [298, 69],
    ]);
    expect(data.splits.test.voxels.every((value) => value === 0 || value === 255)).toBe(true);
  });

  it('reaches the figures of its card, and more than the voxel count', async () => {
    const card = metricsOf(model.card);
    for (const split of ['val', 'test'] as const) {
      const { metrics } = await evaluatePackage(
        model,
        { sampler: 'das', ratio: card.ratio },
        { data, split, engine },
      );
      expect(metrics.auc).toBeCloseTo(card[split].auc, 3);
      expect(metrics.accuracy).toBeCloseTo(card[split].accuracy, 2);
      expect(metrics.balancedAccuracy).toBeCloseTo(card[split].balancedAccuracy, 2);
    }
    const [voxelSum] = card.baselines;
    expect(voxelSum?.testAuc).toBeCloseTo(0.688, 3);
    expect(card.test.auc).toBeGreaterThan(voxelSum?.testAuc ?? 1);
  });
});
