"""Pictures of every screen, compared with those that were looked at and found good.

From hand-made frames: no engine and no clock, so that they are equal on every machine. To renew
them after a wanted change, and look at each: `pytest tests/tui/snapshots --snapshot-update`.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from textual.screen import Screen
from textual.widgets import Input

import nnsim.tui
from nnsim.tui.app import NnsimApp
from nnsim.tui.formulas import Cell
from nnsim.tui.panels.lesson_state import LessonState
from nnsim.tui.screens.compare import CompareScreen
from nnsim.tui.screens.export import ExportScreen
from nnsim.tui.screens.fault import FaultScreen
from nnsim.tui.screens.fork import ForkScreen
from nnsim.tui.screens.go_to import GoToScreen
from nnsim.tui.screens.guess import GuessScreen
from nnsim.tui.screens.help import HelpScreen
from nnsim.tui.screens.lab import LabScreen
from nnsim.tui.screens.lesson import LessonScreen
from nnsim.tui.screens.why import WhyScreen
from nnsim.tui.settings import Settings
from nnsim.tui.state import State
from nnsim.tui.worker import commands as c
from nnsim.tui.worker.frames import SteppedFrame
from nnsim.tui.worker.session import Session
from tests.tui import averaging, made
from tests.tui.odd import asked_for, forked, secret
from tests.tui.stage import SilentWorker

pytest.importorskip("pytest_textual_snapshot")

SIZES = ((80, 24), (120, 40), (200, 60))
BY_SIZE = pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
IN_TWO_SIZES = pytest.mark.parametrize("size", SIZES[:2], ids=lambda size: "x".join(map(str, size)))

SCENARIO = """\
[scenario]
title = "{title}"
topic = "{topic}"
summary = "The same network with sigmoid, tanh and ReLU."
look_for = ["The gradient norm of layer 1 and of the last layer, on a log axis."]
[data]
source = "circles"
[network]
layers = [{{ units = 8 }}, {{ units = 4 }}, {{ units = 1, activation = "sigmoid" }}]
loss = "binary_cross_entropy"
[network.hidden]
activation = "tanh"
[training]
steps = 200
learning_rate = 0.1
"""


class Silent(SilentWorker):
    """A worker that never answers."""

    working = False

    def take_frame(self):
        return None

    def stop(self, timeout=0):
        pass


class PictureApp(NnsimApp):
    """The app without an engine, in the gallery of a folder of its own."""

    CSS_PATH = Path(nnsim.tui.__file__).parent / "style.tcss"

    def __init__(self, folder, **settings):
        scenarios = folder / "scenarios"
        scenarios.mkdir()
        titles = (("Vanishing gradients", "B10"), ("Momentum", "C5"), ("Early stopping", "B6"))
        for title, topic in titles:
            text = SCENARIO.format(title=title, topic=topic)
            (scenarios / f"{title.split()[0].lower()}.toml").write_text(text)
        (scenarios / "broken.toml").write_text("[scenario\n")
        super().__init__(
            settings=Settings(**({"glyphs": "unicode"} | settings)),
            state=State(folder / "state.json"),
            folder=Path("scenarios"),  # an absolute path would be in the pictures
            warm=False,
        )
        self._worker = Silent()


def even(frame):
    """Return the frame without the last digits, which differ from machine to machine."""
    if isinstance(frame.run, SteppedFrame):
        return frame
    runs = tuple(
        replace(run, boundary=replace(run.boundary, answers=np.round(run.boundary.answers, 3)))
        for run in frame.runs
    )
    return replace(frame, runs=runs)


@pytest.fixture
def compared(snap_compare, tmp_path, monkeypatch):
    """Compare the picture of a lab that shows a frame, after `then(app, pilot, lab)`.

    With `over`, a screen made from the frame stands alone: the lab has pictures of its own.
    """
    monkeypatch.chdir(tmp_path)

    def compare(size, frame=None, then=None, over=None, source="vanishing-gradients", **settings):
        app = PictureApp(tmp_path, **settings)

        async def before(pilot):
            if over is not None:
                app.push_screen(Screen())
                app.push_screen(over(even(frame)))
                await pilot.pause()
            elif frame is not None:
                lab = LabScreen(source)
                app.push_screen(lab)
                await pilot.pause()
                lab.show(even(frame))
                await pilot.pause()
            if then is not None:
                await then(app, pilot, app.screen)
            for line in app.screen.query(Input):
                line.cursor_blink = False
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=before)

    return compare


def inside():
    return made.frame(made.run(phase=7), made.run(1, "relu"))


async def select_a_cell(app, pilot, lab):
    lab.attention = replace(lab.attention, layer=2, cell=Cell("dW2", 1, 2))
    lab.again()
    await pilot.pause()


@BY_SIZE
def test_gallery(compared, size):
    assert compared(size)


@BY_SIZE
def test_lab_between_steps(compared, size):
    assert compared(size, forked())


@BY_SIZE
def test_lab_inside_a_step(compared, size):
    assert compared(size, inside(), select_a_cell)


@BY_SIZE
def test_lab_with_check_and_surface(compared, size):
    async def then(app, pilot, lab):
        await pilot.press("8")

    assert compared(size, asked_for(), then)


@BY_SIZE
def test_lab_with_one_panel_enlarged(compared, size):
    async def then(app, pilot, lab):
        await pilot.press("2", "z")

    assert compared(size, made.frame(), then)


@IN_TWO_SIZES
def test_lab_light(compared, size):
    assert compared(size, inside(), select_a_cell, theme="nnsim-light")


@IN_TWO_SIZES
def test_lab_contrast(compared, size):
    assert compared(size, inside(), select_a_cell, theme="nnsim-contrast")


@IN_TWO_SIZES
def test_lab_ascii(compared, size):
    assert compared(size, inside(), select_a_cell, glyphs="ascii")


@IN_TWO_SIZES
def test_lab_without_colours(compared, size, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert compared(size, inside(), select_a_cell)


@BY_SIZE
def test_lesson(compared, size):
    async def then(app, pilot, screen):
        await pilot.press("2", "r")

    def lesson(frame):
        return LessonScreen(LessonState.of(frame.card), frame)

    assert compared(size, made.frame(), then, over=lesson)


@BY_SIZE
def test_compare(compared, size):
    assert compared(size, replace(forked(), comparing=True), over=CompareScreen)


DIALOGS = {
    "fork": ForkScreen,
    "go_to": GoToScreen,
    "fault": FaultScreen,
    "export": ExportScreen,
    "why": lambda frame: WhyScreen(frame.run),
}


@BY_SIZE
@pytest.mark.parametrize("name", DIALOGS)
def test_dialog(compared, name, size):
    assert compared(size, made.frame(), over=DIALOGS[name])


@BY_SIZE
def test_dialog_guess(compared, size):
    assert compared(size, secret(), over=GuessScreen)


@BY_SIZE
def test_help(compared, size):
    async def then(app, pilot, gallery):
        app.push_screen(HelpScreen(app, "lab"))
        await pilot.pause()

    assert compared(size, then=then)


def test_too_small(compared):
    assert compared((40, 10))


# Kinds that train no network: their steps are computed in no time, and the same everywhere.

DESCENT = """\
kind = "descent"
[scenario]
title = "Down a long bowl"
topic = "C4"
[descent]
surface = "long_bowl"
steps = 60
[[descent.paths]]
name = "sgd"
learning_rate = 0.036
[[descent.paths]]
name = "momentum"
optimizer = "momentum"
learning_rate = 0.1
[[variant]]
name = "beta 0.9"
[[variant]]
name = "beta 0.5"
descent.beta1 = 0.5
"""
OTHERS = {"averages": averaging.SCENARIO, "descent": DESCENT}
VARIANTS = {"averages": "corrected", "descent": "beta 0.5"}
"""Other runs, drawn thin."""


@pytest.fixture
def stepped(compared, tmp_path):
    """Compare the picture of a lab, or a screen over it, in the moment after some commands."""

    def compare(kind, size, *commands, **options):
        path = tmp_path / f"{kind}.toml"
        path.write_text(OTHERS[kind])
        session = Session(lambda message: None)
        for command in (c.Open(path), *commands):
            session.handle(command)
        frame = session.frame()
        # A path would tell where the test ran.
        frame = replace(frame, card=replace(frame.card, path=None))
        return compared(size, frame, source=path, **options)

    return compare


@BY_SIZE
@pytest.mark.parametrize("kind", OTHERS)
def test_lab_of_another_kind(stepped, kind, size):
    assert stepped(kind, size, c.Seek(6, 1), c.ShowVariant(VARIANTS[kind]), c.ShowRun(0))


@IN_TWO_SIZES
@pytest.mark.parametrize("kind", OTHERS)
def test_lab_of_another_kind_in_ascii_without_colours(stepped, kind, size, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert stepped(kind, size, c.Seek(6), glyphs="ascii")


@IN_TWO_SIZES
def test_compare_of_another_kind(stepped, size):
    assert stepped("descent", size, c.Seek(30), c.Compare(True), over=CompareScreen)


@IN_TWO_SIZES
def test_dials_of_another_kind(stepped, size):
    assert stepped("descent", size, c.Seek(6), over=ForkScreen)
