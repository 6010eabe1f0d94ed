"""What pydicom and nibabel say about headers: the judge of Keyslice's readers.

Reads {"dicom": [paths], "stacks": {name: [paths]}, "nifti": [paths]} on stdin and prints, by path or name:
- dicom: rows, columns, frames, person name, patient id; {"error"} where pydicom or the pixel module gives nothing;
- stacks: positions sorted along the normal, spacings, and the affine (column, row, slice) to LPS by numpy;
- nifti: shape, whether sform or qform places the volume, its affine in RAS mm, slope and intercept.
"""
import json
import sys
import warnings

import nibabel
import numpy as np
import pydicom

warnings.simplefilter("ignore")
MM = {"meter": 1000.0, "mm": 1.0, "micron": 0.001, "unknown": 1.0}


def dicom_header(path):
    dataset = pydicom.dcmread(path, stop_before_pixels=True, force=True)
    if "Rows" not in dataset:
        return {"error": "no rows"}
    return {
        "rows": int(dataset.Rows),
        "columns": int(dataset.Columns),
        "frames": int(dataset.get("NumberOfFrames", None) or 1),
        "name": str(dataset.get("PatientName", "")),
        "id": str(dataset.get("PatientID", None) or ""),
    }


def stack(paths):
    slices = [pydicom.dcmread(path, stop_before_pixels=True) for path in paths]
    row, column = np.array(slices[0].ImageOrientationPatient, float).reshape(2, 3)
    normal = np.cross(row, column)
    slices.sort(key=lambda each: np.dot(np.array(each.ImagePositionPatient, float), normal))
    positions = np.array([each.ImagePositionPatient for each in slices], float)
    down, across = map(float, slices[0].PixelSpacing)
    affine = np.eye(4)
    affine[:3, 0] = row * across
    affine[:3, 1] = column * down
    affine[:3, 2] = (positions[-1] - positions[0]) / (len(slices) - 1)
    affine[:3, 3] = positions[0]
    return {
        "instances": [each.SOPInstanceUID for each in slices],
        "steps": np.diff(positions @ normal).tolist(),
        "affine": affine.tolist(),
    }


def nifti_header(path):
    image = nibabel.load(path)
    header = image.header
    scale = np.diag([MM[header.get_xyzt_units()[0]]] * 3 + [1.0])
    return {
        "shape": list(image.shape),
        "placed": bool(header["sform_code"] > 0 or header["qform_code"] > 0),
        "affine": (scale @ image.affine).tolist(),
        # The header of a loaded image no longer has them.
        "slope": float(image.dataobj.slope),
        "intercept": float(image.dataobj.inter),
    }


def attempt(read, argument):
    try:
        return read(argument)
    except Exception as error:  # the judge's own refusal is an answer
        return {"error": f"{type(error).__name__}: {error}"}


question = json.load(sys.stdin)
json.dump(
    {
        "dicom": {path: attempt(dicom_header, path) for path in question.get("dicom", [])},
        "stacks": {name: attempt(stack, paths) for name, paths in question.get("stacks", {}).items()},
        "nifti": {path: attempt(nifti_header, path) for path in question.get("nifti", [])},
    },
    sys.stdout,
)
