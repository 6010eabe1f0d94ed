"""Loss and gradients of one training step in double precision, beside those that our graph gave."""

import json
import sys

import numpy as np
import torch

from torchNetwork import read_tensors, step_loss

question = json.load(sys.stdin)
torch.set_num_threads(1)
tensors = read_tensors(question["file"])


def double(kind, shapes):
    return {
        name: torch.tensor(tensors[kind + ":" + name].astype(np.float64).reshape(shape))
        for name, shape in shapes.items()
    }


weights = {name: value.requires_grad_(True) for name, value in double("weight", question["weights"]).items()}
loss = step_loss(weights, double("input", question["inputs"]), question["shape"])
loss.backward()
errors = {}
for name, weight in weights.items():
    ours = tensors["gradient:" + name].astype(np.float64)
    theirs = weight.grad.numpy().ravel()
    size = np.linalg.norm(theirs)
    errors[name] = {"size": size, "error": np.linalg.norm(ours - theirs) / max(size, 1e-12)}
print(json.dumps({"loss": loss.item(), "errors": errors}))
