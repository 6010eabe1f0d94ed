"""Independent judge of selections (numpy): rebuild error from its definition, optimum by plain dynamic programming.

Reads JSON from standard input: {"thumbnails": [[...], ...], "k": n, "selections": [[...], ...]}; prints
{"errors": [...], "optimal": error}, as shares of the series' variance.
"""

import json
import sys

import numpy as np


def rebuild(frames, kept):
    """Linear between kept frames, constant beyond the ends."""
    place = np.interp(np.arange(len(frames)), kept, np.arange(len(kept)))
    before = np.floor(place).astype(int)
    share = (place - before)[:, None]
    after = np.minimum(before + 1, len(kept) - 1)
    return (1 - share) * frames[kept[before]] + share * frames[kept[after]]


def squared_error(frames, kept):
    return float(((frames - rebuild(frames, kept)) ** 2).sum())


def least_error(frames, k):
    count = len(frames)
    between = np.zeros((count, count))
    head = np.zeros(count)
    tail = np.zeros(count)
    for i in range(count):
        head[i] = ((frames[:i] - frames[i]) ** 2).sum()
        tail[i] = ((frames[i + 1 :] - frames[i]) ** 2).sum()
        for j in range(i + 1, count):
            part = frames[i : j + 1]
            between[i, j] = squared_error(part, np.array([0, j - i]))
    best = head
    for _ in range(k - 1):
        candidates = best[:, None] + between
        candidates[np.tril_indices(count)] = np.inf
        best = candidates.min(0)
    return float((best + tail).min())


task = json.load(sys.stdin)
thumbnails = np.array(task["thumbnails"], dtype=np.float64)
total = float(((thumbnails - thumbnails.mean(0)) ** 2).sum())
errors = [squared_error(thumbnails, np.array(kept)) / total for kept in task["selections"]]
print(json.dumps({"errors": errors, "optimal": least_error(thumbnails, task["k"]) / total}))
