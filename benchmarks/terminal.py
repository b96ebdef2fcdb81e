"""The terminal UI: how soon it is there, how quickly it paints and answers, what it holds."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.bare_app import FRAME, READY
from benchmarks.contest import interleave
from benchmarks.screen import Screen
from benchmarks.targets import Aim

if TYPE_CHECKING:
    from benchmarks.pseudo_terminal import PseudoTerminal

NNSIM = (sys.executable, "-m", "nnsim")
BARE = (sys.executable, "-m", "benchmarks.bare_app")
LONG = 100_000
"""Steps of the run that is gone back in."""
ENDLESS = 100_000_000
STEP = re.compile(r"step (\d+) / \d+")
PEER_FRAME = re.compile(rf"{FRAME} (\d+) ")
LAYER = re.compile(r"─ 4 [^╮]*W(\d)")
PLAYS, STANDS = "Space pause", "Space play"
SCENARIO = """
[scenario]
title = "A network for a benchmark"
topic = "A7"
summary = "2-8-8-1 on two moons, with a dev set."
[data]
source = "moons"
examples = 200
noise = 0.2
split = [0.8, 0.2]
[network]
loss = "binary_cross_entropy"
layers = [
  {{ units = 8, activation = "tanh" }},
  {{ units = 8, activation = "tanh" }},
  {{ units = 1, activation = "sigmoid" }},
]
[training]
steps = {steps}
optimizer = "adam"
learning_rate = 0.001
"""
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Reading:
    """Something measured, in `unit`: seconds, frames a second, bytes."""

    what: str
    unit: str
    median: float
    worst: float | None = None
    """The 95th percentile; of frames a second the 5th."""
    aim: float | None = None
    """What the median shall not exceed; of frames a second, fall below."""
    peer: float | None = None
    """The same of a bare Textual app."""
    ratio: float | None = None
    """This / peer: the median of the rounds' ratios."""

    @property
    def kept(self) -> bool:
        """Whether the median is as it shall be."""
        return self.aim is None or Aim(self.aim, at_least=self.unit == "/s").kept(self.median)


@dataclass(frozen=True)
class Place:
    """A folder for what the apps read and remember."""

    folder: Path

    def scenario(self, steps: int) -> Path:
        """Return the file of a scenario of so many steps."""
        path = self.folder / f"moons-{steps}.toml"
        path.write_text(SCENARIO.format(steps=steps), "utf-8")
        return path

    def open(self, *command: str | Path) -> PseudoTerminal:
        """Return a program in a terminal of 120x40."""
        # Not every system has pseudo-terminals; the other benchmarks run there too.
        from benchmarks.pseudo_terminal import PseudoTerminal

        return PseudoTerminal([str(word) for word in command], self.folder)


def measure(rounds: int, tell: Tell) -> list[Reading]:
    """Return every reading."""
    found: list[Reading] = []
    with tempfile.TemporaryDirectory(prefix="nnsim-terminal-") as folder:
        place = Place(Path(folder))
        for part in (start_up, first_step, painting, going_back, back_without_screen):
            tell(f"terminal: {part.__name__.replace('_', ' ')}")
            found += part(place, rounds)
    return found


def start_up(place: Place, rounds: int) -> list[Reading]:
    """From process start to the first painted frame, in turns with a bare app."""

    def once(command: tuple[str, ...], marker: str) -> float:
        with place.open(*command) as terminal:
            return terminal.until(lambda screen: marker in screen) - terminal.begin

    bursts = {
        "nnsim": lambda: once(NNSIM, "nnsim  a debugger for learning"),
        "bare": lambda: once(BARE, READY),
    }
    for burst in bursts.values():
        burst()  # Writes the byte code.
    times = interleave(bursts, rounds)
    return [_against("process start to first frame", "s", times["nnsim"], times["bare"], aim=0.3)]


