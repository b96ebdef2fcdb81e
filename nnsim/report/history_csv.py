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
from collections.abc import Sequence

from nnsim.report.outcomes import Outcome
from nnsim.report.series import series_of

HEADER = ("scenario", "variant", "step", "metric", "value")


def history_csv(outcomes: Sequence[Outcome]) -> str:
    """Return the CSV text of every variant of every scenario, steps rising within a metric."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for outcome in outcomes:
        if outcome.result is None:
            continue
        for variant in outcome.result.variants.values():
            history = variant.history
            for metric, steps, values in series_of(
                history.curve, history.records, variant.evaluations
            ):
                writer.writerows(
                    (outcome.name, variant.name, int(step), metric, repr(float(value)))
                    for step, value in zip(steps, values, strict=True)
                    # Of stepped kinds NaN says that there is no such figure yet.
                    if not (variant.figures and value != value)
                )
    return text.getvalue()
