"""One step of an optimizer on a surface, by the kernels that train networks (A3, C4-C7).

`update_into` and `scheduled_alpha` are called on float64 vectors of one or two numbers, so that a
path here and a weight in a network follow the same rule to the last bit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nnsim.kernels.codes import BiasCorrection, Optimizer, Schedule, Stream, code_of
from nnsim.kernels.cpu.optimizers import update_into
from nnsim.kernels.cpu.random import normal_into
from nnsim.kernels.cpu.schedules import scheduled_alpha
from nnsim.simulations.descent.settings import CORRECTS, DECAYS, PathSettings
from nnsim.simulations.descent.snapshot import Move, Numbers
from nnsim.simulations.descent.surface import Place


@dataclass(frozen=True)
class Averages:
    """What an optimizer carries from step to step; a number a variable each, zeros at first."""

    v: Numbers
    s: Numbers
    s_max: Numbers


class Stepper:
    """Makes the steps of one path.

    Parameters
    ----------
    settings : PathSettings
        Of the path.
    steps : int
        Planned: the length of a schedule that names none.
    seed : int
        Of the noise. All paths with noise get the same at the same step, as if they saw the same
        mini-batches.
    """

    def __init__(self, settings: PathSettings, steps: int, seed: int) -> None:
        self.settings, self._seed = settings, seed
        self._code = int(code_of(Optimizer, settings.optimizer))
        self._correction = int(code_of(BiasCorrection, settings.bias_correction))
        schedule = settings.schedule
        self._schedule = int(code_of(Schedule, schedule.kind))
        self._length = schedule.steps or steps
        self._table = np.array(schedule.values, np.float64).reshape(-1, 2)
        self._decay = settings.weight_decay if settings.optimizer in DECAYS else 0.0

    def learning_rate(self, t: int) -> float:
        """Return alpha of step t = 1, 2 ...; a step counts as an epoch too, both from 0."""
        schedule = self.settings.schedule
        return float(
            scheduled_alpha(
                self._schedule,
                float(self.settings.learning_rate),
                float(schedule.rate),
                schedule.every,
                self._length,
                float(schedule.minimum),
                schedule.warm_up,
                self._table,
                t - 1,
                t - 1,
            )
        )

    def move(self, place: Place, averages: Averages, t: int) -> Move:
        """Return step t = 1, 2 ... from a place; nothing given is changed."""
        settings = self.settings
        theta = np.array(place.point)
        gradient = np.array(place.gradient)
        if settings.noise:
            noise = np.empty(len(gradient))
            normal_into(self._seed, int(Stream.NOISE), t, 0, noise)
            gradient += settings.noise * noise
        v, s, s_max = (np.array(each) for each in (averages.v, averages.s, averages.s_max))
        alpha = self.learning_rate(t)
        update_into(
            self._code,
            theta,
            gradient,
            v,
            s,
            s_max,
            t,
            alpha,
            float(settings.beta1),
            float(settings.beta2),
            float(settings.epsilon),
            settings.epsilon_inside,
            float(self._decay),
            self._correction,
        )
        largest = s_max if settings.optimizer == "amsgrad" else s
        return Move(
            t=t,
            start=place.point,
            slope=place.gradient,
            gradient=_numbers(gradient),
            learning_rate=alpha,
            v_before=averages.v,
            s_before=averages.s,
            v=_numbers(v),
            s=_numbers(s),
            s_max=_numbers(s_max),
            v_used=self._used(v, settings.beta1, t),
            s_used=self._used(largest, settings.beta2, t),
            end=_numbers(theta),
        )

    def _used(self, average: np.ndarray, beta: float, t: int) -> Numbers:
        """Return an average as the step takes it: v / (1 - beta^t) in Adam's kind."""
        settings = self.settings
        if settings.optimizer not in CORRECTS:
            return _numbers(average)
        remaining = 1.0 - math.pow(beta, t)
        if settings.bias_correction == "divided":
            return _numbers(average / remaining)
        if settings.bias_correction == "multiplied":
            return _numbers(average * remaining)
        return _numbers(average)


def _numbers(array: np.ndarray) -> Numbers:
    return tuple(array.tolist())
