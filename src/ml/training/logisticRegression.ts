import { invertPositive } from '../packages/invertPositive.ts';

/** A linear model of the log-odds of the second of two classes, on standardised inputs. */
export interface LogisticModel {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** One per input, then the intercept. */
  readonly weights: Float64Array;
}

const MOST_STEPS = 50;
const SETTLED = 1e-10;

/**
 * Ridge logistic regression by Newton's method (Hastie, Tibshirani, Friedman, section 4.4.1). An input that never varies
 * gets the weight 0.
 * @param rows one array of inputs per series @param labels 0 or 1 @param ridge above 0; the intercept is free
 */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  labels: Uint8Array,
  ridge: number,
): LogisticModel {
  const inputs = rows[0]?.length ?? 0;
  const column = (input: number): number[] => rows.map((row) => row[input]!);
  const means = Float64Array.from({ length: inputs }, (_, input) => mean(column(input)));
  const deviations = Float64Array.from({ length: inputs }, (_, input) => {
    const deviation = Math.sqrt(mean(column(input).map((value) => (value - means[input]!) ** 2)));
    return deviation > 0 ? deviation : 1;
  });
  let model: LogisticModel = { means, deviations, weights: new Float64Array(inputs + 1) };
  for (let step = 0; step < MOST_STEPS; step++) {
    const move = newtonStep(model, rows, labels, ridge);
    model = { ...model, weights: model.weights.map((weight, i) => weight + move[i]!) };
    if (move.every((part) => Math.abs(part) < SETTLED)) break;
  }
  return model;
}

/** Probability of the second class. */
export function logisticShare(model: LogisticModel, row: readonly number[]): number {
  const sum = standardized(model, row).reduce((total, value, i) => total + value * model.weights[i]!, 0);
  return 1 / (1 + Math.exp(-sum));
}

/** (XᵀWX + λI)⁻¹ (Xᵀ(y − p) − λw) */
function newtonStep(
  model: LogisticModel,
  rows: readonly (readonly number[])[],
  labels: Uint8Array,
  ridge: number,
): Float64Array {
  const size = model.weights.length;
  const penalty = (i: number): number => (i < size - 1 ? ridge : 0);
  const gradient = model.weights.map((weight, i) => -penalty(i) * weight);
  const hessian = new Float64Array(size * size);
  for (let i = 0; i < size; i++) hessian[i * size + i] = penalty(i);
  rows.forEach((row, index) => {
    const x = standardized(model, row);
    const p = logisticShare(model, row);
    for (let i = 0; i < size; i++) {
      gradient[i]! += x[i]! * (labels[index]! - p);
      for (let j = 0; j < size; j++) hessian[i * size + j]! += p * (1 - p) * x[i]! * x[j]!;
    }
  });
  const inverse = invertPositive(hessian, size);
  return Float64Array.from({ length: size }, (_, i) =>
    gradient.reduce((total, part, j) => total + inverse[i * size + j]! * part, 0),
  );
}

function standardized({ means, deviations }: LogisticModel, row: readonly number[]): number[] {
  return [...row.map((value, i) => (value - means[i]!) / deviations[i]!), 1];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
