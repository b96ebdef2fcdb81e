"""From labels as they are written down to Y: 0/1, one-hot, or numbers to be predicted.

Whether one row of labels means classes is decided by one rule (`RULE`), unless the option
``task`` says it:

- text: classes;
- numbers that are all 0 or 1, or all -1 or 1: two classes;
- whole numbers, at most `MOST_CLASSES` different ones, and `FEWEST_EACH` or more examples to each
  on average: classes;
- any other numbers: regression.

Several rows are classes when every column is one-hot (a single 1, else 0), else regression.
Classes are counted in sorted order: text by the alphabet, numbers by size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnsim.errors import DataError
from nnsim.kernels.codes import Task
from nnsim.memory import refuse_if_too_large

MOST_CLASSES = 20
FEWEST_EACH = 3
RULE = (
    "labels are classes when they are text, only 0 and 1, only -1 and 1, or at most "
    f"{MOST_CLASSES} different whole numbers with {FEWEST_EACH} or more examples each on average; "
    "set `task` to 'classification' or 'regression' to decide it yourself"
)


@dataclass(frozen=True)
class Labels:
    """Y (n_y, m), what it means, and the names of the classes in Y's order."""

    Y: np.ndarray
    task: Task
    class_names: tuple[str, ...] = ()


def labels_from_text(
    texts: Sequence[str], where: str, task: str = "auto", one_hot: bool = False
) -> Labels:
    """Return the labels that m texts name; DataError for regression or a single class.

    ``where`` names the labels in messages: ``"houses.csv: column 'price'"``.
    """
    if task == "regression":
        raise DataError(f"{where} holds text such as {texts[0]!r}; regression needs numbers")
    names = tuple(sorted(set(texts)))
    if task == "auto" and MOST_CLASSES < len(names) > len(texts) // FEWEST_EACH:
        raise DataError(
            f"{where} holds {len(names)} different texts in {len(texts)} examples, too many to be "
            f"labels of classes; name another target; {RULE}"
        )
    number_of = {name: number for number, name in enumerate(names)}
    return _classes([number_of[text] for text in texts], names, where, one_hot)


def labels_from_numbers(
    rows: np.ndarray, where: str, task: str = "auto", one_hot: bool = False
) -> Labels:
    """Return the labels that finite numbers (k, m) mean, by the rule above or by ``task``.

    Raises
    ------
    DataError
        Where numbers cannot be classes although ``task`` says so.
    """
    if len(rows) > 1:
        return _labels_from_rows(rows, where, task)
    if task == "regression" or (task == "auto" and not _are_classes(rows[0])):
        return Labels(np.ascontiguousarray(rows, dtype=np.float64), Task.REGRESSION)
    broken = np.flatnonzero(rows[0] != np.floor(rows[0]))
    if len(broken):
        raise DataError(
            f"{where}: example {broken[0] + 1} has the label {rows[0, broken[0]]:g}; "
            "classes are text or whole numbers"
        )
    values, numbers = np.unique(rows[0], return_inverse=True)
    if set(values) <= {0.0, 1.0}:
        # Few examples may all be of one class, and a 1 still means 1.
        values, numbers = np.array([0.0, 1.0]), rows[0].astype(np.int64)
    return _classes(numbers, tuple(f"{value:.0f}" for value in values), where, one_hot)


def one_hot_rows(numbers: np.ndarray, classes: int) -> np.ndarray:
    """Return Y (classes, m) with a 1 in row ``numbers[i]`` of column i, else 0."""
    m = len(numbers)
    refuse_if_too_large(8 * classes * m, f"Y with {classes} classes and {m} examples")
    Y = np.zeros((classes, m))
    Y[numbers, np.arange(m)] = 1.0
    return Y


def encode(numbers: np.ndarray, classes: int, one_hot: bool = False) -> tuple[np.ndarray, Task]:
    """Return Y and its task for class numbers (m,): (1, m) of 0/1 for two classes, else one-hot."""
    if classes == 2 and not one_hot:
        return np.asarray(numbers, dtype=np.float64).reshape(1, -1), Task.BINARY
    return one_hot_rows(numbers, classes), Task.MULTICLASS


def class_numbers(Y: np.ndarray, task: Task) -> np.ndarray:
    """Return the class numbers (m,) that Y holds: `encode` backwards."""
    return (Y[0] if task == Task.BINARY else np.argmax(Y, axis=0)).astype(np.int64)


def _are_classes(values: np.ndarray) -> bool:
    different = set(np.unique(values)[: MOST_CLASSES + 1].tolist())
    if different <= {0.0, 1.0} or different == {-1.0, 1.0}:
        return True
    whole = all(value.is_integer() for value in different)
    few = 1 < len(different) <= min(MOST_CLASSES, len(values) // FEWEST_EACH)
    return whole and few


def _labels_from_rows(rows: np.ndarray, where: str, task: str) -> Labels:
    one_hot = ((rows == 0.0) | (rows == 1.0)).all(axis=0) & ((rows == 1.0).sum(axis=0) == 1)
    if task == "classification" and not one_hot.all():
        example = np.flatnonzero(~one_hot)[0]
        raise DataError(
            f"{where}: example {example + 1} has the labels {rows[:, example].tolist()}; with "
            f"{len(rows)} rows of labels, classes are one-hot: one 1, else 0"
        )
    Y = np.ascontiguousarray(rows, dtype=np.float64)
    if task != "regression" and one_hot.all():
        return Labels(Y, Task.MULTICLASS, tuple(str(number) for number in range(len(rows))))
    return Labels(Y, Task.REGRESSION)


def _classes(
    numbers: Sequence[int] | np.ndarray, names: tuple[str, ...], where: str, one_hot: bool
) -> Labels:
    if len(names) < 2:
        raise DataError(f"{where} holds only the class {names[0]!r}; there must be two or more")
    Y, task = encode(np.asarray(numbers, dtype=np.int64), len(names), one_hot)
    return Labels(Y, task, names)
