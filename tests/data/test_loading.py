import numpy as np
import pytest

from nnsim.data.loading import load_data
from nnsim.data.specification import DataSpecification
from nnsim.errors import DataError
from nnsim.kernels.codes import Task
from tests.reference.normalization import normalize

SPLIT = (0.6, 0.2, 0.2)


def houses(**fields):
    return load_data(DataSpecification("house_prices", {"examples": 200}, SPLIT, **fields), seed=4)


def test_names_and_sizes():
    data = houses()
    assert (data.train.m, data.dev.m, data.test.m) == (120, 40, 40)
    assert data.name == "house_prices"
    assert data.feature_names == ("size (sq ft)", "bedrooms")
    assert data.target_names == ("price ($1000)",)
    assert data.normalization is None


@pytest.mark.parametrize("kind", ["standard", "variance"])
def test_dev_and_test_are_normalised_by_the_training_set(kind):
    raw, data = houses(), houses(normalize=kind)
    for name in ("train", "dev", "test"):
        expected = normalize(raw.train.X, getattr(raw, name).X, kind == "variance")
        np.testing.assert_allclose(getattr(data, name).X, expected, rtol=1e-9, atol=1e-12)
        assert np.array_equal(getattr(data, name).Y, getattr(raw, name).Y)
    assert data.normalization.mean[0, 0] == pytest.approx(raw.train.X[0].mean())


def test_the_fault_of_normalising_dev_alone():
    data = houses(normalize="standard", normalize_dev_alone=True)
    for examples in (data.train, data.dev, data.test):
        np.testing.assert_allclose(examples.X.mean(axis=1), 0.0, atol=1e-12)
        np.testing.assert_allclose(examples.X.std(axis=1), 1.0, rtol=1e-12)
    right = houses(normalize="standard")
    assert not np.allclose(right.dev.X, data.dev.X)
    assert np.array_equal(right.normalization.mean, data.normalization.mean)


def test_the_fault_without_dev_and_test():
    specification = DataSpecification("xor", normalize="standard", normalize_dev_alone=True)
    assert load_data(specification).dev.m == 0


def test_seeds():
    def first(seed):
        return load_data(DataSpecification("moons", {}, SPLIT), seed).train.X

    assert np.array_equal(first(1), first(1))
    assert not np.array_equal(first(1), first(2))


def test_a_mismatched_source_leaves_train_as_it_is():
    specification = DataSpecification("moons", {"noise": 0.1}, SPLIT)
    mismatched = DataSpecification("moons", {"noise": 0.1}, SPLIT, held_out={"noise": 0.4})
    one, other = load_data(specification), load_data(mismatched)
    assert np.array_equal(one.train.X, other.train.X)
    assert (one.dev.m, one.test.m) == (other.dev.m, other.test.m)
    assert not np.array_equal(one.dev.X, other.dev.X)


def test_a_mismatched_source_is_drawn_with_numbers_of_its_own():
    specification = DataSpecification("moons", {}, (1.0, 0.5, 0.5), held_out={})
    data = load_data(specification)
    everything = np.concatenate([data.train.X[0], data.dev.X[0], data.test.X[0]])
    assert len(np.unique(everything)) == 400


def test_held_out_of_fewer_classes_keeps_the_trained_ones():
    specification = DataSpecification("blobs", {"classes": 3}, SPLIT, held_out={"classes": 2})
    data = load_data(specification)
    assert data.dev.Y.shape[0] == 3
    assert np.all(data.dev.Y[2] == 0.0)
    assert data.task == Task.MULTICLASS


@pytest.mark.parametrize(
    ("source", "options", "held_out", "part"),
    [
        ("linear", {}, {"features": 3}, "held_out has 3 features, the source has 2"),
        ("linear", {}, {"task": "regression"}, "held_out is regression"),
        ("blobs", {"classes": 2}, {"classes": 3}, "has the classes 2, which the source has not"),
    ],
)
def test_held_out_that_does_not_fit(source, options, held_out, part):
    with pytest.raises(DataError, match=part):
        load_data(DataSpecification(source, options, SPLIT, held_out))


def test_all_mistakes_of_a_specification_at_once():
    specification = DataSpecification(
        "moons", {"noice": 1, "examples": 0}, (0.5, 0.2), normalize="std"
    )
    with pytest.raises(DataError) as refusal:
        load_data(specification)
    lines = str(refusal.value).split("\n")
    assert len(lines) == 4
    assert all(line.startswith("data: ") for line in lines)
    assert "did you mean 'noise'?" in lines[0]
