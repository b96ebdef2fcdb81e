"""Every key of the lab, with a real worker on a tiny scenario."""

import pytest
from textual.command import CommandPalette

from nnsim.tui.keys import actions_for, keys_of
from nnsim.tui.screens.compare import CompareScreen
from nnsim.tui.screens.edit import EditScreen
from nnsim.tui.screens.export import ExportScreen
from nnsim.tui.screens.fault import FaultScreen
from nnsim.tui.screens.fork import ForkScreen
from nnsim.tui.screens.gallery import GalleryScreen
from nnsim.tui.screens.go_to import GoToScreen
from nnsim.tui.screens.guess import GuessScreen
from nnsim.tui.screens.help import HelpScreen
from nnsim.tui.screens.lab import LabScreen
from nnsim.tui.screens.lesson import LessonScreen
from nnsim.tui.screens.too_small import TooSmallScreen
from nnsim.tui.screens.why import WhyScreen
from nnsim.tui.widgets.chart import ChartWidget
from nnsim.tui.widgets.diagnosis_line import DiagnosisLine
from nnsim.tui.widgets.heat_map import HeatMapWidget
from nnsim.tui.widgets.key_line import KeyLine
from nnsim.tui.widgets.panel_tabs import PanelTabs
from nnsim.tui.widgets.phase_strip import PhaseStrip
from nnsim.tui.widgets.time_bar import TimeBar
from nnsim.tui.worker import commands as c
from nnsim.tui.worker import faults


def at(*place):
    return lambda lab: lab.at == place


def screen(kind):
    return lambda lab: isinstance(lab.app.screen, kind)


def cost(lab):
    return lab.panel("cost").query_one(ChartWidget).chart


def panel(number):
    def check(lab):
        (chosen,) = lab.screen.query("#panels > .-chosen")
        return lab.screen.chosen == chosen.number == number and chosen.display

    return check


def seen(lab):
    return [panel.number for panel in lab.screen.query("#panels > Panel") if panel.display]


EFFECTS = {
    "lab.play": ([], lambda lab: lab.frame.playing and len(lab.sent) == 1),
    "lab.next_step": ([], at(1, 0)),
    "lab.previous_step": (["N", "N"], at(1, 0)),
    "lab.next_phase": ([], at(0, 1)),
    "lab.previous_phase": (["n", "n"], at(0, 1)),
    "lab.next_epoch": (["N"], at(3, 0)),
    "lab.previous_epoch": (["e", "N"], at(3, 0)),
    "lab.first": (["N", "N"], at(0, 0)),
    "lab.last": (["N", "N", "home"], at(2, 0)),
    "lab.enter_step": (["N"], at(1, 1)),
    "lab.leave_step": (["n", "n"], at(1, 0)),
    "lab.faster": ([], lambda lab: lab.frame.speed == 30),
    "lab.slower": ([], lambda lab: lab.frame.speed == 5),
    "lab.go_to": ([], screen(GoToScreen)),
    **{f"lab.panel_{k}": (["2" if k == 1 else "1"], panel(k)) for k in range(1, 10)},
    "lab.zoom": (["2"], lambda lab: lab.screen.zoomed and seen(lab) == [2]),
    "lab.layer_up": ([], lambda lab: lab.screen.attention.layer == 2 and "4 W2" in lab.text),
    "lab.layer_down": (
        ["full_stop", "full_stop"],
        lambda lab: lab.screen.attention.layer == 2 and "4 W2" in lab.text,
    ),
    "lab.next_array": (["4"], lambda lab: "4 b1" in lab.text),
    "lab.log": (["N", "N"], lambda lab: cost(lab).log_y),
    "lab.parts": (["N"], lambda lab: "penalty" in [series.name for series in cost(lab).series]),
    "lab.recent": (["N"], lambda lab: cost(lab).x_range == (0, 100)),
    "lab.inputs": ([], lambda lab: "no other inputs" in "".join(lab.notes)),
    "lab.why": (["N"], screen(WhyScreen)),
    "lab.survey": (
        [],
        lambda lab: lab.frame.surface.directions == "principal" and lab.screen.chosen == 9,
    ),
    "lab.directions": (["N"], lambda lab: lab.frame.surface.directions == "random"),
    "lab.fork": ([], screen(ForkScreen)),
    "lab.edit": (["4"], screen(EditScreen)),
    "lab.fault": ([], screen(FaultScreen)),
    "lab.hunt": ([], lambda lab: lab.run.secret and len(lab.frame.runs) == 2),
    "lab.guess": (["B"], screen(GuessScreen)),
    "lab.check": (["N"], lambda lab: lab.frame.check.step == 1 and "great" in lab.text),
    "lab.scan": ([], lambda lab: lab.frame.scan.step == 0 and "ratio against" in lab.text),
    "lab.epsilon_larger": ([], lambda lab: lab.frame.check.epsilon == pytest.approx(1e-6)),
    "lab.epsilon_smaller": ([], lambda lab: lab.frame.check.epsilon == pytest.approx(1e-8)),
    "lab.variant": (["N"], lambda lab: (lab.run.name, lab.at) == ("relu", (1, 0))),
    "lab.previous_variant": (["N"], lambda lab: (lab.run.name, lab.at) == ("relu", (1, 0))),
    "lab.run": (["v"], lambda lab: lab.run.name == "tanh" and len(lab.frame.runs) == 2),
    "lab.remove_run": (["v"], lambda lab: [run.name for run in lab.frame.runs] == ["tanh"]),
    "lab.compare": ([], lambda lab: screen(CompareScreen)(lab) and lab.frame.comparing),
    "lab.lesson": ([], screen(LessonScreen)),
    "lab.export": ([], screen(ExportScreen)),
    "lab.back": ([], screen(GalleryScreen)),
    "app.help": ([], screen(HelpScreen)),
    "app.palette": ([], screen(CommandPalette)),
    "app.screenshot": ([], lambda lab: "Written" in str(lab.app._notifications._notifications)),
    "app.quit": ([], lambda lab: lab.app.ended == [()]),
}
"""Keys pressed before, and what holds after the action."""

