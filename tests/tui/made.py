"""Hand-made frames: the same figures on every machine, no simulation behind them."""

from dataclasses import replace

import numpy as np

from nnsim.network.specification import Layer, Network
from nnsim.scenario.dials import Dial
from nnsim.scenario.lessons import Question
from nnsim.simulations.remark import Remark
from nnsim.simulations.snapshot import LayerFigures, Snapshot
from nnsim.simulations.training import Evaluation
from nnsim.training.gradient_check import CheckedEntry, GradientCheck
from nnsim.training.specification import Training
from nnsim.tui.worker.frames import (
    Boundary,
    Card,
    Examples,
    Frame,
    LessonStop,
    RunFrame,
    SteppedFrame,
    TrainingFrame,
    VariantCard,
)

M = 40
STEPS = 200


def network(sizes=(2, 4, 3, 1), activation="tanh") -> Network:
    hidden = tuple(Layer(n, activation, initializer="xavier") for n in sizes[1:-1])
    return Network(sizes[0], (*hidden, Layer(sizes[-1], "sigmoid")), "binary_cross_entropy", l2=0.1)


def training(**changes) -> Training:
    return replace(
        Training(steps=STEPS, optimizer="momentum", learning_rate=0.05, batch_size=M), **changes
    )


def phases(net: Network) -> tuple[str, ...]:
    numbers = range(1, len(net.layers) + 1)
    forward = [f"forward {number}" for number in numbers]
    backward = [f"backward {number}" for number in reversed(numbers)]
    return ("batch", *forward, "cost", *backward, "check", "update")


def wave(rows: int, columns: int, shift: float = 0.0) -> np.ndarray:
    """Numbers of both signs without a random generator, with few digits."""
    i, j = np.mgrid[0:rows, 0:columns]
    values = np.round(np.sin(1.7 * i + 0.6 * j + shift) * (1 + 0.1 * i), 4)
    values.flags.writeable = False
    return values


def examples(m: int = M) -> Examples:
    turn = np.arange(m) * 2.399963
    radius = np.where(np.arange(m) % 2, 0.9, 0.4)
    X = np.round(np.array([radius * np.cos(turn), radius * np.sin(turn)]), 3)
    labels = np.arange(m) % 2
    Y = labels[None].astype(float)
    return Examples(X, Y, labels, ("x1", "x2"), ("inner", "outer"), {"train": m, "dev": 10})


def arrays(net: Network, phase: int = 0, m: int = M) -> dict[str, np.ndarray]:
    """Arrays by the names of a snapshot; inside a step only those computed before `phase`."""
    sizes, depth, found = net.sizes, len(net.layers), {}
    for l in range(1, depth + 1):  # noqa: E741
        n, n_prev = sizes[l], sizes[l - 1]
        found |= {f"W{l}": wave(n, n_prev, l), f"b{l}": wave(n, 1, 2 * l)}
        found |= {f"v_W{l}": wave(n, n_prev, l + 3) / 8, f"v_b{l}": wave(n, 1, l) / 8}
    if phase > 0 or phase == 0:
        shown = examples(m)
        found |= {"A0": shown.X, "Y": shown.Y}
    for l in range(1, depth + 1):  # noqa: E741
        n, n_prev = sizes[l], sizes[l - 1]
        if phase == 0 or phase > l:
            Z = wave(n, m, l)
            A = np.tanh(Z) if l < depth else 1 / (1 + np.exp(-Z))
            found |= {f"Z{l}": Z, f"G{l}": A, f"A{l}": A}
        if phase == 0 or phase > 2 * depth + 2 - l:
            found[f"dZ{l}"] = wave(n, m, l + 1) * 10.0 ** (l - depth)
            found[f"dW{l}"] = wave(n, n_prev, l + 2) * 10.0 ** (l - depth)
            found[f"db{l}"] = wave(n, 1, l + 2) * 10.0 ** (l - depth)
            if l < depth:
                found[f"dA{l}"] = wave(n, m, l + 4)
        if phase == 0:
            found[f"update_W{l}"] = wave(n, n_prev, l + 3) * -0.01
            found[f"update_b{l}"] = wave(n, 1, l + 3) * -0.01
    return found


