import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from nnsim.tui.app import NnsimApp
from nnsim.tui.gallery.details import details_of
from nnsim.tui.gallery.entries import (
    Entry,
    best_of,
    entries_of,
    entry_of,
    matching,
    mistake_in,
    mistake_inside,
    plain,
    topic_line,
)
from nnsim.tui.gallery.entry_list import EntryList, rows_of
from nnsim.tui.gallery.network_picture import network_picture
from nnsim.tui.gallery.preview import Preview
from nnsim.tui.gallery.preview_text import WIDEST, preview_lines
from nnsim.tui.keys import actions_for, keys_of
from nnsim.tui.look import Look
from nnsim.tui.settings import Settings
from nnsim.tui.state import State
from nnsim.tui.widgets.key_line import KeyLine
from nnsim.tui.widgets.title_line import TitleLine
from tests.tui.running import driven, made

GOOD = """
[scenario]
title = "First"
topic = ["B6", "B7"]
summary = "About dropout."
look_for = ["The masks."]
[data]
source = "moons"
examples = 50
[network]
loss = "binary_cross_entropy"
layers = [{ repeat = 2 }, { units = 1, activation = "sigmoid" }]
[network.hidden]
units = 8
activation = "tanh"
[training]
epochs = 3
[[variant]]
name = "a"
summary = "As it is."
[[variant]]
name = "b"
[variant.network.hidden]
units = 4
keep_prob = 0.5
[[lesson]]
step = "start"
text = "x"
[[expect]]
metric = "train.cost"
is = "<"
value = 9
"""
LATE = '[scenario]\ntitle = "Late"\ntopic = "A2"\nsummary = "s"\n[data\nsource = 1\n'
UNTITLED = '[scenario]\ntopic = "A2"\n'


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "scenarios"
    path.mkdir()
    for name, text in (("first", GOOD), ("late", LATE), ("untitled", UNTITLED)):
        (path / f"{name}.toml").write_text(text)
    (path / "second.toml").write_text(GOOD.replace("First", "Second").replace("B6", "C1"))
    return path


def lines_of(entry, width=70, look=None):
    details = None if entry.error else details_of(entry.path)
    return preview_lines(entry, details, look or Look(), width)


# Reading


def test_the_shipped_scenarios_are_listed_in_course_order():
    entries = entries_of()
    assert len(entries) >= 28 and not any(entry.error for entry in entries)
    assert entries[0].topic[0] == "A" and entries[-1].topic[0] == "E"
    assert all(entry.title and entry.summary for entry in entries)


def test_the_first_table_alone_says_the_same_as_the_whole_file():
    from nnsim.scenario.catalogue import catalogue

    whole = {entry.name: entry for entry in catalogue()}
    for entry in entries_of():
        assert entry.title == plain(whole[entry.name].title)
        assert entry.summary == plain(whole[entry.name].summary)
        assert entry.topics == whole[entry.name].topics


def test_a_cut_inside_a_text_is_noticed(tmp_path):
    path = tmp_path / "cut.toml"
    path.write_text('[scenario]\nsummary = """\n[x]\n"""\ntitle = "Cut"\n')
    assert entry_of(path).title == "Cut"


def test_lessons_are_counted(folder):
    assert entry_of(folder / "first.toml").lessons == 1


def test_a_file_without_title_is_listed_with_its_error(folder):
    entry = entry_of(folder / "untitled.toml")
    assert "scenario.title: missing" in entry.error and entry.name == "untitled"


def test_a_mistake_further_down_is_found_later(folder):
    assert entry_of(folder / "late.toml").error == ""
    assert "late.toml:5" in mistake_in(folder / "late.toml")
    assert mistake_in(folder / "first.toml") == ""


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("first", {"first"}),
        ("FIRST dropout", {"first"}),
        ("mini-batches", {"second"}),
        ("dropout", {"first", "second"}),
        ("nothing like it", set()),
        ("", {"first", "second", "late", "untitled"}),
    ],
)
def test_every_word_must_be_there(folder, query, names):
    assert {entry.name for entry in matching(entries_of(folder), query)} == names


def test_topics_have_their_titles():
    assert topic_line("B13") == "B13 Gradient checking"
    assert topic_line("nonsense") == "nonsense"


def test_control_signs_of_a_file_are_not_shown(tmp_path):
    path = tmp_path / "evil.toml"
    path.write_text('[scenario]\ntitle = "a\\u001b[31mb\\u0007"\nsummary = "\\u009b1m"\n')
    entry = entry_of(path)
    assert entry.title == "a [31mb"
    assert all(strip.text.isprintable() for strip in lines_of(entry))


