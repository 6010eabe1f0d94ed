"""Independent judge of the light features (numpy, OpenCV): docs/das.md section 2 from its words.

Reads JSON from standard input: {"frames": [[...], ...], "rows": n, "columns": n, "samples": 1 or 3}, values already
modality values, null for a pixel that is not valid. Prints one object per frame.
"""

import json
import sys

import cv2
import numpy as np


def reduced(image):
    """Means of factor x factor blocks over their valid pixels; a ragged last block has fewer."""
    factor = -(-max(image.shape[:2]) // 256)
    valid = ~np.isnan(image)

    def block_sums(values):
        rows = np.add.reduceat(values, np.arange(0, values.shape[0], factor), axis=0)
        return np.add.reduceat(rows, np.arange(0, values.shape[1], factor), axis=1)

    counts = block_sums(valid.astype(np.float64))
    return np.where(counts > 0, block_sums(np.where(valid, image, 0)) / np.maximum(counts, 1), np.nan)


def describe(image):
    plane = reduced(image)
    mean = np.nanmean(plane)
    filled = np.where(np.isnan(plane), mean, plane)
    grey = filled if filled.ndim == 2 else filled @ [0.299, 0.587, 0.114]
    sobel = np.hypot(cv2.Sobel(grey, cv2.CV_64F, 1, 0), cv2.Sobel(grey, cv2.CV_64F, 0, 1))
    laplacian = cv2.Laplacian(grey, cv2.CV_64F)
    values = {
        "mean": mean,
        "variance": np.nanvar(plane),
        "sobelMean": sobel.mean(),
        "sobelVariance": sobel.var(),
        "laplacianMean": np.abs(laplacian).mean(),
        "laplacianVariance": laplacian.var(),
    }
    return filled, values


task = json.load(sys.stdin)
shape = (task["rows"], task["columns"]) + ((3,) if task["samples"] == 3 else ())
images = [np.array(frame, dtype=np.float64).reshape(shape) for frame in task["frames"]]
described = [describe(image) for image in images]
planes = [plane for plane, _ in described]
for index, (plane, values) in enumerate(described):
    before = planes[index - 1] if index > 0 else None
    after = planes[index + 1] if index + 1 < len(planes) else None
    if before is not None and after is not None:
        values["changePrev"] = np.var(plane - before)
        values["changeNext"] = np.var(plane - after)
        values["curvature"] = np.var(before - 2 * plane + after)
print(json.dumps([{name: float(value) for name, value in values.items()} for _, values in described]))
