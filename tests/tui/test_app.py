import asyncio
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from textual.message import Message
from textual.screen import Screen
from textual.widgets._toast import Toast

import nnsim.tui.screens.lab as lab_module
from nnsim.errors import ScenarioError
from nnsim.tui.keys import bindings_for
from nnsim.tui.screens.too_small import TooSmallScreen, too_small
from nnsim.tui.settings import Settings
from nnsim.tui.starting import NoTerminalError, _target, open_app
from nnsim.tui.state import State
from nnsim.tui.svg import words_of
from nnsim.tui.worker.commands import Warm
from tests.tui.running import driven, made

REPOSITORY = Path(__file__).parents[2]


class FakeLab(Screen[None]):
    """Stands for the lab: keeps what it was given and what it was told."""

    PLACE = "lab"
    BINDINGS = bindings_for(PLACE)

    def __init__(self, source, variant=None):
        super().__init__()
        self.source, self.variant = source, variant
        self.told, self.looks, self.done = [], 0, []

    def refresh_look(self):
        self.looks += 1

    def action_play(self):
        self.done.append("play")

    def action_back(self):
        self.dismiss()

    def on_note(self, message):
        self.told.append(message)


class Note(Message):
    pass


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.setattr(lab_module, "LabScreen", FakeLab)
    return made(tmp_path / "state.json")


def test_a_scenario_opens_and_is_remembered(app, tmp_path):
    async def drive(app, pilot):
        await pilot.press("down", "enter")
        await pilot.pause()
        assert isinstance(app.screen, FakeLab) and app.screen.variant is None
        assert State(tmp_path / "state.json").recent() == [Path(app.screen.source).stem]
        await pilot.press("q")
        await pilot.pause()
        assert app.screen.PLACE == "gallery"
        assert app.screen.chosen.name == app.state.recent()[0]

    driven(app, drive)


def test_a_file_of_ones_own_goes_by_its_path(app, tmp_path):
    async def drive(app, pilot):
        app.open_scenario(tmp_path / "my.toml", "relu")
        await pilot.pause()
        assert app.screen.variant == "relu"
        assert app.state.recent() == [str(tmp_path / "my.toml")]

    driven(app, drive)


def test_another_scenario_takes_the_open_ones_place(app):
    async def drive(app, pilot):
        app.open_scenario("dropout")
        await pilot.pause()
        app.open_scenario("softmax")
        await pilot.pause()
        assert app.screen.source == "softmax" and len(app.screen_stack) == 2
        assert app.receiver is app.screen

    driven(app, drive)


def test_a_scenario_can_be_opened_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(lab_module, "LabScreen", FakeLab)

    async def drive(app, pilot):
        assert app.screen.source == Path("x.toml") and app.screen.variant == "tanh"

    made_app = made(tmp_path / "state.json", open_first=Path("x.toml"), variant="tanh")
    driven(made_app, drive)


def test_the_workers_messages_reach_the_lab_under_other_screens(app):
    async def drive(app, pilot):
        app.open_scenario("dropout")
        await pilot.pause()
        lab = app.screen
        await pilot.press("f1")
        await pilot.pause()
        await asyncio.to_thread(app._deliver, Note())
        await pilot.pause()
        assert len(lab.told) == 1

    driven(app, drive)


def test_the_worker_starts_after_the_first_frame_and_stops_at_the_end(tmp_path, monkeypatch):
    import nnsim.tui.worker.worker as worker_module
    from nnsim.tui.app import NnsimApp

    started = []

    class FakeWorker:
        def __init__(self, post, prepare):
            self.calls = []
            started.append(self)

        def start(self):
            self.calls.append("start")

        def send(self, command):
            self.calls.append(command)

        def stop(self, timeout):
            self.calls.append("stop")

    monkeypatch.setattr(worker_module, "Worker", FakeWorker)
    app = NnsimApp(settings=Settings(), state=State(tmp_path / "state.json"))
    assert started == []

    async def drive(app, pilot):
        await pilot.pause()

    driven(app, drive)
    assert [worker.calls for worker in started] == [["start", Warm(), "stop"]]


def test_a_theme_reaches_every_screen_and_is_remembered(app, tmp_path):
    async def drive(app, pilot):
        app.open_scenario("dropout")
        await pilot.pause()
        app.theme = "nnsim-light"
        await pilot.pause()
        assert not app.look.dark and app.screen.looks == 1

    driven(app, drive)
    assert made(tmp_path / "state.json").theme == "nnsim-light"


def test_the_file_goes_before_what_is_remembered(tmp_path):
    state = State(tmp_path / "state.json")
    state.theme = "nnsim-light"
    assert made(tmp_path / "state.json", settings=Settings(theme="nord")).theme == "nord"


