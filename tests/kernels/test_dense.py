"""The dense layer against its twin, in all sizes, and used wrongly."""

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.kernels.cpu.dense import dense_backward, dense_forward
from tests.reference import dense as twin

TOLERANCE = {np.float64: 1e-12, np.float32: 1e-5}
each_dtype = pytest.mark.parametrize("dtype", TOLERANCE, ids=lambda dtype: dtype.__name__)


def drawn(dtype, *shape, seed=0):
    return np.random.default_rng([seed, *shape]).normal(size=shape).astype(dtype)


def inputs(dtype, n=3, n_prev=4, m=5, seed=0):
    return (
        drawn(dtype, n, n_prev, seed=seed),
        drawn(dtype, n_prev, m, seed=seed + 1),
        drawn(dtype, n, 1, seed=seed + 2),
        drawn(dtype, n, m, seed=seed + 3),
    )


sides = st.integers(1, 12)


@each_dtype
@given(n=sides, n_prev=sides, m=st.integers(1, 20), seed=st.integers(0, 100))
def test_both_ways_agree_with_the_twin(dtype, n, n_prev, m, seed):
    """On both sides of the size from which BLAS does the work."""
    W, A_prev, b, dZ = inputs(dtype, n, n_prev, m, seed)
    Z = dense_forward(W, A_prev, b)
    found = (Z, *dense_backward(dZ, A_prev, W))
    expected = (twin.dense_forward(W, A_prev, b), *twin.dense_backward(dZ, A_prev, W))
    for one, other in zip(found, expected, strict=True):
        assert one.dtype == dtype
        np.testing.assert_allclose(one, other, rtol=TOLERANCE[dtype], atol=10 * TOLERANCE[dtype])


@each_dtype
def test_outputs_are_written_in_place(dtype):
    W, A_prev, b, dZ = inputs(dtype)
    Z, dW, db, dA_prev = (np.full_like(like, np.nan) for like in (dZ, W, b, A_prev))
    assert dense_forward(W, A_prev, b, Z) is Z or np.shares_memory(
        dense_forward(W, A_prev, b, Z), Z
    )
    np.testing.assert_array_equal(Z, dense_forward(W, A_prev, b))
    returned = dense_backward(dZ, A_prev, W, dW, db, dA_prev)
    for given_, one, other in zip(
        (dW, db, dA_prev), returned, dense_backward(dZ, A_prev, W), strict=True
    ):
        assert np.shares_memory(given_, one)
        np.testing.assert_array_equal(given_, other)


def test_some_outputs_may_be_given():
    W, A_prev, _, dZ = inputs(np.float64)
    dA_prev = np.empty_like(A_prev)
    dW, db, returned = dense_backward(dZ, A_prev, W, dA_prev=dA_prev)
    assert np.shares_memory(returned, dA_prev)
    np.testing.assert_allclose(dW, dZ @ A_prev.T / 5, rtol=1e-12)
    np.testing.assert_allclose(db, dZ.mean(axis=1, keepdims=True), rtol=1e-12)


@pytest.mark.parametrize("n_prev", [2, 6])
def test_nan_and_infinity_spread(n_prev):
    W, A_prev, b, dZ = inputs(np.float64, n_prev=n_prev)
    A_prev[1, 2] = np.nan
    assert np.isnan(dense_forward(W, A_prev, b)[:, 2]).all()
    assert np.isfinite(np.delete(dense_forward(W, A_prev, b), 2, axis=1)).all()
    dZ[0, 0] = np.inf
    dW, db, _ = dense_backward(dZ, A_prev, W)
    assert np.isnan(dW[:, 1]).all() and db[0, 0] == np.inf


def test_from_jitted_code():
    @numba.njit
    def both(W, A_prev, b):
        Z = dense_forward(W, A_prev, b)
        return dense_backward(Z, A_prev, W)

    W, A_prev, b, _ = inputs(np.float64)
    for found, expected in zip(
        both(W, A_prev, b), dense_backward(dense_forward(W, A_prev, b), A_prev, W), strict=True
    ):
        np.testing.assert_array_equal(found, expected)


