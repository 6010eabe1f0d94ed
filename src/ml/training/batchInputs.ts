import type { Tensor, Tensors } from '../engines/engine.ts';
import { THUMBNAIL_SIZE } from '../../contract/sampling.ts';
import { HEAD_WIDTH } from '../networks/classifierHead.ts';
import { THUMBNAIL_CHANNELS, thumbnailChannels } from '../samplers/thumbnailInputs.ts';
import { averageFrame } from './averageFrame.ts';
import { fixedChoice, isLearned, slotsFor } from './chooseFrames.ts';
import { classWeights } from './classWeights.ts';
import { drawMirrors, mirrorSeries } from './mirrorSeries.ts';
import { freedomOf, moveVolume } from './moveVolume.ts';
import { trainingSpec } from './network.ts';
import type { PreparedSeries, PreparedSplit } from './prepareVolumes.ts';
import { drawStart, gumbel, integerBetween } from './randomness.ts';
import type { RunConfig } from './runFolder.ts';

/** The inputs of one training step besides the weights: augmented volumes, labels, noise and dropout. */
export function batchInputs(
  config: RunConfig,
  split: PreparedSplit,
  indices: readonly number[],
  random: () => number,
): Tensors {
  const { batch, classifier } = trainingSpec(config);
  const { protocol } = config;
  const chosen = indices.flatMap((index) => split.series[index] ?? []);
  const weights = classWeights(
    protocol.classWeights,
    split.series.map(({ label }) => label),
    classifier.classes,
  );
  const common = {
    labels: tensor([batch, classifier.classes], targets(chosen, weights, protocol.labelSmoothing)),
    dropout: tensor([batch, HEAD_WIDTH], dropoutMask(batch * HEAD_WIDTH, protocol.dropout, random)),
  };
  const series = chosen.map((one) => mirrorSeries(one, split, drawMirrors(protocol.mirror, random)));
  return {
    ...common,
    ...samplerInputs(config, series, moveAll(series, split, protocol.shift, random), random),
  };
}

/** @param moved pixels of all series, one after the other. */
function samplerInputs(
  config: RunConfig,
  series: readonly PreparedSeries[],
  moved: Float32Array,
  random: () => number,
): Tensors {
  const { batch, frames, slots, sampler } = trainingSpec(config);
  const pixels = moved.length / (batch * frames);
  const whole = tensor([batch, frames, pixels], moved);
  if (sampler === null)
    return {
      frames: tensor([batch, slots, pixels], fixedFrames(config, series, moved, random)),
    };
  const noise = (rows: number): Tensor =>
    tensor(
      [batch, rows, frames],
      Float32Array.from({ length: batch * rows * frames }, () => config.protocol.noise * gumbel(random)),
    );
  if (sampler.kind === 'dps') return { frames: whole, noise: noise(1) };
  if (sampler.kind === 'adps')
    return {
      frames: whole,
      seen: joined(series, 'seen', [batch, frames]),
      noise: noise(sampler.rounds.length),
    };
  return {
    frames: whole,
    pooled: joined(series, 'pooled', [batch, 1]),
    anchor: joined(series, 'anchor', [batch, 1]),
    ...(sampler.features === 'learned' ? {} : { perFrame: joined(series, 'perFrame', [batch, frames]) }),
    ...thumbnailInputs(series, batch * frames),
    ...(sampler.sampling === 'topk'
      ? { noise: noise(slots) }
      : {
          start: tensor(
            [batch, 1, 1],
            Float32Array.from({ length: batch }, () => drawStart(random)),
          ),
        }),
  };
}

/** Where features are learned: the three channels one after the other, each of all frames. */
function thumbnailInputs(series: readonly PreparedSeries[], frames: number): Tensors {
  const parts = series.flatMap(({ thumbnails }) => (thumbnails === null ? [] : [thumbnails]));
  if (parts.length === 0) return {};
  const perFrame = joinArrays(parts.map(thumbnailChannels));
  const channel = perFrame.length / (frames * THUMBNAIL_CHANNELS);
  const data = new Float32Array(perFrame.length);
  for (let at = 0; at < frames * THUMBNAIL_CHANNELS; at++) {
    const to = (at % THUMBNAIL_CHANNELS) * frames + Math.floor(at / THUMBNAIL_CHANNELS);
    data.set(perFrame.subarray(at * channel, (at + 1) * channel), to * channel);
  }
  return { thumbnails: tensor([THUMBNAIL_CHANNELS, frames, THUMBNAIL_SIZE, THUMBNAIL_SIZE], data) };
}

/** What the classifier gets from a sampler without weights. */
function fixedFrames(
  { sampler, ratio, frames }: RunConfig,
  series: readonly PreparedSeries[],
  moved: Float32Array,
  random: () => number,
): Float32Array {
  if (isLearned(sampler)) throw new RangeError(`${sampler} chooses in the graph`);
  const volume = moved.length / series.length;
  if (sampler === 'average') {
    const means = series.map((_, i) => averageFrame(moved.subarray(i * volume, (i + 1) * volume), frames));
    return joinArrays(means);
  }
  const slots = slotsFor(sampler, ratio, frames);
  const chosen = series.map((one) => fixedChoice(sampler, one, slots, Math.floor(random() * 2 ** 32)));
  return gather(moved, chosen, volume, volume / frames);
}

function tensor(dims: readonly number[], data: Float32Array): Tensor {
  return { type: 'float32', dims, data };
}

function joined(
  series: readonly PreparedSeries[],
  key: 'perFrame' | 'pooled' | 'anchor' | 'seen',
  lead: readonly number[],
): Tensor {
  const data = joinArrays(series.map((one) => one[key]));
  return tensor([...lead, data.length / lead.reduce((product, dim) => product * dim, 1)], data);
}

function joinArrays(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** One-hot rows, smoothed (1 − ε for the class, ε spread over all), times the weight of the class. */
function targets(series: readonly PreparedSeries[], weights: Float64Array, smoothing: number): Float32Array {
  const classes = weights.length;
  const rows = new Float32Array(series.length * classes);
  series.forEach(({ label }, row) => {
    for (let c = 0; c < classes; c++)
      rows[row * classes + c] = weights[label]! * (smoothing / classes + (c === label ? 1 - smoothing : 0));
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
