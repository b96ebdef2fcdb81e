"""Mini-batches (course topic C1): each example once an epoch, in a new order every time."""

import numpy as np
import pytest

from nnsim.data.dataset import DataSet, Examples
from nnsim.kernels.codes import Task
from nnsim.training.specification import PlantedFault
from tests.simulations.made import network, simulation


def numbered(m):
    """Return examples whose feature and label are their own number."""
    X = np.arange(float(m)).reshape(1, m)
    empty = Examples(np.zeros((1, 0)), np.zeros((1, 0)))
    return DataSet(Examples(X, 10 * X), empty, empty, Task.REGRESSION)


def order_of_epochs(m, epochs, **settings):
    """Return, epoch by epoch, the numbers of the examples in the order of their use."""
    run = simulation(
        network(2, loss="mean_squared_error", inputs=1),
        data=numbered(m),
        learning_rate=1e-9,
        **settings,
    )
    orders = [[] for _ in range(epochs)]
    while run.snapshot().epoch < epochs:
        epoch = run.snapshot().epoch
        run.advance()
        arrays = run.snapshot().arrays
        assert np.array_equal(arrays["Y"], 10 * arrays["A0"])
        orders[epoch] += arrays["A0"][0].astype(int).tolist()
    return orders


@pytest.mark.parametrize(("m", "batch_size"), [(11, 4), (12, 4), (7, 1), (9, 8), (5, 2)])
def test_an_epoch_covers_each_example_exactly_once(m, batch_size):
    orders = order_of_epochs(m, 5, batch_size=batch_size)
    assert all(sorted(order) == list(range(m)) for order in orders)
    assert len({tuple(order) for order in orders}) == 5


def test_the_order_depends_on_the_seed_alone():
    first, again = (order_of_epochs(9, 3, batch_size=b, seed=5) for b in (2, 4))
    other = order_of_epochs(9, 3, batch_size=2, seed=6)
    assert first == again != other


def test_without_shuffling_the_order_is_the_data_s():
    assert order_of_epochs(7, 2, batch_size=3, shuffle=False) == [list(range(7))] * 2


def test_a_batch_of_all_examples_is_not_shuffled():
    assert order_of_epochs(6, 2, batch_size=0) == [list(range(6))] * 2
    assert order_of_epochs(6, 2, batch_size=50) == [list(range(6))] * 2


def test_every_place_of_an_epoch_gets_every_example():
    counts = np.zeros((4, 4))
    for order in order_of_epochs(4, 200, batch_size=3, steps=1000):
        counts[np.arange(4), order] += 1
    # 50 times each; six standard deviations of a binomial count are 37.
    assert np.abs(counts - 50).max() < 37


def test_the_fault_of_no_reshuffling_repeats_the_first_epoch():
    orders = order_of_epochs(8, 3, batch_size=3, fault=PlantedFault("no_reshuffle"))
    assert orders == [order_of_epochs(8, 1, batch_size=3)[0]] * 3
