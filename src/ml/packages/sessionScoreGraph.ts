import { KeysliceError } from '../../contract/errors.ts';
import { THUMBNAIL_SIZE } from '../../contract/sampling.ts';
import type { EngineSession, Tensor, Tensors } from '../engines/engine.ts';
import { slotCodes } from '../networks/slotCodes.ts';
import type { ScoreGraph, ScoreInputs } from '../samplers/scoreGraph.ts';
import { THUMBNAIL_CHANNELS, thumbnailChannels } from '../samplers/thumbnailInputs.ts';

/**
 * A package's sampler graph on the session's engine.
 * @param cancelled asked before each run.
 * @throws KeysliceError CANCELLED
 */
export function sessionScoreGraph(session: EngineSession, cancelled: () => boolean): ScoreGraph {
  return async (inputs, k) => {
    if (cancelled()) throw new KeysliceError('CANCELLED');
    const outputs = await session.run(tensorsOf(inputs, k, session.inputNames));
    const [temperature = NaN] = floats(outputs['temperature']);
    return { base: floats(outputs['base']), logits: floats(outputs['logits']), temperature };
  };
}

/** Only what the graph reads: which features these are is the package's choice. */
function tensorsOf(
  { perFrame, pooled, thumbnails, anchor }: ScoreInputs,
  k: number,
  wanted: readonly string[],
): Tensors {
  const frames = anchor.length;
  const size = [frames, THUMBNAIL_CHANNELS, THUMBNAIL_SIZE, THUMBNAIL_SIZE];
  return {
    pooled: float32([1, pooled.length], pooled),
    anchor: float32([frames], anchor),
    slots: float32([k, 1], slotCodes(k)),
    ...(wanted.includes('perFrame')
      ? { perFrame: float32([frames, perFrame.length / frames], perFrame) }
      : {}),
    ...(thumbnails === null ? {} : { thumbnails: float32(size, thumbnailChannels(thumbnails)) }),
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
