"""Reference for what is shown and meant, by pydicom: overlays, VOI, modality values, supplemental colours.

Reads a JSON list of paths on stdin and prints {path: {"overlay", "modality", "voi", "colors"}}, each the bytes of
all frames in base64 (C order) or null: overlay uint8 0/1 over the pixels of the image; modality float64; voi uint8
0..255, the LUT before the window; colors uint8 RGB of the palette for every stored value.
"""
import base64
import json
import sys
import warnings

import numpy as np
import pydicom
from pydicom.pixel_data_handlers.util import apply_color_lut, apply_modality_lut, apply_voi_lut, apply_windowing

warnings.simplefilter("ignore")


def packed(array):
    return None if array is None else base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def words(dataset):
    """All bits of the pixel words, by frame."""
    count = int(dataset.get("NumberOfFrames", 1) or 1)
    return np.asarray(dataset.pixel_array).reshape(count, dataset.Rows, dataset.Columns)


def overlay(dataset):
    groups = [group for group in range(0x6000, 0x6100, 2) if (group, 0x0010) in dataset]
    if not groups:
        return None
    frames = words(dataset)
    mask = np.zeros(frames.shape, np.uint8)
    for group in groups:
        if (group, 0x3000) not in dataset:
            mask |= ((frames.astype(np.int64) >> dataset[group, 0x0102].value) & 1).astype(np.uint8)
            continue
        planes = dataset.overlay_array(group)
        planes = planes.reshape((-1,) + planes.shape[-2:])
        row, column = [value - 1 for value in dataset[group, 0x0050].value]
        start = dataset[group, 0x0051].value - 1 if (group, 0x0051) in dataset else None
        for index in range(len(frames)):
            at = 0 if start is None and len(planes) == 1 else index - (start or 0)
            if not 0 <= at < len(planes):
                continue
            for y, x in np.argwhere(planes[at]):
                if 0 <= y + row < dataset.Rows and 0 <= x + column < dataset.Columns:
                    mask[index, y + row, x + column] = 1
    return mask


def stored(dataset):
    """The stored bits, sign extended; pydicom leaves what lies above them in."""
    frames = words(dataset).astype(np.int64) >> (dataset.HighBit + 1 - dataset.BitsStored)
    frames &= (1 << dataset.BitsStored) - 1
    if dataset.PixelRepresentation == 1:
        frames = np.where(frames >= 1 << (dataset.BitsStored - 1), frames - (1 << dataset.BitsStored), frames)
    return frames


def modality(dataset):
    values = stored(dataset)
    if "PerFrameFunctionalGroupsSequence" not in dataset:
        kind = np.int32 if dataset.PixelRepresentation == 1 else np.uint32
        return apply_modality_lut(values.astype(kind), dataset).astype(np.float64)
    shared = dataset.SharedFunctionalGroupsSequence[0]
    result = np.empty(values.shape, np.float64)
    for index, own in enumerate(dataset.PerFrameFunctionalGroupsSequence):
        items = own.get("PixelValueTransformationSequence") or shared.get("PixelValueTransformationSequence")
        item = items[0] if items else dataset
        slope, intercept = float(item.get("RescaleSlope", 1)), float(item.get("RescaleIntercept", 0))
        result[index] = values[index] * slope + intercept
    return result


def voi(dataset):
    """0..255 of the LUT, else of the first window; None where there is neither."""
    values = modality(dataset)
    if dataset.get("VOILUTSequence"):
        item = dataset.VOILUTSequence[0]
        levels = apply_voi_lut(np.rint(values).astype(np.int32), dataset, prefer_lut=True)
        return np.rint(levels / (2 ** item.LUTDescriptor[2] - 1) * 255).astype(np.uint8)
    if "WindowCenter" not in dataset or "ModalityLUTSequence" in dataset:
        return None
    shown = apply_windowing(values, dataset)
    low = -(2 ** (dataset.BitsStored - 1)) if dataset.PixelRepresentation == 1 else 0
    high = low + 2**dataset.BitsStored - 1
    slope, intercept = float(dataset.get("RescaleSlope", 1)), float(dataset.get("RescaleIntercept", 0))
    low, high = low * slope + intercept, high * slope + intercept
    return np.rint(np.clip((shown - low) / (high - low) * 255, 0, 255)).astype(np.uint8)


def colors(dataset):
    if (0x0028, 0x1101) not in dataset:
        return None
    values = stored(dataset).astype(np.int32)
    # pydicom refuses supplemental palettes, because it shows no grey beside them; the table itself it reads.
    dataset.PixelPresentation = "MONOCHROME"
    result = apply_color_lut(values, dataset)
    return (result >> 8).astype(np.uint8) if result.dtype == np.uint16 else result.astype(np.uint8)


def main():
    result = {}
    for path in json.load(sys.stdin):
        dataset = pydicom.dcmread(path)
        parts = {"overlay": overlay, "modality": modality, "voi": voi, "colors": colors}
        result[path] = {name: packed(part(dataset)) for name, part in parts.items()}
    json.dump(result, sys.stdout)


main()
