import { ADPS_FILE, type Card, CLASSIFIER_FILE, POOLED_COUNT, SAMPLER_FILE } from '../../contract/card.ts';
import { FEATURE_COUNT, THUMBNAIL_SIZE } from '../../contract/sampling.ts';
import { ONNX_IR_VERSION, ONNX_OPSET, type OnnxModel, type OnnxValueInfo } from '../graph/onnxModel.ts';
import { readOnnx } from '../graph/readOnnx.ts';
import { showShape } from '../graph/shape.ts';
import { ADPS_STATE } from '../networks/adpsSampler.ts';
import { POOLED_FEATURES } from '../networks/mobileNetV3Small.ts';
import { PLACE_COUNT, SEEN_COUNT } from '../samplers/adpsInputs.ts';
import { GAP_COUNT } from '../samplers/gapFeatures.ts';
import { THUMBNAIL_CHANNELS } from '../samplers/thumbnailInputs.ts';
import { invalidPackage, type ModelPackage } from './modelPackage.ts';

/**
 * Columns of a frame's context: its own features and those of both neighbours; u and u(1 − u) with position; then those
 * that follow the gap.
 */
export function contextWidth({ position, gaps }: Pick<Card['sampler'], 'position' | 'gaps'>): number {
  return 3 * FEATURE_COUNT + (position ? 2 : 0) + (gaps === true ? GAP_COUNT : 0);
}

/** Null: a length that is known only when the graph runs. */
type Axes = readonly (number | null)[];
type Signature = Readonly<Record<string, Axes>>;

const ADPS_INPUTS: Signature = {
  seen: [null, SEEN_COUNT],
  places: [null, PLACE_COUNT],
  share: [1, null],
  hidden: [1, ADPS_STATE],
  cell: [1, ADPS_STATE],
};
const ADPS_OUTPUTS: Signature = { logits: [null], hiddenOut: [1, ADPS_STATE], cellOut: [1, ADPS_STATE] };

/**
 * Checks operator set, names, types and shapes of the graphs against what the card promises.
 * @throws KeysliceError PACKAGE_INVALID
 */
export function checkGraphs(
  card: Card,
  { sampler, classifier, adps }: Pick<ModelPackage, 'sampler' | 'classifier' | 'adps'>,
): void {
  checkGraph(card.id, SAMPLER_FILE, sampler, samplerInputs(card.sampler), {
    base: [null],
    logits: [null, null],
    temperature: [1],
  });
  if (adps !== null) checkGraph(card.id, ADPS_FILE, adps, ADPS_INPUTS, ADPS_OUTPUTS);
  if (classifier === null || card.input.size === null) return;
  checkGraph(
    card.id,
    CLASSIFIER_FILE,
    classifier,
    { frames: [null, card.input.channels, ...card.input.size], carry: [1, POOLED_FEATURES], share: [1] },
    { carryOut: [1, POOLED_FEATURES], logits: [1, card.labels.length] },
  );
}

function samplerInputs(sampler: Card['sampler']): Signature {
  const { features } = sampler;
  const handcrafted = { perFrame: [null, contextWidth(sampler)] };
  const learned = { thumbnails: [null, THUMBNAIL_CHANNELS, THUMBNAIL_SIZE, THUMBNAIL_SIZE] };
  return {
    ...(features === 'learned' ? {} : handcrafted),
    ...(features === 'handcrafted' ? {} : learned),
    pooled: [1, POOLED_COUNT],
    anchor: [null],
    slots: [null, 1],
  };
}

function checkGraph(
  id: string,
  file: string,
  bytes: Uint8Array,
  inputs: Signature,
  outputs: Signature,
): void {
  const model = readOnnx(bytes, id);
  if (model.opset !== ONNX_OPSET || model.irVersion !== ONNX_IR_VERSION) {
    const found = `operator set ${model.opset} and IR ${model.irVersion}`;
    throw invalidPackage(id, `${file} has ${found}, not ${ONNX_OPSET} and ${ONNX_IR_VERSION}`);
  }
  const foreign = model.nodes.find((node) => node.domain !== '');
  if (foreign !== undefined) throw invalidPackage(id, `${file} uses operators of ${foreign.domain}`);
  checkValues(id, `${file}: input`, graphInputs(model), inputs);
  checkValues(id, `${file}: output`, model.outputs, outputs);
}

/** Up to IR 3 initialisers were inputs too; they may still be. */
function graphInputs(model: OnnxModel): readonly OnnxValueInfo[] {
  const constants = new Set(model.initializers.map(({ name }) => name));
  return model.inputs.filter(({ name }) => !constants.has(name));
}

function checkValues(id: string, what: string, found: readonly OnnxValueInfo[], wanted: Signature): void {
  const names = Object.keys(wanted);
  if (found.length !== names.length || found.some(({ name }) => !(name in wanted))) {
    const given = found.map(({ name }) => name).join(', ');
    throw invalidPackage(id, `${what}s are ${given} instead of ${names.join(', ')}`);
  }
  for (const { name, type, shape } of found) {
    const axes = wanted[name] ?? [];
    const fits =
      shape.length === axes.length &&
      shape.every((dim, axis) => (axes[axis] === null ? typeof dim === 'string' : dim === axes[axis]));
    if (type !== 'float32' || !fits)
      throw invalidPackage(id, `${what} ${name} is ${type} ${showShape(shape)}`);
  }
}
