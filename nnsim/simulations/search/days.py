"""Panda and caviar: a step is a day of training (course topic D5)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nnsim.network.specification import Network
from nnsim.simulations.remark import Remark
from nnsim.simulations.search.remarks import day_remarks
from nnsim.simulations.search.sampling import drawn, values_at
from nnsim.simulations.search.specification import WHOLE, Search, figure_names
from nnsim.simulations.search.state import DayState, SearchSnapshot, Trial
from nnsim.simulations.search.trial import Curve, Workplace, curve_of, with_settings
from nnsim.simulations.search.trials import phases_of
from nnsim.simulations.stepped import Figure, Stepped

if TYPE_CHECKING:
    from nnsim.data.dataset import DataSet
    from nnsim.simulations.training import TrainingSimulation


POINTS_A_DAY = 4
"""Evaluations a day, where the training does not say how many."""


class DaySearch(Stepped[DayState]):
    """One babysat run (panda), or a population of runs side by side (caviar).

    Both spend `search.budget` training steps a day: the panda alone, the population shares them.

    Parameters
    ----------
    search : Search
    seed : int
        Of the settings that a population draws.
    workplace : Workplace
        Where runs are trained.
    drifted : callable, optional
        Returns the data after the change; needed if `search.drift`.

    Raises
    ------
    ValueError
        The method has no days, or there is a drift and no data for it.
    """

    KIND: ClassVar[str] = "search"

    def __init__(
        self,
        search: Search,
        *,
        seed: int,
        workplace: Workplace,
        drifted: Callable[[], DataSet] | None = None,
    ) -> None:
        if not search.in_days:
            raise ValueError(f"search: {search.method} makes trials; use TrialSearch")
        if search.drift is not None and drifted is None:
            raise ValueError("search: there are no data for the drift")
        self.search, self.seed = search, seed
        self._workplace, self._drifted = workplace, drifted
        self.phases = phases_of(search)
        self.names = search.watched()
        # States are made in order, each once: the runs stand where the last state ends.
        self._members: list[_Member] = []
        super().__init__(search.days)

    def begin(self) -> DayState:
        """Return the state before the first day: settings chosen, nothing trained."""
        search = self.search
        if search.method == "panda":
            values = tuple(float(search.start[name]) for name in self.names)
            runs = [Trial((), (), values)]
        else:
            runs = []
            for number in range(search.population):
                numbers = drawn(search, self.seed, number)
                runs.append(Trial(numbers, numbers, values_at(search, numbers)))
        steps = search.daily * search.days
        place, points = self._workplace, search.days * POINTS_A_DAY
        self._members = [
            _Member(place.simulation(self._settings(run), steps, points), place) for run in runs
        ]
        return DayState(tuple(runs))

    def after(self, state: DayState, step: int) -> DayState:
        """Change what is to be changed, and train every run for a day."""
        search = self.search
        changed = {
            name: value
            for change in search.changes
            if change.day == step
            for name, value in change.settings
        }
        drifted = search.drift is not None and search.drift.day == step
        runs = []
        for member, run in zip(self._members, state.runs, strict=True):
            values = tuple(changed.get(name, value) for name, value in self._settings(run).items())
            if drifted:
                member.move(self._data_after(), changed)
            elif changed:
                member.change(changed)
            member.simulation.advance(search.daily)
            value = self._workplace.value(member.simulation)
            curve = member.curve(value)
            runs.append(replace(run, values=values, value=value, curve=run.curve.then(curve)))
        at = (step - 1) * search.daily
        best = int(np.argmin([run.value for run in runs]))
        return DayState(
            runs=tuple(runs),
            best=best,
            lowest=float(np.fmin(state.lowest, runs[best].value)),
            before=state.runs[0].values,
            changes=state.changes + bool(changed),
            changed_at=(*state.changed_at, at) if changed else state.changed_at,
            drifted_at=at if drifted else state.drifted_at,
            drifted=drifted,
            spent=sum(member.done for member in self._members),
        )

    def _settings(self, run: Trial) -> dict[str, float]:
        return dict(zip(self.names, run.values, strict=True))

    def _data_after(self) -> DataSet:
        assert self._drifted is not None
        return self._drifted()

    # Looking

    def figures_of(self, state: DayState, step: int) -> dict[str, Figure]:
        """Return what is known after a number of days.

        `value` is today's: of the panda, or the lowest of the population; `best.learning_rate` and
        so on are the settings of the run that has it.
        """
        found: dict[str, float] = {
            "days": float(step),
            "best": state.lowest,
            "changes": float(state.changes),
            "steps_spent": float(state.spent),
        }
        panda = self.search.method == "panda"
        leader = state.runs[0 if panda else max(state.best, 0)]
        for name, value in self._settings(leader).items():
            found[name] = value
            if state.best >= 0:
                found[f"best.{name}"] = value
        if state.best >= 0:
            found["value"] = leader.value
            results = np.array([run.value for run in state.runs])
            finite = results[np.isfinite(results)]
            found["median"] = float(np.median(results))
            found["diverged"] = float(np.count_nonzero(np.isinf(results)))
            if len(finite):
                found["worst"] = float(np.max(finite))
                found["spread"] = float(np.max(finite) - np.min(finite))
        return {name: found.get(name, math.nan) for name in figure_names(self.search)}

    def snapshot(self) -> SearchSnapshot:
        """Return what is shown: today's curves from the phase `train` on, its values after."""
        state, step, phase = self.working, self._step, self._phase
        judged = state if phase == 0 or phase >= len(self.phases) else self.state
        trained = state if phase == 0 or phase > self.phases.index("train") else self.state
        lowest = [each.lowest for each in self._states[1 : step + 1]]
        rows, best = self._rows_shown(judged, step)
        return SearchSnapshot(
            step=step,
            phase=phase,
            search=self.search,
            names=self.names,
            values=_column([run.values for run in rows], len(self.names)),
            results=_column([run.value for run in rows]),
            best_so_far=_column(lowest),
            best=best,
            made=state.runs[max(state.best, 0)] if phase == 0 else state.runs[0],
            made_number=step + (phase > 0),
            known=phase or len(self.phases),
            curves=tuple(run.curve for run in trained.runs if len(run.curve.steps)),
            day=state,
            start=tuple(self._settings(self._states[0].runs[0]).items()),
            drift=self.search.drift,
        )

    def _rows_shown(self, judged: DayState, step: int) -> tuple[list[Trial], int]:
        """Return the runs of a population, or the panda on each of its days; and the best one."""
        if self.search.method == "panda":
            rows = [state.runs[0] for state in self._states[1 : step + 1]]
            values = [row.value for row in rows]
            return rows, int(np.argmin(values)) if values else -1
        return (list(judged.runs), judged.best) if judged.best >= 0 else ([], -1)

    def remarks(self) -> tuple[Remark, ...]:
        """Return what can be said of the days so far."""
        values = [state.runs[max(state.best, 0)].value for state in self._states[: self._step + 1]]
        return day_remarks(self.search, self.state, self._step, values)


