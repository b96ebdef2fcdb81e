import numpy as np
import pytest

from nnsim.data.drawing import Drawing
from nnsim.data.sources import SOURCES
from nnsim.errors import SizeError
from nnsim.kernels.codes import Task


def draw(name, seed=1, **options):
    source = SOURCES[name]
    return source.function(Drawing(seed), **source.completed(options))


@pytest.mark.parametrize("features", [1, 2, 3, 4])
def test_houses_have_natural_units(features):
    pool = draw("house_prices", features=features, examples=500)
    assert pool.X.shape == (features, 500)
    assert pool.Y.shape == (1, 500)
    assert pool.task == Task.REGRESSION
    assert len(pool.feature_names) == features
    low = np.array([400, 1, 0, 0])[:features]
    high = np.array([4000, 6, 80, 20])[:features]
    assert np.all(pool.X.min(axis=1) >= low)
    assert np.all(pool.X.max(axis=1) <= high)
    assert np.all(pool.X.max(axis=1) > 0.8 * high)
    assert pool.Y.min() >= 0.0


def test_a_price_is_what_the_formula_says():
    pool = draw("house_prices", features=4, noise=0.0)
    size, bedrooms, age, distance = pool.X
    price = -50 + 0.14 * size + 12 * bedrooms - 0.9 * age - 3 * distance
    np.testing.assert_allclose(pool.Y[0], np.maximum(0, price), rtol=1e-12)


def test_without_noise_a_price_depends_on_the_inputs_alone():
    pool = draw("house_prices", features=1, noise=0.0)
    order = np.argsort(pool.X[0])
    assert np.all(np.diff(pool.Y[0][order]) >= 0.0)
    # The floor at 0 is met: the first ReLU of the course.
    assert np.sum(pool.Y == 0.0) > 0


def test_units_differ_so_much_that_normalising_matters():
    X = draw("house_prices", features=2, examples=1000).X
    assert X[0].std() / X[1].std() > 300


def test_a_year_of_temperatures():
    pool = draw("temperatures")
    assert np.array_equal(pool.X[0], np.arange(1, 366))
    assert pool.Y.shape == (1, 365)
    assert pool.task == Task.REGRESSION
    winter, summer = pool.Y[0, :50].mean(), pool.Y[0, 175:225].mean()
    assert summer - winter > 10


def test_without_noise_the_year_is_a_cosine():
    pool = draw("temperatures", noise=0.0, mean=5.0, swing=2.0, coldest_day=1)
    day = np.arange(365)
    expected = 5.0 - 2.0 * np.cos(2 * np.pi * day / 365.25)
    np.testing.assert_allclose(pool.Y[0], expected, rtol=1e-12)


def test_the_weather_has_its_deviation_and_lasts():
    options = {"days": 20_000, "noise": 3.0, "persistence": 0.6}
    weather = (
        draw("temperatures", **options).Y - draw("temperatures", **{**options, "noise": 0.0}).Y
    )
    assert abs(weather.std() - 3.0) < 0.15
    assert abs(np.corrcoef(weather[0, 1:], weather[0, :-1])[0, 1] - 0.6) < 0.05


def test_a_single_day():
    assert draw("temperatures", days=1).Y.shape == (1, 1)


def test_too_many_houses():
    with pytest.raises(SizeError, match="house_prices"):
        draw("house_prices", examples=10**14)


def test_the_first_day_is_like_any_other():
    options = {"days": 1, "persistence": 0.95, "noise": 2.0, "mean": 0.0, "swing": 0.0}
    first = [draw("temperatures", seed, **options).Y[0, 0] for seed in range(400)]
    # Standard deviation of the estimate: 2 / sqrt(2 * 400) = 0.07.
    assert abs(np.std(first) - 2.0) < 0.3
