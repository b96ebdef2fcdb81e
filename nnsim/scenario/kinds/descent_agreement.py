"""Mistakes that lie between the keys of a descent scenario, each key being valid alone."""

from __future__ import annotations

from collections.abc import Iterator

from nnsim.scenario.agreement import schedule_mistakes, topic_mistakes
from nnsim.scenario.kinds.descent_tables import DescentTable, DescentTables, PathTable
from nnsim.scenario.lines import KeyPath
from nnsim.scenario.mistakes import Mistake
from nnsim.scenario.names import listed
from nnsim.simulations.descent.settings import CORRECTS, DECAYS
from nnsim.simulations.descent.surfaces import SURFACES
from nnsim.simulations.formula import FUNCTIONS, FormulaError, hessian, read_formula
from nnsim.simulations.formula.reading import BUILT_IN, NAME

TABLE: KeyPath = ("descent",)
SURFACE, FORMULA = (*TABLE, "surface"), (*TABLE, "formula")
VARIABLES, CONSTANTS = (*TABLE, "variables"), (*TABLE, "constants")
RESERVED = frozenset(
    (
        "J", "step", "status", "gradient_norm", "distance", "eigenvalue_smallest",
        "eigenvalue_largest", "condition", "learning_rate", "update_norm", "place",
        "steps_until", "history",
    )
)  # fmt: skip
"""Figures that every path has: no variable can be called so."""
_OPTIMIZER = (*TABLE, "optimizer")


def disagreements(tables: DescentTables) -> Iterator[Mistake]:
    """Yield every mistake between the keys of one run."""
    yield from topic_mistakes(tables.scenario)
    descent = tables.descent
    variables = variables_of(descent)
    yield from _which_surface(descent)
    yield from _names(descent)
    yield from _formula(descent)
    if variables:
        yield from _lengths(descent, len(variables))
    yield from _paths(descent)
    yield from schedule_mistakes(descent.schedule, (*TABLE, "schedule"))


def variables_of(descent: DescentTable) -> tuple[str, ...]:
    """Return the variables' names; () where a formula names none."""
    if descent.formula is not None:
        return tuple(descent.variables or ())
    return SURFACES[descent.surface].variables if descent.surface else ()


def _which_surface(descent: DescentTable) -> Iterator[Mistake]:
    between = (SURFACE, FORMULA)
    if descent.surface is None and descent.formula is None:
        yield Mistake(TABLE, "has neither surface nor formula", "one of them", between=between)
    elif descent.surface is not None and descent.formula is not None:
        yield Mistake(FORMULA, "given beside surface", "either of them", between=between)
    elif descent.formula is None:
        for name in ("variables", "constants", "minima"):
            if name in descent.model_fields_set and getattr(descent, name):
                path = (*TABLE, name)
                message = "given beside a built-in surface, which has its own"
                yield Mistake(path, message, "a formula with it", between=(SURFACE, FORMULA, path))
    elif not descent.variables:
        message = "missing: the formula's variables"
        yield Mistake(VARIABLES, message, '["w"] or ["w1", "w2"]', between=(FORMULA, VARIABLES))


def _names(descent: DescentTable) -> Iterator[Mistake]:
    seen: set[str] = set()
    places = [((*VARIABLES, i), name) for i, name in enumerate(descent.variables or ())]
    places += [((*CONSTANTS, name), name) for name in descent.constants]
    for path, name in places:
        if name in FUNCTIONS or name in BUILT_IN or name in RESERVED:
            what = "a function" if name in FUNCTIONS else "taken"
            yield Mistake(path, f"{name!r} is {what}", "another name, such as w1 or x0")
        elif not NAME.match(name):
            yield Mistake(path, f"{name!r} is no name", "letters, digits and _, such as x0")
        elif name in seen:
            yield Mistake(path, f"{name!r} stands twice", "another name", between=(path,))
        seen.add(name)
    variables = descent.variables or ()
    for i, name in enumerate(variables):
        for other in variables:
            if name in (f"d{other}", f"v_{other}", f"s_{other}", f"update_{other}"):
                message = f"{name!r} is also a figure of {other!r}"
                yield Mistake((*VARIABLES, i), message, "another name, such as w1 or x0")


def _formula(descent: DescentTable) -> Iterator[Mistake]:
    if descent.formula is None or not descent.variables:
        return
    names = tuple(descent.variables)
    try:
        # Also its derivatives: they may be too long where the formula is not.
        hessian(read_formula(descent.formula, [*names, *descent.constants]), names)
    except FormulaError as error:
        where = f"column {error.column}: " if error.column is not None else ""
        between = (FORMULA, VARIABLES, CONSTANTS)
        yield Mistake(FORMULA, f"{where}{error.message}", error.expected, between=between)


def _lengths(descent: DescentTable, count: int) -> Iterator[Mistake]:
    """Compare the lengths of points with the number of variables."""
    points = [((*TABLE, "start"), descent.start)]
    points += [((*TABLE, "minima", i), each) for i, each in enumerate(descent.minima)]
    points += [((*TABLE, "paths", i, "start"), path.start) for i, path in enumerate(descent.paths)]
    expected = "1 number" if count == 1 else f"{count} numbers, one a variable"
    for path, point in points:
        if point is not None and len(point) != count:
            between = (path, SURFACE, FORMULA, VARIABLES)
            yield Mistake(path, f"has {len(point)}", expected, between=between)
    window = (*TABLE, "window")
    if descent.window is None:
        return
    if len(descent.window) != count:
        between = (window, SURFACE, FORMULA, VARIABLES)
        expected = "a range" if count == 1 else f"{count} ranges, one a variable"
        yield Mistake(window, f"has {len(descent.window)}", expected, between=between)
    for i, (low, high) in enumerate(descent.window):
        if not low < high:
            yield Mistake((*window, i), f"from {low:g} to {high:g}", "the lower end first")


def _paths(descent: DescentTable) -> Iterator[Mistake]:
    paths = (*TABLE, "paths")
    names: list[str] = []
    for i, path in enumerate(descent.paths):
        if path.name in names:
            message = f"there is a path {path.name!r} before"
            yield Mistake((*paths, i, "name"), message, "another name")
        names.append(path.name)
        if path.schedule is not None:
            yield from schedule_mistakes(path.schedule, (*paths, i, "schedule"))
        yield from _without_effect(descent, path, (*paths, i))
    used = {path.optimizer or descent.optimizer for path in descent.paths} or {descent.optimizer}
    for key, given, optimizers in _OF_SOME:
        where = (*TABLE, key)
        if key in descent.model_fields_set and getattr(descent, key) != given:
            if not used & optimizers:
                message = f"has no effect on {listed(sorted(used))}"
                expected = f"{listed(sorted(optimizers))} as the optimizer"
                between = (_OPTIMIZER, paths, where)
                yield Mistake(where, message, expected, between=between)


_OF_SOME = (("weight_decay", 0.0, DECAYS), ("bias_correction", "divided", CORRECTS))
"""Keys that only some optimizers use: their value without effect, and these optimizers."""


def _without_effect(descent: DescentTable, path: PathTable, place: KeyPath) -> Iterator[Mistake]:
    optimizer = path.optimizer or descent.optimizer
    for key, none, optimizers in _OF_SOME:
        if getattr(path, key) not in (None, none) and optimizer not in optimizers:
            where = (*place, key)
            expected = f"{listed(sorted(optimizers))} as the optimizer"
            between = (_OPTIMIZER, (*TABLE, "paths"), where)
            yield Mistake(where, f"has no effect on {optimizer}", expected, between=between)
