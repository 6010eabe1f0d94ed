/** The mean of some frames, pixel by pixel. @param pixels frames × rows × columns. */
export function averageFrame(pixels: Float32Array, frames: number): Float32Array {
  const length = pixels.length / frames;
  const sums = new Float64Array(length);
  for (let t = 0; t < frames; t++) for (let i = 0; i < length; i++) sums[i]! += pixels[t * length + i]!;
  return Float32Array.from(sums, (sum) => sum / frames);
}
