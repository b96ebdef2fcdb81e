"""The kind `search`: hyperparameters looked for (D1 to D5)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nnsim.scenario.dials import Dial
from nnsim.scenario.kinds.kind import Kind
from nnsim.scenario.kinds.search_agreement import search_disagreements
from nnsim.scenario.kinds.search_tables import ParameterTable, SearchTable, SearchTables
from nnsim.scenario.kinds.training import PLACEHOLDERS
from nnsim.scenario.lines import KeyPath
from nnsim.scenario.mistakes import Mistake
from nnsim.scenario.preparing import Disagreement, Shelf, data_mistakes
from nnsim.scenario.specification import TrainingSpecification
from nnsim.scenario.specification import specify as specify_training
from nnsim.scenario.stepped import SteppedSpecification
from nnsim.simulations.search.specification import (
    Change,
    Drift,
    Parameter,
    Search,
    figure_names,
)

USUAL_TRIALS = 25


@dataclass(frozen=True)
class SearchSpecification(SteppedSpecification):
    """Everything one run needs."""

    search: Search
    trained: TrainingSpecification | None
    """Network, data and training of a trial; None where nothing is trained."""

    @property
    def steps(self) -> int:
        """Trials, or days."""
        return self.search.steps

    def names(self) -> Mapping[str, tuple[str, ...]]:
        """Return the names of all figures; all are numbers."""
        return dict.fromkeys(figure_names(self.search), ())

    def set_up(self) -> dict[str, str]:
        """Return what the run is set to, a line each, for `nnsim show`."""
        search = self.search
        lines = {"method": search.method, "objective": search.objective.replace("_", " ")}
        for each in search.parameters:
            lines[each.name] = f"{each.low:g} to {each.high:g}, {each.scale.replace('_', ' ')}"
        if search.in_days:
            lines["days"] = f"{search.days} of {search.budget} training steps"
            if search.method == "caviar":
                lines["runs"] = str(search.trials)
        else:
            lines["trials"] = str(search.steps)
            if search.trains:
                epochs = f"{search.epochs} epochs a trial"
                steps = f"{search.budget} training steps a trial"
                lines["budget"] = epochs if search.epochs else steps
        if search.objective == "formula":
            lines["formula"] = search.formula
        for change in search.changes:
            settings = ", ".join(f"{name} = {value:g}" for name, value in change.settings)
            lines[f"day {change.day}"] = settings
        if search.drift is not None:
            options = ", ".join(f"{name} = {v}" for name, v in search.drift.options.items())
            lines["drift"] = f"day {search.drift.day}: {options}"
        return lines | {"seed": f"{self.seed}, {self.dtype}"}


def specify(tables: SearchTables) -> SearchSpecification:
    """Return the specification that valid tables describe."""
    about = tables.scenario
    trained = specify_training(tables.trained()) if tables.trains else None
    return SearchSpecification(
        seed=about.seed,
        dtype=about.dtype,
        non_finite=about.non_finite,
        search=_search(tables.search, trained),
        trained=trained,
    )


def _search(table: SearchTable, trained: TrainingSpecification | None) -> Search:
    parameters = tuple(_parameter(name, each) for name, each in table.parameters.given().items())
    points = [each.points for each in parameters]
    whole_grid = table.method == "grid" and points and all(points)
    trials = table.trials or (math.prod(points) if whole_grid else USUAL_TRIALS)
    return Search(
        method=table.method,
        objective=table.objective,
        parameters=parameters,
        trials=trials,
        budget=table.budget,
        epochs=table.epochs or 0,
        rounds=table.rounds,
        zoom=float(table.zoom),
        days=table.days,
        changes=tuple(Change(c.day, tuple(c.settings().items())) for c in table.changes),
        drift=Drift(table.drift.day, dict(table.drift.data)) if table.drift else None,
        formula=table.formula,
        start=_start(trained) if trained is not None else {},
    )


def _parameter(name: str, table: ParameterTable) -> Parameter:
    share = (float(table.share[0]), float(table.share[1])) if table.share else None
    low, high = float(table.low), float(table.high)
    return Parameter(name, low, high, table.scale, table.points, share)


def _start(trained: TrainingSpecification) -> dict[str, float]:
    """Return what a run begins with, of everything that can be changed while it trains."""
    training = trained.planned
    names = ("learning_rate", "beta1", "batch_size", "beta2", "epsilon")
    start = {name: float(getattr(training, name)) for name in names}
    return start | {"l2": float(trained.l2), "keep_prob": float(trained.layers[0].keep_prob)}


def prepare(run: SearchSpecification, folder: Path | None, shelf: Shelf) -> Any:
    """Return the `TrialSearch` or `DaySearch` of a run.

    Raises
    ------
    Disagreement
        The data do not fit the network, or have no error to search by.
    DataError, SizeError, MissingExtraError
        From loading the data or laying out the arrays.
    """
    from nnsim.simulations.search.days import DaySearch
    from nnsim.simulations.search.trials import TrialSearch

    search, trained = run.search, run.trained
    if trained is None:
        return TrialSearch(search, seed=run.seed)

    from nnsim.data.loading import load_data
    from nnsim.kernels.codes import Task
    from nnsim.simulations.search.trial import Workplace

    def load(options: Mapping[str, Any]) -> Any:
        data = replace(trained.data, options={**trained.data.options, **options})
        return shelf.get(repr((data, run.seed)), lambda: load_data(data, run.seed, folder))

    data = load({})
    mistakes = list(data_mistakes(trained, data))
    if search.objective.endswith("error") and data.task == Task.REGRESSION:
        path: KeyPath = ("search", "objective")
        message = "numbers to predict have no error that could be counted"
        mistakes.append(Mistake(path, message, "dev_cost or train_cost"))
    if mistakes:
        raise Disagreement(mistakes)
    workplace = Workplace(
        trained.network(data.train.X.shape[0]),
        trained.planned,
        data,
        run.seed,
        run.dtype,
        search.objective,
    )
    if not search.in_days:
        return TrialSearch(search, seed=run.seed, workplace=workplace)
    drift = search.drift
    drifted = None if drift is None else lambda: load(drift.options)
    return DaySearch(search, seed=run.seed, workplace=workplace, drifted=drifted)


KIND = Kind(
    name="search",
    summary="Looks for hyperparameters: grid, random, coarse to fine, panda or caviar.",
    tables=SearchTables,
    placeholders={path: PLACEHOLDERS[path] for path in PLACEHOLDERS if path != ("training",)},
    disagreements=search_disagreements,
    specify=specify,
    prepare=prepare,
    length="search.trials",
    dials=(
        Dial(
            "method",
            "search.method",
            "Method",
            "Where the next trial falls: on a grid, at random, or near the best so far.",
            ("grid", "random", "coarse_to_fine"),
        ),
        Dial(
            "trials",
            "search.trials",
            "Trials",
            "Settings that are tried; of a caviar, runs that train side by side.",
            (4, 9, 16, 25, 36, 49, 64, 100),
        ),
        Dial(
            "budget",
            "search.budget",
            "Budget",
            "Training steps of a trial, or of a day.",
            (25, 50, 100, 200, 400, 800),
        ),
        Dial(
            "scale",
            "search.parameters.learning_rate.scale",
            "Scale of alpha",
            "On which scale the learning rate is drawn uniformly.",
            ("linear", "log"),
        ),
        Dial(
            "learning_rate",
            "training.learning_rate",
            "Learning rate",
            "alpha of the panda's first day, and where it is not searched for.",
            (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0),
        ),
        Dial(
            "zoom",
            "search.zoom",
            "Zoom",
            "Coarse to fine: the next box's sides, as a part of the box before.",
            (0.2, 0.3, 0.4, 0.5, 0.7),
        ),
    ),
)
