"""The way back through a layer: dA, dG, and dZ, or dZ_tilde with a norm (topics A7, E8)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnsim.tui.formulas.activations import slope_of
from nnsim.tui.formulas.cells import ArrayName, Cell, Draft, alike
from nnsim.tui.formulas.equations import (
    LOGIT_LOSSES,
    copies_gradient,
    equation_of,
    returned_equation,
)
from nnsim.tui.formulas.forward import linear_name
from nnsim.tui.formulas.numbers import minus, number, plus, setting
from nnsim.tui.formulas.operands import ALL, OperandMissing, Operands, rounding
from nnsim.tui.formulas.terms import TIMES, Line, Sum, products

SMALL_SLOPE = 0.01
"""A slope below this lets next to nothing of the gradient through."""


def backward_draft(cell: Cell, name: ArrayName, run: Operands) -> Draft:
    """Explain dA, dG, or the gradient at the activation's input: dZ, dZ_tilde with a norm."""
    equation = equation_of(name, run.network, run.training)
    if name.kind == "A":
        return _activations(cell, name.layer, run, equation)
    if name.kind == "G":
        return _thinned(cell, name.layer, run, equation)
    layer, last = name.layer, name.layer == run.depth
    if last and run.network.loss in LOGIT_LOSSES:
        return _from_logits(cell, run, equation)
    if run.layer(layer).activation == "softmax":
        return _through_softmax(cell, layer, run, equation)
    if run.layer(layer).activation == "hardmax":
        meaning = "hardmax is flat wherever it has a slope, so nothing comes back through it."
        return Draft(equation, (), 0.0, meaning)
    return _through_activation(cell, layer, run, equation)


@dataclass(frozen=True)
class _Returned:
    """dA as the next layer reports it: sum, what comes past that layer, dropout, the value."""

    terms: Sum
    past: str
    mask: str
    value: float
    span: float

    def line(self, factor: str = "") -> Line:
        """Return it written out, times a factor."""
        behind = self.mask + factor
        if self.past and behind:
            return ("(", self.terms, f"{self.past}){behind}")
        return (self.terms, self.past + behind)


def _returned(layer: int, row: int, column: int, run: Operands) -> _Returned:
    weights = run.take(f"W{layer + 1}", ALL, row)
    terms = products(weights, run.take(f"dZ{layer + 1}", ALL, column), "always")
    value, span, past = terms.total, terms.span, ""
    if run.layer(layer + 1).residual:
        extra = run.take(f"dA{layer + 1}", row, column)
        value, span, past = value + extra, span + abs(extra), plus(extra)
    keep_prob = run.layer(layer).keep_prob
    if keep_prob >= 1 or copies_gradient(run.network, layer):
        return _Returned(terms, past, "", value, span)
    d = run.take(f"D{layer}", row, column)
    mask = f" {TIMES} {number(d)} / {setting(keep_prob)}"
    return _Returned(terms, past, mask, value * d / keep_prob, span / keep_prob)


def _activations(cell: Cell, layer: int, run: Operands, equation: str) -> Draft:
    back = _returned(layer, cell.row, cell.column, run)
    meaning = (
        f"How the loss of example {cell.column} changes with what unit {cell.row} of layer {layer} "
        f"passes on: the units of layer {layer + 1} report back, each through its weight."
    )
    if back.past:
        meaning += f" Layer {layer + 1} is residual: its own dA comes back past it, unchanged."
    if back.mask:
        meaning += " Dropout's mask counts here too: a dropped unit gets no gradient."
    return Draft(equation, (back.line(),), back.value, meaning, back.span)


def _thinned(cell: Cell, layer: int, run: Operands, equation: str) -> Draft:
    """Explain dG: dA through dropout, of a residual layer, past which dA goes as it is."""
    if not copies_gradient(run.network, layer):
        raise OperandMissing(cell.array)
    dA = run.take(f"dA{layer}", cell.row, cell.column)
    d = run.take(f"D{layer}", cell.row, cell.column)
    keep_prob = run.layer(layer).keep_prob
    meaning = (
        f"The part of dA that goes through unit {cell.row} itself, with dropout's mask. Past the "
        "layer dA goes without it."
    )
    line: Line = (f"{number(dA)} {TIMES} {number(d)} / {setting(keep_prob)}",)
    return Draft(equation, (line,), dA * d / keep_prob, meaning, abs(dA) / keep_prob)


