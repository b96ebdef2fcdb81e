"""The optimisers' rules: their equations, and one entry's step with its numbers (C4-C7)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nnsim.training.specification import Training
from nnsim.tui.formulas.cells import ArrayName
from nnsim.tui.formulas.numbers import number, setting, size
from nnsim.tui.formulas.operands import Operands
from nnsim.tui.formulas.terms import TIMES

DECAYING = ("adamw", "lion")
"""Rules with a decoupled weight decay."""

_ROOTS = {True: "sqrt({} + epsilon)", False: "(sqrt({}) + epsilon)"}


def _step(training: Training, g: str, v: str, s: str, s_max: str) -> str:
    """Return what alpha is multiplied by."""
    root = _ROOTS[training.epsilon_inside].format
    corrected = root(f"{s}/(1 - beta2^t)")
    return {
        "sgd": g,
        "momentum": v,
        "momentum_sum": v,
        "nesterov": f"(beta1 {v} + (1 - beta1) {g})",
        "adagrad": f"{g} / {root(s)}",
        "rmsprop": f"{g} / {root(s)}",
        "adam": f"{v}/(1 - beta1^t) / {corrected}",
        "adamw": f"{v}/(1 - beta1^t) / {corrected}",
        "amsgrad": f"{v}/(1 - beta1^t) / {root(f'{s_max}/(1 - beta2^t)')}",
        "nadam": f"(beta1 {v}/(1 - beta1^(t+1)) + (1 - beta1) {g}/(1 - beta1^t)) / {corrected}",
        "lion": f"sign(beta1 {v} + (1 - beta1) {g})",
    }[training.optimizer]


def step_equation(name: ArrayName, training: Training) -> str:
    """Return the update of a parameter, or of its last change where the name is update_..."""
    p = f"{name.kind}[{name.layer}]"
    step = _step(training, f"d{p}", f"v_{p}", f"s_{p}", f"s_max_{p}")
    decays = decay_of(training, name.kind) > 0
    if name.prefix:
        return f"update_{p} = -alpha {step}" + (f" - alpha weight_decay {p}" if decays else "")
    kept = f"(1 - alpha weight_decay) {p}" if decays else p
    return f"{p} = {kept} - alpha {step}"


def slot_equation(slot: str, training: Training, v: str, s: str, s_max: str, g: str) -> str:
    """Return how an average is kept; `slot` is v_, s_ or s_max_."""
    if slot == "s_max_":
        return f"{s_max} = max({s_max}, {s})"
    if slot == "v_":
        beta = "beta2" if training.optimizer == "lion" else "beta1"
        add = g if training.optimizer == "momentum_sum" else f"(1 - {beta}) {g}"
        return f"{v} = {beta} {v} + {add}"
    if training.optimizer == "adagrad":
        return f"{s} = {s} + {g}^2"
    return f"{s} = beta2 {s} + (1 - beta2) {g}^2"


def update_equations(training: Training) -> tuple[str, ...]:
    """Return the whole rule, for W; b, gamma and beta follow it too."""
    averages = tuple(
        slot_equation(slot, training, "v", "s", "s_max", "dW") for slot in slots_of(training)
    )
    kept = "(1 - alpha weight_decay) W" if decay_of(training, "W") > 0 else "W"
    step = f"W = {kept} - alpha {_step(training, 'dW', 'v', 's', 's_max')}"
    # Lion's step looks at the average of the step before.
    return (step, *averages) if training.optimizer == "lion" else (*averages, step)


def slots_of(training: Training) -> tuple[str, ...]:
    """Return the averages that an optimiser keeps."""
    kept = {
        "sgd": (),
        "momentum": ("v_",),
        "momentum_sum": ("v_",),
        "nesterov": ("v_",),
        "adagrad": ("s_",),
        "rmsprop": ("s_",),
        "amsgrad": ("v_", "s_", "s_max_"),
        "lion": ("v_",),
    }
    return kept.get(training.optimizer, ("v_", "s_"))


def decay_of(training: Training, kind: str) -> float:
    """Return the decoupled weight decay of a parameter; b, gamma and beta have none."""
    return training.weight_decay if training.optimizer in DECAYING and kind == "W" else 0.0


def average_factors(slot: str, training: Training) -> tuple[float, float]:
    """Return what an average keeps of the past and takes of the new."""
    if slot == "v_":
        beta = training.beta2 if training.optimizer == "lion" else training.beta1
        return beta, 1.0 if training.optimizer == "momentum_sum" else 1 - beta
    if training.optimizer == "adagrad":
        return 1.0, 1.0
    return training.beta2, 1 - training.beta2


@dataclass(frozen=True)
class Step:
    """What alpha is multiplied by, in numbers: its value, and (negative, text) from long to short.

    The text is written without the sign that `negative` tells.
    """

    value: float
    texts: tuple[tuple[bool, str], ...]


def step_of(run: Operands, name: ArrayName, row: int, column: int) -> Step:
    """Return the step of one entry of a parameter."""
    training, p, rule = run.training, name.parameter, run.training.optimizer
    g = run.stored(f"d{p}", row, column)
    if rule == "sgd":
        return _plain(g)
    slots = {slot: run.stored(f"{slot}{p}", row, column) for slot in slots_of(training)}
    if rule in ("momentum", "momentum_sum"):
        return _plain(slots["v_"])
    beta1, t = training.beta1, run.updates
    if rule == "lion":
        return _lion(run, name, row, column, g, slots["v_"])
    if rule == "nesterov":
        v = slots["v_"]
        value = beta1 * v + (1 - beta1) * g
        return Step(value, ((False, f"({_blend(beta1, v, g)})"), *_plain(value).texts))
    if rule in ("adagrad", "rmsprop"):
        root, text = _root(training, slots["s_"], number(slots["s_"]))
        return Step(g / root, ((g < 0, f"{size(g)} / {text}"), *_plain(g / root).texts))
    v, s = slots["v_"], slots.get("s_max_", slots["s_"])
    remaining_v, remaining_s = 1 - beta1**t, 1 - training.beta2**t
    long_root = _root(training, s / remaining_s, f"{number(s)}/(1 - {_power(training.beta2, t)})")
    root, short_root = _root(training, s / remaining_s, number(s / remaining_s))
    if rule == "nadam":
        ahead = beta1 * v / (1 - beta1 ** (t + 1))
        top = ahead + (1 - beta1) * g / remaining_v
        sign = "-" if g < 0 else "+"
        long_top = (
            f"({setting(beta1)} {TIMES} {number(v)}/(1 - {_power(beta1, t + 1)}) {sign} "
            f"{setting(1 - beta1)} {TIMES} {size(g)}/(1 - {_power(beta1, t)}))"
        )
        long = (False, f"{long_top} / {long_root[1]}")
    else:
        top = v / remaining_v
        long = (v < 0, f"{size(v)}/(1 - {_power(beta1, t)}) / {long_root[1]}")
    short = (top < 0, f"{size(top)} / {short_root}")
    return Step(top / root, (long, short, *_plain(top / root).texts))


def _plain(value: float) -> Step:
    return Step(value, ((value < 0, size(value)),))


def _root(training: Training, s: float, text: str) -> tuple[float, str]:
    epsilon = training.epsilon
    if training.epsilon_inside:
        root = math.sqrt(s + epsilon)
        return root or math.nan, f"sqrt({text} + {setting(epsilon)})"
    root = math.sqrt(s) + epsilon
    return root or math.nan, f"(sqrt({text}) + {setting(epsilon)})"


def _power(beta: float, t: int) -> str:
    return f"{setting(beta)}^{t}"


def _blend(beta: float, v: float, g: float) -> str:
    """Return beta v + (1 - beta) g with the signs run together."""
    sign = "-" if g < 0 else "+"
    return f"{setting(beta)} {TIMES} {number(v)} {sign} {setting(1 - beta)} {TIMES} {size(g)}"


def past_average(run: Operands, slot: str, value: float, new: float) -> float:
    """Return an average as the step before left it: 0 at first, else found back from its value."""
    keep, add = average_factors(slot, run.training)
    if run.updates == 1 or keep == 0:
        return 0.0
    return (value - add * new) / keep


def _lion(run: Operands, name: ArrayName, row: int, column: int, g: float, v: float) -> Step:
    beta1 = run.training.beta1
    past = past_average(run, "v_", v, g)
    parts = beta1 * past, (1 - beta1) * g
    blend = parts[0] + parts[1]
    doubt = (1e-4 if run.single else 1e-9) * (abs(parts[0]) + abs(parts[1]))
    lost = run.training.beta2 == 0 and run.updates > 1
    if (abs(blend) <= doubt or lost) and run.alpha:
        # What is found back from v is no longer exact enough to tell the sign; the update is.
        change = run.stored(f"update_{name.parameter}", row, column) / run.alpha
        decay = decay_of(run.training, name.kind)
        kept = run.take(name.parameter, row, column) * decay if decay else 0.0
        sign = float(round(-change - kept))
    else:
        sign = float((blend > 0) - (blend < 0))
    if lost:
        return _plain(sign)
    return Step(sign, ((False, f"sign({_blend(beta1, past, g)})"), *_plain(sign).texts))
