"""One app that many tests drive in turn: starting one takes longer than most tests."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any

from textual.app import App
from textual.pilot import Pilot

LONGEST = 30.0
"""Seconds after which a walk has failed; none takes a tenth of it."""


class Shared:
    """An app that lives in a thread of its own between tests; one that broke is made anew."""

    def __init__(self, make: Callable[[], App], size: tuple[int, int] = (120, 40)):
        self._make, self._size = make, size
        self._thread: threading.Thread | None = None

    def do(self, walk: Callable[[Any, Pilot], Awaitable[Any]]) -> Any:
        """Run `walk(app, pilot)` in the app; return what it returns."""
        if self._thread is None or not self._thread.is_alive():
            self._start()
        done: Future[Any] = Future()
        self._loop.call_soon_threadsafe(self._jobs.put_nowait, (walk, done))
        return done.result(2 * LONGEST)

    def stop(self) -> None:
        """End the app."""
        if self._thread is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._jobs.put_nowait, None)
            self._thread.join(LONGEST)

    def _start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live(ready)), daemon=True)
        self._thread.start()
        assert ready.wait(LONGEST), "the app did not start"

    async def _live(self, ready: threading.Event) -> None:
        self._loop, self._jobs = asyncio.get_running_loop(), asyncio.Queue()
        app = self._make()
        try:
            async with app.run_test(size=self._size) as pilot:
                await pilot.pause()
                ready.set()
                while (job := await self._jobs.get()) is not None:
                    walk, done = job
                    try:
                        result = await asyncio.wait_for(walk(app, pilot), LONGEST)
                    except BaseException as error:
                        done.set_exception(app._exception or error)
                        return
                    if app._exception is not None:
                        done.set_exception(app._exception)
                        return
                    done.set_result(result)
        except BaseException as error:
            # What broke a walk was told already.
            if app._exception is not error:
                raise
        finally:
            ready.set()
