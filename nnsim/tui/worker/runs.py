"""The runs of an open scenario: its variants, their forks, and moving them in time together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from nnsim.scenario import Scenario
from nnsim.scenario.expectations import BASE
from nnsim.simulations.diagnosis import THRESHOLDS
from nnsim.simulations.fork import Edit
from nnsim.simulations.remark import Thresholds
from nnsim.simulations.training import TrainingSimulation
from nnsim.tui.worker import dials, faults
from nnsim.tui.worker.frames import Card, LessonStop, VariantCard

if TYPE_CHECKING:
    from nnsim.training.epsilon_scan import EpsilonScan
    from nnsim.training.gradient_check import GradientCheck
    from nnsim.training.surface import Surface

HIDDEN = "run with a bug"
"""The name of a run whose bug is to be found."""

OnProgress = Callable[[int, int], None]


@dataclass
class Run:
    """A simulation with its name and its place among the others."""

    number: int
    name: str
    variant: str
    simulation: TrainingSimulation
    seed: int
    parent: int | None = None
    start: int = 0
    secret: bool = False
    thresholds: Thresholds = THRESHOLDS
    surface: Surface | None = None
    check: GradientCheck | None = None
    scan: EpsilonScan | None = None
    kept: dict[str, Any] = field(default_factory=dict)
    """What `looking` has made of it and may show again."""

    @property
    def steps(self) -> int:
        """Steps planned."""
        return self.simulation.training.steps

    @property
    def steps_an_epoch(self) -> int:
        """Steps that one pass over the training examples takes."""
        m = self.simulation.data.train.m
        return max(1, -(-m // (self.simulation.training.batch_size or m)))

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


class Runs:
    """All runs of one scenario; one of them is looked at."""

    def __init__(self, scenario: Scenario, variant: str | None, name: str = "") -> None:
        self.scenario = scenario
        self.name = name or scenario.name
        self.all: list[Run] = []
        self._born = 0
        self.current = self._open(variant or scenario.variants[0].name)
        self.card = self._card()

    def _add(self, name: str, variant: str, simulation: TrainingSimulation, **more: Any) -> Run:
        run = Run(self._born, name, variant, simulation, **more)
        self._born += 1
        self.all.append(run)
        return run

    def _open(self, variant: str) -> Run:
        simulation = self.scenario.simulation(variant=variant)
        specification = self.scenario.specification(variant)
        judged = specification.diagnosis
        thresholds = replace(
            THRESHOLDS,
            bayes_error=judged.bayes_error,
            bias=judged.bias_threshold,
            variance=judged.variance_threshold,
        )
        name = variant if variant != BASE else "first run"
        return self._add(name, variant, simulation, seed=specification.seed, thresholds=thresholds)

    def _card(self) -> Card:
        scenario, first = self.scenario, self.current
        lessons = []
        for number, lesson in enumerate(scenario.lessons):
            step = lesson.step.step_of(first.steps_an_epoch)
            lessons.append(
                LessonStop(
                    number,
                    first.steps if step is None else min(step, first.steps),
                    str(lesson.step),
                    lesson.variant,
                    lesson.text.strip(),
                    lesson.predict,
                    lesson.trial,
                )
            )
        return Card(
            name=self.name,
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
        )

    # Which run

    def numbered(self, number: int) -> Run:
        """Return the run of a number; ValueError where it was forgotten."""
        for run in self.all:
            if run.number == number:
                return run
        raise ValueError(f"there is no run {number + 1} any more")

    def of_variant(self, name: str) -> Run:
        """Return the first run of a variant, begun if there is none yet."""
        for run in self.all:
            if run.variant == name and run.parent is None and not run.secret:
                return run
        return self._open(name)

    def look_at(self, run: Run, on_progress: OnProgress) -> None:
        """Look at another run at the same moment."""
        position, phases = self.current.simulation.position, self.current.simulation.phases
        phase = position.phase if run.simulation.phases == phases else 0
        run.go(position.step, phase, on_progress)
        self.current = run

    def remove(self, run: Run) -> None:
        """Forget a run; another one is looked at."""
        if len(self.all) == 1:
            raise ValueError("this is the only run; it stays")
        place = self.all.index(run)
        self.all.remove(run)
        if run is self.current:
            self.current = self.all[min(place, len(self.all) - 1)]

    def family(self, run: Run) -> list[Run]:
        """Return the runs that hide the same bug: its forks, and what it forked from."""
        fault = run.simulation.training.fault
        return [
            each for each in self.all if each.secret and each.simulation.training.fault == fault
        ]

    def begin_all(self) -> None:
        """Begin every variant that has no run yet."""
        for variant in self.scenario.variants:
            self.of_variant(variant.name)

    # Forks

    def fork(
        self, changes: Mapping[str, Any], edits: tuple[tuple[str, int, int, float], ...] = ()
    ) -> Run:
        """Go on from here with other settings, as a new run that is looked at from now on.

        Raises ValueError for what cannot be changed; nothing has happened then.
        """
        parent = self.current
        simulation = parent.simulation
        network, training, seed, restart = dials.apply(
            changes, simulation.network, simulation.training, parent.seed
        )
        more: dict[str, Any] = {
            "seed": seed,
            "parent": parent.number,
            "thresholds": parent.thresholds,
            "secret": parent.secret,
        }
        if restart:
            other = TrainingSimulation(
                network, training, simulation.data, seed=seed, dtype=self.scenario.dtype
            )
        else:
            other = simulation.fork(
                network=network, training=training, edits=tuple(Edit(*each) for each in edits)
            )
            more["start"] = other.position.step
        name = f"{parent.name}, {dials.describe(changes, edits)}"
        self.current = self._add(name, parent.variant, other, **more)
        return self.current

    def hide_fault(self, seed: int) -> Run:
        """Begin a run like the present one with a bug in it; ValueError if none has a place."""
        simulation = self.current.simulation
        places = faults.places_in(simulation)
        if not places:
            raise ValueError("no bug of the list has a place in this network")
        fault = faults.pick(seed, places)
        training = replace(simulation.training, fault=fault)
        other = TrainingSimulation(
            simulation.network,
            training,
            simulation.data,
            seed=self.current.seed,
            dtype=self.scenario.dtype,
        )
        self.current = self._add(
            HIDDEN,
            self.current.variant,
            other,
            seed=self.current.seed,
            parent=self.current.number,
            thresholds=self.current.thresholds,
            secret=True,
        )
        return self.current
