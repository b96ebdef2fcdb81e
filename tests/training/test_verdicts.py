"""Lengths of gradients and of their pieces, against NumPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nnsim.training.verdicts import length_of, lengths_of_pieces
from tests.reference import gradient_check as twin

numbers = st.floats(-1e140, 1e140)


@given(
    found=arrays.arrays(np.float64, (3, 12), elements=numbers),
    kinks=arrays.arrays(np.int64, 12, elements=st.integers(0, 2)),
    smooth=st.booleans(),
    cuts=st.lists(st.integers(0, 12), max_size=4),
)
def test_lengths_of_pieces(found, kinks, smooth, cuts):
    edges = np.array([0, *sorted(cuts), 12])
    rows = lengths_of_pieces(*found, kinks, edges, smooth)
    parts = [slice(None), *map(slice, edges[:-1].tolist(), edges[1:].tolist())]
    assert len(rows) == len(parts)
    for row, part in zip(rows, parts, strict=True):
        d, d_approx, resolution = found[:, part][:, (kinks[part] == 0) | (not smooth)]
        wanted = [d, d_approx, d_approx - d, resolution]
        np.testing.assert_allclose(
            row[:4], list(map(np.linalg.norm, wanted)), rtol=1e-14, atol=1e-150
        )
        if row.resolution == 0 and row.gradient > 1e-100:
            assert row.ratio == pytest.approx(twin.ratio(d_approx, d), rel=1e-13)


def test_a_piece_is_as_long_as_it_is_alone():
    found = np.random.default_rng(0).normal(size=(3, 40))
    edges = np.array([0, 7, 7, 40])
    _, *rows = lengths_of_pieces(*found, np.zeros(40, np.int64), edges)
    for row, start, stop in zip(rows, edges, edges[1:], strict=False):
        d, d_approx, resolution = found[:, start:stop]
        assert row.gradient == length_of(d)
        assert row.approximation == length_of(d_approx)
        assert row.apart == length_of(d_approx - d)
        assert row.resolution == length_of(resolution)


@pytest.mark.parametrize("large", [1e154, 1e200, 1.7e308])
def test_squares_that_overflow(large):
    assert length_of(np.array([large])) == pytest.approx(large, rel=1e-15)
    assert length_of(np.array([3.0, 4.0, 0.0]) * (large / 5)) == pytest.approx(large, rel=1e-14)


def test_infinity_and_nan():
    with np.errstate(all="raise"):
        assert length_of(np.array([1.0, -np.inf])) == np.inf
        assert length_of(np.full(4, 1.7e308)) == np.inf
        assert np.isnan(length_of(np.array([np.inf, np.nan])))
    assert length_of(np.zeros(0)) == 0