def test_textuals_own_themes_can_be_shown(app):
    async def drive(app, pilot):
        for name in ("nord", "textual-light", "ansi-dark"):
            assert name in app.available_themes
            app.theme = name
            await pilot.pause()
            assert app.look.background.startswith("#")

    driven(app, drive)


def test_what_is_wrong_in_the_file_is_shown(tmp_path):
    settings = Settings(theme="nnsim-drak", troubles=("settings.toml: bad",), glyphs="unicode")

    async def drive(app, pilot):
        texts = [note.message for note in app._notifications]
        assert "settings.toml: bad" in texts[0]
        assert "There is no theme 'nnsim-drak'" in texts[1]
        assert app.theme == "nnsim-dark"

    driven(made(tmp_path / "state.json", settings=settings), drive)


def test_the_users_keys_work(tmp_path, monkeypatch):
    monkeypatch.setattr(lab_module, "LabScreen", FakeLab)
    settings = Settings(keys={"lab.play": "h", "gallery.down": "f5"}, glyphs="unicode")

    async def drive(app, pilot):
        first = app.screen.chosen
        await pilot.press("j")
        assert app.screen.chosen == first
        await pilot.press("f5")
        assert app.screen.chosen != first
        app.open_scenario("dropout")
        await pilot.pause()
        await pilot.press("space", "h")
        assert app.screen.done == ["play"]

    driven(made(tmp_path / "state.json", settings=settings), drive)


# The palette


def commands_of(app):
    return {each.title: each for each in app.get_system_commands(app.screen)}


def test_the_palette_has_every_action_of_the_place(app):
    async def drive(app, pilot):
        titles = commands_of(app)
        assert {"Search", "Next topic", "Help", "Quit", "Theme"} <= set(titles)
        assert "Play / pause" not in titles
        assert titles["Next topic"].help.endswith("PgDn ]")
        app.open_scenario("dropout")
        await pilot.pause()
        assert "Play / pause" in commands_of(app) and "Next topic" not in commands_of(app)
        commands_of(app)["Play / pause"].callback()
        await pilot.pause()
        assert app.screen.done == ["play"]

    driven(app, drive)


@pytest.mark.parametrize(
    ("typed", "check"),
    [
        ("vanishing", lambda app: "vanishing" in str(app.screen.source)),
        ("nnsim-light", lambda app: app.theme == "nnsim-light"),
        ("last scenario", lambda app: app.screen.chosen == app.screen.entries[-1]),
    ],
)
def test_scenarios_themes_and_actions_are_found_by_name(app, typed, check):
    async def drive(app, pilot):
        await pilot.press("ctrl+p")
        await pilot.press(*typed)
        await pilot.pause(0.5)
        if typed == "vanishing":
            await pilot.press("down")
        await pilot.press("enter")
        await pilot.pause(0.3)
        assert check(app)

    driven(app, drive)


# Size, ending, pictures


@pytest.mark.parametrize(
    ("size", "small"), [((60, 18), False), ((59, 18), True), ((60, 17), True), ((200, 60), False)]
)
def test_what_is_too_small(size, small):
    assert too_small(*size) is small


def test_a_small_terminal_gets_a_note_and_recovers(app):
    async def drive(app, pilot):
        await pilot.resize_terminal(40, 10)
        await pilot.pause()
        assert isinstance(app.screen, TooSmallScreen)
        text = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "40 x 10" in text and "60 x 18" in text
        await pilot.press("down", "enter", "q")
        await pilot.resize_terminal(50, 12)
        await pilot.pause()
        text = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "50 x 12" in text
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert app.screen.PLACE == "gallery" and len(app.screen_stack) == 1

    driven(app, drive)


def test_a_small_terminal_from_the_beginning(app):
    async def drive(app, pilot):
        assert isinstance(app.screen, TooSmallScreen)
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        assert app.screen.PLACE == "gallery"

    driven(app, drive, (20, 5))


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
def test_it_can_be_left(app, key):
    async def drive(app, pilot):
        await pilot.press("slash") if key != "q" else None
        await pilot.press(key)
        await pilot.pause()
        assert app._exit

    driven(app, drive)
    assert not app.return_code


