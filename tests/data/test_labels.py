import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.data.labels import (
    class_numbers,
    encode,
    labels_from_numbers,
    labels_from_text,
    one_hot_rows,
)
from nnsim.errors import DataError, SizeError
from nnsim.kernels.codes import Task


def numbers(*row, task="auto", one_hot=False):
    return labels_from_numbers(np.array([row], dtype=float), "y", task, one_hot)


def test_text_is_classes_in_sorted_order():
    labels = labels_from_text(["yes", "no", "yes"], "y")
    assert labels.task == Task.BINARY
    assert labels.class_names == ("no", "yes")
    assert labels.Y.tolist() == [[1, 0, 1]]
    three = labels_from_text(["b", "c", "a"], "y")
    assert three.task == Task.MULTICLASS
    assert three.Y.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]


def test_0_and_1_are_two_classes_however_few():
    labels = numbers(1, 1)
    assert (labels.task, labels.class_names) == (Task.BINARY, ("0", "1"))
    assert labels.Y.tolist() == [[1, 1]]


def test_minus_1_and_1_are_two_classes():
    labels = numbers(1, -1, -1)
    assert (labels.task, labels.class_names) == (Task.BINARY, ("-1", "1"))
    assert labels.Y.tolist() == [[1, 0, 0]]


def test_few_whole_numbers_that_repeat_are_classes():
    labels = numbers(*[3, 5, 9] * 3)
    assert (labels.task, labels.class_names) == (Task.MULTICLASS, ("3", "5", "9"))
    assert labels.Y.shape == (3, 9)


@pytest.mark.parametrize(
    "row",
    [
        (1, 3, 5, 7),  # whole, but each once: y = 2 x + 1
        tuple(range(21)) * 3,  # too many different ones
        (0.5, 1.0, 0.5, 1.0, 0.5, 1.0),  # no whole numbers
        (7, 7, 7, 7),  # all the same
    ],
)
def test_other_numbers_are_a_regression(row):
    labels = numbers(*row)
    assert (labels.task, labels.class_names) == (Task.REGRESSION, ())
    assert labels.Y.tolist() == [list(row)]


def test_task_decides_against_the_rule():
    assert numbers(0, 1, 1, task="regression").task == Task.REGRESSION
    assert numbers(10, 20, 30, task="classification").class_names == ("10", "20", "30")


def test_several_rows():
    one_hot = labels_from_numbers(np.eye(3), "y")
    assert (one_hot.task, one_hot.class_names) == (Task.MULTICLASS, ("0", "1", "2"))
    assert labels_from_numbers(np.eye(3), "y", "regression").task == Task.REGRESSION
    assert labels_from_numbers(np.ones((2, 3)), "y").task == Task.REGRESSION
    # A 1 too few in one column and a strange number in it must not make up for each other.
    with pytest.raises(DataError, match=r"example 2 has the labels \[0.0, 7.0\]"):
        labels_from_numbers(np.array([[1.0, 0.0], [0.0, 7.0]]), "y", "classification")


@pytest.mark.parametrize(
    ("texts", "task", "part"),
    [
        (["a", "b"], "regression", "regression needs numbers"),
        (["a", "a"], "auto", "only the class 'a'"),
        ([f"name {i}" for i in range(60)], "auto", "60 different texts in 60 examples"),
    ],
)
def test_bad_text(texts, task, part):
    with pytest.raises(DataError, match=part):
        labels_from_text(texts, "houses.csv", task)


def test_broken_numbers_are_no_classes():
    with pytest.raises(DataError, match=r"example 2 has the label 1\.5"):
        numbers(1, 1.5, task="classification")


@given(st.integers(2, 9), st.booleans(), st.data())
def test_encoding_and_back(classes, one_hot, data):
    y = np.array(data.draw(st.lists(st.integers(0, classes - 1), min_size=1, max_size=30)))
    Y, task = encode(y, classes, one_hot)
    assert len(Y) == (1 if classes == 2 and not one_hot else classes)
    assert np.array_equal(class_numbers(Y, task), y)


def test_one_hot_too_large_is_refused():
    with pytest.raises(SizeError, match="1000000000000 classes"):
        one_hot_rows(np.zeros(1000, dtype=int), 10**12)
