/**
 * Encodes a model as ModelProto. Field numbers are those of onnx.proto (IR version 8); initialisers are raw
 * little-endian bytes, external data is never used.
 */
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxType, OnnxValueInfo } from './onnxModel.ts';
import { ProtobufWriter } from './protobufWriter.ts';

/** TensorProto.DataType. */
const DATA_TYPE: Readonly<Record<OnnxType, number>> = { float32: 1, int64: 7, bool: 9 };
/** AttributeProto.AttributeType. */
const ATTRIBUTE_TYPE: Readonly<Record<OnnxAttribute['kind'], number>> = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  floats: 6,
  ints: 7,
};

export function writeOnnx(model: OnnxModel): Uint8Array {
  const graph = new ProtobufWriter();
  for (const node of model.nodes) graph.message(1, nodeProto(node));
  graph.text(2, 'graph');
  for (const tensor of model.initializers) graph.message(5, tensorProto(tensor));
  for (const input of model.inputs) graph.message(11, valueInfoProto(input));
  for (const output of model.outputs) graph.message(12, valueInfoProto(output));
  return new ProtobufWriter()
    .varint(1, model.irVersion)
    .text(2, model.producer)
    .message(7, graph)
    .message(8, new ProtobufWriter().text(1, '').varint(2, model.opset))
    .finish();
}

function nodeProto(node: OnnxNode): ProtobufWriter {
  const proto = new ProtobufWriter();
  for (const input of node.inputs) proto.text(1, input);
  for (const output of node.outputs) proto.text(2, output);
  proto.text(3, node.name).text(4, node.opType);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    proto.message(5, attributeProto(name, attribute));
  }
  return node.domain === '' ? proto : proto.text(7, node.domain);
}

function attributeProto(name: string, attribute: OnnxAttribute): ProtobufWriter {
  const proto = new ProtobufWriter().text(1, name);
  if (attribute.kind === 'float') proto.float(2, attribute.value);
  else if (attribute.kind === 'int') proto.varint(3, attribute.value);
  else if (attribute.kind === 'string') proto.text(4, attribute.value);
  else if (attribute.kind === 'tensor') proto.message(5, tensorProto(attribute.value));
  else if (attribute.kind === 'floats') for (const value of attribute.value) proto.float(7, value);
  else for (const value of attribute.value) proto.varint(8, value);
  return proto.varint(20, ATTRIBUTE_TYPE[attribute.kind]);
}

function tensorProto(tensor: OnnxTensor): ProtobufWriter {
  const proto = new ProtobufWriter();
  for (const dim of tensor.dims) proto.varint(1, dim);
  const { data } = tensor;
  return proto
    .varint(2, data instanceof Float32Array ? DATA_TYPE.float32 : DATA_TYPE.int64)
    .text(8, tensor.name)
    .bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function valueInfoProto({ name, type, shape }: OnnxValueInfo): ProtobufWriter {
  const dims = new ProtobufWriter();
  for (const dim of shape) {
    const proto = new ProtobufWriter();
    dims.message(1, typeof dim === 'number' ? proto.varint(1, dim) : proto.text(2, dim));
  }
  const tensorType = new ProtobufWriter().varint(1, DATA_TYPE[type]).message(2, dims);
  return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensorType));
}
