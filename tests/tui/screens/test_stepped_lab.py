"""Every key of the lab with a scenario that trains no network, with a real worker."""

import pytest
from textual.command import CommandPalette
from textual.widgets import Input

from nnsim.tui.keys import actions_for, keys_of, useless
from nnsim.tui.panels import places_of
from nnsim.tui.panels.lesson import LessonPanel
from nnsim.tui.screens.compare import CompareScreen
from nnsim.tui.screens.export import ExportScreen
from nnsim.tui.screens.fork import ForkScreen
from nnsim.tui.screens.gallery import GalleryScreen
from nnsim.tui.screens.go_to import GoToScreen
from nnsim.tui.screens.help import HelpScreen
from nnsim.tui.screens.lesson import LessonScreen
from nnsim.tui.screens.why import WhyScreen
from nnsim.tui.widgets.key_line import KeyLine
from nnsim.tui.widgets.phase_strip import PhaseStrip
from nnsim.tui.worker import commands as c
from tests.tui.averaging import PHASES, STEPS, averages
from tests.tui.screens.test_lab import at, holds_already, panel, screen, seen

KIND = "averages"
PLACES = places_of(KIND)
NUMBERS = [place.number for place in PLACES]
DEAD = useless("lab", KIND) | {f"lab.panel_{k}" for k in range(1, 10) if k not in NUMBERS}


EFFECTS = {
    "lab.play": ([], lambda lab: lab.frame.playing),
    "lab.next_step": ([], at(1, 0)),
    "lab.previous_step": (["N", "N"], at(1, 0)),
    "lab.next_phase": ([], at(0, 1)),
    "lab.previous_phase": (["n", "n"], at(0, 1)),
    "lab.first": (["N", "N"], at(0, 0)),
    "lab.last": (["N", "N", "home"], at(2, 0)),
    "lab.enter_step": (["N"], at(1, 1)),
    "lab.leave_step": (["n", "n"], at(1, 0)),
    "lab.faster": ([], lambda lab: lab.frame.speed == 30),
    "lab.slower": ([], lambda lab: lab.frame.speed == 5),
    "lab.go_to": ([], screen(GoToScreen)),
    **{f"lab.panel_{k}": (["2" if k == 1 else "1"], panel(k)) for k in NUMBERS},
    "lab.zoom": (["2"], lambda lab: lab.screen.zoomed and seen(lab) == [2]),
    "lab.layer_up": ([], lambda lab: lab.screen.attention.layer == 2),
    "lab.layer_down": (["full_stop"], lambda lab: lab.screen.attention.layer == 1),
    "lab.log": ([], lambda lab: lab.screen.attention.log),
    "lab.recent": ([], lambda lab: lab.screen.attention.recent),
    "lab.why": (["N"], screen(WhyScreen)),
    "lab.fork": ([], screen(ForkScreen)),
    "lab.variant": (["N"], lambda lab: (lab.run.name, lab.at) == ("corrected", (1, 0))),
    "lab.previous_variant": (["N"], lambda lab: (lab.run.name, lab.at) == ("corrected", (1, 0))),
    "lab.run": (["v"], lambda lab: lab.run.name == "as they are" and len(lab.frame.runs) == 2),
    "lab.remove_run": (["v"], lambda lab: [run.name for run in lab.frame.runs] == ["as they are"]),
    "lab.compare": ([], lambda lab: screen(CompareScreen)(lab) and lab.frame.comparing),
    "lab.lesson": ([], screen(LessonScreen)),
    "lab.export": ([], screen(ExportScreen)),
    "lab.back": ([], screen(GalleryScreen)),
}
"""Keys pressed before, and what holds after the action."""
ALIVE = [
    each
    for each in actions_for("lab", everywhere=False)
    if each.id not in DEAD and each.id in EFFECTS
]
EVERY_KEY = [(each, key) for each in ALIVE for key in keys_of(each, {})]


def test_every_action_of_the_lab_is_tried_or_hidden():
    known = {each.id for each in actions_for("lab", everywhere=False)}
    # The next view is a matter of the panels themselves.
    assert known - DEAD - set(EFFECTS) == {"lab.next_array"}


