import locale

import pytest
from textual.theme import BUILTIN_THEMES

from nnsim.tui.contrast import blend, contrast, readable
from nnsim.tui.settings import Settings
from nnsim.tui.themes import (
    LOOKS,
    MARK_CONTRAST,
    TEXT_CONTRAST,
    ascii_only,
    look_of,
    themes,
    variables_of,
)

ALL = {theme.name: theme for theme in (*themes(), *BUILTIN_THEMES.values())}
WORDS = ("text", "muted", "accent", "warning", "error", "good")


@pytest.mark.parametrize("name", ALL)
def test_what_is_read_can_be_read(name):
    look = look_of(ALL[name], Settings(), no_color=False)
    for word in WORDS:
        assert contrast(getattr(look, word), look.background) >= TEXT_CONTRAST, word


@pytest.mark.parametrize("name", ALL)
def test_lines_and_marks_can_be_seen(name):
    look = look_of(ALL[name], Settings(), no_color=False)
    for color in (*look.series, *look.classes, look.negative, look.positive):
        assert contrast(color, look.background) >= MARK_CONTRAST, color


@pytest.mark.parametrize("name", LOOKS)
def test_the_chosen_line_can_be_read(name):
    look = LOOKS[name]
    chosen = variables_of(look)["chosen"]
    for color in (look.text, look.error, look.accent):
        assert contrast(color, chosen) >= TEXT_CONTRAST, color


@pytest.mark.parametrize("name", LOOKS)
def test_our_series_and_classes_differ(name):
    look = LOOKS[name]
    assert len(set(look.series)) == len(look.series)
    assert len(set(look.classes)) == len(look.classes)


def test_high_contrast_is_higher():
    dark, high = LOOKS["nnsim-dark"], LOOKS["nnsim-contrast"]
    for word in WORDS:
        one = contrast(getattr(dark, word), dark.background)
        assert contrast(getattr(high, word), high.background) > one


def test_there_is_a_light_one():
    assert not LOOKS["nnsim-light"].dark and LOOKS["nnsim-dark"].dark


def test_our_themes_have_one_accent():
    for theme in themes():
        assert theme.primary == theme.accent == LOOKS[theme.name].accent


def test_settings_and_no_color_are_in_the_look():
    theme = ALL["nnsim-dark"]
    look = look_of(theme, Settings(glyphs="ascii", bandwidth="low"), no_color=True)
    assert (look.ascii, look.color, look.fine) == (True, False, False)
    look = look_of(theme, Settings(glyphs="unicode"), no_color=False)
    assert (look.ascii, look.color, look.fine) == (False, True, True)


@pytest.mark.parametrize(
    ("term", "encoding", "ascii"),
    [
        ("xterm-256color", "UTF-8", False),
        ("linux", "UTF-8", True),
        ("dumb", "utf-8", True),
        ("xterm", "ISO-8859-1", True),
        ("xterm", "ANSI_X3.4-1968", True),
    ],
)
def test_terminals_without_the_glyphs_get_ascii(monkeypatch, term, encoding, ascii):
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(locale, "getencoding", lambda: encoding)
    assert ascii_only(Settings()) is ascii
    assert ascii_only(Settings(glyphs="unicode")) is False
    assert ascii_only(Settings(glyphs="ascii")) is True


def test_a_browser_has_all_glyphs(monkeypatch):
    monkeypatch.setenv("TEXTUAL_DRIVER", "textual.drivers.web_driver:WebDriver")
    monkeypatch.setenv("TERM", "dumb")
    assert ascii_only(Settings()) is False


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


def test_readable_keeps_what_can_be_read_and_moves_the_rest():
    assert readable("#ffffff", "#000000", 4.5) == "#ffffff"
    moved = readable("#333333", "#222222", 4.5)
    assert moved != "#333333" and contrast(moved, "#222222") >= 4.5
    assert blend("#000000", "#ff0000", 1) == "#ff0000"
