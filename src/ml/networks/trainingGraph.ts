/**
 * One training step as one graph: weights are inputs; loss, gradients and batch statistics are outputs. The batch and
 * all lengths are fixed when it is built.
 */
import type { Value } from '../graph/graph.ts';
import { crossEntropy } from '../graph/ops/probability.ts';
import { pickFrames } from '../graph/ops/selection.ts';
import { mean, reshape, transpose } from '../graph/ops/shaping.ts';
import { Tape } from '../graph/tape.ts';
import { writeOnnx } from '../graph/writeOnnx.ts';
import { HEAD_WIDTH, classifierHead } from './classifierHead.ts';
import type { ClassifierSpec } from './inferenceGraphs.ts';
import { POOLED_FEATURES, mobileNetV3Small } from './mobileNetV3Small.ts';
import { type ParameterSpec, TrainedParameters } from './parameters.ts';
import { type LearnedSamplerSpec, sampledChoice } from './sampledChoice.ts';
import { type BatchStatistics, TrainingLayers } from './trainingLayers.ts';

export interface TrainingSpec {
  readonly batch: number;
  /** T: frames per series. */
  readonly frames: number;
  /** k: frames that the classifier sees. */
  readonly slots: number;
  readonly classifier: ClassifierSpec;
  /** Null: the k frames are chosen outside and given as they are. */
  readonly sampler: LearnedSamplerSpec | null;
}

export interface TrainingGraph {
  readonly model: Uint8Array;
  readonly parameters: readonly ParameterSpec[];
  /** Layers with batch normalisation; their statistics come as `NAME/mean` and `NAME/variance`. */
  readonly statistics: readonly { readonly name: string; readonly channels: number }[];
}

/** Output that holds the gradient of a parameter. */
export const gradientName = (parameter: string): string => `gradient/${parameter}`;

/**
 * Inputs besides the weights: `labels` [B, classes] (smoothed and weighted as wished), `dropout` [B, 1024], and
 * with a sampler `frames` [B, T, pixels] and those of `sampledChoice`; without one `frames` [B, k, pixels]. Outputs: `loss` [], `logits` [B, classes],
 * `gradient/NAME` per parameter, `NAME/mean` and `NAME/variance` per normalised layer.
 */
export function trainingGraph(spec: TrainingSpec): TrainingGraph {
  const tape = new Tape();
  const source = new TrainedParameters(tape);
  const layers = new TrainingLayers(tape, source);
  const pooled = mobileNetV3Small(layers, imagesOf(tape, source, spec), spec.classifier.stemStride);
  const logits = classifierHead(
    tape,
    source,
    meanOverSlots(tape, pooled, spec),
    spec.classifier.classes,
    tape.graph.input('dropout', [spec.batch, HEAD_WIDTH]),
  );
  const loss = crossEntropy(tape, logits, tape.graph.input('labels', [spec.batch, spec.classifier.classes]));
  writeOutputs(tape, source, layers.statistics, { loss, logits });
  return {
    model: writeOnnx(tape.graph.model()),
    parameters: source.specs,
    statistics: layers.statistics.map(({ name, channels }) => ({ name, channels })),
  };
}

/** The k frames of every series as channel-first maps [C, B·k, H, W]. */
function imagesOf(tape: Tape, source: TrainedParameters, spec: TrainingSpec): Value {
  const { batch, slots } = spec;
  const { channels, height, width } = spec.classifier;
  const chosen =
    spec.sampler === null
      ? tape.graph.input('frames', [batch, slots, channels * height * width])
      : sampledFrames(tape, source, spec, spec.sampler);
  const images = reshape(tape, chosen, [batch * slots, channels, height, width]);
  return transpose(tape, images, [1, 0, 2, 3]);
}

/** The order of the slots is left as it is: the classifier averages over them. */
function sampledFrames(
  tape: Tape,
  source: TrainedParameters,
  { batch, frames, slots, classifier: { channels, height, width } }: TrainingSpec,
  sampler: LearnedSamplerSpec,
): Value {
  const choice = sampledChoice(tape, source, { batch, frames, slots }, sampler);
  return pickFrames(tape, choice, tape.graph.input('frames', [batch, frames, channels * height * width]));
}

/** [B·k, 576] to [B, 576]. */
function meanOverSlots(tape: Tape, pooled: Value, { batch, slots }: TrainingSpec): Value {
  const perSeries = reshape(tape, pooled, [batch, slots, POOLED_FEATURES]);
  return reshape(tape, mean(tape, perSeries, 1), [batch, POOLED_FEATURES]);
}

function writeOutputs(
  tape: Tape,
  source: TrainedParameters,
  statistics: readonly BatchStatistics[],
  { loss, logits }: { loss: Value; logits: Value },
): void {
  const { graph } = tape;
  graph.output('loss', loss);
  graph.output('logits', logits);
  const gradients = tape.gradients(loss, graph.scalar(1), source.values);
  source.specs.forEach(({ name }, i) => {
    const gradient = gradients[i];
    if (gradient !== undefined) graph.output(gradientName(name), gradient);
  });
  for (const { name, mean: batchMean, variance } of statistics) {
    graph.output(`${name}/mean`, batchMean);
    graph.output(`${name}/variance`, variance);
  }
}
