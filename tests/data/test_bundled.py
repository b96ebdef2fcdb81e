import sys

import numpy as np
import pytest

from nnsim.data.loading import load_data
from nnsim.data.specification import DataSpecification
from nnsim.errors import DataError, ExitCode, MissingExtraError
from nnsim.kernels.codes import Task

SHAPES = {
    "digits": (64, 10, 1797, Task.MULTICLASS),
    "breast_cancer": (30, 1, 569, Task.BINARY),
    "iris": (4, 3, 150, Task.MULTICLASS),
    "wine": (13, 3, 178, Task.MULTICLASS),
    "diabetes": (10, 1, 442, Task.REGRESSION),
}


def load(name, **options):
    pytest.importorskip("sklearn", reason="needs scikit-learn: pip install 'nnsim[datasets]'")
    return load_data(DataSpecification(name, options))


@pytest.mark.parametrize("name", SHAPES)
def test_shapes(name):
    data = load(name)
    n_x, n_y, m, task = SHAPES[name]
    assert data.train.X.shape == (n_x, m)
    assert data.train.Y.shape == (n_y, m)
    assert data.task == task
    assert len(data.feature_names) == n_x
    assert data.train.X.flags.c_contiguous


@pytest.mark.parametrize("name", SHAPES)
def test_without_scikit_learn_the_extra_is_named(name, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.delitem(sys.modules, "sklearn.datasets", raising=False)
    with pytest.raises(MissingExtraError, match=r"pip install 'nnsim\[datasets\]'") as refusal:
        load_data(DataSpecification(name, {}))
    assert refusal.value.exit_code == ExitCode.MISSING


def test_columns_are_examples():
    datasets = pytest.importorskip("sklearn.datasets")
    bunch = datasets.load_iris()
    data = load("iris")
    assert np.array_equal(data.train.X[:, 7], bunch.data[7])
    assert np.array_equal(data.train.Y.argmax(axis=0), bunch.target)
    assert data.class_names == ("setosa", "versicolor", "virginica")


def test_diabetes_is_in_natural_units():
    age = load("diabetes").train.X[0]
    assert age.min() >= 10
    assert age.max() > 70


def test_features_and_classes_are_chosen():
    data = load(
        "iris", features=["petal width (cm)", "petal length (cm)"], classes=["virginica", "setosa"]
    )
    assert data.feature_names == ("petal width (cm)", "petal length (cm)")
    assert data.class_names == ("virginica", "setosa")
    assert (data.task, data.train.m) == (Task.BINARY, 100)
    # Virginica, class 0, has the longer petals.
    length = data.train.X[1]
    assert length[data.train.Y[0] == 0].min() > length[data.train.Y[0] == 1].max()
    three = load("digits", classes=["3", "8", "9"])
    assert three.train.Y.shape[0] == 3
    assert three.class_names == ("3", "8", "9")
    assert load("breast_cancer", one_hot=True).train.Y.shape == (2, 569)


def test_unknown_names_get_the_nearest():
    with pytest.raises(DataError) as refusal:
        load("iris", features=["petal widht (cm)", "colour"])
    assert "did you mean 'petal width (cm)'" in str(refusal.value)
    assert "no feature 'colour'; choose from sepal length (cm)" in str(refusal.value)
    with pytest.raises(DataError, match="did you mean 'setosa'"):
        load("iris", classes=["setoza", "virginica"])
    with pytest.raises(DataError, match="classes names only 'setosa'"):
        load("iris", classes="setosa")
