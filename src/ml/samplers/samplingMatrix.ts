/**
 * The sampling matrix P without noise (docs/das.md section 4), k × T: slot by slot the softmax of its logits over the
 * frames that no earlier slot took as its best, rows ordered by that best frame.
 */
export function samplingMatrix(logits: Float32Array, k: number, temperature: number): Float32Array {
  const frames = logits.length / k;
  const taken = new Uint8Array(frames);
  const rows: { best: number; shares: Float32Array }[] = [];
  for (let slot = 0; slot < k; slot++) {
    const row = logits.subarray(slot * frames, (slot + 1) * frames);
    let best = -1;
    for (let t = 0; t < frames; t++) {
      if (taken[t] === 0 && (best < 0 || row[t]! > row[best]!)) best = t;
    }
    const shares = row.map((value, t) => (taken[t] === 0 ? Math.exp((value - row[best]!) / temperature) : 0));
    const sum = shares.reduce((total, share) => total + share, 0);
    rows.push({ best, shares: shares.map((share) => share / sum) });
    taken[best] = 1;
  }
  const matrix = new Float32Array(logits.length);
  rows
    .sort((a, b) => a.best - b.best)
    .forEach(({ shares }, slot) => {
      matrix.set(shares, slot * frames);
    });
  return matrix;
}
