import { divide } from '../graph/ops/arithmetic.ts';
import { Tape } from '../graph/tape.ts';
import { writeOnnx } from '../graph/writeOnnx.ts';
import { type SamplerSpec, type SamplerWidths, dasSampler } from './dasSampler.ts';
import { type ParameterSpec, TrainedParameters } from './parameters.ts';
import { slotCodes } from './slotCodes.ts';
import { gradientName } from './trainingGraph.ts';

export interface SamplerGradientGraph {
  readonly model: Uint8Array;
  readonly parameters: readonly ParameterSpec[];
  /** Those that a/τ depends on: only they have gradients here. */
  readonly trained: readonly string[];
}

/**
 * Base scores of one series over the temperature, a/τ, and how an outer loss moves them, for losses that are not
 * written in the graph language. Inputs: the weights, `perFrame` [T, d], `pooled` [1, p], `anchor` [1, T],
 * `upstream` [1, T] = ∂loss/∂(a/τ). Outputs: `score` [1, T] = a/τ, `gradient/NAME` for every weight of a and τ.
 */
export function samplerGradientGraph(
  spec: SamplerSpec,
  widths: SamplerWidths,
  frames: number,
): SamplerGradientGraph {
  const tape = new Tape();
  const { graph } = tape;
  const source = new TrainedParameters(tape);
  const { base, temperature } = dasSampler(
    tape,
    source,
    {
      perFrame: graph.input('perFrame', [frames, widths.perFrame]),
      pooled: graph.input('pooled', [1, widths.pooled]),
      anchor: graph.input('anchor', [1, frames]),
      slots: graph.constant(slotCodes(1), [1, 1]),
    },
    spec,
  );
  const score = divide(tape, base, temperature);
  graph.output('score', score);
  const trained = source.values.filter(({ name }) => /^(base|temperature)\//.test(name));
  const gradients = tape.gradients(score, graph.input('upstream', [1, frames]), trained);
  gradients.forEach((gradient, i) => {
    graph.output(gradientName(trained[i]!.name), gradient);
  });
  return {
    model: writeOnnx(graph.model()),
    parameters: source.specs,
    trained: trained.map(({ name }) => name),
  };
}
