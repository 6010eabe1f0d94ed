import { KeysliceError } from '../../contract/errors.ts';
import type { EngineSession, Tensor } from '../engines/engine.ts';
import { POOLED_FEATURES } from '../networks/mobileNetV3Small.ts';

/** Frames per run: small enough that a cancel is seen soon and memory stays small, large enough for the engine. */
const BATCH = 8;

/**
 * Logits of a series from some of its frames, in batches: the graph carries the mean of the pooled features along
 * (docs/das.md section 5).
 * @param count k, at least 1.
 * @param batchAt normalised frames [size, C, H, W] from the given one on, made when their turn comes.
 * @param cancelled asked before each batch.
 * @throws KeysliceError CANCELLED
 */
export async function classifyBatches(
  session: EngineSession,
  count: number,
  batchAt: (first: number, size: number) => Tensor,
  cancelled: () => boolean,
): Promise<Float32Array> {
  const share: Tensor = { type: 'float32', dims: [1], data: Float32Array.of(1 / count) };
  let carry: Tensor = {
    type: 'float32',
    dims: [1, POOLED_FEATURES],
    data: new Float32Array(POOLED_FEATURES),
  };
  let logits: Tensor | undefined;
  for (let first = 0; first < count; first += BATCH) {
    if (cancelled()) throw new KeysliceError('CANCELLED');
    const frames = batchAt(first, Math.min(BATCH, count - first));
    const outputs = await session.run({ frames, carry, share });
    carry = outputs['carryOut'] ?? carry;
    logits = outputs['logits'];
  }
  if (logits?.data instanceof Float32Array) return logits.data;
  throw new KeysliceError('INTERNAL', { reason: 'no frame was classified' });
}

/** The same for frames [k, C, H, W] that are there already. @throws KeysliceError CANCELLED */
export function classifyFrames(
  session: EngineSession,
  frames: Tensor,
  cancelled: () => boolean,
): Promise<Float32Array> {
  const [count = 0, ...frameDims] = frames.dims;
  const length = frameDims.reduce((product, dim) => product * dim, 1);
  const batchAt = (first: number, size: number): Tensor => ({
    type: 'float32',
    dims: [size, ...frameDims],
    data: frames.data.slice(first * length, (first + size) * length),
  });
  return classifyBatches(session, count, batchAt, cancelled);
}
