"""The runs of an open scenario: its variants, their forks, and moving them in time together.

What is the same for every kind; `training_runs` and `stepped_runs` have the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from nnsim.scenario import Scenario
from nnsim.scenario.expectations import BASE
from nnsim.scenario.stepped import SteppedSpecification
from nnsim.tui.worker.frames import Card, LessonStop, VariantCard

if TYPE_CHECKING:
    from nnsim.simulations.remark import Remark

OnProgress = Callable[[int, int], None]
Edit = tuple[str, int, int, float]
"""A single weight: block, row, column, new value."""


@dataclass
class Run:
    """A simulation with its name and its place among the others."""

    AT_END: ClassVar[str] = "go back, or fork it"
    """What can be done where it ends."""

    number: int
    name: str
    variant: str
    simulation: Any
    seed: int
    parent: int | None = None
    start: int = 0
    secret: bool = False
    kept: dict[str, Any] = field(default_factory=dict)
    """What was made of it for a frame and may be shown again."""

    @property
    def steps(self) -> int:
        """Steps planned."""
        raise NotImplementedError

    @property
    def furthest_step(self) -> int:
        """The last step that was computed."""
        return int(self.simulation.reached)

    @property
    def steps_an_epoch(self) -> int:
        """Steps that one pass over the training examples takes; 1 where there are none."""
        return 1

    def vocabulary(self) -> dict[str, Any]:
        """Return the arguments of `parse_condition` that say which figures there are."""
        raise NotImplementedError

    def rows(self, begin: int, end: int) -> Iterator[Mapping[str, float]]:
        """Yield the figures recorded in the steps (begin, end], by the names of conditions."""
        raise NotImplementedError

    def remarks(self) -> tuple[Remark, ...]:
        """Return what can be said for certain of the present, most important first."""
        return tuple(self.simulation.remarks())

    def go(self, step: int, phase: int, on_progress: OnProgress) -> None:
        """Go to a position, as far as the run goes."""
        step = max(0, step)
        if step >= self.steps:
            step, phase = self.steps, 0
        if phase >= len(self.simulation.phases):
            phase = 0
        self.simulation.seek(step, phase, on_progress)
        if step == self.steps and self.simulation.position.step == step:
            self.simulation.run(on_progress)


RunT = TypeVar("RunT", bound=Run)


class Runs(Generic[RunT]):
    """All runs of one scenario; one of them is looked at."""

    def __init__(self, scenario: Scenario, variant: str | None) -> None:
        self.scenario = scenario
        self.all: list[RunT] = []
        self._born = 0
        self.current: RunT = self._keep(self.begin(variant or scenario.variants[0].name))
        self.card = self._card()

    # What a kind gives

    def begin(self, variant: str) -> RunT:
        """Return a variant's run, at step 0, numbered `self.next_number`."""
        raise NotImplementedError

    def fork(
        self, changes: Mapping[str, Any], edits: tuple[Edit, ...], on_progress: OnProgress
    ) -> RunT:
        """Go on from here with other settings, as a new run that is looked at from now on.

        Raises ValueError or ScenarioError for what cannot be changed; nothing has happened then.
        """
        raise NotImplementedError

    # Which run

    @property
    def next_number(self) -> int:
        """The number of the run that is begun next."""
        return self._born

    def _keep(self, run: RunT) -> RunT:
        """Take a new run among the others."""
        self._born += 1
        self.all.append(run)
        return run

    def numbered(self, number: int) -> RunT:
        """Return the run of a number; ValueError where it was forgotten."""
        for run in self.all:
            if run.number == number:
                return run
        raise ValueError(f"there is no run {number + 1} any more")

    def of_variant(self, name: str) -> RunT:
        """Return the first run of a variant, begun if there is none yet."""
        for run in self.all:
            if run.variant == name and run.parent is None and not run.secret:
                return run
        return self._keep(self.begin(name))

    def look_at(self, run: RunT, on_progress: OnProgress) -> None:
        """Look at another run at the same moment."""
        position, phases = self.current.simulation.position, self.current.simulation.phases
        phase = position.phase if run.simulation.phases == phases else 0
        run.go(position.step, phase, on_progress)
        self.current = run

    def remove(self, run: RunT) -> None:
        """Forget a run; another one is looked at."""
        if len(self.all) == 1:
            raise ValueError("this is the only run; it stays")
        place = self.all.index(run)
        self.all.remove(run)
        if run is self.current:
            self.current = self.all[min(place, len(self.all) - 1)]

    def begin_all(self) -> None:
        """Begin every variant that has no run yet."""
        for variant in self.scenario.variants:
            self.of_variant(variant.name)

    def _last_step_of(self, variant: str | None) -> int:
        """Return how many steps a variant's run has, without beginning it; None: the present."""
        last = self.current.steps
        if variant in (None, self.current.variant):
            return last
        planned = self.scenario.specification(variant)
        if not isinstance(planned, SteppedSpecification):
            return int(planned.training(self.current.simulation.data.train.m).steps)
        # Where only the data tell, they most often tell the same for all variants.
        return last if planned.steps is None else planned.steps

    def _card(self) -> Card:
        scenario, first = self.scenario, self.current
        lessons = []
        for number, lesson in enumerate(scenario.lessons):
            step = lesson.step.step_of(first.steps_an_epoch)
            last = self._last_step_of(lesson.variant)
            lessons.append(
                LessonStop(
                    number,
                    last if step is None else min(step, last),
                    str(lesson.step),
                    lesson.variant,
                    lesson.text.strip(),
                    lesson.predict,
                    lesson.trial,
                )
            )
        return Card(
            name=scenario.name,
            title=scenario.title,
            kind=scenario.kind,
            topics=scenario.topics,
            summary=scenario.summary.strip(),
            look_for=scenario.look_for,
            seed=scenario.seed,
            dtype=scenario.dtype,
            variants=tuple(
                VariantCard(each.name, each.summary)
                for each in scenario.variants
                if each.name != BASE
            ),
            lessons=tuple(lessons),
            path=scenario.path,
            panel=scenario.panel,
        )


def first_name(variant: str) -> str:
    """Return the name of a variant's run."""
    return variant if variant != BASE else "first run"


def ignore(done: int, total: int) -> None:
    """Take a progress report that nobody asked for."""
