import { KeysliceError } from '../../contract/errors.ts';
import type { EngineSession, Tensor } from '../engines/engine.ts';
import { ADPS_STATE } from '../networks/adpsSampler.ts';
import type { StartRounds } from '../samplers/activeSampler.ts';

/**
 * The graph of A-DPS (`adpsModel`) on the session's engine, one run per round.
 * @param cancelled asked before each run.
 * @throws KeysliceError CANCELLED
 */
export function sessionRounds(session: EngineSession, cancelled: () => boolean): StartRounds {
  return ({ seen, places }) => {
    const zeros = float32([1, ADPS_STATE], new Float32Array(ADPS_STATE));
    let state = { hidden: zeros, cell: zeros };
    return async (share) => {
      if (cancelled()) throw new KeysliceError('CANCELLED');
      const frames = share.length;
      const outputs = await session.run({
        seen: float32([frames, seen.length / frames], seen),
        places: float32([frames, places.length / frames], places),
        share: float32([1, frames], share),
        ...state,
      });
      const { logits, hiddenOut, cellOut } = outputs;
      if (!(logits?.data instanceof Float32Array) || hiddenOut === undefined || cellOut === undefined)
        throw new KeysliceError('INTERNAL', { reason: 'the graph of A-DPS lacks an output' });
      state = { hidden: hiddenOut, cell: cellOut };
      return logits.data;
    };
  };
}

function float32(dims: readonly number[], data: Float32Array): Tensor {
  return { type: 'float32', dims, data };
}
