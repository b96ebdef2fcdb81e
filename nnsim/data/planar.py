"""Toy sets drawn at random, most of them in the plane: what a small network can be watched on.

Each function takes a `Drawing` and the options of its entry in `nnsim.data.sources`, and returns
a `Pool`. Example i is of class i mod C, so classes are as even as can be and the first examples
show all of them. Random numbers are asked for in a fixed order and in amounts that depend on m
only: raising the noise moves each point farther along its own direction and touches nothing else.
"""

from __future__ import annotations

import numpy as np

from nnsim.data.drawing import Drawing
from nnsim.data.labels import encode
from nnsim.data.pool import Pool, make_room, numbered
from nnsim.errors import DataError
from nnsim.kernels.codes import Task


def xor(
    drawing: Drawing, *, examples: int, noise: float, label_noise: float, one_hot: bool
) -> Pool:
    """Clouds around (-1, -1), (-1, 1), (1, 1), (1, -1); y = 1 where the signs differ."""
    make_room("xor", examples, 4)
    corner = np.arange(examples) % 4
    X = np.empty((2, examples))
    X[0] = np.where(corner < 2, -1.0, 1.0)
    X[1] = np.where((corner == 1) | (corner == 2), 1.0, -1.0)
    X += noise * drawing.normal(2, examples)
    return _pool(drawing, X, corner % 2, 2, label_noise, one_hot)


def circles(
    drawing: Drawing,
    *,
    examples: int,
    noise: float,
    factor: float,
    label_noise: float,
    one_hot: bool,
) -> Pool:
    """Points at random angles on a circle of radius 1 (y = 0) and one of radius factor (y = 1)."""
    make_room("circles", examples, 4)
    y = np.arange(examples) % 2
    angle = drawing.uniform(examples, high=2.0 * np.pi)
    X = np.where(y == 0, 1.0, factor) * np.stack([np.cos(angle), np.sin(angle)])
    X += noise * drawing.normal(2, examples)
    return _pool(drawing, X, y, 2, label_noise, one_hot)


def moons(
    drawing: Drawing, *, examples: int, noise: float, label_noise: float, one_hot: bool
) -> Pool:
    """Upper half of a circle round (0, 0) (y = 0), lower half of one round (1, 0.5) (y = 1)."""
    make_room("moons", examples, 4)
    y = np.arange(examples) % 2
    angle = drawing.uniform(examples, high=np.pi)
    X = np.empty((2, examples))
    X[0] = np.where(y == 0, np.cos(angle), 1.0 - np.cos(angle))
    X[1] = np.where(y == 0, np.sin(angle), 0.5 - np.sin(angle))
    X += noise * drawing.normal(2, examples)
    return _pool(drawing, X, y, 2, label_noise, one_hot)


def spirals(
    drawing: Drawing,
    *,
    examples: int,
    noise: float,
    classes: int,
    turns: float,
    label_noise: float,
    one_hot: bool,
) -> Pool:
    """C arms, arm c at radius r in [0, 1): angle = 2 pi (turns r + c / C)."""
    _check_classes("spirals", examples, classes)
    make_room("spirals", examples, 2 + classes)
    y = np.arange(examples) % classes
    # sqrt: the arm is as densely dotted outside as inside.
    radius = np.sqrt(drawing.uniform(examples))
    angle = 2.0 * np.pi * (turns * radius + y / classes)
    X = radius * np.stack([np.cos(angle), np.sin(angle)])
    X += noise * drawing.normal(2, examples)
    return _pool(drawing, X, y, classes, label_noise, one_hot)


def blobs(
    drawing: Drawing,
    *,
    examples: int,
    noise: float,
    classes: int,
    radius: float,
    label_noise: float,
    one_hot: bool,
) -> Pool:
    """Normal clouds around C points of a circle; class c's centre is at angle 2 pi c / C."""
    _check_classes("blobs", examples, classes)
    make_room("blobs", examples, 2 + classes)
    y = np.arange(examples) % classes
    angle = 2.0 * np.pi * y / classes
    X = radius * np.stack([np.cos(angle), np.sin(angle)])
    X += noise * drawing.normal(2, examples)
    return _pool(drawing, X, y, classes, label_noise, one_hot)


def flower(
    drawing: Drawing,
    *,
    examples: int,
    noise: float,
    petals: int,
    label_noise: float,
    one_hot: bool,
) -> Pool:
    """The course's flower: t in [3.12 y, 3.12 (y + 1)] + noise, r = 4 sin(petals t) + noise.

    X = (r sin t, r cos t); t is even within each class.

    Notes
    -----
    Source: the planar data set of the course's exercise on one hidden layer, where petals is 4
    and noise 0.2. The random numbers differ, so the points do.
    """
    make_room("flower", examples, 4)
    number = np.arange(examples)
    y = number % 2
    in_class = np.maximum((examples - y + 1) // 2 - 1, 1)
    t = 3.12 * (y + (number // 2) / in_class) + noise * drawing.normal(examples)
    r = 4.0 * np.sin(petals * t) + noise * drawing.normal(examples)
    X = r * np.stack([np.sin(t), np.cos(t)])
    return _pool(drawing, X, y, 2, label_noise, one_hot)


def linear(
    drawing: Drawing,
    *,
    examples: int,
    features: int,
    informative: int,
    offset: float,
    noise: float,
    task: str,
    label_noise: float,
    one_hot: bool,
) -> Pool:
    """Y = x1 - x2 + x3 - ... + offset + noise, x normal; for classification 1 where y > 0.

    Only the first ``informative`` features count; what the others weigh is 0.
    """
    if informative > features:
        raise DataError(
            f"data source 'linear': informative is {informative}, but there are {features} features"
        )
    if task == "regression" and label_noise:
        raise DataError(
            "data source 'linear': label_noise is for classification; for regression set noise"
        )
    make_room("linear", examples, features + 2, "lower examples or features")
    X = drawing.normal(features, examples)
    used = X[: informative or features]
    score = used[0::2].sum(axis=0) - used[1::2].sum(axis=0) + offset
    score = score + noise * drawing.normal(examples)
    if task == "regression":
        return Pool(X, score[np.newaxis], Task.REGRESSION, numbered("x", features), ("y",))
    return _pool(drawing, X, (score > 0.0).astype(np.int64), 2, label_noise, one_hot)


def _check_classes(source: str, examples: int, classes: int) -> None:
    if examples < classes:
        raise DataError(
            f"data source {source!r}: {examples} examples cannot show {classes} classes; "
            f"set examples to {classes} or more"
        )


def _pool(
    drawing: Drawing, X: np.ndarray, y: np.ndarray, classes: int, label_noise: float, one_hot: bool
) -> Pool:
    """Return X with the class numbers y (m,), a share of them changed to another class."""
    flipped = drawing.uniform(len(y)) < label_noise
    another = 1 + np.floor(drawing.uniform(len(y)) * (classes - 1)).astype(np.int64)
    y = np.where(flipped, (y + another) % classes, y)
    Y, task = encode(y, classes, one_hot)
    names = tuple(str(number) for number in range(classes))
    return Pool(np.ascontiguousarray(X), Y, task, numbered("x", len(X)), ("class",), names)
