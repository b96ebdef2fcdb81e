"""nnsim's own themes, and the `Look` that belongs to a theme: one accent, contrasts that hold."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from dataclasses import replace

from textual.color import Color, ColorParseError
from textual.theme import Theme

from nnsim.tui.contrast import blend, chosen_ground, contrast, raised_ground, readable
from nnsim.tui.look import Look
from nnsim.tui.settings import Settings

DEFAULT = "nnsim-dark"

TEXT_CONTRAST = 4.5
"""Least contrast of anything that is read."""
MARK_CONTRAST = 3.0
"""Least contrast of lines and marks."""

_DARK = Look()

_LIGHT = Look(
    dark=False,
    background="#fbfaf7",
    text="#22262c",
    muted="#646a73",
    faint="#d5d3cc",
    accent="#9a5a00",
    warning="#a8481c",
    error="#b3261e",
    good="#1f7a4d",
    negative="#2b6cb0",
    neutral="#efede7",
    positive="#c2570c",
    series=(
        "#9a5a00", "#1f6fb5", "#1f7a4d", "#a0418a", "#b8431a", "#5f6f14", "#5b49c4", "#5a6069",
    ),
    classes=(
        "#1f6fb5", "#c2570c", "#1f7a4d", "#a0418a", "#8a6d00", "#5b49c4", "#b3261e", "#0f7480",
        "#7a5c2e", "#5a6069",
    ),
)  # fmt: skip

_CONTRAST = Look(
    background="#000000",
    text="#ffffff",
    muted="#cfd3d8",
    faint="#7a7f87",
    accent="#ffd60a",
    warning="#ff9f5a",
    error="#ff8a80",
    good="#6df0a8",
    negative="#6cc0ff",
    neutral="#202020",
    positive="#ff9d3c",
    series=(
        "#ffd60a", "#6cc0ff", "#6df0a8", "#ff9de6", "#ff9f5a", "#d2f26a", "#c0b2ff", "#ffffff",
    ),
    classes=(
        "#6cc0ff", "#ff9d3c", "#6df0a8", "#ff9de6", "#ffe45c", "#c0b2ff", "#ff8a80", "#8ff0f5",
        "#e8cfa0", "#ffffff",
    ),
)  # fmt: skip

LOOKS: Mapping[str, Look] = {
    DEFAULT: _DARK,
    "nnsim-light": _LIGHT,
    "nnsim-contrast": _CONTRAST,
}
"""Theme name to look, of our own themes."""


def themes() -> tuple[Theme, ...]:
    """Return nnsim's own themes."""
    return tuple(_theme(name, look) for name, look in LOOKS.items())


def look_of(theme: Theme, settings: Settings, no_color: bool) -> Look:
    """Return how to draw under a theme, also one of Textual's own."""
    look = LOOKS.get(theme.name) or _derived(theme)
    return replace(
        look,
        ascii=ascii_only(settings),
        color=not no_color,
        fine=settings.bandwidth != "low",
    )


def ascii_only(settings: Settings) -> bool:
    """Tell whether only ASCII is drawn: as the user says, else as the terminal seems to be."""
    if settings.glyphs:
        return settings.glyphs == "ascii"
    if "web_driver" in os.environ.get("TEXTUAL_DRIVER", ""):
        return False
    if os.environ.get("TERM", "") in ("linux", "dumb", "vt100", "vt220"):
        return True
    encoding = locale.getencoding().lower().replace("-", "").replace("_", "")
    return os.name != "nt" and encoding != "utf8"


def _theme(name: str, look: Look) -> Theme:
    """Return the Textual theme of a look: flat, with the accent only where the focus is."""
    raised = raised_ground(look)
    chosen = chosen_ground(look)
    return Theme(
        name=name,
        primary=look.accent,
        secondary=look.muted,
        accent=look.accent,
        warning=look.warning,
        error=look.error,
        success=look.good,
        foreground=look.text,
        background=look.background,
        surface=look.background,
        panel=raised,
        dark=look.dark,
        variables={
            "muted": look.muted,
            "faint": look.faint,
            "chosen": chosen,
            "raised": raised,
            "border": look.accent,
            "border-blurred": look.faint,
            "block-cursor-foreground": look.text,
            "block-cursor-background": chosen,
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-foreground": look.text,
            "block-cursor-blurred-background": raised,
            "block-hover-background": raised,
            "input-cursor-background": look.accent,
            "input-cursor-foreground": look.background,
            "input-selection-background": chosen,
            "scrollbar": look.faint,
            "scrollbar-hover": look.muted,
            "scrollbar-active": look.accent,
            "scrollbar-background": look.background,
            "scrollbar-background-hover": look.background,
            "scrollbar-background-active": look.background,
            "scrollbar-corner-color": look.background,
            "link-color": look.accent,
            "link-style": "none",
            "link-color-hover": look.accent,
            "link-style-hover": "underline",
            "link-background-hover": look.background,
        },
    )


def variables_of(look: Look) -> dict[str, str]:
    """Return the style sheet's own variables, which Textual's own themes lack."""
    return {
        "muted": look.muted,
        "faint": look.faint,
        "raised": raised_ground(look),
        "chosen": chosen_ground(look),
    }


def _derived(theme: Theme) -> Look:
    """Return a look of a foreign theme: its colours, moved until they can be read."""
    base = _DARK if theme.dark else _LIGHT
    colors = theme.to_color_system().generate()
    background = _hex(colors.get("background"), base.background)
    text = readable(_hex(colors.get("foreground"), base.text), background, TEXT_CONTRAST)

    def word(name: str, default: str) -> str:
        return readable(_hex(colors.get(name), default), background, TEXT_CONTRAST)

    def mark(color: str) -> str:
        return readable(color, background, MARK_CONTRAST)

    accent = word("accent", base.accent)
    return Look(
        dark=contrast(background, "#ffffff") > contrast(background, "#000000"),
        background=background,
        text=text,
        muted=readable(blend(background, text, 0.55), background, TEXT_CONTRAST),
        faint=blend(background, text, 0.2),
        accent=accent,
        warning=word("warning", base.warning),
        error=word("error", base.error),
        good=word("success", base.good),
        negative=mark(base.negative),
        neutral=blend(background, text, 0.08),
        positive=mark(base.positive),
        series=(accent, *map(mark, base.series[1:])),
        classes=tuple(map(mark, base.classes)),
    )


def _hex(color: str | None, default: str) -> str:
    """Return a theme's colour as "#rrggbb"; the default for what only the terminal knows."""
    if not color or "ansi" in color:
        return default
    try:
        parsed = Color.parse(color)
    except ColorParseError:
        return default
    return parsed.hex6.lower() if parsed.ansi is None else default
