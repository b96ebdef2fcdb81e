"""Grid, random and coarse-to-fine search: a step is a trial (course topics D1 to D4)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nnsim.simulations.remark import Remark
from nnsim.simulations.search.remarks import trial_remarks
from nnsim.simulations.search.sampling import (
    drawn,
    inside,
    on_grid,
    values_at,
    whole_box,
    zoomed,
)
from nnsim.simulations.search.specification import Search, figure_names
from nnsim.simulations.search.state import SearchSnapshot, Trial, TrialState
from nnsim.simulations.search.trial import NO_CURVE, Curve, Workplace
from nnsim.simulations.stepped import Figure, Stepped

if TYPE_CHECKING:
    from nnsim.simulations.formula import Program


class TrialSearch(Stepped[TrialState]):
    """A search that makes one trial after the other.

    Parameters
    ----------
    search : Search
        With the method grid, random or coarse_to_fine.
    seed : int
        Of the places that are drawn (and of nothing else).
    workplace : Workplace, optional
        Where trials are trained; needed if `search.trains`.

    Raises
    ------
    ValueError
        The method has days, or a search that trains has no workplace.
    """

    KIND: ClassVar[str] = "search"

    def __init__(self, search: Search, *, seed: int, workplace: Workplace | None = None) -> None:
        if search.in_days:
            raise ValueError(f"search: {search.method} goes through days; use DaySearch")
        if search.trains and workplace is None:
            raise ValueError("search: a search that trains needs a workplace")
        self.search, self.seed, self._workplace = search, seed, workplace
        self.phases = phases_of(search)
        self._formula = _program(search) if search.objective == "formula" else None
        steps = search.steps
        # A row a trial, written once, when the trial is made.
        self._values = np.full((steps, len(search.parameters)), np.nan)
        self._results = np.full(steps, np.nan)
        self._best_so_far = np.full(steps, np.nan)
        # Counts over the trials until each one: to count anew for every row would take k^2.
        self._distinct = np.zeros((steps, len(search.parameters)))
        self._inside = np.zeros((steps, len(search.parameters)))
        self._seen: list[set[float]] = [set() for _ in search.parameters]
        super().__init__(steps)

    def begin(self) -> TrialState:
        """Return the state before the first trial."""
        box = whole_box(self.search)
        return TrialState(box, box)

    def after(self, state: TrialState, step: int) -> TrialState:
        """Make one trial."""
        search, number = self.search, step - 1
        if search.method == "grid":
            numbers = places = on_grid(search, number)
        else:
            numbers = drawn(search, self.seed, number)
            places = inside(state.box, numbers)
        values = values_at(search, places)
        result, curve, spent = self._tried(values)
        self._values[number], self._results[number] = values, result
        self._count(number, values)
        best = state.best
        if not math.isnan(result) and (best < 0 or result < self._results[best]):
            best = number
        self._best_so_far[number] = self._results[best] if best >= 0 else math.nan
        trial = Trial(numbers, places, values, result, curve)
        box = state.box
        if search.method == "coarse_to_fine" and step % search.a_round == 0 and step < self.steps:
            # The first box is the whole range, so the best trial's places hold in every round.
            centre = trial.places if best == number else self._trial(best).places
            box = zoomed(box, centre, search.zoom)
        return TrialState(
            box=box,
            drawn_in=state.box,
            trial=trial,
            best=best,
            round=number // search.a_round + 1 if search.method == "coarse_to_fine" else 1,
            spent=state.spent + spent,
        )

    def _count(self, number: int, values: tuple[float, ...]) -> None:
        """Write down how many values are distinct, and which part lies in the stated range."""
        for column, (parameter, value) in enumerate(
            zip(self.search.parameters, values, strict=True)
        ):
            self._seen[column].add(value)
            self._distinct[number, column] = len(self._seen[column])
            low, high = parameter.share or (math.inf, math.inf)
            before = self._inside[number - 1, column] if number else 0.0
            self._inside[number, column] = before + (low <= value <= high)

    def _tried(self, values: tuple[float, ...]) -> tuple[float, Curve, int]:
        """Return the objective at some values, the curve of its training, and its steps."""
        if self._formula is not None:
            found = float(self._formula.at(values)[0])
            return math.inf if math.isnan(found) else found, NO_CURVE, 0
        if self._workplace is None:
            return math.nan, NO_CURVE, 0
        settings = dict(zip(self.search.names, values, strict=True))
        place, search = self._workplace, self.search
        batch = int(settings.get("batch_size", 0))
        steps = place.steps_of(search.epochs, batch) if search.epochs else search.budget
        simulation = place.simulation(settings, steps)
        simulation.advance(steps)
        value = place.value(simulation)
        return value, place.curve(simulation, value), simulation.position.step

    def _trial(self, number: int) -> Trial:
        trial = self._states[number + 1].trial
        assert trial is not None
        return trial

    # Looking

    def figures_of(self, state: TrialState, step: int) -> dict[str, Figure]:
        """Return what is known after a number of trials; `spread` is worst - best, both finite."""
        search = self.search
        found: dict[str, float] = {"trials": float(step), "steps_spent": float(state.spent)}
        results = self._results[:step]
        finite = results[np.isfinite(results)]
        if state.best >= 0:
            found["best"] = float(results[state.best])
        if state.trial is not None:
            found["value"] = state.trial.value
        if len(results):
            found["diverged"] = float(np.count_nonzero(np.isinf(results)))
            found["median"] = float(np.median(results))
        if len(finite):
            found["worst"] = float(np.max(finite))
            found["spread"] = float(np.max(finite) - np.min(finite))
        for column, parameter in enumerate(search.parameters):
            name, tried = parameter.name, self._values[:, column]
            if step:
                found[name] = float(tried[step - 1])
                found[f"distinct.{name}"] = float(self._distinct[step - 1, column])
            if state.best >= 0:
                found[f"best.{name}"] = float(tried[state.best])
            if parameter.share and step:
                found[f"share.{name}"] = float(self._inside[step - 1, column] / step)
            if search.method == "coarse_to_fine":
                low, high = state.box[column]
                found[f"box.{name}.low"] = parameter.value(low)
                found[f"box.{name}.high"] = parameter.value(high)
                found["round"] = float(state.round)
        return {name: found.get(name, math.nan) for name in figure_names(search)}

    def snapshot(self) -> SearchSnapshot:
        """Return what is shown: a trial's result from its phase `evaluate` on."""
        state, step, phase = self.working, self._step, self._phase
        last = self.phases.index("evaluate") if "evaluate" in self.phases else 0
        count = step + (phase > last)
        best = state.best if phase > last else self.state.best
        trained = self.phases.index("train") if "train" in self.phases else -1
        shown = step + (phase > trained >= 0)
        # Between steps the trial made last; inside a step the one in the making.
        number = step + (phase > 0)
        return SearchSnapshot(
            step=step,
            phase=phase,
            search=self.search,
            names=self.search.names,
            values=_frozen(self._values[:count]),
            results=_frozen(self._results[:count]),
            best_so_far=_frozen(self._best_so_far[:count]),
            best=best,
            made=state.trial,
            made_number=number,
            known=phase or len(self.phases),
            boxes=self._boxes(step, phase),
            curves=tuple(self._trial(i).curve for i in range(shown)) if trained >= 0 else (),
            round=state.round,
        )

    def _boxes(self, step: int, phase: int) -> tuple[np.ndarray, ...]:
        """Return every round's box until now; a new one from the phase `zoom` on."""
        if self.search.method != "coarse_to_fine":
            return ()
        boxes = [self._states[0].box]
        for state in self._states[1 : step + 1]:
            if state.zoomed:
                boxes.append(state.box)
        found = []
        for box in boxes:
            ends = [
                (each.value(low), each.value(high))
                for each, (low, high) in zip(self.search.parameters, box, strict=True)
            ]
            found.append(_frozen(np.array(ends)))
        return tuple(found)

    def remarks(self) -> tuple[Remark, ...]:
        """Return what can be said of the trials so far."""
        return trial_remarks(self.search, self.figures(), self._values[: self._step])


def phases_of(search: Search) -> tuple[str, ...]:
    """Return the phases of one step of a search."""
    if search.method == "panda":
        return ("change", "train", "evaluate")
    phases = ["sample"]
    if search.trains:
        phases.append("train")
    if search.objective != "none":
        phases.append("evaluate")
    if search.method == "coarse_to_fine":
        phases.append("zoom")
    return tuple(phases)


def _program(search: Search) -> Program:
    from nnsim.simulations.formula import Program, read_formula

    return Program([read_formula(search.formula, search.names)], search.names)


def _frozen(array: np.ndarray) -> np.ndarray:
    view = array.view()
    view.flags.writeable = False
    return view
