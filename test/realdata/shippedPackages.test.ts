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

const file = sharedData('medmnist3d/adrenalmnist3d.npz');
if (file === null) console.log('skipped: medmnist3d/adrenalmnist3d.npz is not there');

/** Counts of series and of the second class in train, val and test, and what the number of voxels alone tells. */
const SHIPPED = [
  {
    id: 'adrenal-shape',
    set: 'medmnist:adrenal:28',
    counts: [
      [1188, 259],
      [98, 22],
      [298, 69],
    ],
    voxelSum: 0.688,
  },
  {
    id: 'vessel-shape',
    set: 'medmnist:vessel:28',
    counts: [
      [1335, 150],
      [191, 22],
      [382, 43],
    ],
    voxelSum: 0.679,
  },
];

function metricsOf({ metrics }: Card): Extract<Card['metrics'], { kind: 'classification' }> {
  if (metrics.kind !== 'classification') throw new Error('the package does not classify');
  return metrics;
}

describe.skipIf(file === null).each(SHIPPED)(
  'the shipped package $id on its data',
  ({ id, set, counts, voxelSum }) => {
    let data: DataSet;
    let model: ModelPackage;
    let engine: Engine;

    beforeAll(async () => {
      data = await readMedmnist(set, [dirname(file ?? '')]);
      model = await loadPackage(fileURLToPath(new URL(`../../resources/models/${id}`, import.meta.url)));
      engine = await onnxRuntimeEngine('cpu', 1);
    });

    it('the data are those of the publication', () => {
      const found = Object.values(data.splits).map(({ count, labels }) => [
        count,
        labels.reduce((sum, label) => sum + label, 0),
      ]);
      expect(found).toEqual(counts);
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
      expect(card.baselines[0]?.testAuc).toBeCloseTo(voxelSum, 3);
      expect(card.test.auc).toBeGreaterThan(voxelSum);
    });
  },
);
