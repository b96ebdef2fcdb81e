"""Long work in pieces: all of it once, told how far it is, ended between pieces."""

import threading

import numpy as np
import pytest

from nnsim.training import pieces
from nnsim.training.pieces import in_pieces

LARGE = 2.0 * pieces.PARALLEL_FROM


@pytest.fixture(params=[1, 2, 3])
def threads(request, monkeypatch):
    monkeypatch.setattr(pieces.config, "NUMBA_NUM_THREADS", request.param)
    return request.param


@pytest.mark.parametrize("size", [0, 1, 2, 7, 100, 1001])
@pytest.mark.parametrize("work", [0.0, LARGE])
@pytest.mark.parametrize("seconds", [1e-9, 1e-5, 1e9])
def test_every_item_is_done_once(monkeypatch, threads, size, work, seconds):
    monkeypatch.setattr(pieces, "PIECE_SECONDS", seconds)
    done, told = np.zeros(size, int), []

    def compute(begin, end):
        done[begin:end] += 1

    in_pieces(compute, size, work, lambda *progress: told.append(progress))
    assert (done == 1).all()
    if size:
        assert told[-1] == (size, size) and told == sorted(set(told))
    if not work:
        assert told == [(size, size)]
    if size > threads and work:
        assert told[0] == (threads, size)


def test_small_work_is_done_by_the_one_who_asks(threads):
    seen = set()

    def compute(begin, end):
        seen.add(threading.current_thread())

    in_pieces(compute, 1000, pieces.PARALLEL_FROM)
    assert seen == {threading.current_thread()}


def test_large_work_is_shared(monkeypatch):
    monkeypatch.setattr(pieces.config, "NUMBA_NUM_THREADS", 2)
    both = threading.Barrier(2, timeout=20)
    # Ends only if two threads are in it at once.
    in_pieces(lambda begin, end: both.wait(), 2, LARGE)


def test_what_progress_raises_ends_the_work(threads):
    done = []

    def stop(done_so_far, size):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_pieces(lambda begin, end: done.append(end - begin), 1000, LARGE, stop)
    assert sum(done) == threads


def test_what_a_piece_raises_is_raised(threads):
    def compute(begin, end):
        raise MemoryError("no room")

    with pytest.raises(MemoryError, match="no room"):
        in_pieces(compute, 10, LARGE)
