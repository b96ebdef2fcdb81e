"""The batch and the way forward: A0, Y, Z, G, D, A (topics A5, A6, B6, E6, E8)."""

from __future__ import annotations

import math

import numpy as np

from nnsim.tui.formulas.activations import COLUMNWISE, value_of
from nnsim.tui.formulas.cells import ArrayName, Cell, Draft
from nnsim.tui.formulas.equations import classes_of, equation_of, linear_part
from nnsim.tui.formulas.numbers import number, plus, setting
from nnsim.tui.formulas.operands import Operands
from nnsim.tui.formulas.terms import TIMES, Line, Sum, products

NEARLY_FLAT = 0.01
"""A sigmoid or tanh whose slope is below this share of its largest is called saturated."""


def batch_draft(cell: Cell, name: ArrayName, run: Operands) -> Draft:
    """Explain A0 or Y: data, which no equation makes."""
    value = run.stored(cell.array, cell.row, cell.column)
    if name.kind == "Y" and run.network.label_smoothing:
        return _smoothed(cell, name, run, value)
    if name.kind == "Y":
        meaning = f"The label of example {cell.column} of this batch: the true output {cell.row}."
    else:
        meaning = (
            f"Feature {cell.row} of example {cell.column} of this batch, as the network sees it."
        )
    equation = equation_of(name, run.network, run.training)
    return Draft(equation, (), value, meaning, abs(value))


def forward_draft(cell: Cell, name: ArrayName, run: Operands) -> Draft:
    """Explain Z, G, D or A of a layer."""
    equation = equation_of(name, run.network, run.training)
    if name.kind == "Z":
        return _weighted_sum(cell, name.layer, run, equation)
    if name.kind == "D":
        return _mask(cell, name.layer, run, equation)
    described = run.layer(name.layer)
    if name.kind == "A" and (described.keep_prob < 1 or described.residual):
        return _passed_on(cell, name.layer, run, equation)
    if run.layer(name.layer).activation in COLUMNWISE:
        return _column_activation(cell, name.layer, run, equation)
    return _activation(cell, name.layer, run, equation)


def _smoothed(cell: Cell, name: ArrayName, run: Operands, value: float) -> Draft:
    """Explain a smoothed label; the label itself is the one of data, found back from it."""
    s, classes = run.network.label_smoothing, classes_of(run.network)
    label = float(round((value - s / classes) / (1 - s)))
    line: Line = (f"{setting(1 - s)} {TIMES} {number(label)} + {setting(s)} / {classes}",)
    meaning = (
        f"The target of output {cell.row} for example {cell.column}: the label, "
        f"{number(label)}, not quite believed. Evaluations use the label itself."
    )
    equation = equation_of(name, run.network, run.training)
    return Draft(equation, (line,), (1 - s) * label + s / classes, meaning, 1.0)


def linear_name(run: Operands, layer: int) -> str:
    """Return the array that g is applied to: Z2, or Z_tilde2 after batch norm or layer norm."""
    return linear_part(run.network, layer).replace("[", "").replace("]", "")


def _weighted_sum(cell: Cell, layer: int, run: Operands, equation: str) -> Draft:
    weights = run.take(f"W{layer}", cell.row)
    inputs = run.take(f"A{layer - 1}", slice(None), cell.column)
    bias = run.take(f"b{layer}", cell.row, 0) if run.layer(layer).bias else None
    terms = products(weights, inputs, "none" if bias is None else "folded")
    line: Line = (terms,) if bias is None else (terms, plus(bias))
    sources = "feature" if layer == 1 else f"activation of layer {layer - 1}"
    ending = ", and the bias on top" if bias is not None else ""
    return Draft(
        equation,
        (line,),
        terms.total + (bias or 0.0),
        f"Unit {cell.row} of layer {layer} adds up, for example {cell.column}, every {sources} "
        f"times its weight{ending}.",
        terms.span + abs(bias or 0.0),
    )


