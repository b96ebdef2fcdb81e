"""The run as a line: marks, figures, exact width, and the way back from cells to steps."""

from dataclasses import replace

import pytest

from nnsim.simulations.training import NonFinite
from nnsim.tui.drawing.time_bar import Mark, TimeLine, draw, layout, step_at, time_line, words_at
from nnsim.tui.look import Look
from tests.tui import made

PLAIN = Look(ascii=True, color=False)


def line(step=50, steps=100, reached=60, ended=False, inside="", marks=()):
    return TimeLine(step, inside, steps, reached, ended, marks)


def test_a_line_with_everything():
    marks = (
        Mark(0, "lesson done"),
        Mark(20, "fork", "fork: He", "He"),
        Mark(40, "best"),
        Mark(80, "lesson"),
    )
    assert draw(line(marks=marks), Look(), 70).text == (
        " 0 ◇━━━━━━━━┬ He ━━━━━★━━━━●━━━━─────────◆────────┤ 100   50          "
    )


def test_its_ascii_twin():
    marks = (Mark(0, "lesson done"), Mark(20, "fork", "", "He"), Mark(80, "lesson"))
    text = draw(line(inside="dZ2", marks=marks), PLAIN, 70).text
    assert text.isascii()
    assert text == " 0 l========Y He ==========O====---------L--------| 100   50 + dZ2    "


def test_narrow_lines_keep_the_position():
    assert draw(line(), PLAIN, 30).text == " |=========O===-------| 50    "
    assert draw(line(), PLAIN, 12).text == "|=====O=---|"


@pytest.mark.parametrize("width", range(1, 130))
def test_a_line_is_exactly_as_wide_as_asked(width):
    marks = tuple(Mark(step, "fork", "f", f"fork {step}") for step in range(0, 101, 7))
    for look in (Look(), PLAIN):
        for time in (line(), line(marks=marks), line(inside="dZ10"), line(step=0, reached=0)):
            strip = draw(time, look, width)
            assert strip.cell_length == width
            assert len(strip.text) == width


def test_nothing_moves_when_the_position_does():
    widths = {
        (layout(line(step=step, inside=inside), width).first, layout(line(step=step), width).count)
        for step in (0, 7, 100)
        for inside in ("", "check")
        for width in (80,)
    }
    assert len(widths) == 1


def test_of_several_marks_in_a_cell_the_gravest_is_drawn():
    kinds = ("fork", "lesson done", "lesson", "best", "non-finite")
    for count, glyph in enumerate("YlL*X", start=1):
        marks = tuple(Mark(30, kind) for kind in kinds[:count])
        for order in (marks, marks[::-1]):
            time = line(marks=order)
            assert draw(time, PLAIN, 80).text[layout(time, 80).cell(30)] == glyph
    time = line(step=30, marks=(Mark(30, "non-finite"),))
    assert draw(time, PLAIN, 80).text[layout(time, 80).cell(30)] == "O"


def test_names_never_cover_marks():
    marks = (Mark(20, "fork", "", "a long name of a fork"), Mark(30, "lesson"))
    text = draw(line(marks=marks), PLAIN, 80).text
    assert "name" not in text
    assert "L" in text
    several = tuple(Mark(20, "fork", "", f"learning_rate 0.{n}") for n in range(1, 5))
    assert " 4 forks " in draw(line(marks=several), PLAIN, 80).text


def test_every_step_is_found_at_its_cell():
    time = line(steps=40, reached=40)
    where = layout(time, 100)
    for step in range(41):
        assert step_at(time, 100, where.cell(step)) == step
    assert step_at(time, 100, 0) == 0
    assert step_at(time, 100, 99) == 40


def test_a_click_on_a_mark_hits_its_step():
    time = line(steps=100_000, marks=(Mark(12_345, "lesson", "lesson, stop 1"),))
    x = layout(time, 80).cell(12_345)
    assert step_at(time, 80, x) == 12_345
    assert words_at(time, 80, x) == "step 12345\nlesson, stop 1\nnot computed yet"
    assert step_at(time, 80, x + 1) not in (12_345, step_at(time, 80, x - 1))


def test_a_frame_becomes_a_line():
    run = made.run(0, "tanh", phase=7, best_step=90, reached=150)
    run = replace(run, status="non-finite", non_finite=NonFinite(150, "forward 2"))
    fork = made.run(1, "tanh, learning_rate 0.1", parent=0, start=60)
    time = time_line(made.frame(run, fork), {0})
    assert (time.step, time.inside, time.position) == (128, "dZ2", "128 + dZ2")
    assert (time.steps, time.reached, time.ended) == (200, 150, True)
    kinds = [(mark.step, mark.kind) for mark in time.marks]
    assert kinds == [
        (0, "lesson done"),
        (100, "lesson"),
        (200, "lesson"),
        (60, "fork"),
        (90, "best"),
        (150, "non-finite"),
    ]
    assert next(mark.name for mark in time.marks if mark.kind == "fork") == "learning_rate 0.1"
    assert "stop 2, about tanh" in time.marks[1].text


def test_the_scale_grows_with_a_run_that_goes_beyond_its_plan():
    run = made.run(step=250, reached=260)
    assert time_line(made.frame(run)).steps == 260


def test_a_run_without_a_step_is_drawn():
    time = line(step=0, steps=1, reached=0)
    assert draw(time, PLAIN, 60).text.startswith(" 0 O---")


def test_other_kinds_have_room_for_their_phases_and_no_fork_marks():
    fork = made.stepped_run(1, "sgd, beta 0.9", parent=0)
    time = time_line(made.stepped_frame(made.stepped_run(phase=1), fork))
    assert time.position == "3 + gradient"
    assert draw(time, Look(), 80).text.rstrip().endswith("3 + gradient")
    assert not [mark for mark in time.marks if mark.kind == "fork"]


def test_a_stop_of_another_longer_variant_does_not_lengthen_the_line():
    frame = made.frame(made.run())
    first = frame.card.lessons[0]
    longer = replace(first, variant="another", step=frame.run.steps + 900)
    own = replace(first, variant=frame.run.variant, step=frame.run.steps)
    shown = time_line(replace(frame, card=replace(frame.card, lessons=(longer, own))))
    assert shown.steps == frame.run.steps
    assert [mark.step for mark in shown.marks if "lesson" in mark.kind] == [frame.run.steps]
