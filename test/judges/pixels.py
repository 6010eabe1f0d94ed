"""Reference pixels by independent decoders: the stored values and colours that Keyslice must give.

Reads a JSON list of paths on stdin and an output folder as argument, and prints {path: {judge: answer}}. An answer is
{"file", "dtype", "shape"}: all frames as little-endian bytes, C order, shape (frames, rows, columns[, 3]); or
{"error"}: the kind of failure. The judges of a DICOM file:
- pydicom: numpy for native data, its own RLE decoder, Pillow (libjpeg, OpenJPEG) for JPEG and JPEG 2000, GDCM's codecs
  for JPEG-LS and lossless JPEG;
- GDCM: its own reader;
- dcmtk: dcmdjpeg, dcmdjpls, dcmdrle, dcmconv, for the transfer syntaxes that they read, and numpy for what they write.
Of a NIfTI file: nibabel. Every judge runs in a process of its own with a bound on time and memory, because broken files
are among those asked about. With --versions it prints {judge: version} instead.
"""
import io
import json
import os
import re
import resource
import signal
import subprocess
import sys
import warnings

import gdcm
import nibabel
import numpy as np
import PIL
import pydicom
from PIL import Image
from pydicom import config
from pydicom.encaps import generate_pixel_data_frame
from pydicom.pixel_data_handlers import gdcm_handler, numpy_handler, pillow_handler, rle_handler
from pydicom.pixel_data_handlers.util import apply_color_lut, convert_color_space

warnings.simplefilter("ignore")
config.pixel_data_handlers = [numpy_handler, rle_handler, pillow_handler, gdcm_handler]
SECONDS = 120
MEMORY = 6 << 30

SYNTAX = "1.2.840.10008.1.2."
JPEG_DCT = {SYNTAX + "4.50", SYNTAX + "4.51"}
DCMTK_TOOLS = {
    **dict.fromkeys([SYNTAX + "4.50", SYNTAX + "4.51", SYNTAX + "4.57", SYNTAX + "4.70"], "dcmdjpeg"),
    **dict.fromkeys([SYNTAX + "4.80", SYNTAX + "4.81"], "dcmdjpls"),
    SYNTAX + "5": "dcmdrle",
    SYNTAX + "2": "dcmconv",
    SYNTAX + "1.99": "dcmconv",
}
NIFTI = (".nii", ".nii.gz", ".hdr", ".hdr.gz", ".img", ".img.gz")


class CannotDecode(Exception):
    """The judge says that it has no pixels for this file."""


class NotAsked(Exception):
    """The judge has no decoder for the file's transfer syntax."""


def stored_bits(values, allocated, stored, high, signed):
    """The bits from HighBit downwards, sign extended (PS3.5 8.1.1); decoders leave all allocated bits in."""
    if values.dtype.kind == "f" or allocated == 1 or stored == allocated:
        return values
    wide = values.astype(np.int64) >> (high + 1 - stored)
    wide &= (1 << stored) - 1
    if signed:
        wide = np.where(wide >= 1 << (stored - 1), wide - (1 << stored), wide)
    return wide.astype(values.dtype)


def frame_shape(dataset):
    count = int(dataset.get("NumberOfFrames", 1) or 1)
    return (count, dataset.Rows, dataset.Columns) + ((3,) if dataset.SamplesPerPixel == 3 else ())


def colored(dataset, values, photometric):
    """Palette and YBR to RGB, 16-bit palette entries by their high byte."""
    if photometric == "PALETTE COLOR":
        colors = apply_color_lut(values, dataset)
        return (colors >> 8).astype(np.uint8) if colors.dtype == np.uint16 else colors
    if photometric.startswith("YBR_FULL"):
        return convert_color_space(values, "YBR_FULL", "RGB")
    return values


def numpy_frames(dataset):
    # pydicom changes the element while it decodes JPEG 2000.
    signed = dataset.get("PixelRepresentation", 0) == 1
    values = dataset.pixel_array.reshape(frame_shape(dataset))
    if dataset.SamplesPerPixel == 3:
        return colored(dataset, values, dataset.PhotometricInterpretation)
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        return colored(dataset, values, "PALETTE COLOR")
    if dataset.BitsAllocated == 1 or values.dtype.kind == "f":
        return values
    return stored_bits(values, dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, signed)


def pydicom_frames(path, _):
    dataset = pydicom.dcmread(path, force=True)
    if dataset.SamplesPerPixel == 3 and dataset.file_meta.TransferSyntaxUID in JPEG_DCT:
        # libjpeg's own choice of colour space, which follows the marking of the stream.
        frames = generate_pixel_data_frame(dataset.PixelData, int(dataset.get("NumberOfFrames", 1) or 1))
        return np.stack([np.asarray(Image.open(io.BytesIO(frame)).convert("RGB")) for frame in frames])
    return numpy_frames(dataset)


