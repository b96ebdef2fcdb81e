import json
import os

import pytest

from nnsim.tui.settings import VARIABLE, Settings, read_settings, settings_path
from nnsim.tui.state import MOST_RECENT, State


def written(folder, text):
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_all_settings_are_read(tmp_path):
    path = written(
        tmp_path,
        'theme = "nnsim-light"\nglyphs = "ascii"\nbandwidth = "low"\n'
        '[keys]\n"lab.play" = "space,h"\n',
    )
    settings = read_settings(path)
    assert (settings.theme, settings.glyphs, settings.bandwidth) == ("nnsim-light", "ascii", "low")
    assert settings.keys == {"lab.play": "space,h"}
    assert settings.troubles == ()


def test_no_file_is_no_trouble(tmp_path):
    settings = read_settings(tmp_path / "none.toml")
    assert settings == Settings(path=tmp_path / "none.toml")


def test_the_variable_names_another_file(tmp_path, monkeypatch):
    path = written(tmp_path, 'theme = "nord"\n')
    monkeypatch.setenv(VARIABLE, str(path))
    assert settings_path() == path
    assert read_settings().theme == "nord"


def test_a_named_file_that_is_not_there_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "none.toml"))
    assert "no such file" in read_settings().troubles[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("glyphs = 3\n", "glyphs: is 3; expected one of unicode, ascii"),
        ('bandwidth = "lo"\n', "bandwidth: is 'lo'; expected one of high, low"),
        ("theme = 1\n", "theme: is 1; expected a theme's name"),
        ('them = "x"\n', "them: there is no such setting; did you mean 'theme'?"),
        ("keys = 1\n", "keys: is 1; expected a table"),
        ('[keys]\n"lab.pley" = "k"\n', "there is no such action; did you mean 'lab.play'?"),
        ('[keys]\n"lab.play" = 1\n', "keys.lab.play: is 1; expected keys such as"),
        ('[keys]\n"lab.play" = ""\n', "keys.lab.play: is ''; expected keys such as"),
        ('[keys]\n"lab.play" = "n"\n', "'n' is lab.next_phase (Next phase) already"),
        ('[keys]\n"lab.play" = "?"\n', "'question_mark' is lab.why"),
        ('[keys]\n"lab.play" = "f1"\n', "'f1' is app.help"),
        ("theme = [\n", "is not valid TOML"),
    ],
)
def test_what_is_wrong_is_told_and_the_default_stands(tmp_path, text, told):
    settings = read_settings(written(tmp_path, text))
    assert len(settings.troubles) == 1
    assert told in settings.troubles[0]
    assert "settings.toml" in settings.troubles[0]
    assert settings.keys == {}


def test_the_rest_of_the_file_holds(tmp_path):
    path = written(
        tmp_path,
        'theme = "nord"\nglyphs = "x"\n[keys]\n"lab.play" = "n"\n"lab.fork" = "F"\n',
    )
    settings = read_settings(path)
    assert settings.theme == "nord" and settings.keys == {"lab.fork": "F"}
    assert len(settings.troubles) == 2


def test_two_actions_can_change_places(tmp_path):
    path = written(tmp_path, '[keys]\n"lab.play" = "n"\n"lab.next_phase" = "space"\n')
    settings = read_settings(path)
    assert settings.keys == {"lab.play": "n", "lab.next_phase": "space"}
    assert settings.troubles == ()


def test_keys_can_be_grouped_by_place(tmp_path):
    assert read_settings(written(tmp_path, '[keys.lab]\nplay = "h"\n')).keys == {"lab.play": "h"}


def test_a_folder_in_place_of_the_file_is_told(tmp_path):
    assert "cannot be read" in read_settings(tmp_path).troubles[0]


def test_what_is_remembered_is_there_next_time(tmp_path):
    path = tmp_path / "below" / "state.json"
    state = State(path)
    assert state.recent() == [] and state.lessons_done("dropout") == set()
    state.opened("dropout")
    state.opened("softmax")
    state.opened("dropout")
    state.lesson_done("dropout", 2, "relu")
    state.lesson_done("dropout", 0)
    state.theme = "nnsim-light"
    again = State(path)
    assert again.recent() == ["dropout", "softmax"]
    assert again.lessons_done("dropout") == {0, 2}
    assert again.guess("dropout", 2) == "relu" and again.guess("dropout", 0) == ""
    assert again.theme == "nnsim-light"
    assert [each.name for each in path.parent.iterdir()] == ["state.json"]


def test_only_the_last_few_are_remembered(tmp_path):
    state = State(tmp_path / "state.json")
    for k in range(MOST_RECENT + 3):
        state.opened(f"scenario-{k}")
    assert len(state.recent()) == MOST_RECENT
    assert state.recent()[0] == f"scenario-{MOST_RECENT + 2}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1]",
        '{"recent": 3, "lessons": [], "theme": 1}',
        '{"recent": [1], "lessons": {"a": {"done": "x", "guesses": 3}}}',
        '{"lessons": {"a": 3}}',
    ],
)
def test_a_damaged_memory_counts_as_an_empty_one(tmp_path, text):
    path = tmp_path / "state.json"
    path.write_text(text)
    state = State(path)
    assert state.recent() == [] and state.lessons_done("a") == set()
    assert state.guess("a", 0) == "" and state.theme == ""
    state.lesson_done("a", 1, "yes")
    assert json.loads(path.read_text())["lessons"]["a"] == {"done": [1], "guesses": {"1": "yes"}}


def test_a_memory_that_cannot_be_written_is_told_once(tmp_path):
    (tmp_path / "file").write_text("")
    told: list[str] = []
    state = State(tmp_path / "file" / "state.json", told.append)
    state.opened("dropout")
    state.opened("softmax")
    assert state.recent() == ["softmax", "dropout"]
    assert len(told) == 1 and "cannot be written" in told[0]


def test_the_memory_is_replaced_at_once(tmp_path, monkeypatch):
    path = tmp_path / "state.json"
    State(path).opened("dropout")
    before = path.read_text()

    def fail(*paths):
        raise OSError("no room")

    monkeypatch.setattr(os, "replace", fail)
    told: list[str] = []
    State(path, told.append).opened("softmax")
    assert path.read_text() == before and told
    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]
