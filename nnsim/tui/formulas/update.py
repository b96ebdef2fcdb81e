"""The end of a step: the gradient's norm, slots, updates, and the parameters (C4-C7, B11)."""

from __future__ import annotations

import numpy as np

from nnsim.network.specification import Layer
from nnsim.tui.formulas.cells import SLOTS, ArrayName, Cell, Draft, label_of
from nnsim.tui.formulas.equations import clipping_equations, norm_equation
from nnsim.tui.formulas.numbers import digits_apart, number, setting, size
from nnsim.tui.formulas.operands import OperandMissing, Operands
from nnsim.tui.formulas.rules import (
    Step,
    average_factors,
    decay_of,
    past_average,
    slot_equation,
    step_equation,
    step_of,
)
from nnsim.tui.formulas.terms import TIMES, Line, Sum

_INITIALIZERS = {
    "zeros": "0",
    "constant": "{scale}",
    "normal": "{scale} randn",
    "uniform": "{scale} U(-1, 1)",
    "he": "{scale} sqrt(2 / {fan_in}) randn",
    "xavier": "{scale} sqrt(1 / {fan_in}) randn",
    "glorot": "{scale} sqrt(2 / ({fan_in} + {fan_out})) randn",
    "identity": "{scale} on the diagonal, 0 elsewhere",
    "orthogonal": "{scale} times a random orthogonal matrix",
}
_ADAM = (
    "v gives the direction, sqrt(s) the measure, so that a step has about the size alpha; both "
    "begin at 0, which dividing by 1 - beta^t makes up for (t is {t})."
)
_RULE_MEANINGS = {
    "sgd": "It goes straight against the gradient.",
    "momentum": "It follows the average of the gradients, not the last one alone.",
    "momentum_sum": "It follows the fading sum of the gradients, not the last one alone.",
    "nesterov": "It follows the average one step ahead, with the last gradient counted once more.",
    "adagrad": "Each parameter's step is divided by the size of all its gradients so far.",
    "rmsprop": "Each parameter's step is divided by the size of its own recent gradients.",
    "adam": _ADAM,
    "adamw": f"{_ADAM} Weight decay is taken off beside it.",
    "amsgrad": f"{_ADAM} The largest s so far stands for s.",
    "nadam": f"{_ADAM} v is taken one step ahead.",
    "lion": "Only the sign counts: every parameter moves by alpha.",
}
_SLOT_MEANINGS = {
    "v_": "The average of this parameter's gradients, the recent ones counting most: its direction "
    "of late.",
    "s_": "The average of this parameter's squared gradients: how large they are, whatever their "
    "sign.",
    "s_max_": "The largest s so far: the root that divides the step never gets smaller.",
}


MOST_DIGITS = 6
"""A parameter before and after a tiny update is written in at most as many digits."""


def norm_draft(run: Operands) -> Draft:
    """Explain the norm of the whole gradient, as it stands."""
    names = run.gradients()
    if len({name for name in names if name.startswith("dW")}) < run.depth:
        raise OperandMissing("gradient")
    norms = np.array([float(np.linalg.norm(run.stored(name))) for name in names])
    terms = Sum(norms**2, lambda place: f"{size(norms[place])}^2")
    value = float(np.sqrt(terms.total))
    training = run.training
    meaning = f"The length of all gradients together, {len(names)} blocks of them."
    limit = setting(training.clip_norm)
    if training.clip_norm > 0 and not run.after_clipping:
        done = "it is scaled down to that" if value > training.clip_norm else "it stays as it is"
        meaning += f" The most that is allowed is {limit}: {done}."
    elif training.clip_norm > 0:
        before = number(run.norm_before_clipping)
        meaning += f" It was {before} before clipping, and {limit} is the most that is allowed."
    elif not clipping_equations(training):
        meaning += " Nothing is clipped in this run."
    equation = ",  ".join((norm_equation(run.network), *clipping_equations(training)))
    return Draft(equation, (("sqrt(", terms, ")"),), value, meaning, value)


def update_draft(cell: Cell, name: ArrayName, run: Operands) -> Draft:
    """Explain a parameter, its last change, or one of the optimiser's averages."""
    changed = run.between and run.updates > 0 and run.has(f"update_{name.parameter}")
    if not changed:
        return _given(cell, name, run)
    if name.prefix in SLOTS:
        return _slot(cell, name, run)
    step = step_of(run, name, cell.row, cell.column)
    build = _change if name.prefix else _parameter
    return build(cell, name, run, step)


def _parameter(cell: Cell, name: ArrayName, run: Operands, step: Step) -> Draft:
    before = run.take(cell.array, cell.row, cell.column)
    alpha, decay = run.alpha, decay_of(run.training, name.kind)
    kept = f"(1 - {number(alpha)} {TIMES} {setting(decay)}) {TIMES} " if decay else ""
    taken = alpha * step.value
    value = before - alpha * decay * before - taken
    digits = digits_apart(before, value, MOST_DIGITS)
    start = number(before, digits)
    lines: list[Line] = [
        (f"{kept}{start} {'+' if below else '-'} {number(alpha)} {TIMES} {text}",)
        for below, text in step.texts
    ]
    if not decay:
        lines.append((f"{start} {'+' if taken < 0 else '-'} {size(taken)}",))
    return Draft(
        step_equation(name, run.training),
        tuple(lines),
        value,
        _update_meaning(name, run),
        abs(before) + abs(taken),
        digits,
    )