def _activation(cell: Cell, layer: int, run: Operands, equation: str) -> Draft:
    described = run.layer(layer)
    source = linear_name(run, layer)
    z = run.take(source, cell.row, cell.column)
    worked = value_of(described, z)
    name, text = described.activation, worked.text
    if worked.value == z and text == number(z):
        text = f"{source}[{cell.row},{cell.column}]"
    what = f"What unit {cell.row} of layer {layer} passes on for example {cell.column}"
    meaning = f"{what}: {name.replace('_', ' ')} of its {source}."
    if name == "identity":
        meaning = f"{what}: its {source} as it is."
    elif name == "relu":
        state = "is not above 0, so the unit is off" if z <= 0 else "is above 0 and passes"
        meaning = f"{what}: {source} {state}."
    elif name in ("sigmoid", "tanh") and _is_flat(name, worked.value):
        meaning += " It is saturated: the curve is almost flat here, and little gradient returns."
    return Draft(equation, ((text,),), worked.value, meaning, abs(z))


def _is_flat(name: str, a: float) -> bool:
    slope = 4 * a * (1 - a) if name == "sigmoid" else 1 - a * a
    return slope < NEARLY_FLAT


def _column_activation(cell: Cell, layer: int, run: Operands, equation: str) -> Draft:
    source = linear_name(run, layer)
    column = run.take(source, slice(None), cell.column)
    z, largest = column[cell.row], column.max()
    if run.layer(layer).activation == "hardmax":
        first = int(np.argmax(column))
        winner = "This unit's" if first == cell.row else f"Unit {first}'s"
        meaning = f"{winner} Z is the largest of the column, and it alone passes 1 on."
        return Draft(equation, (), float(first == cell.row), meaning)
    powers = np.exp(column - largest)
    total = Sum(powers, lambda term: f"e^{number(column[term])}")
    share = float(powers[cell.row] / powers.sum())
    top = f"e^{number(z)} / "
    scaled = float(np.exp(min(largest, 700.0)))
    short = f"{number(powers[cell.row] * scaled)} / {number(powers.sum() * scaled)}"
    lines: tuple[Line, ...] = ((top, "(", total, ")"),)
    if math.isfinite(scaled * float(powers.sum())):
        lines = (*lines, (short,))
    meaning = (
        f"The share of unit {cell.row} among all {len(column)} of example {cell.column}: "
        "the column adds up to 1."
    )
    return Draft(equation, lines, share, meaning, share * (1 + abs(largest) + abs(z)))


def _mask(cell: Cell, layer: int, run: Operands, equation: str) -> Draft:
    keep_prob = setting(run.layer(layer).keep_prob)
    value = run.stored(cell.array, cell.row, cell.column)
    done = "keeps" if value else "drops"
    return Draft(
        equation,
        (),
        value,
        f"Dropout {done} unit {cell.row} of layer {layer} for example {cell.column}; each unit is "
        f"kept with probability {keep_prob}, anew in every step.",
        1.0,
    )


def _passed_on(cell: Cell, layer: int, run: Operands, equation: str) -> Draft:
    """Explain A where dropout or a residual connection comes after g."""
    described = run.layer(layer)
    g = run.take(f"G{layer}", cell.row, cell.column)
    d = run.take(f"D{layer}", cell.row, cell.column) if described.keep_prob < 1 else 1.0
    keep_prob = described.keep_prob
    text, meaning = number(g), ""
    if keep_prob < 1:
        text = f"{number(g)} {TIMES} {number(d)} / {setting(keep_prob)}"
    past = 0.0
    if described.residual:
        past = run.take(f"A{layer - 1}", cell.row, cell.column)
        text += plus(past)
        meaning = (
            f"Layer {layer} is residual: unit {cell.row} passes on what came in at the same "
            "place, and adds its own to it."
        )
        if keep_prob < 1 and not d:
            meaning += " Its own is dropped for this example; what goes past it is not."
    elif d:
        meaning = (
            f"Unit {cell.row} is kept for example {cell.column}, and divided by keep_prob, so that "
            "the next layer's sums stay as large on average."
        )
    else:
        meaning = f"Unit {cell.row} is dropped for example {cell.column}: it passes 0 on."
    return Draft(
        equation,
        ((text,),),
        g * d / keep_prob + past,
        meaning,
        abs(g) + abs(past),
    )
