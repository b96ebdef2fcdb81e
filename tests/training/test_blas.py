"""BLAS is held to one thread by whichever thread computes, and let go afterwards."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from nnsim.training.blas import _libraries, one_blas_thread


def threads():
    return [library.num_threads for library in _libraries()]


def held():
    with one_blas_thread():
        return threads()


@pytest.fixture
def two_threads():
    """Let every BLAS library have two threads, as on a machine with two cores."""
    before = threads()
    for library, count in zip(_libraries(), (2,) * len(before), strict=True):
        getattr(library, "clear_controlling_thread", lambda force: None)(force=True)
        library.set_num_threads(count)
    if threads() != [2] * len(before):
        pytest.skip("this BLAS does not let itself be given two threads")
    yield
    for library, count in zip(_libraries(), before, strict=True):
        getattr(library, "clear_controlling_thread", lambda force: None)(force=True)
        library.set_num_threads(count)


def test_held_nested_and_let_go(two_threads):
    one, two = [1] * len(threads()), threads()
    with one_blas_thread():
        assert threads() == one
        with one_blas_thread():
            assert threads() == one
        assert threads() == one
    assert threads() == two
    with pytest.raises(KeyError), one_blas_thread():
        raise KeyError
    assert threads() == two


def test_any_thread_can_hold_it(two_threads):
    one, two = [1] * len(threads()), threads()
    assert held() == one
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(held).result() == one
        assert threads() == two
        assert held() == one
        assert pool.submit(held).result() == one
    assert threads() == two


def test_the_last_of_several_threads_lets_go(two_threads):
    one, two = [1] * len(threads()), threads()
    both = Barrier(2, timeout=20)

    def hold():
        with one_blas_thread():
            both.wait()
            seen = threads()
            both.wait()
        return seen

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda _: hold(), range(2))) == [one, one]
    assert threads() == two
