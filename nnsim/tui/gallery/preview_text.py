"""The preview of a scenario as lines: what it is about, its network, what to look for."""

from __future__ import annotations

import textwrap

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nnsim.tui.drawing.text import clip
from nnsim.tui.gallery.details import Details, NetworkSketch
from nnsim.tui.gallery.entries import Entry, plain, topic_line
from nnsim.tui.gallery.network_picture import network_picture
from nnsim.tui.look import Look

WIDEST = 84
"""Cells of a line of text; longer ones are hard to read."""
_INDENT = 2


def preview_lines(entry: Entry, details: Details | None, look: Look, width: int) -> list[Strip]:
    """Return what is shown beside the list, `width` cells wide."""
    width = min(max(width, 12), WIDEST)
    text, muted = look.ink(look.text), look.ink(look.muted)
    bold = look.ink(look.text, bold=True)
    if entry.error:
        return _broken(entry, look, width)
    lines = _wrapped(entry.title, bold, width)
    for topic in entry.topics:
        lines += _wrapped(topic_line(topic), muted, width)
    lines += [_EMPTY, *_wrapped(entry.summary, text, width)]
    if details is None:
        return lines
    if details.network:
        lines += _headed("Network", look)
        lines += _network(details.network, look, width)
    if details.setup:
        lines += _headed("Setting", look)
        for line in details.setup:
            lines += _wrapped(line, text, width, _INDENT)
    if details.look_for:
        lines += _headed("Look for", look)
        for sentence in details.look_for:
            lines += _bullet(sentence, look, width)
    if len(details.variants) > 1:
        lines += _headed("Variants", look)
        lines += _variants(details, look, width)
    counts = [
        _counted(details.lessons, "lesson stop"),
        _counted(details.expectations, "expectation"),
    ]
    counts[1] += " checked by nnsim run" if details.expectations else ""
    lines += [_EMPTY]
    for facts in (details.facts, tuple(count for count in counts if count), (_name(entry),)):
        lines += _wrapped(", ".join(facts), muted, width) if facts else []
    return lines


_EMPTY = Strip([])


def _name(entry: Entry) -> str:
    return entry.name if entry.shipped else plain(str(entry.path))


def _broken(entry: Entry, look: Look, width: int) -> list[Strip]:
    lines = _wrapped(entry.title or entry.name, look.ink(look.text, bold=True), width)
    lines += [_EMPTY, *_wrapped("This file cannot be read.", look.ink(look.text), width), _EMPTY]
    for problem in entry.error.splitlines():
        lines += _wrapped(plain(problem), look.ink(look.error), width)
    advice = "Mend it and open it with Enter: it is read again. The other scenarios work."
    return [*lines, _EMPTY, *_wrapped(advice, look.ink(look.muted), width)]


def _headed(title: str, look: Look) -> list[Strip]:
    return [_EMPTY, Strip([Segment(title, look.ink(look.text, bold=True))])]


def _network(network: NetworkSketch, look: Look, width: int) -> list[Strip]:
    lines = _wrapped(network.line, look.ink(look.text), width, _INDENT)
    picture = network_picture(network, look, width - _INDENT)
    space = Segment(" " * _INDENT)
    return [*lines, _EMPTY, *(Strip([space, *strip]) for strip in picture)] if picture else lines


def _bullet(text: str, look: Look, width: int) -> list[Strip]:
    lines = _wrapped(text, look.ink(look.text), width, 2 * _INDENT)
    mark = Segment("  - ", look.ink(look.muted))
    first = lines[0]
    return [Strip([mark, *list(first)[1:]]), *lines[1:]]


def _variants(details: Details, look: Look, width: int) -> list[Strip]:
    """Return names in a column with what they are beside them, or below where it is narrow."""
    normal, muted = look.ink(look.text), look.ink(look.muted)
    longest = max(len(variant.name) for variant in details.variants)
    column = longest + 4 if longest + 4 <= width // 3 else 0
    lines: list[Strip] = []
    for variant in details.variants:
        name = clip(variant.name, width - _INDENT, ascii=look.ascii)
        indent = column or 2 * _INDENT
        texts = _wrapped(variant.summary, muted, width, indent)
        if variant.network:
            texts += _wrapped(variant.network.line, muted, width, indent)
        if column:
            head = Segment(" " * _INDENT + name.ljust(column - _INDENT), normal)
            first = list(texts[0])[1:] if texts else []
            lines += [Strip([head, *first]), *texts[1:]]
        else:
            lines += [Strip([Segment(" " * _INDENT + name, normal)]), *texts]
    return lines


def _wrapped(text: str, style: Style, width: int, indent: int = 0) -> list[Strip]:
    """Return the text as lines of at most `width` cells, the indent a segment of its own."""
    lines = textwrap.wrap(text, max(width - indent, 8), break_on_hyphens=False) if text else []
    space = [Segment(" " * indent)] if indent else []
    return [Strip([*space, Segment(line, style)]) for line in lines]


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}" if count else ""
