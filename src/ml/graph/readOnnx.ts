/**
 * Decodes a ModelProto (onnx.proto, IR version 8 and below) to plain data: for checking a package before an engine
 * sees it, and for engines that interpret the graph themselves.
 */
import { KeysliceError } from '../../contract/errors.ts';
import type {
  OnnxAttribute,
  OnnxAttributes,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxType,
  OnnxValueInfo,
} from './onnxModel.ts';
import {
  type ProtobufField,
  bytes,
  floats,
  integer,
  readFields,
  signed,
  text,
  varints,
} from './protobufReader.ts';
import type { Dim } from './shape.ts';

/**
 * @param bytes the file, whole.
 * @param id names the package in errors.
 * @throws KeysliceError PACKAGE_INVALID on malformed bytes, external data, subgraphs or unknown element types.
 */
export function readOnnx(file: Uint8Array, id = 'onnx'): OnnxModel {
  try {
    return readModel(file);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    throw new KeysliceError('PACKAGE_INVALID', { id, reason: `ONNX: ${error.message}` }, { cause: error });
  }
}

function readModel(file: Uint8Array): OnnxModel {
  let irVersion = 0;
  let opset = 0;
  let producer = '';
  let graph: Uint8Array | null = null;
  for (const field of readFields(file)) {
    if (field.number === 1) irVersion = integer(field);
    else if (field.number === 2) producer = text(field);
    else if (field.number === 7) graph = bytes(field);
    else if (field.number === 8) opset = Math.max(opset, standardOpset(bytes(field)));
  }
  if (graph === null) throw new RangeError('there is no graph');
  return { irVersion, opset, producer, ...readGraph(graph) };
}

function standardOpset(message: Uint8Array): number {
  let domain = '';
  let version = 0;
  for (const field of readFields(message)) {
    if (field.number === 1) domain = text(field);
    else if (field.number === 2) version = integer(field);
  }
  return domain === '' || domain === 'ai.onnx' ? version : 0;
}

function readGraph(message: Uint8Array): Pick<OnnxModel, 'nodes' | 'initializers' | 'inputs' | 'outputs'> {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const inputs: OnnxValueInfo[] = [];
  const outputs: OnnxValueInfo[] = [];
  for (const field of readFields(message)) {
    if (field.number === 1) nodes.push(readNode(bytes(field)));
    else if (field.number === 5) initializers.push(readTensor(bytes(field)));
    else if (field.number === 11) inputs.push(readValueInfo(bytes(field)));
    else if (field.number === 12) outputs.push(readValueInfo(bytes(field)));
    else if (field.number === 15) throw new RangeError('sparse initialisers are not accepted');
  }
  return { nodes, initializers, inputs, outputs };
}

function readNode(message: Uint8Array): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: Record<string, OnnxAttribute> = {};
  let name = '';
  let opType = '';
  let domain = '';
  for (const field of readFields(message)) {
    if (field.number === 1) inputs.push(text(field));
    else if (field.number === 2) outputs.push(text(field));
    else if (field.number === 3) name = text(field);
    else if (field.number === 4) opType = text(field);
    else if (field.number === 5) Object.assign(attributes, readAttribute(bytes(field)));
    else if (field.number === 7) domain = text(field);
  }
  return { name, opType, domain, inputs, outputs, attributes };
}

/** Field number of the value by AttributeProto.AttributeType. */
const VALUE_FIELD: Readonly<Record<number, number>> = { 1: 2, 2: 3, 3: 4, 4: 5, 6: 7, 7: 8 };

function readAttribute(message: Uint8Array): OnnxAttributes {
  let name = '';
  let type = 0;
  const fields: ProtobufField[] = [];
  for (const field of readFields(message)) {
    if (field.number === 1) name = text(field);
    else if (field.number === 20) type = integer(field);
    else fields.push(field);
  }
  return {
    [name]: attributeValue(
      type,
      fields.filter((field) => field.number === VALUE_FIELD[type]),
    ),
  };
}

function attributeValue(type: number, values: readonly ProtobufField[]): OnnxAttribute {
  const [first] = values;
  if (type === 6) return { kind: 'floats', value: values.flatMap(floats) };
  if (type === 7) return { kind: 'ints', value: values.flatMap(varints).map(signed) };
  if (first === undefined) throw new RangeError(`an attribute of type ${type} has no value`);
  if (type === 1) return { kind: 'float', value: floats(first)[0] ?? 0 };
  if (type === 2) return { kind: 'int', value: integer(first) };
  if (type === 3) return { kind: 'string', value: text(first) };
  return { kind: 'tensor', value: readTensor(bytes(first)) };
}

function readTensor(message: Uint8Array): OnnxTensor {
  const dims: number[] = [];
  const inline: ProtobufField[] = [];
  let type = 0;
  let name = '';
  let raw: Uint8Array | null = null;
  for (const field of readFields(message)) {
    if (field.number === 1) dims.push(...varints(field).map(signed));
    else if (field.number === 2) type = integer(field);
    else if (field.number === 8) name = text(field);
    else if (field.number === 9) raw = bytes(field);
    else if (field.number === 4 || field.number === 7) inline.push(field);
    else if (field.number === 13 || field.number === 14)
      throw new RangeError('external data is not accepted');
  }
  const data = elementsOf(elementType(type), raw, inline);
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (dims.some((dim) => dim < 0) || count !== data.length) {
    throw new RangeError(`tensor ${name} holds ${data.length} elements, its shape says ${count}`);
  }
  return { name, dims, data };
}

function elementsOf(
  type: OnnxType,
  raw: Uint8Array | null,
  inline: readonly ProtobufField[],
): Float32Array | BigInt64Array {
  if (type === 'bool') throw new RangeError('boolean tensors are not accepted');
  if (raw === null) {
    return type === 'float32'
      ? Float32Array.from(inline.flatMap(floats))
      : BigInt64Array.from(inline.flatMap(varints).map((value) => BigInt.asIntN(64, value)));
  }
  // Copied, because the bytes in the file need not lie at a multiple of the element's size. A Buffer's own slice()
  // would not copy.
  const { buffer } = Uint8Array.from(raw);
  return type === 'float32' ? new Float32Array(buffer) : new BigInt64Array(buffer);
}

function elementType(type: number): OnnxType {
  if (type === 1) return 'float32';
  if (type === 7) return 'int64';
  if (type === 9) return 'bool';
  throw new RangeError(`element type ${type} is not accepted`);
}

function readValueInfo(message: Uint8Array): OnnxValueInfo {
  let name = '';
  let tensorType: Uint8Array | null = null;
  for (const field of readFields(message)) {
    if (field.number === 1) name = text(field);
    else if (field.number === 2)
      for (const type of readFields(bytes(field))) if (type.number === 1) tensorType = bytes(type);
  }
  if (tensorType === null) throw new RangeError(`${name} is not a tensor`);
  let type: OnnxType = 'float32';
  const shape: Dim[] = [];
  for (const field of readFields(tensorType)) {
    if (field.number === 1) type = elementType(integer(field));
    else if (field.number === 2)
      for (const dim of readFields(bytes(field))) shape.push(readDim(bytes(dim), shape.length));
  }
  return { name, type, shape };
}

function readDim(message: Uint8Array, axis: number): Dim {
  for (const field of readFields(message)) {
    if (field.number === 1) return integer(field);
    if (field.number === 2) return text(field);
  }
  return `axis${axis}`;
}
