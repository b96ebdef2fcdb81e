import numpy as np
import pytest

from nnsim.data.drawing import Drawing
from nnsim.data.sources import SOURCES
from nnsim.errors import DataError, SizeError
from nnsim.kernels.codes import Task

NAMES = ("xor", "circles", "moons", "spirals", "blobs", "flower", "linear")
OF_C_CLASSES = ("spirals", "blobs")


def draw(name, seed=1, **options):
    source = SOURCES[name]
    return source.function(Drawing(seed), **source.completed(options))


def labels(pool):
    return pool.Y[0].astype(int) if pool.task == Task.BINARY else pool.Y.argmax(axis=0)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("m", [1, 2, 7, 100])
def test_shapes_names_and_types(name, m):
    if name in OF_C_CLASSES and m < 3:
        return
    pool = draw(name, examples=m)
    n_y = 3 if name == "blobs" else 1
    assert pool.X.shape == (2, m)
    assert pool.Y.shape == (n_y, m)
    assert pool.X.dtype == pool.Y.dtype == np.float64
    assert pool.X.flags.c_contiguous
    assert pool.feature_names == ("x1", "x2")
    assert np.isfinite(pool.X).all()
    assert pool.m == m
    classes = 3 if name == "blobs" else 2
    assert pool.class_names == tuple(str(c) for c in range(classes))


@pytest.mark.parametrize("name", NAMES)
def test_the_seed_alone_decides(name):
    assert np.array_equal(draw(name, 3).X, draw(name, 3).X)
    assert not np.array_equal(draw(name, 3).X, draw(name, 4).X)


@pytest.mark.parametrize("name", NAMES)
def test_one_hot_for_two_classes(name):
    plain, one_hot = draw(name, one_hot=False, examples=50), draw(name, one_hot=True, examples=50)
    assert one_hot.task == Task.MULTICLASS
    assert np.array_equal(one_hot.Y.sum(axis=0), np.ones(50))
    assert np.array_equal(labels(plain), labels(one_hot))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "linear"])
def test_noise_moves_points_and_labels_stay(name):
    still, moved, farther = (draw(name, noise=noise, examples=60) for noise in (0.0, 0.1, 0.2))
    assert np.array_equal(still.Y, farther.Y)
    assert not np.array_equal(still.X, moved.X)
    if name != "flower":  # there the noise is of angle and radius
        np.testing.assert_allclose(farther.X - still.X, 2 * (moved.X - still.X), atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_label_noise_changes_its_share_of_labels_to_another_class(name):
    clean, noisy = draw(name, examples=4000), draw(name, examples=4000, label_noise=0.15)
    assert np.array_equal(clean.X, noisy.X)
    # 4000 examples: standard deviation of the share 0.0056.
    assert abs(np.mean(labels(clean) != labels(noisy)) - 0.15) < 0.03
    everything = draw(name, examples=500, label_noise=1.0)
    assert np.all(labels(everything) != labels(draw(name, examples=500)))


def test_label_noise_spreads_over_all_other_classes():
    clean = draw("blobs", examples=4000, classes=4)
    noisy = draw("blobs", examples=4000, classes=4, label_noise=1.0)
    shift = (labels(noisy) - labels(clean)) % 4
    shares = np.bincount(shift, minlength=4) / 4000
    np.testing.assert_allclose(shares, [0, 1 / 3, 1 / 3, 1 / 3], atol=0.04)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "linear"])
def test_classes_are_even_and_alternate(name):
    y = labels(draw(name, examples=11))
    counts = np.bincount(y)
    assert counts.max() - counts.min() <= 1
    assert len(set(y[: len(counts)])) == len(counts)


def test_xor_of_four_examples_is_the_truth_table():
    pool = draw("xor", examples=4, noise=0.0)
    table = {tuple(x): y for x, y in zip(pool.X.T, pool.Y[0], strict=True)}
    assert table == {(-1, -1): 0, (1, 1): 0, (-1, 1): 1, (1, -1): 1}


