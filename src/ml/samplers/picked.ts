/** k frames, ascending and distinct. */
export interface Picked {
  indices: Int32Array;
  /** Another engine, whose scores differ by rounding, may choose otherwise. */
  tie: boolean;
}

/** Scores nearer than this may be ordered otherwise by another engine. */
export const TIE_DISTANCE = 1e-5;