# The preview


def test_the_network_is_read_from_the_text(folder):
    details = details_of(folder / "first.toml")
    assert details.network is not None
    assert details.network.line == "2 - 8 tanh x2 - 1 sigmoid"
    assert [variant.network and variant.network.line for variant in details.variants] == [
        None,
        "2 - 4 tanh (keep 0.5) x2 - 1 sigmoid",
    ]
    assert (details.lessons, details.expectations) == (1, 1)


def test_networks_of_shipped_scenarios():
    details = {entry.name: details_of(entry.path) for entry in entries_of()}

    def line(name, variant=0):
        network = details[name].variants[variant].network if variant else details[name].network
        assert network is not None
        return network.line

    assert line("vanishing-gradients") == "2 - 16 sigmoid x9 - 1 sigmoid"
    assert line("activation-slopes") == "1 - 1 sigmoid - 1 identity"
    assert line("residual-connections", 1) == "2 - 8 tanh - 8 tanh (residual) x24 - 1 sigmoid"
    assert line("layer-norm", 3) == "2 - 16 relu (layer norm) x2 - 1 sigmoid"


@pytest.mark.parametrize(
    "text",
    [
        "network = 1\nvariant = 2\nlesson = 3\ndata = 4\n",
        "[network]\nlayers = 3\nhidden = 4\n[[variant]]\nname = 1\n",
        '[network]\nlayers = [1, {units = "x", repeat = 1e9, weights = 3}]\n[data]\nX = [1]\n',
        "[training]\nsteps = []\n[data]\nX = [[1]]\nfeatures = []\n",
    ],
)
def test_a_preview_of_nonsense_is_no_crash(tmp_path, text):
    path = tmp_path / "odd.toml"
    path.write_text(text)
    details = details_of(path)
    entry = entry_of(path)
    assert preview_lines(entry, details, Look(), 60)


@pytest.mark.parametrize("entry", entries_of(), ids=lambda entry: entry.name)
def test_no_line_of_a_preview_is_too_wide(entry):
    for width in (12, 30, 60, 200):
        for strip in lines_of(entry, width):
            assert strip.cell_length <= min(width, WIDEST)


def test_a_preview_says_what_matters(folder):
    text = "\n".join(strip.text for strip in lines_of(entry_of(folder / "first.toml")))
    for words in ("First", "B6 Inverted dropout", "B7", "About dropout.", "The masks.", "moons"):
        assert words in text
    assert "1 lesson stop" in text and "3 epochs" in text


@pytest.mark.parametrize("entry", entries_of(), ids=lambda entry: entry.name)
def test_the_picture_has_a_column_for_each_layer_or_leaves_some_out(entry):
    details = details_of(entry.path)
    network = details.network
    if network is None:
        # Of a kind that trains nothing: its setting stands in the place of the network.
        assert details.kind not in ("training", "gradient_check")
        return
    for width, ascii in itertools.product((10, 24, 40, 80), (False, True)):
        strips = network_picture(network, Look(ascii=ascii), width)
        assert all(strip.cell_length <= width for strip in strips)
        text = "".join(strip.text for strip in strips)
        assert not ascii or text.isascii()
        if width == 80:
            figures = strips[-1].text.split()
            assert figures[0] == network.inputs
            assert len(figures) == min(len(network.layers) + 1, 19)


# The list


def test_headings_stand_above_their_scenarios(folder):
    rows = rows_of(entries_of(folder))
    texts = [row.heading or f"  {row.entry.name}" for row in rows if row.entry or row.heading]
    assert texts == [
        "A2 Logistic regression as a network",
        "  late",
        "B6 Inverted dropout",
        "  first",
        "C1 Mini-batches",
        "  second",
        "Without a topic",
        "  untitled",
    ]


# The screen


def gallery(app):
    return app.screen_stack[0]


def shown(app):
    return "\n".join(
        gallery(app).query_one(EntryList).render_line(y).text
        for y in range(gallery(app).query_one(EntryList).size.height)
    )


@pytest.fixture
def app(tmp_path, folder, monkeypatch):
    app = made(tmp_path / "state.json", folder=folder)
    app.opened = []
    app.open_scenario = lambda source, variant=None: app.opened.append(source)
    return app


def test_the_first_scenario_is_chosen_and_previewed(app):
    async def drive(app, pilot):
        assert gallery(app).chosen.name == "late"
        assert "Late" in gallery(app).query_one(Preview).text

    driven(app, drive)


