import importlib
import re

import pytest
from textual.keys import _normalize_key_list
from textual.screen import Screen

from nnsim.tui.app import NnsimApp
from nnsim.tui.keys import ACTIONS, actions_for, bindings_for, keys_of, shown, useless
from nnsim.tui.panels.lesson import LessonPanel

PLACES = sorted({action.place for action in ACTIONS})
KNOWN = {
    "gallery": "gallery.GalleryScreen",
    "help": "help.HelpScreen",
    "confirm": "confirm.ConfirmScreen",
    "lab": "lab.LabScreen",
}


def owner_of(place: str) -> type:
    """Return the class whose methods the actions of a place are."""
    if place == "app":
        return NnsimApp
    if place in KNOWN:
        module, name = KNOWN[place].split(".")
        return getattr(importlib.import_module(f"nnsim.tui.screens.{module}"), name)
    module = importlib.import_module(f"nnsim.tui.screens.{place}")
    found = [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Screen) and vars(each).get("PLACE") == place
    ]
    assert len(found) == 1, f"{place}: screens with this place: {found}"
    return found[0]


@pytest.mark.parametrize("place", PLACES)
def test_each_action_has_its_method(place):
    owner = owner_of(place)
    for action in actions_for(place, everywhere=False):
        assert callable(getattr(owner, f"action_{action.method}", None)), action.id


@pytest.mark.parametrize("place", PLACES)
def test_each_screen_binds_the_registry(place):
    owner = LessonPanel if place == "lesson" else owner_of(place)
    bound = {binding.id for binding in owner.BINDINGS}
    assert {action.id for action in actions_for(place, everywhere=False)} <= bound


@pytest.mark.parametrize("place", PLACES)
def test_no_key_does_two_things_in_a_place(place):
    taken: dict[str, str] = {}
    # Help is the one place that answers F1 itself: it closes.
    actions = actions_for(place, everywhere=place != "help")
    for action in actions:
        for key in keys_of(action, {}):
            key = _normalize_key_list(key)
            assert key not in taken, f"{key}: {taken.get(key)} and {action.id}"
            taken[key] = action.id


def test_ids_are_unique_and_say_where():
    ids = [action.id for action in ACTIONS]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z_]+\.[a-z_0-9]+", each) for each in ids)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_each_action_is_explained_by_a_sentence(action):
    assert action.sentence.endswith(".") and action.sentence[0].isupper()
    assert "!" not in action.sentence and action.name and action.group


def test_names_differ_within_a_place():
    for place in PLACES:
        names = [action.name for action in actions_for(place, everywhere=False)]
        assert len(set(names)) == len(names), place


def test_bindings_carry_ids_so_that_they_can_be_remapped():
    binding = next(each for each in bindings_for("lab") if each.id == "lab.play")
    assert (binding.key, binding.action) == ("space", "play")


def test_the_users_keys_stand_for_the_usual_ones():
    play = next(action for action in ACTIONS if action.id == "lab.play")
    assert keys_of(play, {}) == ("space",)
    assert keys_of(play, {"lab.play": "f5, k"}) == ("f5", "k")


def test_keys_are_written_as_people_write_them():
    keys = ("question_mark", "ctrl+s", "f1", "pageup", "right_square_bracket", "G")
    assert [shown(key) for key in keys] == ["?", "^s", "F1", "PgUp", "]", "G"]


def test_actions_that_a_kind_has_no_use_for_are_known():
    assert "lab.edit" in useless("lab", "descent") and "lab.edit" not in useless("lab", "training")
    assert "lab.play" not in useless("lab", "descent")
    known = {action.id for action in ACTIONS}
    assert useless("compare", "averages") <= known and "compare.picture" in useless(
        "compare", "averages"
    )
    # What is for training only says so; everything else is for all kinds.
    assert {kind for action in ACTIONS for kind in action.kinds} == {"training"}
