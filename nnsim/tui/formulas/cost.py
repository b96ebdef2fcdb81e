"""The cost J: the mean loss of the batch, and the penalties (course topics A2, B4, D11)."""

from __future__ import annotations

import math

import numpy as np

from nnsim.tui.formulas.cells import Cell, Draft
from nnsim.tui.formulas.equations import LOGIT_LOSSES, cost_equation
from nnsim.tui.formulas.forward import linear_name
from nnsim.tui.formulas.numbers import minus, number, setting
from nnsim.tui.formulas.operands import ALL, OperandMissing, Operands, l1_share, place_of
from nnsim.tui.formulas.terms import TIMES, Line, Sum, plain


def cost_draft(cell: Cell, run: Operands) -> Draft:
    """Explain J; the cell's column chooses the example whose own loss is told."""
    if not cost_is_known(run):
        raise OperandMissing("J")
    network, m = run.network, run.m
    losses = losses_of(run)
    data = plain(losses)
    line: list[str | Sum] = [f"1/{m} (", data, ")"]
    penalty = span = 0.0
    if network.l2 > 0:
        total = sum(float((run.take(f"W{n}") ** 2).sum()) for n in range(1, run.depth + 1))
        penalty += network.l2 / (2 * m) * total
        line.append(f" + {setting(network.l2)}/(2 {TIMES} {m}) {TIMES} {number(total)}")
    if network.l1 > 0:
        total = sum(float(np.abs(run.take(f"W{n}")).sum()) for n in range(1, run.depth + 1))
        penalty += l1_share(network, m) * total
        under = f"(2 {TIMES} {m})" if network.l1_halved else f"{m}"
        line.append(f" + {setting(network.l1)}/{under} {TIMES} {number(total)}")
    lines: tuple[Line, ...] = (tuple(line),)
    if penalty:
        lines = (*lines, (f"1/{m} (", data, f") + {number(penalty)}"))
    example = min(max(cell.column, 0), m - 1)
    meaning = f"The mean loss of the {m} examples of the batch"
    meaning += ", and the penalty on large weights. " if penalty else ". "
    meaning += f"Example {example}'s own: L = {_loss_text(run, example, float(losses[example]))}."
    span = data.span / m + penalty + _span_of(run)
    return Draft(cost_equation(network), lines, data.total / m + penalty, meaning, span)


def cost_is_known(run: Operands) -> bool:
    """Tell whether the snapshot's cost belongs to its arrays."""
    if run.between:
        return run.has("A0")
    return place_of(run.snapshot.phase, run.depth) > run.depth + 1


def _span_of(run: Operands) -> float:
    """Size of the numbers that a loss from logits is the difference of."""
    if run.network.loss not in LOGIT_LOSSES:
        return 0.0
    Z = run.take(linear_name(run, run.depth))
    return float(np.abs(Z).max(axis=0).mean())


def losses_of(run: Operands) -> np.ndarray:
    """Return every example's own loss, added up over the outputs."""
    loss, delta = run.network.loss, run.network.huber_delta
    A, Y = run.take(f"A{run.depth}"), run.take("Y")
    Z = run.take(linear_name(run, run.depth))
    if loss == "binary_cross_entropy":
        L = np.maximum(Z, 0) - Z * Y + np.log1p(np.exp(-np.abs(Z)))
    elif loss == "softmax_cross_entropy":
        largest = Z.max(axis=0)
        log_sum = largest + np.log(np.exp(Z - largest).sum(axis=0))
        L = np.where(Y != 0, Y * (log_sum - Z), 0.0)
    elif loss == "mean_squared_error":
        L = (A - Y) ** 2
    elif loss == "hinge":
        L = np.maximum(0.0, 1 - (2 * Y - 1) * Z)
    else:
        distance = np.abs(A - Y)
        near = distance <= delta
        L = np.where(near, distance**2 / 2, delta * (distance - delta / 2))
    return L.sum(axis=0)


def _loss_text(run: Operands, example: int, value: float) -> str:
    """Return an example's own loss with its numbers put in; of several outputs, what counts."""
    result = number(value)
    loss, delta = run.network.loss, run.network.huber_delta
    a, y = run.take(f"A{run.depth}", ALL, example), run.take("Y", ALL, example)
    if loss == "softmax_cross_entropy":
        right = int(np.argmax(y))
        if y[right] == 1:
            return f"-log({number(a[right])}) = {result}"
        return result
    if len(a) > 1:
        return f"{result}, over its {len(a)} outputs"
    a0, y0 = float(a[0]), float(y[0])
    if loss == "binary_cross_entropy":
        if y0 not in (0, 1) or not 0 < a0 < 1:
            return result
        part = number(a0) if y0 else f"1 - {number(a0)}"
        return f"-log({part}) = {result}"
    if loss == "mean_squared_error":
        return f"({minus(y0, a0)})^2 = {result}"
    if loss == "hinge":
        margin = f"{number(2 * y0 - 1)} {TIMES} {number(a0)}"
        return f"max(0, 1 - ({margin})) = {result}"
    distance = abs(a0 - y0)
    if distance <= delta or math.isnan(distance):
        return f"({minus(y0, a0)})^2 / 2 = {result}"
    chosen = setting(delta)
    return f"{chosen} ({number(distance)} - {chosen} / 2) = {result}"
