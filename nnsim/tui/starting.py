"""From the command line to the running app."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

from nnsim.errors import NnsimError


class NoTerminalError(NnsimError):
    """The UI was asked for where it cannot be seen."""


def open_app(
    scenario: str | None = None,
    *,
    variant: str | None = None,
    theme: str | None = None,
    ascii_only: bool = False,
    low_bandwidth: bool = False,
) -> int:
    """Run the terminal UI until it is left; return its exit code.

    Raises
    ------
    NoTerminalError
        Input or output is no terminal.
    ScenarioError
        No such scenario, or several of one name.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()) and "TEXTUAL_DRIVER" not in os.environ:
        raise NoTerminalError(
            "the terminal UI needs a terminal; elsewhere there are: nnsim list, nnsim run SCENARIO"
        )
    folder, source = _target(scenario)
    from nnsim.tui.app import NnsimApp
    from nnsim.tui.settings import read_settings

    settings = read_settings()
    settings = replace(
        settings,
        theme=theme or settings.theme,
        glyphs="ascii" if ascii_only else settings.glyphs,
        bandwidth="low" if low_bandwidth else settings.bandwidth,
    )
    # The screen must not wait 5 ms whenever the engine holds the interpreter.
    sys.setswitchinterval(0.001)
    app = NnsimApp(settings=settings, folder=folder, open_first=source, variant=variant)
    app.run()
    return app.return_code or 0


def _target(scenario: str | None) -> tuple[Path | None, Path | None]:
    """Return the folder to list and the scenario to open, None for what was not named."""
    if scenario is None:
        return None, None
    from nnsim.scenario.catalogue import find

    found = find(scenario)
    path = Path(scenario)
    if path.is_dir() and path not in found and all(path in each.parents for each in found):
        return path, None
    return None, found[0]
