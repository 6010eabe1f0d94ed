/** Centres of k equal bins over T frames: ascending, distinct for k ≤ T. */
export function selectUniform(frames: number, k: number): Int32Array {
  return Int32Array.from({ length: k }, (_, slot) => Math.floor(((slot + 0.5) * frames) / k));
}
