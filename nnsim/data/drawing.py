"""Random numbers for data: the Philox kernels as arrays of any shape.

A drawing numbers its calls, and the number goes into Philox's counter: two calls never share
numbers, and a call's numbers do not depend on how many another call asked for. The second
drawing of a mismatched source (`held_out`) has its own counter as well. Splits use a stream of
their own (`Stream.SPLIT`), so data and split are independent although both come from one seed.
"""

from __future__ import annotations

from math import prod

import numpy as np

from nnsim.kernels.codes import Stream

# nnsim.kernels.cpu.random is imported inside the functions: it brings Numba, which listing and
# checking a scenario must not load.


class Drawing:
    """The random numbers of one drawing of one data source.

    Parameters
    ----------
    seed
        The run's seed, 0 to 2^63 - 1.
    number
        0 for the source itself, 1 for its held-out version; of augmentation the copy, from 1.
    stream
        What the numbers are for.
    """

    def __init__(self, seed: int, number: int = 0, stream: Stream = Stream.DATA):
        check_seed(seed)
        self.seed = seed
        self.number = number
        self.stream = int(stream)
        self._calls = 0

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0) -> np.ndarray:
        """Return numbers of U[low, high), float64, of the given shape."""
        from nnsim.kernels.cpu.random import uniform_into

        numbers = np.empty(prod(shape))
        uniform_into(self.seed, self.stream, self.number, self._next_call(), numbers)
        return low + (high - low) * numbers.reshape(shape)

    def normal(self, *shape: int) -> np.ndarray:
        """Return numbers of N(0, 1), float64, of the given shape."""
        from nnsim.kernels.cpu.random import normal_into

        numbers = np.empty(prod(shape))
        normal_into(self.seed, self.stream, self.number, self._next_call(), numbers)
        return numbers.reshape(shape)

    def _next_call(self) -> int:
        self._calls += 1
        return self._calls - 1


def permutation(seed: int, m: int, number: int = 0) -> np.ndarray:
    """Return the order (m,), int64, in which examples are dealt out to train, dev and test."""
    from nnsim.kernels.cpu.random import permutation_into

    check_seed(seed)
    order = np.arange(m, dtype=np.int64)
    permutation_into(seed, int(Stream.SPLIT), number, order)
    return order


def check_seed(seed: int) -> None:
    """Raise ValueError for a seed that is no whole number of 0 to 2^63 - 1."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**63:
        raise ValueError(f"seed is {seed!r}; expected a whole number from 0 to 2^63 - 1")
