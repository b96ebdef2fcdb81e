"""The kind `descent`: optimizers on an analytic surface of one or two variables (A3, C4-C9)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from nnsim.kernels.codes import Optimizer, names_of
from nnsim.scenario.dials import Dial
from nnsim.scenario.kinds.descent_agreement import disagreements
from nnsim.scenario.kinds.descent_tables import DescentTable, DescentTables
from nnsim.scenario.kinds.kind import Kind
from nnsim.scenario.preparing import Shelf
from nnsim.scenario.stepped import SteppedSpecification
from nnsim.simulations.descent.settings import PathSettings, figure_names
from nnsim.simulations.descent.surfaces import SURFACES, Surface
from nnsim.training.specification import LearningRateSchedule


@dataclass(frozen=True)
class DescentSpecification(SteppedSpecification):
    """Everything one run needs."""

    surface: Surface
    paths: tuple[PathSettings, ...]
    planned: int

    @property
    def steps(self) -> int:
        """Steps planned."""
        return self.planned

    def names(self) -> Mapping[str, tuple[str, ...]]:
        """Return the figures of all paths; with [[descent.paths]] each begins with its path."""
        names: dict[str, tuple[str, ...]] = {}
        for path in self.paths:
            names |= figure_names(self.surface.variables, path)
        return names

    def set_up(self) -> dict[str, str]:
        """Return the surface and the paths, a line each."""
        surface = self.surface
        known = f"{surface.name}: " if surface.name in SURFACES else ""
        lines = {"surface": f"{known}J = {surface.formula}"}
        if surface.constants:
            lines["constants"] = ", ".join(f"{name} {value:g}" for name, value in surface.constants)
        lines["steps"] = str(self.planned)
        for path in self.paths:
            start = ", ".join(f"{each:g}" for each in path.start or surface.start)
            text = f"{path.optimizer}, learning rate {path.learning_rate:g}, from ({start})"
            if path.noise:
                text += f", noise {path.noise:g}"
            if path.schedule.kind != "constant":
                text += f", {path.schedule.kind.replace('_', ' ')} schedule"
            lines[f"path {path.name}" if path.name else "path"] = text
        return lines | {"seed": f"{self.seed}"}


def specify(tables: DescentTables) -> DescentSpecification:
    """Return the specification that valid tables describe."""
    about, descent = tables.scenario, tables.descent
    paths = [_path(descent, each.name, each) for each in descent.paths]
    return DescentSpecification(
        seed=about.seed,
        dtype=about.dtype,
        non_finite=about.non_finite,
        surface=_surface(descent),
        paths=tuple(paths) or (_path(descent, "", None),),
        planned=descent.steps,
    )


def prepare(run: DescentSpecification, folder: Path | None, shelf: Shelf) -> Any:
    """Return the `Descent` of a run."""
    from nnsim.simulations.descent.simulation import Descent

    return Descent(run.surface, run.paths, run.planned, run.seed)


def _surface(table: DescentTable) -> Surface:
    window = tuple((float(low), float(high)) for low, high in table.window or ())
    if table.formula is None:
        known = SURFACES[table.surface or "bowl"]
        return Surface(
            known.name,
            known.formula,
            known.variables,
            minima=known.minima,
            window=window or known.window,
            start=known.start,
            summary=known.summary,
        )
    # Another formula laid over this one may leave some of its constants without use.
    named = set(re.findall(r"[A-Za-z]\w*", table.formula))
    constants = [(name, float(value)) for name, value in table.constants.items() if name in named]
    return Surface(
        "formula",
        table.formula,
        tuple(table.variables or ()),
        tuple(constants),
        tuple(tuple(map(float, each)) for each in table.minima),
        window,
        (0.0,) * len(table.variables or ()),
    )


def _path(table: DescentTable, name: str, own: Any) -> PathSettings:
    """Return a path's settings: its own, and those of [descent] for what it leaves out."""
    values: dict[str, Any] = {"name": name}
    for field in fields(PathSettings):
        if field.name == "name":
            continue
        value = None if own is None else getattr(own, field.name)
        values[field.name] = getattr(table, field.name) if value is None else value
    values["start"] = tuple(map(float, values["start"] or ()))
    schedule = values["schedule"].model_dump()
    schedule["values"] = tuple((epoch, float(alpha)) for epoch, alpha in schedule["values"])
    values["schedule"] = LearningRateSchedule(**schedule)
    return PathSettings(**values)


KIND = Kind(
    name="descent",
    summary="Optimizers go down a surface of one or two variables.",
    tables=DescentTables,
    placeholders={
        ("scenario",): {"title": "untitled"},
        ("scenario", "title"): "untitled",
        ("descent",): {"surface": "bowl"},
    },
    disagreements=disagreements,
    specify=specify,
    prepare=prepare,
    length="descent.steps",
    dials=(
        Dial(
            "learning_rate",
            "descent.learning_rate",
            "Learning rate",
            "alpha, of every path that names none of its own.",
            (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
        ),
        Dial(
            "optimizer",
            "descent.optimizer",
            "Optimizer",
            "The update rule, of every path that names none of its own.",
            names_of(Optimizer),
        ),
        Dial(
            "beta1",
            "descent.beta1",
            "beta1",
            "The weight of the past in the average of the gradient.",
            (0.0, 0.5, 0.8, 0.9, 0.95, 0.99),
        ),
        Dial(
            "beta2",
            "descent.beta2",
            "beta2",
            "The weight of the past in the average of the squared gradient.",
            (0.5, 0.9, 0.99, 0.999),
        ),
        Dial(
            "noise",
            "descent.noise",
            "Noise",
            "Added to each entry of the gradient, as mini-batches do.",
            (0.0, 0.01, 0.1, 1.0, 10.0),
        ),
        Dial(
            "surface",
            "descent.surface",
            "Surface",
            "The cost that is gone down; paths keep a start that they name.",
            tuple(SURFACES),
        ),
    ),
)