def _change(cell: Cell, name: ArrayName, run: Operands, step: Step) -> Draft:
    before = run.take(name.parameter, cell.row, cell.column)
    alpha, decay = run.alpha, decay_of(run.training, name.kind)
    end = ""
    if decay:
        sign = "+" if before < 0 else "-"
        end = f" {sign} {number(alpha)} {TIMES} {setting(decay)} {TIMES} {size(before)}"
    lines: tuple[Line, ...] = tuple(
        (f"{'' if below else '-'}{number(alpha)} {TIMES} {text}{end}",)
        for below, text in step.texts
    )
    value = -alpha * step.value - alpha * decay * before
    meaning = _update_meaning(name, run)
    return Draft(step_equation(name, run.training), lines, value, meaning, abs(before) + abs(value))


def _update_meaning(name: ArrayName, run: Operands) -> str:
    what = "What the last update changed" if name.prefix else "The parameter after the last update"
    training = run.training
    alpha = f"alpha is {number(run.alpha)}"
    if training.schedule.kind != "constant" or training.schedule.warm_up > 0:
        alpha += f", as the schedule {training.schedule.kind} has it at this step"
    text = f"{what}, that of step {run.snapshot.step - 1}: {alpha}."
    return f"{text} {_RULE_MEANINGS[training.optimizer].format(t=run.updates)}"


def _slot(cell: Cell, name: ArrayName, run: Operands) -> Draft:
    p, prefix = name.parameter, name.prefix
    value = run.stored(cell.array, cell.row, cell.column)
    symbol = f"{name.kind}[{name.layer}]"
    equation = slot_equation(
        prefix, run.training, f"v_{symbol}", f"s_{symbol}", f"s_max_{symbol}", f"d{symbol}"
    )
    meaning = _slot_meaning(prefix, run)
    if prefix == "s_max_":
        s = run.stored(f"s_{p}", cell.row, cell.column)
        larger = f"max({number(value)}, {number(s)})"
        line: Line = (larger if value > s else label_of(Cell(f"s_{p}", cell.row, cell.column)),)
        computed = s if run.updates == 1 else max(value, s)
        return Draft(equation, (line,), computed, meaning, abs(value))
    g = run.stored(f"d{p}", cell.row, cell.column)
    new = g if prefix == "v_" else g * g
    keep, add = average_factors(prefix, run.training)
    past = past_average(run, prefix, value, new)
    sign = "-" if new < 0 else "+"
    power = "^2" if prefix == "s_" else ""
    left = number(past) if keep == 1 else f"{setting(keep)} {TIMES} {number(past)}"
    right = f"{size(g)}{power}" if add == 1 else f"{setting(add)} {TIMES} {size(g)}{power}"
    computed = keep * past + add * new
    return Draft(equation, ((f"{left} {sign} {right}",),), computed, meaning, abs(past) + abs(new))


def _slot_meaning(prefix: str, run: Operands) -> str:
    keep, add = average_factors(prefix, run.training)
    if prefix != "s_max_" and keep + add > 1 + 1e-9:
        what = "gradients" if prefix == "v_" else "squared gradients"
        fading = ", the older ones fading" if keep < 1 else " so far"
        return f"The sum of this parameter's {what}{fading}."
    return _SLOT_MEANINGS[prefix]


def _given(cell: Cell, name: ArrayName, run: Operands) -> Draft:
    """Explain a number that no phase of this step has made."""
    value = run.stored(cell.array, cell.row, cell.column)
    step, symbol = run.snapshot.step, name.symbol
    if name.prefix in SLOTS:
        meaning = _slot_meaning(name.prefix, run)
        origin = "0 at the beginning" if run.updates == 0 else f"as step {step - 1} left it"
        return Draft(f"{symbol}: {origin}", (), value, meaning, abs(value))
    if name.prefix:
        meaning = f"What the last update changed, that of step {step - 1}."
        return Draft(
            f"{symbol} = {symbol[7:]} - {symbol[7:]} before", (), value, meaning, abs(value)
        )
    meaning = f"{_role(cell, name)} It stays as it is until this step's update."
    if run.between:
        meaning = _role(cell, name)
    if run.snapshot.status == "stopped early":
        origin = f"{symbol}: that of the best dev loss, put back by early stopping"
    elif run.snapshot.status == "non-finite" and run.snapshot.phase == "update":
        origin = f"{symbol}: as step {step}'s update left it"
    elif step > 0:
        origin = f"{symbol}: as step {step - 1}'s update left it"
    else:
        origin = f"{symbol} = {_initial(name, run.layer(name.layer), run)}"
        meaning = f"Set by the initialiser. {meaning}"
    return Draft(origin, (), value, meaning, abs(value))


def _role(cell: Cell, name: ArrayName) -> str:
    unit = f"unit {cell.row} of layer {name.layer}"
    return {
        "W": f"The weight from input {cell.column} to {unit}.",
        "b": f"The bias of {unit}.",
        "gamma": f"The scale of {unit} after the norm.",
        "beta": f"The mean of {unit} after the norm.",
    }[name.kind]


def _initial(name: ArrayName, layer: Layer, run: Operands) -> str:
    norm = layer.norm
    given = {
        "W": layer.weights,
        "b": layer.biases,
        "gamma": norm.gamma if norm else None,
        "beta": norm.beta if norm else None,
    }[name.kind]
    if given is not None:
        return "the numbers given in the scenario"
    if name.kind != "W":
        return "1" if name.kind == "gamma" else "0"
    sizes = run.network.sizes
    text = _INITIALIZERS[layer.initializer].format(
        scale=setting(layer.scale), fan_in=sizes[name.layer - 1], fan_out=sizes[name.layer]
    )
    return f"{text} ({layer.initializer})"
