"""How files form series, by pydicom and numpy: the judge of Keyslice's series rules.

Reads {name: [paths]} on stdin and prints by name {"stacks": [...]}: the frames with a position, taken apart by
orientation (rounded), b-value, stack and frame type, each stack with
- "slots": by ascending distance along row x column, the frames there as [SOP instance, index in its file], in the order
  of temporal position, then instance number;
- "steps": the distances between neighbouring slots, mm; "shear": degrees between stacking direction and normal;
- "normal", "bValue", "stack", "type".
"""
import json
import sys
import warnings

import numpy as np
import pydicom

warnings.simplefilter("ignore")
PHILIPS_B = (0x2001, 0x1003)


def first(sequence):
    return sequence[0] if sequence else None


def macro(frame, shared, name):
    return first(frame.get(name)) or first(shared.get(name))


def enhanced_frames(dataset):
    shared = dataset.SharedFunctionalGroupsSequence[0]
    for index, frame in enumerate(dataset.PerFrameFunctionalGroupsSequence):
        content = macro(frame, shared, "FrameContentSequence")
        kind = macro(frame, shared, "MRImageFrameTypeSequence")
        yield {
            "id": [dataset.SOPInstanceUID, index],
            "position": macro(frame, shared, "PlanePositionSequence").ImagePositionPatient,
            "orientation": macro(frame, shared, "PlaneOrientationSequence").ImageOrientationPatient,
            "time": content.get("TemporalPositionIndex"),
            "stack": content.get("StackID"),
            "type": "\\".join(kind.FrameType) if kind else None,
            "bValue": None,
            "order": index,
        }


def single_frame(dataset):
    b = dataset.get("DiffusionBValue", dataset[PHILIPS_B].value if PHILIPS_B in dataset else None)
    yield {
        "id": [dataset.SOPInstanceUID, 0],
        "position": dataset.ImagePositionPatient,
        "orientation": dataset.ImageOrientationPatient,
        "time": dataset.get("TemporalPositionIdentifier"),
        "stack": None,
        "type": None,
        "bValue": None if b is None else float(b),
        "order": int(dataset.InstanceNumber),
    }


def stack(frames):
    row, column = np.array(frames[0]["orientation"], float).reshape(2, 3)
    normal = np.cross(row, column)
    slots = {}
    for frame in sorted(frames, key=lambda each: (each["time"] or 0, each["order"])):
        position = np.array(frame["position"], float)
        slots.setdefault(round(float(position @ normal), 3), []).append((frame, position))
    distances = sorted(slots)
    ends = [slots[distance][0][1] for distance in (distances[0], distances[-1])]
    exact = [float(slots[distance][0][1] @ normal) for distance in distances]
    span = ends[1] - ends[0]
    cosine = abs(span @ normal) / np.linalg.norm(span) if len(distances) > 1 else 1.0
    return {
        "slots": [[frame["id"] for frame, _ in slots[distance]] for distance in distances],
        "steps": np.diff(exact).tolist(),
        "shear": float(np.degrees(np.arccos(min(1.0, cosine)))),
        "normal": normal.tolist(),
        **{key: frames[0][key] for key in ("bValue", "stack", "type")},
    }


def series(paths):
    groups = {}
    for path in paths:
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        enhanced = "PerFrameFunctionalGroupsSequence" in dataset
        for frame in enhanced_frames(dataset) if enhanced else single_frame(dataset):
            orientation = np.round(np.array(frame["orientation"], float), 2) + 0.0
            key = (*orientation.tolist(), str(frame["bValue"]), str(frame["stack"]), str(frame["type"]))
            groups.setdefault(key, []).append(frame)
    return {"stacks": [stack(frames) for frames in groups.values()]}


json.dump({name: series(paths) for name, paths in json.load(sys.stdin).items()}, sys.stdout)