def test_circles_lie_on_two_circles():
    pool = draw("circles", noise=0.0, factor=0.3)
    np.testing.assert_allclose(np.hypot(*pool.X), np.where(pool.Y[0] == 0, 1.0, 0.3), rtol=1e-12)


def test_moons_are_half_circles():
    X = draw("moons", noise=0.0).X
    upper, lower = X[:, 0::2], X[:, 1::2]
    np.testing.assert_allclose(np.hypot(*upper), 1.0)
    assert np.all(upper[1] >= 0)
    np.testing.assert_allclose(np.hypot(lower[0] - 1.0, lower[1] - 0.5), 1.0)
    assert np.all(lower[1] <= 0.5)


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_spiral_arms(classes):
    pool = draw("spirals", noise=0.0, classes=classes, turns=1.5, examples=200)
    radius = np.hypot(*pool.X)
    arm = np.arctan2(pool.X[1], pool.X[0]) / (2 * np.pi) - 1.5 * radius
    difference = (arm - labels(pool) / classes + 0.5) % 1.0 - 0.5
    np.testing.assert_allclose(difference, 0.0, atol=1e-9)


@pytest.mark.parametrize("classes", [2, 3, 6])
def test_blobs_centres(classes):
    pool = draw("blobs", noise=0.0, classes=classes, radius=2.0)
    angle = 2 * np.pi * labels(pool) / classes
    np.testing.assert_allclose(pool.X, 2.0 * np.stack([np.cos(angle), np.sin(angle)]), atol=1e-12)
    cloud = draw("blobs", noise=0.7, examples=9000, classes=3)
    spread = cloud.X[:, labels(cloud) == 1].std(axis=1)
    np.testing.assert_allclose(spread, 0.7, rtol=0.06)


def test_flower_is_the_courses():
    pool = draw("flower", noise=0.0, examples=400)
    for j in range(2):
        t = np.linspace(3.12 * j, 3.12 * (j + 1), 200)
        r = 4.0 * np.sin(4 * t)
        np.testing.assert_allclose(
            pool.X[:, labels(pool) == j], [r * np.sin(t), r * np.cos(t)], atol=1e-12
        )


def test_linear_is_the_sign_of_the_score():
    pool = draw("linear", features=4, informative=3, offset=0.5)
    score = pool.X[0] - pool.X[1] + pool.X[2] + 0.5
    assert np.array_equal(pool.Y[0], score > 0)


def test_linear_regression():
    pool = draw("linear", features=3, offset=-2.0, task="regression")
    assert pool.task == Task.REGRESSION
    assert pool.class_names == ()
    np.testing.assert_allclose(pool.Y[0], pool.X[0] - pool.X[1] + pool.X[2] - 2.0, rtol=1e-12)
    noisy = draw("linear", features=3, offset=-2.0, task="regression", noise=0.5, examples=5000)
    error = noisy.Y[0] - (noisy.X[0] - noisy.X[1] + noisy.X[2] - 2.0)
    assert abs(error.std() - 0.5) < 0.03


@pytest.mark.parametrize(
    ("name", "options", "part"),
    [
        ("linear", {"features": 2, "informative": 3}, "informative is 3, but there are 2"),
        ("linear", {"task": "regression", "label_noise": 0.1}, "for regression set noise"),
        ("blobs", {"examples": 3, "classes": 4}, "3 examples cannot show 4 classes"),
        ("spirals", {"examples": 1}, "set examples to 2 or more"),
    ],
)
def test_options_that_do_not_go_together(name, options, part):
    with pytest.raises(DataError, match=part):
        draw(name, **options)


@pytest.mark.parametrize("name", NAMES)
def test_what_cannot_fit_is_refused_before_it_is_allocated(name):
    with pytest.raises(SizeError, match=rf"{name}.* GiB of memory.* available; lower examples"):
        draw(name, examples=10**15)
