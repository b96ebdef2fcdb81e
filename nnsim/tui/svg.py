"""What Textual exports, made to stand alone: no font from the net, and none needed for lines.

Fonts differ in the width of Braille dots and leave seams between blocks. So dots, blocks and
lines are drawn here, and only letters and marks stay text, in whatever monospace font there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape

WIDTH, HEIGHT = 12.2, 24.4
"""A cell, in units of the picture."""
ASCENT = 18.5
"""From a cell's upper edge to the baseline of its text."""
FONTS = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"

_FONT_FACE = re.compile(r"\s*@font-face \{.*?\n    \}", re.DOTALL)
_STYLE = re.compile(r"\.(\S+-r\d+) \{ fill: (#[0-9a-f]{6})")
_TEXT = re.compile(
    r'<text class="(?P<name>\S+-r\d+)" x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" '
    r'textLength="[\d.]+" clip-path="(?P<clip>[^"]+)">(?P<text>[^<]*)</text>'
)

# Where the lines of a box go to from the middle of the cell.
_ARMS = {
    "─": "lr", "━": "lr", "│": "ud", "┃": "ud", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu",
    "├": "udr", "┤": "udl", "┬": "lrd", "┴": "lru", "┼": "lrud",
}  # fmt: skip
_ENDS = {"l": (0.0, 0.5), "r": (1.0, 0.5), "u": (0.5, 0.0), "d": (0.5, 1.0)}
_CORNERS = {"╭": "rd", "╮": "ld", "╰": "ru", "╯": "lu"}
_HEAVY = "━┃"
_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
_SPACE = "\xa0"


def self_contained(svg: str) -> str:
    """Return a picture that loads nothing, and looks the same with every font."""
    colors = dict(_STYLE.findall(svg))
    svg = _FONT_FACE.sub("", svg)
    svg = svg.replace("font-family: Fira Code, monospace", f"font-family: {FONTS}")
    svg = svg.replace("font-family: arial", "font-family: sans-serif")
    svg = _TEXT.sub(lambda found: _redrawn(found, colors), svg)
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def words_of(svg: str) -> str:
    """Return the text of a picture, a line a run of cells in one colour."""
    found = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    return "\n".join(unescape(text).replace(_SPACE, " ") for text in found)


def _redrawn(found: re.Match[str], colors: dict[str, str]) -> str:
    """Return a run of cells as shapes, and as text what is no shape."""
    left, baseline = float(found["x"]), float(found["y"])
    color, top = colors[found["name"]], baseline - ASCENT
    pieces: list[str] = []
    for start, kind, run in _runs(unescape(found["text"])):
        x = left + start * WIDTH
        if kind == "block":
            path = "".join(_block(x + k * WIDTH, top, sign) for k, sign in enumerate(run))
            pieces.append(f'<path fill="{color}" d="{path}"/>')
        elif kind == "dots":
            path = "".join(_dots(x + k * WIDTH, top, sign) for k, sign in enumerate(run))
            pieces.append(_stroke(path, color, 3.2, "round"))
        elif kind in ("line", "heavy"):
            path = "".join(_line(x + k * WIDTH, top, sign) for k, sign in enumerate(run))
            pieces.append(_stroke(path, color, 3.0 if kind == "heavy" else 1.5, "butt"))
        elif kind == "text":
            text = escape(run, quote=False).replace(_SPACE, "&#160;")
            pieces.append(
                f'<text class="{found["name"]}" x="{_short(x)}" y="{_short(baseline)}" '
                f'textLength="{_short(len(run) * WIDTH)}" clip-path="{found["clip"]}">{text}</text>'
            )
    return "".join(pieces)


def _runs(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield neighbours of one kind: their place, kind and signs; spaces only inside texts."""
    pattern = (
        r"(?P<block>[\u2580-\u2590]+)|(?P<dots>[\u2800-\u28ff]+)"
        rf"|(?P<heavy>[{_HEAVY}]+)|(?P<line>[{''.join({**_ARMS, **_CORNERS})}]+)"
        rf"|(?P<space>{_SPACE}{{2,}})|(?P<text>.[^\u2580-\u2590\u2800-\u28ff─-╰]*)"
    )
    for found in re.finditer(pattern, text):
        run = found[0]
        if found.lastgroup == "text":
            run = run.rstrip(_SPACE)
        if run:
            yield found.start(), found.lastgroup or "", run


def _block(x: float, y: float, sign: str) -> str:
    """Return the path of a block: an eighth to the whole of a cell."""
    x0, y0, x1, y1 = x, y, x + WIDTH, y + HEIGHT
    number = ord(sign) - 0x2580
    if number == 0:
        y1 = y + HEIGHT / 2
    elif number <= 8:
        y0 = y1 - HEIGHT * number / 8
    elif number <= 15:
        x1 = x + WIDTH * (16 - number) / 8
    else:
        x0 = x + WIDTH / 2
    # A little over the edges below and at the right, or seams shine through.
    x1, y1 = x1 + 0.2, y1 + (0.2 if y1 > y + HEIGHT - 1 else 0)
    return f"M{_short(x0)} {_short(y0)}H{_short(x1)}V{_short(y1)}H{_short(x0)}Z"


def _dots(x: float, y: float, sign: str) -> str:
    """Return the path of a Braille sign: a point for each dot."""
    bits = ord(sign) - 0x2800
    return "".join(
        f"M{_short(x + WIDTH * (0.25 + 0.5 * column))} {_short(y + HEIGHT * (row + 0.5) / 4)}h0"
        for bit, (column, row) in enumerate(_DOTS)
        if bits >> bit & 1
    )


def _line(x: float, y: float, sign: str) -> str:
    """Return the path of a sign of boxes."""
    middle = f"{_short(x + WIDTH / 2)} {_short(y + HEIGHT / 2)}"

    def end(arm: str) -> str:
        across, down = _ENDS[arm]
        return f"{_short(x + across * WIDTH)} {_short(y + down * HEIGHT)}"

    if sign in _CORNERS:
        arms = _CORNERS[sign]
        return f"M{end(arms[0])}Q{middle} {end(arms[1])}"
    arms = _ARMS[sign]
    if arms in ("lr", "ud"):
        return f"M{end(arms[0])}L{end(arms[1])}"
    return "".join(f"M{middle}L{end(arm)}" for arm in arms)


def _stroke(path: str, color: str, width: float, cap: str) -> str:
    return (
        f'<path fill="none" stroke="{color}" stroke-width="{width}" '
        f'stroke-linecap="{cap}" d="{path}"/>'
    )


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
