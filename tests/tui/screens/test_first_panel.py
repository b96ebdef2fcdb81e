"""`[scenario] panel`: what a scenario looks at first, in a lab that has just been opened."""

import pytest

from tests.tui.screens.laboratory import SCENARIO, Lab, Laboratory
from tests.tui.screens.test_lab import seen
from tests.tui.shared import Shared


def opened(folder, panel, look, size=(80, 24)):
    """Open a scenario that names a panel, in an app of its own; press nothing; look."""
    text = SCENARIO.replace('topic = "B10"\n', f'topic = "B10"\n{panel}\n', 1)
    assert text != SCENARIO
    laboratory = Laboratory(folder, text)
    shared = Shared(laboratory._make, size)

    async def walk(app, pilot):
        lab = Lab(app, pilot)
        app.open_scenario(laboratory.source)
        await pilot.pause()
        await lab.until(lambda: lab.screen.frame is not None, "the scenario")
        return await look(lab)

    try:
        return shared.do(walk)
    finally:
        shared.stop()


def test_where_one_panel_is_seen_the_boundary_is_it_and_is_drawn(tmp_path):
    async def look(lab):
        await lab.until(lambda: lab.run.boundary is not None, "the boundary")
        await lab.settle()
        # The cost stands, slim, beside it.
        assert lab.screen.chosen == 3 and seen(lab) == [3, 1]
        panel = lab.panel("boundary")
        columns, rows = panel.samples
        assert columns > 20 and lab.run.boundary.answers.shape[1:] == (rows, columns)
        assert "[3 boundary]" in lab.text and "x1" in lab.text and "x2" in lab.text
        await lab.press("1")
        assert seen(lab) == [1]

    opened(tmp_path, "panel = 3", look)


@pytest.mark.parametrize(
    ("panel", "chosen", "tab"), [("panel = 2", 2, "[2 layers]"), ("", 1, "[1 cost]")]
)
def test_other_panels_and_none(tmp_path, panel, chosen, tab):
    async def look(lab):
        await lab.settle()
        assert lab.screen.chosen == chosen and tab in lab.text

    opened(tmp_path, panel, look)


def test_where_all_panels_are_seen_it_is_the_chosen_one(tmp_path):
    async def look(lab):
        await lab.settle()
        (panel,) = lab.screen.query("#panels > .-chosen")
        assert panel.number == 3 and len(seen(lab)) > 5

    opened(tmp_path, "panel = 3", look, size=(120, 40))
