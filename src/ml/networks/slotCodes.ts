/** φ(j) = (j + ½)/k of every slot, [k, 1]. */
export function slotCodes(slots: number): Float32Array {
  return Float32Array.from({ length: slots }, (_, j) => (j + 0.5) / slots);
}
