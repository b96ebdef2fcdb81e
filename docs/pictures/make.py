"""Make the pictures of the docs: the real app, driven by keys on shipped scenarios.

Run it from a clone in which nnsim is installed::

    python docs/pictures/make.py             # all of them
    python docs/pictures/make.py lab step    # two of them
    python docs/pictures/make.py --check     # see that each one can be made; write nothing
    python docs/pictures/make.py --list      # their names

No terminal is needed. Figures may differ in their last digit on another machine.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nnsim.tui.app import NnsimApp
from nnsim.tui.settings import Settings
from nnsim.tui.state import State
from nnsim.tui.svg import self_contained, words_of
from nnsim.tui.worker.worker import Worker

if TYPE_CHECKING:
    from textual.message import Message
    from textual.pilot import Pilot

    from nnsim.tui.worker.commands import Command

FOLDER = Path(__file__).parent
LONGEST = 180.0
"""Seconds to wait for an answer: the first run on a machine compiles."""


class CountingWorker(Worker):
    """A worker of which one can tell whether it has answered everything."""

    def __init__(self, post: Callable[[Message], Any]) -> None:
        super().__init__(post)
        self.asked = self.answered = 0
        self.published = -1

    def send(self, command: Command) -> None:
        """Count what is asked."""
        self.asked += 1
        super().send(command)

    def _do(self, command: Command) -> None:
        try:
            super()._do(command)
        finally:
            self.answered += 1

    def _publish(self) -> None:
        answered = self.answered
        super()._publish()
        self.published = answered

    @property
    def at_rest(self) -> bool:
        """Whether all is answered, and the screen has taken what came of it."""
        return self.published == self.asked and not self._told_of_frame


class Driver:
    """The keyboard, and eyes that wait until the screen shows what was asked for."""

    def __init__(self, app: NnsimApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> None:
        """Press keys, each when the one before has been answered."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type a text."""
        await self.press(*(_NAMES.get(sign, sign) for sign in text))

    async def go_to(self, where: str) -> None:
        """Go to a step."""
        await self.press("t")
        await self.type(where)
        await self.press("enter")

    async def settle(self) -> None:
        """Wait until everything is answered and shown."""
        worker = self.app.worker
        assert isinstance(worker, CountingWorker)
        end = time.monotonic() + LONGEST
        while True:
            asked = worker.asked
            while asked and not worker.at_rest:
                if time.monotonic() > end:
                    raise TimeoutError("the engine does not answer")
                await asyncio.sleep(0.005)
            await self.pilot.pause()
            if worker.asked == asked and (not asked or worker.at_rest):
                return


_NAMES = {" ": "space", "+": "plus", "-": "minus", ".": "full_stop", "<": "less_than_sign"}


async def _gallery(driver: Driver) -> None:
    await driver.press("slash")
    await driver.type("vanish")
    await driver.press("down")


async def _lab(driver: Driver) -> None:
    """Let ReLU and sigmoid run; look at sigmoid, which hardly learns."""
    await driver.press("V")
    await driver.go_to("60")
    await driver.press("v")


async def _step(driver: Driver) -> None:
    """Stop where dZ4, dW4 and db4 have just been computed, and point at a cell of dW4."""
    await driver.press("V")
    await driver.go_to("60")
    await driver.press("enter", *["n"] * 18)
    await driver.press("5", "down", "down", "right", "right", "right")


async def _dials(driver: Driver) -> None:
    await driver.go_to("20")
    await driver.press("f", *["down"] * 9, "right")


async def _check(driver: Driver) -> None:
    """Leave out g' in layer 2: the check blames this layer and the one before it."""
    await driver.go_to("3")
    await driver.press("b", "down", "down", "right", "enter", "N", "g")


async def _small(driver: Driver) -> None:
    await _lab(driver)
    await driver.press("2")


async def _wide(driver: Driver) -> None:
    """Fill all panels."""
    await _lab(driver)
    await driver.press("plus", "plus", "plus", "s", "l", "3", "enter", "escape", "1")


async def _compare(driver: Driver) -> None:
    await driver.go_to("300")
    await driver.press("c")


async def _surface(driver: Driver) -> None:
    await driver.press("V")
    await driver.go_to("200")
    await driver.press("s", "z")


async def _lesson(driver: Driver) -> None:
    await driver.press("l", "3", "enter")


