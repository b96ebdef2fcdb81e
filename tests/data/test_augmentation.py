"""Changed copies of training examples: what they are, and that nothing else changes (topic B7)."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.data.augmentation import augmented
from nnsim.data.dataset import Examples
from nnsim.data.drawing import Drawing
from nnsim.data.loading import load_data
from nnsim.data.specification import Augmentation, DataSpecification
from nnsim.errors import DataError, SizeError
from nnsim.kernels.codes import Stream
from tests.reference import augmentation as twins

SHAPE = (5, 7)


def images(m=6, seed=0, shape=SHAPE):
    draw = np.random.default_rng(seed)
    return Examples(draw.random((shape[0] * shape[1], m)), (draw.random((1, m)) > 0.5) * 1.0)


def points(m=6, seed=0):
    draw = np.random.default_rng(seed)
    return Examples(draw.normal(size=(2, m)), (draw.random((1, m)) > 0.5) * 1.0)


def chances(seed, copy, m):
    """Return the numbers that copy `copy` is made from, in the order in which they are drawn."""
    drawing = Drawing(seed, copy, Stream.AUGMENT)
    return [drawing.uniform(m) for _ in range(5)]


ALL = Augmentation(copies=2, flip=True, rotate=40.0, shift=1.5, zoom=0.3)


def test_images_agree_with_the_twin():
    train = images()
    found = augmented(train, ALL, 3, SHAPE).X
    np.testing.assert_array_equal(found[:, :6], train.X)
    for copy in (1, 2):
        flips, angles, zooms, rights, ups = chances(3, copy, 6)
        for j in range(6):
            expected = twins.changed_image(
                train.X[:, j].reshape(SHAPE),
                mirrored=flips[j] < 0.5,
                degrees=40 * (2 * angles[j] - 1),
                factor=1 + 0.3 * (2 * zooms[j] - 1),
                right=1.5 * (2 * rights[j] - 1),
                up=1.5 * (2 * ups[j] - 1),
            )
            np.testing.assert_allclose(
                found[:, 6 * copy + j].reshape(SHAPE), expected, rtol=1e-9, atol=1e-12
            )


def test_points_agree_with_the_twin():
    train = points()
    found = augmented(train, Augmentation(copies=2, flip=True, rotate=30.0), 3, None).X
    for copy in (1, 2):
        flips, angles = chances(3, copy, 6)[:2]
        for j in range(6):
            expected = twins.changed_point(
                train.X[:, j], mirrored=flips[j] < 0.5, degrees=30 * (2 * angles[j] - 1)
            )
            np.testing.assert_allclose(found[:, 6 * copy + j], expected, rtol=1e-12)
    np.testing.assert_allclose(
        np.linalg.norm(found[:, 6:12], axis=0), np.linalg.norm(train.X, axis=0), rtol=1e-12
    )


def test_a_quarter_turn_is_that_of_numpy():
    train = images(1, shape=(4, 4))
    picture = train.X[:, 0].reshape(4, 4)
    turned = twins.changed_image(picture, mirrored=False, degrees=90, factor=1, right=0, up=0)
    np.testing.assert_allclose(turned, np.rot90(picture), atol=1e-12)


def test_labels_go_with_their_examples():
    train = images()
    found = augmented(train, ALL, 3, SHAPE)
    np.testing.assert_array_equal(found.Y, np.hstack([train.Y] * 3))
    assert found.m == 18


def test_noise_has_the_spread_asked_for_and_touches_copies_alone():
    train = Examples(np.zeros((30, 200)), np.zeros((1, 200)))
    found = augmented(train, Augmentation(copies=3, noise=0.5), 1, None).X
    assert (found[:, :200] == 0).all()
    np.testing.assert_allclose(found[:, 200:].std(), 0.5, rtol=0.02)
    assert abs(found[:, 200:].mean()) < 0.02
    assert not np.allclose(found[:, 200:400], found[:, 400:600])


def test_more_copies_leave_the_first_as_they_are():
    train = images()
    more = replace(ALL, copies=5)
    first, second = (augmented(train, each, 3, SHAPE).X for each in (ALL, more))
    np.testing.assert_array_equal(first, second[:, : first.shape[1]])


def test_more_examples_leave_the_others_as_they_are():
    few, many = points(4), points(4)
    many = Examples(np.hstack([few.X, np.ones((2, 3))]), np.hstack([few.Y, np.ones((1, 3))]))
    settings = Augmentation(flip=True, rotate=20.0, noise=0.1)
    first, second = (augmented(each, settings, 3, None).X for each in (few, many))
    np.testing.assert_array_equal(first[:, 4:], second[:, 7:11])


def test_another_kind_of_change_leaves_the_angles_as_they_are():
    train = points()
    turned = augmented(train, Augmentation(rotate=20.0), 3, None).X[:, 6:]
    noisy = augmented(train, Augmentation(rotate=20.0, noise=1e-9), 3, None).X[:, 6:]
    np.testing.assert_allclose(noisy, turned, atol=1e-7)


def test_the_seed_decides():
    train = images()
    first, same, other = (augmented(train, ALL, seed, SHAPE).X for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, same)
    assert not np.allclose(first[:, 6:], other[:, 6:])


def test_a_large_set_is_worked_through_in_pieces(monkeypatch):
    train = images(11)
    whole = augmented(train, ALL, 3, SHAPE).X
    monkeypatch.setattr("nnsim.data.augmentation.MOST_AT_ONCE", 100)
    np.testing.assert_array_equal(augmented(train, ALL, 3, SHAPE).X, whole)


def test_too_many_copies_are_refused_before_any_is_made(monkeypatch):
    monkeypatch.setattr("nnsim.memory.available_memory", lambda: 100_000)
    train = images()
    assert augmented(train, ALL, 3, SHAPE).m == 18
    with pytest.raises(SizeError, match=r"6 training examples with 900 copies.*copies"):
        augmented(train, replace(ALL, copies=900), 3, SHAPE)


def digits(**settings):
    return DataSpecification("digits", {"classes": ["3", "8"]}, split=(0.2, 0.4, 0.4), **settings)


def test_dev_and_test_and_the_first_training_examples_are_as_without():
    pytest.importorskip("sklearn")
    plain, more = (
        load_data(digits(augment=augment), 2)
        for augment in (None, Augmentation(copies=2, rotate=15.0, shift=1.0, zoom=0.1))
    )
    np.testing.assert_array_equal(more.dev.X, plain.dev.X)
    np.testing.assert_array_equal(more.test.Y, plain.test.Y)
    np.testing.assert_array_equal(more.train.X[:, : plain.train.m], plain.train.X)
    assert more.train.m == 3 * plain.train.m
    assert more.train.X.max() <= 16


def test_normalisation_is_fitted_on_what_is_trained_on():
    pytest.importorskip("sklearn")
    data = load_data(digits(augment=Augmentation(shift=1.0), normalize="standard"), 2)
    np.testing.assert_allclose(data.train.X.mean(axis=1), 0, atol=1e-12)
    assert data.train.X.flags.c_contiguous


def specification(source, options, augmentation):
    return DataSpecification(source, options, augment=augmentation)


@pytest.mark.parametrize(
    ("source", "options", "augmentation", "told"),
    [
        ("breast_cancer", {}, Augmentation(rotate=10.0), "augment.rotate: rotate has no place"),
        ("moons", {}, Augmentation(zoom=0.1), "augment.zoom: zoom has no place"),
        ("moons", {}, Augmentation(shift=1.0), "a point of the plane; expected flip or rotate"),
        ("house_prices", {}, Augmentation(flip=True), "augment.flip"),
        ("linear", {"features": 3}, Augmentation(rotate=10.0), "augment.rotate"),
        ("inline", {"X": [[1.0, 2.0]], "Y": [0, 1]}, Augmentation(rotate=1.0), "augment.rotate"),
        ("digits", {}, Augmentation(), "augment: changes nothing"),
        ("digits", {}, Augmentation(rotate=-1.0), "augment.rotate: -1.0 is too small"),
        ("digits", {}, Augmentation(copies=0, flip=True), "augment.copies: 0 is too small"),
        ("digits", {}, Augmentation(flip=True, image=(8, 8)), "which is known"),
        ("moons", {}, Augmentation(flip=True, image=(1, 2)), "are no images"),
        ("npz", {"file": "x.npz"}, Augmentation(flip=True, image=(0, 2)), "is no size"),
    ],
)
def test_an_augmentation_without_a_place_is_a_mistake(source, options, augmentation, told):
    with pytest.raises(DataError) as error:
        load_data(specification(source, options, augmentation))
    assert told in str(error.value)


def test_all_mistakes_are_told_at_once():
    with pytest.raises(DataError) as error:
        load_data(specification("wine", {}, Augmentation(rotate=10.0, zoom=0.1, flip=True)))
    assert [name in str(error.value) for name in ("rotate", "zoom", "flip")] == [True] * 3


def test_points_written_down_are_points():
    X = [[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]]
    data = load_data(
        specification("inline", {"X": X, "Y": [0, 1, 1]}, Augmentation(rotate=10.0)), 1
    )
    assert data.train.m == 6


@pytest.fixture
def archive(tmp_path):
    np.savez(tmp_path / "small.npz", X=np.arange(24.0).reshape(6, 4), Y=np.array([0, 1, 0, 1]))
    return tmp_path


def test_images_in_a_file_say_their_size(archive):
    augmentation = Augmentation(shift=1.0, image=(2, 3))
    data = load_data(specification("npz", {"file": "small.npz"}, augmentation), 1, archive)
    assert data.train.X.shape == (6, 8)


@pytest.mark.parametrize(
    ("augmentation", "told"),
    [
        (Augmentation(shift=1.0), "image = [height, width]"),
        (Augmentation(shift=1.0, image=(2, 4)), "an example has 6"),
    ],
)
def test_a_file_that_does_not_fit_is_told_when_it_is_read(archive, augmentation, told):
    with pytest.raises(DataError) as error:
        load_data(specification("npz", {"file": "small.npz"}, augmentation), 1, archive)
    assert told in str(error.value)
