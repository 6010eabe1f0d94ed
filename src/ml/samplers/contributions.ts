import type { Card } from '../../contract/card.ts';
import { FEATURE_COUNT } from '../../contract/sampling.ts';
import type { AnchorFeature } from './anchor.ts';
import { GAP_GROUPS } from './gapFeatures.ts';
import type { ScoreGraph, ScoreInputs, ScoreOutputs } from './scoreGraph.ts';

/** What of a sampler decides which columns a frame has. */
export type ColumnConfig = Pick<Card['sampler'], 'position' | 'gaps'>;

/**
 * The rows of a series as they are, then once more without each feature group, position last, to go through a graph as
 * one batch.
 */
export function rowsWithoutGroups(
  inputs: ScoreInputs,
  anchorFeature: AnchorFeature,
  config: ColumnConfig,
): ScoreInputs {
  const frames = inputs.anchor.length;
  const owners = columnGroups(config);
  const groups = FEATURE_COUNT + (config.position ? 1 : 0);
  const perFrame = new Float32Array((groups + 1) * inputs.perFrame.length);
  const anchor = new Float32Array((groups + 1) * frames);
  perFrame.set(inputs.perFrame);
  anchor.set(inputs.anchor);
  for (let group = 0; group < groups; group++) {
    const start = (group + 1) * inputs.perFrame.length;
    perFrame.set(inputs.perFrame, start);
    clearGroup(perFrame.subarray(start, start + inputs.perFrame.length), owners, group);
    const neutral = group === anchorFeature.feature;
    anchor.set(
      neutral ? inputs.anchor.map(() => anchorFeature.neutral) : inputs.anchor,
      (group + 1) * frames,
    );
  }
  return { ...inputs, perFrame, anchor };
}

/**
 * What each feature group adds to each frame's score: a(t) − a(t with the group set to 0 at t, t − 1 and t + 1, over
 * every distance) (docs/das.md section 3), T × 9, or T × 10 with position last. As the graph z-scores its rows, the
 * scores are brought back to the scale of the series by the rows that were left as they are.
 * @param rows of `rowsWithoutGroups`
 */
export async function contributions(
  rows: ScoreInputs,
  { base }: Pick<ScoreOutputs, 'base'>,
  score: ScoreGraph,
  slots: number,
): Promise<Float32Array> {
  const frames = base.length;
  const groups = rows.anchor.length / frames - 1;
  const { base: joint } = await score(rows, slots);
  const scale = scaleBetween(joint.subarray(0, frames), base);
  const result = new Float32Array(frames * groups);
  for (let group = 0; group < groups; group++) {
    for (let t = 0; t < frames; t++) {
      result[t * groups + group] = scale * (joint[t]! - joint[(group + 1) * frames + t]!);
    }
  }
  return result;
}

/** Whose group each column belongs to: FEATURE_COUNT is the position, null none. */
function columnGroups({ position, gaps }: ColumnConfig): (number | null)[] {
  return [
    ...Array.from({ length: 3 * FEATURE_COUNT }, (_, column) => column % FEATURE_COUNT),
    ...(position ? [FEATURE_COUNT, FEATURE_COUNT] : []),
    ...(gaps === true ? GAP_GROUPS : []),
  ];
}

function clearGroup(perFrame: Float32Array, owners: readonly (number | null)[], group: number): void {
  const columns = owners.flatMap((owner, column) => (owner === group ? [column] : []));
  for (let row = 0; row < perFrame.length; row += owners.length)
    for (const column of columns) perFrame[row + column] = 0;
}

/** Ratio of the deviations of two z-scorings of the same rows; 0 where the rows are all alike. */
function scaleBetween(from: Float32Array, to: Float32Array): number {
  const spread = (values: Float32Array): number => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  };
  const unit = spread(from);
  return unit > 1e-6 ? spread(to) / unit : 0;
}
