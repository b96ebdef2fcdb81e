"""Batch norm, forward and back (course topics D6, D7, D9)."""

from __future__ import annotations

import math

from nnsim.network.specification import BatchNorm
from nnsim.tui.formulas.cells import ArrayName, Cell, Draft
from nnsim.tui.formulas.equations import equation_of
from nnsim.tui.formulas.numbers import minus, number, plus, setting, size
from nnsim.tui.formulas.operands import OperandMissing, Operands, place_of
from nnsim.tui.formulas.terms import TIMES, Line, plain, squares


def batch_norm_draft(cell: Cell, name: ArrayName, run: Operands) -> Draft:
    """Explain mean, variance, Z_norm, Z_tilde, their running averages, or dZ through them."""
    norm = run.layer(name.layer).batch_norm
    if norm is None:
        raise OperandMissing(cell.array)
    equation = equation_of(name, run.network, run.training)
    if name.prefix == "running_":
        return _running(cell, name, run, norm, equation)
    if name.prefix == "d":
        return _gradient(cell, name.layer, run, norm, equation)
    build = {"mean": _mean, "variance": _variance, "Z_norm": _normalized, "Z_tilde": _scaled}
    return build[name.kind](cell, name.layer, run, norm, equation)


def _mean(cell: Cell, layer: int, run: Operands, norm: BatchNorm, equation: str) -> Draft:
    Z = run.take(f"Z{layer}", cell.row)
    terms = plain(Z)
    meaning = f"The mean of unit {cell.row}'s Z over the {len(Z)} examples of the batch."
    line: Line = (f"1/{len(Z)} (", terms, ")")
    return Draft(equation, (line,), terms.total / len(Z), meaning, terms.span / len(Z))


def _variance(cell: Cell, layer: int, run: Operands, norm: BatchNorm, equation: str) -> Draft:
    Z = run.take(f"Z{layer}", cell.row)
    mean = run.take(f"mean{layer}", cell.row, 0)
    terms = squares(Z - mean)
    meaning = (
        f"How far unit {cell.row}'s Z lies from its mean, squared, on average over the batch "
        f"({len(Z)} examples; divided by m, not m - 1)."
    )
    line: Line = (f"1/{len(Z)} (", terms, ")")
    span = float((Z * Z).mean()) + mean * mean
    return Draft(equation, (line,), terms.total / len(Z), meaning, span)


def _normalized(cell: Cell, layer: int, run: Operands, norm: BatchNorm, equation: str) -> Draft:
    z = run.take(f"Z{layer}", cell.row, cell.column)
    mean = run.take(f"mean{layer}", cell.row, 0)
    variance = run.take(f"variance{layer}", cell.row, 0)
    sigma = math.sqrt(variance + norm.epsilon)
    top = f"({minus(mean, z)})"
    lines: tuple[Line, ...] = (
        (f"{top} / sqrt({number(variance)} + {setting(norm.epsilon)})",),
        (f"{top} / {number(sigma)}",),
    )
    meaning = (
        f"Z of unit {cell.row}, counted from the batch's mean in standard deviations: over the "
        "batch it has mean 0 and variance 1."
    )
    return Draft(equation, lines, (z - mean) / sigma, meaning, (abs(z) + abs(mean)) / sigma)


def _scaled(cell: Cell, layer: int, run: Operands, norm: BatchNorm, equation: str) -> Draft:
    gamma = run.take(f"gamma{layer}", cell.row, 0)
    beta = run.take(f"beta{layer}", cell.row, 0)
    z_norm = run.take(f"Z_norm{layer}", cell.row, cell.column)
    line: Line = (f"{number(gamma)} {TIMES} {number(z_norm)}{plus(beta)}",)
    meaning = (
        "gamma and beta, which are learnt, give the normalised value the scale and the mean that "
        "the layer wants; this is what the activation sees."
    )
    span = abs(gamma * z_norm) + abs(beta)
    return Draft(equation, (line,), gamma * z_norm + beta, meaning, span)


def _running(cell: Cell, name: ArrayName, run: Operands, norm: BatchNorm, equation: str) -> Draft:
    value = run.stored(cell.array, cell.row, 0)
    meaning = (
        f"The {name.kind} that layer {name.layer} uses outside training, where no batch is there "
        "to take it from: an average over the steps."
    )
    part = f"{name.kind}{name.layer}"
    phase = place_of(run.snapshot.phase, run.depth)
    if not run.has(part) or not (run.between or phase > name.layer):
        return Draft(equation, (), value, meaning, abs(value))
    new, add = run.take(part, cell.row, 0), 1 - norm.momentum
    first = run.snapshot.step == (1 if run.between else 0)
    if first:
        past = 0.0 if name.kind == "mean" else 1.0
    else:
        past = (value - add * new) / norm.momentum if norm.momentum else 0.0
    sign = " - " if new < 0 else " + "
    line: Line = (
        f"{setting(norm.momentum)} {TIMES} {number(past)}{sign}{setting(add)} {TIMES} {size(new)}",
    )
    computed = norm.momentum * past + add * new
    return Draft(equation, (line,), computed, meaning, abs(past) + abs(new))


def _gradient(cell: Cell, layer: int, run: Operands, norm: BatchNorm, equation: str) -> Draft:
    dZ_tilde = run.take(f"dZ_tilde{layer}", cell.row)
    Z_norm = run.take(f"Z_norm{layer}", cell.row)
    gamma = run.take(f"gamma{layer}", cell.row, 0)
    variance = run.take(f"variance{layer}", cell.row, 0)
    own, z_norm = dZ_tilde[cell.column], Z_norm[cell.column]
    shift, slope = float(dZ_tilde.mean()), float((dZ_tilde * Z_norm).mean())
    factor = gamma / math.sqrt(variance + norm.epsilon)
    inner = f"({minus(shift, own)} {_product(z_norm, slope)})"
    root = f"{number(gamma)} / sqrt({number(variance)} + {setting(norm.epsilon)})"
    lines: tuple[Line, ...] = (
        (f"{root} {TIMES} {inner}",),
        (f"{number(factor)} {TIMES} {inner}",),
    )
    meaning = (
        "A change of this Z also moves the batch's mean and variance, and with them every other "
        "example: the two terms that are taken off are these."
    )
    span = abs(factor) * float(
        abs(own) + abs(dZ_tilde).mean() + abs(z_norm) * abs(dZ_tilde * Z_norm).mean()
    )
    return Draft(equation, lines, factor * (own - shift - z_norm * slope), meaning, span)


def _product(z_norm: float, slope: float) -> str:
    """Return '- 0.5 × 0.1', or '+ ...' where the product is negative."""
    sign = "+" if z_norm * slope < 0 else "-"
    return f"{sign} {size(z_norm)} {TIMES} {size(slope)}"
