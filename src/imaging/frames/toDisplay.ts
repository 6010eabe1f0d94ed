/** A frame as it is seen: 8 bits, grey through modality and VOI transform, colour as RGB. */
import type { Frame } from '../../contract/frame.ts';
import type { VoiTransform } from '../../contract/series.ts';
import { modalityValue } from './toModality.ts';
import { fullRangeWindow, voiFunction } from './voiWindow.ts';

/** Stored values up to this many are looked up in a table. */
const MAX_TABLE = 2 ** 16;

/**
 * rows × columns × samples of 8 bits, white 255; MONOCHROME1 is turned around.
 * @param window for grey frames; null: the whole range of the frame
 */
export function toDisplay(frame: Frame, window: VoiTransform | null): Uint8ClampedArray {
  return frame.samples === 3 ? colorDisplay(frame) : grayDisplay(frame, window ?? fullRangeWindow(frame));
}

function grayDisplay(frame: Frame, window: VoiTransform): Uint8ClampedArray {
  const voi = voiFunction(window);
  const shown = (stored: number): number => {
    const level = voi(modalityValue(stored, frame.modality));
    return frame.inverted ? 255 - level : level;
  };
  const result = new Uint8ClampedArray(frame.values.length);
  const lowest = LOWEST[frame.dtype];
  if (lowest === undefined) {
    for (let i = 0; i < result.length; i++) result[i] = shown(frame.values[i]!);
    return result;
  }
  const size = Math.min(MAX_TABLE, 2 ** (8 * frame.values.BYTES_PER_ELEMENT));
  const table = Uint8ClampedArray.from({ length: size }, (_, entry) => shown(entry + lowest));
  for (let i = 0; i < result.length; i++) result[i] = table[frame.values[i]! - lowest]!;
  return result;
}

const LOWEST: Readonly<Record<string, number | undefined>> = {
  uint8: 0,
  int8: -128,
  uint16: 0,
  int16: -32768,
};

/** Depths that colour is stored in; the smallest that holds the frame's largest value is taken for white. */
const COLOR_BITS = [8, 10, 12, 16, 32];

function colorDisplay(frame: Frame): Uint8ClampedArray {
  const bits = COLOR_BITS.find((depth) => frame.max < 2 ** depth) ?? 32;
  const result = new Uint8ClampedArray(frame.values.length);
  const scale = 255 / (2 ** bits - 1);
  for (let i = 0; i < result.length; i++) result[i] = frame.values[i]! * scale;
  return result;
}
