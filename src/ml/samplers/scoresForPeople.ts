/** Scores between 0 and 1 as people see them (docs/das.md section 4). */

/** Smallest to 0, largest to 1; ½ everywhere where all are equal. */
export function rangeScores(values: Float32Array): Float32Array {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return Float32Array.from(values, (value) => (high > low ? (value - low) / (high - low) : 0.5));
}

/** Share of the highest density. */
export function densityScores(density: Float64Array): Float32Array {
  const high = density.reduce((a, b) => Math.max(a, b), 0);
  return Float32Array.from(density, (value) => (high > 0 ? value / high : 0.5));
}

/**
 * How much a frame is wanted by the slot that wants it most, where slots ask for different frames: the largest of its
 * logits. Not its likelihood: through an exponential, engines would differ by more than they may (docs/cli.md).
 * @param logits k × T
 */
export function wantedScores(logits: Float32Array, frames: number): Float32Array {
  const best = logits.slice(0, frames);
  for (let row = frames; row < logits.length; row += frames) {
    for (let t = 0; t < frames; t++) {
      const logit = logits[row + t]!;
      if (logit > best[t]!) best[t] = logit;
    }
  }
  return rangeScores(best);
}

/** How likely a frame is in the slot that wants it most, as a share of the likeliest: for samplers whose slots differ. */
export function likelihoodScores(matrix: Float32Array, frames: number): Float32Array {
  const best = new Float32Array(frames);
  matrix.forEach((share, at) => {
    best[at % frames] = Math.max(best[at % frames]!, share);
  });
  return rangeScores(best);
}
