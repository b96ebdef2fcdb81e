"""What a scenario is, in words: before anything is run, and without giving answers away."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from nnsim.report.style import Style
from nnsim.report.table import aligned, wrapped

if TYPE_CHECKING:
    from nnsim.data.specification import Augmentation
    from nnsim.network.specification import Layer
    from nnsim.scenario import Scenario
    from nnsim.scenario.expectations import Expectation
    from nnsim.scenario.lessons import Lesson
    from nnsim.scenario.specification import TrainingSpecification

SHOWN_INLINE = 60
"""Characters of an option's value; examples written into a scenario are not printed again."""


def scenario_lines(scenario: Scenario, style: Style) -> list[str]:
    """Return title, summary, what to look for, set-up, variants, lessons and expectations."""
    title = style.paint(style.plain(scenario.title), "bold")
    aside = style.plain(" ".join((*scenario.topics, scenario.name)))
    lines = [f"{title}  {style.paint(aside, 'dim')}"]
    if scenario.path:
        lines.append(style.paint(style.plain(str(scenario.path)), "dim"))
    lines += _section("", wrapped(style.plain(scenario.summary), style.width, 2), style)
    look_for = [line for text in scenario.look_for for line in _bullet(text, style)]
    lines += _section("Look for", look_for, style)
    set_ups = {
        variant.name: set_up_of(scenario.specification(variant.name))
        for variant in scenario.variants
    }
    shared = _shared(list(set_ups.values()))
    lines += _section("Set-up", _pairs(shared, style, 2), style)
    if len(scenario.variants) > 1:
        variants: list[str] = []
        for variant in scenario.variants:
            own = {key: text for key, text in set_ups[variant.name].items() if key not in shared}
            variants.append("  " + style.paint(style.plain(variant.name), "cyan"))
            variants += wrapped(style.plain(variant.summary), style.width, 4)
            variants += _pairs(own, style, 4)
        lines += _section("Variants", variants, style)
    lessons = [line for lesson in scenario.lessons for line in _lesson(lesson, style)]
    lines += _section("Lessons", lessons, style)
    expected = [line for each in scenario.expectations for line in _expectation(each, style)]
    lines += _section("Expects", expected, style)
    return [*lines, "", f"Run it:  nnsim run {style.plain(_argument(scenario))}"]


def network_line(layers: tuple[Layer, ...], inputs: str = "n_x") -> str:
    """Return a network as a line: 'n_x - 8 relu - 4 relu - 1 sigmoid'; many alike are counted."""
    parts = [inputs]
    for word, group in groupby(_layer(layer) for layer in layers):
        same = list(group)
        parts += same if len(same) <= 2 else [f"{len(same)} x ({word})"]
    return " - ".join(parts)


def set_up_of(run: Any) -> dict[str, str]:
    """Return data, network, loss and training of a run, each as a line; other kinds say theirs."""
    if hasattr(run, "set_up"):
        return run.set_up()
    return {
        "data": _data(run),
        "network": network_line(run.layers),
        "first W": ", ".join(dict.fromkeys(_initializer(layer) for layer in run.layers)),
        "loss": _loss(run),
        "training": _training(run),
        "seed": f"{run.seed}, {run.dtype}",
    }


def _argument(scenario: Scenario) -> str:
    """Return what stands for the scenario on a command line: its name if it is a shipped one."""
    from nnsim.scenario.catalogue import scenarios_folder

    folder = scenarios_folder()
    shipped = folder is not None and scenario.path and scenario.path.is_relative_to(folder)
    return scenario.name if shipped or not scenario.path else str(scenario.path)


def _layer(layer: Layer) -> str:
    extras = ["batch norm"] if layer.batch_norm else []
    extras += ["layer norm"] if layer.layer_norm else []
    extras += [f"keep {layer.keep_prob:g}"] if layer.keep_prob < 1 else []
    extras += ["residual"] if layer.residual else []
    extras += [] if layer.bias else ["no bias"]
    return f"{layer.units} {layer.activation}" + (f" ({', '.join(extras)})" if extras else "")