def test_broken_files_stand_at_their_place_and_the_rest_work(app):
    async def drive(app, pilot):
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert shown(app).count("error") == 2
        assert "late.toml:5" in gallery(app).query_one(Preview).text.replace("\n", "")
        await pilot.press("enter")
        await pilot.pause()
        assert app.opened == [] and len(app._notifications) == 1
        await pilot.press("down", "enter")
        assert [Path(each).name for each in app.opened] == ["first.toml"]

    driven(app, drive)


def test_a_file_that_says_the_wrong_thing_is_marked_before_it_is_opened(app, folder):
    wrong = folder / "wrong.toml"
    wrong.write_text('[scenario]\ntitle = "Wrong"\n[dta]\nsource = "moons"\n')
    assert mistake_in(wrong) == ""
    assert mistake_inside(entry_of(wrong)) == ""  # a shipped one is not checked
    assert "dta" in mistake_inside(entry_of(wrong, shipped=False))

    async def drive(app, pilot):
        await app.workers.wait_for_complete()
        await pilot.pause()
        (entry,) = [each for each in gallery(app).entries if each.path == wrong]
        assert "wrong.toml:3" in entry.error
        assert shown(app).count("error") == 3

    driven(NnsimApp(settings=app.settings, state=app.state, folder=folder, warm=False), drive)


def test_the_first_frame_imports_nothing_that_checks_scenarios():
    code = "import sys, nnsim.tui.screens.gallery; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_a_mended_file_opens(app, folder):
    async def drive(app, pilot):
        await app.workers.wait_for_complete()
        (folder / "late.toml").write_text(GOOD)
        await pilot.press("enter")
        await pilot.pause()
        assert [Path(each).name for each in app.opened] == ["late.toml"]

    driven(app, drive)


# Keys to press first, the key of the action, what is chosen then.
MOVES = [
    ("gallery.down", [], "first"),
    ("gallery.up", ["down", "down"], "first"),
    ("gallery.next_topic", ["down"], "second"),
    ("gallery.previous_topic", ["down", "down"], "first"),
    ("gallery.last", [], "untitled"),
    ("gallery.first", ["end"], "late"),
]


@pytest.mark.parametrize(("id", "before", "chosen"), MOVES)
def test_every_key_that_moves(app, id, before, chosen):
    action = next(each for each in actions_for("gallery") if each.id == id)

    async def drive(app, pilot):
        for key in keys_of(action, {}):
            await pilot.press("home", *before, key)
            assert gallery(app).chosen.name == chosen, key

    driven(app, drive)


def test_all_bindings_of_the_gallery_are_driven():
    elsewhere = {"open", "search", "clear", "scroll_down", "scroll_up", "quit"}
    moved = {id.partition(".")[2] for id, _, _ in MOVES}
    assert moved | elsewhere == {each.method for each in actions_for("gallery", everywhere=False)}


def test_words_are_searched_as_they_are_typed(app):
    async def drive(app, pilot):
        await pilot.press("slash", *"sec")
        await pilot.pause()
        assert gallery(app).chosen.name == "second"
        assert "1 of 4" in gallery(app).query_one(TitleLine).render_line(0).text
        await pilot.press(*"xyz")
        await pilot.pause()
        assert gallery(app).chosen is None
        assert gallery(app).query_one(Preview).text == ""
        await pilot.press("enter", "up", "down")
        assert app.opened == []
        await pilot.press("escape")
        await pilot.pause()
        assert "4 scenarios" in gallery(app).query_one(TitleLine).render_line(0).text

    driven(app, drive)


def test_enter_opens_what_was_found_and_arrows_still_move(app):
    async def drive(app, pilot):
        await pilot.press("slash", *"dropout", "down", "up", "down", "enter")
        await pilot.pause()
        assert [Path(each).name for each in app.opened] == ["second.toml"]

    driven(app, drive)


def test_the_chosen_one_stays_chosen_when_the_search_ends(app):
    async def drive(app, pilot):
        await pilot.press("slash", *"second", "escape")
        await pilot.pause()
        assert gallery(app).chosen.name == "second"

    driven(app, drive)


def test_the_preview_is_scrolled(app):
    async def drive(app, pilot):
        await pilot.press("down")
        preview = gallery(app).query_one(Preview)
        for there, back in (("space", "b"), ("n", "p")):
            await pilot.press(there)
            await pilot.pause()
            assert preview.scroll_y > 0
            await pilot.press(back)
            await pilot.pause()
            assert preview.scroll_y == 0

    driven(app, drive, (80, 20))


