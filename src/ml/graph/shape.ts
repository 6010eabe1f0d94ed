import { KeysliceError } from '../../contract/errors.ts';

/** Length of an axis: a number, or the name of a length that is known only when the graph runs. */
export type Dim = number | string;
export type Shape = readonly Dim[];

/** A graph that cannot be built is a fault of the program, not of its input. */
export function graphFault(reason: string): KeysliceError {
  return new KeysliceError('INTERNAL', { reason: `graph: ${reason}` });
}

export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** @throws KeysliceError INTERNAL when an axis has only a name: gradients need lengths. */
export function staticShape(shape: Shape): readonly number[] {
  return shape.map((dim) => {
    if (typeof dim === 'string') throw graphFault(`the length of axis ${dim} must be known here`);
    return dim;
  });
}

export function elementCount(shape: Shape): number {
  return staticShape(shape).reduce((product, dim) => product * dim, 1);
}

/** `shape[axis]`, negative axes counted from the end. */
export function dimAt(shape: Shape, axis: number): Dim {
  const dim = shape.at(axis);
  if (dim === undefined) throw graphFault(`${showShape(shape)} has no axis ${axis}`);
  return dim;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** Shape of an elementwise result under ONNX multidirectional broadcasting. */
export function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis): Dim => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw graphFault(`${showShape(a)} and ${showShape(b)} do not broadcast`);
  });
}

/** Axes over which a gradient of shape `from` is summed to become one of shape `to`. */
export function broadcastAxes(from: Shape, to: Shape): number[] {
  const offset = from.length - to.length;
  return from.flatMap((dim, axis) => (axis < offset || (to[axis - offset] === 1 && dim !== 1) ? [axis] : []));
}
