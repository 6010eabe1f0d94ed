import type { Value } from '../graph/graph.ts';
import { hardSwish } from '../graph/ops/activations.ts';
import { scale } from '../graph/ops/arithmetic.ts';
import { linear, matMul } from '../graph/ops/matrix.ts';
import { swapLast } from '../graph/ops/shaping.ts';
import type { Tape } from '../graph/tape.ts';
import { denseLayer, kaiming, widthOf } from './denseLayer.ts';
import { type ParameterSource, ZERO, normal } from './parameters.ts';
import { slotCosines } from './slotCosines.ts';

/** Cosines of a slot's place, cos(π·m·φ) for m = 1…8. */
const CODES = 8;
const HIDDEN = 32;
const KEY = 16;

/** Leading axes (none, or the batch) are the same in both. */
interface QueryInputs {
  /** […, T, per-frame width]. */
  readonly perFrame: Value;
  /** [k, 1]: φ(j) = (j + ½)/k. */
  readonly slots: Value;
}

/**
 * How much each slot wants each frame, ⟨q(φ(j)), K·F_t⟩/√d, […, k, T] (docs/das.md section 3). The query's last layer
 * starts at zero, so that every slot starts at the anchor.
 */
export function slotQuery(
  tape: Tape,
  source: ParameterSource,
  name: string,
  { perFrame, slots }: QueryInputs,
): Value {
  const code = linear(
    tape,
    slotCosines(tape.graph, slots, CODES),
    source.parameter(`${name}/query/hidden/weight`, [CODES, HIDDEN], kaiming(CODES)),
    source.parameter(`${name}/query/hidden/bias`, [HIDDEN], ZERO),
  );
  const query = denseLayer(tape, source, `${name}/query/out`, hardSwish(tape, code), KEY, ZERO);
  const width = widthOf(perFrame);
  const keys = matMul(
    tape,
    perFrame,
    source.parameter(`${name}/key/weight`, [width, KEY], normal(1 / Math.sqrt(width))),
  );
  return scale(tape, matMul(tape, query, swapLast(tape, keys)), 1 / Math.sqrt(KEY));
}