GDCM_TYPES = {
    "UINT8": np.uint8,
    "INT8": np.int8,
    "UINT12": np.uint16,
    "INT12": np.int16,
    "UINT16": np.uint16,
    "INT16": np.int16,
    "UINT32": np.uint32,
    "INT32": np.int32,
    "FLOAT32": np.float32,
    "FLOAT64": np.float64,
}


def gdcm_frames(path, _):
    reader = gdcm.ImageReader()
    reader.SetFileName(path)
    if not reader.Read():
        raise CannotDecode
    image = reader.GetImage()
    form = image.GetPixelFormat()
    # SWIG hands bytes over as text with surrogates.
    data = image.GetBuffer().encode("utf-8", "surrogateescape")
    dataset = pydicom.dcmread(path, force=True)
    shape = frame_shape(dataset)
    if form.GetScalarTypeAsString() == "SINGLEBIT":
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
        return bits[: np.prod(shape)].reshape(shape)
    values = np.frombuffer(data, GDCM_TYPES[form.GetScalarTypeAsString()])
    photometric = str(image.GetPhotometricInterpretation()).strip()
    if form.GetSamplesPerPixel() == 3:
        if image.GetPlanarConfiguration() == 1:
            values = np.moveaxis(values.reshape((shape[0], 3) + shape[1:3]), 1, -1)
        return colored(dataset, values.reshape(shape), photometric)
    if photometric == "PALETTE COLOR":
        return colored(dataset, values.reshape(shape), photometric)
    signed = form.GetPixelRepresentation() == 1
    return stored_bits(
        values.reshape(shape), form.GetBitsAllocated(), form.GetBitsStored(), form.GetHighBit(), signed
    )


def dcmtk_frames(path, scratch):
    source = pydicom.dcmread(path, stop_before_pixels=True, force=True)
    tool = DCMTK_TOOLS.get(source.file_meta.TransferSyntaxUID)
    if tool is None:
        raise NotAsked
    command = [tool, "+te", path, scratch] if tool == "dcmconv" else [tool, path, scratch]
    try:
        if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
            raise CannotDecode
        return numpy_frames(pydicom.dcmread(scratch, force=True))
    finally:
        if os.path.exists(scratch):
            os.remove(scratch)


def nibabel_frames(path, _):
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


JUDGES = {
    "pydicom": (pydicom_frames, False),
    "GDCM": (gdcm_frames, False),
    "dcmtk": (dcmtk_frames, False),
    "nibabel": (nibabel_frames, True),
}


def answer(judge, path, file):
    try:
        frames = judge(path, file + ".dcm")
        native = np.ascontiguousarray(frames, dtype=frames.dtype.newbyteorder("<"))
        native.tofile(file)
        return {"file": file, "dtype": native.dtype.name, "shape": native.shape}
    except Exception as error:  # a judge that cannot read a file says so; the test decides what that means
        return {"error": type(error).__name__}


def answers(judge, paths, files):
    """The answers of one judge, from processes that may die, hang or eat memory: one file costs one answer."""
    said = []
    while len(said) < len(paths):
        rest = list(zip(paths, files))[len(said) :]
        lines = lines_of_child(judge, rest)
        said += [json.loads(line) for line in lines]
        if len(lines) < len(rest):
            # A library may die of what it read before: the file is asked about once more, by itself.
            again = lines_of_child(judge, rest[len(lines) :][:1])
            said.append(json.loads(again[0]) if again else {"error": "Crash"})
    return said


def lines_of_child(judge, questions):
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        for path, file in questions:
            signal.alarm(SECONDS)
            os.write(theirs, (json.dumps(answer(judge, path, file)) + "\n").encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as pipe:
        lines = pipe.read().splitlines()
    os.waitpid(child, 0)
    return lines


def dcmtk_version():
    said = subprocess.run(["dcmdump", "--version"], capture_output=True, text=True).stdout
    return re.search(r"v(\S+)", said).group(1)


def versions():
    return {
        "pydicom": f"{pydicom.__version__} (numpy {np.__version__}, Pillow {PIL.__version__})",
        "GDCM": gdcm.Version.GetVersion(),
        "dcmtk": dcmtk_version() if dcmtk_present() else None,
        "nibabel": nibabel.__version__,
    }


def dcmtk_present():
    return any(os.path.exists(os.path.join(folder, "dcmdjpeg")) for folder in os.environ["PATH"].split(":"))


def main():
    if sys.argv[1] == "--versions":
        json.dump(versions(), sys.stdout)
        return
    folder = sys.argv[1]
    paths = json.load(sys.stdin)
    result = {path: {} for path in paths}
    for name, (judge, of_nifti) in JUDGES.items():
        if name == "dcmtk" and not dcmtk_present():
            continue
        asked = [path for path in paths if path.endswith(NIFTI) == of_nifti]
        files = [os.path.join(folder, f"{paths.index(path)}-{name}.raw") for path in asked]
        for path, said in zip(asked, answers(judge, asked, files)):
            if said.get("error") != NotAsked.__name__:
                result[path][name] = said
    json.dump(result, sys.stdout)


main()
