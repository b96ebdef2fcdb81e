"""The text of verdicts."""

from nnsim.simulations.diagnosis import Case, DiagnosisSimulation
from nnsim.training.diagnosis import VERDICTS
from nnsim.tui.formulas.diagnosis import MEANINGS, REASONS, explain
from tests.tui.formulas.arithmetic import equal
from tests.tui.stepped import run

CASES = (Case("A", 0.01, 0.11), Case("B", 0.15, 0.16, 0.15))


def lines(step, phase):
    simulation = DiagnosisSimulation(CASES)
    simulation.seek(step, phase)
    return [(line.role, line.text) for line in explain(run(simulation), 100, ascii=True)]


def test_every_phase():
    assert lines(0, 0) == []
    assert lines(0, 1)[:2] == [
        ("equation", "bias = train error - Bayes error"),
        ("numbers", "A: 1 % - 0 % = 1 %, not high: not above 5 %"),
    ]
    assert lines(0, 2)[1] == ("numbers", "A: 11 % - 1 % = 10 %, high: above 5 %")
    assert lines(0, 3)[1] == ("numbers", "A: bias 1 %, variance 10 %: variance")
    assert lines(1, 0)[1] == ("numbers", "A: variance: more data or regularisation")
    assert lines(1, 1)[1] == ("numbers", "B: 15 % - 15 % = 0 %, not high: not above 5 %")
    assert lines(2, 0)[1] == ("numbers", "B: neither: done")


def test_every_verdict_has_words():
    assert set(MEANINGS) == set(REASONS) == set(VERDICTS)


def test_arithmetic_notices_a_wrong_number():
    assert equal("v_2 = 0.98 x 0.8 + 0.02 x 49 = 1.764")
    assert not equal("v_2 = 0.98 x 0.8 + 0.02 x 49 = 2.764")
    assert equal("40.18 / (1 - 0.98^2) = 40.18 / 0.0396 = 1015")
    assert not equal("40.18 / (1 - 0.98^2) = 40.18 / 0.0496 = 1015")
