"""The sentence, and how far some work is."""

from dataclasses import replace

import pytest

import nnsim.tui.widgets.diagnosis_line as module
from nnsim.tui.look import Look
from nnsim.tui.widgets.diagnosis_line import DiagnosisLine
from tests.tui import made
from tests.tui.stage import StageApp, lines_of, play

SENTENCE = made.remark().sentence


def line(*does, size=(100, 24), grace=1e-6, monkeypatch=None, **options):
    """Return what the line shows after some calls on it, and the app."""
    widget = DiagnosisLine()
    texts = []
    if monkeypatch is not None:
        monkeypatch.setattr(module, "GRACE", grace)

    async def walk(pilot):
        for do in does:
            found = do(widget)
            if found is not None:
                await found
            await pilot.pause()
        widget.redraw()
        texts.append(lines_of(widget)[0])
        await pilot.click(widget, offset=(3, 0))

    app = play(StageApp(widget, **options), walk, size)
    return texts[0], app


def show(frame):
    return lambda widget: widget.show(frame)


def test_it_says_the_most_important_remark():
    other = replace(made.remark(), sentence="Less important.")
    text, app = line(show(made.frame(made.run(remarks=(made.remark(), other)))))
    assert text.startswith(f" {SENTENCE}") and text.rstrip().endswith("? why")
    assert "Less" not in text and len(text) == 100
    assert len(app.posted(DiagnosisLine.Asked)) == 1


def test_without_remarks_while_playing_the_last_sentence_stays():
    text, _ = line(show(made.frame()), show(made.frame(made.run(remarks=()), playing=True)))
    assert SENTENCE in text


def test_before_anything_was_said_there_is_nothing_to_ask():
    text, app = line()
    assert text.strip() == "" and app.posted(DiagnosisLine.Asked) == []


@pytest.mark.parametrize("ascii", [True, False])
def test_a_long_sentence_is_cut_before_why(ascii):
    text, _ = line(show(made.frame()), size=(60, 18), ascii=ascii)
    assert text.rstrip().endswith("? why") and len(text) == 60
    assert (".." if ascii else "…") in text and text.isascii() is ascii


@pytest.mark.parametrize(
    ("done", "share"), [(0, "0 %"), (50, "50 %"), (100, "100 %"), (120, "100 %")]
)
@pytest.mark.parametrize("ascii", [True, False])
def test_work_is_told_with_its_share(monkeypatch, done, share, ascii):
    text, app = line(
        show(made.frame()),
        lambda widget: widget.working("Running to step 900", done, 100),
        monkeypatch=monkeypatch,
        ascii=ascii,
    )
    assert text.startswith(" Running to step 900  ")
    assert text.rstrip().endswith("Esc cancels") and f" {share} " in text
    assert text.isascii() is ascii
    bar = text.count("#" if ascii else "━")
    assert bar == min(20, done // 5)
    assert app.posted(DiagnosisLine.Asked) == []


def test_work_of_unknown_length_has_no_bar(monkeypatch):
    text, _ = line(lambda widget: widget.working("Opening", 0, 0), monkeypatch=monkeypatch)
    assert "Opening" in text and "%" not in text


def test_afterwards_the_sentence_is_back(monkeypatch):
    text, _ = line(
        show(made.frame()),
        lambda widget: widget.working("Running", 1, 2),
        lambda widget: widget.idle(),
        monkeypatch=monkeypatch,
    )
    assert SENTENCE in text and "Running" not in text


def test_short_work_is_not_worth_a_word(monkeypatch):
    text, _ = line(
        show(made.frame()),
        lambda widget: widget.working("Running", 1, 2),
        grace=1e9,
        monkeypatch=monkeypatch,
    )
    assert SENTENCE in text


def test_without_colours_none_is_used():
    widget = DiagnosisLine()
    (strip,) = widget.lines(Look(color=False), 60, 1)
    assert not any(segment.style and segment.style.color for segment in strip)


def test_a_moment_of_another_kind_with_nothing_to_say_says_nothing():
    line = DiagnosisLine()

    async def walk(pilot):
        line.show(made.stepped_frame(made.stepped_run(remarks=(made.remark(),))))
        await pilot.pause()
        assert "gradient" in lines_of(line)[0] and "why" in lines_of(line)[0]
        line.show(made.stepped_frame())
        await pilot.pause()
        assert lines_of(line)[0].strip() == ""

    play(StageApp(line), walk)
