"""Ctrl-C while scenarios run: the first asks, the second insists."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import TextIO

MESSAGE = "\nstopping at the next step; Ctrl-C again stops at once without writing anything\n"


class Interruption:
    """While it is entered, the first SIGINT only sets ``asked``; the next one raises.

    So a run can end between two steps, and what it has recorded is whole and can be written.
    """

    def __init__(self, messages: TextIO) -> None:
        self.asked = False
        self._messages = messages
        self._before: signal._HANDLER = None
        self._installed = False

    def __enter__(self) -> Interruption:
        # A shell ignores SIGINT for what it runs in the background; that stays so.
        if (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
        ):
            self._before = signal.signal(signal.SIGINT, self._ask)
            self._installed = True
        return self

    def __exit__(self, *_: object) -> None:
        if self._installed:
            signal.signal(signal.SIGINT, self._before or signal.SIG_DFL)
            self._installed = False

    def raise_if_asked(self) -> None:
        """Raise KeyboardInterrupt if Ctrl-C was pressed."""
        if self.asked:
            raise KeyboardInterrupt

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        self._messages.write(MESSAGE)
        self._messages.flush()