@pytest.mark.parametrize(("action", "key"), EVERY_KEY, ids=[f"{a.id}-{k}" for a, k in EVERY_KEY])
def test_every_key_does_what_it_says(averaging, action, key, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before, holds = EFFECTS[action.id]

    async def steps(lab):
        await lab.press(*before)
        assert not holds_already(lab, holds)
        await lab.press(key)
        assert holds(lab), lab.text

    averaging.walk(steps)


def test_keys_that_the_kind_has_no_use_for_do_nothing(averaging):
    keys = [key for each in actions_for("lab") if each.id in DEAD for key in keys_of(each, {})]
    assert len(keys) > 15

    async def steps(lab):
        await lab.press("N", "n")
        before = lab.text
        lab.from_ = len(lab.app.worker.sent)
        await lab.press(*keys)
        assert lab.sent == [] and lab.text == before and not lab.notes

    averaging.walk(steps)


def test_footer_help_and_palette_leave_them_out(averaging):
    names = {each.name for each in actions_for("lab") if each.id in DEAD}
    stay = {each.name for each in ALIVE}

    async def steps(lab):
        line = lab.screen.query_one(KeyLine)
        assert not set(line.shown) & DEAD and "lab.fork" in line.shown
        offered = {each.title for each in lab.app.get_system_commands(lab.screen)}
        assert stay <= offered and not names & offered
        await lab.press("f1")
        assert isinstance(lab.app.screen, HelpScreen)
        text = lab.app.screen.text
        assert "Turn a dial" in text and f"1 ... {len(PLACES)}" in text
        for name in ("Plant a fault", "Check the gradients", "Next epoch", "Loss surface"):
            assert name not in text

    averaging.walk(steps)


def test_a_command_of_the_palette_is_done(averaging):
    async def steps(lab):
        await lab.press("ctrl+p")
        assert isinstance(lab.app.screen, CommandPalette)
        for letter in "next step":
            await lab.pilot.press("space" if letter == " " else letter)
        await lab.pilot.pause(0.5)
        await lab.press("enter")
        await lab.until(lambda: lab.at == (1, 0), "the step")

    averaging.walk(steps)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_it_opens_with_its_panels_at_every_size(averaging, size):
    async def steps(lab):
        await lab.press("N", "n")
        title = lab.text.splitlines()[0]
        for words in ("nnsim", "Ten numbers", f"step 1 / {STEPS}, {PHASES[0]}", "paused"):
            assert words in title
        assert not lab.screen.query("#strip")
        assert seen(lab) == ([1] if size[0] < 100 else NUMBERS)
        assert all(len(line) <= size[0] for line in lab.text.splitlines())
        strip = lab.screen.query_one(PhaseStrip)
        assert strip.line.labels == PHASES and strip.line.done == 1

    averaging.walk(steps, size)


def test_every_phase_can_be_clicked(averaging):
    async def steps(lab):
        await lab.press("N", "N")
        strip = lab.screen.query_one(PhaseStrip)
        text = strip.render_line(0).text
        await lab.click(PhaseStrip, x=text.index(PHASES[1]) + 1)
        assert lab.at == (1, 2)

    averaging.walk(steps)


def test_going_until_a_figure(averaging):
    first = next(k for k, value in enumerate(averages(0.5), start=1) if value > 3)

    async def steps(lab):
        await lab.press("t")
        lab.app.screen.query_one(Input).value = "quick.average > 3"
        await lab.press("enter")
        await lab.until(lambda: not lab.frame.playing and lab.at == (first, 0), "the figure")

    averaging.walk(steps)


def test_the_lesson_goes_reveals_and_tries(averaging):
    async def steps(lab):
        await lab.press("l")
        column = lab.screen.query_one(LessonPanel)
        assert column.has_focus and "Look at slow." in lab.text
        await lab.press("1")
        await lab.press("r")
        assert "It forgets faster." in lab.text and "beta = 0.9" in lab.text
        await lab.press("f")
        await lab.until(lambda: len(lab.frame.runs) == 2, "the fork")
        assert lab.at == (4, 0) and lab.run.name.endswith("0.9")
        assert lab.run.figures["quick.average"] == pytest.approx(averages(0.9)[3])

    averaging.walk(steps, (200, 60))


def test_the_palette_offers_the_lesson_while_it_has_the_keyboard(averaging):
    async def steps(lab):
        def offered():
            return {each.title: each for each in lab.app.get_system_commands(lab.screen)}

        assert "Show the steps" not in offered()
        await lab.press("l")
        commands = offered()
        assert {"Show the steps", "Give up", "Next step"} <= set(commands)
        commands["Show the steps"].callback()
        await lab.until(lambda: lab.at == (4, 0), "the steps")

    averaging.walk(steps, (200, 60))


def test_turning_a_dial_by_keys(averaging):
    async def steps(lab):
        await lab.press("N", "N", "f", "right", "enter")
        await lab.until(lambda: len(lab.frame.runs) == 2, "the fork")
        assert lab.run.name == "as they are, beta of the first curve 0.8"
        assert lab.at == (2, 0)

    averaging.walk(steps)


def test_a_value_that_cannot_be_is_refused_in_words(averaging):
    async def steps(lab):
        await lab.press("f", "7", "enter", "enter")
        await lab.until(lambda: lab.notes, "the refusal")
        assert "beta" in lab.notes[-1] and len(lab.frame.runs) == 1

    averaging.walk(steps)


def test_playing_shows_the_way_and_stops_at_the_lesson(averaging):
    async def steps(lab):
        lab.screen.ask(c.Speed(1000.0))
        await lab.press("space")
        await lab.until(lambda: lab.at == (4, 0) and not lab.frame.playing, "the lesson stop")

    averaging.walk(steps)


@pytest.mark.parametrize("suffix", [".json", ".csv"])
def test_runs_are_written(averaging, tmp_path, suffix):
    path = tmp_path / f"runs{suffix}"

    async def steps(lab):
        await lab.press("N", "v", "X")
        lab.app.screen.query_one(Input).value = str(path)
        await lab.press("enter")
        await lab.until(lambda: any("written" in note for note in lab.notes), "the file")
        text = path.read_text()
        assert "quick.average" in text and "corrected" in text

    averaging.walk(steps)
