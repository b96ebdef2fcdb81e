"""JSON, CSV and JUnit: read back by other programs' parsers."""

import csv
import io
import json
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np

from nnsim.errors import ExitCode
from nnsim.report.history_csv import history_csv
from nnsim.report.junit import junit_xml
from nnsim.report.outcomes import Outcome
from nnsim.report.result_json import run_json
from tests.report.made_up import (
    DIVERGED,
    HISTORY,
    STEPPED,
    History,
    evaluation,
    expectation,
    outcome,
    result,
    variant,
)

BROKEN = Outcome("mine", "mine.toml", None, "mine.csv: row 3\nno number", ExitCode.BAD_INPUT)


def refuse(literal):
    raise AssertionError(f"{literal} is not JSON")


def read(outcomes):
    return json.loads(run_json(outcomes), parse_constant=refuse)


def test_json_keys_of_version_1_do_not_change():
    document = read([outcome(result(expectations=[expectation()]))])
    assert list(document) == ["version", "nnsim", "exit_code", "scenarios"]
    assert document["version"] == 1
    scenario = document["scenarios"][0]
    assert list(scenario) == [
        "name", "title", "kind", "topics", "path", "seed", "dtype", "status", "error", "variants",
        "expectations",
    ]  # fmt: skip
    assert list(scenario["variants"][0]) == [
        "name", "seed", "dtype", "status", "step", "steps", "best_step", "non_finite", "diagnosis",
        "sets", "figures",
    ]  # fmt: skip
    assert list(scenario["variants"][0]["sets"]["train"]) == [
        "examples", "cost", "data_loss", "accuracy", "error",
    ]  # fmt: skip
    assert list(scenario["expectations"][0]) == [
        "kept", "variant", "metric", "at", "comparison", "expected", "measured", "text", "because",
        "reason", "line",
    ]  # fmt: skip


def test_json_numbers_are_whole_and_never_nan():
    exact = 0.1 + 0.2
    figures = {"train": evaluation(cost=exact), "dev": evaluation(cost=float("inf"))}
    made = outcome(
        result(
            variant(evaluations=figures),
            expectations=[expectation(measured=float("nan"), expected=float("-inf"))],
        )
    )
    scenario = read([made])["scenarios"][0]
    sets = scenario["variants"][0]["sets"]
    assert sets["train"]["cost"] == exact
    assert sets["dev"]["cost"] is None
    assert scenario["expectations"][0]["measured"] is None
    assert scenario["expectations"][0]["expected"] is None


def test_json_says_how_each_scenario_ended():
    outcomes = [
        outcome(),
        outcome(result(expectations=[expectation(kept=False)])),
        outcome(result(DIVERGED)),
        outcome(result(variant(status="ready"), interrupted=True)),
        BROKEN,
    ]
    document = read(outcomes)
    statuses = [each["status"] for each in document["scenarios"]]
    assert statuses == ["ok", "missed", "non-finite", "interrupted", "error"]
    assert document["exit_code"] == 130
    assert document["scenarios"][2]["variants"][0]["non_finite"] == {
        "step": 12,
        "phase": "forward 3",
    }
    assert document["scenarios"][3]["variants"][0]["status"] == "interrupted"
    assert document["scenarios"][4]["error"] == BROKEN.error
    assert document["scenarios"][4]["variants"] == []


def test_words_are_measured_too():
    made = expectation(measured="great", expected="great", comparison="==")
    found = read([outcome(result(expectations=[made]))])["scenarios"][0]["expectations"][0]
    assert (found["measured"], found["expected"]) == ("great", "great")


def rows(outcomes):
    return list(csv.DictReader(io.StringIO(history_csv(outcomes))))


def test_csv_has_a_row_a_figure_and_reads_back_exactly():
    found = rows([outcome(), BROKEN])
    by_metric = {}
    for row in found:
        assert (row["scenario"], row["variant"]) == ("vanishing-gradients", "sigmoid")
        by_metric.setdefault(row["metric"], []).append((int(row["step"]), float(row["value"])))
    assert by_metric["cost"][0] == (0, 0.1 + 0.2)
    assert str(by_metric["cost"][1]) == "(1, nan)"
    assert by_metric["train.accuracy"] == [(0, 0.5), (2, 0.9375)]
    assert by_metric["layer1.weight_norm"] == [(0, 1.0), (2, 3.0)]
    assert by_metric["layer2.weight_norm"] == [(0, 2.0), (2, 4.0)]
    assert by_metric["epoch"] == [(0, 0.0), (2, 1.0)]
    assert "step" not in by_metric


def test_csv_leaves_out_sets_and_accuracies_that_do_not_exist():
    assert not any(row["metric"].startswith("dev") for row in rows([outcome()]))
    records = HISTORY.records | {"train_accuracy": np.array([np.nan, np.nan])}
    made = outcome(result(variant(history=History(HISTORY.curve, records))))
    metrics = {row["metric"] for row in rows([made])}
    assert "train.cost" in metrics and "train.accuracy" not in metrics


def test_csv_of_numbers_that_became_nan_keeps_their_accuracy_so_far():
    metrics = {row["metric"] for row in rows([outcome(result(DIVERGED))])}
    assert {"train.cost", "train.accuracy"} <= metrics


def test_stepped_kinds_write_their_figures():
    stepped = [outcome(result(STEPPED, kind="descent"))]
    scenario = read(stepped)["scenarios"][0]
    assert scenario["kind"] == "descent"
    (variant,) = scenario["variants"]
    assert variant["figures"] == {"J": 0.5, "w": 4.75, "late": None, "verdict": "variance"}
    found = [(row["step"], row["metric"], row["value"]) for row in rows(stepped)]
    assert found == [("0", "J", "2.0"), ("1", "J", "0.5"), ("1", "late", "inf")]


def test_csv_quotes_names_with_commas():
    made = outcome(result(variant('a, "b"', history=History(HISTORY.curve, {"step": []}))))
    assert {row["variant"] for row in rows([made])} == {'a, "b"'}


def suites(outcomes):
    return ElementTree.fromstring(junit_xml(outcomes))


def test_junit_has_a_suite_a_scenario_and_a_case_an_expectation():
    made = result(
        expectations=[
            expectation(),
            expectation(kept=False, measured=0.5),
            expectation(kept=None, measured=None, reason="its variant was not run"),
        ]
    )
    root = suites([outcome(made), BROKEN, outcome(result(DIVERGED))])
    assert [root.get(key) for key in ("tests", "failures", "errors", "skipped")] == list("6121")
    good, broken, diverged = root
    cases = good.findall("testcase")
    assert [case.get("name") for case in cases][-1] == "runs"
    assert [len(case) for case in cases] == [0, 1, 1, 0]
    assert cases[1][0].tag == "failure"
    assert cases[1][0].get("message") == "measured 0.5"
    assert cases[2][0].tag == "skipped"
    assert broken.get("name") == "mine"
    assert broken.find("testcase/error").get("message") == "mine.csv: row 3"
    assert "non" not in (good.get("errors") or "")
    assert "NaN" in diverged.find("testcase/error").get("message")


def test_junit_survives_what_xml_cannot_hold():
    text = "a < b & \x00\x1b[31m \ud800 ]]>"
    root = suites([outcome(result(expectations=[expectation(False, text=text, because=text)]))])
    assert root[0][0].get("name").startswith("a < b & ")


def test_junit_of_an_interrupted_run_skips():
    made = replace(result(interrupted=True), expectations=())
    assert suites([outcome(made)])[0].get("skipped") == "1"
