"""Examples from the user's files: CSV with a header line, and NumPy archives."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nnsim.data.csv_table import Findings, Table, finite_number, read_table
from nnsim.data.labels import Labels, class_numbers, labels_from_numbers, labels_from_text
from nnsim.data.npz_arrays import read_arrays
from nnsim.data.paths import locate
from nnsim.data.pool import Pool, numbered
from nnsim.errors import DataError, Problem

_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
_MOST_PROBLEMS = 20


def csv_file(
    folder: Path | None,
    *,
    file: str,
    target: str | Sequence[str],
    features: str | Sequence[str],
    task: str,
    one_hot: bool,
    delimiter: str,
) -> Pool:
    """Examples of a CSV file: a header line, then a row an example.

    Features are numbers. One target column holds numbers or class labels (`nnsim.data.labels`
    tells which); several hold numbers, or are one-hot.

    Raises
    ------
    DataError
        With file, line, row and column of every mistake, up to a limit.
    """
    path = locate(file, folder)
    targets = (target,) if isinstance(target, str) else tuple(target)
    features = (features,) if isinstance(features, str) and features else tuple(features)
    table, findings = read_table(path, _DELIMITERS[delimiter], targets, features)
    values = [
        _target_numbers(table, findings, name, texts, task, len(targets) > 1)
        for name, texts in zip(targets, table.texts, strict=True)
    ]
    findings.refuse_if_any()
    where = f"{table.file}: column " + ", ".join(repr(name) for name in targets)
    numbers = [value for value in values if value is not None]
    if numbers:
        labels = labels_from_numbers(np.stack(numbers), where, task, one_hot)
    else:
        labels = labels_from_text(table.texts[0], where, task, one_hot)
    _refuse_single_class(labels, where)
    class_names = labels.class_names
    if class_names and len(targets) > 1:
        # One-hot columns: their names are the classes'.
        class_names = targets
    X = np.ascontiguousarray(table.numbers.T)
    return Pool(X, labels.Y, labels.task, table.features, targets, class_names)


def npz_file(
    folder: Path | None, *, file: str, X: str, Y: str, layout: str, task: str, one_hot: bool
) -> Pool:
    """Examples of two arrays of a NumPy archive; Y may be (m,), numbers or text.

    Layout ``columns`` is the course's, X (n_x, m) and Y (n_y, m); ``rows`` is X (m, n_x).

    Raises
    ------
    DataError
        If shapes do not fit together, or a number is not finite: with its row and column.
    """
    path = locate(file, folder)
    arrays = read_arrays(path, {"X": X, "Y": Y})
    names = {"X": X, "Y": Y}
    problems = []
    for option, array in arrays.items():
        problem = _shape_problem(option, array)
        if problem:
            problems.append(Problem(problem, str(path), key=f"array {names[option]!r}"))
            continue
        arrays[option] = np.atleast_2d(array.T if layout == "rows" else array)
        problems += [
            Problem(problem, str(path), key=f"array {names[option]!r}")
            for problem in _number_problems(option, arrays[option], layout)
        ]
    _refuse(problems)
    m, m_Y = arrays["X"].shape[1], arrays["Y"].shape[1]
    if m != m_Y:
        other = "columns" if layout == "rows" else "rows"
        fits_otherwise = len(arrays["X"]) in (m_Y, len(arrays["Y"]))
        message = (
            f"{X!r} has {m} examples, {Y!r} has {m_Y}, with an example in each of the {layout}"
        )
        hint = f"as many in both; set layout to {other!r}" if fits_otherwise else "as many in both"
        _refuse([Problem(message, str(path), expected=hint)])
    if m < 2:
        _refuse([Problem("has only one example", str(path), expected="two or more")])
    where = f"{path}: array {Y!r}"
    inputs = np.ascontiguousarray(arrays["X"], dtype=np.float64)
    if arrays["Y"].dtype.kind in "US":
        labels = labels_from_text([str(text) for text in arrays["Y"][0]], where, task, one_hot)
    else:
        labels = labels_from_numbers(arrays["Y"].astype(np.float64), where, task, one_hot)
    _refuse_single_class(labels, where)
    n_y = 1 if labels.class_names else len(labels.Y)
    target_names = (Y,) if n_y == 1 else numbered("y", n_y)
    feature_names = numbered("x", len(inputs))
    return Pool(inputs, labels.Y, labels.task, feature_names, target_names, labels.class_names)


def _target_numbers(
    table: Table, findings: Findings, name: str, texts: list[str], task: str, several: bool
) -> np.ndarray | None:
    """Return a target column as numbers, None if it is text; note what is wrong with it."""
    read = [finite_number(text) for text in texts]
    is_text = [wrong.endswith("is not a number") for _, wrong in read]
    all_text = any(is_text) and all(wrong for _, wrong in read)
    numbers_wanted = several or task == "regression"
    text_allowed = not numbers_wanted and (all_text or task == "classification")
    hint = "" if numbers_wanted else "; if these are classes, set task to 'classification'"
    for row, line, text, (_, wrong) in zip(table.rows, table.lines, is_text, read, strict=True):
        if wrong and not (text and text_allowed):
            findings.add_cell(row, line, name, wrong + hint * text)
    if numbers_wanted and all(is_text) and len(texts) > 1:
        findings.replace_column(name, f"holds text such as {texts[0]!r}; expected numbers")
    return None if any(is_text) else np.array([number for number, _ in read])


def _refuse_single_class(labels: Labels, where: str) -> None:
    """Refuse a file whose labels are all the same class; 0 and 1 are two even if one is absent."""
    if labels.class_names and len(np.unique(class_numbers(labels.Y, labels.task))) < 2:
        raise DataError(f"{where} holds a single class; there must be two or more")


def _shape_problem(option: str, array: np.ndarray) -> str:
    if array.size == 0:
        return f"is empty: shape {array.shape}"
    if array.ndim not in (1, 2):
        return f"has {array.ndim} dimensions, shape {array.shape}; expected 1 or 2: flatten images"
    if option == "X" and array.dtype.kind in "US":
        return "holds text; expected numbers"
    return ""


def _number_problems(option: str, array: np.ndarray, layout: str) -> list[str]:
    """Return what is wrong with single entries of an array in course layout."""
    if array.dtype.kind in "US":
        return (
            ["holds several rows of text; expected one label an example"] if len(array) > 1 else []
        )
    rows, columns = np.nonzero(~np.isfinite(array))
    what = "feature" if option == "X" else "output"
    places = [
        f"{array[row, column]} at {what} {row + 1}, example {column + 1} (index "
        f"{[int(column), int(row)] if layout == 'rows' else [int(row), int(column)]})"
        for row, column in zip(rows[:_MOST_PROBLEMS], columns[:_MOST_PROBLEMS], strict=True)
    ]
    problems = [f"is not finite: {place}" for place in places]
    if len(rows) > _MOST_PROBLEMS:
        problems.append(f"and {len(rows) - _MOST_PROBLEMS} more entries that are not finite")
    return problems


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise DataError("\n".join(str(problem) for problem in problems))
