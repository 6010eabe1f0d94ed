"""Judges reduced DICOM files by other people's tools and prints one JSON object per pair.

stdin: [{"source": path, "written": path, "frames": [zero-based frames of the source]}]
"""

import json
import re
import shutil
import subprocess
import sys

import pydicom
from pydicom.encaps import generate_pixel_data_frame


def stored_frames(path):
    """Bytes of each frame as stored: streams of encapsulated data, slices of native ones."""
    data_set = pydicom.dcmread(path, force=True)
    count = int(data_set.get("NumberOfFrames", 1) or 1)
    if data_set.file_meta.TransferSyntaxUID.is_compressed and data_set["PixelData"].is_undefined_length:
        return [bytes(frame) for frame in generate_pixel_data_frame(data_set.PixelData, count)]
    name = next(n for n in ("PixelData", "FloatPixelData", "DoubleFloatPixelData") if n in data_set)
    bits = data_set.Rows * data_set.Columns * data_set.SamplesPerPixel * data_set.BitsAllocated
    if data_set.PhotometricInterpretation == "YBR_FULL_422":
        bits = bits * 2 // 3
    value = data_set[name].value
    if bits % 8:
        return [f"{int.from_bytes(value, 'little') >> (i * bits) & ((1 << bits) - 1):x}" for i in range(count)]
    return [value[i * bits // 8 : (i + 1) * bits // 8] for i in range(count)]


def raw_elements(path):
    data_set = pydicom.dcmread(path, force=True, stop_before_pixels=True)
    elements = {}
    for tag in data_set.keys():
        item = data_set.get_item(tag)
        if item.VR == "SQ" or not hasattr(item, "value_tell") or item.value is None:
            elements[int(tag)] = str(data_set[tag])
        else:
            elements[int(tag)] = item.value if isinstance(item.value, bytes) else str(item.value)
    return elements


def complaints(path):
    """Errors of dicom3tools' validator, without the values and the places that differ from file to file."""
    result = subprocess.run(["dciodvfy", path], capture_output=True, check=False)
    lines = result.stderr.decode("latin1").splitlines()
    errors = (line.split("</")[0].strip() for line in lines if line.startswith("Error"))
    return {re.sub(r"<0x[0-9a-f]+>", "<>", line.split('" in (')[0]) for line in errors}


def new_complaints(source, written):
    """What the source does not have; a bad UID of the source is named again where it is referred to."""
    uid = str(pydicom.dcmread(source, force=True, stop_before_pixels=True).SOPInstanceUID)
    return sorted(line for line in complaints(written) - complaints(source) if uid not in line)


def as_list(value):
    if value is None:
        return []
    return [int(each) for each in value] if hasattr(value, "__iter__") else [int(value)]


def run(*command):
    return subprocess.run(command, capture_output=True, check=False).returncode


def judge(pair):
    source, written, frames = pair["source"], pair["written"], pair["frames"]
    before, after = raw_elements(source), raw_elements(written)
    result = pydicom.dcmread(written, stop_before_pixels=True)
    expected = stored_frames(source)
    keys = sorted(set(before) | set(after))
    changed = [f"{tag:08X}" for tag in keys if before.get(tag) != after.get(tag)]
    vector = result.get("FrameTimeVector")
    sources = result.SourceImageSequence[0]
    functional = result.get("PerFrameFunctionalGroupsSequence")
    return {
        "written": written,
        "changed": changed,
        "framesEqual": stored_frames(written) == [expected[frame] for frame in frames],
        "metaUid": str(result.file_meta.MediaStorageSOPInstanceUID),
        "sopInstanceUid": str(result.SOPInstanceUID),
        "seriesInstanceUid": str(result.SeriesInstanceUID),
        "studyInstanceUid": str(result.StudyInstanceUID),
        "seriesDescription": str(result.SeriesDescription),
        "imageType": list(result.ImageType),
        "transferSyntax": str(result.file_meta.TransferSyntaxUID),
        "numberOfFrames": int(result.get("NumberOfFrames", 1) or 1),
        "frameTime": None if result.get("FrameTime") is None else float(result.FrameTime),
        "frameTimeVector": None if vector is None else [float(value) for value in vector],
        "sourceFrames": as_list(sources.get("ReferencedFrameNumber")),
        "sourceUid": str(sources.ReferencedSOPInstanceUID),
        "dimensionIndices": None
        if functional is None
        else [as_list(item.FrameContentSequence[0].get("DimensionIndexValues")) for item in functional],
        "newComplaints": new_complaints(source, written) if shutil.which("dciodvfy") else None,
        "dcmdump": [run("dcmdump", "-q", path) for path in (source, written)] if shutil.which("dcmdump") else None,
    }


print(json.dumps([judge(pair) for pair in json.load(sys.stdin)]))
