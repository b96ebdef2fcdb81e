import numpy as np
import pytest

from nnsim.data.normalization import fit
from nnsim.errors import DataError
from tests.reference.normalization import normalize

TRAIN = np.random.default_rng(1).normal(50.0, [[3.0], [1e-4], [1e5]], (3, 40))
DEV = np.random.default_rng(2).normal(40.0, [[3.0], [1e-4], [1e5]], (3, 9))


@pytest.mark.parametrize("kind", ["standard", "variance"])
def test_agrees_with_the_twin_and_serves_other_examples(kind):
    normalization = fit(TRAIN, kind)
    for X in (TRAIN, DEV):
        expected = normalize(TRAIN, X, divide_by_variance=kind == "variance")
        np.testing.assert_allclose(normalization.apply(X), expected, rtol=1e-9)
        assert normalization.apply(X).flags.c_contiguous


def test_standard_means_mean_0_and_variance_1():
    X = fit(TRAIN, "standard").apply(TRAIN)
    np.testing.assert_allclose(X.mean(axis=1), 0.0, atol=1e-10)
    np.testing.assert_allclose(X.var(axis=1), 1.0, rtol=1e-10)


def test_the_slides_mistake_leaves_sigma_as_one_over_sigma():
    X = fit(TRAIN, "variance").apply(TRAIN)
    np.testing.assert_allclose(X.std(axis=1), 1.0 / TRAIN.std(axis=1), rtol=1e-10)


def test_none():
    assert fit(TRAIN, "none") is None


@pytest.mark.parametrize("kind", ["standard", "variance"])
@pytest.mark.parametrize("value", [0.0, 0.1, -7.3, 1e300])
def test_a_constant_feature_becomes_0_and_keeps_scale_1(kind, value):
    X = np.full((1, 37), value)
    normalization = fit(X, kind)
    assert normalization.scale[0, 0] == 1.0
    assert np.all(normalization.apply(X) == 0.0)


@pytest.mark.parametrize("size", [1e200, 1e-200])
def test_squares_neither_overflow_nor_vanish(size):
    X = np.array([[1.0, -1.0, 1.0, -1.0]]) * size
    np.testing.assert_allclose(fit(X, "standard").apply(X), X / size, rtol=1e-12)


@pytest.mark.parametrize("size", [1e200, 1e-200])
def test_a_divisor_beyond_float64_is_refused_by_name(size):
    X = np.array([[1.0, 2.0], [size, -size]])
    with pytest.raises(DataError, match="feature 'height' cannot be normalised"):
        fit(X, "variance", ("width", "height"))


def test_an_unknown_kind():
    with pytest.raises(DataError, match="expected one of none, standard, variance"):
        fit(TRAIN, "z-score")
