"""The peers of bench/features.ts: the same features of the same frames. Arguments: FILE FRAMES SIZE THREADS."""

import json
import sys
import time

import cv2
import numpy as np

path = sys.argv[1]
frames, size, threads = map(int, sys.argv[2:])
volume = np.fromfile(path, np.int16).reshape(frames, size, size)
factor = -(-size // 256)
cv2.setNumThreads(1)


def features():
    rows = []
    before = beyond = None
    for frame in volume:
        plane = cv2.resize(frame.astype(np.float32), (size // factor, size // factor), interpolation=cv2.INTER_AREA)
        cv2.resize(frame, (32, 32), interpolation=cv2.INTER_AREA)
        mean, deviation = cv2.meanStdDev(plane)
        gx = cv2.Sobel(plane, cv2.CV_32F, 1, 0)
        gy = cv2.Sobel(plane, cv2.CV_32F, 0, 1)
        sobel_mean, sobel_deviation = cv2.meanStdDev(cv2.magnitude(gx, gy))
        laplacian = cv2.Laplacian(plane, cv2.CV_32F)
        _, laplacian_deviation = cv2.meanStdDev(laplacian)
        laplacian_mean = cv2.norm(laplacian, cv2.NORM_L1) / laplacian.size
        change = curvature = 0.0
        if before is not None:
            difference = cv2.subtract(plane, before)
            change = cv2.meanStdDev(difference)[1][0, 0] ** 2
            if beyond is not None:
                curvature = cv2.meanStdDev(cv2.subtract(difference, beyond))[1][0, 0] ** 2
            beyond = difference
        before = plane
        rows.append([mean[0, 0], deviation[0, 0] ** 2, sobel_mean[0, 0], sobel_deviation[0, 0] ** 2,
                     laplacian_mean, laplacian_deviation[0, 0] ** 2, change, curvature])
    return rows


def scipy_features(ndimage, frames):
    """Of scipy, which has no other way to reduce: block means by numpy."""
    before = beyond = None
    for frame in frames:
        side = size // factor
        plane = frame.astype(np.float32).reshape(side, factor, side, factor).mean((1, 3))
        frame.reshape(32, size // 32, 32, size // 32).mean((1, 3))
        plane.mean(), plane.var()
        edges = np.hypot(ndimage.sobel(plane, 0, mode="mirror"), ndimage.sobel(plane, 1, mode="mirror"))
        edges.mean(), edges.var()
        laplacian = ndimage.laplace(plane, mode="mirror")
        np.abs(laplacian).mean(), laplacian.var()
        if before is not None:
            difference = plane - before
            difference.var()
            if beyond is not None:
                (difference - beyond).var()
            beyond = difference
        before = plane


def best_of(repeats, clock, work):
    best = float("inf")
    for _ in range(repeats):
        started = clock()
        result = work()
        best = min(best, 1e3 * (clock() - started))
    return best, result


SCIPY_FRAMES = 30

ms, rows = best_of(5, time.process_time, features)
cv2.setNumThreads(threads)
cores_ms, _ = best_of(5, time.perf_counter, features)
try:
    from scipy import ndimage

    part, _ = best_of(3, time.process_time, lambda: scipy_features(ndimage, volume[:SCIPY_FRAMES]))
    scipy_ms = part * frames / SCIPY_FRAMES
except ImportError:
    scipy_ms = None
print(json.dumps({"ms": ms, "coresMs": cores_ms, "scipyMs": scipy_ms, "opencv": cv2.__version__, "rows": rows}))
