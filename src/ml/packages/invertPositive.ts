/**
 * Inverse of a symmetric positive definite matrix, row by row, by its Cholesky factor L (A = L·Lᵀ).
 * @throws RangeError when the matrix is not positive definite.
 */
export function invertPositive(matrix: Float64Array, size: number): Float64Array {
  const factor = cholesky(matrix, size);
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const x = new Float64Array(size);
    // L·y = e_column, then Lᵀ·x = y, both in place.
    for (let i = 0; i < size; i++) {
      let sum = i === column ? 1 : 0;
      for (let j = 0; j < i; j++) sum -= factor[i * size + j]! * x[j]!;
      x[i] = sum / factor[i * size + i]!;
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = x[i]!;
      for (let j = i + 1; j < size; j++) sum -= factor[j * size + i]! * x[j]!;
      x[i] = sum / factor[i * size + i]!;
    }
    for (let i = 0; i < size; i++) inverse[i * size + column] = x[i]!;
  }
  return inverse;
}

function cholesky(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= factor[i * size + k]! * factor[j * size + k]!;
      if (i === j && !(sum > 0)) throw new RangeError('the matrix is not positive definite');
      factor[i * size + j] = i === j ? Math.sqrt(sum) : sum / factor[j * size + j]!;
    }
  }
  return factor;
}
