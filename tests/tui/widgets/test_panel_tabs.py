"""The panels by number on one line."""

import pytest

from nnsim.tui.look import Look
from nnsim.tui.panels import PANELS
from nnsim.tui.widgets.panel_tabs import PanelTabs
from tests.tui.stage import StageApp, lines_of, play

NAMES = [(place.number, place.short) for place in PANELS["training"]]


def text_of(width, chosen=1, look=None):
    tabs = PanelTabs(NAMES)
    tabs.choose(chosen)
    (strip,) = tabs.lines(look or Look(), width, 1)
    assert strip.cell_length == width
    return strip.text


@pytest.mark.parametrize("width", [60, 80, 99, 200])
@pytest.mark.parametrize("chosen", range(1, 10))
def test_all_numbers_are_seen_and_one_is_lit(width, chosen):
    text = text_of(width, chosen)
    for number, _ in NAMES:
        assert f" {number} " in text or f"[{number} " in text
    assert text.count("[") == text.count("]") == 1 and f"[{chosen} " in text
    assert text.isascii()


def test_names_are_whole_where_there_is_room_and_short_where_not():
    assert "3 boundary" in text_of(80) and "9 surface" in text_of(80)
    narrow = text_of(60)
    assert "boundary" not in narrow and "3 bou " in narrow
    assert text_of(30).strip()


def test_the_lit_one_is_seen_without_colours():
    tabs = PanelTabs(NAMES)
    (strip,) = tabs.lines(Look(color=False), 80, 1)
    assert "[1 cost]" in strip.text
    assert not any(segment.style and segment.style.color for segment in strip)


@pytest.mark.parametrize("width", [60, 80])
def test_every_tab_can_be_clicked_at_both_ends(width):
    tabs = PanelTabs(NAMES)
    clicked = []

    async def walk(pilot):
        for start, end, number, _ in tabs._spans(width):
            for x in (start, min(end, width) - 1):
                clicked.append(number)
                await pilot.click(tabs, offset=(x, 0))

    app = play(StageApp(tabs), walk, (width, 24))
    assert [message.number for message in app.posted(PanelTabs.Picked)] == clicked


def test_another_one_is_lit():
    tabs = PanelTabs(NAMES)
    seen = []

    async def walk(pilot):
        tabs.choose(3)
        await pilot.pause()
        seen.append(lines_of(tabs)[0])

    play(StageApp(tabs), walk)
    assert "[3 boundary]" in seen[0]
