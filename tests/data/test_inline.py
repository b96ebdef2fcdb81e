import numpy as np
import pytest

from nnsim.data.loading import load_data
from nnsim.data.specification import DataSpecification
from nnsim.errors import DataError
from nnsim.kernels.codes import Task


def load(**options):
    return load_data(DataSpecification("inline", options))


def test_the_courses_layout_in_the_order_given():
    data = load(X=[[0, 0, 1, 1], [0, 1, 0, 1]], Y=[[0, 1, 1, 0]])
    assert data.task == Task.BINARY
    assert np.array_equal(data.train.X, [[0, 0, 1, 1], [0, 1, 0, 1]])
    assert np.array_equal(data.train.Y, [[0, 1, 1, 0]])
    assert (data.dev.m, data.test.m) == (0, 0)


def test_single_lists_are_single_rows():
    data = load(X=[1, 2, 3], Y=[2.5, 4.5, 6.5])
    assert data.train.X.shape == data.train.Y.shape == (1, 3)
    assert data.task == Task.REGRESSION


def test_one_example_and_one_hot_rows():
    data = load(X=[[5], [2]], Y=[[0], [1], [0], [0]])
    assert data.task == Task.MULTICLASS
    assert data.train.Y.shape == (4, 1)
    assert data.class_names == ("0", "1", "2", "3")


def test_text_labels():
    data = load(X=[1, 2, 3], Y=["dog", "cat", "dog"])
    assert data.class_names == ("cat", "dog")
    assert data.train.Y.tolist() == [[1, 0, 1]]


def test_two_outputs():
    data = load(X=[1, 2], Y=[[1.5, 2.5], [3, 4]])
    assert data.task == Task.REGRESSION
    assert data.target_names == ("y1", "y2")


@pytest.mark.parametrize("Y", [[0, 1], [[0, 1]], ["a", "b"], [[0, 1], [1, 0]]])
def test_lengths_that_differ(Y):
    with pytest.raises(DataError, match="Y has 2 examples, X has 3"):
        load(X=[1, 2, 3], Y=Y)


def test_all_mistakes_at_once():
    with pytest.raises(DataError) as refusal:
        load(X=[[1, 2], [3]], Y=[0, "x"])
    message = str(refusal.value)
    assert "X: row 2 has 1 numbers, the first 2" in message
    assert "Y: entry 1 is 0, but others are text" in message


def test_held_out():
    specification = DataSpecification(
        "inline",
        {"X": [1, 2, 3], "Y": ["a", "b", "c"]},
        split=(1.0, 1.0, 0.0),
        held_out={"X": [7, 8], "Y": ["c", "a"]},
    )
    data = load_data(specification)
    assert data.dev.X.tolist() == [[7, 8]]
    assert data.dev.Y.tolist() == [[0, 1], [0, 0], [1, 0]]
    assert data.test.m == 0
