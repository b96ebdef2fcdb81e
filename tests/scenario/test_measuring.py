"""Measures taken from a made-up simulation whose figures are known."""

from types import SimpleNamespace

import numpy as np
import pytest

from nnsim.scenario import load
from nnsim.scenario.measure_names import REDUCERS, SERIES_REDUCERS
from nnsim.scenario.measures import parse_condition, parse_measure
from nnsim.scenario.measuring import _REDUCE, Moment
from nnsim.scenario.series import REDUCE_SERIES, NotMeasured
from tests.scenario.texts import GOOD

RUN = load(GOOD).specification()
W1 = np.array([[3.0, -4.0], [0.0, 1e-4]])


def made_up(step=20, *, error=0.25, dev=True, best_step=None):
    evaluation = SimpleNamespace(cost=0.5, data_loss=0.4, accuracy=1 - error, error=error, m=24)
    steps = np.array([0.0, 10.0, 20.0])
    return SimpleNamespace(
        status="finished",
        best_step=best_step,
        position=SimpleNamespace(step=step),
        probe=lambda: SimpleNamespace(
            cost=0.7,
            data_loss=0.6,
            penalty=0.1,
            learning_rate=0.01,
            epoch=20,
            arrays={"W1": W1, "b2": np.array([[7.0]])},
            layers=(SimpleNamespace(a_std=0.5), SimpleNamespace(a_std=0.25)),
        ),
        evaluate=lambda: {"train": evaluation} | ({"dev": evaluation} if dev else {}),
        check_gradients=lambda: SimpleNamespace(
            ratio=1e-9, kinks=2, verdict="great", blocks={"dW1": 1e-10}
        ),
        curvature=lambda: SimpleNamespace(largest=8.0, smallest=2.0, condition=4.0),
        history=SimpleNamespace(
            curve={
                "step": np.arange(5.0) * 5,
                "cost": np.array([1.0, 0.5, 0.7, 0.2, 0.3]),
            },
            records={
                "step": steps,
                "dev_cost": np.array([3.0, 1.0, 2.0]),
                "train_accuracy": np.array([0.5, 0.75, 1.0]),
                "a_std": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
            },
        ),
    )


def value(text, simulation=None):
    moment = Moment(simulation or made_up(), RUN.diagnosis)
    return moment.value(parse_measure(text, RUN))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cost", 0.7),
        ("penalty", 0.1),
        ("step", 20),
        ("epoch", 20),
        ("status", "finished"),
        ("train.data_loss", 0.4),
        ("dev.accuracy", 0.75),
        ("train.m", 24),
        ("layer2.a_std", 0.25),
        ("b2", 7),
        ("W1[0,1]", -4),
        ("W1[-1,-1]", 1e-4),
        ("W1.norm", np.sqrt(25 + 1e-8)),
        ("W1.mean", (3 - 4 + 1e-4) / 4),
        ("W1.sum", 3 - 4 + 1e-4),
        ("W1.variance", W1.var()),
        ("W1.std", W1.std()),
        ("W1.min", -4),
        ("W1.max", 3),
        ("W1.abs_max", 4),
        ("W1.abs_mean", (7 + 1e-4) / 4),
        ("W1.spread", 4 + 1e-4),
        ("W1.near_zero", 0.5),
        ("W1.zeros", 0.25),
        ("check.ratio", 1e-9),
        ("check.kinks", 2),
        ("check.verdict", "great"),
        ("check.dW1", 1e-10),
        ("curvature.condition", 4),
        ("history.cost.first", 1),
        ("history.cost.last", 0.3),
        ("history.cost.min", 0.2),
        ("history.cost.max", 1),
        ("history.cost.mean", 0.54),
        ("history.cost.rises", 2),
        ("history.cost.step_of_min", 15),
        ("history.cost.step_of_max", 0),
        ("history.dev.cost.min", 1),
        ("history.train.error.last", 0),
        ("history.layer2.a_std.max", 6),
        ("diagnosis", "bias"),
        ("diagnosis.bias", 0.25),
        ("diagnosis.variance", 0),
    ],
)
def test_values(text, expected):
    found = value(text)
    assert found == (expected if isinstance(expected, str) else pytest.approx(expected, rel=1e-14))


def test_every_reducer_that_may_be_named_is_there():
    assert set(_REDUCE) == set(REDUCERS)
    assert set(REDUCE_SERIES) == set(SERIES_REDUCERS)


def test_history_ends_where_the_simulation_stands():
    assert value("history.cost.last", made_up(10)) == 0.7
    assert value("history.dev.cost.last", made_up(19)) == 1


@pytest.mark.parametrize(
    ("condition", "expected"),
    [("cost < 0.6", 5), ("train.accuracy >= 0.75", 10), ("cost < 0.1", np.inf), ("cost <= 1", 0)],
)
def test_steps_until_is_the_first_step_or_infinity(condition, expected):
    measure = parse_measure("steps_until", RUN)
    found = Moment(made_up(), RUN.diagnosis).value(measure, parse_condition(condition, RUN))
    assert found == expected


@pytest.mark.parametrize(
    ("text", "simulation", "words"),
    [
        ("best_step", made_up(), "early_stopping"),
        ("train.accuracy", made_up(error=np.nan), "regression"),
        ("diagnosis", made_up(error=np.nan), "needs classes"),
        ("diagnosis", made_up(dev=False), "a dev set"),
        ("dev.cost", made_up(dev=False), "the dev set is empty"),
        ("W1", made_up(), r"W1 has the shape \(2, 2\)"),
        ("W1[0,2]", made_up(), r"W1 has the shape \(2, 2\)"),
        ("s_W1.norm", made_up(), "there is no s_W1 in this run"),
        ("history.cost.min", made_up(-1), "nothing was recorded"),
    ],
)
def test_what_has_no_value_says_why(text, simulation, words):
    with pytest.raises(NotMeasured, match=words):
        value(text, simulation)
