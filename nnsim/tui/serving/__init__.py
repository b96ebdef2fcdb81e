"""The app in the browser: textual-serve with our own page, which loads nothing from elsewhere."""

from __future__ import annotations

import shlex
import sys
from importlib.util import find_spec

from nnsim.errors import ExitCode, MissingExtraError


def serve_app(
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    url: str | None = None,
    theme: str | None = None,
    low_bandwidth: bool = False,
) -> ExitCode:
    """Serve the app until Ctrl-C.

    Raises
    ------
    MissingExtraError
        textual-serve is not installed.
    PortError
        Something else listens there.
    """
    if find_spec("textual_serve") is None:
        raise MissingExtraError("textual-serve", "serve", "running in the browser")
    from nnsim.tui.serving.server import serve

    serve(command(theme=theme, low_bandwidth=low_bandwidth), host, port, url)
    return ExitCode.OK


def command(*, theme: str | None = None, low_bandwidth: bool = False) -> str:
    """Return the shell command that each browser's session runs."""
    words = [sys.executable, "-m", "nnsim", "tui"]
    words += ["--theme", theme] if theme else []
    words += ["--low-bandwidth"] if low_bandwidth else []
    return shlex.join(words)
