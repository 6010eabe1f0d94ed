import type { Card } from '../../contract/card.ts';
import { KeysliceError } from '../../contract/errors.ts';
import type { Tensor } from '../engines/engine.ts';
import { resampleFrame } from './resampleFrame.ts';

/** Modality values of some frames, one after the other; RGB interleaved. */
export interface FrameStack {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  readonly samples: 1 | 3;
  /** count × rows × columns × samples. */
  readonly values: Float32Array;
}

/** Some consecutive frames of a stack, on the same memory. */
export function partOfStack(stack: FrameStack, first: number, count: number): FrameStack {
  const length = stack.rows * stack.columns * stack.samples;
  return { ...stack, count, values: stack.values.subarray(first * length, (first + count) * length) };
}

/**
 * The classifier's input [count, C, H, W]: frames are resampled where the card says so, masks become the card's two
 * values, grey values are clamped to its window; then (value − mean) / deviation per channel. Values that are not finite
 * (padding) become the window's lower end, or 0.
 * @throws KeysliceError PACKAGE_INVALID when the frames are not of the card's size.
 */
export function normalizeFrames(card: Card, stack: FrameStack): Tensor {
  const { classifier, input } = card;
  if (classifier === null || input.size === null)
    throw new KeysliceError('PACKAGE_INVALID', { id: card.id, reason: 'it has no classifier' });
  const { count, rows, columns, samples, values } = fitted(card, stack, input.size);
  const { channels } = input;
  const { mean, deviation } = classifier.normalization;
  const prepare = valueMap(card);
  const pixels = rows * columns;
  const data = new Float32Array(count * channels * pixels);
  for (let frame = 0; frame < count; frame++) {
    for (let channel = 0; channel < channels; channel++) {
      const sample = samples === 3 ? channel : 0;
      const [shift, scale] = [mean[channel] ?? mean[0]!, deviation[channel] ?? deviation[0]!];
      const target = (frame * channels + channel) * pixels;
      for (let i = 0; i < pixels; i++)
        data[target + i] = (prepare(values[(frame * pixels + i) * samples + sample]!) - shift) / scale;
    }
  }
  return { type: 'float32', dims: [count, channels, rows, columns], data };
}

/** The frames in the card's size. */
function fitted(
  { id, input }: Card,
  stack: FrameStack,
  [toRows, toColumns]: readonly [number, number],
): FrameStack {
  const { count, rows, columns, samples } = stack;
  const tooManyChannels = samples === 3 && input.channels === 1;
  if (rows === toRows && columns === toColumns && !tooManyChannels) return stack;
  if (input.resample === undefined)
    throw new KeysliceError('PACKAGE_INVALID', { id, reason: `it takes no frames of ${rows} × ${columns}` });
  const values = new Float32Array(count * toRows * toColumns);
  for (let frame = 0; frame < count; frame++)
    values.set(
      resampleFrame(partOfStack(stack, frame, 1).values, stack, [toRows, toColumns]),
      frame * toRows * toColumns,
    );
  return { count, rows: toRows, columns: toColumns, samples: 1, values };
}

function valueMap({ scope, input }: Card): (value: number) => number {
  const { kind, values } = scope.pixels;
  if (kind === 'mask') {
    const [background, foreground] = values ?? [0, 1];
    return (value) => (value === 0 || Number.isNaN(value) ? background : foreground);
  }
  if (input.window === null) return (value) => (Number.isFinite(value) ? value : 0);
  const low = input.window.center - input.window.width / 2;
  const high = low + input.window.width;
  return (value) => (Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : low);
}
