"""Where to write the runs, and how: the file's suffix says it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from textual.widget import Widget
from textual.widgets import Input

from nnsim.tui.widgets.dialog import Dialog, Hint
from nnsim.tui.worker.commands import Export

if TYPE_CHECKING:
    from nnsim.tui.worker.frames import Frame

KNOWN = {
    ".json": "JSON: settings, figures and the history of every run.",
    ".csv": "CSV: one figure a row: run, step, metric, value.",
    ".png": "PNG: a picture of the curves (needs the extra nnsim[plot]).",
    ".svg": "SVG: a picture of the curves (needs the extra nnsim[plot]).",
    ".pdf": "PDF: a picture of the curves (needs the extra nnsim[plot]).",
}


class ExportScreen(Dialog[Export]):
    """Asks for a file; dismissed with an `Export`."""

    DEFAULT_CSS = """
    ExportScreen Input {
        margin-top: 1; border: none; height: 1; padding: 0 1; background: $raised;
    }
    ExportScreen Input:focus { border: none; background: $raised; }
    """
    HINTS = (Hint("Enter", "write", "submit"),)
    DETAIL = 0
    AUTO_FOCUS = "Input"

    def __init__(self, frame: Frame) -> None:
        runs = len(frame.runs)
        what = "the run" if runs == 1 else f"all {runs} runs"
        super().__init__("Write the runs", frame.card.name, f"A file for {what}:")
        self.first = f"{frame.card.name}.json"

    def body(self) -> Iterable[Widget]:
        """Return the line to type in."""
        yield Input(self.first)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say how it would be written."""
        self._outcome(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write."""
        event.stop()
        self.action_submit()

    def _outcome(self, text: str) -> bool:
        path = Path(text.strip()).expanduser()
        if not text.strip() or path.suffix.lower() not in KNOWN:
            self.tell(f"The name ends in one of {', '.join(KNOWN)}.", error=bool(text.strip()))
            return False
        there = "  Replaces the file that is there." if path.is_file() else ""
        self.tell(KNOWN[path.suffix.lower()] + there)
        return True

    def action_submit(self) -> None:
        """Close with the command."""
        text = self.query_one(Input).value
        if self._outcome(text):
            self.dismiss(Export(Path(text.strip()).expanduser()))
