import type { Frame } from '../../contract/frame.ts';
import type { ModalityTransform } from '../../contract/series.ts';

/** Stored to modality value (PS3.3 C.11.1): rescale, or the table, whose ends hold for what lies outside it. */
export function modalityValue(stored: number, transform: ModalityTransform): number {
  if (transform.kind === 'linear') return stored * transform.slope + transform.intercept;
  const entry = Math.min(Math.max(stored - transform.first, 0), transform.values.length - 1);
  return transform.values[entry] ?? stored;
}

/** Modality values of a grey frame, row by row; colour has none and comes as it is. */
export function toModality(frame: Frame): Float32Array {
  if (frame.samples === 3) return new Float32Array(frame.values);
  const values = new Float32Array(frame.values.length);
  const { modality } = frame;
  if (modality.kind === 'linear') {
    const { slope, intercept } = modality;
    for (let i = 0; i < values.length; i++) values[i] = frame.values[i]! * slope + intercept;
  } else {
    for (let i = 0; i < values.length; i++) values[i] = modalityValue(frame.values[i]!, modality);
  }
  return values;
}
