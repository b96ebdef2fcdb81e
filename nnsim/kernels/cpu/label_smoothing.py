"""Label smoothing: targets that are almost sure instead of sure (topic E6).

Y_smooth = (1 - s) Y + s / K: of K classes the right one gets 1 - s + s / K, each other s / K. With
one output for two classes K is 2: 0.95 instead of 1 for s = 0.1. What is then learnt has
dZ[L] = A[L] - Y_smooth, so the outputs stop growing once they are as sure as the targets.

Source: Szegedy, Vanhoucke, Ioffe, Shlens and Wojna (2016), "Rethinking the inception architecture
for computer vision".
"""

from nnsim.kernels.checks import check_arrays, output_like
from nnsim.kernels.jit import body, kernel
from nnsim.kernels.lanes import lanes_in, load, store
from nnsim.kernels.loops import flat


@body
def smooth_labels_into(Y, smoothing, classes, Y_smooth):
    """Unchecked form of `smooth_labels`, of flat arrays; Y_smooth may be Y itself."""
    T = Y.dtype.type
    keep, share, end = T(1.0 - smoothing), T(smoothing / classes), Y.size
    for at in range(0, end, lanes_in(Y)):
        store(Y_smooth, at, end, keep * load(Y, at, end) + share)


@kernel
def smooth_labels(Y, smoothing, classes, Y_smooth=None):
    """Return (1 - s) Y + s / classes of labels Y (n_y, m), s = `smoothing` from 0 to 1.

    float64 or float32, C-contiguous. `classes` is n_y for one-hot columns, 2 where each output is
    a yes or no of its own. Y_smooth, if given, is written in place. Raises TypeError for another
    type or layout, or types that differ, and ValueError for shapes that differ, a smoothing
    outside [0, 1] or fewer than 2 classes.
    """
    check_arrays("smooth_labels(Y) -> Y_smooth", 2, Y, Y_smooth)
    if not 0.0 <= smoothing <= 1.0:
        raise ValueError("smooth_labels: smoothing must be from 0 to 1")
    if classes < 2:
        raise ValueError("smooth_labels: classes must be at least 2")
    Y_smooth = output_like("smooth_labels", "Y_smooth", Y_smooth, "Y", Y)
    smooth_labels_into(flat(Y), smoothing, classes, flat(Y_smooth))
    return Y_smooth
