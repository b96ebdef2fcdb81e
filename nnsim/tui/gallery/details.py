"""What the preview says of a scenario, read from its TOML alone; `load` checks it on opening."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from nnsim.scenario.reading import parsed, text_of
from nnsim.tui.gallery.entries import plain
from nnsim.tui.gallery.setup import setup_of

_TWO_INPUTS = frozenset({"xor", "circles", "moons", "spirals", "blobs", "flower", "linear"})
"""Sources of points in the plane."""


@dataclass(frozen=True)
class LayerSketch:
    """A layer in a word: "16 sigmoid"."""

    units: int
    """0 where the file does not say."""
    word: str


@dataclass(frozen=True)
class NetworkSketch:
    """A network as far as the file's text tells."""

    inputs: str
    """A number, or "n_x" where only the data tell."""
    layers: tuple[LayerSketch, ...]

    @property
    def line(self) -> str:
        """The network as a line: "2 - 16 sigmoid x9 - 1 sigmoid"."""
        parts = [self.inputs]
        for word, same in groupby(layer.word for layer in self.layers):
            count = len(list(same))
            parts.append(word if count == 1 else f"{word} x{count}")
        return " - ".join(parts)


@dataclass(frozen=True)
class VariantSketch:
    """A variant, and its network where that differs from the first one's."""

    name: str
    summary: str
    network: NetworkSketch | None


@dataclass(frozen=True)
class Details:
    """What the preview shows beyond the list's entry."""

    kind: str
    look_for: tuple[str, ...]
    network: NetworkSketch | None
    variants: tuple[VariantSketch, ...]
    facts: tuple[str, ...]
    """Data and training in a few words each."""
    lessons: int
    expectations: int
    setup: tuple[str, ...] = ()
    """Of other kinds than training: what they do, in a few lines."""


def details_of(path: Path) -> Details:
    """Read a scenario file for the preview; ScenarioError where it is not TOML."""
    values = parsed(text_of(path), str(path))
    about = _table(values.get("scenario"))
    variants = [_table(each) for each in _list(values.get("variant"))]
    networks = [_network(_laid_over(values, variant)) for variant in variants]
    first = networks[0] if networks else _network(values)
    kind = _text(values.get("kind")) or "training"
    ran = _laid_over(values, variants[0]) if variants else values
    return Details(
        kind=kind,
        setup=setup_of(kind, ran) if kind != "training" else (),
        look_for=tuple(plain(each) for each in _list(about.get("look_for")) if _text(each)),
        network=first,
        variants=tuple(
            VariantSketch(
                plain(_text(variant.get("name"))),
                plain(_text(variant.get("summary"))),
                network if network != first else None,
            )
            for variant, network in zip(variants, networks, strict=True)
        ),
        facts=_facts(values),
        lessons=len(_list(values.get("lesson"))),
        expectations=len(_list(values.get("expect"))),
    )


def _network(values: Mapping[str, Any]) -> NetworkSketch | None:
    """Return the network; [network.hidden] fills in all layers but the last one."""
    network = _table(values.get("network"))
    given: list[dict[str, Any]] = []
    for entry in map(_table, _list(network.get("layers"))):
        given += [entry] * max(1, min(_whole(entry.get("repeat"), 1), 1000))
    if not given:
        return None
    hidden = _table(network.get("hidden"))
    layers = [{**hidden, **entry} for entry in given[:-1]] + given[-1:]
    return NetworkSketch(_inputs(values), tuple(map(_layer, layers)))


def _layer(entry: Mapping[str, Any]) -> LayerSketch:
    weights = _list(entry.get("weights"))
    units = _whole(entry.get("units"), len(weights))
    activation = plain(_text(entry.get("activation"))) or "relu"
    extras = ["batch norm"] if entry.get("batch_norm") not in (None, False) else []
    extras += ["layer norm"] if entry.get("layer_norm") not in (None, False) else []
    keep_prob = entry.get("keep_prob", 1)
    extras += [f"keep {keep_prob}"] if keep_prob != 1 else []
    extras += ["residual"] if entry.get("residual") is True else []
    extras += ["no bias"] if entry.get("bias") is False else []
    word = f"{units or '?'} {activation}" + (f" ({', '.join(extras)})" if extras else "")
    return LayerSketch(units, word)


def _inputs(values: Mapping[str, Any]) -> str:
    data = _table(values.get("data"))
    rows, features = _list(data.get("X")), data.get("features")
    if rows:
        return str(len(rows))
    if isinstance(features, list) and features:
        return str(len(features))
    if data.get("source") in _TWO_INPUTS and not isinstance(features, int):
        return "2"
    return str(features) if isinstance(features, int) else "n_x"


def _facts(values: Mapping[str, Any]) -> tuple[str, ...]:
    data, training = _table(values.get("data")), _table(values.get("training"))
    facts = []
    if source := _text(data.get("source")):
        columns = _list(data.get("X"))
        first = columns[0] if columns else None
        m = len(first) if isinstance(first, list) else data.get("examples")
        facts.append(f"{m} examples, {plain(source)}" if m else plain(source))
    rate = training.get("learning_rate", 0.01)
    facts.append(f"{plain(str(training.get('optimizer', 'sgd')))}, learning rate {rate}")
    length = training.get("epochs") or training.get("steps")
    if length:
        facts.append(f"{length} {'epochs' if training.get('epochs') else 'steps'}")
    return tuple(facts) if training else tuple(facts[:-1])


def _laid_over(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return the base with the variant's keys: tables are merged, everything else replaced."""
    merged = dict(base)
    for name, value in over.items():
        below = merged.get(name)
        if isinstance(below, dict) and isinstance(value, dict):
            value = _laid_over(below, value)
        merged[name] = value
    return merged


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: Any, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default
