import numpy as np
import pytest

from nnsim.data.drawing import Drawing, permutation


def test_the_same_seed_gives_the_same_numbers():
    first, second = Drawing(7), Drawing(7)
    assert np.array_equal(first.uniform(3, 4), second.uniform(3, 4))
    assert np.array_equal(first.normal(5), second.normal(5))


def test_calls_drawings_and_seeds_share_no_number():
    drawings = [Drawing(1), Drawing(1, number=1), Drawing(2), Drawing(2**40 + 1)]
    numbers = np.concatenate([d.uniform(1000) for d in drawings for _ in range(3)])
    assert len(np.unique(numbers)) == len(numbers)


def test_a_call_does_not_depend_on_the_length_of_the_one_before():
    short, long = Drawing(1), Drawing(1)
    short.uniform(3)
    long.uniform(333)
    assert np.array_equal(short.normal(10), long.normal(10))


def test_distributions():
    drawing = Drawing(3)
    uniform = drawing.uniform(20_000, low=-2.0, high=4.0)
    assert uniform.min() >= -2.0
    assert uniform.max() < 4.0
    # Means of 20 000 numbers: standard deviation 6 / sqrt(12 m) = 0.012, and 0.007.
    assert abs(uniform.mean() - 1.0) < 0.06
    normal = drawing.normal(2, 10_000)
    assert abs(normal.mean()) < 0.035
    assert abs(normal.std() - 1.0) < 0.025


def test_permutation_is_one_and_depends_on_seed_and_number():
    order = permutation(1, 500)
    assert np.array_equal(np.sort(order), np.arange(500))
    assert np.array_equal(order, permutation(1, 500))
    assert not np.array_equal(order, permutation(2, 500))
    assert not np.array_equal(order, permutation(1, 500, number=1))


@pytest.mark.parametrize("seed", [-1, 2**63, 1.5, True, "1"])
def test_a_bad_seed_is_refused(seed):
    with pytest.raises(ValueError, match="expected a whole number from 0"):
        Drawing(seed)
