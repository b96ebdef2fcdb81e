"""The thread: order, the newest frame, cancelling, errors, the end. Every wait is bounded."""

import threading
import time

import pytest

import nnsim.tui.worker.worker as worker_module
from nnsim.simulations.training import TrainingSimulation
from nnsim.tui.worker import commands as c
from nnsim.tui.worker.messages import FrameReady, Idle, Told, Trouble, Working
from nnsim.tui.worker.session import Session
from nnsim.tui.worker.worker import Worker
from tests.tui.worker.test_session import SCENARIO

PATIENCE = 30.0


class Screen:
    """Takes the worker's messages, as a screen would, and looks at every frame."""

    def __init__(self, looks=True):
        self.worker = Worker(self._post)
        self.messages, self.frames, self.threads = [], [], set()
        self._looks = looks
        self._news = threading.Condition()

    def _post(self, message):
        with self._news:
            self.threads.add(threading.current_thread())
            self.messages.append(message)
            if isinstance(message, FrameReady) and self._looks:
                self.frames.append(self.worker.take_frame())
            self._news.notify_all()

    def until(self, holds):
        with self._news:
            assert self._news.wait_for(holds, PATIENCE), self.messages[-5:]

    def of(self, kind):
        return [message for message in self.messages if isinstance(message, kind)]

    def send(self, *commands):
        for command in commands:
            self.worker.send(command)

    def at(self, *place):
        self.until(lambda: self.frames and self.frames[-1].run.at == place)
        return self.frames[-1]


