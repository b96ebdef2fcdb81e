"""Output files: written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from nnsim.errors import NnsimError


class OutputError(NnsimError):
    """An output file cannot be written; names the file and the reason."""


def check_writable(path: Path) -> None:
    """Raise OutputError when `path` cannot be written, before hours are spent on a run."""
    target = _target(path)
    if target.is_dir():
        raise OutputError(f"cannot write {path}: it is a folder; name a file in it")
    folder = target.parent
    if not folder.is_dir():
        raise OutputError(f"cannot write {path}: there is no folder {folder}; make it first")
    place = target if _is_special(target) else folder
    if not os.access(place, os.W_OK):
        raise OutputError(f"cannot write {path}: no permission to write to {place}")


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path` in UTF-8, as it is; see `write_bytes`."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path`: readers see the old file or the new one, never a part.

    A device or a pipe (/dev/stdout, /dev/null) cannot be replaced and is written to directly;
    a symbolic link is kept and what it points to is replaced.

    Raises
    ------
    OutputError
        The file cannot be written: no such folder, no permission, disk full ...
    """
    target = _target(path)
    try:
        if _is_special(target):
            with open(target, "wb") as stream:
                stream.write(content)
            return
        _replace(target, content)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error


def _target(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _is_special(target: Path) -> bool:
    return target.exists() and not target.is_file()


def _replace(target: Path, content: bytes) -> None:
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with open(handle, "wb") as stream:
            stream.write(content)
        os.chmod(name, mode)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
