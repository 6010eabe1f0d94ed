import type { Tensor, Tensors } from '../engines/engine.ts';
import { HEAD_WIDTH } from '../networks/classifierHead.ts';
import { fixedChoice } from './chooseFrames.ts';
import { freedomOf, moveVolume } from './moveVolume.ts';
import { trainingSpec } from './network.ts';
import type { PreparedSeries, PreparedSplit } from './prepareVolumes.ts';
import { gumbel, integerBetween } from './randomness.ts';
import type { RunConfig } from './runFolder.ts';

/** The inputs of one training step besides the weights: augmented volumes, labels, noise and dropout. */
export function batchInputs(
  config: RunConfig,
  split: PreparedSplit,
  indices: readonly number[],
  random: () => number,
): Tensors {
  const { batch, frames, slots, classifier } = trainingSpec(config);
  const { protocol, sampler } = config;
  const series = indices.flatMap((index) => split.series[index] ?? []);
  const pixels = split.rows * split.columns;
  const common = {
    labels: tensor([batch, classifier.classes], targets(series, classifier.classes, protocol.labelSmoothing)),
    dropout: tensor([batch, HEAD_WIDTH], dropoutMask(batch * HEAD_WIDTH, protocol.dropout, random)),
  };
  const moved = moveAll(series, split, protocol.shift, random);
  if (sampler !== 'das') {
    const chosen = series.map((one) => fixedChoice(sampler, one, slots, Math.floor(random() * 2 ** 32)));
    return {
      ...common,
      frames: tensor([batch, slots, pixels], gather(moved, chosen, frames * pixels, pixels)),
    };
  }
  const noise = Float32Array.from({ length: batch * slots * frames }, () => protocol.noise * gumbel(random));
  return {
    ...common,
    frames: tensor([batch, frames, pixels], moved),
    perFrame: joined(series, 'perFrame', [batch, frames]),
    pooled: joined(series, 'pooled', [batch, 1]),
    anchor: joined(series, 'anchor', [batch, 1]),
    noise: tensor([batch, slots, frames], noise),
  };
}

function tensor(dims: readonly number[], data: Float32Array): Tensor {
  return { type: 'float32', dims, data };
}

function joined(
  series: readonly PreparedSeries[],
  key: 'perFrame' | 'pooled' | 'anchor',
  lead: readonly number[],
): Tensor {
  const length = series.reduce((sum, one) => sum + one[key].length, 0);
  const data = new Float32Array(length);
  let offset = 0;
  for (const one of series) {
    data.set(one[key], offset);
    offset += one[key].length;
  }
  return tensor([...lead, length / lead.reduce((product, dim) => product * dim, 1)], data);
}

/** One-hot rows, smoothed: 1 − ε for the class, ε spread over all. */
function targets(series: readonly PreparedSeries[], classes: number, smoothing: number): Float32Array {
  const rows = new Float32Array(series.length * classes).fill(smoothing / classes);
  series.forEach(({ label }, row) => {
    rows[row * classes + label]! += 1 - smoothing;
  });
  return rows;
}

/** Zeros with probability `rate`, else 1/(1 − rate). */
function dropoutMask(length: number, rate: number, random: () => number): Float32Array {
  return Float32Array.from({ length }, () => (random() < rate ? 0 : 1 / (1 - rate)));
}

/** Every volume moved in plane as far as its features allow, one after the other. */
function moveAll(
  series: readonly PreparedSeries[],
  { rows, columns }: PreparedSplit,
  limit: number,
  random: () => number,
): Float32Array {
  const moved = new Float32Array(series.reduce((sum, { pixels }) => sum + pixels.length, 0));
  let offset = 0;
  for (const { pixels } of series) {
    const freedom = freedomOf(pixels, rows, columns, limit);
    const move = {
      rows: integerBetween(freedom.rows, random),
      columns: integerBetween(freedom.columns, random),
    };
    moveVolume(pixels, { columns }, move, moved, offset);
    offset += pixels.length;
  }
  return moved;
}

/** The chosen frames of every volume, one after the other. */
function gather(
  volumes: Float32Array,
  chosen: readonly Int32Array[],
  volume: number,
  frame: number,
): Float32Array {
  const slots = chosen[0]?.length ?? 0;
  const gathered = new Float32Array(chosen.length * slots * frame);
  chosen.forEach((indices, row) => {
    indices.forEach((t, slot) => {
      const start = row * volume + t * frame;
      gathered.set(volumes.subarray(start, start + frame), (row * slots + slot) * frame);
    });
  });
  return gathered;
}
