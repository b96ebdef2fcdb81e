"""The CSV of runs: the same metrics as `nnsim run --csv`, a run told from another."""

import csv
import io

import numpy as np

from nnsim.report.history_csv import history_csv
from nnsim.report.runs_csv import runs_csv
from tests.report import made_up
from tests.report.recorded_runs import (
    descent,
    diverged,
    evaluation,
    fork,
    history,
    run,
    scenario,
    stepped,
)


def rows(made):
    return list(csv.DictReader(io.StringIO(runs_csv(made))))


def figures(made, name, metric):
    return [
        (int(row["step"]), float(row["value"]))
        for row in rows(made)
        if (row["run"], row["metric"]) == (name, metric)
    ]


def test_head_and_line_ends():
    text = runs_csv(scenario())
    assert text.startswith("run,step,metric,value\n")
    assert text.endswith("\n") and "\r" not in text


def test_numbers_read_back_as_the_same_float():
    curve, records = history()
    found = figures(scenario(run()), "sigmoid", "cost")
    assert found == list(zip(curve["step"], curve["cost"], strict=True))
    found = figures(scenario(run()), "sigmoid", "layer2.gradient_norm")
    assert found == list(zip(records["step"], records["gradient_norm"][:, 1], strict=True))


def test_the_metrics_are_those_of_nnsim_run():
    curve, records = history()
    outcome = made_up.outcome(
        made_up.result(
            made_up.variant(
                history=made_up.History(curve, records),
                evaluations={"train": evaluation(), "dev": evaluation()},
            )
        )
    )
    theirs = list(csv.reader(io.StringIO(history_csv([outcome]))))[1:]
    ours = list(csv.reader(io.StringIO(runs_csv(scenario(run())))))[1:]
    assert [row[1:] for row in ours] == [row[2:] for row in theirs]
    assert {"train.cost", "dev.accuracy", "layer3.update_ratio"} <= {row[2] for row in ours}
    assert not any(row[2].startswith("test") for row in ours)


def test_what_is_not_finite_says_so():
    values = [value for _, value in figures(scenario(diverged()), "sigmoid", "cost")]
    assert np.isposinf(values[-2]) and np.isnan(values[-1])


def test_runs_of_one_name_are_told_apart_by_their_numbers():
    made = scenario(run(), fork(3), fork(5), run(6, 'a, "b"'))
    name = "sigmoid, learning_rate 0.1"
    assert {row["run"] for row in rows(made)} == {
        "sigmoid", f"{name} (run 4)", f"{name} (run 6)", 'a, "b"',
    }  # fmt: skip


def test_other_kinds_have_their_figures_a_step_and_no_row_where_there_is_none_yet():
    made = descent()
    assert figures(made, "sgd", "J") == list(enumerate(stepped().curve["J"].tolist()))
    assert [step for step, _ in figures(made, "adam", "gain")] == [1, 2, 3, 4, 5]
    assert {row["metric"] for row in rows(made)} == {"w", "J", "gain"}
