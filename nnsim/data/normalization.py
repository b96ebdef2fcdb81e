"""Normalised inputs (course topic B9): x := (x - mu) / sigma, mu and sigma of the training set.

mu = mean(x), sigma^2 = mean((x - mu)^2), of each feature over the training examples. Dev and
test get the same mu and sigma: the network must meet them as it met the training examples.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnsim.data.dataset import Normalization
from nnsim.data.mistakes import NORMALIZATIONS
from nnsim.errors import DataError


def fit(X: np.ndarray, kind: str, feature_names: Sequence[str] = ()) -> Normalization | None:
    """Return the normalisation of X (n_x, m) by its own mu and sigma; None for kind ``none``.

    A feature that is the same in all examples is shifted to 0 and keeps the scale 1: there is
    nothing to divide by.

    Raises
    ------
    DataError
        If the kind is unknown, or sigma (or its square) of a feature is beyond float64.
    """
    if kind not in NORMALIZATIONS:
        raise DataError(f"normalize is {kind!r}; expected one of {', '.join(NORMALIZATIONS)}")
    if kind == "none":
        return None
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        low, high = X.min(axis=1, keepdims=True), X.max(axis=1, keepdims=True)
        constant = low == high
        # The mean of equal numbers may differ from them in the last bit.
        mean = np.where(constant, low, X.mean(axis=1, keepdims=True))
        centred = X - mean
        # Divided by the largest first: squares neither overflow nor vanish.
        largest = np.where(constant, 1.0, np.abs(centred).max(axis=1, keepdims=True))
        sigma = largest * np.sqrt(np.mean((centred / largest) ** 2, axis=1, keepdims=True))
        scale = np.where(constant, 1.0, sigma if kind == "standard" else sigma**2)
        reciprocal = 1.0 / scale
    good = np.isfinite(mean) & np.isfinite(scale) & np.isfinite(reciprocal) & (scale > 0.0)
    for row in np.flatnonzero(~good[:, 0]).tolist():
        name = repr(feature_names[row]) if row < len(feature_names) else row + 1
        raise DataError(
            f"feature {name} cannot be normalised: its numbers, {low[row, 0]:g} to "
            f"{high[row, 0]:g}, give a divisor beyond float64; give it in other units"
        )
    return Normalization(mean, scale)
