"""Mistakes between the keys of a search, each key being valid alone."""

from __future__ import annotations

import math
from collections.abc import Iterator

from nnsim.data.source_mistakes import find_mistakes
from nnsim.scenario.agreement import disagreements as training_disagreements
from nnsim.scenario.agreement import topic_mistakes
from nnsim.scenario.kinds.search_tables import ParameterTable, SearchTables
from nnsim.scenario.lines import KeyPath
from nnsim.scenario.mistakes import Mistake, shown
from nnsim.scenario.names import listed
from nnsim.simulations.formula import FormulaError, read_formula
from nnsim.simulations.search.specification import WHOLE

_BASE: KeyPath = ("search",)
_METHOD: KeyPath = ("search", "method")
_OBJECTIVE: KeyPath = ("search", "objective")
_PARAMETERS: KeyPath = ("search", "parameters")
_USED_BY = {
    "parameters": ("grid", "random", "coarse_to_fine", "caviar"),
    "epochs": ("grid", "random", "coarse_to_fine"),
    "trials": ("grid", "random", "coarse_to_fine", "caviar"),
    "rounds": ("coarse_to_fine",),
    "zoom": ("coarse_to_fine",),
    "days": ("panda", "caviar"),
    "changes": ("panda",),
    "drift": ("panda", "caviar"),
}
"""Keys that only some methods look at."""
_LIMITS: dict[str, tuple[float, float, str]] = {
    "learning_rate": (0.0, 1e9, "from 0 to 1e9"),
    "beta1": (0.0, math.nextafter(1.0, 0.0), "from 0 to below 1"),
    "beta2": (0.0, math.nextafter(1.0, 0.0), "from 0 to below 1"),
    "hidden_units": (1, 10_000, "a whole number from 1 to 10000"),
    "batch_size": (1, 10**9, "a whole number of 1 or more"),
    "layers": (1, 100, "a whole number from 1 to 100"),
    "decay": (0.0, 1e9, "a number >= 0"),
    "epsilon": (0.0, 1e9, "a number >= 0"),
    "l2": (0.0, 1e9, "a number >= 0"),
    "keep_prob": (1e-6, 1.0, "above 0, at most 1"),
}


def search_disagreements(tables: SearchTables) -> Iterator[Mistake]:
    """Yield every mistake between the keys of one run."""
    yield from _unused(tables)
    yield from _length(tables)
    for name, table in tables.search.parameters.given().items():
        yield from _range(name, table)
    yield from _needed(tables)
    yield from _grid(tables)
    yield from _days(tables)
    if tables.trains:
        yield from _trained(tables)
    else:
        yield from topic_mistakes(tables.scenario)


def _unused(tables: SearchTables) -> Iterator[Mistake]:
    search = tables.search
    for key, methods in _USED_BY.items():
        path: KeyPath = (*_BASE, key)
        given = (
            bool(search.parameters.given())
            if key == "parameters"
            else (key in search.model_fields_set and getattr(search, key) not in (None, []))
        )
        if given and search.method not in methods:
            message = f"has no effect on the method {search.method}"
            expected = f"{listed(methods)} as search.method, or none of it"
            yield Mistake(path, message, expected, between=(_METHOD, path))


def _length(tables: SearchTables) -> Iterator[Mistake]:
    epochs: KeyPath = (*_BASE, "epochs")
    if tables.search.epochs is not None and "budget" in tables.search.model_fields_set:
        message, budget = "given beside budget", (*_BASE, "budget")
        yield Mistake(epochs, message, "either budget or epochs", between=(budget, epochs))


def _range(name: str, table: ParameterTable) -> Iterator[Mistake]:
    base: KeyPath = (*_PARAMETERS, name)
    low, high = (*base, "low"), (*base, "high")
    least, most, expected = _LIMITS[name]
    wrong = False
    for path, value in ((low, table.low), (high, table.high)):
        whole = name not in WHOLE or float(value).is_integer()
        if not (least <= value <= most and whole):
            wrong = True
            yield Mistake(path, f"found {shown(value)}", expected, between=(path,))
    if wrong:
        return
    if table.low >= table.high:
        message = f"{shown(table.high)} is not above low = {shown(table.low)}"
        yield Mistake(high, message, "low < high", between=(low, high))
        return
    scale = (*base, "scale")
    if table.scale == "log" and table.low <= 0:
        message = "0 has no logarithm"
        yield Mistake(low, message, 'a number above 0, or scale = "linear"', between=(low, scale))
    if table.scale == "one_minus_log" and (table.high >= 1 or name in WHOLE):
        message = "1 - 10^r does not reach 1" if name not in WHOLE else f"{name} counts"
        expected = "a high end below 1" if name not in WHOLE else "linear or log"
        yield Mistake(scale, message, expected, between=(scale, high))
    if table.share is not None and table.share[0] > table.share[1]:
        path = (*base, "share")
        yield Mistake(path, "its first number is above its second", "[low, high]")


def _needed(tables: SearchTables) -> Iterator[Mistake]:
    search = tables.search
    given = search.parameters.given()
    formula: KeyPath = (*_BASE, "formula")
    if search.method != "panda" and not given:
        message = "nothing is searched for"
        expected = "a table such as [search.parameters.learning_rate] with low and high"
        yield Mistake(_PARAMETERS, message, expected, between=(_METHOD, _PARAMETERS))
    if search.objective == "formula" and given:
        try:
            read_formula(search.formula, tuple(given))
        except FormulaError as error:
            place = f"column {error.column}: " if error.column is not None else ""
            between = (_OBJECTIVE, _PARAMETERS)
            yield Mistake(formula, place + error.message, error.expected, between=between)
    if search.method in ("panda", "caviar") and not tables.trains:
        message = f"{search.method} trains networks"
        expected = "dev_error, dev_cost, train_error or train_cost"
        yield Mistake(_OBJECTIVE, message, expected, between=(_METHOD, _OBJECTIVE))
    if search.method == "coarse_to_fine" and search.objective == "none":
        message = "coarse_to_fine zooms into the best region, and nothing is judged"
        yield Mistake(_OBJECTIVE, message, "an objective", between=(_METHOD, _OBJECTIVE))


