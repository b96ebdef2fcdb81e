"""Long work in pieces: shared out over threads, told how far it is, and ended between pieces."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

from numba import config

from nnsim.training.blas import one_blas_thread
from nnsim.training.progress import Progress

PARALLEL_FROM = 20_000_000
"""Multiplications above which a second thread pays, and work is worth cutting into pieces."""
PIECE_SECONDS = 0.05
"""Aim of one piece: between pieces Ctrl-C and `on_progress` get their turn."""


def in_pieces(
    compute: Callable[[int, int], None],
    size: int,
    multiplications: float,
    on_progress: Progress | None = None,
) -> None:
    """Call compute(begin, end) for pieces of 0 <= i < size until all is done.

    Parameters
    ----------
    compute : callable
        Work on begin <= i < end, by compiled code that gives the interpreter away; called by
        several threads at once. No result may depend on how the work is cut.
    size : int
        Items of work.
    multiplications : float
        In all of them: small work is done in one piece by the calling thread. More is shared by as
        many threads as Numba would use: those of the machine, or of NUMBA_NUM_THREADS.
    on_progress : callable, optional
        Called with (items done, items) after each piece; what it raises ends the work.
    """
    with one_blas_thread():
        if is_small(multiplications):
            compute(0, size)
            if on_progress:
                on_progress(size, size)
            return
        threads = max(1, min(config.NUMBA_NUM_THREADS, size))
        with ThreadPoolExecutor(threads) if threads > 1 else nullcontext() as pool:
            each = pool.map if pool else map
            done, count = 0, threads
            while done < size:
                end = min(done + count, size)
                edges = _edges(done, end, 1 if threads == 1 else 4 * threads)
                begin = time.perf_counter()
                for _ in each(compute, edges[:-1], edges[1:]):
                    pass
                seconds = max(time.perf_counter() - begin, 1e-6)
                count = max(threads, int((end - done) * PIECE_SECONDS / seconds))
                done = end
                if on_progress:
                    on_progress(done, size)


def is_small(multiplications: float) -> bool:
    """Tell whether work is done in one piece by the calling thread."""
    return multiplications <= PARALLEL_FROM


def _edges(begin: int, end: int, pieces: int) -> list[int]:
    """Return the bounds of about equal pieces; more than threads, since not all take as long."""
    pieces = min(pieces, end - begin)
    return [begin + (end - begin) * piece // pieces for piece in range(pieces + 1)]
