import { emitBinary, emitScale } from '../graph/emit.ts';
import type { Graph, Value } from '../graph/graph.ts';
import { dimAt } from '../graph/shape.ts';

/** Series of sin x over x in x², up to x¹¹: within 6e-8 of it between −π/2 and π/2. */
const SINE = [1, -1 / 6, 1 / 120, -1 / 5040, 1 / 362_880, -1 / 39_916_800];

/**
 * Cosines of a slot's place, cos(π·m·φ) for m = 1…count: [k, 1] to [k, count]. Made of products and sums, which all
 * engines compute alike: a cosine of WebGPU may be wrong by 2⁻¹¹ (WGSL, accuracy of built-in functions), and another
 * engine would keep other frames. No gradient reaches the slots.
 */
export function slotCosines(graph: Graph, slots: Value, count: number): Value {
  const shape = [dimAt(slots.shape, 0), count];
  const halves = graph.constant(
    Float32Array.from({ length: count }, (_, m) => (m + 1) / 2),
    [1, count],
  );
  const turns = graph.node('MatMul', [slots, halves], shape);
  const nearest = graph.node('Floor', [emitBinary(graph, 'Add', turns, graph.scalar(0.5))], shape);
  // The angle modulo a turn, halved: cos 2x = 1 − 2 sin² x.
  const x = emitScale(graph, emitBinary(graph, 'Sub', turns, nearest), Math.PI);
  const sine = emitBinary(graph, 'Mul', x, polynomial(graph, emitBinary(graph, 'Mul', x, x), SINE));
  const square = emitBinary(graph, 'Mul', sine, sine);
  return emitBinary(graph, 'Sub', graph.scalar(1), emitScale(graph, square, 2));
}

/** Σ coefficientsᵢ·xⁱ, by Horner's rule. */
function polynomial(graph: Graph, x: Value, coefficients: readonly number[]): Value {
  const [last = 0, ...others] = coefficients.toReversed();
  let sum = graph.scalar(last);
  for (const coefficient of others)
    sum = emitBinary(graph, 'Add', emitBinary(graph, 'Mul', x, sum), graph.scalar(coefficient));
  return sum;
}
