"""The peers of bench/intake.ts in one process each: {"peer", "task", "files", "tool"} on stdin; prints {"ms", "cpuMs"}.

Tasks: headers (all but the pixels), decode (headers and every frame). The time starts when the libraries are loaded.
dcmtk's tools take one file a process, but for dcmdump: their time includes starting them.
"""
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings

warnings.simplefilter("ignore")
question = json.load(sys.stdin)
peer, task, files = question["peer"], question["task"], question["files"]


def pydicom_peer():
    import numpy  # noqa: F401
    import pydicom
    from pydicom import config
    from pydicom.pixel_data_handlers import gdcm_handler, numpy_handler, pillow_handler, rle_handler

    config.pixel_data_handlers = [numpy_handler, rle_handler, pillow_handler, gdcm_handler]

    def headers(path):
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        # pydicom reads elements when they are asked for: what a series is made of is asked for.
        return [dataset.get(name) for name in ("Rows", "ImagePositionPatient", "SeriesInstanceUID")]

    def decode(path):
        dataset = pydicom.dcmread(path)
        assert dataset.pixel_array.size

    return headers, decode


def gdcm_peer():
    import gdcm

    def headers(path):
        reader = gdcm.Reader()
        reader.SetFileName(path)
        assert reader.ReadUpToTag(gdcm.Tag(0x7FE0, 0x0010))

    def decode(path):
        reader = gdcm.ImageReader()
        reader.SetFileName(path)
        assert reader.Read()
        assert len(reader.GetImage().GetBuffer())

    return headers, decode


def nibabel_peer():
    import nibabel
    import numpy as np

    def headers(path):
        return nibabel.load(path).affine

    def decode(path):
        assert np.asarray(nibabel.load(path).dataobj.get_unscaled()).size

    return headers, decode


def dcmtk_peer():
    target = os.path.join(tempfile.mkdtemp(prefix="keyslice-bench-"), "out.dcm")

    def decode(path):
        subprocess.run([question["tool"], path, target], check=True, stderr=subprocess.DEVNULL)
        os.remove(target)

    return None, decode


def dcmdump_all():
    # Long values stay in the file.
    subprocess.run(["dcmdump", "-M", *files], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def cpu_seconds():
    """Of this process and of the tools that it started."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


PEERS = {"pydicom": pydicom_peer, "GDCM": gdcm_peer, "nibabel": nibabel_peer, "dcmtk": dcmtk_peer}


def readers():
    if peer == "dcmtk" and task == "headers":
        return [dcmdump_all]
    headers, decode = PEERS[peer]()
    run = headers if task == "headers" else decode
    return [lambda path=path: run(path) for path in files]


work = readers()
started, cpu = time.perf_counter(), cpu_seconds()
for read in work:
    read()
print(json.dumps({"ms": 1e3 * (time.perf_counter() - started), "cpuMs": 1e3 * (cpu_seconds() - cpu)}))
