"""Learning-rate schedules against their twins and the course's figures (topic C7)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.kernels.codes import Schedule
from nnsim.kernels.cpu.schedules import (
    exponential_decay,
    inverse_time_decay,
    scheduled_alpha,
    sqrt_decay,
    staircase_decay,
)
from tests.reference import schedules as twins

EMPTY = np.empty((0, 2))
alphas = st.floats(1e-5, 10)
rates = st.floats(0.01, 2)
counts = st.integers(0, 500)


def alpha(kind, alpha0, *, rate=1.0, every=1, length=100, minimum=0.0, warm_up=0, table=EMPTY,
          step=0, epoch=0):  # fmt: skip
    return scheduled_alpha(
        int(kind),
        float(alpha0),
        float(rate),
        every,
        length,
        float(minimum),
        warm_up,
        table,
        step,
        epoch,
    )


def close(number):
    return pytest.approx(number, rel=1e-12, abs=1e-15)


@given(alphas, rates, counts, counts)
def test_formulas_agree_with_twins(alpha0, rate, epoch, step):
    moment = {"rate": rate, "epoch": epoch, "step": step}
    assert alpha(Schedule.CONSTANT, alpha0, **moment) == alpha0
    expected = twins.inverse_time(alpha0, rate, epoch)
    assert alpha(Schedule.INVERSE_TIME, alpha0, **moment) == close(expected)
    expected = twins.exponential(alpha0, rate, epoch)
    assert alpha(Schedule.EXPONENTIAL, alpha0, **moment) == pytest.approx(expected, rel=1e-11)
    expected = twins.square_root(alpha0, rate, epoch)
    assert alpha(Schedule.SQRT_EPOCH, alpha0, **moment) == close(expected)
    expected = twins.square_root(alpha0, rate, step)
    assert alpha(Schedule.SQRT_STEP, alpha0, **moment) == close(expected)


@given(alphas, rates, st.integers(1, 40), st.integers(0, 200))
def test_staircase_agrees_with_twin(alpha0, rate, every, epoch):
    expected = twins.staircase(alpha0, rate, every, epoch)
    result = alpha(Schedule.STAIRCASE, alpha0, rate=rate, every=every, epoch=epoch)
    assert result == pytest.approx(expected, rel=1e-11)


@given(alphas, st.lists(st.integers(0, 100), max_size=5, unique=True), st.integers(0, 120))
def test_manual_agrees_with_twin(alpha0, firsts, epoch):
    table = np.array([(first, 1.0 / (1 + first)) for first in sorted(firsts)]).reshape(-1, 2)
    expected = twins.manual(alpha0, table, epoch)
    assert alpha(Schedule.MANUAL, alpha0, table=table, epoch=epoch) == expected


@given(alphas, st.floats(0, 1), st.integers(1, 50), st.integers(0, 150), st.integers(0, 250))
def test_cosine_and_one_cycle_agree_with_twins(alpha0, share, warm_up, more, step):
    length, minimum = warm_up + more, share * alpha0
    moment = {"length": length, "minimum": minimum, "warm_up": warm_up, "step": step}
    expected = twins.one_cycle(alpha0, minimum, warm_up, length, step)
    assert alpha(Schedule.ONE_CYCLE, alpha0, **moment) == close(expected)
    if step >= warm_up:
        expected = twins.cosine(alpha0, minimum, warm_up, length, step)
        assert alpha(Schedule.COSINE, alpha0, **moment) == close(expected)


def test_figures_of_the_course():
    table = [alpha(Schedule.INVERSE_TIME, 0.2, rate=1, epoch=epoch) for epoch in range(5)]
    np.testing.assert_allclose(table, [0.2, 0.1, 0.0667, 0.05, 0.04], atol=5e-5)
    assert alpha(Schedule.EXPONENTIAL, 0.2, rate=0.95, epoch=2) == close(0.2 * 0.9025)
    assert alpha(Schedule.STAIRCASE, 0.2, rate=0.5, every=10, epoch=29) == close(0.05)
    assert alpha(Schedule.SQRT_EPOCH, 0.2, rate=1, epoch=3) == close(0.1)


def test_formulas_by_name():
    assert inverse_time_decay(0.2, 1.0, 1) == close(0.1)
    assert exponential_decay(0.2, 0.5, 2) == close(0.05)
    assert sqrt_decay(0.2, 1.0, 3) == close(0.1)
    assert staircase_decay(0.2, 0.5, 10, 25) == close(0.05)


@pytest.mark.parametrize("kind", [kind for kind in Schedule if kind != Schedule.ONE_CYCLE])
def test_warm_up_is_a_ramp_before_any_kind(kind):
    moment = {"rate": 0.9, "length": 100, "table": np.array([[0.0, 0.3]])}
    full = alpha(kind, 0.3, **moment)
    ramp = [alpha(kind, 0.3, warm_up=4, step=step, **moment) for step in range(5)]
    if kind == Schedule.SQRT_STEP:
        ramp = [a * np.sqrt(step + 1) for step, a in enumerate(ramp)]
    np.testing.assert_allclose(ramp, full * np.array([0.25, 0.5, 0.75, 1.0, 1.0]), rtol=1e-12)


def test_one_cycle_goes_up_and_down():
    run = [
        alpha(Schedule.ONE_CYCLE, 1.0, length=100, warm_up=25, minimum=0.01, step=step)
        for step in range(100)
    ]
    assert run[0] == close(1 / 25) and run[25] == close(1.0) and run[99] == close(0.01)
    assert np.all(np.diff(run[:26]) > 0) and np.all(np.diff(run[25:]) < 0)


def test_one_cycle_without_warm_up_takes_three_tenths():
    run = [alpha(Schedule.ONE_CYCLE, 1.0, length=100, step=step) for step in range(100)]
    assert np.argmax(run) == 30


def test_cosine_stays_at_its_minimum():
    run = [alpha(Schedule.COSINE, 1.0, length=10, minimum=0.2, step=step) for step in range(15)]
    assert run[0] == 1.0 and run[5] == close(0.6)
    assert run[10:] == [0.2] * 5
