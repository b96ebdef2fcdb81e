"""Planted bugs (course topic B14) in a learner's words, and where a run can have one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nnsim.network.specification import Network
from nnsim.training.faults import ground_of, layers_for, need_of
from nnsim.training.specification import PlantedFault, Training

CATCHES, BLIND, MODE = "catches", "blind", "mode"
GROUPS: dict[str, str] = {
    CATCHES: "The gradient check catches",
    BLIND: "The gradient check is blind to",
    MODE: "Mode bugs: right formulas at the wrong time",
}
"""What the gradient check makes of a bug."""

BACKWARD, DROPOUT_AND_NORM, UPDATE, DATA = "backward", "dropout", "update", "data"
PARTS: dict[str, str] = {
    BACKWARD: "Back-propagation",
    DROPOUT_AND_NORM: "Dropout and batch norm",
    UPDATE: "Optimiser and first weights",
    DATA: "Batches",
}
"""Where in the program a bug sits; says nothing about what shows it."""


@dataclass(frozen=True)
class Fact:
    """What is to be said about a kind of bug."""

    kind: str
    """A name of `nnsim.kernels.codes.Fault`, lower case."""
    title: str
    """A few words: what one guesses."""
    sentence: str
    """What the program does wrong; for after the reveal."""
    group: str
    """catches, blind or mode."""
    part: str
    need: str = ""
    """What a run needs for it, in words; empty where any run will do."""
    restarts: bool = False
    """It only shows from the first step on, so the run begins anew."""
    live: bool = True
    """It can be planted into a run; else its data would have to be prepared anew."""


_PENALTY = "an l1 or l2 penalty"
_ADAM = "an optimiser such as adam"
_DROPOUT = "keep_prob below 1"
_NORM = "a layer with batch norm"

FACTS: dict[str, Fact] = {
    fact.kind: fact
    for fact in (
        Fact("dw_doubled", "dW doubled", "Back-propagation returns 2 dW.", CATCHES, BACKWARD),
        Fact(
            "db_scaled",
            "db scaled by 4",
            "Back-propagation returns 4 db.",
            CATCHES,
            BACKWARD,
            "b without batch norm",
        ),
        Fact(
            "derivative_missing",
            "Derivative missing",
            "The way back leaves out g'(Z): dZ = dA.",
            CATCHES,
            BACKWARD,
            "a nonlinear hidden layer",
        ),
        Fact(
            "derivative_wrong",
            "Derivative wrong",
            "The way back takes g' of another activation: sigmoid's for tanh, tanh's for others.",
            CATCHES,
            BACKWARD,
            "a hidden layer",
        ),
        Fact(
            "mean_forgotten",
            "1/m forgotten",
            "dW and db are sums over the m examples, not means: m times too large.",
            CATCHES,
            BACKWARD,
        ),
        Fact(
            "penalty_gradient_forgotten",
            "Penalty's gradient forgotten",
            "The cost has the penalty, but dW lacks its term, lambda/m W for L2.",
            CATCHES,
            BACKWARD,
            _PENALTY,
        ),
        Fact(
            "sign_flipped",
            "Sign flipped",
            "dW and db have the wrong sign: the step goes uphill.",
            CATCHES,
            BACKWARD,
        ),
        Fact(
            "dropout_scale_forgotten",
            "Dropout's 1/keep_prob forgotten",
            "The way back applies the mask D to dA, but does not divide by keep_prob.",
            CATCHES,
            DROPOUT_AND_NORM,
            _DROPOUT,
        ),
        Fact(
            "batch_norm_terms_forgotten",
            "Batch norm's mu, sigma terms forgotten",
            "The way back takes mu and sigma^2 for constants, though they depend on Z.",
            CATCHES,
            DROPOUT_AND_NORM,
            _NORM,
        ),
        Fact(
            "weights_transposed",
            "W and its transpose mixed up",
            "dA[l-1] = W dZ instead of W^T dZ; a square layer lets it pass.",
            CATCHES,
            BACKWARD,
            "two layers of equal size",
        ),
        Fact(
            "adam_uncorrected",
            "Bias correction left out",
            "The averages v and s start at 0 and are used as they are.",
            BLIND,
            UPDATE,
            _ADAM,
            restarts=True,
        ),
        Fact(
            "adam_correction_multiplied",
            "Bias correction multiplied",
            "The averages are multiplied by 1 - beta^t instead of divided by it.",
            BLIND,
            UPDATE,
            _ADAM,
            restarts=True,
        ),
        Fact(
            "adam_correction_stored",
            "Corrected average stored",
            "The corrected average is written back into v and s, and corrected again a step later.",
            BLIND,
            UPDATE,
            _ADAM,
            restarts=True,
        ),
        Fact(
            "shared_initial_weight",
            "One first weight for all units",
            "All entries of W start as the same number, so all units learn the same.",
            BLIND,
            UPDATE,
            "drawn first weights",
            restarts=True,
        ),
        Fact(
            "last_batch_divisor",
            "Last batch divided by the wrong m",
            "The last, smaller batch is divided by the batch size instead of its own m.",
            BLIND,
            DATA,
            "a smaller last batch",
        ),
        Fact(
            "no_reshuffle",
            "No reshuffling",
            "Every epoch has the same batches in the same order.",
            BLIND,
            DATA,
            "shuffled mini-batches",
        ),
        Fact(
            "dev_normalized_alone",
            "Dev data normalised by themselves",
            "dev and test are normalised with their own mu and sigma, not with train's.",
            BLIND,
            DATA,
            "data prepared anew",
            live=False,
        ),
        Fact(
            "dropout_at_test",
            "Dropout at test time",
            "train, dev and test are evaluated with units dropped.",
            MODE,
            DROPOUT_AND_NORM,
            _DROPOUT,
        ),
        Fact(
            "batch_statistics_at_test",
            "Batch statistics at test time",
            "Evaluation normalises with its own batch's mu and sigma^2, not the running ones.",
            MODE,
            DROPOUT_AND_NORM,
            _NORM,
        ),
        Fact(
            "fresh_masks_in_check",
            "Fresh masks in the gradient check",
            "Every evaluation of the check draws its own dropout mask: another J each time.",
            MODE,
            DROPOUT_AND_NORM,
            _DROPOUT,
        ),
    )
}
"""Kind to what is said about it, in the order of the course."""


def title(fault: PlantedFault) -> str:
    """Return a bug in a few words.

    >>> title(PlantedFault("dw_doubled", 2)), title(PlantedFault("no_reshuffle"))
    ('dW doubled in layer 2', 'No reshuffling')
    """
    where = f" in layer {fault.layer}" if fault.layer else ""
    return FACTS[fault.kind].title + where


def sentence(fault: PlantedFault) -> str:
    """Return what the program does wrong, for after the reveal."""
    return FACTS[fault.kind].sentence


def places(network: Network, training: Training, examples: int = 0) -> tuple[PlantedFault, ...]:
    """Return every bug that would show in a run, once for each layer that it can sit in.

    `examples` is m of the training set; 0: unknown. Bugs that need other data are left out.
    """
    found = []
    ground = ground_of(network, training)
    for kind, fact in FACTS.items():
        if fact.live and _shows(kind, training.batch_size, examples):
            found += [PlantedFault(kind, layer) for layer in layers_for(kind, ground)]
    return tuple(found)


def places_in(simulation: Any) -> tuple[PlantedFault, ...]:
    """Return every bug that would show in a `TrainingSimulation`; see `places`."""
    return places(simulation.network, simulation.training, simulation.data.train.m)


def pick(seed: int, places: tuple[PlantedFault, ...]) -> PlantedFault:
    """Return one bug of several: always the same for a seed, every kind equally often.

    Raises ValueError where there is none to choose from.
    """
    if not places:
        raise ValueError("no bug has a place in this run")
    kinds = list(dict.fromkeys(place.kind for place in places))
    draw = _mixed(seed)
    kind = kinds[draw % len(kinds)]
    layers = [place for place in places if place.kind == kind]
    return layers[draw // len(kinds) % len(layers)]


def refuse(fault: PlantedFault, network: Network, training: Training) -> None:
    """Raise ValueError, with what is needed, for a bug that has no place in a run."""
    if fault.kind not in FACTS:
        raise ValueError(f"fault: there is no {fault.kind!r}; expected one of {', '.join(FACTS)}")
    if not FACTS[fault.kind].live:
        raise ValueError(f"{fault.kind} cannot be planted into a run: it needs {need(fault.kind)}")
    layers = layers_for(fault.kind, ground_of(network, training))
    if not layers or (fault.layer and fault.layer not in layers):
        where = f" in layer {fault.layer}" if fault.layer else ""
        numbers = ", ".join(str(number) for number in layers if number)
        expected = f"layer {numbers}" if numbers and fault.layer else need(fault.kind)
        raise ValueError(f"{fault.kind} has no place{where}; expected {expected}")


def need(kind: str) -> str:
    """Return what a run needs for a bug to have a place, in words."""
    return FACTS[kind].need or need_of(kind)


def _shows(kind: str, batch_size: int, examples: int) -> bool:
    """Tell whether batches are such that a bug about them changes anything."""
    if not examples:
        return True
    if kind == "last_batch_divisor":
        return examples > batch_size and examples % max(batch_size, 1) > 0
    return kind != "no_reshuffle" or examples > batch_size


def _mixed(seed: int) -> int:
    """Spread neighbouring seeds over all numbers of 64 bits (splitmix64)."""
    mask = 2**64 - 1
    z = (seed + 0x9E3779B97F4A7C15) & mask
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & mask
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & mask
    return z ^ (z >> 31)
