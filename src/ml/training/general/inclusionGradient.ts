import { softplus } from '../../samplers/softplus.ts';

/**
 * Takes a gradient from inclusions back to scores: through π = min(1, c·ρ) with Σπ = k, where c moves with every
 * density that is not full, and through ρ = softplus(score).
 */
export function inclusionGradient(
  scores: Float32Array,
  shares: Float64Array,
  gradient: Float64Array,
): Float64Array {
  let mass = 0;
  let weighted = 0;
  shares.forEach((share, t) => {
    if (share >= 1) return;
    const density = softplus(scores[t]!);
    mass += density;
    weighted += gradient[t]! * density;
  });
  return shares.map((share, t) => {
    if (share >= 1) return 0;
    const score = scores[t]!;
    const factor = share / softplus(score);
    return (factor * (gradient[t]! - weighted / mass)) / (1 + Math.exp(-score));
  });
}
