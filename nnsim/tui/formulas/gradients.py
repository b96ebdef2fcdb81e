"""The gradients of the parameters: dW, db, dgamma, dbeta, with penalties and clipping (A7, B4)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nnsim.tui.formulas.cells import ArrayName, Cell, Draft
from nnsim.tui.formulas.equations import equation_of
from nnsim.tui.formulas.numbers import number, plus, setting, size
from nnsim.tui.formulas.operands import Operands, l1_share
from nnsim.tui.formulas.terms import TIMES, Line, plain, products


def gradient_draft(cell: Cell, name: ArrayName, run: Operands) -> Draft:
    """Explain dW, db, dgamma or dbeta: the mean over the batch, penalties, clipping."""
    layer, m = name.layer, run.m
    if name.kind in ("W", "b"):
        first = run.take(f"dZ{layer}", cell.row)
    else:
        first = run.take(f"dZ_tilde{layer}", cell.row)
    if name.kind == "W":
        terms = products(first, run.take(f"A{layer - 1}", cell.column))
    elif name.kind == "gamma":
        terms = products(first, run.take(f"Z_norm{layer}", cell.row))
    else:
        terms = plain(first)
    computed, span = terms.total / m, terms.span / m
    line: Line = (f"1/{m} (", terms, ")")
    lines = [line]
    if name.kind == "W":
        texts, extra = _penalty(cell, layer, run)
        computed, span = computed + extra, span + abs(extra)
        lines = [(*line, *texts), (*line, plus(extra))] if texts else lines
    clipped = run.after_clipping
    if clipped:
        clip = _clipping(run, computed)
        lines += [(number(computed),)] if clip.cut or clip.scaled else []
        lines = [clip.around(one) for one in lines]
        computed, span = clip.applied(computed), clip.scale * span
    equation = equation_of(name, run.network, run.training, clipped=clipped)
    return Draft(equation, tuple(lines), computed, _gradient_meaning(cell, name), span)


def _gradient_meaning(cell: Cell, name: ArrayName) -> str:
    what = {
        "W": f"the weight from input {cell.column} to unit {cell.row} of layer {name.layer}",
        "b": f"the bias of unit {cell.row} of layer {name.layer}",
        "gamma": f"gamma of unit {cell.row} of layer {name.layer}, its scale after the norm",
        "beta": f"beta of unit {cell.row} of layer {name.layer}, its mean after the norm",
    }[name.kind]
    return (
        f"How J changes with {what}: every example of the batch has its say, and the mean counts. "
        "The update goes the other way."
    )


def _penalty(cell: Cell, layer: int, run: Operands) -> tuple[tuple[str, ...], float]:
    """Return the penalties' part of dW, as text and as a number."""
    network, m = run.network, run.m
    texts, total = [], 0.0
    if network.l2 > 0:
        w = run.take(f"W{layer}", cell.row, cell.column)
        total += network.l2 / m * w
        texts.append(f" {_sign(w)} {setting(network.l2)}/{m} {TIMES} {size(w)}")
    if network.l1 > 0:
        w = run.take(f"W{layer}", cell.row, cell.column)
        under = f"(2 {TIMES} {m})" if network.l1_halved else f"{m}"
        total += l1_share(network, m) * float(np.sign(w))
        share = f"{setting(network.l1)}/{under}" if w != 0 else "0"
        texts.append(f" {_sign(w)} {share}")
    return tuple(texts), total


def _sign(value: float) -> str:
    return "-" if value < 0 else "+"


@dataclass(frozen=True)
class _Clipping:
    """What the phase `check` does to one gradient: cut it off, and scale it with all others."""

    limit: float
    scale: float
    cut: str
    """min, max, or nothing where the gradient is within the limit."""
    scaled: str
    """The factor as it is written, or nothing."""

    def applied(self, gradient: float) -> float:
        return self.scale * (math.copysign(self.limit, gradient) if self.cut else gradient)

    def around(self, line: Line) -> Line:
        if self.cut:
            line = (f"{self.cut}(", *line, f", {'-' if self.cut == 'max' else ''}")
            line = (*line, f"{setting(self.limit)})")
        elif self.scaled and len(line) > 3:
            line = ("(", *line, ")")
        return (*line, self.scaled)


def _clipping(run: Operands, gradient: float) -> _Clipping:
    limit, longest = run.training.clip_value, run.training.clip_norm
    cut = ""
    if 0 < limit < abs(gradient):
        cut = "max" if gradient < 0 else "min"
    norm = run.norm_before_clipping if longest > 0 else 0.0
    if not norm > longest:
        return _Clipping(limit, 1.0, cut, "")
    return _Clipping(limit, longest / norm, cut, f" {TIMES} {setting(longest)}/{number(norm)}")
