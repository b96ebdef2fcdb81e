"""A picture of coloured cells, and its way into strips: runs found by numpy, a segment a run.

Colours are numbers of a `Palette`, so that a picture is a few small integer arrays. Styles and the
segments of single cells are made once a palette and used again in every frame.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nnsim.tui.drawing.colors import LEGIBLE, LINES_LEGIBLE, legible
from nnsim.tui.look import Look

NONE, TEXT, MUTED, FAINT, ACCENT, ERROR = range(6)
"""Numbers of the colours that every palette has; NONE is the widget's own."""
CLASS = 6
"""Number of the first class's colour; those of the series follow."""

UPPER, LOWER, BLANK = ord("▀"), ord("▄"), ord(" ")


class Palette:
    """Colours by number: the look's own, its classes, its series, then the levels of a map."""

    def __init__(self, look: Look, levels: tuple[str, ...]) -> None:
        named = ("", look.text, look.muted, look.faint, look.accent, look.error)
        self.look = look
        self.colors = (*named, *look.classes, *look.series, *levels)
        self.first_level = len(named) + len(look.classes) + len(look.series)
        self.count = len(self.colors)
        self.single = _Singles(self)
        self._styles: dict[int, Style] = {}

    def level(self, levels: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the colour numbers of a map's levels."""
        return levels + self.first_level

    def class_color(self, number: int) -> int:
        """Return the colour number of a class; classes beyond the last colour begin again."""
        return CLASS + number % len(self.look.classes)

    def series_color(self, number: int) -> int:
        """Return the colour number of a run or line; beyond the last colour they begin again."""
        return CLASS + len(self.look.classes) + number % len(self.look.series)

    def style(self, key: int) -> Style:
        """Return the style of a key: (bold, ink, ground) as `Picture.keys` packs them.

        Text and marks on a level's colour are made lighter or darker until they can be read.
        """
        style = self._styles.get(key)
        if style is None:
            rest, ground = divmod(key, self.count)
            bold, ink = divmod(rest, self.count)
            on = self.colors[ground]
            color = self.colors[ink]
            if color and on and ink < self.first_level <= ground:
                # Text turns as a whole; marks keep their hue; lines need not stand out so much.
                others = (self.look.background,) if ink == TEXT else ()
                color = legible(color, on, others, LINES_LEGIBLE if ink == MUTED else LEGIBLE)
            style = self._styles[key] = self.look.ink(color, on=on, bold=bool(bold))
        return style


class _Singles(dict[int, Segment]):
    """Segments of one cell by (key, glyph), made when first asked for."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.palette = palette

    def __missing__(self, code: int) -> Segment:
        key, glyph = code >> 21, code & 0x1FFFFF
        segment = self[code] = Segment(chr(glyph), self.palette.style(key))
        return segment


@lru_cache(maxsize=32)
def palette(look: Look, levels: tuple[str, ...]) -> Palette:
    """Return the palette of a look and a map; the same object each time."""
    return Palette(look, levels)


class Picture:
    """Cells with a glyph, an ink and a ground each, to be painted and cut into strips."""

    def __init__(self, palette: Palette, width: int, height: int) -> None:
        self.palette = palette
        self.width, self.height = max(width, 0), max(height, 0)
        shape = (self.height, self.width)
        self.glyphs = np.full(shape, BLANK, dtype=np.uint32)
        self.inks = np.zeros(shape, dtype=np.intp)
        self.grounds = np.zeros(shape, dtype=np.intp)
        self.bolds = np.zeros(shape, dtype=np.bool_)

    def write(self, x: int, y: int, text: str, ink: int = NONE, *, bold: bool = False) -> None:
        """Write text from a cell to the right, over what is there; cut at the edges."""
        if not 0 <= y < self.height or x >= self.width or x + len(text) <= 0:
            return
        text = text[max(0, -x) : self.width - x]
        x = max(0, x)
        cells = slice(x, x + len(text))
        self.glyphs[y, cells] = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
        # Where a half block was, its ground stays and its ink goes.
        self.inks[y, cells] = ink
        self.bolds[y, cells] = bold

    def paint(self, x: int, y: int, pixels: NDArray[np.intp]) -> None:
        """Paint colour numbers, two rows of pixels a line, with half blocks; NONE paints nothing.

        `x` and `y` are the cell of the first pixel; what is beyond the edges is cut.
        """
        if len(pixels) % 2:
            pixels = np.vstack([pixels, np.zeros((1, pixels.shape[1]), dtype=np.intp)])
        pixels = pixels[: 2 * (self.height - y), : self.width - x]
        upper, lower = pixels[0::2], pixels[1::2]
        area = (slice(y, y + upper.shape[0]), slice(x, x + upper.shape[1]))
        differ = upper != lower
        only_lower = upper == NONE
        self.glyphs[area] = np.where(differ, np.where(only_lower, LOWER, UPPER), BLANK)
        self.inks[area] = np.where(differ, np.where(only_lower, lower, upper), NONE)
        self.grounds[area] = np.where(only_lower & differ, NONE, lower)
        self.bolds[area] = False

    def keys(self) -> NDArray[np.intp]:
        """Return one number a cell for its style."""
        count = self.palette.count
        return (self.bolds * count + self.inks) * count + self.grounds

    def strips(self) -> list[Strip]:
        """Return the lines, each exactly as wide as the picture."""
        if not (self.width and self.height):
            return [Strip([], 0) for _ in range(self.height)]
        keys = self.keys()
        changed = np.ones(keys.shape, dtype=np.bool_)
        np.not_equal(keys[:, 1:], keys[:, :-1], out=changed[:, 1:])
        flat = keys.ravel()
        starts = np.flatnonzero(changed)
        ends = np.append(starts[1:], flat.size)
        run_keys = flat[starts]
        codes = (run_keys << 21) | self.glyphs.ravel()[starts]
        text = self.glyphs.astype("<u4").tobytes().decode("utf-32-le")
        single, style, make = self.palette.single, self.palette.style, Segment
        segments = [
            single[code] if end - start == 1 else make(text[start:end], style(key))
            for start, end, key, code in zip(
                starts.tolist(), ends.tolist(), run_keys.tolist(), codes.tolist(), strict=True
            )
        ]
        cuts = np.searchsorted(starts, np.arange(self.height + 1) * self.width).tolist()
        return [Strip(segments[first:last], self.width) for first, last in pairwise(cuts)]
