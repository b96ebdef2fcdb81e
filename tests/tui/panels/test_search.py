"""The panels of a search: what they draw of a moment, and that every moment can be drawn."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.data.loading import load_data
from nnsim.data.specification import DataSpecification
from nnsim.network.specification import Layer, Network
from nnsim.simulations.search.days import DaySearch
from nnsim.simulations.search.specification import Change, Drift, Parameter, Search
from nnsim.simulations.search.trial import Workplace
from nnsim.simulations.search.trials import TrialSearch
from nnsim.training.specification import Training
from nnsim.tui.panels import PANELS
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.search import SamplesPanel, curves_of, table_of, top_of
from nnsim.tui.panels.search_plane import PlanePanel, field_of
from tests.tui.stepped import LOOKS, frame, moments

ALPHA = Parameter("learning_rate", 1e-4, 1.0, "log")
BETA = Parameter("beta1", 0.9, 0.999, "one_minus_log")
BOWL = "(log(learning_rate)/log(10) + 2)**2 + (log(1 - beta1)/log(10) + 2)**2"
PLACES = PANELS["search"]


def landscape(method="random", **changes):
    search = Search(method, "formula", (ALPHA, BETA), trials=9, formula=BOWL)
    return TrialSearch(replace(search, **changes), seed=1)


def nothing_judged():
    uniform = Parameter("learning_rate", 1e-4, 1.0, share=(0.1, 1.0))
    return TrialSearch(Search("random", "none", (uniform,), trials=200), seed=1)


def workplace(objective="dev_cost", **training):
    data = load_data(DataSpecification("circles", {"examples": 40}, (0.5, 0.5, 0.0)), 1)
    network = Network(2, (Layer(3), Layer(1, "sigmoid")), "binary_cross_entropy")
    return Workplace(network, Training(0, **training), data, 1, "float64", objective)


def trained():
    search = Search("random", "dev_error", (ALPHA,), trials=4, budget=8)
    return TrialSearch(search, seed=1, workplace=workplace("dev_error"))


def diverging():
    place = workplace()
    network = Network(2, (Layer(3), Layer(1, "identity")), "mean_squared_error")
    alphas = Parameter("learning_rate", 1e3, 1e9, "log")
    search = Search("random", "dev_cost", (alphas,), trials=3, budget=200)
    return TrialSearch(search, seed=1, workplace=replace(place, network=network))


def panda():
    changes = (Change(2, (("learning_rate", 0.5),)),)
    start = {"learning_rate": 0.1}
    search = Search("panda", "dev_cost", budget=8, days=4, changes=changes, start=start)
    search = replace(search, drift=Drift(3, {"noise": 0.4}))
    data = DataSpecification("circles", {"examples": 40, "noise": 0.4}, (0.5, 0.5, 0.0))
    return DaySearch(search, seed=1, workplace=workplace(), drifted=lambda: load_data(data, 1))


def caviar():
    search = Search("caviar", "dev_cost", (ALPHA, BETA), trials=9, budget=72, days=3)
    return DaySearch(search, seed=1, workplace=workplace(optimizer="momentum"))


MAKES = {
    "grid": lambda: landscape("grid"),
    "random": landscape,
    "coarse to fine": lambda: landscape("coarse_to_fine"),
    "nothing judged": nothing_judged,
    "trained": trained,
    "diverging": diverging,
    "panda": panda,
    "caviar": caviar,
}


def at(simulation, step, phase=0):
    simulation.seek(step, phase)
    return simulation


def test_trials_stand_where_their_values_are():
    shown = at(landscape(), 9).snapshot()
    field = field_of(shown)
    np.testing.assert_array_equal(field.points.x, shown.values[:, 0])
    np.testing.assert_allclose(field.points.y, 1 - shown.values[:, 1])
    np.testing.assert_array_equal(field.points.values, shown.results)
    assert field.points.best == int(np.argmin(shown.results))
    assert (field.log_x, field.log_y) == (True, True)
    assert field.x_range == pytest.approx((1e-4, 1.0))
    assert field.y_range == pytest.approx((1e-3, 0.1))
    assert (field.x_name, field.y_name) == ("learning_rate", "1 - beta1")


def test_the_present_trial_is_bracketed():
    shown = at(landscape(), 3, 1).snapshot()
    alpha, beta = shown.made.values
    assert field_of(shown).cursor == pytest.approx((alpha, 1 - beta))
    assert len(field_of(shown).points.x) == 3


def test_the_edge_shows_as_many_marks_as_an_axis_has_values():
    """Three columns of a 3 x 3 grid: three marks below, however many trials they hold."""
    field = field_of(at(landscape("grid"), 9).snapshot())
    below, beside = field.paths
    assert len(np.unique(below.x)) == 3
    assert len(np.unique(beside.y)) == 3
    field = field_of(at(landscape(), 9).snapshot())
    # Points that stand at the edge themselves need no mark there.
    assert 6 <= len(np.unique(field.paths[0].x)) <= 9


def test_boxes_are_drawn_once_they_are_there():
    simulation = landscape("coarse_to_fine")
    assert [path.name for path in field_of(at(simulation, 2).snapshot()).paths if path.name] == []
    shown = at(simulation, 3).snapshot()
    (box,) = [path for path in field_of(shown).paths if path.name]
    assert box.name == "box 2"
    assert (min(box.x), max(box.x)) == pytest.approx(tuple(shown.boxes[1][0]))
    assert (min(box.y), max(box.y)) == pytest.approx(tuple(sorted(1 - shown.boxes[1][1])))


def test_with_one_parameter_the_objective_is_the_height():
    shown = at(trained(), 4).snapshot()
    field = field_of(shown)
    np.testing.assert_array_equal(field.points.y, shown.results)
    assert field.y_name == "dev error"


def test_what_left_the_numbers_has_the_colour_of_the_worst():
    simulation = diverging()
    simulation.run()
    shown = simulation.snapshot()
    assert np.isinf(shown.results).any()
    assert np.isfinite(field_of(shown).points.values).all()
    _, rows = table_of(shown)
    assert rows[-1].cells[1] == "diverged"


def test_the_table_goes_from_the_best_to_the_worst():
    heading, rows = table_of(at(landscape(), 9).snapshot())
    assert heading == ("trial", "value", "alpha", "beta1")
    values = [float(row.cells[1]) for row in rows]
    assert values == sorted(values)
    assert [row.cells[0] for row in rows if row.bold] == ["9"]


def test_nothing_judged_lists_the_latest_first():
    heading, rows = table_of(at(nothing_judged(), 5).snapshot())
    assert heading == ("trial", "alpha")
    assert [row.cells[0] for row in rows] == ["5", "4", "3", "2", "1"]


def test_curves_of_this_trial_and_the_best():
    shown = at(trained(), 4).snapshot()
    series = curves_of(shown)
    assert series[0].bold and series[0].name in ("trial 4", "best: 4")
    assert any(one.name == f"best: {shown.best + 1}" for one in series)
    assert curves_of(at(landscape(), 4).snapshot()) == []


def test_a_run_that_is_thrown_out_does_not_flatten_the_others():
    shown = at(caviar(), 3).snapshot()
    before = top_of(shown)
    assert before >= max(curve.values[0] for curve in shown.curves)
    other = (shown.best + 1) % len(shown.curves)
    thrown = shown.curves[other].values.copy()
    thrown[-1] = 1e9
    curves = list(shown.curves)
    curves[other] = replace(curves[other], values=thrown)
    assert top_of(replace(shown, curves=tuple(curves))) == before


def test_samples_tell_the_share(stage):
    text = stage.show(SamplesPanel(5), frame(at(nothing_judged(), 200), kind="search"))
    shown = at(nothing_judged(), 200).snapshot()
    share = 100 * np.mean(shown.values[:, 0] >= 0.1)
    assert f"{share:.3g} % in 0.1 to 1" in text
    assert "log10 learning_rate" in text


def test_the_plane_tells_the_lowest(stage):
    simulation = at(landscape(), 9)
    text = stage.show(PlanePanel(1), frame(simulation, kind="search"))
    assert f"9 trials, lowest value {simulation.figures()['best']:.3g}" in text


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
@pytest.mark.parametrize("make", MAKES)
def test_every_moment_can_be_shown(stage, place, make):
    panel = place.make()

    async def walk(app, pilot):
        for size, log in (((14, 5), True), ((70, 20), False)):
            await pilot.resize_terminal(*size)
            for simulation in moments(MAKES[make]()):
                panel.show(frame(simulation, kind="search"), Attention(log=log))
                await pilot.pause()
                assert app._exception is None
                panel.next_view()
            assert panel.border_title

    stage.do(panel, walk)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_look(stage, place, look):
    moment = frame(at(caviar(), 3), kind="search")
    texts = stage.at_sizes(place.make(), moment, views=2, sizes=((40, 14),), **LOOKS[look])
    for text in texts.values():
        assert all(len(line) <= 40 for line in text.splitlines())
        assert look != "ascii" or text.isascii()
        assert len(text) > 120
