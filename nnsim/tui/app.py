"""The app: look, settings, memory, the worker, and the way from the gallery to a lab."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from textual.app import App, SystemCommand, get_system_commands_provider
from textual.scrollbar import ScrollBar

from nnsim.tui.keys import EVERYWHERE, actions_for, bindings_for, keys_of, shown
from nnsim.tui.look import Look
from nnsim.tui.screens.gallery import GalleryScreen
from nnsim.tui.screens.too_small import TooSmallScreen, too_small
from nnsim.tui.scroll_bar import PlainScrollBar
from nnsim.tui.settings import Settings, read_settings
from nnsim.tui.state import State
from nnsim.tui.themes import DEFAULT, look_of, themes, variables_of

if TYPE_CHECKING:
    from textual import events
    from textual.command import Provider
    from textual.dom import DOMNode
    from textual.message import Message
    from textual.message_pump import MessagePump
    from textual.screen import Screen
    from textual.theme import Theme

    from nnsim.tui.worker.worker import Worker

_PATIENCE = 2.0
"""Seconds after a signal in which the program ends in order, or else at once."""
_ENDING = ("SIGTERM", "SIGHUP")
"""Signals after which the terminal is put back before the program ends."""


def _scenario_commands() -> type[Provider]:
    from nnsim.tui.scenario_commands import ScenarioCommands

    return ScenarioCommands


class NnsimApp(App[None], inherit_bindings=False):
    """The terminal UI.

    Screens draw with `look`, remember in `state`, and ask the `worker`, whose messages go to the
    screen that `receiver` is. A screen with a method `refresh_look` is told of another theme.
    """

    TITLE = "nnsim"
    CSS_PATH = "style.tcss"
    BINDINGS = bindings_for(EVERYWHERE)
    COMMANDS = {get_system_commands_provider, _scenario_commands}  # noqa: RUF012
    ENABLE_COMMAND_PALETTE = False  # its key comes from our registry
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-medium"), (160, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall"), (50, "-high")]  # noqa: RUF012

    def __init__(
        self,
        *,
        settings: Settings | None = None,
        state: State | None = None,
        folder: Path | None = None,
        open_first: str | Path | None = None,
        variant: str | None = None,
        warm: bool = True,
    ) -> None:
        no_color = bool(os.environ.get("NO_COLOR"))
        if not no_color:
            os.environ.pop("NO_COLOR", None)  # an empty one means nothing
        # Without colours only the terminal's own two are left: grey shades would be colours too.
        super().__init__(ansi_color=True if no_color else None)
        self.use_command_palette = True
        self.settings = read_settings() if settings is None else settings
        self.state = State(complain=self._complain) if state is None else state
        self.receiver: MessagePump = self
        """What the worker's messages go to: the lab, while one is open."""
        self._troubles = list(self.settings.troubles)
        self._worker: Worker | None = None
        self._warm = warm
        self._folder, self._open_first, self._variant = folder, open_first, variant
        ScrollBar.renderer = PlainScrollBar
        for theme in themes():
            self.register_theme(theme)
        self.theme = self._first_theme()
        self._look = look_of(self.current_theme, self.settings, self.no_color)
        self.set_class(self._look.ascii, "-ascii")
        self.set_class(self.settings.bandwidth == "low", "-low-bandwidth")
        if self.settings.bandwidth == "low":
            self.animation_level = "none"
        self.set_keymap(dict(self.settings.keys))

    @property
    def look(self) -> Look:
        """How things are drawn now."""
        return self._look

    @property
    def worker(self) -> Worker:
        """The thread that owns the simulations, started when it is first asked for."""
        if self._worker is None:
            from nnsim.tui.worker.worker import Worker

            self._worker = Worker(self._deliver, _import_lab)
            self._worker.start()
        return self._worker

    def get_default_screen(self) -> Screen[None]:
        """Begin in the gallery: no other screen is made before it."""
        return GalleryScreen(self, self._folder)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give Textual's own themes the variables that our style sheet uses."""
        return variables_of(look_of(self.current_theme, Settings(), False))

    def open_scenario(self, source: str | Path, variant: str | None = None) -> None:
        """Open a scenario in the lab, in place of the one that is open."""
        from nnsim.tui.screens.lab import LabScreen

        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.state.opened(_remembered(source))
        lab = LabScreen(source) if variant is None else LabScreen(source, variant=variant)
        self.receiver = lab
        self.push_screen(lab, lambda _: self._left(lab))

    # Life

    def on_mount(self) -> None:
        """Begin what must not delay the first frame."""
        self.theme_changed_signal.subscribe(self, self._theme_changed)
        self._listen_to_signals()
        for trouble in self._troubles:
            self._complain(trouble)
        if self._open_first is not None:
            self.open_scenario(self._open_first, self._variant)
        self.call_after_refresh(self._warm_up)

    def on_unmount(self) -> None:
        """Stop the worker."""
        if self._worker is not None:
            # Importing or compiling cannot be interrupted; it ends with the program.
            self._worker.stop(0.3)

    def on_resize(self, event: events.Resize) -> None:
        """Show a note while the terminal is too small."""
        small = too_small(event.size.width, event.size.height)
        shown = isinstance(self.screen, TooSmallScreen)
        if small and not shown:
            self.push_screen(TooSmallScreen())
        elif shown and not small:
            self.pop_screen()

    # Actions

    def action_help(self) -> None:
        """Show every key of the present screen."""
        from nnsim.tui.screens.help import HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.screen.action_close()
        else:
            own = getattr(self.screen, "own_keys", None)
            hidden = getattr(self.screen, "hidden_actions", ())
            self.push_screen(HelpScreen(self, getattr(self.screen, "PLACE", ""), own, hidden))

    def action_palette(self) -> None:
        """Search everything that can be done here."""
        from textual.command import CommandPalette

        if not CommandPalette.is_open(cast("App[object]", self)):
            hint = "Search commands, scenarios, themes"
            self.push_screen(CommandPalette(placeholder=hint, id="--command-palette"))

    async def action_quit(self) -> None:
        """Leave."""
        self.exit()

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """Write the screen as a picture into the present folder, or hand it to the browser."""
        from nnsim.tui.svg import self_contained

        svg = self_contained(self.export_screenshot())
        name = filename or f"nnsim-{datetime.now():%Y-%m-%dT%H-%M-%S-%f}.svg"
        if self.is_web:
            self.deliver_text(
                StringIO(svg),
                save_filename=name,
                open_method="browser",
                mime_type="image/svg+xml",
                name="screenshot",
            )
            return
        place = Path(path or ".").expanduser() / name
        try:
            place.write_text(svg, encoding="utf-8")
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            self._complain(f"The picture cannot be written: {reason}")
            return
        self.notify(str(place), title="Written", markup=False)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Return every action of the present place, then the themes.

        What has the keyboard may be a place of its own: the lesson's column beside the lab.
        """
        offered: set[str] = set()
        focused = screen.focused
        inner: list[DOMNode] = [focused] if focused and hasattr(focused, "PLACE") else []
        for place in (*inner, screen):
            for each in actions_for(getattr(place, "PLACE", ""), everywhere=place is screen):
                owner: DOMNode = self if each.place == EVERYWHERE else place
                if each.id == "app.palette" or each.name in offered:
                    continue
                if owner.check_action(each.method, ()) is not False:
                    offered.add(each.name)
                    keys = " ".join(map(shown, keys_of(each, self.settings.keys)))
                    text = f"{each.sentence}  {keys}"
                    yield SystemCommand(each.name, text, self._doer(each.method, owner))
        yield SystemCommand("Theme", "Choose another theme.", self.action_change_theme)

    # Inside

    def _doer(self, method: str, owner: DOMNode) -> Callable[[], None]:
        """Return what does an action when the palette has gone."""

        def do() -> None:
            self.call_later(self.run_action, method, owner)

        return do

    def _first_theme(self) -> str:
        for name in (self.settings.theme, self.state.theme):
            if name in self.available_themes:
                return name
            if name and name == self.settings.theme:
                known = ", ".join(sorted(self.available_themes))
                self._troubles.append(f"There is no theme {name!r}; expected one of {known}")
        return DEFAULT

    def _theme_changed(self, theme: Theme) -> None:
        self._look = look_of(theme, self.settings, self.no_color)
        self.state.theme = theme.name
        for screen in self.screen_stack:
            refresh_look = getattr(screen, "refresh_look", None)
            if refresh_look:
                refresh_look()

    def _left(self, lab: Screen[None]) -> None:
        """Take the messages of a lab that was left, unless another one is open already."""
        if self.receiver is lab:
            self.receiver = self

    def _warm_up(self) -> None:
        if self._warm:
            from nnsim.tui.worker.commands import Warm

            self.worker.send(Warm())

    def _deliver(self, message: Message) -> None:
        """Hand a message of the worker's thread to the receiver."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(lambda: self.receiver.post_message(message))

    def _complain(self, text: str) -> None:
        self.notify(text, title="Settings", severity="warning", timeout=12, markup=False)

    def _listen_to_signals(self) -> None:
        """End properly when the window is closed or the program is asked to end."""
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for name in _ENDING:
            number = getattr(signal, name, None)
            if number is not None:
                with contextlib.suppress(NotImplementedError, RuntimeError):  # Windows
                    loop.add_signal_handler(number, self._end, 128 + number)

    def _end(self, code: int) -> None:
        """Leave in order; where the terminal has gone, that can wait for ever, so not for long."""
        self.exit(None, code)
        last_resort = threading.Timer(_PATIENCE, os._exit, (code,))
        last_resort.daemon = True
        last_resort.start()


def _import_lab() -> None:
    """Import the lab while the gallery is read, and not after Enter."""
    import_module("nnsim.tui.screens.lab")


def _remembered(source: str | Path) -> str:
    """Return what a scenario goes by: the name of a shipped one, else its path."""
    from nnsim.scenario.catalogue import scenarios_folder

    path, folder = Path(source), scenarios_folder()
    if folder is not None and path.is_absolute() and path.is_relative_to(folder):
        return path.stem
    return str(path.absolute()) if path.suffix else str(source)
