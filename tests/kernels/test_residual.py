"""Residual connections: sums, and nothing else (topic E8)."""

import numpy as np
import pytest

from nnsim.kernels.cpu.residual import residual_backward, residual_forward
from tests.reference import residual as twins


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(
    ("kernel", "twin"),
    [
        (residual_forward, twins.residual_forward),
        (residual_backward, twins.residual_backward),
    ],
)
@pytest.mark.parametrize("shape", [(1, 1), (3, 7), (16, 33)])
def test_agrees_with_twin_and_works_in_place(kernel, twin, dtype, shape):
    draw = np.random.default_rng(0)
    source, target = (draw.normal(size=shape).astype(dtype) for _ in range(2))
    expected, kept = twin(source, target), source.copy()
    result = kernel(source, target)
    assert result.dtype == dtype
    np.testing.assert_array_equal(result, expected)
    np.testing.assert_array_equal(target, expected)
    np.testing.assert_array_equal(source, kept)


@pytest.mark.parametrize("kernel", [residual_forward, residual_backward])
def test_other_shapes_are_told(kernel):
    with pytest.raises(ValueError, match=r"\(2, 3\).*\(2, 4\)"):
        kernel(np.ones((2, 3)), np.ones((2, 4)))