def test_the_screen_is_written_as_a_picture(app, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    async def drive(app, pilot):
        await pilot.press("ctrl+s")
        await pilot.pause()

    driven(app, drive)
    (written,) = tmp_path.glob("*.svg")
    text = written.read_text(encoding="utf-8")
    assert text.startswith("<svg") and "nnsim" in words_of(text)
    assert "@font-face" not in text and "cdnjs" not in text and "url(http" not in text


def test_the_browser_gets_a_picture_that_loads_nothing(app, monkeypatch):
    given = []

    async def drive(app, pilot):
        monkeypatch.setattr(type(app), "is_web", property(lambda app: True))
        monkeypatch.setattr(app, "deliver_text", lambda file, **how: given.append((file, how)))
        await pilot.press("ctrl+s")
        await pilot.pause()

    driven(app, drive)
    ((file, how),) = given
    text = file.getvalue()
    assert text.startswith("<svg") and "@font-face" not in text and "cdnjs" not in text
    assert how["save_filename"].endswith(".svg") and how["mime_type"] == "image/svg+xml"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_notes_stand_under_the_title_and_leave_the_last_lines_free(app, size):
    async def run():
        async with app.run_test(size=size, notifications=True) as pilot:
            app.notify("a file", title="Written")
            app.notify("A long sentence about what cannot be done. " * 2, severity="error")
            await pilot.pause()
            await pilot.pause()
            return [toast.region for toast in app.screen.query(Toast)]

    regions = asyncio.run(run())
    assert len(regions) == 2
    assert min(each.y for each in regions) == 1
    assert all(each.bottom < 12 and each.x > size[0] // 4 for each in regions)


def test_a_picture_that_cannot_be_written_is_told(app, tmp_path):
    async def drive(app, pilot):
        app.action_screenshot(path=str(tmp_path / "none"))
        await pilot.pause()
        assert any("cannot be written" in note.message for note in app._notifications)

    driven(app, drive)


# From the command line


def test_a_name_a_file_and_a_folder_are_told_apart(tmp_path):
    (tmp_path / "my.toml").write_text("")
    assert _target(None) == (None, None)
    assert _target("dropout")[1].name == "dropout.toml"
    assert _target(str(tmp_path / "my.toml")) == (None, tmp_path / "my.toml")
    assert _target(str(tmp_path)) == (tmp_path, None)
    with pytest.raises(ScenarioError, match="did you mean"):
        _target("droput")


def test_without_a_terminal_it_says_what_else_there_is(monkeypatch):
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    with pytest.raises(NoTerminalError, match="nnsim list"):
        open_app()


class Terminal:
    """The program in a terminal of its own."""

    def __init__(self, folder, *arguments):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.before = termios.tcgetattr(slave)
        environment = dict(
            os.environ,
            TERM="xterm-256color",
            NNSIM_STATE=str(folder / "state.json"),
            NNSIM_CONFIG=str(folder / "settings.toml"),
            XDG_CONFIG_HOME=str(folder),
        )
        for name in ("COLUMNS", "LINES", "NO_COLOR", "TEXTUAL_DRIVER"):
            environment.pop(name, None)
        (folder / "settings.toml").write_text("")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nnsim", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            cwd=REPOSITORY,
            start_new_session=True,
        )
        self.slave, self.text = slave, b""

    def wait_for(self, text, seconds=60.0):
        end = time.monotonic() + seconds
        while text not in self.text and time.monotonic() < end:
            if select.select([self.master], [], [], 0.1)[0]:
                self.text += os.read(self.master, 65536)
        assert text in self.text, self.text[-2000:]

    def left(self, seconds=60.0):
        """Return the exit code, reading what is still written."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            if select.select([self.master], [], [], 0.05)[0]:
                self.text += os.read(self.master, 65536)
        while select.select([self.master], [], [], 0)[0]:
            self.text += os.read(self.master, 65536)
        return self.process.returncode

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.slave)
        os.close(self.master)


@pytest.fixture
def terminal(tmp_path):
    opened = []

    def start(*arguments):
        opened.append(Terminal(tmp_path, *arguments))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


SHOWN, ALTERNATE_LEFT, CURSOR_SHOWN = b"scenarios,", b"\x1b[?1049l", b"\x1b[?25h"


@pytest.mark.parametrize(
    ("ending", "code"),
    [(b"q", 0), (b"\x03", 0), (signal.SIGTERM, 128 + 15), (signal.SIGHUP, 128 + 1)],
)
def test_the_terminal_is_put_back(terminal, ending, code):
    app = terminal()
    app.wait_for(SHOWN)
    if isinstance(ending, bytes):
        os.write(app.master, ending)
    else:
        app.process.send_signal(ending)
    assert app.left() == code
    assert ALTERNATE_LEFT in app.text and CURSOR_SHOWN in app.text
    assert termios.tcgetattr(app.slave) == app.before
    assert b"Traceback" not in app.text


def test_a_mistyped_name_is_told_before_the_screen_is_taken(terminal):
    app = terminal("tui", "droput")
    assert app.left() == 2
    assert b"did you mean" in app.text and b"\x1b[?1049h" not in app.text
