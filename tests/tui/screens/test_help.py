import pytest

from nnsim.tui.keys import ACTIONS, actions_for, keys_of
from nnsim.tui.look import Look
from nnsim.tui.screens.confirm import ConfirmScreen
from nnsim.tui.screens.go_to import GoToScreen
from nnsim.tui.screens.help import HelpScreen, HelpText
from nnsim.tui.screens.help_text import help_lines
from nnsim.tui.settings import Settings
from tests.tui.made import frame
from tests.tui.running import driven, made

PLACES = sorted({action.place for action in ACTIONS} - {"app"})
WIDTHS = [58, 78, 118, 198]


def text_of(place, width, keymap=None, look=None):
    return [strip.text for strip in help_lines(place, look or Look(), keymap or {}, width)]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("place", PLACES)
def test_every_action_is_there_with_its_whole_sentence(place, width):
    # Columns and line ends tear sentences; their words are all there.
    words = " ".join(text_of(place, width)).split()
    for action in actions_for(place):
        if not action.id.startswith("lab.panel_"):
            assert set(f"{action.name}: {action.sentence}".split()) <= set(words), action.id


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("place", PLACES)
def test_no_line_is_too_wide(place, width):
    assert max(map(len, text_of(place, width))) <= width


def test_wide_screens_have_more_columns():
    heights = [len(text_of("lab", width)) for width in WIDTHS]
    assert heights == sorted(heights, reverse=True) and heights[0] > 2 * heights[-1]


def test_the_users_keys_are_shown():
    text = "\n".join(text_of("lab", 78, {"lab.play": "f5"}))
    assert "F5  Play / pause" in text and "Space" not in text


def test_panels_share_a_line_unless_one_has_another_key():
    text = "\n".join(text_of("lab", 78))
    assert "1 ... 9  Show a panel" in text and "Show panel 3" not in text
    assert "F3  Show panel 3" in "\n".join(text_of("lab", 78, {"lab.panel_3": "f3"}))


def test_a_dialogs_own_keys_come_first():
    own = GoToScreen(frame()).own_keys
    assert own == (
        "Go to",
        (("Enter", "go"), ("Up Down", "take from the list"), ("Esc", "leave")),
    )
    lines = [strip.text.strip() for strip in help_lines("", Look(), {}, 78, own=own)]
    assert lines[:4] == ["Go to", "Enter  Go", "Up Down  Take from the list", "Esc  Leave"]
    assert "Other" in " ".join(lines)


def test_ascii_has_no_other_signs():
    assert all(line.isascii() for line in text_of("lab", 118, look=Look(ascii=True)))


def test_f1_in_a_dialog_shows_its_keys(tmp_path):
    async def drive(app, pilot):
        app.push_screen(GoToScreen(frame()))
        await pilot.pause()
        await pilot.press("f1")
        await pilot.pause()
        return opened(app).text

    text = driven(made(tmp_path / "state.json"), drive)
    assert "Up Down  Take from the list" in text
    assert text.index("Go to") < text.index("Other")


def opened(app):
    screen = app.screen
    assert isinstance(screen, HelpScreen)
    return screen


@pytest.mark.parametrize("key", ["escape", "q", "f1", "enter"])
def test_it_opens_and_closes(tmp_path, key):
    async def drive(app, pilot):
        await pilot.press("f1")
        await pilot.pause()
        assert "Open the scenario" in opened(app).text
        await pilot.press(key)
        await pilot.pause()
        assert app.screen.PLACE == "gallery"

    driven(made(tmp_path / "state.json"), drive)


@pytest.mark.parametrize(
    ("there", "back"), [("down", "up"), ("j", "k"), ("pagedown", "pageup"), ("space", "b")]
)
def test_it_scrolls(tmp_path, there, back):
    async def drive(app, pilot):
        app.push_screen(HelpScreen(app, "lab"))
        await pilot.pause()
        body = opened(app).query_one(HelpText)
        await pilot.press(there)
        await pilot.pause()
        assert body.scroll_y > 0
        await pilot.press(back)
        await pilot.pause()
        assert body.scroll_y == 0

    driven(made(tmp_path / "state.json"), drive, (80, 24))


def test_all_its_keys_are_driven():
    driven_here = {"escape", "q", "f1", "enter", "down", "up", "j", "k", "pagedown", "pageup"}
    keys = {key for each in actions_for("help", everywhere=False) for key in keys_of(each, {})}
    assert keys == driven_here | {"space", "b"}


def test_it_says_where_the_file_is(tmp_path):
    settings = Settings(path=tmp_path / "settings.toml", glyphs="unicode")

    async def drive(app, pilot):
        await pilot.press("f1")
        await pilot.pause()
        assert "settings.toml" in opened(app).text.replace("\n", "")

    driven(made(tmp_path / "state.json", settings=settings), drive, (200, 60))


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["y"], True),
        (["n"], False),
        (["escape"], False),
        (["q"], False),
        (["enter"], False),
        (["tab", "enter"], True),
    ],
)
def test_a_question_is_answered(tmp_path, keys, answer):
    answers = []

    async def drive(app, pilot):
        app.push_screen(ConfirmScreen("Leave?", "The runs are forgotten."), answers.append)
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()

    driven(made(tmp_path / "state.json"), drive)
    assert answers == [answer]
