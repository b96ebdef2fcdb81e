"""Every panel shows every frame in every look and size, in every view."""

import pytest

from nnsim.tui.panels import PANELS
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.cost import CostPanel
from nnsim.tui.panels.formula import FormulaPanel
from nnsim.tui.worker import faults
from tests.tui.odd import ODD, SECRET, secret

PLACES = {place.name: place for place in PANELS["training"]}
VIEWS = {"LayersPanel": 6, "ActivationsPanel": 4, "CostPanel": 3, "GradientCheckPanel": 3}
VIEWS |= {"WeightsPanel": 2, "GradientsPanel": 3, "UpdatesPanel": 3}
LOOKS = {
    "dark": {},
    "ascii": {"ascii": True},
    "no colours": {"color": False},
    "light": {"theme": "nnsim-light"},
}


def panel(name):
    return FormulaPanel(0) if name == "FormulaPanel" else PLACES[name].make()


NAMES = [*PLACES, "FormulaPanel"]


@pytest.mark.parametrize("name", NAMES)
def test_every_frame_can_be_shown(stage, name):
    """Whatever the moment and the size, nothing breaks and the panel's title stays."""
    shown = panel(name)

    async def walk(app, pilot):
        looks = {(14, 5): Attention(), (40, 14): Attention(layer=3, log=True, parts=True)}
        for size, attention in looks.items():
            await pilot.resize_terminal(*size)
            for kind, make in ODD.items():
                frame = make()
                for _ in range(2):
                    shown.show(frame, attention)
                    await pilot.pause()
                    assert app._exception is None, (kind, size)
                    shown.next_view()
                assert shown.border_title

    stage.do(shown, walk)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", NAMES)
def test_every_view_at_every_size(stage, name, look):
    sizes = ((14, 5), (30, 12), (120, 40)) if look == "dark" else ((40, 14),)
    texts = stage.at_sizes(
        panel(name), ODD["asked for"](), views=VIEWS.get(name, 1), sizes=sizes, **LOOKS[look]
    )
    for (_, (width, _)), text in texts.items():
        assert all(len(line) <= width for line in text.splitlines())
        assert len(text) > 3 * width
        if look == "ascii":
            assert text.isascii(), text


@pytest.mark.parametrize("name", NAMES)
def test_a_hidden_bug_shows_nowhere(stage, name):
    fact = faults.FACTS[SECRET.kind]
    texts = stage.at_sizes(panel(name), secret(), views=VIEWS.get(name, 1), sizes=((120, 40),))
    for text in texts.values():
        for words in (SECRET.kind, fact.title, fact.sentence, "fault", "sign"):
            assert words.lower() not in text.lower()


def test_numbers_are_the_keys_that_show_panels():
    assert [place.number for place in PANELS["training"]] == list(range(1, 10))
    for place in PANELS["training"]:
        made = place.make()
        assert made.number == place.number
        assert made.border_title.startswith(f"{place.number} ")
        assert made.NAME


def test_a_panel_is_chosen_by_a_click(stage):
    panel = CostPanel(1)

    async def walk(app, pilot):
        await pilot.click(panel, offset=(2, 0))
        await pilot.pause()
        (chosen,) = app.posted(CostPanel.Chosen)
        assert chosen.panel is panel

    stage.do(panel, walk)