def _grid(tables: SearchTables) -> Iterator[Mistake]:
    search = tables.search
    given = search.parameters.given()
    trials: KeyPath = (*_BASE, "trials")
    if search.method != "grid":
        for name, table in given.items():
            path = (*_PARAMETERS, name, "points")
            if table.points:
                message = f"has no effect on the method {search.method}"
                yield Mistake(path, message, "grid as search.method", between=(_METHOD, path))
        if search.method == "caviar" and search.budget < (search.trials or 25):
            message = f"{search.trials or 25} runs share {search.budget} training steps a day"
            expected = "a budget of one step a run or more"
            yield Mistake((*_BASE, "budget"), message, expected, between=(_METHOD, trials))
        if search.method == "coarse_to_fine" and (search.trials or 25) < search.rounds:
            message = f"{search.rounds} rounds share {search.trials} trials"
            yield Mistake(trials, message, "one trial a round or more", between=(_METHOD, trials))
        return
    points = [table.points for table in given.values()]
    if not points:
        return
    count = search.trials or 25
    if all(points):
        if search.trials is not None and search.trials > math.prod(points):
            message, expected = f"the grid has {math.prod(points)} points", "as many or fewer"
            yield Mistake(trials, message, expected, between=(trials, _METHOD))
    elif any(points):
        message = "some parameters have points, others do not"
        yield Mistake(_PARAMETERS, message, "points for all or for none", between=(_METHOD,))
    elif round(count ** (1 / len(points))) ** len(points) != count:
        message = f"{count} trials make no even grid of {len(points)} parameters"
        expected = "n^2 trials for two parameters (9, 16, 25), or points for each of them"
        yield Mistake(trials, message, expected, between=(_METHOD, trials, _PARAMETERS))


def _days(tables: SearchTables) -> Iterator[Mistake]:
    search = tables.search
    if search.method not in ("panda", "caviar"):
        return
    days: KeyPath = (*_BASE, "days")
    changes: KeyPath = (*_BASE, "changes")
    seen = 0
    for i, change in enumerate(search.changes):
        day = (*changes, i, "day")
        if not change.settings():
            expected = "a setting such as learning_rate = 0.01"
            yield Mistake((*changes, i), "changes nothing", expected)
        if change.day > search.days:
            message = f"day {change.day} is after the last one"
            yield Mistake(day, message, f"at most {search.days}", between=(day, days))
        elif change.day <= seen:
            yield Mistake(day, f"day {change.day} stands after day {seen}", "rising days")
        seen = max(seen, change.day)
    if search.drift is not None:
        base: KeyPath = (*_BASE, "drift")
        if search.drift.day > search.days:
            message = f"day {search.drift.day} is after the last one"
            yield Mistake((*base, "day"), message, f"at most {search.days}", between=(base, days))
        options = {**(tables.data.model_extra or {}), **search.drift.data}
        if "data" in tables.model_fields_set:
            for problem in find_mistakes(tables.data.source, options, None):
                path = (*base, *problem.key.split(".", 1))
                key = problem.key.split(".", 1)[-1]
                if key in search.drift.data:
                    yield Mistake(
                        path,
                        problem.message,
                        problem.expected,
                        problem.suggestion,
                        (("data", "source"), path),
                    )


def _trained(tables: SearchTables) -> Iterator[Mistake]:
    search, given = tables.search, tables.search.parameters.given()
    missing = [name for name in ("data", "network") if name not in tables.model_fields_set]
    for name in missing:
        expected = 'a table as in a training scenario, or objective = "formula" or "none"'
        yield Mistake((name,), "missing", expected, between=((name,), _OBJECTIVE))
    for key in ("steps", "epochs", "early_stopping"):
        path: KeyPath = ("training", key)
        if key in tables.training.model_fields_set and getattr(tables.training, key) is not None:
            message = "has no effect on a search"
            expected = "search.budget for the training steps of a trial"
            yield Mistake(path, message, expected, between=(path,))
    if missing:
        yield from topic_mistakes(tables.scenario)
        return
    yield from training_disagreements(tables.trained())
    if search.objective.startswith("dev") and tables.data.shares[1] == 0:
        split: KeyPath = ("data", "split")
        message = "there is no dev set to judge by"
        yield Mistake(split, message, "a split such as [0.6, 0.4]", between=(split, _OBJECTIVE))
    layers: KeyPath = ("network", "layers")
    shaped = [name for name in ("hidden_units", "layers", "keep_prob") if name in given]
    if shaped and len(tables.network.layers) < 2 and tables.network.layers[0].repeat < 2:
        path = (*_PARAMETERS, shaped[0])
        message = "there is no hidden layer"
        yield Mistake(path, message, "a hidden layer in network.layers", between=(layers, path))
    for name in ("hidden_units", "layers"):
        written = [i for i, layer in enumerate(tables.network.layers) if layer.weights]
        if name in given and written:
            path = (*layers, written[0], "weights")
            message = f"written down, but {name} is searched for: the shape changes"
            yield Mistake(path, message, "an initializer", between=(layers, _PARAMETERS))
