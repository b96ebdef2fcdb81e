"""From a specification to a simulation that is ready to run: data loaded, sizes compared."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nnsim.kernels.codes import Loss, Task, code_of
from nnsim.scenario.mistakes import Mistake
from nnsim.scenario.specification import TrainingSpecification


class Shelf:
    """Data sets by their specification and seed, so that variants share them; a few are kept."""

    def __init__(self, most: int = 8) -> None:
        self._most = most
        self._kept: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type[Shelf], tuple[int]]:
        """Travel to another process empty: data sets are cheaper to make than to send."""
        return Shelf, (self._most,)

    def get(self, key: str, make: Callable[[], Any]) -> Any:
        """Return what is kept under `key`, made when it is asked for first."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make()
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return self._kept[key]


class Disagreement(ValueError):
    """The data do not fit the network: only known once they are loaded."""

    def __init__(self, mistakes: list[Mistake]):
        super().__init__("; ".join(mistake.message for mistake in mistakes))
        self.mistakes = mistakes


def prepare(run: TrainingSpecification, folder: Path | None, shelf: Shelf) -> Any:
    """Return the `TrainingSimulation` of a run.

    Raises
    ------
    Disagreement
        Output units against classes, given weights against features, the loss against the labels.
    DataError, SizeError, MissingExtraError
        From loading the data or laying out the arrays.
    """
    from nnsim.data.loading import load_data
    from nnsim.simulations.training import TrainingSimulation

    data = shelf.get(repr((run.data, run.seed)), lambda: load_data(run.data, run.seed, folder))
    mistakes = data_mistakes(run, data)
    if mistakes:
        raise Disagreement(mistakes)
    network = run.network(data.train.X.shape[0])
    training = run.training(data.train.m)
    return TrainingSimulation(network, training, data, seed=run.seed, dtype=run.dtype)


def data_mistakes(run: TrainingSpecification, data: Any) -> list[Mistake]:
    """Return what is wrong between the loaded data and the network."""
    found = []
    inputs, outputs = data.train.X.shape[0], data.train.Y.shape[0]
    layers: tuple[str, str] = ("network", "layers")
    if data.train.m == 0:
        found.append(Mistake(("data", "split"), "leaves no training examples", "more examples"))
    weights = run.layers[0].weights
    if weights is not None and weights and len(weights[0]) != inputs:
        message = f"the weights of layer 1 have rows of {len(weights[0])} numbers"
        found.append(Mistake(layers, message, f"{inputs}, the features of the data"))
    first = run.layers[0]
    if first.residual and first.units != inputs:
        message = f"layer 1 is residual and has {first.units} units"
        found.append(Mistake(layers, message, f"{inputs}, the features of the data"))
    loss = code_of(Loss, run.loss)
    wanted = {
        Loss.BINARY_CROSS_ENTROPY: (Task.BINARY,),
        Loss.HINGE: (Task.BINARY,),
        Loss.SOFTMAX_CROSS_ENTROPY: (Task.MULTICLASS,),
    }.get(Loss(loss))
    if wanted and data.task not in wanted:
        message = f"{run.loss} does not go with these data: {_task_words(data)}"
        found.append(Mistake(("network", "loss"), message, _loss_words(data)))
    elif run.layers[-1].units != outputs:
        units = run.layers[-1].units
        message = f"the output layer has {units} unit{'s' if units > 1 else ''}"
        found.append(Mistake(layers, message, f"{outputs}: {_task_words(data)}"))
    return found


def _task_words(data: Any) -> str:
    outputs = data.train.Y.shape[0]
    return {
        Task.BINARY: "labels of two classes, 0 and 1, in one row",
        Task.MULTICLASS: f"labels of {outputs} classes, a row a class",
        Task.REGRESSION: f"{outputs} number{'s' if outputs > 1 else ''} to predict an example",
    }[data.task]


def _loss_words(data: Any) -> str:
    return {
        Task.BINARY: "binary_cross_entropy, hinge or mean_squared_error (or data.one_hot = true)",
        Task.MULTICLASS: "softmax_cross_entropy",
        Task.REGRESSION: "mean_squared_error or huber",
    }[data.task]
