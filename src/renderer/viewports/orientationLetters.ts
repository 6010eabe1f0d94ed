import type { Vec3 } from '../../contract/series.ts';
import { cross, scale } from './vector.ts';

/** Patient axes: +x left, +y posterior, +z superior (PS3.3 C.7.6.2.1.1); S and I are written H and F there. */
const LETTERS = [
  ['L', 'R'],
  ['P', 'A'],
  ['S', 'I'],
] as const;
/** A component below this share of the largest is left out: about 11 degrees. */
const NEGLIGIBLE = 0.2;

/** Letters of a direction in the patient, largest component first: `A`, `LP`, … */
export function directionLetters(direction: Vec3): string {
  const parts = direction
    .map((value, axis) => ({ size: Math.abs(value), letter: LETTERS[axis]?.[value >= 0 ? 0 : 1] ?? '' }))
    .sort((a, b) => b.size - a.size);
  const largest = parts[0]?.size ?? 0;
  if (largest === 0) return '';
  return parts
    .filter((part) => part.size >= largest * NEGLIGIBLE)
    .map((part) => part.letter)
    .join('');
}

export interface EdgeLetters {
  top: string;
  bottom: string;
  left: string;
  right: string;
}

/** Letters of the four edges from the camera, so that they follow flips and rotations. */
export function edgeLetters(viewUp: Vec3, viewPlaneNormal: Vec3): EdgeLetters {
  const right = cross(viewUp, viewPlaneNormal);
  return {
    top: directionLetters(viewUp),
    bottom: directionLetters(scale(viewUp, -1)),
    left: directionLetters(scale(right, -1)),
    right: directionLetters(right),
  };
}
