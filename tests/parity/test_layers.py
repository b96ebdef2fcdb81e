"""Batch norm's running figures, schedules and initialisers against PyTorch's."""

import numpy as np
import pytest

from nnsim.kernels.codes import Schedule
from nnsim.kernels.cpu.batch_norm import batch_norm_forward, batch_norm_inference
from nnsim.kernels.cpu.layer_norm import layer_norm_backward, layer_norm_forward
from nnsim.kernels.cpu.schedules import scheduled_alpha
from nnsim.network.specification import BatchNorm, Layer
from tests.parity.torch_networks import rows, torch
from tests.simulations.made import network, simulation

NO_TABLE = np.zeros((0, 2))


def test_batch_norm_training_and_inference():
    """Ours averages the biased variance, PyTorch the unbiased one: m / (m - 1) times as large."""
    norm = BatchNorm(epsilon=1e-3, momentum=0.7)
    run = simulation(network(Layer(4, "identity", batch_norm=norm)), batch_size=6)
    theirs = torch.nn.BatchNorm1d(4, eps=1e-3, momentum=1 - 0.7, dtype=torch.float64)
    for _ in range(6):
        run.advance()
        shown = run.snapshot().arrays
        m = shown["Z1"].shape[1]
        before = theirs.running_var.clone()
        Z_norm = theirs(rows(shown["Z1"])).detach().numpy().T
        np.testing.assert_allclose(shown["Z_norm1"], Z_norm, rtol=1e-10, atol=1e-12)
        # Their running variance, had it averaged the biased one.
        theirs.running_var = 0.7 * before + (theirs.running_var - 0.7 * before) * (m - 1) / m
        mean, variance = (x.numpy()[:, None] for x in (theirs.running_mean, theirs.running_var))
        np.testing.assert_allclose(shown["running_mean1"], mean, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(shown["running_variance1"], variance, rtol=1e-10)
    theirs.eval()
    shown, X = run.snapshot().arrays, run.data.dev.X
    gamma, beta = (rows(shown[f"{name}1"])[0] for name in ("gamma", "beta"))
    theirs.weight, theirs.bias = torch.nn.Parameter(gamma), torch.nn.Parameter(beta)
    with torch.no_grad():
        A = theirs(rows(X) @ rows(shown["W1"]) + rows(shown["b1"]))
        A = torch.sigmoid(A @ rows(shown["W2"]) + rows(shown["b2"]))
    np.testing.assert_allclose(run.predict(X), A.numpy().T, rtol=1e-10)


def test_batch_norm_kernels():
    draw = np.random.default_rng(0)
    Z, gamma, beta = draw.normal(size=(3, 9)), draw.normal(size=(3, 1)), draw.normal(size=(3, 1))
    found = batch_norm_forward(Z, gamma, beta, 1e-5)[0]
    theirs = torch.nn.functional.batch_norm(
        rows(Z), None, None, rows(gamma)[0], rows(beta)[0], training=True, eps=1e-5
    )
    np.testing.assert_allclose(found, theirs.numpy().T, rtol=1e-10)
    mean, variance = draw.normal(size=(3, 1)), draw.random((3, 1)) + 0.5
    found = batch_norm_inference(Z, gamma, beta, mean, variance, 1e-5)
    theirs = torch.nn.functional.batch_norm(
        rows(Z), rows(mean)[0], rows(variance)[0], rows(gamma)[0], rows(beta)[0], eps=1e-5
    )
    np.testing.assert_allclose(found, theirs.numpy().T, rtol=1e-10)


def test_layer_norm_kernels():
    draw = np.random.default_rng(0)
    Z, gamma, beta = draw.normal(size=(5, 9)), draw.normal(size=(5, 1)), draw.normal(size=(5, 1))
    dZ_tilde = draw.normal(size=(5, 9))
    leaves = [rows(Z), rows(gamma)[0], rows(beta)[0]]
    for leaf in leaves:
        leaf.requires_grad_()
    theirs = torch.nn.functional.layer_norm(leaves[0], (5,), leaves[1], leaves[2], eps=1e-5)
    found, Z_norm, _, variance = layer_norm_forward(Z, gamma, beta, 1e-5)
    np.testing.assert_allclose(found, theirs.detach().numpy().T, rtol=1e-10)
    theirs.backward(rows(dZ_tilde))
    dZ, dgamma, dbeta = layer_norm_backward(dZ_tilde, Z_norm, gamma, variance, 1e-5)
    for ours, leaf, divisor in zip((dZ, dgamma, dbeta), leaves, (1, 9, 9), strict=True):
        expected = np.atleast_2d(leaf.grad.numpy()).T / divisor
        np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-12)


