"""A step of a path on a surface: gradient, averages and update with their numbers (A3, C4-C6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nnsim.simulations.descent.settings import CORRECTS, DECAYS, KEEPS_S, KEEPS_V, PathSettings
from nnsim.simulations.formula import substituted
from nnsim.training.specification import Training
from nnsim.tui.formulas.lines import Line
from nnsim.tui.formulas.numbers import number, setting
from nnsim.tui.formulas.rules import average_factors, slot_equation, update_equations

if TYPE_CHECKING:
    from nnsim.simulations.descent.snapshot import DescentSnapshot, Move, PathView
    from nnsim.tui.worker.frames import SteppedFrame

DIGITS = 4
MEANINGS = {
    "sgd": "The step goes straight against the gradient and is alpha times as long.",
    "momentum": "The step follows v, the average of the gradients: what alternates cancels in it.",
    "momentum_sum": "The step follows v, here the fading sum of the gradients.",
    "nesterov": "The step follows v one step ahead, with the last gradient counted once more.",
    "adagrad": "Each variable's step is divided by the root of the sum of its squared gradients.",
    "rmsprop": "Each variable's step is divided by the size of its own recent gradients.",
    "adam": "v' gives the direction, sqrt(s') the measure: the step has about the size alpha.",
    "adamw": "As Adam's step, and each variable is shrunk by alpha weight_decay beside it.",
    "amsgrad": "As Adam's step, divided by the largest s so far.",
    "nadam": "As Adam's step, with v taken one step ahead.",
    "lion": "Only the sign counts: each variable moves by alpha.",
}
CORRECTIONS = {
    "none": "The bias correction is left out, which is a mistake.",
    "multiplied": "The correction is multiplied where it should be divided, which is a mistake.",
    "stored": "The corrected averages are stored back, which is a mistake.",
}


def explain(run: SteppedFrame, width: int, ascii: bool) -> tuple[Line, ...]:
    """Return the formula of the phase done last, for the first path."""
    return explain_part(run, 1, width, ascii)


def explain_part(run: SteppedFrame, part: int, width: int, ascii: bool) -> tuple[Line, ...]:
    """Return the formula of the phase done last, for one of the paths, counted from 1."""
    shown: DescentSnapshot = run.shown
    view = shown.paths[min(max(part, 1), len(shown.paths)) - 1]
    if not run.done_phase:
        return ()
    if view.move is None or (view.left is not None and view.move.t < shown.step):
        return (Line(f"{view.name} has left the numbers and takes no more steps.", "meaning"),)
    times = "x" if ascii else "×"
    explained = {"gradient": _gradient, "averages": _averages, "update": _update}
    lines = explained[run.done_phase](shown, view, view.move, times, width)
    who = (Line(f"path {view.name}", "equation"),) if view.settings.name else ()
    return (*who, *lines)


def _gradient(
    shown: DescentSnapshot, view: PathView, move: Move, times: str, width: int
) -> tuple[Line, ...]:
    surface = shown.surface
    values = {name: _n(each) for name, each in zip(surface.variables, move.start, strict=True)}
    values |= {name: setting(each) for name, each in surface.surface.constants}
    lines = []
    for i, name in enumerate(surface.variables):
        lines.append(Line(f"dJ/d{name} = {surface.gradient_texts[i]}"))
        result = _n(move.slope[i])
        right = substituted(surface.slopes[i], values, times)
        short = f"dJ/d{name} = {result}"
        long = f"dJ/d{name} = {right} = {result}"
        plain = right.strip("()") == result or len(long) > width
        lines.append(Line(short if plain else long, "numbers"))
    place = ", ".join(f"{name} = {values[name]}" for name in surface.variables)
    meaning = f"The slope of J at {place}, found from the text of J."
    if view.settings.noise:
        used = ", ".join(map(_n, move.gradient))
        meaning += f" With the noise of this step the gradient is ({used})."
    return (*lines, Line(meaning, "meaning"))


def _averages(
    shown: DescentSnapshot, view: PathView, move: Move, times: str, width: int
) -> tuple[Line, ...]:
    settings = view.settings
    training = training_of(settings)
    lines: list[Line] = []
    kept = (("v", KEEPS_V, move.v_before, move.v), ("s", KEEPS_S, move.s_before, move.s))
    for slot, optimizers, before, after in kept:
        if settings.optimizer not in optimizers:
            continue
        equation = slot_equation(f"{slot}_", training, "v", "s", "s_max", "g")
        keep, add = average_factors(f"{slot}_", training)
        stored = settings.optimizer in CORRECTS and settings.bias_correction == "stored"
        beta = settings.beta1 if slot == "v" else settings.beta2
        if stored:
            left, right = equation.split(" = ", 1)
            equation = f"{left} = ({right}) / (1 - {'beta1' if slot == 'v' else 'beta2'}^t)"
        lines.append(Line(equation))
        for i, name in enumerate(shown.surface.variables):
            g = f"{_in(move.gradient[i])}{'^2' if slot == 's' else ''}"
            old = _in(before[i]) if keep == 1 else f"{setting(keep)} {times} {_in(before[i])}"
            new = g if add == 1 else f"{setting(add)} {times} {g}"
            total = f"{old} + {new}"
            if stored:
                total = f"({total}) / (1 - {setting(beta)}^{move.t})"
            lines.append(Line(f"{slot}_{name} = {total} = {_n(after[i])}", "numbers"))
    if settings.optimizer == "amsgrad":
        lines.append(Line("s_max = max(s_max, s)"))
    if not lines:
        return (Line(f"{settings.optimizer} keeps no averages.", "meaning"),)
    return (*lines, Line("g is the gradient; the averages were 0 at the start.", "meaning"))


def _update(
    shown: DescentSnapshot, view: PathView, move: Move, times: str, width: int
) -> tuple[Line, ...]:
    settings = view.settings
    lines = [Line(_update_equation(settings))]
    if settings.optimizer in CORRECTS and settings.optimizer != "nadam":
        lines += _corrected(shown, view, move)
    decay = settings.weight_decay if settings.optimizer in DECAYS else 0.0
    alpha = _n(move.learning_rate)
    for i, name in enumerate(shown.surface.variables):
        before, after = move.start[i], move.end[i]
        digits = _digits_of(before, after)
        start = number(before, digits)
        if decay:
            start = f"(1 - {alpha} {times} {setting(decay)}) {times} {_bracketed(start)}"
        step = f"{alpha} {times} {_step(settings, move, i, times)}"
        lines.append(Line(f"{name} = {start} - {step} = {number(after, digits)}", "numbers"))
    meaning = MEANINGS[settings.optimizer]
    if settings.optimizer in CORRECTS and settings.bias_correction in CORRECTIONS:
        meaning += f" {CORRECTIONS[settings.bias_correction]}"
    elif settings.optimizer in CORRECTS:
        meaning += f" Both averages began at 0, which 1 - beta^t makes up for; t is {move.t}."
    return (*lines, Line(meaning, "meaning"))


def _corrected(shown: DescentSnapshot, view: PathView, move: Move) -> Iterator[Line]:
    """Yield v' and s' of every variable."""
    settings, t = view.settings, move.t
    signs = {"divided": "/", "multiplied": "x"}
    sign = signs.get(settings.bias_correction)
    if sign is None:
        return
    largest = settings.optimizer == "amsgrad"
    pairs = (
        ("v", move.v, move.v_used, settings.beta1),
        ("s", move.s_max if largest else move.s, move.s_used, settings.beta2),
    )
    for slot, kept, used, beta in pairs:
        for i, name in enumerate(shown.surface.variables):
            text = f"{_n(kept[i])} {sign} (1 - {setting(beta)}^{t})"
            yield Line(f"{slot}'_{name} = {text} = {_n(used[i])}")


def _update_equation(settings: PathSettings) -> str:
    """Return the rule for a variable w with the gradient g."""
    training = training_of(settings)
    equations = update_equations(training)
    text = equations[0] if settings.optimizer == "lion" else equations[-1]
    text = text.replace("dW", "g").replace("W", "w")
    if settings.bias_correction in ("none", "stored"):
        text = text.replace("/(1 - beta1^t)", "").replace("/(1 - beta2^t)", "")
    elif settings.bias_correction == "multiplied":
        text = text.replace("/(1 - beta", " (1 - beta")
    return text


def _step(settings: PathSettings, move: Move, i: int, times: str) -> str:
    """Return what alpha is multiplied by, in numbers."""
    g, v, s = move.gradient[i], move.v_used[i], move.s_used[i]
    b1, rest = setting(settings.beta1), setting(1 - settings.beta1)
    name = settings.optimizer
    if name == "sgd":
        return _in(g)
    if name in ("momentum", "momentum_sum"):
        return _in(v)
    if name == "nesterov":
        return f"({b1} {times} {_in(v)} + {rest} {times} {_in(g)})"
    if name == "lion":
        return f"sign({b1} {times} {_in(move.v_before[i])} + {rest} {times} {_in(g)})"
    epsilon = setting(settings.epsilon)
    root = f"sqrt({_n(s)} + {epsilon})" if settings.epsilon_inside else (
        f"(sqrt({_n(s)}) + {epsilon})"
    )  # fmt: skip
    if name in ("adagrad", "rmsprop"):
        return f"{_in(g)} / {root}"
    if name == "nadam":
        return f"({_ahead(settings, move, i, times)}) / {root}"
    return f"{_in(v)} / {root}"


def _ahead(settings: PathSettings, move: Move, i: int, times: str) -> str:
    """Return Nadam's v, one step ahead, corrected as the settings say."""
    b1, t = setting(settings.beta1), move.t
    rest = setting(1 - settings.beta1)
    first, second = f"{b1} {times} {_in(move.v[i])}", f"{rest} {times} {_in(move.gradient[i])}"
    sign = {"divided": "/", "multiplied": times}.get(settings.bias_correction)
    if sign is None:
        return f"{first} + {second}"
    return f"{first} {sign} (1 - {b1}^{t + 1}) + {second} {sign} (1 - {b1}^{t})"


def training_of(settings: PathSettings) -> Training:
    """Return the path's rule as that of a training run."""
    return Training(
        steps=0,
        optimizer=settings.optimizer,
        beta1=settings.beta1,
        beta2=settings.beta2,
        epsilon=settings.epsilon,
        epsilon_inside=settings.epsilon_inside,
        weight_decay=settings.weight_decay,
    )


def _digits_of(before: float, after: float) -> int:
    """Return how many digits it takes to see that a small step changed something."""
    most = range(DIGITS, 9)
    return next((k for k in most if number(before, k) != number(after, k)), DIGITS)


def _n(value: float) -> str:
    return number(value, DIGITS)


def _in(value: float) -> str:
    """Return a number inside a sum or product: in brackets if it is below 0."""
    return _bracketed(_n(value))


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("-") else text