EVERY_KEY = [(each, key) for each in actions_for("lab") for key in keys_of(each, {})]


@pytest.mark.parametrize(("action", "key"), EVERY_KEY, ids=[f"{a.id}-{k}" for a, k in EVERY_KEY])
def test_every_key_does_what_it_says(laboratory, action, key, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before, holds = EFFECTS[action.id]

    async def steps(lab):
        await lab.press(*before)
        lab.from_ = len(lab.app.worker.sent)
        lab.app.ended = []
        assert not holds_already(lab, holds)
        lab.app.exit, leave = lambda *codes: lab.app.ended.append(codes), lab.app.exit
        try:
            await lab.press(key)
        finally:
            lab.app.exit = leave
        assert holds(lab), lab.text

    laboratory.walk(steps)


def holds_already(lab, holds):
    try:
        return holds(lab)
    except AttributeError:
        return False


def test_the_axis_goes_through_steps_recent_ones_and_epochs(laboratory):
    async def steps(lab):
        found = []
        for _ in range(4):
            found.append((cost(lab).x_name, cost(lab).x_range))
            await lab.press("a")
        return found

    # 48 of 60 examples train, in batches of 16: three steps an epoch, 20 epochs.
    assert laboratory.walk(steps) == [
        ("step", (0, 10)), ("step", (0, 100)), ("epoch", (0, 10)), ("step", (0, 10))
    ]  # fmt: skip


def test_no_row_without_an_action():
    known = {each.id for each in actions_for("lab")}
    assert set(EFFECTS) <= known


def test_every_action_has_its_method():
    for each in actions_for("lab", everywhere=False):
        assert callable(getattr(LabScreen, f"action_{each.method}")), each.id


# Opening and leaving


def test_it_opens_with_all_panels_of_the_first_step(laboratory):
    async def steps(lab):
        assert seen(lab) == [1, 2, 3, 4, 5, 6, 7, 8]
        title = lab.text.splitlines()[0]
        for words in ("nnsim", "Two circles / tanh", "sgd alpha 0.1", "step 0 / 60", "paused"):
            assert words in title
        for words in ("1 cost", "4 W1", "5 dW1", "A3", "inside step 0", "Space play"):
            assert words in lab.text

    laboratory.walk(steps)


def test_the_first_step_does_not_show_a_learning_rate_of_nothing(laboratory):
    async def steps(lab):
        await lab.press("n", "n")
        assert "alpha 0.1 " in lab.text.splitlines()[0]

    laboratory.walk(steps)


def test_a_broken_file_shows_its_error_and_leads_back(laboratory, tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text('kind = "training"\n[scenario]\ntitle = 3\n')

    async def steps(lab):
        lab.app.open_scenario(broken)
        await lab.pilot.pause()
        await lab.until(lambda: lab.app.screen.query("#error"), "the error")
        await lab.pilot.pause()
        assert "broken.toml" in lab.text and "title" in lab.text
        assert "q  back to the gallery" in lab.text
        await lab.pilot.press("n", "space", "z", "4", "question_mark", "f", "w", "x", "l", "v")
        await lab.pilot.pause()
        assert lab.app.screen.query("#error") and lab.app._exception is None
        await lab.pilot.press("q")
        await lab.pilot.pause()
        assert isinstance(lab.app.screen, GalleryScreen)
        await lab.pilot.press("down")
        assert lab.app.screen.chosen is not None

    laboratory.walk(steps)


def test_leaving_while_it_plays_forgets_the_runs(laboratory):
    async def steps(lab):
        await lab.press("space")
        await lab.pilot.press("q")
        await lab.until(lambda: lab.app.worker._session.runs is None, "the end")
        assert isinstance(lab.app.screen, GalleryScreen)

    laboratory.walk(steps)


def test_another_scenario_can_be_opened_while_one_plays(laboratory, tmp_path):
    other = tmp_path / "other.toml"
    other.write_text(laboratory.source.read_text().replace("Two circles", "Others"))

    async def steps(lab):
        for source, title in ((other, "Others"), (laboratory.source, "Two circles")):
            await lab.press("space")
            lab.app.open_scenario(source)
            await lab.pilot.pause()
            await lab.until(lambda: lab.screen.frame is not None, "the other scenario")
            await lab.settle()
            assert lab.text.splitlines()[0].split("nnsim")[1].strip().startswith(title)
            assert lab.app.worker._session.runs is not None

    laboratory.walk(steps)


# Time


def test_going_back_shows_exactly_what_was_there(laboratory):
    async def steps(lab):
        for keys in ("N", "nnn"):
            await lab.press(*keys)
            before = lab.text
            await lab.press("n", "n", "p", "p")
            assert lab.text == before
            await lab.press("N", "N", "N", "P", "P", "P", *("nnn" if keys == "nnn" else ""))
            # The curves and the line of time keep what was computed; all else is as it was.
            was, now = before.splitlines(), lab.text.splitlines()
            assert was[0] == now[0]
            assert was[14:-2] == now[14:-2]

    laboratory.walk(steps)


def test_after_a_pause_all_panels_show_one_step(laboratory):
    async def steps(lab):
        await lab.press(*["right_square_bracket"] * 5)
        await lab.pilot.press("space")
        await lab.until(lambda: lab.run.step > 3, "some steps")
        await lab.pilot.press("space")
        await lab.until(lambda: not lab.frame.playing, "the pause")
        await lab.settle()
        step, phase = lab.at
        first = lab.text
        await lab.pilot.pause(0.05)
        await lab.settle()
        assert lab.text == first and lab.at == (step, phase)
        assert phase == 0 and f"step {step} / 60" in first
        assert f"inside step {step - 1}" in first
        assert lab.run.snapshot.step == step and lab.run.boundary.step == step
        assert lab.screen.query_one(TimeBar).time.step == step
        assert cost(lab).marks[0].x == step
        assert lab.run.curve["step"][-1] == step - 1
        assert lab.run.evaluations["train"].cost > 0

    laboratory.walk(steps)


def test_keys_work_while_it_plays(laboratory):
    async def steps(lab):
        await lab.press("left_square_bracket", "left_square_bracket", "space")
        await lab.press("k", "full_stop", "2", "z")
        assert lab.frame.playing
        assert cost(lab).log_y and lab.screen.attention.layer == 2 and seen(lab) == [2]
        await lab.press("n")
        assert not lab.frame.playing

    laboratory.walk(steps)


def test_entering_a_step_leads_through_its_phases(laboratory):
    async def steps(lab):
        await lab.press("enter")
        assert "[batch]" in lab.text
        layers = []
        for _ in range(8):
            await lab.press("enter")
            layers.append(lab.screen.attention.layer)
        assert layers == [1, 2, 3, 3, 3, 2, 1, 1]
        await lab.press("escape")
        assert lab.at == (1, 0) and lab.screen.attention.cell is None

    laboratory.walk(steps)


def test_the_end_of_the_run_is_told(laboratory):
    async def steps(lab):
        lab.screen.seek(60)
        await lab.settle()
        assert lab.at == (60, 0) and "finished" in lab.text
        await lab.press("space")
        assert not lab.frame.playing
        assert "the run ends at step 60" in "".join(lab.notes)
        await lab.press("N")
        assert lab.at == (60, 0)

    laboratory.walk(steps)


# Looking


def test_single_panels_with_tabs_in_a_small_terminal(laboratory):
    async def steps(lab):
        await lab.press("N")
        assert seen(lab) == [1]
        for number in range(2, 10):
            await lab.press(str(number))
            assert seen(lab) == [number, 1]
            assert lab.panel("strip").display
            assert f"[{number} " in lab.text
        await lab.press("1")
        assert seen(lab) == [1] and not lab.panel("strip").display
        assert all(len(line) <= 80 for line in lab.text.splitlines())

    laboratory.walk(steps, size=(80, 24))


def test_an_enlarged_panel_shrinks_by_the_same_key_and_by_escape(laboratory):
    async def steps(lab):
        for key in ("z", "escape"):
            await lab.press("3", "z")
            assert seen(lab) == [3]
            await lab.press(key)
            assert len(seen(lab)) == 8
        assert lab.at == (0, 0)

    laboratory.walk(steps)


def test_a_cell_is_pointed_at_with_the_arrows(laboratory):
    async def steps(lab):
        await lab.press("N", "4", "down", "right")
        assert lab.screen.attention.cell.array == "W1"
        assert "W1[1,1]" in lab.text.partition("inside step")[2]
        assert lab.at == (1, 0)
        await lab.press("full_stop")
        assert lab.screen.attention.cell.array == "W2"
        await lab.press("w")
        assert isinstance(lab.app.screen, EditScreen)

    laboratory.walk(steps)


def test_the_weight_marked_on_screen_is_the_one_that_is_changed(laboratory):
    async def steps(lab):
        await lab.press("4", "down", "n", "n", "N")
        assert lab.screen.attention.cell is None and "[" in lab.text.partition("4 W1")[2]
        await lab.press("w")
        assert isinstance(lab.app.screen, EditScreen)

    laboratory.walk(steps)


def test_why_needs_a_remark_and_closes(laboratory):
    async def steps(lab):
        await lab.press("N", "question_mark")
        assert lab.run.remarks[0].how.split()[0] in lab.text
        await lab.press("q")
        assert lab.app.screen is lab.screen

    laboratory.walk(steps)


SMALL, TINY, USUAL, LARGE = (80, 24), (40, 10), (120, 40), (200, 60)


def test_resizing_loses_nothing(laboratory):
    async def steps(lab):
        await lab.press("N", "n", "n", "4", "down", "full_stop")
        before, at, attention = lab.text, lab.at, lab.screen.attention
        await lab.resize(*SMALL)
        assert seen(lab) == [4, 1] and "[4 W]" in lab.text
        await lab.resize(*TINY)
        assert isinstance(lab.app.screen, TooSmallScreen) and "40 x 10" in lab.text
        await lab.press("N", "q")
        await lab.resize(*LARGE)
        assert lab.app.screen is lab.screen
        assert seen(lab) == list(range(1, 10))
        assert "Which layer learns slowest?" in lab.text
        await lab.resize(*USUAL)
        assert lab.text == before
        assert (lab.at, lab.screen.attention) == (at, attention)

    laboratory.walk(steps)


@pytest.mark.parametrize("size", [(60, 18), SMALL, (99, 30), (100, 30), (179, 50), LARGE])
def test_every_size_is_filled_and_has_its_keys(laboratory, size):
    async def steps(lab):
        await lab.press("N", "n", "n")
        lines = lab.text.splitlines()
        assert len(lines) == size[1] and all(len(line) <= size[0] for line in lines)
        assert "Two circ" in lines[0] and "paused" in lines[0]
        assert "Space play" in lines[-1] and "F1" in lines[-1]
        assert lab.text.count("Z1[0,0] = ") == 1

    laboratory.walk(steps, size=size)


def test_another_theme_redraws_everything(laboratory):
    async def steps(lab):
        await lab.press("N")
        text, dark = lab.text, lab.app.export_screenshot()
        lab.app.theme = "nnsim-light"
        await lab.settle()
        light = lab.app.export_screenshot()
        try:
            assert lab.text == text
            assert lab.app.look.background in light
            assert "#121418" in dark and "#121418" not in light
        finally:
            lab.app.theme = "nnsim-dark"

    laboratory.walk(steps)


# The mouse


def test_clicks_on_time_bar_phases_and_charts(laboratory):
    async def steps(lab):
        await lab.press("e", "e")
        await lab.click(TimeBar, 3)
        assert lab.at == (0, 0)
        await lab.press("end")
        assert lab.at == (6, 0)
        await lab.click(PhaseStrip, 9)
        assert lab.at == (5, 2)
        await lab.click(lab.panel("cost").query_one(ChartWidget), 20, 5)
        assert lab.run.phase == 0 and 0 < lab.run.step <= 10
        assert isinstance(lab.sent[-1], c.Seek)

    laboratory.walk(steps)


def test_clicks_on_panels_cells_tabs_and_runs(laboratory):
    async def steps(lab):
        await lab.press("N")
        await lab.click(lab.panel("layers"), 3, 0)
        assert panel(2)(lab)
        await lab.click(lab.panel("weights").query_one(HeatMapWidget), 4, 2)
        assert panel(4)(lab) and lab.screen.attention.cell.array == "W1"
        await lab.press("v")
        assert lab.run.name == "relu"
        names = lab.screen.query_one(TimeBar)
        assert names.size.height == 2
        await lab.click(names, 3, 1)
        assert lab.run.name == "tanh"
        await lab.resize(*SMALL)
        tabs = lab.screen.query_one(PanelTabs)
        for start, _, number, _ in tabs._spans(80):
            await lab.click(tabs, start)
            assert seen(lab)[0] == number

    laboratory.walk(steps)


def test_clicks_on_the_diagnosis(laboratory):
    async def steps(lab):
        await lab.press("N")
        await lab.click(DiagnosisLine, 10)
        assert isinstance(lab.app.screen, WhyScreen)

    laboratory.walk(steps)


@pytest.mark.parametrize("size", [SMALL, USUAL])
def test_every_entry_of_the_footer_can_be_clicked(laboratory, size):
    async def steps(lab):
        await lab.press("N")
        line = lab.screen.query_one(KeyLine)
        entries = [(start, action.id) for start, _, action in line._spans]
        assert len(entries) > 5
        for start, id in entries:
            _, holds = EFFECTS[id]
            lab.screen.seek(2)
            await lab.settle()
            await lab.click(line, start)
            if id == "lab.play":
                assert lab.frame.playing
            elif id in ("lab.next_step", "lab.previous_step", "lab.next_phase"):
                expected = {"next": (3, 0), "previous": (1, 0)}[id[4:].split("_")[0]]
                assert lab.at == ((2, 1) if id == "lab.next_phase" else expected)
            elif id == "lab.check":
                assert lab.frame.check.step == 2
            else:
                assert holds(lab), id
            while lab.app.screen is not lab.screen:
                lab.app.pop_screen()
                await lab.settle()

    laboratory.walk(steps, size=size)


# Change


def test_a_fork_keeps_the_old_run(laboratory):
    async def steps(lab):
        await lab.press("N", "N", "N")
        lab.screen.ask(c.Fork({"learning_rate": 1.0}))
        await lab.settle()
        await lab.press("N")
        names = [run.name for run in lab.frame.runs]
        assert len(names) == 2 and names[0] == "tanh" and "learning_rate" in names[1]
        assert lab.at == (4, 0) and lab.run.start == 3
        assert names[1] in lab.text.splitlines()[0]
        await lab.press("r")
        assert lab.run.name == "tanh" and lab.at == (4, 0)

    laboratory.walk(steps)


def test_what_cannot_be_done_is_told_and_changes_nothing(laboratory):
    async def steps(lab):
        await lab.press("N", "R")
        assert "the only run" in "".join(lab.notes)
        before = lab.at
        lab.screen.ask(c.Fork({"learning_rate": -1.0}))
        await lab.settle()
        assert len(lab.frame.runs) == 1 and lab.at == before
        await lab.press("N")
        assert lab.at == (2, 0)

    laboratory.walk(steps)


def test_a_hidden_bug_is_seen_nowhere(laboratory):
    async def steps(lab):
        await lab.press("B", "N", "N", "g")
        fault = lab.run.training.fault
        words = [fault.kind, faults.FACTS[fault.kind].title, faults.FACTS[fault.kind].sentence]
        texts = [lab.text]
        for keys in (["n"] * 8, ["question_mark"], ["c"], ["f"]):
            await lab.press(*keys)
            texts.append(lab.text)
            if lab.app.screen is not lab.screen:
                await lab.press("escape")
        for text in texts:
            assert not any(word.lower() in text.lower() for word in words if len(word) > 4)

    laboratory.walk(steps)


def test_comparing_and_back(laboratory):
    async def steps(lab):
        await lab.press("N", "c")
        assert len(lab.frame.runs) == 2 and lab.frame.comparing
        assert "relu" in lab.text
        await lab.press("N")
        assert {run.step for run in lab.frame.runs} == {2}
        await lab.press("escape")
        assert lab.app.screen is lab.screen and not lab.frame.comparing
        assert lab.run.boundary.answers.shape[2] == lab.panel("boundary").samples[0]

    laboratory.walk(steps)


def test_the_check_can_be_made_with_other_epsilons(laboratory):
    async def steps(lab):
        await lab.press("N")
        lab.screen.action_epsilon_larger()
        await lab.settle()
        assert lab.frame.check.epsilon == pytest.approx(1e-6)
        for _ in range(20):
            lab.screen.action_epsilon_smaller()
            await lab.settle()
        assert lab.frame.check.epsilon == pytest.approx(1e-12)

    laboratory.walk(steps)


# Lessons


def test_the_lesson_goes_to_its_steps(laboratory):
    async def steps(lab):
        await lab.press("l")
        assert "Which layer learns slowest?" in lab.text
        assert "smaller" not in lab.text.partition("slowest")[2].partition("Guess")[0]
        await lab.press("1", "s")
        assert lab.app.screen is lab.screen and lab.at == (20, 0)

    laboratory.walk(steps)


def test_the_lesson_beside_the_panels_takes_and_gives_back_the_keyboard(laboratory):
    async def steps(lab):
        assert "Which layer learns slowest?" in lab.text
        await lab.press("n")
        assert lab.at == (0, 1)
        await lab.press("l", "s")
        assert lab.at == (20, 0)
        await lab.press("escape", "N")
        assert lab.at == (21, 0)
        await lab.press("l", "l")
        await lab.press("l")
        assert "Which layer learns slowest?" in lab.text

    laboratory.walk(steps, size=LARGE)


def test_playing_stops_at_the_lesson(laboratory):
    async def steps(lab):
        lab.screen.ask(c.Speed(float("inf")))
        await lab.press("space")
        await lab.until(lambda: lab.run.step >= 20 and not lab.frame.playing, "the stop")
        await lab.settle()
        assert lab.at == (20, 0)

    laboratory.walk(steps)


# Long work, and what goes wrong


def test_long_work_shows_how_far_it_is_and_can_be_cancelled(laboratory):
    async def steps(lab):
        lab.screen.ask(c.Fork({"steps": 10**8}))
        await lab.settle()
        line = lab.screen.query_one(DiagnosisLine)
        lab.screen.seek(10**8)
        await lab.until(lambda: line._work is not None, "work")
        await lab.until(lambda: "Running to step 100000000" in line.render_line(0).text, "words")
        text = line.render_line(0).text
        assert "Esc cancels" in text and "%" in text
        assert lab.app.worker.working
        await lab.pilot.press("z", "full_stop")
        assert lab.screen.zoomed and lab.screen.attention.layer == 2
        await lab.pilot.press("escape")
        await lab.settle()
        assert not lab.app.worker.working and line._work is None
        assert "Cancelled" in "".join(lab.notes)
        reached = lab.run.step
        assert 0 < reached < 10**8 and lab.run.phase == 0
        await lab.press("N")
        assert lab.run.step == reached + 1

    laboratory.walk(steps)


def test_an_error_of_the_engine_is_shown_and_the_run_goes_on(laboratory, monkeypatch):
    from nnsim.simulations.training import TrainingSimulation

    def broken(*_, **__):
        raise RuntimeError("the engine has a fault")

    async def steps(lab):
        await lab.press("N", "N")
        before = lab.at
        with monkeypatch.context() as patch:
            patch.setattr(TrainingSimulation, "seek", broken)
            await lab.press("N")
            assert "RuntimeError: the engine has a fault" in "".join(lab.notes)
            assert "The run stands as before" in "".join(lab.notes)
            assert lab.at == before
            patch.setattr(TrainingSimulation, "evaluate", broken)
            await lab.press("k")
        await lab.press("N")
        assert lab.at == (3, 0)

    laboratory.walk(steps)