class _Member:
    """A run of the population, and what it did before the data changed."""

    def __init__(self, simulation: TrainingSimulation, workplace: Workplace) -> None:
        self.simulation, self._workplace = simulation, workplace
        self._begun = 0

    @property
    def done(self) -> int:
        """Training steps that were made."""
        return self._begun + self.simulation.position.step

    @property
    def _alive(self) -> bool:
        return self.simulation.non_finite is None

    def change(self, settings: dict[str, float]) -> None:
        """Go on with other settings; what has left the numbers cannot."""
        if self._alive:
            self.simulation = self.simulation.fork((), **_as_fields(settings))

    def move(self, data: DataSet, settings: dict[str, float]) -> None:
        """Go on with the same weights on other data; the optimiser's averages begin anew."""
        from nnsim.simulations.training import TrainingSimulation

        if not self._alive:
            return
        old, place = self.simulation, self._workplace
        network, training = with_settings(_with_weights_of(old), old.training, settings)
        left = training.steps - old.position.step
        self._begun += old.position.step
        self.simulation = TrainingSimulation(
            network, replace(training, steps=left), data, seed=place.seed, dtype=place.dtype
        )

    def curve(self, value: float) -> Curve:
        """Return the objective since the data changed, over the training steps of the whole run."""
        curve = self._workplace.curve(self.simulation, value)
        return curve_of(curve.steps + self._begun, curve.values.copy())


def _as_fields(settings: dict[str, float]) -> dict[str, Any]:
    """Return settings as a fork takes them: counts are whole numbers."""
    return {name: int(v) if name in WHOLE else v for name, v in settings.items()}


def _with_weights_of(simulation: TrainingSimulation) -> Network:
    """Return a run's network with its present weights as the first ones."""
    arrays = simulation.snapshot().arrays
    layers = []
    for number, layer in enumerate(simulation.network.layers, start=1):
        weights = tuple(tuple(map(float, row)) for row in arrays[f"W{number}"])
        biases = tuple(map(float, arrays[f"b{number}"][:, 0])) if layer.bias else None
        layer = replace(layer, weights=weights, biases=biases)
        if layer.norm is not None:
            gamma = tuple(map(float, arrays[f"gamma{number}"][:, 0]))
            beta = tuple(map(float, arrays[f"beta{number}"][:, 0]))
            norm: Any = replace(layer.norm, gamma=gamma, beta=beta)
            if layer.batch_norm is not None:
                layer = replace(layer, batch_norm=norm)
            else:
                layer = replace(layer, layer_norm=norm)
        layers.append(layer)
    return replace(simulation.network, layers=tuple(layers))


def _column(values: list, columns: int = 0) -> np.ndarray:
    """Return numbers as a read-only array; of tuples, with so many columns."""
    array = np.array(values, float)
    if columns:
        array = array.reshape(len(values), columns)
    array.flags.writeable = False
    return array
