"""The phase strip in an app: where a click leads."""

import pytest

from nnsim.tui.widgets.phase_strip import PhaseStrip
from tests.tui import made
from tests.tui.stage import StageApp, lines_of, play


def clicked(word, run):
    strip = PhaseStrip()

    async def walk(pilot):
        strip.show(made.frame(run))
        await pilot.pause()
        await pilot.click(strip, offset=(lines_of(strip)[0].index(word), 0))

    app = play(StageApp(strip), walk, size=(120, 10))
    return [(message.number, message.seek) for message in app.posted(PhaseStrip.Picked)]


@pytest.mark.parametrize(
    ("word", "phase", "number", "seek"),
    [
        ("Z2", 7, 2, (128, 3)),
        ("update", 7, 9, (129, 0)),
        ("Z2", 0, 2, (127, 3)),
        ("update", 0, 9, (128, 0)),
    ],
)
def test_a_click_leads_to_where_the_phase_has_just_been_done(word, phase, number, seek):
    assert clicked(word, made.run(phase=phase)) == [(number, seek)]


def test_before_the_first_step_a_click_leads_into_it():
    assert clicked("batch", made.run(step=0)) == [(0, (0, 1))]


def test_the_lit_phase_follows_the_frames_and_the_network():
    strip = PhaseStrip()
    lines = []

    async def walk(pilot):
        for run in (
            made.run(phase=1),
            made.run(phase=2),
            made.run(phase=2, network=made.network((2, 3, 1))),
        ):
            strip.show(made.frame(run))
            await pilot.pause()
            lines.append(lines_of(strip)[0].rstrip())

    play(StageApp(strip), walk, size=(120, 10))
    assert lines[0].startswith("[batch]> Z1 A1 > Z2 A2 > Z3 A3 > J")
    assert lines[1].startswith(" batch >[Z1 A1]> Z2 A2 > Z3 A3 > J")
    assert lines[2].startswith(" batch >[Z1 A1]> Z2 A2 > J")


def test_hovering_names_the_phase():
    strip = PhaseStrip()
    found = []

    async def walk(pilot):
        strip.show(made.frame(made.run(phase=1)))
        await pilot.pause()
        await pilot.hover(strip, offset=(lines_of(strip)[0].index("dZ2"), 0))
        found.append(strip.tooltip)

    play(StageApp(strip), walk, size=(120, 10))
    assert found == ["backward 2"]