def eventually(holds):
    """Wait for what no message tells."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.002)


@pytest.fixture
def screen():
    screen = Screen()
    screen.worker.start()
    yield screen
    screen.worker.stop(PATIENCE)


@pytest.fixture
def opened(screen):
    screen.send(c.Open(SCENARIO))
    screen.at(0, 0)
    return screen


def test_commands_are_done_in_order(opened):
    opened.send(c.Step(3), c.Phase(2), c.Step(-1), c.Step(1), c.Step(1), c.Phase(-1))
    phases = len(opened.frames[0].run.phases)
    opened.at(4, phases - 1)
    serials = [frame.serial for frame in opened.frames]
    assert serials == sorted(serials)


def test_commands_sent_before_it_starts_are_kept():
    screen = Screen()
    screen.send(c.Open(SCENARIO), c.Step(2))
    screen.worker.start()
    screen.at(2, 0)
    screen.worker.stop(PATIENCE)


def test_a_frame_nobody_looked_at_is_replaced():
    screen = Screen(looks=False)
    screen.send(c.Open(SCENARIO))
    screen.worker.start()
    screen.until(lambda: screen.of(FrameReady))
    for _ in range(5):
        screen.send(c.Step(1))
    eventually(lambda: screen.worker._frame.run.at == (5, 0))
    assert len(screen.of(FrameReady)) == 1
    assert screen.worker.take_frame().run.at == (5, 0)
    screen.worker.stop(PATIENCE)


def test_messages_come_from_its_own_thread_only(opened):
    opened.send(c.Step(1), c.Check())
    opened.until(lambda: opened.frames[-1].check is not None)
    assert threading.current_thread() not in opened.threads
    assert all(not isinstance(t, threading._MainThread) for t in opened.threads)


def test_playing_goes_on_until_a_pause(opened):
    opened.send(c.Speed(200.0), c.Play())
    opened.until(lambda: opened.frames[-1].run.step >= 3)
    assert opened.frames[-1].playing
    opened.send(c.Pause())
    opened.until(lambda: not opened.frames[-1].playing)
    last = opened.frames[-1].run.at
    opened.send(c.Phase(1))
    opened.at(last[0], 1)


def test_long_work_tells_how_far_it_is_and_can_be_cancelled(opened):
    opened.send(c.Fork({"steps": 10**8}), c.Seek(10**8))
    opened.until(lambda: any(each.total == 10**8 for each in opened.of(Working)))
    assert opened.worker.working
    opened.worker.cancel()
    opened.until(lambda: opened.of(Idle) and opened.of(Idle)[-1].cancelled)
    opened.until(lambda: opened.frames[-1].run.step > 0)
    reached = opened.frames[-1].run.step
    assert 0 < reached < 10**8 and not opened.worker.working
    opened.send(c.Step(1))
    opened.at(reached + 1, 0)


def test_a_cancel_with_no_work_harms_nothing(opened):
    opened.worker.cancel()
    opened.send(c.Step(2))
    opened.at(2, 0)


def test_what_cannot_be_done_is_told_and_nothing_changes(opened):
    opened.send(c.Step(2), c.Fork({"learning_rate": -1.0}))
    opened.until(lambda: opened.of(Trouble))
    (trouble,) = opened.of(Trouble)
    assert trouble.title == "That cannot be done" and "learning_rate" in trouble.text
    assert not trouble.opening
    opened.send(c.Step(1))
    assert len(opened.at(3, 0).runs) == 1


def test_a_scenario_that_cannot_be_opened(screen):
    screen.send(c.Open("droput"))
    screen.until(lambda: screen.of(Trouble))
    (trouble,) = screen.of(Trouble)
    assert trouble.opening and "did you mean" in trouble.text
    assert screen.frames == []
    screen.send(c.Open(SCENARIO))
    screen.at(0, 0)


def test_an_engine_error_is_told_and_the_run_goes_on(opened, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("the engine has a fault")

    opened.send(c.Step(2))
    opened.at(2, 0)
    monkeypatch.setattr(TrainingSimulation, "seek", broken)
    opened.send(c.Step(1))
    opened.until(lambda: opened.of(Trouble))
    (trouble,) = opened.of(Trouble)
    assert "RuntimeError: the engine has a fault" in trouble.text
    assert "broken" in trouble.text and "stands as before" in trouble.advice
    monkeypatch.undo()
    opened.send(c.Step(1))
    opened.at(3, 0)


def test_an_error_while_it_plays_pauses(opened, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("not while playing")

    monkeypatch.setattr(Session, "play_on", broken)
    opened.send(c.Play())
    opened.until(lambda: opened.of(Trouble))
    opened.until(lambda: not opened.frames[-1].playing)
    assert len(opened.of(Trouble)) == 1


def test_an_error_in_a_frame_is_told(opened, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("no picture")

    with monkeypatch.context() as patch:
        patch.setattr(Session, "frame", broken)
        opened.send(c.Step(1))
        opened.until(lambda: opened.of(Trouble))
    opened.send(c.Step(1))
    opened.at(2, 0)


@pytest.mark.parametrize("error", [MemoryError(), KeyError("W9")])
def test_errors_of_every_kind_are_told(opened, monkeypatch, error):
    def broken(*_, **__):
        raise error

    monkeypatch.setattr(TrainingSimulation, "check_gradients", broken)
    opened.send(c.Check())
    opened.until(lambda: opened.of(Trouble))
    assert opened.of(Trouble)[0].advice
    opened.send(c.Step(1))
    opened.at(1, 0)


def test_opening_is_work_and_ends(opened):
    assert opened.of(Working)[0].what == "Opening"
    opened.until(lambda: opened.of(Idle))
    assert not opened.of(Idle)[0].cancelled


def test_a_wait_for_the_compiler_is_explained(screen, monkeypatch):
    monkeypatch.setattr(worker_module, "PATIENCE", 0.0)
    explained = threading.Event()
    monkeypatch.setattr(Session, "handle", lambda self, command: explained.wait(PATIENCE) and None)
    screen.send(c.Warm())
    screen.until(lambda: worker_module.COMPILING in [each.what for each in screen.of(Working)])
    explained.set()
    screen.until(lambda: screen.of(Idle))


def test_closing_before_anything_was_opened_loads_nothing(screen):
    screen.send(c.Close(), c.Close(), c.Open("no such scenario"))
    screen.until(lambda: screen.of(Trouble))
    assert len(screen.messages) > 0 and screen.frames == []


def test_what_is_written_is_told(opened, tmp_path):
    opened.send(c.Step(1), c.Export(tmp_path / "run.json"))
    opened.until(lambda: opened.of(Told))
    assert "run.json" in opened.of(Told)[0].text and (tmp_path / "run.json").is_file()


@pytest.mark.parametrize("busy", [False, True])
def test_stopping_ends_the_thread(busy):
    screen = Screen()
    screen.worker.start()
    screen.send(c.Open(SCENARIO))
    screen.at(0, 0)
    if busy:
        screen.send(c.Fork({"steps": 10**8}), c.Seek(10**8))
        screen.until(lambda: any(each.total == 10**8 for each in screen.of(Working)))
    screen.worker.stop(PATIENCE)
    assert not screen.worker._thread.is_alive()
    screen.worker.stop(PATIENCE)


def test_stopping_what_never_started():
    worker = Worker(lambda message: None)
    worker.stop()
    assert not worker.working and worker.take_frame() is None


def test_progress_is_not_told_more_often_than_it_can_be_read(opened, monkeypatch):
    monkeypatch.setattr(worker_module, "TELL_EVERY", 1e9)
    before = len(opened.of(Working))
    opened.send(c.Seek(60))
    opened.at(60, 0)
    assert len(opened.of(Working)) == before
