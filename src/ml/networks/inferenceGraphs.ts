/** The two graphs of a model package, made from trained weights. Their inputs and outputs are a fixed contract. */
import { emitBinary, emitSum } from '../graph/emit.ts';
import { THUMBNAIL_SIZE } from '../../contract/sampling.ts';
import type { Graph, Value } from '../graph/graph.ts';
import type { Shape } from '../graph/shape.ts';
import { Tape } from '../graph/tape.ts';
import { writeOnnx } from '../graph/writeOnnx.ts';
import { PLACE_COUNT, SEEN_COUNT } from '../samplers/adpsInputs.ts';
import { THUMBNAIL_CHANNELS } from '../samplers/thumbnailInputs.ts';
import { ADPS_STATE, adpsSampler } from './adpsSampler.ts';
import { classifierHead } from './classifierHead.ts';
import { type SamplerSpec, type SamplerWidths, dasSampler } from './dasSampler.ts';
import { frameInput } from './frameInput.ts';
import { InferenceLayers } from './inferenceLayers.ts';
import { POOLED_FEATURES, mobileNetV3Small } from './mobileNetV3Small.ts';
import { FixedParameters, type Weights } from './parameters.ts';
import { thumbnailFeatures } from './thumbnailFeatures.ts';

/**
 * `sampler.onnx`: perFrame [T, d] (unless `features` is `learned`), thumbnails [T, 3, 32, 32] (unless it is
 * `handcrafted`), pooled [1, p], anchor [T], slots [k, 1] → base [T], logits [k, T], temperature [1]. T and k are open.
 */
export function samplerModel(weights: Weights, spec: SamplerSpec, widths: SamplerWidths): Uint8Array {
  const tape = new Tape();
  const { graph } = tape;
  const perFrame = frameInput(tape, spec.features, {
    handcrafted: () => graph.input('perFrame', ['T', widths.perFrame]),
    learned: () =>
      thumbnailFeatures(
        new InferenceLayers(graph, weights),
        graph.input('thumbnails', ['T', THUMBNAIL_CHANNELS, THUMBNAIL_SIZE, THUMBNAIL_SIZE]),
      ),
  });
  const pooled = graph.input('pooled', [1, widths.pooled]);
  const anchor = graph.input('anchor', ['T']);
  const slots = graph.input('slots', ['k', 1]);
  const row = graph.node('Unsqueeze', [anchor, graph.indices([0])], [1, 'T']);
  const source = new FixedParameters(graph, weights);
  const { base, logits, temperature } = dasSampler(
    tape,
    source,
    { perFrame, pooled, anchor: row, slots },
    spec,
  );
  graph.output('base', squeezeFirst(graph, base, ['T']));
  graph.output('logits', logits);
  graph.output('temperature', squeezeFirst(graph, temperature, [1]));
  return writeOnnx(graph.model());
}

/**
 * `adps.onnx`, one round: seen [T, 256], places [T, 32], share [1, T], hidden and cell [1, 64] → logits [T], hiddenOut
 * and cellOut [1, 64]. T is open.
 */
export function adpsModel(weights: Weights): Uint8Array {
  const tape = new Tape();
  const { graph } = tape;
  const seen = graph.input('seen', ['T', SEEN_COUNT]);
  const places = graph.input('places', ['T', PLACE_COUNT]);
  const step = adpsSampler(tape, new FixedParameters(graph, weights), { seen, places });
  const { logits, hidden, cell } = step({
    share: graph.input('share', [1, 'T']),
    hidden: graph.input('hidden', [1, ADPS_STATE]),
    cell: graph.input('cell', [1, ADPS_STATE]),
  });
  graph.output('logits', squeezeFirst(graph, logits, ['T']));
  graph.output('hiddenOut', hidden);
  graph.output('cellOut', cell);
  return writeOnnx(graph.model());
}

function squeezeFirst(graph: Graph, x: Value, shape: Shape): Value {
  return graph.node('Squeeze', [x, graph.indices([0])], shape);
}

export interface ClassifierSpec {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  readonly stemStride: 1 | 2;
}

/**
 * `classifier.onnx`: frames [n, C, H, W], carry [1, 576], share [1] → carryOut = carry + share·Σ features [1, 576],
 * logits [1, classes] of carryOut. With share = 1/k any number of frames runs in batches; the last logits count.
 */
export function classifierModel(weights: Weights, spec: ClassifierSpec): Uint8Array {
  const tape = new Tape();
  const { graph } = tape;
  const frames = graph.input('frames', ['n', spec.channels, spec.height, spec.width]);
  const carry = graph.input('carry', [1, POOLED_FEATURES]);
  const share = graph.input('share', [1]);
  const features = mobileNetV3Small(new InferenceLayers(graph, weights), frames, spec.stemStride);
  const part = emitBinary(graph, 'Mul', emitSum(graph, features, [0], true), share);
  const carryOut = emitBinary(graph, 'Add', carry, part);
  const logits = classifierHead(tape, new FixedParameters(graph, weights), carryOut, spec.classes, null);
  graph.output('carryOut', carryOut);
  graph.output('logits', logits);
  return writeOnnx(graph.model());
}
