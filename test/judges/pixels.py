"""Reference pixels by pydicom, GDCM, Pillow and nibabel: the stored values that Keyslice must give.

Reads a JSON list of paths on stdin and an output folder as argument. For each path that can be decoded it writes
all frames as little-endian bytes, C order, and prints {path: {"file", "dtype", "shape"}}, shape (frames, rows,
columns[, 3]); for the others {path: {"error"}}.
"""
import io
import json
import os
import sys
import warnings

import nibabel
import numpy as np
import pydicom
from PIL import Image
from pydicom import config
from pydicom.encaps import generate_pixel_data_frame
from pydicom.pixel_data_handlers import gdcm_handler, numpy_handler, rle_handler
from pydicom.pixel_data_handlers.util import apply_color_lut, convert_color_space

warnings.simplefilter("ignore")
config.pixel_data_handlers = [numpy_handler, rle_handler, gdcm_handler]
JPEG_DCT = {"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"}


def stored_bits(dataset, values, signed):
    """The bits from HighBit downwards, sign extended (PS3.5 8.1.1); pydicom leaves all allocated bits in."""
    if values.dtype.kind == "f" or dataset.BitsAllocated == 1 or dataset.BitsStored == dataset.BitsAllocated:
        return values
    wide = values.astype(np.int64) >> (dataset.HighBit + 1 - dataset.BitsStored)
    wide &= (1 << dataset.BitsStored) - 1
    if signed:
        wide = np.where(wide >= 1 << (dataset.BitsStored - 1), wide - (1 << dataset.BitsStored), wide)
    return wide.astype(values.dtype)


def dicom_frames(path):
    dataset = pydicom.dcmread(path, force=True)
    count = int(dataset.get("NumberOfFrames", 1) or 1)
    if dataset.SamplesPerPixel == 3 and dataset.file_meta.TransferSyntaxUID in JPEG_DCT:
        # libjpeg's own choice of colour space, which follows the marking of the stream.
        frames = generate_pixel_data_frame(dataset.PixelData, count)
        return np.stack([np.asarray(Image.open(io.BytesIO(frame)).convert("RGB")) for frame in frames])
    # pydicom changes the element while it decodes JPEG 2000.
    signed = dataset.get("PixelRepresentation", 0) == 1
    values = dataset.pixel_array
    shape = (count, dataset.Rows, dataset.Columns) + ((3,) if dataset.SamplesPerPixel == 3 else ())
    values = values.reshape(shape)
    photometric = dataset.PhotometricInterpretation
    if photometric == "PALETTE COLOR":
        colors = apply_color_lut(values, dataset)
        return (colors >> 8).astype(np.uint8) if colors.dtype == np.uint16 else colors
    if photometric.startswith("YBR_FULL"):
        return convert_color_space(values, "YBR_FULL", "RGB")
    return values if dataset.SamplesPerPixel == 3 else stored_bits(dataset, values, signed)


def nifti_frames(path):
    """The stored third and higher dimensions, in their order, as frames; rows are the second dimension."""
    values = np.asarray(nibabel.load(path).dataobj.get_unscaled())
    if values.dtype.fields:
        values = np.stack([values[name] for name in ("R", "G", "B")], axis=-1)
        values = np.moveaxis(values, -1, 0)
        planes = values.reshape((3,) + values.shape[1:3] + (-1,), order="F")
        return planes.transpose(3, 2, 1, 0)
    planes = values.reshape(values.shape[:2] + (-1,), order="F")
    if planes.dtype.kind == "c":
        planes = np.abs(planes)
    if planes.dtype in (np.int64, np.uint64):
        planes = planes.astype(np.float64)
    return planes.transpose(2, 1, 0)


def main():
    folder = sys.argv[1]
    result = {}
    for index, path in enumerate(json.load(sys.stdin)):
        try:
            nifti = path.endswith((".nii", ".nii.gz", ".hdr", ".hdr.gz", ".img", ".img.gz"))
            frames = nifti_frames(path) if nifti else dicom_frames(path)
            native = np.ascontiguousarray(frames, dtype=frames.dtype.newbyteorder("<"))
            file = os.path.join(folder, f"{index}.raw")
            native.tofile(file)
            result[path] = {"file": file, "dtype": native.dtype.name, "shape": native.shape}
        except Exception as error:  # a judge that cannot read a file says so; the test decides what that means
            result[path] = {"error": f"{type(error).__name__}: {error}"[:300]}
    json.dump(result, sys.stdout)


main()
