import { KeysliceError } from '../../contract/errors.ts';
import type { EngineSession, Tensor } from '../engines/engine.ts';
import { slotCodes } from '../networks/slotCodes.ts';
import type { ScoreGraph } from '../samplers/scoreGraph.ts';

/**
 * A package's sampler graph on the session's engine.
 * @param cancelled asked before each run.
 * @throws KeysliceError CANCELLED
 */
export function sessionScoreGraph(session: EngineSession, cancelled: () => boolean): ScoreGraph {
  return async ({ perFrame, pooled, anchor }, k) => {
    if (cancelled()) throw new KeysliceError('CANCELLED');
    const frames = anchor.length;
    const outputs = await session.run({
      perFrame: float32([frames, perFrame.length / frames], perFrame),
      pooled: float32([1, pooled.length], pooled),
      anchor: float32([frames], anchor),
      slots: float32([k, 1], slotCodes(k)),
    });
    const [temperature = NaN] = floats(outputs['temperature']);
    return { base: floats(outputs['base']), logits: floats(outputs['logits']), temperature };
  };
}

function float32(dims: readonly number[], data: Float32Array): Tensor {
  return { type: 'float32', dims, data };
}

/** Packages are refused when their graphs lack an output, so this cannot fail on a person's input. */
function floats(tensor: Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new KeysliceError('INTERNAL', { reason: 'the sampler graph lacks an output' });
}
