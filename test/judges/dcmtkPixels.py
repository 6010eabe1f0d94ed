"""Stored values of compressed DICOM files by DCMTK's dcmdjpeg: a second judge where pydicom has no decoder.

Reads a JSON list of paths on stdin; prints {path: {"shape", "values": base64 of little-endian uint16}}.
"""
import base64
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import pydicom


def values(path, folder):
    plain = os.path.join(folder, "plain.dcm")
    subprocess.run(["dcmdjpeg", path, plain], check=True, capture_output=True)
    return pydicom.dcmread(plain).pixel_array


def main():
    result = {}
    with tempfile.TemporaryDirectory() as folder:
        for path in json.load(sys.stdin):
            pixels = np.ascontiguousarray(values(path, folder), dtype="<u2")
            result[path] = {"shape": pixels.shape, "values": base64.b64encode(pixels.tobytes()).decode()}
    json.dump(result, sys.stdout)


main()
