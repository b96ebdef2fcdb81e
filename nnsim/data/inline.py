"""Examples written down number by number in a scenario or in Python, in the course's layout."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnsim.data.labels import labels_from_numbers, labels_from_text
from nnsim.data.pool import Pool, numbered
from nnsim.errors import DataError


def inline(*, X: Any, Y: Any, task: str, one_hot: bool) -> Pool:
    """X: a list a feature, an entry an example; Y: the same for outputs, or m class labels.

    A single list stands for a single row. How labels become Y is told in `nnsim.data.labels`.
    """
    inputs = _rows(X)
    m = inputs.shape[1]
    where = "data source 'inline': Y"
    if isinstance(Y[0], str):
        m_Y = len(Y)
        labels = labels_from_text(Y, where, task, one_hot) if m_Y == m else None
    else:
        outputs = _rows(Y)
        m_Y = outputs.shape[1]
        labels = labels_from_numbers(outputs, where, task, one_hot) if m_Y == m else None
    if labels is None:
        raise DataError(
            f"{where} has {m_Y} examples, X has {m}; each list is a row of the course's layout "
            "(X: a list a feature, Y: a list an output), and an entry an example"
        )
    n_y = 1 if labels.class_names else len(labels.Y)
    return Pool(
        inputs,
        labels.Y,
        labels.task,
        numbered("x", len(inputs)),
        ("y",) if n_y == 1 else numbered("y", n_y),
        labels.class_names,
    )


def _rows(values: Any) -> np.ndarray:
    return np.atleast_2d(np.array(values, dtype=np.float64))
