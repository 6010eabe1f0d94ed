import type { Frame } from '../contract/frame.ts';
import type { FrameMessage } from '../contract/ipc.ts';
import { drawnOver } from '../imaging/frames/drawnOver.ts';
import { toModality } from '../imaging/frames/toModality.ts';

/**
 * A frame on its way to the page. Its bytes are copied once, by the message; a modality LUT is applied here, because
 * the page knows slope and intercept only.
 */
export function frameMessage(frame: Frame): FrameMessage {
  const { rows, columns, samples, min, max, inverted, warnings } = frame;
  const over = drawnOver(frame);
  const drawn = over === null ? null : bufferOf(over);
  const common = { rows, columns, samples, inverted, drawn, warnings };
  if (frame.samples === 1 && frame.modality.kind === 'lut') {
    const values = toModality(frame);
    const [low, high] = [frame.min, frame.max].map(
      (stored) => values[frame.values.indexOf(stored)] ?? stored,
    );
    const ends = { min: Math.min(low ?? 0, high ?? 0), max: Math.max(low ?? 0, high ?? 0) };
    return { ...common, ...ends, dtype: 'float32', values: bufferOf(values), slope: 1, intercept: 0 };
  }
  const { slope, intercept } =
    frame.samples === 1 && frame.modality.kind === 'linear' ? frame.modality : { slope: 1, intercept: 0 };
  return { ...common, min, max, dtype: frame.dtype, values: bufferOf(frame.values), slope, intercept };
}

/** The values' own bytes; copied only where they are a part of something larger or shared. */
function bufferOf({ buffer, byteOffset, byteLength }: Frame['values'] | Uint8ClampedArray): ArrayBuffer {
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) return buffer;
  const copy = new Uint8Array(byteLength);
  copy.set(new Uint8Array(buffer, byteOffset, byteLength));
  return copy.buffer;
}
