/** Systematic sampling in a training graph (docs/das.md section 4). */
import { emitBinary, emitFloat, emitInside, emitMatMul, emitScale, emitSum, emitSwapLast } from '../emit.ts';
import type { Graph, Value } from '../graph.ts';
import { dimAt, staticShape } from '../shape.ts';
import type { Tape } from '../tape.ts';
import { add, divide, multiply, shift } from './arithmetic.ts';
import { matMul } from './matrix.ts';
import { sum } from './shaping.ts';

/** A frame that is kept for certain counts a little less than 1, so that rounding never gives it two slots. */
const CERTAIN = 1 - 1e-4;
const TINY = 1e-9;

/**
 * Forward: slot j takes the frame at which the inclusions add up to j + start, so P [B, k, T] has one-hot rows and no
 * frame twice. Backward: as the mean over all starts, P[j, t] = |[Π(t−1), Π(t)] ∩ [j, j + 1]|.
 * @param density [B, 1, T], above 0. @param start [B, 1, 1], between 0.05 and 0.95. @param slots up to 500
 */
export function sampleSystematically(tape: Tape, density: Value, start: Value, slots: number): Value {
  const [frames = 1] = staticShape([dimAt(density.shape, -1)]);
  const upToHere = tape.graph.constant(
    Float32Array.from({ length: frames * frames }, (_, at) =>
      Math.floor(at / frames) <= at % frames ? 1 : 0,
    ),
    [frames, frames],
  );
  return framesAt(tape, matMul(tape, inclusions(tape, density, slots), upToHere), start, slots);
}

/**
 * π = min(1, c·density) with Σπ = k, [B, 1, T], by water-filling: each round finds at least one more frame that is
 * kept for certain. Which ones these are is a plain number; gradients flow through the shares of the others.
 */
function inclusions(tape: Tape, density: Value, slots: number): Value {
  const { graph } = tape;
  let certain = emitScale(graph, density, 0);
  for (let round = 0; round < slots; round++) {
    const free = emitFree(graph, certain);
    const rest = emitSum(graph, emitBinary(graph, 'Mul', density, free), [2], true);
    const factor = emitBinary(
      graph,
      'Div',
      emitSlotsLeft(graph, certain, slots),
      emitShift(graph, rest, TINY),
    );
    const share = emitBinary(graph, 'Mul', density, factor);
    const reached = graph.node('Greater', [share, graph.scalar(CERTAIN)], density.shape, {}, 'bool');
    certain = graph.node('Max', [certain, emitFloat(graph, reached)], density.shape);
  }
  const open = multiply(tape, density, emitFree(graph, certain));
  const shares = divide(tape, open, shift(tape, sum(tape, open, -1), TINY));
  return add(
    tape,
    multiply(tape, shares, emitSlotsLeft(graph, certain, slots)),
    emitScale(graph, certain, CERTAIN),
  );
}

const emitShift = (graph: Graph, x: Value, offset: number): Value =>
  graph.node('Add', [x, graph.scalar(offset)], x.shape);

/** 1 − certain. */
const emitFree = (graph: Graph, certain: Value): Value => emitShift(graph, emitScale(graph, certain, -1), 1);

/** [B, 1, 1]: what the frames that are kept for certain leave to the others. */
function emitSlotsLeft(graph: Graph, certain: Value, slots: number): Value {
  return emitShift(graph, emitScale(graph, emitSum(graph, certain, [2], true), -CERTAIN), slots);
}

/** @param sums Π [B, 1, T], not descending. */
function framesAt(tape: Tape, sums: Value, start: Value, slots: number): Value {
  const { graph } = tape;
  const [batch = 1, , frames = 1] = staticShape(sums.shape);
  const shape = [batch, slots, frames];
  const slot = (offset: number): Value =>
    graph.constant(
      Float32Array.from({ length: slots }, (_, j) => j + offset),
      [slots, 1],
    );
  const step = graph.constant(stepMatrix(frames), [frames, frames]);
  const first = graph.constant(
    Float32Array.from({ length: frames }, (_, t) => (t === 0 ? 1 : 0)),
    [frames],
  );
  const before = emitFloat(
    graph,
    graph.node('Less', [sums, emitBinary(graph, 'Add', start, slot(0))], shape, {}, 'bool'),
  );
  return tape.record(
    emitBinary(graph, 'Sub', first, emitMatMul(graph, before, step)),
    [sums],
    [
      (dy) => {
        const inside = emitInside(graph, emitBinary(graph, 'Sub', sums, slot(0.5)), 0.5);
        const perSlot = emitMatMul(graph, dy, emitSwapLast(graph, step));
        return emitSum(graph, emitBinary(graph, 'Mul', perSlot, inside), [1], true);
      },
    ],
  );
}

/** Right factor that takes from each entry the one before it. */
function stepMatrix(frames: number): Float32Array {
  return Float32Array.from({ length: frames * frames }, (_, at) => {
    const [from, to] = [Math.floor(at / frames), at % frames];
    return from === to ? 1 : from === to - 1 ? -1 : 0;
  });
}