def layer_figures(depth: int) -> tuple[LayerFigures, ...]:
    return tuple(
        LayerFigures(
            weight_norm=1.5 + 0.25 * number,
            gradient_norm=10.0 ** (number - depth),
            update_ratio=10.0 ** (number - depth - 2),
            z_mean=0.1,
            z_std=1.0,
            a_mean=0.05,
            a_std=0.6,
            dead_share=0.0,
            saturated_share=0.25 / number,
        )
        for number in range(1, depth + 1)
    )


def snapshot(net: Network, step: int = 128, phase: int = 0, **changes) -> Snapshot:
    cost = round(0.7 * 0.99**step, 6)
    return replace(
        Snapshot(
            step=step,
            phase=phases(net)[phase],
            epoch=step,
            batch=0,
            status="ready",
            learning_rate=0.05,
            cost=cost,
            data_loss=round(cost - 0.01, 6),
            penalty=0.01,
            arrays=arrays(net, phase),
            layers=layer_figures(len(net.layers)) if phase == 0 else (),
        ),
        **changes,
    )


def history(depth: int, reached: int, rate: float = 0.99) -> tuple[dict, dict]:
    step = np.arange(reached, dtype=float)
    cost = 0.7 * rate**step
    curve = {
        "step": step,
        "cost": cost,
        "data_loss": cost - 0.01,
        "penalty": np.full_like(step, 0.01),
        "learning_rate": np.full_like(step, 0.05),
    }
    at = step[::10]
    records = {"step": at, "epoch": at}
    for part, shift in (("train", 0.0), ("dev", 0.05)):
        records[f"{part}_cost"] = 0.7 * rate**at + shift
        records[f"{part}_data_loss"] = records[f"{part}_cost"] - 0.01
        records[f"{part}_accuracy"] = 1 - 0.5 * rate**at - shift
    for figure in ("cost", "data_loss", "accuracy"):
        records[f"test_{figure}"] = np.full_like(at, np.nan)
    scale = 10.0 ** np.arange(1 - depth, 1)
    for name in (
        "weight_norm", "gradient_norm", "update_ratio", "z_mean", "z_std", "a_mean", "a_std",
        "dead_share", "saturated_share",
    ):  # fmt: skip
        records[name] = scale * (1 + 0.5 * np.cos(at / 40))[:, None]
    return curve, records


def boundary(columns: int = 60, rows: int = 24, step: int = 128) -> Boundary:
    x, y = np.meshgrid(np.linspace(-1.2, 1.2, columns), np.linspace(1.2, -1.2, rows))
    answers = 1 / (1 + np.exp(-8 * (np.hypot(x, y) - 0.65)))
    return Boundary(step, (0, 1), (-1.2, 1.2), (-1.2, 1.2), answers[None])


def line(columns: int = 60, step: int = 128) -> Boundary:
    x = -1.2 + 2.4 * (np.arange(columns) + 0.5) / columns
    return Boundary(step, (0,), (-1.2, 1.2), None, 1 / (1 + np.exp(-8 * (x - 0.3)))[None, None])


def run(number: int = 0, name: str = "tanh", step: int = 128, phase: int = 0, **changes):
    net = changes.get("network", network())
    curve, records = history(len(net.layers), STEPS - 20, 0.99 - 0.004 * number)
    figures = {
        part: Evaluation(cost, cost - 0.01, accuracy, 1 - accuracy, m)
        for part, cost, accuracy, m in (("train", 0.2, 0.95, M), ("dev", 0.25, 0.9, 10))
    }
    plain = TrainingFrame(
        number=number,
        name=name,
        variant=name,
        parent=None,
        start=0,
        steps=STEPS,
        step=step,
        phase=phase,
        phases=phases(net),
        reached=STEPS - 20,
        status="ready",
        steps_an_epoch=1,
        best_step=None,
        non_finite=None,
        network=net,
        training=training(),
        in_force=(net, training()),
        seed=1,
        curve=curve,
        records=records,
        examples=examples(),
        snapshot=snapshot(net, step, phase),
        evaluations=figures,
        remarks=(remark(),),
        boundary=boundary(step=step),
    )
    return replace(plain, **changes)