def _from_logits(cell: Cell, run: Operands, equation: str) -> Draft:
    a = run.take(f"A{run.depth}", cell.row, cell.column)
    y = run.take("Y", cell.row, cell.column)
    meaning = (
        f"The answer for example {cell.column} minus its label: the loss and the "
        f"{run.layer(run.depth).activation} together leave just this. The 1/m comes later, in dW."
    )
    return Draft(equation, ((minus(y, a),),), a - y, meaning, abs(a) + abs(y))


def _loss_slope(run: Operands, row: int | slice, column: int) -> np.ndarray:
    """Return dA[L] of the losses that have their own slope, entry by entry."""
    a = np.asarray(run.take(f"A{run.depth}", row, column))
    y = np.asarray(run.take("Y", row, column))
    if run.network.loss == "mean_squared_error":
        return 2 * (a - y)
    if run.network.loss == "hinge":
        sign = 2 * y - 1
        return np.where(sign * a < 1, -sign, 0.0)
    return np.clip(a - y, -run.network.huber_delta, run.network.huber_delta)


def _loss_slope_text(run: Operands, row: int, column: int) -> str:
    a, y = run.take(f"A{run.depth}", row, column), run.take("Y", row, column)
    dA, delta = float(_loss_slope(run, row, column)), run.network.huber_delta
    if run.network.loss == "mean_squared_error":
        return f"2 ({minus(y, a)})"
    if run.network.loss == "hinge":
        return f"-(2 {TIMES} {number(y)} - 1)" if dA else "0"
    if abs(a - y) <= delta:
        return f"({minus(y, a)})"
    return f"{'min' if a > y else 'max'}({number(dA)}, {minus(y, a)})"


def _through_activation(cell: Cell, layer: int, run: Operands, equation: str) -> Draft:
    described, row, column = run.layer(layer), cell.row, cell.column
    source = linear_name(run, layer)
    z, a = run.take(source, row, column), run.take(f"G{layer}", row, column)
    slope = slope_of(described, z, a)
    plain = described.activation == "identity"
    word = described.activation.replace("_", " ")
    factor = "" if plain else f" {TIMES} {number(slope.value)}"
    spelled = "" if plain else f" {TIMES} {slope.text}"
    lines: list[Line] = []
    if layer == run.depth:
        dA = float(_loss_slope(run, row, column))
        text = _loss_slope_text(run, row, column)
        span = abs(dA) + 2 * abs(a)
        if text != number(dA):
            lines += [(text + spelled,), (text + factor,)]
    else:
        symbol = "dG" if copies_gradient(run.network, layer) else "dA"
        dA = run.take(f"{symbol}{layer}", row, column)
        span = abs(dA)
        back = _returned(layer, row, column, run)
        if symbol == "dA" and alike(back.value, dA, rounding(run, back.span)):
            # The sum is shown only where it is the dA that the run went on with.
            joined = returned_equation(run.network, layer)
            joined = f"({joined})" if back.past and not back.mask and not plain else joined
            equation = equation.replace(f"dA[{layer}]", joined, 1)
            lines.append(back.line(factor))
        own = f"{symbol}{layer}[{row},{column}]" if plain else number(dA)
        lines += [(own + spelled,), (own + factor,)]
    share = "all" if slope.value == 1 else number(slope.value)
    meaning = (
        f"How the loss of example {column} changes with unit {row}'s {source}: the slope of "
        f"{word} lets {share} of dA through."
    )
    if plain:
        meaning = f"How the loss of example {column} changes with unit {row}'s {source}."
    elif slope.value == 0:
        meaning = (
            f"{source} of unit {row} does not count for example {column}: the slope of "
            f"{word} is 0 here, and nothing reaches the weights below."
        )
    elif abs(slope.value) < SMALL_SLOPE:
        meaning += " Next to nothing reaches the weights below."
    span *= max(1.0, abs(slope.value), abs(a), abs(z))
    return Draft(equation, tuple(lines), dA * slope.value, meaning, span)


def _through_softmax(cell: Cell, layer: int, run: Operands, equation: str) -> Draft:
    A = run.take(f"G{layer}", ALL, cell.column)
    if layer == run.depth:
        dA = _loss_slope(run, ALL, cell.column)
    else:
        symbol = "dG" if copies_gradient(run.network, layer) else "dA"
        dA = run.take(f"{symbol}{layer}", ALL, cell.column)
    terms = products(dA, A)
    a, own = float(A[cell.row]), float(dA[cell.row])
    line: Line = (f"{number(a)} ({number(own)} - (", terms, "))")
    meaning = (
        "Softmax's units share one sum: raising this Z takes from all the others of the column, "
        "which the part that is taken off accounts for."
    )
    return Draft(equation, (line,), a * (own - terms.total), meaning, a * (abs(own) + terms.span))