def rates_of(make, steps, alpha):
    """Return the learning rates of a PyTorch scheduler, step by step."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], alpha)
    scheduler = make(optimizer)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


@pytest.mark.parametrize(
    ("kind", "settings", "make"),
    [
        (
            Schedule.COSINE,
            {"minimum": 0.01},
            lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 30, 0.01),
        ),
        (
            Schedule.ONE_CYCLE,
            # Their way up ends at step pct_start * length - 1.
            {"minimum": 0.001, "warm_up": 11},
            lambda o: torch.optim.lr_scheduler.OneCycleLR(
                o, 0.4, 30, pct_start=12 / 30, div_factor=25, final_div_factor=0.4 / 25 / 0.001
            ),
        ),
        (
            Schedule.EXPONENTIAL,
            {"rate": 0.95},
            lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.95),
        ),
        (
            Schedule.STAIRCASE,
            {"rate": 0.5, "every": 7},
            lambda o: torch.optim.lr_scheduler.StepLR(o, 7, 0.5),
        ),
        (
            Schedule.INVERSE_TIME,
            {"rate": 0.3},
            lambda o: torch.optim.lr_scheduler.LambdaLR(o, lambda epoch: 1 / (1 + 0.3 * epoch)),
        ),
        (
            Schedule.CONSTANT,
            {"warm_up": 8},
            lambda o: torch.optim.lr_scheduler.LinearLR(o, 1 / 8, 1.0, total_iters=7),
        ),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_schedules(kind, settings, make):
    """One step an epoch, so that schedules over steps and over epochs have one clock."""
    numbers = {"rate": 1.0, "every": 1, "length": 30, "minimum": 0.0, "warm_up": 0} | settings
    found = [
        scheduled_alpha(int(kind), 0.4, *numbers.values(), NO_TABLE, step, step)
        for step in range(30)
    ]
    np.testing.assert_allclose(found, rates_of(make, 30, 0.4), rtol=1e-10)


@pytest.mark.parametrize(
    ("name", "fill"),
    [
        ("he", lambda W: torch.nn.init.kaiming_normal_(W, nonlinearity="relu")),
        ("xavier", lambda W: torch.nn.init.kaiming_normal_(W, nonlinearity="linear")),
        ("glorot", lambda W: torch.nn.init.xavier_normal_(W)),
        ("orthogonal", lambda W: torch.nn.init.orthogonal_(W)),
        ("uniform", lambda W: torch.nn.init.uniform_(W, -1, 1)),
        ("normal", lambda W: torch.nn.init.normal_(W)),
    ],
)
def test_scales_of_initialisers(name, fill):
    """PyTorch's names: He is Kaiming; what the course calls Xavier is LeCun's, gain 1."""
    torch.manual_seed(0)
    theirs = fill(torch.empty(300, 200, dtype=torch.float64)).numpy()
    run = simulation(network(Layer(200), Layer(300, initializer=name)))
    found = run.snapshot().arrays["W2"]
    # 60,000 draws: the deviation of their deviation is about 0.3%.
    np.testing.assert_allclose(found.std(), theirs.std(), rtol=0.02)
    assert abs(found.mean()) < 0.03 * found.std()
    if name == "orthogonal":
        np.testing.assert_allclose(found.T @ found, np.eye(200), atol=1e-12)
