import type { FrameSelection } from '../frameSelection.ts';
import type { NiftiHeader } from './niftiHeader.ts';

/**
 * Fits a header to the kept slices (nifti1.h): dimensions, and the affine in all its forms. An evenly stepped
 * selection gets its true affine; any other one the step that encloses it, and a description that says so.
 *
 * @param sourcePhases phases of the source: a part of them becomes one dimension
 * @param sidecar name of the file with the true positions; null for an even selection
 */
export function reduceNiftiHeader(
  header: NiftiHeader,
  selection: FrameSelection,
  sourcePhases: number,
  sidecar: string | null,
): void {
  const { slices, phases } = selection;
  const first = slices[0] ?? 0;
  const last = slices.at(-1) ?? 0;
  const step = slices.length > 1 ? (last - first) / (slices.length - 1) : 1;
  if (isLoop(header)) {
    keepPhases(header, slices.length);
    header.set('pixdim', header.get('pixdim', 4) * step, 4);
  } else {
    moveSform(header, first, step);
    moveQform(header, first, step);
    header.set('pixdim', header.get('pixdim', 3) * step, 3);
    header.set('dim', slices.length, 3);
    header.set('dim', Math.max(3, header.get('dim', 0)), 0);
    if (phases.length < sourcePhases) keepPhases(header, phases.length);
  }
  dropSliceTiming(header);
  if (sidecar !== null) header.description = `uneven: see ${sidecar}`;
}

/** Whether the kept slices are equally far apart in the source. */
export function isEvenlyStepped(slices: readonly number[]): boolean {
  return new Set(slices.slice(1).map((slice, index) => slice - (slices[index] ?? 0))).size <= 1;
}

/** A file of one slice at many times: its frames lie along the fourth dimension. */
function isLoop(header: NiftiHeader): boolean {
  const sizes = [4, 5, 6, 7].map((axis) => (axis <= header.get('dim', 0) ? header.get('dim', axis) : 1));
  return (header.get('dim', 0) < 3 || header.get('dim', 3) <= 1) && sizes.some((size) => size > 1);
}

/** Method 3: the third column steps further, the origin moves to the first kept slice. */
function moveSform(header: NiftiHeader, first: number, step: number): void {
  if (header.get('sformCode') <= 0) return;
  for (let row = 0; row < 3; row += 1) {
    const third = header.get('srow', 4 * row + 2);
    header.set('srow', header.get('srow', 4 * row + 3) + first * third, 4 * row + 3);
    header.set('srow', third * step, 4 * row + 2);
  }
}

/** Method 2: pixdim holds the step, so only the origin moves, along the third column of the rotation. */
function moveQform(header: NiftiHeader, first: number, step: number): void {
  if (header.get('qformCode') <= 0 || step === 0) return;
  const [b, c, d] = [0, 1, 2].map((index) => header.get('quaternion', index)) as [number, number, number];
  const a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
  const third = [2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - b * b - c * c];
  const qfac = header.get('pixdim', 0) < 0 ? -1 : 1;
  const distance = qfac * header.get('pixdim', 3) * first;
  third.forEach((cosine, index) => {
    header.set('qoffset', header.get('qoffset', index) + cosine * distance, index);
  });
}

function keepPhases(header: NiftiHeader, count: number): void {
  // Vectors and the like lie along the fifth dimension: a part of them is none.
  if (header.get('dim', 5) > 1) header.set('intentCode', 0);
  header.set('dim', count > 1 ? 4 : 3, 0);
  header.set('dim', count, 4);
  for (let axis = 5; axis <= 7; axis += 1) header.set('dim', 1, axis);
}

/** Order and duration of the acquisition count over all slices of the source. */
function dropSliceTiming(header: NiftiHeader): void {
  for (const field of ['sliceStart', 'sliceEnd', 'sliceCode', 'sliceDuration'] as const) header.set(field, 0);
}