def _initializer(layer: Layer) -> str:
    if layer.weights is not None:
        return "given"
    return layer.initializer if layer.scale == 1 else f"{layer.initializer} x {layer.scale:g}"


def _data(run: TrainingSpecification) -> str:
    data = run.data
    options = []
    for name, value in data.options.items():
        text = str(value)
        options.append(f"{name} {text}" if len(text) <= SHOWN_INLINE else name)
    parts = [f"{data.source} ({', '.join(options)})" if options else data.source]
    if data.split != (1.0, 0.0, 0.0):
        parts.append("train/dev/test " + "/".join(f"{100 * share:g}" for share in data.split))
    if data.held_out:
        parts.append("dev and test from elsewhere")
    if data.augment:
        parts.append(_augmentation(data.augment))
    if data.normalize != "none":
        parts.append(f"normalised ({data.normalize})")
    return ", ".join(parts)


def _augmentation(augment: Augmentation) -> str:
    changes = [
        name if value is True else f"{name} {value:g}"
        for name in ("flip", "rotate", "shift", "zoom", "noise")
        if (value := getattr(augment, name))
    ]
    copies = "copy" if augment.copies == 1 else "copies"
    return f"{augment.copies} {copies} of each training example ({', '.join(changes)})"


def _loss(run: TrainingSpecification) -> str:
    penalties = [f"{name} {lambd:g}" for name, lambd in (("L1", run.l1), ("L2", run.l2)) if lambd]
    penalties += [f"label smoothing {run.label_smoothing:g}"] if run.label_smoothing else []
    return ", ".join([run.loss, *penalties])


def _training(run: TrainingSpecification) -> str:
    training = run.planned
    length = f"{training.steps} steps" if run.epochs is None else f"{run.epochs} epochs"
    parts = [f"{training.optimizer}, learning rate {training.learning_rate:g}"]
    if training.schedule.kind != "constant":
        parts.append(training.schedule.kind)
    parts.append(length)
    parts.append(f"batches of {training.batch_size}" if training.batch_size else "full batch")
    if training.clip_value or training.clip_norm:
        parts.append("clipped")
    if training.early_stopping:
        parts.append("early stopping")
    if training.fault:
        parts.append(f"planted fault {training.fault.kind}")
    return ", ".join(parts)


def _shared(set_ups: list[dict[str, str]]) -> dict[str, str]:
    """Return the lines that all variants have in common."""
    first = set_ups[0]
    return {
        key: text for key, text in first.items() if all(each.get(key) == text for each in set_ups)
    }


def _section(title: str, lines: list[str], style: Style) -> list[str]:
    if not lines:
        return []
    return ["", *([style.paint(title, "bold")] if title else []), *lines]


def _pairs(pairs: dict[str, str], style: Style, indent: int) -> list[str]:
    rows = [[style.paint(key, "dim"), style.plain(text)] for key, text in pairs.items()]
    return aligned(rows, "<<", indent)


def _bullet(text: str, style: Style) -> list[str]:
    lines = wrapped(style.plain(text), style.width, 4)
    return ["  - " + lines[0][4:], *lines[1:]] if lines else []


def _lesson(lesson: Lesson, style: Style) -> list[str]:
    where = f"{lesson.step}" + (f", {lesson.variant}" if lesson.variant else "")
    lines = ["  " + style.paint(style.plain(where), "cyan")]
    lines += wrapped(style.plain(lesson.text), style.width, 4)
    if lesson.predict:
        lines += wrapped("? " + style.plain(lesson.predict.question), style.width, 4)
        lines += [f"      - {style.plain(choice)}" for choice in lesson.predict.choices]
    return lines


def _expectation(expectation: Expectation, style: Style) -> list[str]:
    lines = wrapped(style.plain(expectation.text), style.width, 2)
    because = wrapped(style.plain(expectation.because), style.width, 6)
    return [*lines, *(style.paint(line, "dim") for line in because)]
