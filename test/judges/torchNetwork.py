"""The training step of docs/das.md in PyTorch, written from the paper's tables and not from our graphs."""

import json
import struct

import numpy as np
import torch
import torch.nn.functional as F

# kernel, expanded, out, squeeze and excitation, activation, stride (Howard et al. 2019, table 2)
BLOCKS = [
    (3, 16, 16, True, "relu", 2),
    (3, 72, 24, False, "relu", 2),
    (3, 88, 24, False, "relu", 1),
    (5, 96, 40, True, "hswish", 2),
    (5, 240, 40, True, "hswish", 1),
    (5, 240, 40, True, "hswish", 1),
    (5, 120, 48, True, "hswish", 1),
    (5, 144, 48, True, "hswish", 1),
    (5, 288, 96, True, "hswish", 2),
    (5, 576, 96, True, "hswish", 1),
    (5, 576, 96, True, "hswish", 1),
]
ACTIVATIONS = {"relu": F.relu, "hswish": F.hardswish, None: lambda x: x}


def read_tensors(path):
    """Named float32 arrays: header length, JSON header [[name, count]], numbers."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<I", file.read(4))
        header = json.loads(file.read(length))
        return {name: np.fromfile(file, dtype="<f4", count=count) for name, count in header}


def normalized(weights, name, x):
    return F.batch_norm(x, None, None, weights[name + "/gamma"], weights[name + "/beta"], True, 0.0, 1e-3)


def convolution(weights, name, x, activation, stride=1, groups=1):
    kernel = weights[name + "/weight"]
    if kernel.dim() == 2:
        kernel = kernel[:, :, None, None]
    y = F.conv2d(x, kernel, None, stride, (kernel.shape[-1] - 1) // 2, 1, groups)
    return ACTIVATIONS[activation](normalized(weights, name, y))


def squeeze_excite(weights, name, x):
    q = x.mean((2, 3))
    q = F.relu(F.linear(q, weights[name + "/reduce/weight"], weights[name + "/reduce/bias"]))
    q = F.hardsigmoid(F.linear(q, weights[name + "/expand/weight"], weights[name + "/expand/bias"]))
    return x * q[:, :, None, None]


def mobilenet(weights, x, stem_stride):
    x = convolution(weights, "stem", x, "hswish", stem_stride)
    for i, (kernel, expanded, out, squeeze, activation, stride) in enumerate(BLOCKS):
        name = "block%d" % (i + 1)
        y = x if expanded == x.shape[1] else convolution(weights, name + "/expand", x, activation)
        y = convolution(weights, name + "/depthwise", y, activation, stride, expanded)
        if squeeze:
            y = squeeze_excite(weights, name + "/squeeze", y)
        y = convolution(weights, name + "/project", y, None)
        x = y + x if stride == 1 and out == x.shape[1] else y
    return convolution(weights, "last", x, "hswish").mean((2, 3))


def dense(weights, name, x):
    return x @ weights[name + "/weight"] + weights[name + "/bias"]


def sampler(weights, inputs, slots, heads, tau0):
    residual = dense(weights, "base/score", F.hardswish(dense(weights, "base/hidden", inputs["perFrame"])))
    raw = inputs["anchor"][:, 0] + residual[:, :, 0]
    centered = raw - raw.mean(1, keepdim=True)
    base = centered / torch.sqrt((centered**2).mean(1, keepdim=True) + 1e-6)
    codes = (torch.arange(slots, dtype=base.dtype) + 0.5) / slots
    scales = 0
    for n in range(heads):
        name = "head%d" % (n + 1)
        hidden = dense(weights, name + "/context", inputs["pooled"]) + codes[:, None] * weights[name + "/slot/weight"]
        scales = scales + F.softplus(dense(weights, name + "/scale", F.hardswish(hidden))) + 0.01
    logits = (scales / heads) * base[:, None, :]
    hidden = F.hardswish(dense(weights, "temperature/hidden", inputs["pooled"]))
    temperature = tau0 * (0.5 + torch.sigmoid(dense(weights, "temperature/value", hidden)))
    return logits, temperature


def straight_through(logits, temperature):
    batch, slots, frames = logits.shape
    taken = torch.zeros(batch, frames, dtype=torch.bool)
    rows = []
    for slot in range(slots):
        masked = logits[:, slot].masked_fill(taken, -1e9)
        soft = (masked / temperature[:, 0]).softmax(-1)
        hard = F.one_hot(masked.argmax(-1), frames)
        taken = taken | hard.bool()
        rows.append(hard.to(soft.dtype) + soft - soft.detach())
    return torch.stack(rows, 1)


def step_loss(weights, inputs, shape):
    logits, temperature = sampler(weights, inputs, shape["slots"], shape["heads"], shape["tau0"])
    choice = straight_through(logits + inputs["noise"], temperature)
    images = (choice @ inputs["frames"]).reshape(-1, 1, shape["height"], shape["width"])
    features = mobilenet(weights, images, shape["stemStride"])
    pooled = features.reshape(shape["batch"], shape["slots"], -1).mean(1)
    hidden = F.hardswish(dense(weights, "head/hidden", pooled)) * inputs["dropout"]
    scores = dense(weights, "head/classes", hidden)
    return -(inputs["labels"] * scores.log_softmax(-1)).sum() / shape["batch"]
