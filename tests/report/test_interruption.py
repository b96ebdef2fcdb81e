"""Ctrl-C: the first asks, the second insists, and nothing stays behind."""

import io
import signal

import pytest

from nnsim.report.interruption import Interruption


def test_first_asks_and_second_raises():
    messages = io.StringIO()
    before = signal.getsignal(signal.SIGINT)
    with Interruption(messages) as interruption:
        interruption.raise_if_asked()
        signal.raise_signal(signal.SIGINT)
        assert interruption.asked
        assert "Ctrl-C again" in messages.getvalue()
        with pytest.raises(KeyboardInterrupt):
            interruption.raise_if_asked()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_ignored_signals_stay_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Interruption(io.StringIO()) as interruption:
            signal.raise_signal(signal.SIGINT)
            assert not interruption.asked
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
