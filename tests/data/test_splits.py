import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.data.mistakes import find_split_mistakes
from nnsim.data.pool import Pool
from nnsim.data.splits import sizes, split
from nnsim.errors import DataError
from nnsim.kernels.codes import Task


def pool_of(m, offset=0.0):
    """Example i is x = (i, -i), y = i."""
    i = np.arange(m) + offset
    return Pool(np.stack([i, -i]), i[np.newaxis].copy(), Task.REGRESSION, ("a", "b"), ("y",))


@pytest.mark.parametrize(
    ("m", "shares", "expected"),
    [
        (100, (0.6, 0.2, 0.2), (60, 20, 20)),
        (1000, (0.7, 0.3, 0.0), (700, 300, 0)),
        (1_000_000, (0.98, 0.01, 0.01), (980_000, 10_000, 10_000)),
        (100, (0.98, 0.01, 0.01), (98, 1, 1)),
        (10, (1 / 3, 1 / 3, 1 / 3), (3, 4, 3)),
        (7, (1.0, 0.0, 0.0), (7, 0, 0)),
    ],
)
def test_sizes_of_the_course(m, shares, expected):
    assert sizes(m, shares) == expected


shares_of_three = st.tuples(st.floats(0.01, 1), st.floats(0, 1), st.floats(0, 1)).map(
    lambda parts: tuple(part / sum(parts) for part in parts)
)


@given(st.integers(1, 5000), shares_of_three)
def test_sizes_sum_to_m_and_are_right_to_one(m, shares):
    counts = sizes(m, shares)
    assert sum(counts) == m
    assert all(abs(count - m * share) <= 1.01 for count, share in zip(counts, shares, strict=True))


@given(st.integers(0, 2**63 - 1), st.integers(20, 200), st.booleans())
def test_every_example_is_in_one_set_with_its_label(seed, m, shuffle):
    sets = split(pool_of(m), (0.6, 0.2, 0.2), seed, shuffle)
    for examples in sets:
        assert np.array_equal(examples.X[0], examples.Y[0])
        assert np.array_equal(examples.X[0], -examples.X[1])
        assert examples.X.flags.c_contiguous
        assert examples.Y.flags.c_contiguous
    everything = np.concatenate([examples.Y[0] for examples in sets])
    assert np.array_equal(np.sort(everything), np.arange(m))
    if not shuffle:
        assert np.array_equal(everything, np.arange(m))


def test_the_seed_decides_who_trains():
    trained = [set(split(pool_of(100), (0.5, 0.5), seed)[0].Y[0]) for seed in (1, 1, 2)]
    assert trained[0] == trained[1] != trained[2]


def test_examples_stay_in_order_when_all_of_them_train():
    train, dev, test = split(pool_of(10), (1.0,), 1)
    assert np.array_equal(train.Y[0], np.arange(10))
    assert (dev.m, test.m) == (0, 0)
    assert dev.X.shape == (2, 0)
    assert test.Y.shape == (1, 0)


def test_held_out_examples_are_all_of_the_other_source():
    alone = split(pool_of(50), (0.6, 0.2, 0.2), 5)
    train, dev, test = split(pool_of(50), (0.6, 0.2, 0.2), 5, held_out=pool_of(100, 1000.0))
    assert np.array_equal(train.X, alone[0].X)
    assert (dev.m, test.m) == (20, 20)
    both = np.concatenate([dev.Y[0], test.Y[0]])
    assert both.min() >= 1000
    assert len(np.unique(both)) == 40


def test_held_out_shares_are_of_each_source():
    train, dev, test = split(pool_of(50), (1.0, 0.5, 0.5), 5, held_out=pool_of(10, 1000.0))
    assert (train.m, dev.m, test.m) == (50, 5, 5)


@pytest.mark.parametrize(
    ("shares", "held_out", "part"),
    [
        ((0.6, 0.2), False, "sums to 0.8"),
        ((60, 20, 20), False, "write [0.6, 0.2, 0.2]"),
        ((0.0, 0.5, 0.5), False, "no examples to train on"),
        ((1.2, -0.2), False, "the share -0.2"),
        ((float("nan"), 0.5), False, "the share nan"),
        ((True, 0.0), False, "the share True"),
        (("0.6", 0.4), False, "the share '0.6'"),
        ((), False, "expected shares of train, dev and test"),
        ((0.4, 0.2, 0.2, 0.2), False, "expected shares of train, dev and test"),
        ("0.6", False, "expected shares of train, dev and test"),
        ((0.5, 0.6, 0.6), True, "at most 1"),
        ((1.0, 0.0, 0.0), True, "held_out would not be used"),
    ],
)
def test_wrong_shares(shares, held_out, part):
    (mistake,) = find_split_mistakes(shares, held_out)
    assert part in mistake


@pytest.mark.parametrize(
    "shares", [(0.6, 0.2, 0.2), (0.7, 0.3), (0.98, 0.01, 0.01), (1,), [1.0, 0, 0]]
)
def test_right_shares(shares):
    assert find_split_mistakes(shares) == []


def test_a_share_of_nothing_is_refused():
    with pytest.raises(
        DataError, match=r"gives dev a share of 0\.01 of 20 examples, which is none"
    ):
        split(pool_of(20), (0.98, 0.01, 0.01), 1)
