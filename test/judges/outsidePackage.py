"""Maker of a model package outside of Keyslice (python3-onnx): both graphs, and in numpy what they must compute.

Reads JSON from standard input: {"folder": path or null, "variant": name, "perFrame": [[27 numbers], ...],
"anchor": [...], "pictures": [k pictures of 16 x 16 numbers]}. With a folder it writes sampler.onnx and classifier.onnx
there. Prints {"base": [...], "logits": [...]} in double precision.
"""

import json
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 16
POOLED = 28
FEATURES = 576
draw = np.random.RandomState(4)


def drawn(*shape):
    return draw.normal(0, 0.3, shape).astype(np.float32)


SCALARS = {"tiny": 1e-6, "half": 0.5, "sharpness": 4.0, "nothing": 0.0}
WEIGHTS = {
    "frame_weights": drawn(27, 1),
    "pool_weights": drawn(POOLED, 1),
    "kernel": drawn(9, 1, 2, 2),
    "class_weights": drawn(FEATURES, 2),
    "class_bias": drawn(2),
}


def base_scores(per_frame, anchor):
    raw = anchor + per_frame @ WEIGHTS["frame_weights"][:, 0]
    centred = raw - raw.mean()
    return centred / np.sqrt((centred**2).mean() + 1e-6)


def class_logits(pictures):
    """Nine 2 x 2 filters on each picture, means over the pictures, one linear layer."""
    blocks = pictures.reshape(-1, SIDE // 2, 2, SIDE // 2, 2).transpose(0, 1, 3, 2, 4)
    maps = np.einsum("nyxab,fab->nfyx", blocks, WEIGHTS["kernel"][:, 0])
    features = np.maximum(maps, 0).reshape(len(pictures), -1).mean(0)
    return features @ WEIGHTS["class_weights"] + WEIGHTS["class_bias"]


def value(name, *shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))


def constants(names, **integers):
    arrays = {name: WEIGHTS[name] for name in names}
    arrays.update({name: np.array(number, np.float32) for name, number in SCALARS.items()})
    arrays.update({name: np.array(numbers, np.int64) for name, numbers in integers.items()})
    return [numpy_helper.from_array(array, name) for name, array in arrays.items()]


def sampler_graph():
    node = helper.make_node
    nodes = [
        node("MatMul", ["perFrame", "frame_weights"], ["column"]),
        node("Squeeze", ["column", "last"], ["weighed"]),
        node("Add", ["anchor", "weighed"], ["raw"]),
        node("ReduceMean", ["raw"], ["mean"], axes=[0], keepdims=1),
        node("Sub", ["raw", "mean"], ["centred"]),
        node("Mul", ["centred", "centred"], ["squares"]),
        node("ReduceMean", ["squares"], ["variance"], axes=[0], keepdims=1),
        node("Add", ["variance", "tiny"], ["positive"]),
        node("Sqrt", ["positive"], ["deviation"]),
        node("Div", ["centred", "deviation"], ["base"]),
        node("Mul", ["slots", "nothing"], ["zeros"]),
        node("Add", ["zeros", "sharpness"], ["scales"]),
        node("Unsqueeze", ["base", "first"], ["row"]),
        node("MatMul", ["scales", "row"], ["logits"]),
        node("MatMul", ["pooled", "pool_weights"], ["pool"]),
        node("Sigmoid", ["pool"], ["gate"]),
        node("Add", ["gate", "half"], ["warm"]),
        node("Squeeze", ["warm", "first"], ["temperature"]),
    ]
    inputs = [value("perFrame", "T", 27), value("pooled", 1, POOLED), value("anchor", "T"), value("slots", "k", 1)]
    outputs = [value("base", "T"), value("logits", "k", "T"), value("temperature", 1)]
    kept = constants(["frame_weights", "pool_weights"], first=[0], last=[1])
    return helper.make_graph(nodes, "sampler", inputs, outputs, kept)


def classifier_graph(classes):
    node = helper.make_node
    nodes = [
        node("Conv", ["frames", "kernel"], ["maps"], kernel_shape=[2, 2], strides=[2, 2]),
        node("Relu", ["maps"], ["bright"]),
        node("Reshape", ["bright", "flat"], ["features"]),
        node("ReduceSum", ["features", "first"], ["sum"], keepdims=1),
        node("Mul", ["sum", "share"], ["part"]),
        node("Add", ["carry", "part"], ["carryOut"]),
        node("Gemm", ["carryOut", "class_weights", "class_bias"], ["logits"]),
    ]
    inputs = [value("frames", "n", 1, SIDE, SIDE), value("carry", 1, FEATURES), value("share", 1)]
    outputs = [value("carryOut", 1, FEATURES), value("logits", 1, classes)]
    kept = constants(["kernel", "class_weights", "class_bias"], first=[0], flat=[-1, FEATURES])
    return helper.make_graph(nodes, "classifier", inputs, outputs, kept)


def save(path, graph, opset, check=True, **options):
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    model.producer_name = "another program"
    model.doc_string = "made with python3-onnx"
    if check:
        onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path, **options)


def write(folder, variant):
    """As it should be, or with the fault that the variant names."""
    save(os.path.join(folder, "sampler.onnx"), sampler_graph(), 16 if variant == "opset" else 17)
    path = os.path.join(folder, "classifier.onnx")
    if variant == "external":
        elsewhere = {"save_as_external_data": True, "location": "weights.bin", "size_threshold": 0}
        save(path, classifier_graph(2), 17, **elsewhere)
    else:
        # The checker would say that the last layer gives two numbers, not three.
        wrong = variant == "shape"
        save(path, classifier_graph(3 if wrong else 2), 17, check=not wrong)


def main():
    question = json.load(sys.stdin)
    if question["folder"] is not None:
        write(question["folder"], question["variant"])
    per_frame = np.array(question["perFrame"], np.float64).reshape(len(question["anchor"]), 27)
    pictures = np.array(question["pictures"], np.float64).reshape(-1, SIDE, SIDE)
    base = base_scores(per_frame, np.array(question["anchor"], np.float64))
    print(json.dumps({"base": list(base), "logits": list(class_logits(pictures))}))


main()
