"""Verdicts and remedies of cases, step by step."""

import math

import pytest

from nnsim.simulations.diagnosis import (
    REMEDIES,
    WORDS,
    Case,
    DiagnosisSimulation,
    Thresholds,
)
from nnsim.training.diagnosis import VERDICTS

COURSE = (
    Case("A", 0.01, 0.11),
    Case("B", 0.15, 0.16),
    Case("C", 0.15, 0.30),
    Case("D", 0.005, 0.01),
    Case("B, blurred", 0.15, 0.16, 0.15),
)


def run(cases=COURSE, thresholds=None):
    simulation = DiagnosisSimulation(cases, thresholds)
    simulation.run()
    return simulation


def words(simulation, name):
    found = []
    for step in range(1, simulation.steps + 1):
        simulation.seek(step)
        found.append(simulation.figures()[name])
    return found


def test_the_verdicts_of_the_course():
    assert words(run(), "verdict") == ["variance", "bias", "both", "neither", "neither"]


def test_bias_comes_first():
    assert words(run(), "remedy") == [
        "more data or regularisation",
        "bigger network or longer training",
        "bigger network or longer training",
        "done",
        "done",
    ]


def test_thresholds_decide():
    strict = run(thresholds=Thresholds(bias=0.001, variance=0.2))
    assert words(strict, "verdict") == ["bias", "bias", "bias", "bias", "neither"]


def test_differences_are_figures():
    curve = run().history.curve
    assert curve["bias"][1:] == pytest.approx([0.01, 0.15, 0.15, 0.005, 0.0])
    assert curve["variance"][1:] == pytest.approx([0.10, 0.01, 0.15, 0.005, 0.01])
    assert math.isnan(curve["bias"][0])
    assert DiagnosisSimulation(COURSE).figures()["verdict"] == ""


def test_every_verdict_has_a_remedy():
    assert set(REMEDIES) == set(VERDICTS) == set(WORDS["verdict"])
    assert set(WORDS["remedy"]) == set(REMEDIES.values())


def test_the_snapshot_holds_the_cases_seen():
    simulation = DiagnosisSimulation(COURSE)
    assert simulation.snapshot().cases == ()
    simulation.seek(1, 2)
    shown = simulation.snapshot()
    assert [state.case.name for state in shown.cases] == ["A", "B"]
    assert shown.names == tuple(case.name for case in COURSE)
    simulation.run()
    simulation.seek(1)
    assert [state.case.name for state in simulation.snapshot().cases] == ["A"]


def test_the_remark_is_the_verdict_with_its_figures():
    simulation = run()
    assert DiagnosisSimulation(COURSE).remarks() == ()
    simulation.seek(1)
    (remark,) = simulation.remarks()
    assert remark.kind == "variance" and remark.topic == "B2"
    assert remark.sentence == "High variance: train 1 %, dev 11 %, Bayes 0 %."
    assert "11 % - 1 % = 10 points" in remark.how
    assert remark.advice == "Next: more data or regularisation."
    simulation.seek(4)
    assert simulation.remarks()[0].advice == "Nothing is left to do."


def test_what_is_no_error_is_told():
    with pytest.raises(ValueError, match="no cases"):
        DiagnosisSimulation([])
    with pytest.raises(ValueError, match="train_error is 11"):
        DiagnosisSimulation([Case("A", 11, 0.1)])
