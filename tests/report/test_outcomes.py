"""Exit codes of one scenario and of many."""

import itertools
from dataclasses import replace

import pytest

from nnsim.errors import ExitCode
from nnsim.report.outcomes import Outcome, exit_code_of
from tests.report.made_up import DIVERGED, expectation, outcome, result, variant

KEPT = outcome(result(expectations=[expectation()]))
MISSED = outcome(result(expectations=[expectation(), expectation(kept=False)]))
NON_FINITE = outcome(result(DIVERGED, expectations=[expectation(kept=False)]))
MISSING = Outcome("digits", "", None, "needs scikit-learn", ExitCode.MISSING)
BAD = Outcome("mine", "", None, "mine.csv: row 3: not a number", ExitCode.BAD_INPUT)
INTERRUPTED = outcome(result(interrupted=True, expectations=[expectation(kept=None)]))


@pytest.mark.parametrize(
    ("made", "code"),
    [(KEPT, 0), (MISSED, 1), (NON_FINITE, 3), (MISSING, 4), (BAD, 2), (INTERRUPTED, 130)],
)
def test_exit_code_of_one(made, code):
    assert made.exit_code == code


def test_an_expectation_that_could_not_be_judged_is_not_missed():
    assert outcome(result(expectations=[expectation(kept=None)])).exit_code is ExitCode.OK


def test_non_finite_numbers_that_were_meant_are_all_right():
    meant = replace(DIVERGED, non_finite_expected=True)
    assert outcome(result(meant)).exit_code is ExitCode.OK
    assert outcome(result(variant("relu"), DIVERGED)).exit_code is ExitCode.NON_FINITE


def test_the_gravest_code_wins_in_any_order():
    order = [INTERRUPTED, BAD, MISSING, NON_FINITE, MISSED, KEPT]
    for first, second in itertools.combinations(order, 2):
        assert exit_code_of([first, second]) == first.exit_code
        assert exit_code_of([second, first]) == first.exit_code
    assert exit_code_of([]) is ExitCode.OK
