"""The small real data sets that come with scikit-learn (extra `datasets`), in natural units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnsim.data.labels import encode
from nnsim.data.options import nearest
from nnsim.data.pool import Pool
from nnsim.errors import DataError, MissingExtraError
from nnsim.kernels.codes import Task


def digits(*, classes: str | Sequence[str], one_hot: bool) -> Pool:
    """1797 handwritten digits: 64 pixels, row by row, 0 (paper) to 16 (ink)."""
    return _classification("digits", (), classes, one_hot)


def breast_cancer(*, features: str | Sequence[str], one_hot: bool) -> Pool:
    """569 tumours: mean, error and worst of ten measures of cell nuclei; 0 malignant, 1 benign."""
    return _classification("breast_cancer", features, (), one_hot)


def iris(*, features: str | Sequence[str], classes: str | Sequence[str], one_hot: bool) -> Pool:
    """150 flowers: length and width of sepals and petals, cm; setosa, versicolor, virginica."""
    return _classification("iris", features, classes, one_hot)


def wine(*, features: str | Sequence[str], classes: str | Sequence[str], one_hot: bool) -> Pool:
    """178 wines: 13 chemical measures in very different units; three growers."""
    return _classification("wine", features, classes, one_hot)


def diabetes(*, features: str | Sequence[str]) -> Pool:
    """442 patients: age, sex, body mass index, blood pressure and six of serum; a regression.

    As measured, not as scikit-learn scales them, so that normalising has something to do.
    """
    bunch = _load("diabetes", scaled=False)
    X, names = _chosen_features("diabetes", bunch, features)
    Y = np.ascontiguousarray(bunch.target[np.newaxis], dtype=np.float64)
    return Pool(X, Y, Task.REGRESSION, names, ("progression",))


def _classification(
    source: str, features: str | Sequence[str], classes: str | Sequence[str], one_hot: bool
) -> Pool:
    bunch = _load(source)
    X, feature_names = _chosen_features(source, bunch, features)
    y = np.asarray(bunch.target, dtype=np.int64)
    names = tuple(str(name) for name in bunch.target_names)
    if classes:
        kept = _chosen(source, "class", names, classes)
        if len(kept) < 2:
            raise DataError(
                f"data source {source!r}: classes names only {names[kept[0]]!r}; "
                "there must be two or more"
            )
        number_of = np.full(len(names), -1)
        number_of[kept] = np.arange(len(kept))
        y = number_of[y]
        X, y = np.ascontiguousarray(X[:, y >= 0]), y[y >= 0]
        names = tuple(names[number] for number in kept)
    Y, task = encode(y, len(names), one_hot)
    return Pool(X, Y, task, feature_names, ("class",), names)


def _chosen_features(
    source: str, bunch: Any, features: str | Sequence[str]
) -> tuple[np.ndarray, tuple[str, ...]]:
    X = np.asarray(bunch.data, dtype=np.float64).T
    names = tuple(str(name) for name in bunch.feature_names)
    kept = _chosen(source, "feature", names, features) if features else list(range(len(names)))
    return np.ascontiguousarray(X[kept]), tuple(names[number] for number in kept)


def _chosen(
    source: str, what: str, names: tuple[str, ...], wanted: str | Sequence[str]
) -> list[int]:
    wanted = [wanted] if isinstance(wanted, str) else list(wanted)
    problems = []
    for name in wanted:
        if name not in names:
            close = nearest(name, names)
            problems.append(
                f"data source {source!r} has no {what} {name!r}"
                + (f"; did you mean {close!r}?" if close else f"; choose from {', '.join(names)}")
            )
    if problems:
        raise DataError("\n".join(problems))
    return [names.index(name) for name in wanted]


def _load(source: str, **options: Any) -> Any:
    try:
        from sklearn import datasets
    except ImportError:
        raise MissingExtraError("scikit-learn", "datasets", f"data source {source!r}") from None
    return getattr(datasets, f"load_{source}")(**options)
