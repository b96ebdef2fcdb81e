"""What is open, and what every command does to it. No threads: the worker drives it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from nnsim.scenario import load
from nnsim.tui.worker import commands as c
from nnsim.tui.worker import exports, training_commands, warming
from nnsim.tui.worker.conditions import Condition, parse_condition
from nnsim.tui.worker.frames import Frame
from nnsim.tui.worker.looking import Looking
from nnsim.tui.worker.messages import Cancelled, Told, Working
from nnsim.tui.worker.opening import open_runs
from nnsim.tui.worker.playing import Player, ending_of
from nnsim.tui.worker.runs import Run, Runs

if TYPE_CHECKING:
    from textual.message import Message

Tell = Callable[["Message"], None]


class Session:
    """The open scenario, the place in time, and whether it plays.

    Parameters
    ----------
    tell : callable
        Takes messages for the screens.
    give_up : callable
        Asked often during long work; true: stop it.
    """

    def __init__(self, tell: Tell, give_up: Callable[[], bool] = lambda: False) -> None:
        self.tell, self.give_up = tell, give_up
        self.runs: Runs | None = None
        self.looking = Looking()
        self.player: Player | None = None
        self.speed = 10.0
        self.comparing = False
        self._opening = 0
        self._visited: set[int] = set()

    @property
    def playing(self) -> bool:
        """Whether time goes on by itself."""
        return self.player is not None

    @property
    def endless(self) -> bool:
        """Whether it plays as fast as can be."""
        return math.isinf(self.speed)

    @property
    def now(self) -> Run:
        """The run that is looked at."""
        return self._open.current

    @property
    def _open(self) -> Runs:
        if self.runs is None:
            raise ValueError("no scenario is open")
        return self.runs

    def frame(self) -> Frame | None:
        """Return the present moment, or None while nothing is open."""
        if self.runs is None:
            return None
        return self.looking.frame(
            self.runs,
            opening=self._opening,
            playing=self.playing,
            speed=self.speed,
            comparing=self.comparing,
        )

    def handle(self, command: c.Command) -> None:
        """Do what a command says.

        Raises
        ------
        NnsimError, ValueError
            It cannot be done; everything stands as before.
        Cancelled
            It was stopped on the way.
        """
        match command:
            case c.Warm():
                warming.warm()
            case c.Open():
                self._close()
                self.runs = open_runs(load(command.source), command.variant)
                self._opening = command.opening
            case c.Close():
                self._close()
            case c.Watch():
                self.looking.watch = command
            case c.Speed():
                self._set_speed(command.steps_a_second)
            case c.Pause():
                self.player = None
            case c.Play():
                self._play(command.until)
            case c.PlayOrPause():
                if self.player:
                    self.player = None
                else:
                    self._play("")
            case c.Compare():
                self._compare(command.on)
            case c.Check() | c.Scan() | c.Survey():
                training_commands.look_closer(self._open, command, self.progress)
            case c.Export():
                self.player = None
                exports.write(self._open, command.path, self.progress("Writing"))
                self.tell(Told(f"written: {command.path}"))
            case _:
                self.player = None
                self._move(command)

    def _close(self) -> None:
        self.runs = self.player = None
        self.comparing = False
        self._visited.clear()

    # Moving

    def _move(self, command: c.Command) -> None:
        position, phases = self.now.simulation.position, self.now.simulation.phases
        step, phase = position.step, position.phase
        match command:
            case c.Phase():
                step, phase = self._phases_from(step, phase, command.count, len(phases))
                self.go(step, phase)
            case c.Step():
                back = command.count < 0 and phase > 0
                self.go(step + command.count + back)
            case c.Epoch():
                self.go(self._epochs_from(step, phase, command.count))
            case c.Seek():
                target = self.now.furthest_step if command.step is None else command.step
                self.go(target, command.phase)
            case c.Leave():
                self.go(step + 1 if phase else step)
            case c.ShowVariant():
                self._open.look_at(self._open.of_variant(command.name), self.progress())
            case c.ShowRun():
                self._open.look_at(self._open.numbered(command.number), self.progress())
            case c.RemoveRun():
                self._open.remove(self._open.numbered(command.number))
            case c.Fork():
                self._open.fork(command.changes, command.edits, self.progress())
            case c.Hide():
                training_commands.hide(self._open, command.seed)
            case c.Reveal():
                self.tell(Told(training_commands.reveal(self._open)))
            case _:
                raise ValueError(f"{type(command).__name__} is no command")

    def _phases_from(self, step: int, phase: int, count: int, phases: int) -> tuple[int, int]:
        at = step * phases + phase + count
        return divmod(max(0, at), phases)

    def _epochs_from(self, step: int, phase: int, count: int) -> int:
        length = self.now.steps_an_epoch
        if count > 0:
            return (step // length + count) * length
        inside = bool(step % length or phase)
        return max(0, (step // length + count + inside) * length)

    def go(self, step: int, phase: int = 0) -> None:
        """Take the current run to a position, and while comparing all runs to its step."""
        runs = self._open.all if self.comparing else [self.now]
        for run in runs:
            run.go(step, phase if run is self.now else 0, self.progress())

    def progress(self, what: str = "") -> Callable[[int, int], None]:
        """Return what long work calls on its way: it tells how far it is, and stops it."""

        def on_progress(done: int, total: int) -> None:
            if self.give_up():
                raise Cancelled
            self.tell(Working(what or f"Running to step {total}", done, total))

        return on_progress

    # Playing

    def _set_speed(self, speed: float) -> None:
        if not speed > 0:
            raise ValueError(f"the speed is {speed}; expected a number above 0")
        self.speed = speed
        if self.player:
            self.player.speed = speed

    def _play(self, until: str) -> None:
        run = self.now
        condition: Condition | None = None
        if until:
            step = run.simulation.position.step
            condition = parse_condition(until, step=step, **run.vocabulary())
        if run.simulation.position.phase:
            self.go(run.simulation.position.step + 1)
        if run.simulation.position.step >= run.steps or run.simulation.status != "ready":
            self.tell(Told(ending_of(run)))
            return
        self.player = Player(self.speed, condition)

    def play_on(self, seconds: float) -> None:
        """Let the time of so many seconds pass in a playing run."""
        if self.player is None:
            return
        runs = self._open.all if self.comparing else [self.now]
        told = self.player.go_on(self.now, runs, seconds, self._stops(), self.give_up)
        if told is not None:
            self.player = None
            if told:
                self.tell(Told(told))

    def _stops(self) -> list[int]:
        """Return the steps of lesson stops that playing has not stopped at yet."""
        here, variant = self.now.simulation.position.step, self.now.variant
        mine = {stop.step for stop in self._open.card.lessons if stop.variant in (None, variant)}
        self._visited.add(here)
        return sorted(step for step in mine - self._visited if step > here)

    # Comparing

    def _compare(self, on: bool) -> None:
        if on:
            self.player = None
            self._open.begin_all()
            self.comparing = True
            self.go(self.now.simulation.position.step)
        self.comparing = on
