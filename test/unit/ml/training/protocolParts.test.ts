import { describe, expect, it } from 'vitest';
import { averageFrame } from '../../../../src/ml/training/averageFrame.ts';
import { classWeights } from '../../../../src/ml/training/classWeights.ts';
import { collapseOf } from '../../../../src/ml/training/collapse.ts';
import { logLoss } from '../../../../src/ml/training/metrics.ts';
import { type MirrorAxis, mirrorSeries } from '../../../../src/ml/training/mirrorSeries.ts';
import type { SplitPredictions } from '../../../../src/ml/training/predict.ts';
import { prepareVolumes } from '../../../../src/ml/training/prepareVolumes.ts';
import { protocolSchema, protocolWith } from '../../../../src/ml/training/protocol.ts';
import { MARKED, markedVolumes } from '../../../fixtures/markedVolumes.ts';

const READING = { features: 'both', sampling: 'topk' } as const;

describe('mirroring', () => {
  const volumes = markedVolumes(1, 'anywhere', 4);
  const { frames, size } = MARKED;

  /** The voxels themselves turned round. */
  function mirrored(axes: readonly MirrorAxis[]): Uint8Array {
    return Uint8Array.from(volumes.voxels, (_, i) => {
      const flip = (axis: MirrorAxis, at: number, length: number): number =>
        axes.includes(axis) ? length - 1 - at : at;
      const t = flip('frames', Math.floor(i / size ** 2), frames);
      const y = flip('rows', Math.floor(i / size) % size, size);
      return volumes.voxels[(t * size + y) * size + flip('columns', i % size, size)]!;
    });
  }

  it.each([[['rows']], [['columns']], [['frames']], [['rows', 'columns', 'frames']]] as const)(
    'along %s is what the mirrored volume would be measured as',
    (axes) => {
      const found = mirrorSeries(
        prepareVolumes(volumes, READING).series[0]!,
        { frames, rows: size, columns: size },
        axes,
      );
      const expected = prepareVolumes({ ...volumes, voxels: mirrored(axes) }, READING).series[0]!;
      expect(found.pixels).toEqual(expected.pixels);
      expect(found.thumbnails).toHaveLength(expected.thumbnails?.length ?? -1);
      found.thumbnails?.forEach((value, at) => {
        expect(value).toBeCloseTo(expected.thumbnails?.[at] ?? NaN, 5);
      });
      for (const key of ['perFrame', 'pooled', 'anchor', 'variance'] as const)
        found[key].forEach((value, at) => {
          expect(value).toBeCloseTo(expected[key][at] ?? NaN, 3);
        });
      if (String(axes) === 'frames') expect(found.seen).toEqual(expected.seen);
    },
  );
});

describe('class weights', () => {
  it('give every class the same say, and a series the weight 1 on average', () => {
    const labels = [0, 0, 0, 1];
    expect([...classWeights('none', labels, 2)]).toEqual([1, 1]);
    const weights = classWeights('balanced', labels, 3);
    expect([...weights]).toEqual([4 / 6, 2, 1]);
    expect(labels.reduce((sum, label) => sum + weights[label]!, 0)).toBeCloseTo(4);
  });
});

describe('the average frame', () => {
  it('is the mean pixel by pixel', () => {
    expect([...averageFrame(Float32Array.of(0, 1, 1, 0, 0.5, 0.5), 3)]).toEqual([0.5, 0.5]);
  });
});

describe('protocols', () => {
  it('differ by sampler as their sources do, and take changes', () => {
    expect(protocolWith('dps', {})).toMatchObject({ tau0: 2, samplerRate: 10 });
    expect(protocolWith('adps', { rounds: 3, batch: undefined })).toMatchObject({ rounds: 3, batch: 16 });
  });

  it('of runs from before the newer options stay readable', () => {
    const newer = ['scoreWeight', 'rounds', 'classWeights', 'mirror'];
    const old = Object.entries(protocolWith('das', {})).filter(([name]) => !newer.includes(name));
    expect(protocolSchema.parse(Object.fromEntries(old))).toMatchObject({
      scoreWeight: 0,
      rounds: 'each',
      classWeights: 'none',
      mirror: [],
    });
  });
});

describe('collapse', () => {
  const n = 40;
  const predictions = (sure: number, frame: (i: number) => number): SplitPredictions => ({
    probabilities: Float64Array.from({ length: 2 * n }, (_, at) =>
      at % 2 === Math.floor(at / 2) % 2 ? sure : 1 - sure,
    ),
    labels: Uint8Array.from({ length: n }, (_, i) => i % 2),
    classes: 2,
    selections: Array.from({ length: n }, (_, i) => Int32Array.of(frame(i))),
  });
  const anywhere = (i: number): number => i % 7;

  it('is seen where the noise-free choice is far worse than the noisy one', () => {
    expect(logLoss(predictions(0.9, anywhere))).toBeLessThan(logLoss(predictions(0.5, anywhere)));
    expect(collapseOf('das', predictions(0.5, anywhere), predictions(0.9, anywhere), 28)).toBe('noise');
    expect(collapseOf('dps', predictions(0.5, anywhere), predictions(0.9, anywhere), 28)).toBe('noise');
    expect(collapseOf('das', predictions(0.9, anywhere), predictions(0.5, anywhere), 28)).toBeNull();
    expect(collapseOf('das', predictions(0.88, anywhere), predictions(0.9, anywhere), 28)).toBeNull();
  });

  it('is seen where a sampler that reads the series keeps the same frames of all', () => {
    const same = predictions(0.9, () => 3);
    expect(collapseOf('das', same, same, 28)).toBe('input');
    expect(collapseOf('adps', same, same, 28)).toBe('input');
    expect(collapseOf('dps', same, same, 28)).toBeNull();
    expect(collapseOf('das', same, same, 1)).toBeNull();
    // Where the same frames are the right ones for all, they are better than what the noise picks.
    expect(collapseOf('das', same, predictions(0.5, anywhere), 28)).toBeNull();
  });
});
