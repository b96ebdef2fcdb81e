"""Bare Textual apps, the toolkit's own limits: `python -m benchmarks.bare_app [repaint]`.

The one that repaints begins and stops at the space bar.
"""

from __future__ import annotations

import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.widgets import Static

READY = "bare and ready"
FRAME = "frame"


class BareApp(App[None]):
    """Some words and nothing else."""

    def compose(self) -> ComposeResult:
        """Show them."""
        yield Static(READY)


def repainting() -> type[App[None]]:
    """Return an app that paints every cell anew, in changing colours, as often as it can."""
    from rich.segment import Segment
    from rich.style import Style
    from textual.strip import Strip
    from textual.widget import Widget

    styles = [Style(color=f"#{shade:02x}80c0", bgcolor=f"#2030{shade:02x}") for shade in range(256)]

    class Cells(Widget):
        """A segment every four cells, as coloured panels have."""

        count = 0

        def on_mount(self) -> None:
            # More often than Textual paints, which is 60 times a second at most.
            self.timer = self.set_interval(1 / 120, self.again, pause=True)

        def again(self) -> None:
            self.refresh()

        def render_line(self, y: int) -> Strip:
            if y == 0:
                self.count += 1
                return Strip([Segment(f"{FRAME} {self.count} ".ljust(self.size.width))])
            begin = 7 * y + 3 * self.count
            cells = [
                Segment("abcd", styles[(begin + 5 * x) % 256]) for x in range(self.size.width // 4)
            ]
            return Strip(cells).adjust_cell_length(self.size.width)

    class RepaintingApp(App[None]):
        CSS = "Cells { width: 100%; height: 100%; }"
        BINDINGS: ClassVar = [("space", "toggle_painting", "Paint")]
        painting = False

        def compose(self) -> ComposeResult:
            yield Cells()

        def action_toggle_painting(self) -> None:
            self.painting = not self.painting
            timer = self.query_one(Cells).timer
            timer.resume() if self.painting else timer.pause()

    return RepaintingApp


if __name__ == "__main__":
    (repainting() if sys.argv[1:] == ["repaint"] else BareApp)().run()
