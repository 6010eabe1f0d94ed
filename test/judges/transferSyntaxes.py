"""Prints {UID: name} of the transfer syntaxes in pydicom's copy of the DICOM dictionary."""
import json
import sys

from pydicom._uid_dict import UID_dictionary

json.dump({uid: entry[0] for uid, entry in UID_dictionary.items() if entry[1] == "Transfer Syntax"}, sys.stdout)
