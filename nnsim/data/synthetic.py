"""Made-up measurements in the units of everyday life."""

from __future__ import annotations

import numpy as np

from nnsim.data.drawing import Drawing
from nnsim.data.pool import Pool, make_room
from nnsim.kernels.codes import Task


def house_prices(drawing: Drawing, *, examples: int, features: int, noise: float) -> Pool:
    """Prices of houses, $1000, the inputs in natural and very different units (topics A1, B9).

    price = max(0, -50 + 0.14 size + 12 bedrooms - 0.9 age - 3 distance + noise)

    size is 400 to 4000 square feet, bedrooms 1 to 6 and more in large houses, age 0 to 80 years,
    distance (to the centre) 0 to 20 miles. A feature that is no input is at its middle (age 40,
    distance 10, bedrooms as the size has them on average), so the noise is all that the inputs do
    not explain. Small houses meet the floor at 0: the first ReLU of the course.
    """
    make_room("house_prices", examples, 4 + 1)
    size = np.round(drawing.uniform(examples, low=400.0, high=4000.0))
    usual = 1.0 + size / 1000.0
    bedrooms = np.clip(np.round(usual + drawing.uniform(examples, low=-1.0, high=1.0)), 1.0, 6.0)
    age = np.round(drawing.uniform(examples, high=80.0))
    distance = np.round(drawing.uniform(examples, high=20.0), 1)
    X = np.stack([size, bedrooms, age, distance])
    known = np.stack([size, usual, np.full(examples, 40.0), np.full(examples, 10.0)])
    known[:features] = X[:features]
    price = -50.0 + 0.14 * known[0] + 12.0 * known[1] - 0.9 * known[2] - 3.0 * known[3]
    price = np.maximum(0.0, price + noise * drawing.normal(examples))
    names = ("size (sq ft)", "bedrooms", "age (years)", "distance (miles)")
    return Pool(
        np.ascontiguousarray(X[:features]),
        price[np.newaxis],
        Task.REGRESSION,
        names[:features],
        ("price ($1000)",),
    )


def temperatures(
    drawing: Drawing,
    *,
    days: int,
    mean: float,
    swing: float,
    coldest_day: int,
    noise: float,
    persistence: float,
) -> Pool:
    """A year of daily mean temperatures theta_d (topic C2).

    theta_d = mean - swing cos(2 pi (d - coldest_day) / 365.25) + w_d, d = 1, 2, ...

    The weather w_d = persistence w_{d-1} + sqrt(1 - persistence^2) noise e_d, e_d normal, has
    standard deviation ``noise`` on every day, and warm spells last, as they do outside.
    X (1, days) is d, Y (1, days) is theta_d.
    """
    make_room("temperatures", days, 2, "lower days")
    day = np.arange(1.0, days + 1.0)
    season = mean - swing * np.cos(2.0 * np.pi * (day - coldest_day) / 365.25)
    pushes = np.sqrt(1.0 - persistence**2) * noise * drawing.normal(days)
    weather = np.empty(days)
    # The first day has no day before it to take its share from.
    weather[0] = pushes[0] / np.sqrt(1.0 - persistence**2)
    for d in range(1, days):
        weather[d] = persistence * weather[d - 1] + pushes[d]
    return Pool(
        day[np.newaxis],
        (season + weather)[np.newaxis],
        Task.REGRESSION,
        ("day",),
        ("temperature (C)",),
    )
