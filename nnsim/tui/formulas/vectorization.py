"""The formulas of the loop and of the matrix form, with the run's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nnsim.tui.formulas.lines import Line
from nnsim.tui.formulas.numbers import number

if TYPE_CHECKING:
    import numpy as np

    from nnsim.simulations.vectorization.snapshot import VectorizationSnapshot
    from nnsim.tui.worker.frames import SteppedFrame

DIGITS = 4
MOST_ENTRIES = 50
"""More of a row than any screen has room for."""


def explain(run: SteppedFrame, width: int, ascii: bool) -> tuple[Line, ...]:
    """Return the formula of the phase done last."""
    shown: VectorizationSnapshot = run.shown
    if not shown.known:
        return ()
    times = "x" if ascii else "×"
    if shown.matrix_begun:
        return (_divided, _Z, _A, _dZ, _gradient)[shown.known - 1](shown, width, times)
    return (_z, _a, _cost, _dz, _sums)[shown.known - 1](shown, width, times)


def _z(shown: VectorizationSnapshot, width: int, times: str) -> tuple[Line, ...]:
    i = shown.index + 1
    terms = [f"{_factor(w)} {times} {_factor(x)}" for w, x in zip(shown.w, shown.x, strict=True)]
    tail = f" + {_factor(shown.b)} = {_n(shown.z)}"
    return (
        Line("z = w_1 x_1 + ... + w_n x_n + b"),
        Line(_sum(f"z_{i} = ", terms, shown.n_x, tail, width), "numbers"),
        Line(
            f"An inner loop over the {shown.n_x} features: {2 * shown.n_x} operations of the "
            "interpreter. The matrix form does it for all examples at once: Z = w^T X + b.",
            "meaning",
        ),
    )


def _a(shown: VectorizationSnapshot, width: int, times: str) -> tuple[Line, ...]:
    i = shown.index + 1
    return (
        Line("a = 1 / (1 + e^-z)"),
        Line(f"a_{i} = 1 / (1 + e^-({_n(shown.z)})) = {_n(shown.a)}", "numbers"),
        Line(f"The answer for example {i}; its label is y = {_n(shown.y)}.", "meaning"),
    )


def _cost(shown: VectorizationSnapshot, width: int, times: str) -> tuple[Line, ...]:
    share = "-log a" if shown.y else "-log(1 - a)"
    before = shown.J_before
    return (
        Line("J := J - (y log a + (1 - y) log(1 - a))"),
        Line(f"J := {_n(before)} + {_n(shown.loss)} = {_n(shown.J)}", "numbers"),
        Line(
            f"y is {_n(shown.y)}, so {share} = {_n(shown.loss)} is added. J is a sum as yet: it is "
            "divided by m after the loop.",
            "meaning",
        ),
    )


def _dz(shown: VectorizationSnapshot, width: int, times: str) -> tuple[Line, ...]:
    i = shown.index + 1
    return (
        Line("dz = a - y"),
        Line(f"dz_{i} = {_n(shown.a)} - {_n(shown.y)} = {_n(shown.dz)}", "numbers"),
        Line("How much too large the answer is. The matrix form: dZ = A - Y.", "meaning"),
    )


def _sums(shown: VectorizationSnapshot, width: int, times: str) -> tuple[Line, ...]:
    dz = _factor(shown.dz)
    texts = [
        f"dw_{j} := {_n(before)} + {_factor(x)} {times} {dz} = {_n(after)}"
        for j, (before, x, after) in enumerate(
            zip(shown.dw_before, shown.x, shown.dw, strict=True), 1
        )
    ]
    db = f"db := {_n(shown.db_before)} + {dz} = {_n(shown.db)}"
    return (
        Line("dw_j := dw_j + x_j dz for every feature j, db := db + dz"),
        Line(_some(texts, db, width), "numbers"),
        Line(
            f"Another inner loop. {shown.examples} of {shown.m} examples are in the sums now. The "
            "matrix form: dw = X dZ^T / m, db = sum(dZ) / m.",
            "meaning",
        ),
    )


def _divided(shown: VectorizationSnapshot, width: int, times: str) -> tuple[Line, ...]:
    m = shown.m
    texts = [
        f"dw_{j} = {_n(before)} / {m} = {_n(after)}"
        for j, (before, after) in enumerate(zip(shown.dw_before, shown.dw, strict=True), 1)
    ]
    J = f"J = {_n(shown.J_before)} / {m} = {_n(shown.J)}"
    return (
        Line("J := J / m, dw_j := dw_j / m, db := db / m"),
        Line(_some([J, *texts], f"db = {_n(shown.db)}", width), "numbers"),
        Line(
            f"The loop is done: {shown.loop_operations} operations of the interpreter.", "meaning"
        ),
    )


def _Z(shown: VectorizationSnapshot, width: int, times: str) -> tuple[Line, ...]:
    n_x, m = shown.n_x, shown.m
    return (
        Line(f"Z = w^T X + b: (1, {n_x}) times (n_x, m) = ({n_x}, {m}) is (1, {m})"),
        Line(_vector("Z", shown.Z, width), "numbers"),
        Line("One product of matrices instead of two nested loops: all z at once.", "meaning"),
    )


def _A(shown: VectorizationSnapshot, width: int, times: str) -> tuple[Line, ...]:
    if shown.form == "labels_as_column":
        shapes = f"Y is ({shown.m}, 1) here, so every a meets every y: {shown.m**2} losses."
    else:
        shapes = "Element by element: NumPy takes every entry in turn, without the interpreter."
    return (
        Line("A = 1 / (1 + e^-Z), J = -sum(Y log A + (1 - Y) log(1 - A)) / m"),
        Line(_vector("A", shown.A, width, f"   J = {_n(shown.matrix_J)}"), "numbers"),
        Line(f"{shapes} The loop has J = {_n(shown.J)}.", "meaning"),
    )


def _dZ(shown: VectorizationSnapshot, width: int, times: str) -> tuple[Line, ...]:
    rows, columns = shown.dZ.shape
    head = "dZ" if rows == 1 else "row 1 of dZ"
    meaning = f"A - Y has the shape ({rows}, {columns})."
    if rows > 1:
        meaning += f" (1, {shown.m}) minus ({shown.m}, 1) repeats both: no error, and wrong."
    else:
        meaning += f" Its entries are the dz of the loop, side by side: all {shown.m} of them."
    return (
        Line("dZ = A - Y"),
        Line(_vector(head, shown.dZ[0], width), "numbers"),
        Line(meaning, "meaning"),
    )


def _gradient(shown: VectorizationSnapshot, width: int, times: str) -> tuple[Line, ...]:
    share = "" if shown.form == "mean_forgotten" else " / m"
    lines = [
        Line(f"dw = X dZ^T{share}, db = sum(dZ){share}"),
        Line(_vector("dw", shown.matrix_dw, width, f"   db = {_n(shown.matrix_db)}"), "numbers"),
        Line(_vector("loop: dw", shown.dw, width, f"   db = {_n(shown.db)}"), "numbers"),
    ]
    if shown.apart:
        lines.append(Line(_compared(shown), "meaning"))
    return tuple(lines)


def _compared(shown: VectorizationSnapshot) -> str:
    difference = shown.apart["difference"]
    if shown.form != "right":
        return f"The largest difference is {number(difference)}: the matrix form has a bug."
    if not difference:
        return "J, dw and db of both forms are equal to the last bit."
    units = max(value for name, value in shown.apart.items() if name != "difference")
    return (
        f"The largest difference is {number(difference)}, {_units(units)} in the last "
        "place: the same products, added up in another order."
    )


def _units(units: float) -> str:
    if units < 1:
        return "less than a unit"
    return "a unit" if units == 1 else f"at most {number(units, 2)} units"


def _vector(name: str, values: np.ndarray, width: int, tail: str = "") -> str:
    """Return as many entries as there is room for."""
    texts = [_n(value) for value in values[:MOST_ENTRIES]]
    for count in range(len(texts), 0, -1):
        more = ", ..." if count < len(values) else ""
        text = f"{name} = ({', '.join(texts[:count])}{more}){tail}"
        if len(text) <= width or count == 1:
            return text
    return f"{name} = (){tail}"


def _sum(head: str, terms: Sequence[str], size: int, tail: str, width: int) -> str:
    """Return as many terms of a sum as there is room for."""
    for count in range(len(terms), 0, -1):
        more = " + ..." if count < size else ""
        text = f"{head}{' + '.join(terms[:count])}{more}{tail}"
        if len(text) <= width or count == 1:
            return text
    return head + tail


def _some(texts: Sequence[str], last: str, width: int) -> str:
    """Return as many texts as there is room for, and if it can be the last one."""
    for count in range(min(len(texts), MOST_ENTRIES), 0, -1):
        more = ("...",) if count < len(texts) else ()
        text = "   ".join((*texts[:count], *more, last))
        if len(text) <= width:
            return text
    return f"{texts[0]}   ..."


def _n(value: float) -> str:
    return number(float(value), DIGITS)


def _factor(value: float) -> str:
    """Return a factor or a term; a negative one in brackets, for a sign stands before it."""
    return f"({_n(value)})" if value < 0 else _n(value)
