"""The one thread that owns the simulations."""

from __future__ import annotations

import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nnsim.errors import NnsimError
from nnsim.tui.worker.commands import Close, Command, Open, Warm
from nnsim.tui.worker.messages import Cancelled, FrameReady, Idle, Trouble, Working

if TYPE_CHECKING:
    from textual.message import Message

    from nnsim.tui.worker.frames import Frame

PATIENCE = 2.0
"""Seconds after which loading is worth another sentence."""
COMPILING = "Loading; the first time on a machine it compiles, for about a quarter of a minute"
BURST = 0.01
"""Seconds of steps after which a run that plays as fast as can be looks up."""
TELL_EVERY = 0.1
"""Seconds between two reports of progress."""


class Worker:
    """Takes commands, drives the session, and lays the newest frame where the screen finds it.

    `post` is called from the thread; Textual's `post_message` may be. A frame that was not looked
    at is replaced by the next one, so a slow terminal sees fewer frames, never old ones. `prepare`
    is called in the thread before the engine is loaded.
    """

    def __init__(
        self, post: Callable[[Message], Any], prepare: Callable[[], Any] = lambda: None
    ) -> None:
        self._post, self._prepare = post, prepare
        self._queue: deque[Command] = deque()
        self._wake = threading.Condition()
        self._stopping = False
        self._cancelled = threading.Event()
        self._frame: Frame | None = None
        self._told_of_frame = False
        self._working = False
        self._told_of_work = False
        self._told_at = 0.0
        self._published_at = 0.0
        self._session: Any = None
        self._thread = threading.Thread(target=self._live, name="nnsim-worker", daemon=True)

    def start(self) -> None:
        """Begin; commands sent before are kept."""
        self._thread.start()

    def send(self, command: Command) -> None:
        """Ask for something; returns at once."""
        with self._wake:
            self._queue.append(command)
            self._wake.notify()

    def cancel(self) -> None:
        """Stop long work that goes on now; what had been reached stays."""
        self._cancelled.set()

    def stop(self, timeout: float = 2.0) -> None:
        """End the thread and give up long work; compilation ends with the program."""
        with self._wake:
            self._stopping = True
            self._queue.clear()
            self._wake.notify()
        self._cancelled.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    @property
    def working(self) -> bool:
        """Whether a command takes longer just now."""
        return self._working

    def take_frame(self) -> Frame | None:
        """Return the newest frame; from now on a newer one is announced again."""
        self._told_of_frame = False
        return self._frame

    # In the thread

    def _live(self) -> None:
        last = time.perf_counter()
        while True:
            command = self._next()
            if self._stopping:
                return
            if command is not None:
                was_playing = self._session is not None and self._session.playing
                self._do(command)
                if not was_playing:
                    # The time in which it stood still is worth no steps.
                    last = time.perf_counter()
            session = self._session
            if session is not None and session.playing:
                # As fast as can be: steps without a rest, looking up as often as keys want it.
                passed = time.perf_counter() - last
                seconds = BURST if session.endless else min(passed, 0.25)
                self._guarded(lambda: session.play_on(seconds))  # noqa: B023
            last = time.perf_counter()
            if not self._queue or (session is not None and session.playing):
                self._publish()

    def _next(self) -> Command | None:
        """Return the next command; None when a playing run's next tick is due."""
        with self._wake:
            # The end may have been told while it worked: nothing would wake it again.
            if not self._queue and not self._stopping:
                playing = self._session is not None and self._session.playing
                if not (playing and self._session.endless):
                    self._wake.wait(self._tick() if playing else None)
            return self._queue.popleft() if self._queue else None

    def _tick(self) -> float:
        rate = self._session.looking.watch.rate
        return 1.0 / min(rate, max(self._session.speed, 1.0))

    def _do(self, command: Command) -> None:
        self._cancelled.clear()
        self._working = True
        self._told_at, self._told_of_work = time.perf_counter(), False
        timer = None
        if isinstance(command, Open | Close):
            # A frame that was announced to a lab that is gone will never be taken.
            self._told_of_frame = False
        if isinstance(command, Warm | Open):
            self._say(Working("Opening" if isinstance(command, Open) else "Loading the engine"))
            timer = threading.Timer(PATIENCE, lambda: self._say(Working(COMPILING)))
            timer.daemon = True
            timer.start()
        opening = isinstance(command, Open)
        cancelled = self._guarded(lambda: self._handle(command), opening=opening)
        if timer:
            timer.cancel()
        self._working = False
        if self._told_of_work:
            self._post(Idle(cancelled))

    def _handle(self, command: Command) -> None:
        if self._session is None:
            if isinstance(command, Close):
                return
            self._prepare()
            # Numba comes in here, behind the note, and never in the screens' thread.
            from nnsim.tui.worker.session import Session

            self._session = Session(self._tell, self._cancelled.is_set)
        self._session.handle(command)

    def _guarded(self, work: Callable[[], None], *, opening: bool = False) -> bool:
        """Do it; tell of what goes wrong; return whether it was cancelled."""
        try:
            work()
        except Cancelled:
            return True
        except (NnsimError, ValueError) as error:
            self._stand_still()
            self._post(Trouble("That cannot be done", str(error), opening=opening))
        except MemoryError:
            self._stand_still()
            advice = "Choose a smaller network, batch or data set."
            self._post(Trouble("Out of memory", "There is not enough memory.", advice))
        except Exception as error:
            # The learner's runs are worth more than a clean end: say it and go on.
            self._stand_still()
            where = traceback.extract_tb(error.__traceback__)[-1]
            text = f"{type(error).__name__}: {error} ({where.name}, line {where.lineno})"
            advice = "The run stands as before. Another step or another scenario may work."
            self._post(Trouble("nnsim met an error of its own", text, advice, opening=opening))
        return False

    def _stand_still(self) -> None:
        if self._session is not None:
            self._session.player = None

    def _tell(self, message: Message) -> None:
        if isinstance(message, Working):
            now = time.perf_counter()
            if now - self._told_at < TELL_EVERY:
                return
            self._told_at = now
        self._say(message)

    def _say(self, message: Message) -> None:
        self._told_of_work |= isinstance(message, Working)
        self._post(message)

    def _publish(self) -> None:
        session = self._session
        if session is None:
            return
        now = time.perf_counter()
        if session.playing:
            early = now - self._published_at < 0.9 / session.looking.watch.rate
            if self._told_of_frame or early:
                # The screen has not looked at the last one yet, or has just done so.
                return
        self._published_at = now
        frames: list[Frame | None] = []
        self._guarded(lambda: frames.append(session.frame()))
        if not frames or frames[0] is None:
            return
        self._frame = frames[0]
        if not self._told_of_frame:
            self._told_of_frame = True
            self._post(FrameReady())
