"""Layer norm, forward and back: a column at a time, over its units (topic E7)."""

from __future__ import annotations

import math

import numpy as np

from nnsim.network.specification import LayerNorm
from nnsim.tui.formulas.cells import ArrayName, Cell, Draft
from nnsim.tui.formulas.equations import equation_of
from nnsim.tui.formulas.numbers import minus, number, plus, setting, size
from nnsim.tui.formulas.operands import ALL, OperandMissing, Operands
from nnsim.tui.formulas.terms import TIMES, Line, plain, squares


def layer_norm_draft(cell: Cell, name: ArrayName, run: Operands) -> Draft:
    """Explain mean, variance, Z_norm, Z_tilde, or dZ through them."""
    norm = run.layer(name.layer).layer_norm
    if norm is None or name.prefix == "running_":
        raise OperandMissing(cell.array)
    equation = equation_of(name, run.network, run.training)
    if name.prefix == "d":
        return _gradient(cell, name.layer, run, norm, equation)
    build = {"mean": _mean, "variance": _variance, "Z_norm": _normalized, "Z_tilde": _scaled}
    return build[name.kind](cell, name.layer, run, norm, equation)


def _mean(cell: Cell, layer: int, run: Operands, norm: LayerNorm, equation: str) -> Draft:
    Z = run.take(f"Z{layer}", ALL, cell.column)
    terms = plain(Z)
    meaning = f"The mean of example {cell.column}'s Z over the {len(Z)} units of layer {layer}."
    line: Line = (f"1/{len(Z)} (", terms, ")")
    return Draft(equation, (line,), terms.total / len(Z), meaning, terms.span / len(Z))


def _variance(cell: Cell, layer: int, run: Operands, norm: LayerNorm, equation: str) -> Draft:
    Z = run.take(f"Z{layer}", ALL, cell.column)
    mean = run.take(f"mean{layer}", 0, cell.column)
    terms = squares(Z - mean)
    meaning = (
        f"How far example {cell.column}'s Z lie from their mean, squared, on average over the "
        f"{len(Z)} units of layer {layer}."
    )
    line: Line = (f"1/{len(Z)} (", terms, ")")
    span = float((Z * Z).mean()) + mean * mean
    return Draft(equation, (line,), terms.total / len(Z), meaning, span)


def _normalized(cell: Cell, layer: int, run: Operands, norm: LayerNorm, equation: str) -> Draft:
    z = run.take(f"Z{layer}", cell.row, cell.column)
    mean = run.take(f"mean{layer}", 0, cell.column)
    variance = run.take(f"variance{layer}", 0, cell.column)
    sigma = math.sqrt(variance + norm.epsilon)
    top = f"({minus(mean, z)})"
    lines: tuple[Line, ...] = (
        (f"{top} / sqrt({number(variance)} + {setting(norm.epsilon)})",),
        (f"{top} / {number(sigma)}",),
    )
    meaning = (
        f"Z of unit {cell.row}, counted from the mean of example {cell.column} in its standard "
        "deviations: over the units it has mean 0 and variance 1, whatever the rest of the batch."
    )
    return Draft(equation, lines, (z - mean) / sigma, meaning, (abs(z) + abs(mean)) / sigma)


def _scaled(cell: Cell, layer: int, run: Operands, norm: LayerNorm, equation: str) -> Draft:
    gamma = run.take(f"gamma{layer}", cell.row, 0)
    beta = run.take(f"beta{layer}", cell.row, 0)
    z_norm = run.take(f"Z_norm{layer}", cell.row, cell.column)
    line: Line = (f"{number(gamma)} {TIMES} {number(z_norm)}{plus(beta)}",)
    meaning = (
        "gamma and beta of the unit, which are learnt, give the normalised value the scale and the "
        "mean that the layer wants; this is what the activation sees."
    )
    span = abs(gamma * z_norm) + abs(beta)
    return Draft(equation, (line,), gamma * z_norm + beta, meaning, span)


def _gradient(cell: Cell, layer: int, run: Operands, norm: LayerNorm, equation: str) -> Draft:
    gamma = run.take(f"gamma{layer}", ALL, 0)
    dZ_norm = gamma * run.take(f"dZ_tilde{layer}", ALL, cell.column)
    Z_norm = run.take(f"Z_norm{layer}", ALL, cell.column)
    variance = run.take(f"variance{layer}", 0, cell.column)
    own, z_norm = float(dZ_norm[cell.row]), float(Z_norm[cell.row])
    shift, slope = float(dZ_norm.mean()), float((dZ_norm * Z_norm).mean())
    sigma = math.sqrt(variance + norm.epsilon)
    sign = "+" if z_norm * slope < 0 else "-"
    inner = f"({minus(shift, own)} {sign} {size(z_norm)} {TIMES} {size(slope)})"
    lines: tuple[Line, ...] = (
        (f"{inner} / sqrt({number(variance)} + {setting(norm.epsilon)})",),
        (f"{inner} / {number(sigma)}",),
    )
    meaning = (
        "A change of this Z also moves its example's mean and variance, and with them every other "
        "unit: the two terms that are taken off are these."
    )
    sizes = np.abs(dZ_norm)
    span = float(abs(own) + sizes.mean() + abs(z_norm) * (sizes * np.abs(Z_norm)).mean()) / sigma
    return Draft(equation, lines, (own - shift - z_norm * slope) / sigma, meaning, span)
