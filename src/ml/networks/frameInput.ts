import type { Value } from '../graph/graph.ts';
import { concat } from '../graph/ops/shaping.ts';
import type { Tape } from '../graph/tape.ts';
import type { SamplerSpec } from './dasSampler.ts';

/** What DAS reads of each frame, […, T, width]: handcrafted numbers, learned ones, or both side by side. */
export function frameInput(
  tape: Tape,
  features: SamplerSpec['features'],
  { handcrafted, learned }: { readonly handcrafted: () => Value; readonly learned: () => Value },
): Value {
  if (features === 'handcrafted') return handcrafted();
  if (features === 'learned') return learned();
  const left = handcrafted();
  return concat(tape, [left, learned()], left.shape.length - 1);
}
