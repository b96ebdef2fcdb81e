"""Residual connections: a layer adds to what came into it, A = F(A_prev) + A_prev (topic E8).

All arrays are (n, m), one example a column, float64 or float32, C-contiguous and of one type.
Backwards, dA reaches A_prev twice: through the layer, and unchanged past it. Raised are TypeError
for another type or layout, or types that differ, and ValueError for shapes that differ.

Source: He, Zhang, Ren and Sun (2016), "Deep residual learning for image recognition". There the
sum lies before the last activation; here it lies behind it and behind dropout, as in their
"Identity mappings in deep residual networks" (2016), so that the way past a layer is the identity.
"""

from nnsim.kernels.checks import check_arrays, check_same_shape
from nnsim.kernels.jit import body, kernel
from nnsim.kernels.lanes import lanes_in, load, store
from nnsim.kernels.loops import flat


@body
def add_into(source, target):
    """Write target += source, both flat."""
    end = source.size
    for at in range(0, end, lanes_in(source)):
        store(target, at, end, load(target, at, end) + load(source, at, end))


@kernel
def residual_forward(A_prev, A):
    """Write A = A + A_prev in place, where A holds what the layer itself gives, and return it."""
    check_arrays("residual_forward(A_prev) -> A", 2, A_prev, A)
    check_same_shape("residual_forward", "A_prev", A_prev, "A", A)
    add_into(flat(A_prev), flat(A))
    return A


@kernel
def residual_backward(dA, dA_prev):
    """Write dA_prev = dA_prev + dA in place, where dA_prev holds W^T dZ, and return it."""
    check_arrays("residual_backward(dA) -> dA_prev", 2, dA, dA_prev)
    check_same_shape("residual_backward", "dA", dA, "dA_prev", dA_prev)
    add_into(flat(dA), flat(dA_prev))
    return dA_prev