DIALS = (
    (Dial("learning_rate", "descent.learning_rate", "Learning rate", "How far a step goes."), 0.1),
    (Dial("optimizer", "descent.optimizer", "Optimiser", "The rule.", ("sgd", "adam")), "sgd"),
    (Dial("beta", "descent.beta", "beta", "Weight of the past.", (0.0, 0.5, 0.9)), 0.5),
    (Dial("start", "descent.start", "Start", "Where it begins."), [1.0, 2.0]),
    (Dial("corrected", "descent.corrected", "Correction", "Divides by 1 - beta^t."), False),
)


def stepped_run(number: int = 0, name: str = "sgd", step: int = 3, phase: int = 0, **changes):
    """A run of a kind with small states, without a snapshot."""
    steps = np.arange(9)
    plain = SteppedFrame(
        number=number,
        name=name,
        variant=name,
        steps=20,
        step=step,
        phase=phase,
        phases=("gradient", "v", "update"),
        reached=8,
        status="ready",
        seed=1,
        figures={"J": 4.0 * 0.5**step, "w": 2.0 * 0.7**step, "verdict": "falling"},
        curve={
            "step": steps,
            "J": 4.0 * (0.5 + 0.1 * number) ** steps,
            "w": 2.0 * 0.7**steps,
        },
        dials=DIALS,
        settings={"learning_rate": str(0.1 * (number + 1)), "steps": "20"},
    )
    return replace(plain, **changes)


def stepped_frame(*runs: SteppedFrame, **changes) -> Frame:
    plain = Frame(serial=1, card=card(kind="descent"), runs=runs or (stepped_run(),), current=0)
    return replace(plain, **changes)


def remark() -> Remark:
    return Remark(
        kind="vanishing",
        sentence="Layer 1's gradient is 100 times smaller than layer 3's: it hardly learns.",
        how="||dW1|| = 0.01, ||dW3|| = 1; said where the ratio is below 0.01.",
        advice="Initialise by Xavier or He, or take ReLU (topic B11).",
        topic="B10",
        weight=50,
        layer=1,
    )


def lessons() -> tuple[LessonStop, ...]:
    question = Question(
        "Which layer learns slowest?",
        ("layer 1", "layer 2", "layer 3"),
        "layer 1",
        0.0,
        "dZ[l] = W[l+1]^T dZ[l+1] * g'(Z[l]): every layer on the way back makes it smaller.",
    )
    number = Question("What is the first cost?", (), 0.693, 0.05, "J = ln 2 for answers of 1/2.")
    return (
        LessonStop(0, 0, "start", None, "Nothing has been trained yet.", question),
        LessonStop(1, 100, "step 100", "tanh", "A hundred steps at alpha = 0.05.", number),
        LessonStop(2, STEPS, "end", None, "Look at the borders.", None),
    )


def card(**changes) -> Card:
    return replace(
        Card(
            name="vanishing-gradients",
            title="Vanishing gradients",
            kind="training",
            topics=("B10",),
            summary="The same network with sigmoid, tanh and ReLU.",
            look_for=("The gradient norm of layer 1 and of the last layer, on a log axis.",),
            seed=1,
            dtype="float64",
            variants=(VariantCard("tanh", "g' is near 1 at 0."), VariantCard("relu", "0 or 1.")),
            lessons=lessons(),
        ),
        **changes,
    )


def check(net: Network | None = None, step: int = 128) -> GradientCheck:
    net = net or network()
    ratios = {}
    for number in range(1, len(net.layers) + 1):
        ratios |= {f"dW{number}": number * 1e-9, f"db{number}": number * 2e-9}
    ratios["dW2"] = 0.3333
    verdicts = {name: "wrong" if ratio > 1e-3 else "great" for name, ratio in ratios.items()}
    worst = (CheckedEntry("dW2[1,0]", 0.42, 0.21, 0), CheckedEntry("dW2[0,0]", 0.2, 0.1, 0))
    empty = np.zeros(1)
    return GradientCheck(
        step=step, epsilon=1e-7, masks="frozen", ratio=0.21, blocks=ratios,
        verdicts={"all": "wrong", **verdicts}, worst=worst, kinks=0, gradient=empty,
        approximation=empty,
    )  # fmt: skip


def frame(*runs: RunFrame, **changes) -> Frame:
    plain = Frame(serial=1, card=card(), runs=runs or (run(),), current=0)
    return replace(plain, **changes)
