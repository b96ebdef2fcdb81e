"""The hidden terminal reads as a terminal would; readings say what was missed; no timing."""

import json
import sys

import numpy as np
import pytest

from benchmarks.screen import Screen
from benchmarks.tables import as_data, terminal_table
from benchmarks.terminal import (
    LAYER,
    PEER_FRAME,
    SCENARIO,
    STEP,
    Place,
    Reading,
    _against,
    _at_step,
    _reading,
)
from nnsim.scenario import load

unix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")


def lines(*written, columns=10, rows=3):
    screen = Screen(columns, rows)
    for text in written:
        screen.write(text)
    return [line.rstrip() for line in screen.lines]


def test_text_colours_and_moves():
    assert lines("\x1b[?1049h\x1b[2J\x1b[1;31mab\x1b[0m\x1b[3;4Hcd") == ["ab", "", "   cd"]


def test_later_text_covers_earlier_text_only_where_it_stands():
    assert lines("abcdef", "\x1b[1;3HXY") == ["abXYef", "", ""]


def test_lines_end_and_are_cut_at_the_edge():
    assert lines("0123456789ABC\nx\ry\nz\nlast") == ["0123456789", "y", "last"]


def test_erasing():
    assert lines("abc\ndef\x1b[1;2H\x1b[K") == ["a", "def", ""]
    assert lines("abc\x1b[2J") == ["", "", ""]


@pytest.mark.parametrize("at", range(1, 22))
def test_a_sequence_may_come_in_two_parts(at):
    text = "\x1b[38;2;1;2;3mok\x1b[2;3Hno"
    assert lines(text[:at], text[at:]) == ["ok", "  no", ""]


def test_strings_for_the_terminal_itself_are_no_text():
    assert lines("\x1b]0;a title\x07\x1bP+q544e\x1b\\\x1b(Bx\x1b7\x1b[>1u") == ["x", "", ""]


def test_what_stands_on_a_screen_is_found():
    screen = Screen(60, 2)
    screen.write("epoch 4   step 128 / 2000   paused\n╭─ 4 weights W12 ─╮╭─ 5 W3 ─╮")
    assert screen.search(STEP) == "128"
    assert _at_step(128)(screen) and not _at_step(12)(screen)
    assert screen.search(LAYER) == "1"
    assert screen.search(PEER_FRAME) == ""
    assert "paused" in screen and "pausing" not in screen


PROGRAM = r"""
import sys, termios, tty
tty.setcbreak(sys.stdin)
print("\x1b[?2026$p", end="", flush=True)
answer = sys.stdin.read(11)
print(f"size {__import__('os').get_terminal_size()[:]} {answer!r}", flush=True)
key = sys.stdin.read(1)
print(f"\x1b[?2026hkey {key}\x1b[?2026l", flush=True)
sys.stdin.read(1)
"""


@unix
def test_keys_go_in_and_paints_are_seen(tmp_path):
    from benchmarks.pseudo_terminal import PseudoTerminal

    paints = []
    with PseudoTerminal([sys.executable, "-c", PROGRAM], tmp_path, 70, 8) as terminal:
        terminal.on_paint = lambda screen: paints.append("key N" in screen)
        begun = terminal.until(lambda screen: "size (70, 8)" in screen and "2026;2" in screen)
        assert begun > terminal.begin
        pressed = terminal.press("N")
        assert terminal.until(lambda screen: "key N" in screen) > pressed
        assert paints == [True]
        if sys.platform == "linux":
            assert terminal.resident() > 1e6
    assert terminal.process.poll() is not None


@unix
def test_a_program_that_ends_is_told_with_its_screen(tmp_path):
    from benchmarks.pseudo_terminal import PseudoTerminal

    program = "print('some last words'); raise SystemExit(3)"
    with (
        PseudoTerminal([sys.executable, "-c", program], tmp_path) as terminal,
        pytest.raises(RuntimeError, match=r"it ended with 3; on the screen:\nsome last words"),
    ):
        terminal.until(lambda screen: "never" in screen)


def test_the_scenario_is_right(tmp_path):
    for steps in (10, 100_000_000):
        scenario = load(Place(tmp_path).scenario(steps))
        simulation = scenario.simulation()
        assert simulation.training.steps == steps
        assert (simulation.network.sizes, simulation.data.dev.m) == ((2, 8, 8, 1), 40)
    assert SCENARIO.count("{steps}") == 1


def test_readings_say_what_was_missed():
    assert Reading("start", "s", 0.2, aim=0.3).kept
    assert not Reading("start", "s", 0.4, aim=0.3).kept
    assert Reading("frames", "/s", 40.0, aim=30.0).kept
    assert not Reading("frames", "/s", 20.0, aim=30.0).kept
    assert Reading("anything", "s", 9.0).kept


def test_the_worst_of_frames_is_the_least():
    frames = _against("frames", "/s", [30.0, 20.0, 40.0], [60.0, 50.0, 40.0], aim=30.0)
    assert (frames.median, frames.peer, frames.ratio) == (30.0, 50.0, 0.5)
    assert frames.worst < 22
    assert _reading("delay", "s", [0.01] * 9 + [0.2]).worst > 0.01


def test_table_and_data():
    readings = [
        Reading("start", "s", 0.4567, 0.5, aim=0.3, peer=0.2, ratio=2.28),
        Reading("memory", "B", 214.4e6, aim=250e6),
    ]
    table = terminal_table(readings).text().splitlines()
    assert table[1].split() == ["start", "ms", "457", "500", "300", "200", "2.28", "MISSED"]
    assert table[2].split() == ["memory", "MB", "214", "-", "250", "-", "-"]
    readings.append(_reading("delay", "s", list(np.array([0.1, 0.2, 0.3])), aim=0.05))
    data = json.loads(json.dumps(as_data({}, {"terminal": readings})))["terminal"]
    assert (data[0]["median"], data[0]["kept"], data[2]["kept"]) == (0.4567, False, False)
