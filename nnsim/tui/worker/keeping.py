"""What was made of a run for one frame, kept for the next."""

from __future__ import annotations

from typing import Any

from nnsim.tui.worker.runs import Run


def kept(run: Run, name: str, key: Any, make: Any) -> Any:
    """Return what was made under the same key, or make it."""
    found = run.kept.get(name)
    if found is None or found[0] != key:
        found = run.kept[name] = (key, make())
    return found[1]
