"""One line on stderr that says how far a run is; nothing at all when stderr is no terminal."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

from nnsim.report.style import Style
from nnsim.report.table import pad, width_of

_BAR = 24
_INTERVAL = 0.1
_FIRST = "(the first run on a machine compiles for some seconds)"


class Progress:
    """A line that is written over itself, at most ten times a second, and erased at the end.

    >>> with Progress(sys.stderr, scenarios=3) as progress:  # doctest: +SKIP
    ...     progress.start(0, "vanishing-gradients")
    ...     progress.step("sigmoid", 200, 1000)
    """

    def __init__(
        self, stream: TextIO, scenarios: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream, self._scenarios, self._clock = stream, scenarios, clock
        self._shown = stream.isatty()
        self._style = Style.of(stream) if self._shown else Style()
        self._prefix = ""
        self._drawn_at = clock() - _INTERVAL
        self._drawn = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def start(self, done: int, name: str) -> None:
        """Say that `done` scenarios are behind us and `name` is under way."""
        self._prefix = f"[{min(done + 1, self._scenarios)}/{self._scenarios}] {name}"
        self._draw(f"{self._prefix}  {_FIRST}", always=True)

    def step(self, variant: str, step: int, steps: int) -> None:
        """Say that a variant has come to `step` of `steps`."""
        ready = min(max(step / steps, 0.0), 1.0) if steps > 0 else 1.0
        full = round(_BAR * ready)
        bar = self._style.plain("█" * full + "░" * (_BAR - full))
        self._draw(f"{self._prefix}  {variant}  {bar} {step}/{steps}")

    def clear(self) -> None:
        """Erase the line, so that other text can be written."""
        if self._drawn:
            self._stream.write("\r" + " " * (self._style.width - 1) + "\r")
            self._stream.flush()
            self._drawn = False

    def _draw(self, text: str, always: bool = False) -> None:
        if not self._shown:
            return
        now = self._clock()
        if not always and now - self._drawn_at < _INTERVAL:
            return
        self._drawn_at = now
        room = self._style.width - 1
        text = self._style.plain(text)
        while width_of(text) > room:
            text = text[:-1]
        self._stream.write("\r" + pad(text, room))
        self._stream.flush()
        self._drawn = True
