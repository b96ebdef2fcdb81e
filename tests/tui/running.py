"""Runs the app without a terminal, and drives it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from nnsim.tui.app import NnsimApp
from nnsim.tui.settings import Settings
from nnsim.tui.state import State

Drive = Callable[[NnsimApp, Pilot[None]], Awaitable[Any]]


def made(state: Path, **options: Any) -> NnsimApp:
    """Return an app that remembers in `state` and starts no worker."""
    settings = options.pop("settings", None) or Settings(glyphs="unicode")
    return NnsimApp(settings=settings, state=State(state), warm=False, **options)


def driven(app: NnsimApp, drive: Drive, size: tuple[int, int] = (120, 40)) -> Any:
    """Run the app, drive it, return what `drive` returns."""

    async def run() -> Any:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            return await drive(app, pilot)

    return asyncio.run(run())
