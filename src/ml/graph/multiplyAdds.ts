import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor } from './onnxModel.ts';
import { broadcastShape, staticShape } from './shape.ts';

type Dims = readonly number[];

interface NodeInputs {
  readonly dims: readonly Dims[];
  /** Numbers of an input that is a constant list of integers (axes, a shape); null for any other. */
  readonly list: (index: number) => readonly number[] | null;
}

/** The shape of a node's first output; null where the operator is not known here. */
type ShapeRule = (inputs: NodeInputs, node: OnnxNode) => Dims | null;

/**
 * Multiply-adds of one run: those of convolutions and matrix products, as counted for networks everywhere; elementwise
 * work, poolings and biases are left out.
 * @param inputDims shape of every input by name
 * @returns null when the graph has an operator whose shape is not known here
 */
export function countMultiplyAdds(
  model: OnnxModel,
  inputDims: Readonly<Record<string, Dims>>,
): number | null {
  const shapes = new Map<string, Dims>(Object.entries(inputDims));
  const constants = new Map<string, OnnxTensor>(model.initializers.map((tensor) => [tensor.name, tensor]));
  for (const { name, dims } of model.initializers) shapes.set(name, dims);
  let total = 0;
  for (const node of model.nodes) {
    const dims = node.inputs.map((name) => shapes.get(name) ?? []);
    const list = (index: number): readonly number[] | null =>
      integers(constants.get(node.inputs[index] ?? ''));
    const shape = RULES[node.opType]?.({ dims, list }, node) ?? null;
    const [output] = node.outputs;
    if (shape === null || output === undefined) return null;
    shapes.set(output, shape);
    total += work(node, dims, shape);
  }
  return total;
}

function work(node: OnnxNode, [a = [], b = []]: readonly Dims[], shape: Dims): number {
  if (node.opType === 'Conv') return product(shape) * product(b.slice(1));
  if (node.opType === 'MatMul') return product(shape) * (a.at(-1) ?? 1);
  if (node.opType === 'Gemm')
    return product(shape) * (whole(node.attributes['transA'], 0) === 1 ? a[0]! : a[1]!);
  return 0;
}

const same: ShapeRule = ({ dims }) => dims[0] ?? null;
const elementwise: ShapeRule = ({ dims }) =>
  dims.reduce<Dims>((shape, other) => staticShape(broadcastShape(shape, other)), []);

const reduce: ShapeRule = ({ dims: [input = []], list }, { attributes }) => {
  const listed = list(1) ?? (attributes['axes']?.kind === 'ints' ? attributes['axes'].value : null);
  const axes = (listed ?? input.map((_, axis) => axis)).map((axis) =>
    axis < 0 ? axis + input.length : axis,
  );
  return whole(attributes['keepdims'], 1) === 1
    ? input.map((length, axis) => (axes.includes(axis) ? 1 : length))
    : input.filter((_, axis) => !axes.includes(axis));
};

const RULES: Readonly<Record<string, ShapeRule>> = {
  ...all(
    [
      'Abs',
      'Cast',
      'Clip',
      'Cos',
      'Elu',
      'Erf',
      'Exp',
      'Floor',
      'HardSigmoid',
      'HardSwish',
      'Identity',
      'LeakyRelu',
    ],
    same,
  ),
  ...all(
    ['Log', 'LogSoftmax', 'Neg', 'Reciprocal', 'Relu', 'Sigmoid', 'Softmax', 'Softplus', 'Sqrt', 'Tanh'],
    same,
  ),
  ...all(['Add', 'Div', 'Equal', 'Greater', 'Less', 'Max', 'Min', 'Mul', 'Pow', 'Sub', 'Where'], elementwise),
  ...all(['ReduceMax', 'ReduceMean', 'ReduceMin', 'ReduceSum', 'ReduceSumSquare'], reduce),
  Conv: ({ dims: [x = [], w = []] }, { attributes }) => {
    const kernel = w.slice(2);
    const strides = numbers(attributes['strides']) ?? kernel.map(() => 1);
    const pads = numbers(attributes['pads']) ?? kernel.flatMap(() => [0, 0]);
    const sides = kernel.map((size, i) => {
      const room = x[i + 2]! + pads[i]! + pads[i + kernel.length]! - size;
      return Math.floor(room / strides[i]!) + 1;
    });
    return [x[0] ?? 1, w[0] ?? 1, ...sides];
  },
  MatMul: ({ dims: [a = [], b = []] }) => [
    ...staticShape(broadcastShape(a.slice(0, -2), b.slice(0, -2))),
    a.at(-2) ?? 1,
    b.at(-1) ?? 1,
  ],
  Gemm: ({ dims: [a = [], b = []] }, { attributes }) => [
    a[whole(attributes['transA'], 0) === 1 ? 1 : 0] ?? 1,
    b[whole(attributes['transB'], 0) === 1 ? 0 : 1] ?? 1,
  ],
  GlobalAveragePool: ({ dims: [x = []] }) => x.map((length, axis) => (axis < 2 ? length : 1)),
  Flatten: ({ dims: [x = []] }, { attributes }) => {
    const axis = whole(attributes['axis'], 1);
    return [product(x.slice(0, axis)), product(x.slice(axis))];
  },
  Reshape: ({ dims: [x = []], list }) => {
    const wanted = list(1);
    if (wanted === null) return null;
    const kept = wanted.map((length, axis) => (length === 0 ? x[axis]! : length));
    const known = product(kept.filter((length) => length > 0));
    return kept.map((length) => (length < 0 ? product(x) / known : length));
  },
  Squeeze: ({ dims: [x = []], list }) => {
    const axes = list(1)?.map((axis) => (axis < 0 ? axis + x.length : axis));
    return x.filter((length, axis) => (axes === undefined ? length !== 1 : !axes.includes(axis)));
  },
  Unsqueeze: ({ dims: [x = []], list }) => {
    const listed = list(1);
    if (listed === null) return null;
    const rank = x.length + listed.length;
    const axes = listed.map((axis) => (axis < 0 ? axis + rank : axis));
    const rest = x.values();
    return Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (rest.next().value ?? 1)));
  },
  Transpose: ({ dims: [x = []] }, { attributes }) =>
    (numbers(attributes['perm']) ?? x.map((_, axis) => x.length - 1 - axis)).map((axis) => x[axis]!),
  Concat: ({ dims }, { attributes }) => {
    const [first = []] = dims;
    const named = whole(attributes['axis'], 0);
    const joined = named < 0 ? named + first.length : named;
    return first.map((length, axis) =>
      axis === joined ? dims.reduce((sum, one) => sum + one[axis]!, 0) : length,
    );
  },
};

function all(names: readonly string[], rule: ShapeRule): Record<string, ShapeRule> {
  return Object.fromEntries(names.map((name) => [name, rule]));
}

function product(dims: Dims): number {
  return dims.reduce((total, length) => total * length, 1);
}

function whole(attribute: OnnxAttribute | undefined, otherwise: number): number {
  return attribute?.kind === 'int' ? attribute.value : otherwise;
}

function numbers(attribute: OnnxAttribute | undefined): readonly number[] | null {
  return attribute?.kind === 'ints' ? attribute.value : null;
}

function integers(tensor: OnnxTensor | undefined): readonly number[] | null {
  return tensor?.data instanceof BigInt64Array ? Array.from(tensor.data, Number) : null;
}
