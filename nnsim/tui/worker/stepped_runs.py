"""Runs of the kinds with small states: a turned dial begins a run of its own, at the same step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nnsim.errors import ScenarioError
from nnsim.scenario.checking import Variant
from nnsim.scenario.dials import Dial
from nnsim.scenario.kinds import KINDS
from nnsim.scenario.merging import laid_over
from nnsim.scenario.names import listed, nearest
from nnsim.scenario.overrides import overlay_of
from nnsim.simulations.stepped import Stepped
from nnsim.tui.worker.runs import Edit, OnProgress, Run, Runs, first_name
from nnsim.tui.worker.stepped_dials import described, value_at, written

LONGEST_SETTING = 60
"""Characters; more numbers than that are only said to be there."""


@dataclass
class SteppedRun(Run):
    """A run whose states are all kept, and how its settings differ from its variant's."""

    simulation: Stepped[Any]
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Dial name to value."""
    dials: tuple[tuple[Dial, Any], ...] = ()
    """What can be turned, and where it stands."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Every setting, by its name, as a text."""
    furthest: int = 0
    """The last step that was ever done: one that is being entered is computed, but not done."""

    @property
    def steps(self) -> int:
        """Steps planned."""
        return self.simulation.steps

    @property
    def furthest_step(self) -> int:
        """The last step that was ever done."""
        return self.furthest

    def go(self, step: int, phase: int, on_progress: OnProgress) -> None:
        """Go to a position, as far as the run goes."""
        try:
            super().go(step, phase, on_progress)
        finally:
            self.furthest = max(self.furthest, self.simulation.position.step)

    def vocabulary(self) -> dict[str, Any]:
        """Return the names of the figures that are numbers."""
        return {"names": tuple(name for name in self.simulation.history.curve if name != "step")}

    def rows(self, begin: int, end: int) -> Iterator[Mapping[str, float]]:
        """Yield the figures of the steps (begin, end]."""
        curve = self.simulation.history.curve
        steps = curve["step"]
        for row in np.flatnonzero((steps > begin) & (steps <= end)).tolist():
            yield {name: float(column[row]) for name, column in curve.items()}


class SteppedRuns(Runs[SteppedRun]):
    """The runs of a scenario of a kind with small states."""

    def begin(self, variant: str) -> SteppedRun:
        """Return a variant's run, at step 0."""
        return self._made(first_name(variant), variant, {})

    def fork(
        self, changes: Mapping[str, Any], edits: tuple[Edit, ...], on_progress: OnProgress
    ) -> SteppedRun:
        """Begin a run with dials turned, and go to where the present one stands.

        Dials that an earlier fork has turned stay turned. Raises ValueError for what cannot be
        changed; nothing has happened then.
        """
        parent = self.current
        at, dials = parent.simulation.position, self._dials
        turned = {**parent.changes, **changes}
        for name in turned:
            if name not in dials:
                near = nearest(name, dials)
                hint = f"did you mean {near!r}?" if near else f"expected {listed(dials)}"
                raise ValueError(f"there is no dial {name!r}; {hint}")
        tables = self._tables(parent.variant, {})
        turned = {
            name: value
            for name, value in turned.items()
            if value != value_at(tables, dials[name].key)
        }
        words = ", ".join(described(dials[name], turned[name]) for name in turned)
        name = f"{first_name(parent.variant)}, {words or 'as it was'}"
        run = self._made(name, parent.variant, turned, parent.number)
        phase = at.phase if run.simulation.phases == parent.simulation.phases else 0
        run.go(at.step, phase, on_progress)
        self.current = self._keep(run)
        return run

    @property
    def _dials(self) -> dict[str, Dial]:
        return {dial.name: dial for dial in KINDS[self.scenario.kind].dials}

    def _made(
        self, name: str, variant: str, changes: Mapping[str, Any], parent: int | None = None
    ) -> SteppedRun:
        """Return a run of a variant with some dials turned, not yet among the others."""
        overlay = self._overlay(variant, changes)
        try:
            specification = self.scenario.specification(variant, set=overlay)
            simulation = self.scenario.simulation(variant, set=overlay)
        except ScenarioError as error:
            raise ValueError(self._refusal(error)) from None
        tables = self._tables(variant, overlay)
        standing = [(dial, value_at(tables, dial.key)) for dial in self._dials.values()]
        return SteppedRun(
            self.next_number,
            name,
            variant,
            simulation,
            specification.seed,
            parent,
            changes=changes,
            dials=tuple(
                (dial, value)
                for dial, value in standing
                if value is not None and self._does_something(dial, value, variant, changes)
            ),
            settings=settings_of(tables, self.scenario.kind),
        )

    def _does_something(
        self, dial: Dial, value: Any, variant: str, changes: Mapping[str, Any]
    ) -> bool:
        """Tell whether another choice of a dial makes a run; what is only written may."""
        others = [choice for choice in dial.choices if choice != value]
        for choice in others:
            with suppress(ScenarioError):
                overlay = self._overlay(variant, {**changes, dial.name: choice})
                self.scenario.specification(variant, set=overlay)
                return True
        return not others

    def _refusal(self, error: ScenarioError) -> str:
        """Return why settings make no run, by the names of their dials."""
        titles = {dial.key: dial.title for dial in self._dials.values()}
        return "\n".join(
            str(replace(each, file="", line=None, key=titles.get(each.key, each.key)))
            for each in error.problems
        )

    def _overlay(self, variant: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return turned dials as tables to lay over a variant's own."""
        kind = KINDS[self.scenario.kind]
        values = self._about(variant).values
        overlay, problems = overlay_of(kind.settings(changes), values, kind.keys())
        if problems:
            raise ScenarioError(problems)
        return overlay

    def _tables(self, variant: str, overlay: Mapping[str, Any]) -> Any:
        """Return a run's tables, every key filled in."""
        values = laid_over(self._about(variant).values, dict(overlay))
        return KINDS[self.scenario.kind].tables.model_validate(values)

    def _about(self, variant: str) -> Variant:
        return next(each for each in self.scenario.variants if each.name == variant)


def settings_of(tables: Any, kind: str) -> dict[str, str]:
    """Return the settings of a run's tables as texts: learning_rate, curves 1 beta, seed ..."""
    said = tables.model_dump()
    about = said.pop("scenario", {})
    if said.get("training", {}).get("fault"):
        said["training"]["fault"] = "one"  # its name is what a check is to find
    found: dict[str, str] = {}
    for table, values in said.items():
        # What a kind is about is its own table; others are named with it.
        lead = "" if table == kind else table
        found |= _flat(lead, values)
    return {**found, "seed": str(about.get("seed", ""))}


def _flat(lead: str, value: Any) -> dict[str, str]:
    if isinstance(value, Mapping):
        inner = [_flat(f"{lead} {name}".strip(), each) for name, each in value.items()]
    elif isinstance(value, list | tuple) and any(isinstance(each, Mapping) for each in value):
        inner = [_flat(f"{lead} {at}", each) for at, each in enumerate(value, start=1)]
    else:
        text = "-" if value is None else written(value)
        return {lead: text if len(text) <= LONGEST_SETTING else "given"}
    return {name: text for each in inner for name, text in each.items()}
