"""Where a file that a scenario names may lie: in the scenario's folder or below, nowhere else."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from nnsim.data.options import nearest, shown
from nnsim.errors import DataError, Problem

_INSIDE = "a path relative to the scenario's folder, of a file in it or below"


def locate(file: str, folder: Path | str | None) -> Path:
    """Return the path of a file inside ``folder`` (by default the current folder).

    Raises
    ------
    DataError
        If the path is absolute, goes up by ``..``, leaves the folder through a symbolic link, or
        there is no such file.
    """
    root = Path.cwd() if folder is None else Path(folder)
    # Both kinds of path are looked at on every system: a scenario that is refused here must not
    # be accepted there.
    windows = PureWindowsPath(file)
    if PurePosixPath(file).is_absolute() or windows.drive or windows.root:
        raise _refusal(file, "is an absolute path", _INSIDE)
    if ".." in windows.parts:
        raise _refusal(file, "goes up by '..'", _INSIDE)
    path = root / file
    try:
        inside = path.resolve().is_relative_to(root.resolve())
        if not inside:
            raise _refusal(file, f"leads through a link out of the folder {root}", _INSIDE)
        if path.is_dir():
            raise _refusal(file, f"is a folder in {root}", "a file")
        if not path.exists():
            suggestion = nearest(path.name, _names_beside(path))
            raise _refusal(file, f"is not in the folder {root}", "a file", suggestion)
        if not path.is_file():
            raise _refusal(file, f"in {root} is a device or a pipe", "a file")
    except (OSError, RuntimeError, ValueError) as error:
        # A loop of links, a name too long for the system, a zero character, a locked folder.
        reason = getattr(error, "strerror", None) or error
        raise _refusal(file, f"cannot be opened: {reason}", _INSIDE) from None
    return path


def _names_beside(path: Path) -> list[str]:
    try:
        return [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return []


def _refusal(file: str, message: str, expected: str, suggestion: str = "") -> DataError:
    return DataError(str(Problem(message, shown(file), expected=expected, suggestion=suggestion)))
