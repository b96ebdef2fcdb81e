"""Label smoothing: targets between 0 and 1 that still add up (topic E6)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.kernels.cpu.label_smoothing import smooth_labels
from tests.reference import label_smoothing as twins


def one_hot(classes, m, seed):
    return np.eye(classes)[:, np.random.default_rng(seed).integers(classes, size=m)].copy()


@given(
    classes=st.integers(2, 9),
    m=st.integers(1, 40),
    seed=st.integers(0, 99),
    smoothing=st.floats(0, 1),
    dtype=st.sampled_from([np.float64, np.float32]),
)
def test_agrees_with_twin_and_columns_stay_shares(classes, m, seed, smoothing, dtype):
    Y = one_hot(classes, m, seed).astype(dtype)
    found = smooth_labels(Y, smoothing, classes)
    assert found.dtype == dtype
    expected = twins.smooth_labels(Y.astype(float), smoothing, classes)
    np.testing.assert_allclose(found, expected, atol=1e-6 if dtype == np.float32 else 1e-15)
    np.testing.assert_allclose(found.sum(axis=0), 1, atol=1e-5 if dtype == np.float32 else 1e-14)


def test_known_figures():
    Y = np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    found = smooth_labels(Y, 0.1, 4)
    np.testing.assert_allclose(found[:, 0], [0.925, 0.025, 0.025, 0.025])
    # One output for two classes: yes is 0.95, no is 0.05.
    np.testing.assert_allclose(smooth_labels(np.array([[1.0, 0.0]]), 0.1, 2), [[0.95, 0.05]])


def test_no_smoothing_leaves_the_labels_as_they_are():
    Y = one_hot(3, 5, 0)
    np.testing.assert_array_equal(smooth_labels(Y, 0.0, 3), Y)
    np.testing.assert_array_equal(Y, one_hot(3, 5, 0))


@pytest.mark.parametrize(
    ("smoothing", "classes", "told"),
    [(-0.1, 3, "smoothing must be"), (1.1, 3, "smoothing must be"), (0.1, 1, "classes must be")],
)
def test_wrong_figures_are_told(smoothing, classes, told):
    with pytest.raises(ValueError, match=told):
        smooth_labels(np.ones((3, 2)), smoothing, classes)
