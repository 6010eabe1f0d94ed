import type { SeriesView } from '../../contract/ipc.ts';
import type { Vec3 } from '../../contract/series.ts';
import { frameOverPhases } from '../studies/frameNumber.ts';
import { add, dot, scale, sliceNormal } from './vector.ts';

/** The slices of one phase as planes: where a point of the volume lies among them. */
export interface StackPlanes {
  normal: Vec3;
  /** Place of each frame along the normal, mm. */
  places: readonly number[];
}

/** Null where a position or the orientation is not known. */
export function stackPlanes(series: SeriesView, phase: number): StackPlanes | null {
  const orientation = series.orientations[frameOverPhases(series, phase, 0)] ?? null;
  if (orientation === null) return null;
  const normal = sliceNormal(orientation);
  const places: number[] = [];
  for (let frame = 0; frame < series.frames; frame++) {
    const position = series.positions[frameOverPhases(series, phase, frame)] ?? null;
    if (position === null) return null;
    places.push(dot(position, normal));
  }
  return { normal, places };
}

/** The frame whose plane is nearest to a point. */
export function nearestFrame({ normal, places }: StackPlanes, point: Vec3): number {
  const place = dot(point, normal);
  let nearest = 0;
  for (let frame = 1; frame < places.length; frame++) {
    const distance = Math.abs((places[frame] ?? Infinity) - place);
    if (distance < Math.abs((places[nearest] ?? Infinity) - place)) nearest = frame;
  }
  return nearest;
}

/** The point moved along the normal into the plane of a frame. */
export function movedToFrame({ normal, places }: StackPlanes, point: Vec3, frame: number): Vec3 {
  const place = places[frame];
  return place === undefined ? point : add(point, scale(normal, place - dot(point, normal)));
}
