"""How much memory there is, the refusal of what cannot fit into it, and where arrays begin.

Asked before anything large is allocated: an operating system that promises more than it has
ends a process without a word, a refusal says what was wanted and what to change.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np

from nnsim.errors import SizeError

GIB = 2**30
_MEMINFO = Path("/proc/meminfo")
_CONTROL_GROUP = Path("/proc/self/cgroup")
_CONTROL_GROUPS = Path("/sys/fs/cgroup")
_ADDRESS_SPACE = 2**47
"""What a process can address at most; the limit where nothing else is known."""
_LINE = 64
"""Bytes of a cache line, wherever nnsim is likely to run."""
_LARGEST_FIGURE = 2**90
"""Larger sizes are printed as this one: a float must be able to hold them."""


def refuse_if_too_large(size: int, what: str, remedy: str = "") -> None:
    """Raise SizeError when ``size`` bytes are more than the memory that is available.

    Parameters
    ----------
    size
        Bytes that are about to be allocated; any Python integer.
    what
        The thing that needs them, as the start of a sentence: ``"circles with 10 examples"``.
    remedy
        What to change, as an order: ``"lower examples"``.
    """
    available = available_memory()
    if size <= available:
        return
    figure = f"{min(size, _LARGEST_FIGURE) / GIB:,.1f} GiB"
    message = f"{what} needs {figure} of memory, but {available / GIB:,.1f} GiB are available"
    raise SizeError(f"{message}; {remedy}" if remedy else message)


def available_memory() -> int:
    """Return the bytes that can be allocated without swapping, as far as the system tells."""
    figures = [_free_on_linux(), _left_in_control_group()]
    known = [figure for figure in figures if figure is not None]
    if known:
        return max(0, min(known))
    for question in (_free_on_windows, _installed):
        figure = question()
        if figure is not None:
            return figure
    return _ADDRESS_SPACE


def _free_on_linux() -> int | None:
    """MemAvailable of /proc/meminfo: free memory and caches that would be given up."""
    try:
        for line in _MEMINFO.read_text().splitlines():
            name, _, figure = line.partition(":")
            if name == "MemAvailable":
                return int(figure.split()[0]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return None


def _left_in_control_group() -> int | None:
    """What the limits of the control groups (containers) around this process leave."""
    try:
        lines = _CONTROL_GROUP.read_text().splitlines()
    except OSError:
        return None
    left = []
    for line in lines:
        _, controllers, path = (*line.split(":", 2), "", "")[:3]
        if controllers == "":
            root, names = _CONTROL_GROUPS, ("memory.max", "memory.current", "inactive_file")
        elif "memory" in controllers.split(","):
            root = _CONTROL_GROUPS / "memory"
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
        else:
            continue
        group = root / path.strip("/")
        # A limit anywhere above holds too; inside a container the path may be the host's
        # and absent here, the root then is the container's own group.
        for folder in (group, *group.parents):
            left.append(_left_in_folder(folder, *names))
            if folder == root:
                break
    known = [figure for figure in left if figure is not None]
    return min(known) if known else None


def _left_in_folder(folder: Path, limit: str, used: str, cache: str) -> int | None:
    try:
        most = int((folder / limit).read_text())
        now = int((folder / used).read_text())
        reclaimable = 0
        for line in (folder / "memory.stat").read_text().splitlines():
            name, _, figure = line.partition(" ")
            if name == cache:
                reclaimable = int(figure)
    except (OSError, ValueError):
        # No such file, or the limit reads "max".
        return None
    return most - now + reclaimable


def _free_on_windows() -> int | None:
    if sys.platform == "win32":
        import ctypes

        class MemoryStatus(ctypes.Structure):
            _fields_ = [
                ("length", ctypes.c_ulong),
                ("load", ctypes.c_ulong),
                *(
                    (name, ctypes.c_ulonglong)
                    for name in ("total", "free", "c", "d", "e", "f", "g")
                ),
            ]

        status = MemoryStatus()
        status.length = ctypes.sizeof(MemoryStatus)
        if ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
            return int(status.free)
    return None


def _installed() -> int | None:
    """All memory of the machine: too kind a figure, but better than none (macOS, BSD)."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def zeros_on_lines(size: int, dtype: np.dtype) -> np.ndarray:
    """Return `size` zeros that begin where a cache line of 64 bytes does.

    Vector registers as wide as a line then never have to be filled from two of them.
    """
    dtype = np.dtype(dtype)
    spare = _LINE // dtype.itemsize
    zeros = np.zeros(size + spare, dtype)
    first = -zeros.ctypes.data % _LINE // dtype.itemsize
    return zeros[first : first + size]
