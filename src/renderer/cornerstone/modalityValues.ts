import type { StoredType } from '../../contract/frame.ts';
import type { FrameMessage } from '../../contract/ipc.ts';

/** The array types that the viewports take without conversion. */
export type DeliveredArray = Uint8Array | Uint16Array | Int16Array | Float32Array;
export type DeliveredType = 'uint8' | 'uint16' | 'int16' | 'float32';

type StoredView = ArrayLike<number> & { readonly length: number };

const VIEWS: Record<StoredType, (buffer: ArrayBuffer) => StoredView> = {
  uint8: (buffer) => new Uint8Array(buffer),
  int8: (buffer) => new Int8Array(buffer),
  uint16: (buffer) => new Uint16Array(buffer),
  int16: (buffer) => new Int16Array(buffer),
  uint32: (buffer) => new Uint32Array(buffer),
  int32: (buffer) => new Int32Array(buffer),
  float32: (buffer) => new Float32Array(buffer),
  float64: (buffer) => new Float64Array(buffer),
};

const RANGES = { uint8: [0, 255], uint16: [0, 65_535], int16: [-32_768, 32_767] } as const;

const fits = (type: keyof typeof RANGES, low: number, high: number): boolean =>
  low >= RANGES[type][0] && high <= RANGES[type][1];

/**
 * The smallest type that holds every modality value of the frame exactly; float32 where none does.
 * The whole stored array counts, padding too: `min` and `max` of the message leave padding out.
 */
export function deliveredType(message: FrameMessage): DeliveredType {
  if (message.samples === 3) return 'uint8';
  const { dtype, slope, intercept } = message;
  const whole = !dtype.startsWith('float') && Number.isInteger(slope) && Number.isInteger(intercept);
  if (!whole) return 'float32';
  const [low, high] = extremes(VIEWS[dtype](message.values));
  const ends = [low * slope + intercept, high * slope + intercept];
  const smallest = Math.min(...ends);
  const largest = Math.max(...ends);
  if (dtype === 'uint8' && fits('uint8', smallest, largest)) return 'uint8';
  if (dtype === 'uint16' && fits('uint16', smallest, largest)) return 'uint16';
  return fits('int16', smallest, largest) ? 'int16' : 'float32';
}

function extremes(values: StoredView): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/**
 * Modality values (PS3.3 C.11.1) of a grey frame, or 8-bit RGB of a coloured one.
 * Slope and intercept are applied here and nowhere else. Values that are not finite become the frame's smallest,
 * because one of them would spoil the range of the whole texture.
 */
export function modalityValues(message: FrameMessage, type: DeliveredType): DeliveredArray {
  if (message.samples === 3) return colorValues(message);
  const { dtype, slope, intercept } = message;
  if (dtype === type && slope === 1 && intercept === 0 && type !== 'float32') return asIs(message, type);
  const stored = VIEWS[dtype](message.values);
  const values = emptyArray(type, stored.length);
  const floor = message.min * slope + intercept;
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i]! * slope + intercept;
    values[i] = Number.isFinite(value) ? value : floor;
  }
  return values;
}

function asIs(message: FrameMessage, type: Exclude<DeliveredType, 'float32'>): DeliveredArray {
  if (type === 'uint8') return new Uint8Array(message.values);
  return type === 'uint16' ? new Uint16Array(message.values) : new Int16Array(message.values);
}

function emptyArray(type: DeliveredType, length: number): DeliveredArray {
  if (type === 'uint8') return new Uint8Array(length);
  if (type === 'uint16') return new Uint16Array(length);
  return type === 'int16' ? new Int16Array(length) : new Float32Array(length);
}

function colorValues(message: FrameMessage): Uint8Array {
  if (message.dtype === 'uint8') return new Uint8Array(message.values);
  const stored = VIEWS[message.dtype](message.values);
  // Screens show 8 bits per channel; deeper colour keeps its most significant ones.
  const scale = message.dtype === 'uint16' ? 255 / 65_535 : 255 / Math.max(1, message.max);
  return Uint8Array.from(stored, (value) => Math.min(255, Math.max(0, Math.round(value * scale))));
}
