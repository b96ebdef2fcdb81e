"""A program in a terminal that nobody sees: keys go in, and what stands on the screen is read."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.screen import Screen

SECONDS = 60.0
"""What takes longer than this has failed."""
PAINTED = "\x1b[?2026l"
"""Written after each paint by a program that was told of synchronised output."""
_ASKS, _KNOWN = "\x1b[?2026$p", b"\x1b[?2026;2$y"


class PseudoTerminal:
    """A program in a terminal of so many cells; use it in a `with` statement."""

    def __init__(
        self, command: Sequence[str], home: str | Path, columns: int = 120, rows: int = 40
    ) -> None:
        self.screen = Screen(columns, rows)
        self.bytes = 0
        """Written by the program so far."""
        self.on_paint: Callable[[Screen], None] = lambda screen: None
        """Called after each paint."""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        # What the user has set up is neither read nor written.
        here = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
        looks = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
        inherited = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        self.begin = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**inherited, **here, **looks},
            start_new_session=True,
        )
        os.close(slave)

    def __enter__(self) -> PseudoTerminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            deadline = time.perf_counter() + 5
            while self.process.poll() is None and time.perf_counter() < deadline:
                self.read(0.05)  # It may wait for its last words to be read.
        finally:
            if self.process.poll() is None:
                self.process.kill()
            self.process.wait()
            os.close(self._master)

    def press(self, keys: str) -> float:
        """Send keys; return when."""
        now = time.perf_counter()
        os.write(self._master, keys.encode())
        return now

    def read(self, seconds: float) -> float:
        """Wait so long for output, at most; return when it came, 0 for none."""
        if not select.select([self._master], [], [], max(0.0, seconds))[0]:
            return 0.0
        now = time.perf_counter()
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:  # Its end of the line is closed.
            data = b""
        if not data:
            if self.process.poll() is None:
                time.sleep(0.01)
            return 0.0
        text = self._decoder.decode(data)
        if _ASKS in text:
            os.write(self._master, _KNOWN)
        self.bytes += len(data)
        *painted, rest = text.split(PAINTED)
        for part in painted:
            self.screen.write(part)
            self.on_paint(self.screen)
        self.screen.write(rest)
        return now

    def until(self, holds: Callable[[Screen], bool], seconds: float = SECONDS) -> float:
        """Read until something holds; return when the output came that made it hold.

        Raises RuntimeError, with the screen, if the program ends or it takes too long.
        """
        deadline = time.perf_counter() + seconds
        while True:
            came = self.read(deadline - time.perf_counter())
            if came and holds(self.screen):
                return came
            ended = self.process.poll() is not None and not came
            if ended or time.perf_counter() > deadline:
                why = f"it ended with {self.process.poll()}" if ended else "it did not happen"
                text = "\n".join(line.rstrip() for line in self.screen.lines)
                raise RuntimeError(f"{why}; on the screen:\n{text}")

    def idle(self, seconds: float) -> None:
        """Let time pass; what is written meanwhile is read."""
        deadline = time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            self.read(left)

    def resident(self) -> int:
        """Return the process's resident memory in bytes (Linux)."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
