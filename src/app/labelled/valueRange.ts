/** Share of the values below and above the range. */
const TAIL = 0.005;
/** Values looked at: an even selection where there are more. */
const SAMPLE = 1_000_000;

/**
 * The modality values that become 0 and 1: from the 0.5th to the 99.5th percentile of the block means of the training
 * studies, from the least to the greatest where these are the same (small masks).
 * @param thumbnails 32 × 32 block means of every frame, study by study
 */
export function valueRange(thumbnails: readonly Float32Array[]): [number, number] {
  const total = thumbnails.reduce((sum, { length }) => sum + length, 0);
  const step = Math.max(1, Math.ceil(total / SAMPLE));
  const values = new Float64Array(Math.ceil(total / step) + thumbnails.length);
  let count = 0;
  for (const one of thumbnails)
    for (let i = 0; i < one.length; i += step) if (Number.isFinite(one[i]!)) values[count++] = one[i]!;
  const sorted = values.subarray(0, count).sort();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const [low, high] = [at(TAIL), at(1 - TAIL)];
  if (low < high) return [low, high];
  return at(0) < at(1) ? [at(0), at(1)] : [low, low + 1];
}
