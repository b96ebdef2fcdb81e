"""Train, dev and test (course topic B1): 60/20/20, 70/30, 98/1/1, from one source or from two."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from nnsim.data.dataset import Examples
from nnsim.data.drawing import permutation
from nnsim.data.mistakes import TOLERANCE, find_split_mistakes
from nnsim.data.pool import Pool
from nnsim.errors import DataError


def sizes(m: int, shares: Sequence[float]) -> tuple[int, ...]:
    """Return how many of m examples each share gets: cut where the running sum is, rounded."""
    cuts = [0]
    running = 0.0
    for share in shares:
        running += share
        # Rounded half up, with room for sums like 0.98 + 0.01.
        cuts.append(min(m, math.floor(m * running + 0.5 + TOLERANCE)))
    return tuple(end - start for start, end in pairwise(cuts))


def split(
    pool: Pool,
    shares: Sequence[float],
    seed: int,
    shuffle: bool = True,
    held_out: Pool | None = None,
) -> tuple[Examples, Examples, Examples]:
    """Return train, dev and test.

    Examples are dealt out in a random order of the seed, or as they come without ``shuffle``. When
    train gets all of them there is nothing to deal out, and they stay as they come. With
    ``held_out``, train is the same, to the last bit, as without it; dev and test are of that pool.

    Raises
    ------
    DataError
        If the shares are wrong, or a share above 0 gets no example.
    """
    mistakes = find_split_mistakes(shares, held_out is not None)
    if mistakes:
        raise DataError("\n".join(mistakes))
    shares = (*shares, 0.0, 0.0)[:3]
    if held_out is None:
        counts = sizes(pool.m, shares)
        dealt = _dealt(pool, counts, seed, 0, shuffle)
    else:
        counts = (*sizes(pool.m, shares[:1]), *sizes(held_out.m, shares[1:]))
        dealt = _dealt(pool, counts[:1], seed, 0, shuffle)
        dealt += _dealt(held_out, counts[1:], seed, 1, shuffle)
    for name, share, count in zip(("train", "dev", "test"), shares, counts, strict=True):
        if share > 0 and count == 0:
            m = pool.m if held_out is None or name == "train" else held_out.m
            raise DataError(
                f"split gives {name} a share of {share:g} of {m} examples, which is none; "
                "raise the share or the number of examples"
            )
    train, dev, test = dealt
    return train, dev, test


def _dealt(
    pool: Pool, counts: Sequence[int], seed: int, number: int, shuffle: bool
) -> list[Examples]:
    if shuffle and counts[0] < pool.m:
        order = permutation(seed, pool.m, number)
    else:
        order = np.arange(pool.m)
    sets, start = [], 0
    for count in counts:
        chosen = order[start : start + count]
        sets.append(
            Examples(
                np.ascontiguousarray(pool.X[:, chosen]), np.ascontiguousarray(pool.Y[:, chosen])
            )
        )
        start += count
    return sets
