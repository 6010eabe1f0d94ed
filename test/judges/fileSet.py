"""What pydicom's FileSet finds in DICOMDIRs: {"paths": [...]} -> {path: [files] or null where it cannot read it}."""
import json
import os
import sys
import warnings

from pydicom.fileset import FileSet

warnings.simplefilter("ignore")
answer = {}
for path in json.load(sys.stdin)["paths"]:
    try:
        answer[path] = sorted(os.path.realpath(instance.path) for instance in FileSet(path))
    except Exception:  # pylint: disable=broad-except
        answer[path] = None
json.dump(answer, sys.stdout)
