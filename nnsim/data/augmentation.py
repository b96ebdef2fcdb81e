"""Data augmentation (course topic B7): changed copies of the training examples.

A copy keeps its label, so every change must be one that leaves the label true: a mirrored cat is a
cat, a mirrored 2 is no 2. Copies are made after the split and of training examples alone: a copy
of a dev example in the training set would make dev a test of memory. They are made before
normalisation, in the units of the data, where 0 is the background of an image.

Images (h, w), stored row by row, pixel (r, c) at (x, y) = (c - (w-1)/2, (h-1)/2 - r) from the
middle: flip x := -x, zoom by a factor, rotate counter-clockwise, shift. What is seen at a place is
interpolated between the four pixels around where it came from (bilinear); outside there is 0.

Points (x1, x2): flip x1 := -x1, rotate counter-clockwise about 0. Anything may get noise.
"""

from __future__ import annotations

import numpy as np

from nnsim.data.dataset import Examples
from nnsim.data.drawing import Drawing
from nnsim.data.specification import Augmentation
from nnsim.kernels.codes import Stream
from nnsim.memory import refuse_if_too_large

MOST_AT_ONCE = 2_000_000
"""Pixels whose places are worked out at once: bounds the memory that this takes."""


def augmented(
    train: Examples, augmentation: Augmentation, seed: int, image: tuple[int, int] | None
) -> Examples:
    """Return X (n_x, (1 + copies) m) and Y: the training examples as they are, then their copies.

    Copy k of example j depends on nothing but (seed, k, j), the example and the settings of each
    change: more examples, more copies or another kind of change leave it as it is.

    Parameters
    ----------
    train : Examples
        X (n_x, m), Y (n_y, m).
    augmentation : Augmentation
        What the examples can have: see `nnsim.data.mistakes.find_augmentation_mistakes`.
    seed : int
        Of all random changes.
    image : (int, int), optional
        Height and width where an example is an image; it is a point, or a table's row, otherwise.

    Raises
    ------
    SizeError
        If they would not fit in memory.
    """
    m, copies = train.m, augmentation.copies
    numbers = (train.X.shape[0] + train.Y.shape[0]) * m * (1 + copies)
    refuse_if_too_large(
        (numbers + 2 * train.X.size + 8 * min(train.X.size, MOST_AT_ONCE)) * 8,
        f"{m} training examples with {copies} copies of each",
        "lower data.augment.copies",
    )
    X = np.empty((train.X.shape[0], m * (1 + copies)))
    X[:, :m] = train.X
    for k in range(1, copies + 1):
        drawing = Drawing(seed, k, Stream.AUGMENT)
        X[:, k * m : (k + 1) * m] = _copy(train.X, augmentation, drawing, image)
    return Examples(X, np.tile(train.Y, (1, 1 + copies)))


def _copy(
    X: np.ndarray, augmentation: Augmentation, drawing: Drawing, image: tuple[int, int] | None
) -> np.ndarray:
    n, m = X.shape
    # Drawn whether used or not, so that one kind of change does not move another one's numbers.
    flipped = drawing.uniform(m) < 0.5
    angle = np.radians(augmentation.rotate) * drawing.uniform(m, low=-1.0)
    zoom = 1.0 + augmentation.zoom * drawing.uniform(m, low=-1.0)
    right = augmentation.shift * drawing.uniform(m, low=-1.0)
    up = augmentation.shift * drawing.uniform(m, low=-1.0)
    sign = np.where(flipped & augmentation.flip, -1.0, 1.0)
    if image is not None:
        X = _images(X, image, sign, angle, zoom, right, up)
    elif augmentation.flip or augmentation.rotate:
        X = _points(X, sign, angle)
    if augmentation.noise:
        # An example's own numbers lie together: they do not depend on how many there are.
        X = X + augmentation.noise * drawing.normal(m, n).T
    return X


def _points(X: np.ndarray, sign: np.ndarray, angle: np.ndarray) -> np.ndarray:
    x1, x2 = sign * X[0], X[1]
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.stack([cosine * x1 - sine * x2, sine * x1 + cosine * x2])


def _images(
    X: np.ndarray,
    image: tuple[int, int],
    sign: np.ndarray,
    angle: np.ndarray,
    zoom: np.ndarray,
    right: np.ndarray,
    up: np.ndarray,
) -> np.ndarray:
    """Look up, for each pixel of each copy, where in its example it came from."""
    from scipy.ndimage import map_coordinates

    height, width = image
    y0, x0 = (height - 1) / 2, (width - 1) / 2
    y, x = y0 - np.arange(height)[:, None], np.arange(width) - x0
    seen = np.empty((X.shape[1], height, width))
    pictures = np.ascontiguousarray(X.T).reshape(seen.shape)
    at_once = max(1, MOST_AT_ONCE // (height * width))
    for start in range(0, len(seen), at_once):
        part = slice(start, start + at_once)
        cosine, sine, factor, mirror, dx, dy = (
            each[part, None, None] for each in (np.cos(angle), np.sin(angle), zoom, sign, right, up)
        )
        from_x = mirror * (cosine * (x - dx) + sine * (y - dy)) / factor
        from_y = (cosine * (y - dy) - sine * (x - dx)) / factor
        number = np.broadcast_to(np.arange(len(from_x))[:, None, None], from_x.shape)
        places = np.stack([number, y0 - from_y, from_x + x0])
        map_coordinates(pictures[part], places, seen[part], order=1, mode="grid-constant", cval=0.0)
    return seen.reshape(X.shape[1], -1).T
