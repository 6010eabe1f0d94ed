"""The peer of bench/features.ts: the same features of the same frames with OpenCV. Arguments: FILE FRAMES SIZE."""

import json
import sys
import time

import cv2
import numpy as np

path, frames, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
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


best = float("inf")
for _ in range(5):
    started = time.process_time()
    rows = features()
    best = min(best, 1e3 * (time.process_time() - started))
print(json.dumps({"ms": best, "opencv": cv2.__version__, "rows": rows}))
