"""Times one training step in PyTorch, single precision, one thread: forward, backward, Adam."""

import json
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "test", "judges"))

import torch  # noqa: E402

from torchNetwork import read_tensors, step_loss  # noqa: E402

question = json.load(sys.stdin)
torch.set_num_threads(1)
tensors = read_tensors(question["file"])
weights = {
    name: torch.tensor(tensors["weight:" + name].reshape(shape)).requires_grad_(True)
    for name, shape in question["weights"].items()
}
inputs = {
    name: torch.tensor(tensors["input:" + name].reshape(shape)) for name, shape in question["inputs"].items()
}
optimizer = torch.optim.Adam(list(weights.values()), lr=1e-3)
times = []
for _ in range(question["steps"]):
    started = time.perf_counter()
    optimizer.zero_grad()
    loss = step_loss(weights, inputs, question["shape"])
    loss.backward()
    optimizer.step()
    times.append(1000 * (time.perf_counter() - started))
print(json.dumps({"version": torch.__version__, "ms": times}))
