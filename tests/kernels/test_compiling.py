"""The first compilation is shared out over processes, and does not depend on them."""

import os
import pickle
import subprocess
import sys
from queue import Queue

import pytest
from numba import config, types

from nnsim.kernels import compiling
from nnsim.kernels.cpu.clipping import clip_by_value
from nnsim.kernels.jit import kernel

pytestmark = pytest.mark.skipif(config.DISABLE_JIT, reason="nothing is compiled without Numba")

NUMBER = (types.float64,)


def twice(x):
    return 2 * x


def thrice(x):
    return 3 * x


@pytest.fixture
def new_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return tmp_path


def started(count: list[int], program: str):
    """Return what stands in for starting a process: one that runs a program."""

    def start() -> subprocess.Popen:
        count.append(1)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        return subprocess.Popen([sys.executable, "-c", program], **pipes)

    return start


def test_a_process_compiles_what_it_is_handed_into_the_cache(new_cache):
    vector = types.Array(types.float64, 1, "C")
    piece = (clip_by_value.__module__, clip_by_value.__name__, (vector, types.float64))
    with compiling._start() as process:
        assert process.stdout.readline() == b"ready\n"
        pickle.dump(piece, process.stdin)
        process.stdin.flush()
        assert process.stdout.readline() == b"ready\n"
    assert process.returncode == 0
    assert [path.name for path in new_cache.rglob("*clip_by_value-*.nbc")]


def test_pieces_are_handed_to_a_process_until_none_is_left():
    program = (
        "import pickle, sys\nfor n in range(9): print(n, flush=True); pickle.load(sys.stdin.buffer)"
    )
    pieces: Queue = Queue()
    for function in (twice, thrice):
        pieces.put((function, NUMBER))
    process = started([], program)()
    compiling._serve(process, pieces)
    assert pieces.empty() and pieces.unfinished_tasks == 0
    assert process.returncode is not None


@pytest.mark.parametrize("program", ["pass", "print('ready', flush=True)"])
def test_what_a_process_fails_to_do_is_compiled_here(new_cache, monkeypatch, program):
    count: list[int] = []
    monkeypatch.setattr(compiling, "_start", started(count, program))
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    functions = [kernel(twice), kernel(thrice)]
    compiling.compile_together([(function, NUMBER) for function in functions])
    assert len(count) == 1
    assert [function(2.0) for function in functions] == [4.0, 6.0]


def test_no_process_is_started_for_what_is_cached(new_cache, monkeypatch):
    count: list[int] = []
    monkeypatch.setattr(compiling, "_start", started(count, "pass"))
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    compiling.compile_together([(kernel(twice), NUMBER), (kernel(thrice), NUMBER)])
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    again = [kernel(twice), kernel(thrice)]
    compiling.compile_together([(function, NUMBER) for function in again])
    assert not count
    assert [sum(function.stats.cache_hits.values()) for function in again] == [1, 1]
