"""Going to a time, or on until a condition holds."""

from dataclasses import replace

import pytest

from nnsim.tui.screens.go_to import GoToScreen, stops_of
from nnsim.tui.worker.commands import Play, Seek
from tests.tui.made import STEPS, card, frame, lessons, run, stepped_frame
from tests.tui.screens.asking import OPEN, ask


class Found:
    step, phase = 150, "forward 2"


def gone(steps, made=None, **options):
    return ask(GoToScreen(made or frame()), steps, **options)


@pytest.mark.parametrize(
    ("text", "answer", "told"),
    [
        ("50", Seek(50), "Goes back to step 50"),
        ("step 150", Seek(150), "Goes to step 150"),
        ("+10", Seek(138), "Goes to step 138"),
        ("-10", Seek(118), "Goes back to step 118"),
        ("-500", Seek(0), "Goes back to step 0"),
        ("epoch 3", Seek(12), "Goes back to step 12"),
        ("start", Seek(0), "Goes back to step 0"),
        ("end", Seek(STEPS), f"Goes to step {STEPS}"),
        ("128", Seek(128), "Stands at step 128 already"),
        ("cost<0.1", Play("cost < 0.1"), "Plays until cost < 0.1; cost is 0.1934 now"),
        ("dev.accuracy >= 0.95", Play("dev.accuracy >= 0.95"), "dev.accuracy is 0.9 now"),
        ("layer1.gradient_norm < 1e-6", Play("layer1.gradient_norm < 1e-06"), "is 0.01 now"),
        ("layer-1.z_std > 2", Play("layer3.z_std > 2"), "layer3.z_std is 1 now"),
        ("test.cost < 1", Play("test.cost < 1"), "Plays until test.cost < 1"),
        ("step > 150", Play("step > 150"), "Plays until step > 150"),
        ("cost < 1 and penalty < 1", Play("cost < 1 and penalty < 1"), "Plays until cost < 1 and"),
    ],
)
def test_what_a_text_means(text, answer, told):
    async def steps(asked):
        await asked.write(text)
        assert told in asked.outcome
        assert not asked.wrong
        await asked.press("enter")

    assert gone(steps, frame(run(steps_an_epoch=4))) == answer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("201", "expected 0 to 200"),
        ("epoch 900", "after the end"),
        ("cst < 1", "did you mean 'cost'"),
        ("layer7.z_std > 1", "expected 1 to 3"),
        ("hello", "expected cost < 0.1"),
    ],
)
def test_mistakes_are_told_while_typing(text, words):
    async def steps(asked):
        await asked.write(text)
        assert asked.wrong
        assert words in asked.outcome
        await asked.press("enter")
        assert words in asked.outcome

    assert gone(steps) == OPEN


def test_typing():
    async def steps(asked):
        await asked.type("cost < 0.1")
        await asked.press("enter")

    assert gone(steps) == Play("cost < 0.1")


def test_nothing_typed():
    async def steps(asked):
        assert asked.outcome == ""
        await asked.press("enter")
        assert "Nothing is typed" in asked.outcome

    assert gone(steps) == OPEN


def test_the_list_is_taken_by_keys():
    async def steps(asked):
        await asked.press("down", "down")
        assert asked.dialog.entry.value == "step 100"
        assert asked.choices.row.key == "100"
        await asked.press("up")
        assert asked.dialog.entry.value == "step 0"
        await asked.press("down", "enter")

    assert gone(steps) == Seek(100)


def test_up_begins_at_the_end_of_the_list():
    async def steps(asked):
        await asked.press("up", "enter")

    assert gone(steps) == Seek(STEPS)


def test_typing_leaves_the_list():
    async def steps(asked):
        await asked.press("down", "down", "5")
        assert asked.dialog.entry.value == "step 1005"
        assert asked.choices.row is None
        await asked.press("backspace", "backspace", "enter")

    assert gone(steps) == Seek(10)


def test_the_mouse():
    async def steps(asked):
        await asked.click_row("100")
        assert asked.dialog.entry.value == "step 100"
        await asked.click_hint("take from the list")
        assert asked.dialog.entry.value == "step 180"
        await asked.click_hint("Up")
        await asked.click_hint("go")

    assert gone(steps) == Seek(100)


def test_a_double_click_goes():
    async def steps(asked):
        await asked.click_row("180", times=2)

    assert gone(steps) == Seek(180)


@pytest.mark.parametrize("by_mouse", [True, False])
def test_leaving(by_mouse):
    async def steps(asked):
        await asked.type("50")
        if by_mouse:
            await asked.click_hint("leave")
        else:
            await asked.press("escape")

    assert gone(steps) is None


def test_stops_have_names_in_order():
    here = run(best_step=90, start=40, parent=0, non_finite=Found())
    rows = {row.key: row.note for row in stops_of(frame(here))}
    assert rows == {
        "0": "the beginning, lesson stop 1",
        "40": "where this run forked",
        "90": "the best dev step",
        "100": "lesson stop 2",
        "150": "the first NaN, forward 2",
        "180": "computed so far",
        "200": "lesson stop 3, the end",
    }
    other = {row.key for row in stops_of(frame(run(variant="relu")))}
    assert "100" not in other


def test_of_many_stops_the_nearest_are_listed():
    stop = lessons()[1]
    many = tuple(replace(stop, number=k, step=5 * k) for k in range(1, 38))
    rows = stops_of(frame(run(), card=card(lessons=many)))
    steps = [int(row.key) for row in rows]
    assert (steps[0], steps[-1], len(steps)) == (0, STEPS, 8)
    assert {125, 130} < set(steps)


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40)])
@pytest.mark.parametrize("ascii", [True, False])
def test_it_fits(size, ascii):
    async def steps(asked):
        await asked.write("acuracy>1")
        for word in ("Go to", "Esc leave", "computed so far"):
            assert word in asked.text
        assert not ascii or asked.text.isascii()

    gone(steps, size=size, ascii=ascii)


# Kinds that train no network


@pytest.mark.parametrize(
    ("text", "answer", "told"),
    [
        ("5", Seek(5), "Goes to step 5"),
        ("+4", Seek(7), "Goes to step 7"),
        ("end", Seek(20), "Goes to step 20"),
        ("J < 0.1", Play("J < 0.1"), "Plays until J < 0.1; J is 0.5 now"),
        ("w < 1 and J < 1", Play("w < 1 and J < 1"), "w is 0.686 now"),
    ],
)
def test_other_kinds_go_to_steps_and_their_own_figures(text, answer, told):
    async def steps(asked):
        assert "Step 3 of 20. Type" in asked.text and "J < 0.1, w" in asked.text
        assert "epoch" not in asked.text
        await asked.write(text)
        assert told in asked.outcome and not asked.wrong
        await asked.press("enter")

    assert gone(steps, stepped_frame()) == answer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cost < 1", "There is no figure 'cost'"),
        ("verdict < 1", "There is no figure 'verdict'"),
        ("epoch 2", "no epochs"),
        ("21", "expected 0 to 20"),
        ("hello", "expected J < 0.1"),
    ],
)
def test_other_kinds_say_what_figures_there_are(text, words):
    async def steps(asked):
        await asked.write(text)
        assert words in asked.outcome.replace("'hello' is no condition; ", "")
        assert asked.wrong
        await asked.press("enter")

    assert gone(steps, stepped_frame()) == OPEN
