"""What runs of one scenario recorded, as CSV, one figure a row: run, step, metric, value.

The same metrics as in ``nnsim run --csv``; `run` is the run's name, with its number where two runs
share a name. A fork's rows begin at step 0: its past is its parent's.
In pandas: ``pivot_table(index=["run", "step"], columns="metric", values="value")``.
"""

from __future__ import annotations

import csv
import io

from nnsim.report.recorded import RecordedScenario, labels
from nnsim.report.series import series_of

HEADER = ("run", "step", "metric", "value")


def runs_csv(scenario: RecordedScenario) -> str:
    """Return the CSV text of every run, steps rising within a metric."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for label, run in zip(labels(scenario.runs), scenario.runs, strict=True):
        for metric, steps, values in series_of(run.curve, run.records, run.evaluations):
            writer.writerows(
                (label, int(step), metric, repr(float(value)))
                for step, value in zip(steps, values, strict=True)
                # Of stepped kinds NaN says that there is no such figure yet.
                if not (run.figures and value != value)
            )
    return text.getvalue()
