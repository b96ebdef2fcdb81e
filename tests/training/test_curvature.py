"""The eigenvalues of the Hessian against bowls whose Hessian is known (course topics B9, C8)."""

import numpy as np
import pytest

from nnsim.errors import SizeError
from nnsim.kernels.codes import Task
from nnsim.network.specification import Layer, Network
from nnsim.training.specification import PlantedFault
from tests.simulations.made import data_set, network, simulation


def hessian_of_linear_regression(X, outputs, l2=0.0):
    """Return 2/m (X, 1)(X, 1)^T for each output, and lambd/m more for the weights."""
    m = X.shape[1]
    with_ones = np.vstack([X, np.ones(m)])
    one = 2 / m * with_ones @ with_ones.T + l2 / m * np.diag([1.0] * len(X) + [0.0])
    return np.kron(np.eye(outputs), one)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("outputs", "l2"), [(1, 0.0), (2, 0.0), (1, 3.0)])
def test_linear_regression(outputs, l2, dtype):
    data = data_set(Task.REGRESSION, inputs=3, outputs=outputs, m=20)
    described = network(loss="mean_squared_error", inputs=3, outputs=outputs, l2=l2)
    run = simulation(described, data=data, dtype=dtype)
    expected = np.linalg.eigvalsh(hessian_of_linear_regression(data.train.X, outputs, l2))
    for step in (0, 5):
        run.seek(step)
        found = run.curvature()
        np.testing.assert_allclose(found.eigenvalues, expected, rtol=1e-6)
        assert found.largest == found.eigenvalues[-1] and found.smallest == found.eigenvalues[0]
        np.testing.assert_allclose(found.condition, expected[-1] / expected[0], rtol=1e-6)


def test_logistic_regression():
    run = simulation(network(), batch_size=3)
    run.advance(4)
    X, m = run.data.train.X, run.data.train.m
    A = run.predict(X)
    with_ones = np.vstack([X, np.ones(m)])
    expected = np.linalg.eigvalsh((with_ones * A * (1 - A)) @ with_ones.T / m)
    np.testing.assert_allclose(run.curvature().eigenvalues, expected, rtol=1e-6)


def test_gradient_descent_diverges_beyond_two_over_the_largest():
    data = data_set(Task.REGRESSION, inputs=2, m=15)
    described = network(loss="mean_squared_error")
    settings = {"data": data, "optimizer": "sgd", "batch_size": 0, "steps": 2000}
    largest = simulation(described, **settings).curvature().largest
    below, above = (
        simulation(described, learning_rate=factor * 2 / largest, **settings)
        for factor in (0.99, 1.01)
    )
    below.run()
    above.run()
    assert below.history.curve["cost"][-1] < below.history.curve["cost"][0]
    assert above.history.curve["cost"][-1] > 1e6 * above.history.curve["cost"][0]


def test_a_saddle_has_no_condition():
    flat = Layer(1, "identity", bias=False, weights=((0.0,),))
    described = Network(1, (flat, flat), "mean_squared_error")
    run = simulation(described, data=data_set(Task.REGRESSION, inputs=1))
    found = run.curvature()
    # J = mean (w2 w1 x - y)^2: at (0, 0) the Hessian is [[0, c], [c, 0]], c = -2 mean(x y).
    X, Y = run.data.train.X, run.data.train.Y
    c = abs(2 * np.mean(X * Y))
    np.testing.assert_allclose(found.eigenvalues, [-c, c], rtol=1e-6)
    assert found.condition == np.inf


def test_dropout_and_faults_do_not_bend_the_bowl():
    plain = simulation(network(3), batch_size=0)
    spoilt = simulation(
        network(Layer(3, "tanh", keep_prob=0.5, initializer="xavier")),
        fault=PlantedFault("sign_flipped"),
        batch_size=2,
    )
    assert np.array_equal(plain.curvature().eigenvalues, spoilt.curvature().eigenvalues)


def test_large_networks_are_refused_with_the_figure():
    with pytest.raises(SizeError, match=r"curvature: the network has 2005 parameters"):
        simulation(network(501)).curvature()
