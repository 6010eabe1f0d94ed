import { describe, expect, it } from 'vitest';
import { alignFrames } from '../../../../src/ml/training/alignFrames.ts';
import { type LabelledVolumes, volumePixels } from '../../../../src/ml/training/dataSet.ts';
import { fittedProtocol } from '../../../../src/ml/training/fittedProtocol.ts';
import { lengthwisePredictor } from '../../../../src/ml/training/lengthwisePredictor.ts';
import { predict } from '../../../../src/ml/training/predict.ts';
import { prepareVolumes } from '../../../../src/ml/training/prepareVolumes.ts';
import { defaultProtocol } from '../../../../src/ml/training/protocol.ts';
import { squareVolumes } from '../../../fixtures/labelledVolumes.ts';

const own = prepareVolumes(squareVolumes(2, 5), { features: 'both', sampling: 'topk' });

describe('series of other lengths than the training graph', () => {
  it.each([5, 8, 13])(
    'are brought to %i frames in order, each with the context it has in its series',
    (frames) => {
      const { series, frames: length } = alignFrames(own, frames);
      expect(length).toBe(frames);
      const [before, after] = [own.series[0], series[0]];
      if (before === undefined || after === undefined) throw new Error('two series were prepared');
      expect(after.anchor).toHaveLength(frames);
      expect(after.pixels).toHaveLength(frames * 256);
      expect(after.perFrame).toHaveLength(frames * 27);
      expect(after.pooled).toEqual(before.pooled);
      const source = Array.from({ length: frames }, (_, t) => Math.floor(((t + 0.5) * 8) / frames));
      source.forEach((from, to) => {
        expect(after.anchor[to]).toBe(before.anchor[from]);
        expect(after.pixels.slice(to * 256, (to + 1) * 256)).toEqual(
          before.pixels.slice(from * 256, (from + 1) * 256),
        );
      });
    },
  );

  it('have modality values of their own range, and lie one after the other', () => {
    const volumes: LabelledVolumes = {
      count: 2,
      frames: 2,
      rows: 1,
      columns: 2,
      frameCounts: [1, 2],
      voxels: Float32Array.of(-100, 100, 0, 50, NaN, 300),
      range: [0, 100],
      labels: Uint8Array.of(0, 1),
    };
    expect([...volumePixels(volumes, 0)]).toEqual([0, 1]);
    expect([...volumePixels(volumes, 1)]).toEqual([0, 0.5, 0, 1]);
  });

  it('are predicted by a predictor for their own length, and every predictor is closed', async () => {
    const closed: number[] = [];
    const made: number[] = [];
    const predictor = lengthwisePredictor((frames) => {
      made.push(frames);
      return Promise.resolve({
        choose: () => Promise.resolve(Int32Array.of(frames - 1)),
        classify: () => Promise.resolve(Float32Array.of(frames, 0)),
        close: () => {
          closed.push(frames);
          return Promise.resolve();
        },
      });
    });
    const shorter = alignFrames(own, 5).series;
    const { selections } = await predict(
      predictor,
      { ...own, series: [...own.series, ...shorter] },
      undefined,
    );
    await predictor.close();
    expect(selections.map(([frame]) => frame)).toEqual([7, 7, 4, 4]);
    expect(made).toEqual([8, 5]);
    expect(closed).toEqual([8, 5]);
  });
});

describe('a protocol for few series', () => {
  it('has no batch larger than the split, averages over an epoch, and warms up within a tenth of all steps', () => {
    const fitted = fittedProtocol({ ...defaultProtocol('das'), epochs: 20 }, 53);
    expect(fitted).toMatchObject({ batch: 16, averaging: 0.75, warmupSteps: 6 });
    expect(fittedProtocol(defaultProtocol('das'), 5)).toMatchObject({ batch: 5, averaging: 0.5 });
  });

  it('stays what it is for many', () => {
    expect(fittedProtocol(defaultProtocol('das'), 1188)).toEqual(defaultProtocol('das'));
  });
});
