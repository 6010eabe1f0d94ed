"""Judges NIfTI files with nibabel and prints one JSON object per path.

stdin: [{"path": path, "slices": [zero-based slices of the source] or null}]
With slices, only those are hashed, so that source and result can be compared.
"""

import hashlib
import json
import sys

import nibabel
import numpy


def judge(request):
    image = nibabel.load(request["path"])
    stored = numpy.asanyarray(image.dataobj.get_unscaled())
    if request["slices"] is not None:
        stored = stored[:, :, request["slices"]]
    header = image.header
    affines = {"qform": image.get_qform(coded=True), "sform": image.get_sform(coded=True)}
    return {
        "shape": list(stored.shape),
        "dtype": stored.dtype.newbyteorder("=").str,
        "sha256": hashlib.sha256(stored.tobytes(order="F")).hexdigest(),
        "affine": image.affine.tolist(),
        "qform": None if affines["qform"][1] == 0 else affines["qform"][0].tolist(),
        "sform": None if affines["sform"][1] == 0 else affines["sform"][0].tolist(),
        "zooms": [float(size) for size in header.get_zooms()],
        "slope": [float(image.dataobj.slope), float(image.dataobj.inter)],
        "description": header["descrip"].tobytes().split(b"\0")[0].decode("latin1"),
        "orientation": "".join(str(code) for code in nibabel.aff2axcodes(image.affine)),
    }


print(json.dumps([judge(request) for request in json.load(sys.stdin)]))