async def _descent(driver: Driver) -> None:
    """Let the optimisers walk until the ones in the valley can be told apart."""
    await driver.go_to("60")


async def _search(driver: Driver) -> None:
    """Look at the random search when all its trials are done."""
    await driver.press("v")
    await driver.go_to("25")


async def _averages(driver: Driver) -> None:
    await driver.go_to("180")


async def _loop(driver: Driver) -> None:
    """Stop inside the loop, where dw is added up."""
    await driver.go_to("40")
    await driver.press(*["n"] * 5)


@dataclass(frozen=True)
class Picture:
    """What to open, how large, and which keys to press."""

    name: str
    words: tuple[str, ...]
    """Texts that must stand in it, or the wrong thing was shown."""
    drive: Callable[[Driver], Awaitable[None]]
    """The keys."""
    scenario: str | None = "vanishing-gradients"
    size: tuple[int, int] = (120, 40)
    theme: str = "nnsim-dark"


PICTURES: tuple[Picture, ...] = (
    Picture("gallery", ("The same ten-layer network",), _gallery, scenario=None),
    Picture("lab", ("it hardly learns", "step 60 / 300"), _lab),
    Picture("step", ("[dZ4 dW4 db4]", "dW4[2,3]"), _step),
    Picture("dials", ("Turn a dial", "A fork from step 20: tanh"), _dials),
    Picture("check", ("8 gradient check", "wrong"), _check, scenario="planted-bugs"),
    Picture("compare", ("compare", "settings that differ"), _compare),
    Picture("surface", ("9 loss surface",), _surface),
    Picture("lesson", ("You said", "It is"), _lesson),
    Picture("light", ("it hardly learns",), _lab, theme="nnsim-light"),
    Picture("small", ("[2 layers]", "sigmoid"), _small, size=(80, 24)),
    Picture("descent", ("Rosenbrock", "step 60"), _descent, scenario="curved-valley"),
    Picture("search", ("random", "step 25 / 25"), _search, scenario="grid-versus-random"),
    Picture("averages", ("1 / (1 - beta)", "step 180"), _averages, scenario="temperature-averages"),
    Picture("loop", ("the code", "dw[j] += X[j][i] * dz"), _loop, scenario="vectorization"),
    Picture("wide", ("it hardly learns", "You said"), _wide, size=(200, 60)),
)


async def drawn(picture: Picture) -> str:
    """Return a picture as SVG; ValueError where it lacks a word that it should have."""
    with tempfile.TemporaryDirectory() as folder:
        app = NnsimApp(
            settings=Settings(glyphs="unicode", theme=picture.theme),
            state=State(Path(folder) / "state.json"),
            open_first=picture.scenario,
            warm=False,
        )
        app._worker = CountingWorker(app._deliver)
        app._worker.start()
        async with app.run_test(size=picture.size) as pilot:
            driver = Driver(app, pilot)
            await driver.settle()
            await picture.drive(driver)
            app.clear_notifications()
            await driver.settle()
            svg = app.export_screenshot(title="nnsim")
    svg = self_contained(svg)
    shown = words_of(svg)
    missing = [word for word in picture.words if word not in shown]
    if missing:
        raise ValueError(f"{picture.name}: {missing[0]!r} is not in the picture; was a key moved?")
    return svg


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the pictures that are named, or all."""
    parser = argparse.ArgumentParser(description="Make the pictures of the docs.")
    parser.add_argument("name", nargs="*", help="which ones; all, if none is named")
    parser.add_argument("--check", action="store_true", help="make them, but write nothing")
    parser.add_argument("--list", action="store_true", help="print their names")
    parser.add_argument("--to", type=Path, default=FOLDER, help="another folder")
    asked = parser.parse_args(arguments)
    known = {picture.name: picture for picture in PICTURES}
    if asked.list:
        click.echo("\n".join(known))
        return 0
    unknown = [name for name in asked.name if name not in known]
    if unknown:
        parser.error(f"there is no picture {unknown[0]!r}; expected {', '.join(known)}")
    for name in asked.name or known:
        svg = asyncio.run(drawn(known[name]))
        if not asked.check:
            (asked.to / f"{name}.svg").write_text(svg, encoding="utf-8")
        click.echo(f"{name:10} {len(svg) // 1024:5d} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
