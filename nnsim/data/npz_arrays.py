"""Read arrays of a NumPy archive: numbers and text only, and no larger than memory."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from tokenize import TokenError

import numpy as np

from nnsim.data.options import nearest
from nnsim.errors import DataError, Problem
from nnsim.memory import refuse_if_too_large

_ENDING = ".npy"
_COPIES = 4


def read_arrays(path: Path, names: dict[str, str]) -> dict[str, np.ndarray]:
    """Return the arrays of an archive by option: ``{"X": "inputs"}`` gives ``{"X": array}``.

    An array's size is read from its header and refused before it is unpacked. Nothing is
    unpickled: pickled objects can run code.

    Raises
    ------
    DataError
        If the file is no archive, or an array is missing, damaged, or neither numbers nor text.
    SizeError
        If an array does not fit in memory.
    """
    problems, arrays = [], {}
    try:
        with zipfile.ZipFile(path) as archive:
            present = [
                entry.removesuffix(_ENDING)
                for entry in archive.namelist()
                if entry.endswith(_ENDING)
            ]
            for option, name in names.items():
                if name not in present:
                    problems.append(
                        Problem(
                            f"has no array {name!r}",
                            str(path),
                            key=option,
                            expected="one of " + ", ".join(present[:30]) if present else "",
                            suggestion=nearest(name, present),
                        )
                    )
                    continue
                try:
                    arrays[option] = _read_array(archive, path, name)
                except _UNREADABLE as error:
                    problems.append(Problem(_reason(error), str(path), key=f"array {name!r}"))
    except _UNREADABLE as error:
        reason = "is empty" if path.stat().st_size == 0 else "is no NumPy archive"
        detail = "" if isinstance(error, zipfile.BadZipFile) else f" ({_reason(error)})"
        problems.append(
            Problem(reason + detail, str(path), expected="a file that numpy.savez has written")
        )
    if problems:
        raise DataError("\n".join(str(problem) for problem in problems))
    return arrays


_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    # Encrypted, or packed by a method that Python does not know.
    RuntimeError,
    NotImplementedError,
    # A header that is no Python literal.
    SyntaxError,
    TokenError,
    TypeError,
)


def _reason(error: Exception) -> str:
    return str(error).split("\n", 1)[0] or type(error).__name__


def _read_array(archive: zipfile.ZipFile, path: Path, name: str) -> np.ndarray:
    with archive.open(name + _ENDING) as stream:
        version = np.lib.format.read_magic(stream)
        if version == (1, 0):
            shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
        elif version == (2, 0):
            shape, _, dtype = np.lib.format.read_array_header_2_0(stream)
        else:
            raise ValueError(f"is of format version {version}, which holds no plain numbers")
    if dtype.kind not in "biufUS":
        kind = "Python objects" if dtype.hasobject else f"{dtype}"
        raise ValueError(f"holds {kind}; expected numbers (or text for labels)")
    size = dtype.itemsize
    for length in shape:
        size *= length
    refuse_if_too_large(
        _COPIES * max(size, 8 * size // max(1, dtype.itemsize)),
        f"{path}: array {name!r} of shape {shape}",
        "save fewer examples",
    )
    with archive.open(name + _ENDING) as stream:
        array = np.lib.format.read_array(stream, allow_pickle=False)
    return np.char.decode(array, "utf-8") if dtype.kind == "S" else array
