"""Hand-made frames of unusual moments and networks, and what is computed on request."""

from dataclasses import replace

import numpy as np

from nnsim.network.specification import Layer, Network
from nnsim.simulations.training import NonFinite
from nnsim.training.epsilon_scan import EpsilonScan
from nnsim.training.specification import PlantedFault
from nnsim.training.surface import Surface
from nnsim.tui.worker.frames import Boundary, Examples, Frame
from tests.tui import made

SECRET = PlantedFault("sign_flipped", 2)
PHASES = len(made.phases(made.network()))


def surface(step: int = 128, size: int = 21, **changes) -> Surface:
    at = np.round(np.linspace(-1, 1, size), 3)
    walked = np.round(np.linspace(-0.8, 0, 9), 3)
    return replace(
        Surface(
            step=step,
            directions="principal",
            alphas=at,
            betas=at,
            cost=np.round(0.1 + at[None] ** 2 + 2 * at[:, None] ** 2, 4),
            path=np.column_stack([walked, -(walked**2)]),
            path_steps=np.linspace(0, step, 9),
            explained=0.9,
            description="the two directions in which the parameters moved most",
        ),
        **changes,
    )


def scan(step: int = 128) -> EpsilonScan:
    epsilons = 10.0 ** -np.arange(1.0, 13.0)
    ratios = epsilons**2 + 1e-16 / epsilons
    return EpsilonScan(step, epsilons, ratios, {"dW1": ratios})


def regression() -> Frame:
    net = Network(2, (Layer(4, "tanh"), Layer(1, "identity")), "mean_squared_error")
    plain = made.examples()
    examples = replace(plain, Y=made.wave(1, made.M), labels=None, classes=())
    return made.frame(made.run(network=net, in_force=(net, made.training()), examples=examples))


def multiclass() -> Frame:
    net = Network(2, (Layer(4, "relu"), Layer(3, "softmax")), "softmax_cross_entropy")
    labels = np.arange(made.M) % 3
    answers = np.stack([np.roll(made.boundary().answers[0], 20 * k, axis=1) for k in range(3)])
    examples = replace(
        made.examples(), Y=np.eye(3)[:, labels], labels=labels, classes=("low", "middle", "high")
    )
    boundary = replace(made.boundary(), answers=answers / answers.sum(axis=0))
    return made.frame(
        made.run(network=net, in_force=(net, made.training()), examples=examples, boundary=boundary)
    )


def of_inputs(count: int) -> Frame:
    net = made.network((count, 4, 1))
    X = made.wave(count, made.M)
    plain = made.examples()
    examples = Examples(
        X, plain.Y, plain.labels, tuple(f"x{k + 1}" for k in range(count)), plain.classes, plain.m
    )
    boundary = made.line() if count == 1 else made.boundary()
    return made.frame(
        made.run(network=net, in_force=(net, made.training()), examples=examples, boundary=boundary)
    )


def one_input_regression() -> Frame:
    """Answers far from the examples, and another run's beside them."""
    net = Network(1, (Layer(1, "relu"),), "mean_squared_error")
    X = made.wave(1, made.M)
    examples = replace(
        made.examples(),
        X=X,
        Y=200 + 100 * X,
        labels=None,
        features=("size",),
        classes=(),
        targets=("price",),
        mean=np.array([[2000.0]]),
        scale=np.array([[500.0]]),
    )
    line = replace(made.line(), x_range=(1400.0, 2600.0))
    common = {"network": net, "in_force": (net, made.training()), "examples": examples}
    wild = replace(line, answers=1e6 * line.answers)
    near = replace(line, answers=100 + 200 * line.answers)
    return made.frame(
        made.run(boundary=wild, **common), made.run(1, "near", boundary=near, **common)
    )


def one_input_multiclass() -> Frame:
    """A curve a class."""
    plain = multiclass().run
    net = replace(plain.network, inputs=1)
    answers = plain.boundary.answers[:, :1]
    examples = replace(plain.examples, X=plain.examples.X[:1], features=("x1",))
    line = replace(made.line(), answers=answers)
    return made.frame(replace(plain, network=net, examples=examples, boundary=line))


def of_sizes(*sizes: int, phase: int = 0) -> Frame:
    net = made.network(sizes)
    return made.frame(made.run(network=net, in_force=(net, made.training()), phase=phase))


def not_finite() -> Frame:
    plain = made.run()
    assert plain.snapshot is not None
    arrays = {name: each.copy() for name, each in plain.snapshot.arrays.items()}
    for number, array in enumerate(arrays.values()):
        array.flat[:: 1 + number % 3] = (np.nan, np.inf, -np.inf)[number % 3]
    layers = tuple(
        replace(each, gradient_norm=np.nan, update_ratio=np.inf, a_std=np.nan)
        for each in plain.snapshot.layers
    )
    curve = {name: np.where(np.arange(len(c)) < 90, c, np.nan) for name, c in plain.curve.items()}
    curve["step"] = plain.curve["step"]
    records = {
        name: each if name in ("step", "epoch") else np.full_like(each, np.nan)
        for name, each in plain.records.items()
    }
    boundary = Boundary(128, (0, 1), (-1.2, 1.2), (-1.2, 1.2), np.full((1, 24, 60), np.nan))
    return made.frame(
        replace(
            plain,
            status="non-finite",
            non_finite=NonFinite(128, "update"),
            curve=curve,
            records=records,
            boundary=boundary,
            snapshot=replace(
                plain.snapshot, arrays=arrays, layers=layers, cost=np.nan, learning_rate=np.inf
            ),
        )
    )


def before_all() -> Frame:
    """Step 0, nothing recorded, nothing computed."""
    run = made.run(step=0)
    curve = {name: each[:0] for name, each in run.curve.items()}
    records = {name: each[:0] for name, each in run.records.items()}
    bare = replace(made.snapshot(made.network(), 0), arrays={}, layers=())
    return made.frame(
        replace(
            run, reached=0, curve=curve, records=records, snapshot=bare, evaluations={},
            boundary=None, remarks=(),
        )
    )  # fmt: skip


def not_looked_at() -> Frame:
    return made.frame(replace(made.run(), snapshot=None, evaluations={}, boundary=None))


def forked() -> Frame:
    fork = made.run(2, "tanh, learning_rate 0.1", parent=0, start=60)
    return made.frame(made.run(0), made.run(1, "relu"), fork, current=2)


def secret() -> Frame:
    faulty = made.training(fault=SECRET)
    run = made.run(
        1,
        "run with a bug",
        parent=0,
        training=faulty,
        in_force=(made.network(), faulty),
        secret=True,
    )
    return made.frame(made.run(0), run, current=1)


def asked_for() -> Frame:
    """With a surface, a check and a scan, all of the present step."""
    return made.frame(surface=surface(), check=made.check(), scan=scan())


ODD = {
    "usual": made.frame,
    "before all": before_all,
    "not looked at": not_looked_at,
    "one layer": lambda: of_sizes(2, 1),
    "ten layers": lambda: of_sizes(2, *[4] * 9, 1),
    "ten layers, inside": lambda: of_sizes(2, *[4] * 9, 1, phase=15),
    "regression": regression,
    "multiclass": multiclass,
    "one input": lambda: of_inputs(1),
    "one input, regression": one_input_regression,
    "one input, multiclass": one_input_multiclass,
    "64 inputs": lambda: of_inputs(64),
    "not finite": not_finite,
    "forked": forked,
    "secret": secret,
    "asked for": asked_for,
    **{f"phase {k}": lambda k=k: made.frame(made.run(phase=k)) for k in range(1, PHASES, 3)},
}
"""Every kind of frame by its name."""
