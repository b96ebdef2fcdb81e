"""What drawn widgets share: strips are kept until the drawing, the size or the look changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.style import Style
from textual.filter import ANSIToTruecolor, LineFilter
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from nnsim.tui.drawing.ground import seated
from nnsim.tui.look import Look

Draw = Callable[[Look, int, int], list[Strip]]


def look_of_app(widget: Widget) -> Look:
    """Return how the app draws now; a plain look in an app that does not say."""
    return getattr(widget.app, "look", None) or Look()


class DrawnWidget(Widget):
    """Shows what `lines` returns; kept until the data, the size or the look change.

    Drawings leave the background open: it is the widget's own.
    """

    ALLOW_SELECT = False

    _drawn_for: tuple[Look, int, int] | None = None
    _strips: list[Strip]
    _ground: Style | None = None
    _laid: dict[int, Strip]
    """Lines on the background, by their number."""

    @property
    def look(self) -> Look:
        """How to draw now."""
        return look_of_app(self)

    def lines(self, look: Look, width: int, height: int) -> list[Strip]:
        """Return the picture: at most `height` strips of `width` cells."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw anew: the data have changed."""
        self._drawn_for = None
        self.refresh()

    def notify_style_update(self) -> None:
        """Forget the background: the theme or a style may have changed."""
        self._ground, self._laid = None, {}
        super().notify_style_update()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return lines of the picture on the present background.

        Textual works out borders, padding and filters anew for each line; of a playing run that
        takes longer than the drawing, and most pictures have none of them.
        """
        if any(self.gutter) or self.opacity < 1 or self.get_line_filters():
            return super().render_lines(crop)
        width = self.size.width
        lines = [self.render_line(y) for y in crop.line_range]
        if crop.x or crop.width != width:
            lines = [line.crop(crop.x, crop.right) for line in lines]
        return lines

    def render_line(self, y: int) -> Strip:
        """Return a line of the picture."""
        width, height = self.size
        key = self.look, width, height
        if key != self._drawn_for:
            self._strips, self._drawn_for, self._laid = self.lines(*key), key, {}
        if self._ground is None:
            self._ground, self._laid = self.rich_style, {}
        line = self._laid.get(y)
        if line is None:
            ground = self._ground
            blank = y >= len(self._strips)
            line = Strip.blank(width, ground) if blank else seated(self._strips[y], ground)
            self._laid[y] = line
        return line

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the app's filters but the one that resolves the terminal's own 16 colours.

        Drawings have none of them, and looking at each of their cells again takes longer than
        drawing them.
        """
        filters = super().get_line_filters()
        return [each for each in filters if not isinstance(each, ANSIToTruecolor)]


class Drawn(DrawnWidget):
    """Shows what a function draws."""

    def __init__(self, draw: Draw | None = None, **options: Any) -> None:
        super().__init__(**options)
        self._draw = draw

    def draw(self, draw: Draw) -> None:
        """Show another picture."""
        self._draw = draw
        self.redraw()

    def lines(self, look: Look, width: int, height: int) -> list[Strip]:
        """Return what the function draws."""
        return self._draw(look, width, height) if self._draw else []
