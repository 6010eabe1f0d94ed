import type { ParameterSpec } from '../networks/parameters.ts';

/** Kingma and Ba 2015, with weight decay decoupled from the gradient (Loshchilov and Hutter 2019). */
const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

export interface AdamSlot {
  readonly spec: ParameterSpec;
  readonly weight: Float32Array;
  /** Running means of the gradient and of its square. */
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** How fast one parameter learns in this step. */
export interface AdamRate {
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** One update in place. @param step counted from 1. */
export function adamStep(slot: AdamSlot, gradient: Float32Array, step: number, rate: AdamRate): void {
  const { weight, first, second } = slot;
  const correction = Math.sqrt(1 - BETA_2 ** step) / (1 - BETA_1 ** step);
  const size = rate.learningRate * correction;
  const epsilon = EPSILON * Math.sqrt(1 - BETA_2 ** step);
  const keep = 1 - rate.learningRate * rate.weightDecay;
  for (let i = 0; i < weight.length; i++) {
    const g = gradient[i]!;
    const m = BETA_1 * first[i]! + (1 - BETA_1) * g;
    const v = BETA_2 * second[i]! + (1 - BETA_2) * g * g;
    first[i] = m;
    second[i] = v;
    weight[i] = keep * weight[i]! - (size * m) / (Math.sqrt(v) + epsilon);
  }
}

/** Matrices and kernels shrink; biases, and the gains and offsets of normalisation, do not. */
export function decays(spec: ParameterSpec): boolean {
  return spec.shape.length > 1;
}
