"""A run's history as named series, by the names that ``[[expect]]`` uses."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

SETS = ("train", "dev", "test")


def series_of(
    curve: Mapping[str, np.ndarray], records: Mapping[str, np.ndarray], sets: Container[str]
) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield metric (cost, train.accuracy, layer1.weight_norm), steps and values.

    Left out are the figures of sets that are not among `sets`, and accuracies of a regression.
    """
    for name, values in curve.items():
        if name != "step":
            yield name, curve["step"], values
    for name, values in records.items():
        if name == "step":
            continue
        part, _, rest = name.partition("_")
        if part in SETS:
            if part in sets and not (rest == "accuracy" and _is_empty(values)):
                yield f"{part}.{rest}", records["step"], values
        elif values.ndim == 2:
            for j in range(values.shape[1]):
                yield f"layer{j + 1}.{name}", records["step"], values[:, j]
        else:
            yield name, records["step"], values


def _is_empty(values: np.ndarray) -> bool:
    """Whether there never was a figure: accuracy in a regression."""
    return bool((values != values).all())