def first_step(place: Place, rounds: int) -> list[Reading]:
    """From the key that opens a scenario to its first trained step on the screen, cache warm."""
    times: dict[float, list[float]] = {3.0: [], 0.0: []}
    for number in range(1 + max(2, rounds // 4)):
        for pause, found in times.items():
            with place.open(*NNSIM) as terminal:
                terminal.until(lambda screen: "Enter open" in screen)
                terminal.idle(pause)
                begin = terminal.press("\r")
                terminal.until(lambda screen: "N step" in screen)
                terminal.press("N")
                taken = terminal.until(_at_step(1)) - begin
            if number:  # The first one may fill the cache.
                found.append(taken)
    what = "key to first trained step"
    return [
        _reading(f"{what}, engine loaded while reading", "s", times[3.0], aim=1.2),
        _reading(f"{what}, at once", "s", times[0.0], aim=1.2),
    ]


def painting(place: Place, rounds: int) -> list[Reading]:
    """While it plays as fast as can be: frames a second against the toolkit's own, and a key."""
    with _playing(place, ENDLESS) as terminal, place.open(*BARE, "repaint") as peer:
        peer.until(lambda screen: FRAME in screen)
        _toggle(terminal, STANDS)

        def nnsim() -> float:
            _toggle(terminal, PLAYS)
            rate = _frames_a_second(terminal, STEP)
            _toggle(terminal, STANDS)
            return rate

        def bare() -> float:
            peer.press(" ")
            rate = _frames_a_second(peer, PEER_FRAME)
            peer.press(" ")
            return rate

        rates = interleave({"nnsim": nnsim, "bare": bare}, max(3, rounds // 3))
        size = f"{terminal.screen.columns}x{terminal.screen.rows}"
        _toggle(terminal, PLAYS)
        delays = [_delay(terminal) for _ in range(2 * rounds)]
    frames = _against(f"frames at {size} while playing", "/s", rates["nnsim"], rates["bare"], 30.0)
    return [frames, _reading("key to screen while playing", "s", delays, aim=0.05)]


def going_back(place: Place, rounds: int) -> list[Reading]:
    """Back by one step in the app, at several places of a long run; its memory before that."""
    with _playing(place, LONG) as terminal:
        terminal.until(_at_step(LONG), seconds=300)
        terminal.idle(1.0)
        memory = terminal.resident()
        times = []
        for step in (LONG, LONG // 2, LONG // 3, LONG // 100):
            if step < LONG:
                terminal.press("t")
                terminal.idle(0.5)
                terminal.press(f"{step}\r")
                terminal.until(_at_step(step))
            for back in range(1, 1 + max(3, rounds // 4)):
                terminal.idle(0.1)
                begin = terminal.press("P")
                times.append(terminal.until(_at_step(step - back)) - begin)
    return [
        Reading(f"resident after {LONG} steps", "B", memory, aim=250e6),
        _reading("back by a step, key to screen", "s", times, aim=0.05),
    ]


def back_without_screen(place: Place, rounds: int) -> list[Reading]:
    """Back by one step in the worker's session: the engine and the frame, no painting."""
    command = [sys.executable, "-m", "benchmarks.going_back", place.scenario(LONG), LONG, rounds]
    done = subprocess.run(
        [str(word) for word in command], stdout=subprocess.PIPE, text=True, check=True
    )
    return [
        _reading(f"back by a step at {step}, no screen", "s", times, aim=0.05)
        for step, times in json.loads(done.stdout)
    ]


@contextmanager
def _playing(place: Place, steps: int) -> Iterator[PseudoTerminal]:
    """Open a scenario of so many steps and let it play as fast as can be."""
    with place.open(*NNSIM, "tui", place.scenario(steps)) as terminal:
        terminal.until(_at_step(0))
        terminal.idle(1.0)
        for _ in range(9):
            terminal.press("]")
            terminal.idle(0.2)
        _toggle(terminal, PLAYS)
        yield terminal


def _toggle(terminal: PseudoTerminal, footer: str) -> None:
    """Play, or stand still, until the footer says so."""
    terminal.press(" ")
    terminal.until(lambda screen: footer in screen)


def _at_step(step: int) -> Callable[[Screen], bool]:
    return lambda screen: screen.search(STEP) == str(step)


def _frames_a_second(
    terminal: PseudoTerminal, pattern: re.Pattern[str], seconds: float = 2.0
) -> float:
    """Let a program paint for a while; return how many different frames a second it showed."""
    seen: list[tuple[float, str]] = []

    def look(screen: Screen) -> None:
        number = screen.search(pattern)
        if not seen or seen[-1][1] != number:
            seen.append((time.perf_counter(), number))

    terminal.idle(0.5)
    terminal.on_paint = look
    terminal.idle(seconds)
    terminal.on_paint = lambda screen: None
    if len(seen) < 2:
        raise RuntimeError("nothing was painted")
    return (len(seen) - 1) / (seen[-1][0] - seen[0][0])


def _delay(terminal: PseudoTerminal) -> float:
    """Press the key of another layer; return the seconds until its name is on the screen."""
    terminal.idle(0.1 + 0.05 * np.random.default_rng().random())
    before = terminal.screen.search(LAYER)
    begin = terminal.press("." if before == "1" else ",")
    return terminal.until(lambda screen: screen.search(LAYER) != before) - begin


def _reading(what: str, unit: str, values: list[float], aim: float | None = None) -> Reading:
    return Reading(what, unit, median(values), float(np.percentile(values, 95)), aim)


def _against(
    what: str, unit: str, values: list[float], peer: list[float], aim: float | None = None
) -> Reading:
    percent = 5 if unit == "/s" else 95
    ratios = [one / other for one, other in zip(values, peer, strict=True)]
    worst = float(np.percentile(values, percent))
    return Reading(what, unit, median(values), worst, aim, median(peer), median(ratios))
