/**
 * One training step as one graph: weights are inputs; loss, gradients and batch statistics are outputs. The batch and
 * all lengths are fixed when it is built.
 */
import { emitBinary, emitMean, emitReshape, emitScale } from '../graph/emit.ts';
import type { Value } from '../graph/graph.ts';
import { add, multiply } from '../graph/ops/arithmetic.ts';
import { crossEntropy, emitRowLosses } from '../graph/ops/probability.ts';
import { pickFrames } from '../graph/ops/selection.ts';
import { mean, reshape, sum, transpose } from '../graph/ops/shaping.ts';
import { Tape } from '../graph/tape.ts';
import { writeOnnx } from '../graph/writeOnnx.ts';
import { HEAD_WIDTH, classifierHead } from './classifierHead.ts';
import type { NetworkParts } from './choice.ts';
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
  /** How much the score-function gradient counts beside straight-through. */
  readonly scoreWeight: number;
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
  const { frames, logLikelihood } = classifiedFrames(tape, { source, layers }, spec);
  const pooled = mobileNetV3Small(layers, imagesOf(tape, frames, spec), spec.classifier.stemStride);
  const logits = classifierHead(
    tape,
    source,
    meanOverSlots(tape, pooled, spec),
    spec.classifier.classes,
    tape.graph.input('dropout', [spec.batch, HEAD_WIDTH]),
  );
  const labels = tape.graph.input('labels', [spec.batch, spec.classifier.classes]);
  const loss = crossEntropy(tape, logits, labels);
  const objective =
    logLikelihood === null || spec.scoreWeight === 0
      ? loss
      : add(tape, loss, scoreTerm(tape, logLikelihood, emitRowLosses(tape.graph, logits, labels), spec));
  writeOutputs(tape, source, layers.statistics, { loss, logits, objective });
  return {
    model: writeOnnx(tape.graph.model()),
    parameters: source.specs,
    statistics: layers.statistics.map(({ name, channels }) => ({ name, channels })),
  };
}

/** [B, k, pixels]. The order of the slots is left as it is: the classifier averages over them. */
function classifiedFrames(
  tape: Tape,
  parts: NetworkParts,
  { batch, frames: length, slots, sampler, classifier: { channels, height, width } }: TrainingSpec,
): { frames: Value; logLikelihood: Value | null } {
  const pixels = channels * height * width;
  if (sampler === null)
    return { frames: tape.graph.input('frames', [batch, slots, pixels]), logLikelihood: null };
  const { choice, logLikelihood } = sampledChoice(tape, parts, { batch, frames: length, slots }, sampler);
  const frames = pickFrames(tape, choice, tape.graph.input('frames', [batch, length, pixels]));
  return { frames, logLikelihood };
}

/** As channel-first maps [C, B·k, H, W]. */
function imagesOf(tape: Tape, frames: Value, { batch, slots, classifier }: TrainingSpec): Value {
  const { channels, height, width } = classifier;
  return transpose(tape, reshape(tape, frames, [batch * slots, channels, height, width]), [1, 0, 2, 3]);
}

/**
 * Its gradient is the score-function gradient of the loss (Williams 1992): choices whose series came out better than the
 * others of the batch become likelier. Straight-through asks the classifier how the loss would change if a little of
 * another frame were mixed in; this asks how it came out with the frames that were chosen.
 * @param losses [B, 1] of the series.
 */
function scoreTerm(
  tape: Tape,
  logLikelihood: Value,
  losses: Value,
  { batch, scoreWeight }: TrainingSpec,
): Value {
  const { graph } = tape;
  // With the mean of the other series as the baseline: B/(B − 1) times the distance from the mean of all.
  const centered = emitBinary(graph, 'Sub', losses, emitMean(graph, losses, [0], true));
  const factor = batch > 1 ? scoreWeight / (batch - 1) : 0;
  const advantage = emitReshape(graph, emitScale(graph, centered, factor), [batch, 1, 1]);
  return reshape(tape, sum(tape, multiply(tape, logLikelihood, advantage), 0), []);
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
  { loss, logits, objective }: { loss: Value; logits: Value; objective: Value },
): void {
  const { graph } = tape;
  graph.output('loss', loss);
  graph.output('logits', logits);
  const gradients = tape.gradients(objective, graph.scalar(1), source.values);
  source.specs.forEach(({ name }, i) => {
    const gradient = gradients[i];
    if (gradient !== undefined) graph.output(gradientName(name), gradient);
  });
  for (const { name, mean: batchMean, variance } of statistics) {
    graph.output(`${name}/mean`, batchMean);
    graph.output(`${name}/variance`, variance);
  }
}