def forward(**changes):
    W, A_prev, b, Z = inputs(np.float64, n=3, n_prev=3, m=3)
    arguments = {"W": W, "A_prev": A_prev, "b": b, "Z": Z} | changes
    return dense_forward(*arguments.values())


def backward(**changes):
    W, A_prev, b, dZ = inputs(np.float64, n=3, n_prev=3, m=3)
    arguments = {"dZ": dZ, "A_prev": A_prev, "W": W}
    arguments |= {"dW": W.copy(), "db": b, "dA_prev": A_prev.copy()} | changes
    return dense_backward(*arguments.values())


@pytest.mark.parametrize(
    ("call", "changes", "message"),
    [
        (forward, {"W": (3, 2)}, r"dense_forward: W has \(3, 2\) but A_prev has \(3, 3\)"),
        (forward, {"A_prev": (4, 3)}, r"dense_forward: W has \(3, 3\) but A_prev has \(4, 3\)"),
        (forward, {"b": (1, 3)}, r"dense_forward: b has \(1, 3\) but W has \(3, 3\)"),
        (forward, {"b": (2, 1)}, r"dense_forward: b has \(2, 1\) but W has \(3, 3\)"),
        (forward, {"Z": (3, 4)}, r"dense_forward: Z has \(3, 4\) but W has \(3, 3\)"),
        (forward, {"W": (3, 0), "A_prev": (0, 3)}, "needs at least one column"),
        (backward, {"dZ": (2, 3)}, r"dense_backward: dZ has \(2, 3\) but W has \(3, 3\)"),
        (backward, {"dZ": (3, 2)}, r"dense_backward: dZ has \(3, 2\) but A_prev has \(3, 3\)"),
        (backward, {"A_prev": (2, 3)}, r"dense_backward: A_prev has \(2, 3\) but W has \(3, 3\)"),
        (backward, {"dW": (3, 2)}, r"dense_backward: dW has \(3, 2\) but W has \(3, 3\)"),
        (backward, {"db": (1, 3)}, r"dense_backward: db has \(1, 3\) but W has \(3, 3\)"),
        (backward, {"dA_prev": (3, 1)}, r"dense_backward: dA_prev has \(3, 1\) but A_prev has"),
        (backward, {"dZ": (3, 0), "A_prev": (3, 0)}, "needs at least one example"),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_shapes_that_do_not_belong_together(call, changes, message):
    with pytest.raises(ValueError, match=message):
        call(**{name: np.ones(shape) for name, shape in changes.items()})


@pytest.mark.parametrize("name", ["W", "A_prev"])
def test_an_output_must_not_be_an_input(name):
    shared = np.ones((3, 3))
    with pytest.raises(ValueError, match=r"dense_forward: Z is an input's own memory"):
        forward(**{name: shared, "Z": shared})


@pytest.mark.parametrize(
    ("output", "name"),
    [
        ("dW", "dZ"), ("dW", "A_prev"), ("dW", "W"),
        ("dA_prev", "dZ"), ("dA_prev", "A_prev"), ("dA_prev", "W"),
    ],
)  # fmt: skip
def test_no_gradient_must_be_an_input(output, name):
    shared = np.ones((3, 3))
    with pytest.raises(ValueError, match=rf"dense_backward: {output} is .* own memory"):
        backward(**{name: shared, output: shared})


@pytest.mark.parametrize(
    ("call", "changes", "message"),
    [
        (forward, {"b": np.ones((3, 1), "f4")}, "dense_forward: b holds float32 but W holds"),
        (forward, {"A_prev": np.ones((3, 3), int)}, "A_prev holds int64; expected float64"),
        (forward, {"A_prev": np.ones((6, 3))[::2]}, "A_prev is not C-contiguous"),
        (forward, {"b": np.ones(3)}, "b has 1 dimensions; expected 2"),
        (backward, {"W": np.ones((3, 3), "f4")}, "W holds float32 but dZ holds float64"),
        (backward, {"dW": np.ones((3, 3)).T}, "dW is not C-contiguous"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_types_that_do_not_belong_together(call, changes, message):
    if "contiguous" in message and "dW" in changes:
        changes = {"dW": np.asfortranarray(np.ones((3, 3)))}
    with pytest.raises(TypeError, match=message):
        call(**changes)
