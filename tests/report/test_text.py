"""Tables, figures, colours and the progress line."""

import io

import pytest

from nnsim.report.figures import counted, figure, number, share
from nnsim.report.progress import Progress
from nnsim.report.style import Style
from nnsim.report.table import aligned, width_of, wrapped


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self):
        return True


def test_columns_line_up_whatever_is_in_them():
    red = Style(colour=True).paint("ab", "red")
    lines = aligned([["name", "cost"], [red, "1.5"], ["日本", "12.25"]], "<>", indent=2)
    assert [width_of(line) for line in lines] == [13, 13, 13]
    assert lines[2].endswith(" 12.25")


def test_empty_columns_take_no_room():
    assert aligned([["a", "", "b"], ["c", "", "d"]], "<<<") == ["a  b", "c  d"]
    assert aligned([], "<<") == []


def test_wrapped_lines_fit_and_lose_no_word():
    text = "because the slope of the sigmoid is at most a quarter at every layer"
    lines = wrapped(text, 30, indent=4)
    assert len(lines) > 2
    assert all(line.startswith("    ") and len(line) <= 30 for line in lines)
    assert " ".join(line.strip() for line in lines) == text
    assert wrapped("", 30) == []
    assert wrapped("x" * 50, 30, indent=2) == ["  " + "x" * 50]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.6931471805, "0.693147"), (3, "3"), (None, "-"), (True, "yes"), (float("nan"), "nan"),
     (float("-inf"), "-inf"), ("variance", "variance"), (1e-9, "1e-09")],
)  # fmt: skip
def test_figure(value, text):
    assert figure(value) == text


def test_shares_and_counts():
    assert (share(0.9625), share(None), share(float("nan"))) == ("96.2 %", "-", "-")
    assert (counted(1, "scenario"), counted(0, "scenario")) == ("1 scenario", "0 scenarios")


def test_number_for_json_has_no_nan_and_loses_no_digit():
    assert number(float("nan")) is None
    assert number(float("inf")) is None
    assert number(None) is None
    assert number(0.1 + 0.2) == 0.1 + 0.2
    assert number(3) == 3


@pytest.mark.parametrize(
    ("variable", "value", "colour"),
    [("NO_COLOR", "1", False), ("NO_COLOR", "", True), ("TERM", "dumb", False)],
)
def test_no_color_is_respected(monkeypatch, variable, value, colour):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(variable, value)
    assert Style.of(Terminal()).colour is colour


def test_no_colour_where_there_is_no_terminal(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert Style.of(io.StringIO()).colour is False


def test_escape_sequences_of_a_file_do_not_reach_the_terminal():
    assert "\x1b" not in Style().plain("title \x1b]0;owned\x07")
    assert Style(unicode=False).plain("a · b — c") == "a - b - c"


def test_progress_is_silent_where_there_is_no_terminal():
    stream = io.StringIO()
    with Progress(stream, 2) as progress:
        progress.start(0, "xor")
        progress.step("sigmoid", 10, 100)
    assert stream.getvalue() == ""


def test_progress_line_fits_the_terminal_and_is_erased(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    stream = Terminal()
    with Progress(stream, 12) as progress:
        progress.start(2, "a-scenario-with-quite-a-long-name")
        progress.step("a variant with a very long name", 999, 1000)
    parts = stream.getvalue().split("\r")
    assert parts[1].startswith("[3/12] a-scenario")
    assert all(width_of(part) <= 59 for part in parts)
    assert parts[-2].strip() == "" and parts[-1] == ""


def test_progress_is_drawn_at_most_ten_times_a_second():
    stream, now = Terminal(), 0.0
    with Progress(stream, 1, clock=lambda: now) as progress:
        progress.start(0, "xor")
        for step in range(1000):
            now += 0.001
            progress.step("", step, 1000)
    drawn = stream.getvalue().count("[1/1]")
    assert 8 <= drawn <= 11
