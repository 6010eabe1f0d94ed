import { emitBinary, emitMatMul, emitScale, emitSum, emitSwapLast } from '../emit.ts';
import type { Graph, Value } from '../graph.ts';
import { int } from '../onnxModel.ts';
import { dimAt, staticShape } from '../shape.ts';
import type { Tape } from '../tape.ts';
import { emitSoftmax, emitSoftmaxBackward } from './probability.ts';

/** Added to the logits of frames that earlier slots took; finite, because −∞ − −∞ is not a number. */
const TAKEN = -1e9;

/** One-hot rows of the largest entry over the last axis; ties to the lower index. */
function emitOneHotMax(graph: Graph, x: Value): Value {
  const last = x.shape.length - 1;
  const [depth = 1] = staticShape([dimAt(x.shape, last)]);
  const at = graph.node('ArgMax', [x], x.shape.slice(0, -1), { axis: int(last), keepdims: int(0) }, 'int64');
  const values = graph.constant(Float32Array.of(0, 1), [2]);
  return graph.node('OneHot', [at, graph.indices([depth]), values], x.shape, { axis: int(-1) });
}

/**
 * TAKEN where an earlier slot of the same series has taken the frame, else 0: slot by slot the largest logit among
 * the free frames. logits [B, k, T]; no gradient flows through the choice itself.
 */
function emitTakenMask(graph: Graph, logits: Value): Value {
  const [batch = 1, slots = 1, frames = 1] = staticShape(logits.shape);
  const penalty = graph.scalar(TAKEN);
  let taken = graph.constant(new Float32Array(batch * frames), [batch, 1, frames]);
  const masks: Value[] = [];
  for (let slot = 0; slot < slots; slot++) {
    const mask = graph.node('Mul', [taken, penalty], taken.shape);
    masks.push(mask);
    const row = graph.node(
      'Slice',
      [logits, graph.indices([slot]), graph.indices([slot + 1]), graph.indices([1])],
      taken.shape,
    );
    taken = emitBinary(graph, 'Add', taken, emitOneHotMax(graph, emitBinary(graph, 'Add', row, mask)));
  }
  return graph.node('Concat', masks, logits.shape, { axis: int(1) });
}

/**
 * Straight-through sampling without replacement (docs/das.md section 4). Forward: P[b, j] is one-hot at the largest
 * free entry of `logits`; backward: as softmax((logits + mask) / temperature).
 * @param logits [B, k, T], noise included. @param temperature [B, 1, 1].
 */
export function sampleWithoutReplacement(tape: Tape, logits: Value, temperature: Value): Value {
  const { graph } = tape;
  const masked = emitBinary(graph, 'Add', logits, emitTakenMask(graph, logits));
  const scaled = emitBinary(graph, 'Div', masked, temperature);
  const soft = emitSoftmax(graph, scaled);
  const slope = (dy: Value): Value => emitSoftmaxBackward(graph, soft, dy);
  return tape.record(
    emitOneHotMax(graph, masked),
    [logits, temperature],
    [
      (dy) => emitBinary(graph, 'Div', slope(dy), temperature),
      (dy) => {
        // d(masked/τ)/dτ = −masked/τ²; where a frame is taken its probability and so its slope are zero, and the mask
        // itself is left out of the product to keep 0 · 1e9 from rounding.
        const along = emitBinary(graph, 'Mul', slope(dy), emitBinary(graph, 'Div', logits, temperature));
        const sum = graph.node('ReduceSum', [along, graph.indices([1, 2])], temperature.shape, {
          keepdims: int(1),
        });
        return emitBinary(graph, 'Div', graph.node('Neg', [sum], sum.shape), temperature);
      },
    ],
  );
}

/**
 * ln P of a choice that was made without replacement, [B, 1, 1]: slot by slot softmax(logits / scale) over the frames
 * that no earlier slot took. With Gumbel noise of that scale this is how likely the choice was (Kool et al. 2019).
 * @param choice [B, k, T], one-hot rows; no gradient reaches it. @param logits [B, k, T] without noise.
 * @param scale above 0.
 */
export function choiceLogLikelihood(tape: Tape, choice: Value, logits: Value, scale: number): Value {
  const { graph } = tape;
  const [, slots = 1] = staticShape(choice.shape);
  const earlier = graph.constant(
    Float32Array.from({ length: slots * slots }, (_, at) =>
      at % slots < Math.floor(at / slots) ? TAKEN : 0,
    ),
    [slots, slots],
  );
  const mask = graph.node('MatMul', [earlier, choice], choice.shape);
  const scaled = emitScale(graph, emitBinary(graph, 'Add', logits, mask), 1 / scale);
  const logP = graph.node('LogSoftmax', [scaled], scaled.shape, { axis: int(-1) });
  return tape.record(
    emitSum(graph, emitBinary(graph, 'Mul', logP, choice), [1, 2], true),
    [logits],
    [
      (dy) => {
        const slope = emitBinary(graph, 'Sub', choice, emitSoftmax(graph, scaled));
        return emitBinary(graph, 'Mul', slope, emitScale(graph, dy, 1 / scale));
      },
    ],
  );
}

/** X_k = P·X: the chosen frames. P [B, k, T], frames [B, T, pixels]. */
export function pickFrames(tape: Tape, choice: Value, frames: Value): Value {
  const { graph } = tape;
  return tape.record(
    emitMatMul(graph, choice, frames),
    [choice],
    [(dy) => emitMatMul(graph, dy, emitSwapLast(graph, frames))],
  );
}