def test_a_click_chooses_and_another_one_opens(app):
    async def drive(app, pilot):
        row = next(y for y, line in enumerate(shown(app).split("\n")) if "First" in line)
        await pilot.click(EntryList, offset=(6, row))
        assert gallery(app).chosen.name == "first" and app.opened == []
        await pilot.click(EntryList, offset=(6, row))
        assert [Path(each).name for each in app.opened] == ["first.toml"]
        await pilot.click(EntryList, offset=(6, row - 1))
        assert gallery(app).chosen.name == "first"

    driven(app, drive)


def test_the_mouse_lights_up_and_headings_do_not(app):
    async def drive(app, pilot):
        await pilot.hover(EntryList, offset=(6, 1))
        await pilot.pause()
        assert gallery(app).query_one(EntryList)._under_mouse == 1

    driven(app, drive)


def test_the_footers_words_can_be_clicked(app):
    async def drive(app, pilot):
        line = gallery(app).query_one(KeyLine)
        text = line.render_line(0).text
        await pilot.click(KeyLine, offset=(text.index("topic"), 0))
        assert gallery(app).chosen.name == "first"
        await pilot.click(KeyLine, offset=(text.index("F1"), 0))
        await pilot.pause()
        assert app.screen.PLACE == "help"

    driven(app, drive)


@pytest.mark.parametrize(("width", "least"), [(60, 4), (80, 7), (120, 7)])
def test_the_footer_fits_and_keeps_help(app, width, least):
    async def drive(app, pilot):
        line = gallery(app).query_one(KeyLine)
        assert line.render_line(0).cell_length == width
        assert len(line.shown) >= least
        assert line.shown[-1] == "app.help" and line.shown[0] == "gallery.open"

    driven(app, drive, (width, 24))


def test_lessons_done_and_recently_used_are_shown(tmp_path):
    state = State(tmp_path / "state.json")
    state.opened("dropout")
    state.lesson_done("dropout", 0)

    async def drive(app, pilot):
        lines = shown(app).split("\n")
        assert "Recently used" in lines[0]
        count = gallery(app).chosen.lessons
        assert "Inverted dropout" in lines[1] and f"1/{count}" in lines[1]
        assert gallery(app).chosen.name == "dropout"

    driven(made(tmp_path / "state.json"), drive)


def test_what_was_done_elsewhere_is_read_again(app, folder):
    async def drive(app, pilot):
        await pilot.press("f1")
        await pilot.pause()
        (folder / "third.toml").write_text(GOOD.replace("First", "Third"))
        await pilot.press("escape")
        await pilot.pause()
        assert "Third" in shown(app)

    driven(app, drive)


def test_an_empty_folder_is_no_crash(tmp_path):
    async def drive(app, pilot):
        await pilot.press("enter", "down", "up", "end", "home", "pagedown", "pageup", "space")
        assert gallery(app).chosen is None

    (tmp_path / "none").mkdir()
    driven(made(tmp_path / "state.json", folder=tmp_path / "none"), drive)


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("glyphs", ["unicode", "ascii"])
def test_every_line_is_exactly_as_wide_as_the_terminal(tmp_path, size, glyphs):
    async def drive(app, pilot):
        screen = app.screen._compositor.render_strips()
        assert len(screen) == size[1]
        for strip in screen:
            assert strip.cell_length == size[0]
            assert glyphs == "unicode" or strip.text.isascii(), strip.text

    settings = Settings(glyphs=glyphs)
    driven(made(tmp_path / "state.json", settings=settings), drive, size)


def test_nothing_is_coloured_without_colours(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")

    async def drive(app: NnsimApp, pilot):
        assert app.look.color is False
        for widget in (gallery(app).query_one(EntryList), gallery(app).query_one(Preview)):
            for y in range(widget.size.height):
                for segment in widget.render_line(y):
                    assert segment.style is None or segment.style.color is None
        chosen = next(line for line in shown(app).split("\n") if line.startswith(">"))
        assert gallery(app).chosen.title[:10] in chosen

    driven(made(tmp_path / "state.json"), drive)


def test_a_search_chooses_what_its_title_says_rather_than_its_summary():
    summary = Entry("a", Path("a.toml"), "L2", summary="the weights vanish")
    titled = Entry("b", Path("b.toml"), "Vanishing gradients")
    assert best_of((summary, titled), "vanish") is titled
    assert best_of((summary, titled), "weights") is summary
    assert best_of((), "vanish") is None


def test_after_a_search_was_opened_keys_are_keys_again(tmp_path):
    async def drive(app, pilot):
        opened = []
        app.open_scenario = opened.append
        await pilot.press("slash", *"dropout", "enter")
        await pilot.pause()
        assert len(opened) == 1 and app.focused is None
        await pilot.press("escape")
        return app.screen

    driven(made(tmp_path / "state.json"), drive)
