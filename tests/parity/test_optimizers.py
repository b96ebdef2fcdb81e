"""Update rules over 20 steps against torch.optim, and gradient clipping against torch.nn.utils.

Left out: Lion, which PyTorch lacks, and Nadam: PyTorch's NAdam lets the look-ahead's beta1 rise
over the steps, mu_t = beta1 (1 - 0.5 * 0.96^(t psi)) after Dozat's report; ours keeps it constant,
as the course's Adam does, and no psi makes the two agree.
"""

import numpy as np
import pytest

from nnsim.kernels.cpu.clipping import clip_by_global_norm
from tests.parity.torch_networks import cost, parameters_of, torch
from tests.simulations.made import network, simulation

ALPHA, BETA1, BETA2, EPSILON = 0.03, 0.8, 0.99, 1e-7
STEPS = 20
RULES = {
    "sgd": lambda leaves: torch.optim.SGD(leaves, ALPHA),
    # v = beta v + (1 - beta) dW is (1 - beta) times PyTorch's, whose dampening spares step one.
    "momentum": lambda leaves: torch.optim.SGD(leaves, ALPHA * (1 - BETA1), BETA1),
    "momentum_sum": lambda leaves: torch.optim.SGD(leaves, ALPHA, BETA1),
    "nesterov": lambda leaves: torch.optim.SGD(leaves, ALPHA * (1 - BETA1), BETA1, nesterov=True),
    "adagrad": lambda leaves: torch.optim.Adagrad(leaves, ALPHA, eps=EPSILON),
    "rmsprop": lambda leaves: torch.optim.RMSprop(leaves, ALPHA, BETA2, EPSILON),
    "adam": lambda leaves: torch.optim.Adam(leaves, ALPHA, (BETA1, BETA2), EPSILON),
    "amsgrad": lambda leaves: torch.optim.Adam(
        leaves, ALPHA, (BETA1, BETA2), EPSILON, amsgrad=True
    ),
}


def described():
    return network(6, 4, loss="softmax_cross_entropy", outputs=3, l2=0.1)


def ours(optimizer, **settings):
    return simulation(
        described(),
        optimizer=optimizer,
        learning_rate=ALPHA,
        beta1=BETA1,
        beta2=BETA2,
        epsilon=EPSILON,
        batch_size=0,
        **settings,
    )


def train(run, parameters, optimizer, clip=None):
    """Take 20 steps with PyTorch; after each, ours must stand at the same parameters."""
    X, Y = run.data.train.X, run.data.train.Y
    for step in range(STEPS):
        optimizer.zero_grad()
        cost(run.network, parameters, X, Y).backward()
        if clip:
            clip(list(parameters.values()))
        optimizer.step()
        run.advance()
        shown = run.snapshot().arrays
        for name, leaf in parameters.items():
            np.testing.assert_allclose(
                shown[name], leaf.detach().numpy(), rtol=1e-10, atol=1e-10, err_msg=f"{name} {step}"
            )


@pytest.mark.parametrize("rule", RULES)
def test_rules(rule):
    run = ours(rule)
    parameters = parameters_of(run.snapshot().arrays)
    train(run, parameters, RULES[rule](list(parameters.values())))


def test_decoupled_weight_decay_on_weights_alone():
    run = ours("adamw", weight_decay=0.3)
    parameters = parameters_of(run.snapshot().arrays)
    groups = [
        {
            "params": [leaf for name, leaf in parameters.items() if (name[0] == "W") == weights],
            "weight_decay": 0.3 if weights else 0.0,
        }
        for weights in (True, False)
    ]
    train(run, parameters, torch.optim.AdamW(groups, ALPHA, (BETA1, BETA2), EPSILON))


def test_clipping_by_value():
    run = ours("momentum_sum", clip_value=0.02)
    parameters = parameters_of(run.snapshot().arrays)
    train(
        run,
        parameters,
        RULES["momentum_sum"](list(parameters.values())),
        lambda leaves: torch.nn.utils.clip_grad_value_(leaves, 0.02),
    )


def test_clipping_by_global_norm():
    """PyTorch divides by the norm + 1e-6, ours by the norm; nothing else differs."""
    grad = np.random.default_rng(0).normal(size=50)
    leaf = torch.zeros(50, dtype=torch.float64, requires_grad=True)
    leaf.grad = torch.tensor(grad)
    norm = float(torch.nn.utils.clip_grad_norm_([leaf], 0.5))
    found = grad.copy()
    np.testing.assert_allclose(clip_by_global_norm(found, 0.5), norm, rtol=1e-12)
    np.testing.assert_allclose(found, leaf.grad.numpy() * (norm + 1e-6) / norm, rtol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(found), 0.5, rtol=1e-12)


def test_clipping_by_global_norm_in_a_run():
    def clip(leaves):
        norm = float(torch.nn.utils.get_total_norm([leaf.grad for leaf in leaves]))
        if norm > 0.1:
            for leaf in leaves:
                leaf.grad *= 0.1 / norm

    run = ours("adam", clip_norm=0.1)
    parameters = parameters_of(run.snapshot().arrays)
    train(run, parameters, RULES["adam"](list(parameters.values())), clip)
