"""What a terminal can show: colour or none, signs beyond ASCII or not, and how wide it is."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TextIO

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_ASCII = str.maketrans({"·": "-", "—": "-", "≈": "~", "→": ">", "…": "...", "█": "#", "░": "."})


@dataclass(frozen=True)
class Style:
    """How text is dressed; colour never carries a meaning that the words do not.

    ``colour`` follows https://no-color.org: none when NO_COLOR is set and not empty, nor when
    the stream is no terminal, nor on TERM=dumb.
    """

    colour: bool = False
    unicode: bool = True
    width: int = 100

    @classmethod
    def of(cls, stream: TextIO) -> Style:
        """Return what `stream` can show."""
        terminal = stream.isatty()
        colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        encoding = (getattr(stream, "encoding", None) or "ascii").lower()
        width = shutil.get_terminal_size((100, 24)).columns if terminal else 100
        return cls(colour, encoding.replace("-", "").startswith("utf"), min(max(width, 20), 100))

    def paint(self, text: str, *names: str) -> str:
        """Return `text` in the named colours, or as it is where there are none."""
        if not self.colour or not text:
            return text
        return f"\x1b[{';'.join(_CODES[name] for name in names)}m{text}\x1b[0m"

    def plain(self, text: str) -> str:
        """Return `text` without control characters and without signs that this terminal lacks.

        Titles and names come out of files that somebody else may have written: an escape
        sequence in one must not reach the terminal.
        """
        text = "".join(sign if sign.isprintable() else " " for sign in text)
        return text if self.unicode else text.translate(_ASCII)
