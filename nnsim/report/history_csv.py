"""The history of a run as CSV, one figure a row: scenario, variant, step, metric, value.

Long, not wide: scenarios differ in layers and sets, so a wide table would be mostly holes. The
metric column holds the names that ``[[expect]]`` uses (cost, train.accuracy, layer1.weight_norm).
In pandas: ``pivot_table(index=["scenario", "variant", "step"], columns="metric", values="value")``.
Numbers read back as the same float; figures that do not exist (a dev cost without a dev set) have
no row, and a figure that became NaN or infinite says nan or inf.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nnsim.report.outcomes import Outcome

if TYPE_CHECKING:
    import numpy as np

    from nnsim.scenario import VariantResult

HEADER = ("scenario", "variant", "step", "metric", "value")
SETS = ("train", "dev", "test")
Row = tuple[str, str, int, str, str]


def history_csv(outcomes: Sequence[Outcome]) -> str:
    """Return the CSV text of every variant of every scenario, steps rising within a metric."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for outcome in outcomes:
        if outcome.result is None:
            continue
        for variant in outcome.result.variants.values():
            for metric, steps, values in _series(variant):
                writer.writerows(
                    (outcome.name, variant.name, int(step), metric, repr(float(value)))
                    for step, value in zip(steps, values, strict=True)
                )
    return text.getvalue()


def _series(variant: VariantResult) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield metric, steps and values of everything recorded."""
    curve = variant.history.curve
    for name, values in curve.items():
        if name != "step":
            yield name, curve["step"], values
    records = variant.history.records
    for name, values in records.items():
        if name == "step":
            continue
        part, _, rest = name.partition("_")
        if part in SETS:
            if part in variant.evaluations and not (rest == "accuracy" and _is_empty(values)):
                yield f"{part}.{rest}", records["step"], values
        elif values.ndim == 2:
            for j in range(values.shape[1]):
                yield f"layer{j + 1}.{name}", records["step"], values[:, j]
        else:
            yield name, records["step"], values


def _is_empty(values: np.ndarray) -> bool:
    """Whether there never was a figure: accuracy in a regression."""
    return bool((values != values).all())
