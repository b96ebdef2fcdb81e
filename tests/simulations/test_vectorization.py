"""Loop and matrix form: the same numbers, counted operations, and times that are no figures."""

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.simulations.vectorization.forms import FORMS, compiled, loop, matrix
from nnsim.simulations.vectorization.listing import (
    listing,
    multiplications,
    operations,
    operations_an_example,
)
from nnsim.simulations.vectorization.simulation import VectorizationSimulation
from nnsim.simulations.vectorization.snapshot import figure_names
from tests.reference import vectorization as twin


def numbers(m=7, n_x=3, seed=0):
    random = np.random.default_rng(seed)
    X = random.normal(size=(n_x, m))
    Y = (random.random((1, m)) < 0.5).astype(float)
    return X, Y, random.normal(size=(n_x, 1)) / n_x**0.5, float(random.normal())


def finished(m=7, n_x=3, seed=0, form="right"):
    simulation = VectorizationSimulation(*numbers(m, n_x, seed), form)
    simulation.run()
    return simulation


def plain(X, Y, w, b):
    return X.tolist(), Y[0].tolist(), w[:, 0].tolist(), b


@pytest.mark.parametrize(("m", "n_x"), [(1, 1), (7, 3), (50, 20)])
def test_the_stepped_loop_is_the_loop_to_the_bit(m, n_x):
    simulation = finished(m, n_x)
    J, dw, db = loop(*plain(*numbers(m, n_x)))
    shown = simulation.snapshot()
    assert (shown.J, shown.db) == (J, db)
    assert shown.dw.tolist() == dw


@pytest.mark.parametrize(("m", "n_x"), [(1, 1), (7, 3), (300, 5), (40, 60)])
def test_all_forms_agree_with_exact_sums(m, n_x):
    given_numbers = numbers(m, n_x)
    J, dw, db = twin.gradient(*given_numbers)
    for form in (matrix, compiled):
        found = form(*given_numbers)
        assert found[0] == pytest.approx(J, rel=1e-13)
        assert found[1].shape == (n_x, 1)
        np.testing.assert_allclose(found[1][:, 0], dw, atol=1e-14)
        assert found[2] == pytest.approx(db, abs=1e-14)
    found = loop(*plain(*given_numbers))
    assert found[0] == pytest.approx(J, rel=1e-13)
    np.testing.assert_allclose(found[1], dw, atol=1e-14)
    assert found[2] == pytest.approx(db, abs=1e-14)


@given(m=st.integers(1, 60), n_x=st.integers(1, 12), seed=st.integers(0, 99))
def test_the_two_forms_lie_some_last_places_apart(m, n_x, seed):
    figures = finished(m, n_x, seed).figures()
    assert figures["difference"] <= 1e-14
    assert figures["dw.ulp"] <= 2 * m + 8
    assert figures["matrix.columns"] == 1


class Counted(float):
    """A number that counts what is done with it."""

    made = 0
    products = 0

    @classmethod
    def reset(cls):
        cls.made = cls.products = 0


def _counting(name):
    def method(self, *others):
        Counted.made += 1
        Counted.products += name in ("__mul__", "__rmul__")
        return Counted(getattr(float, name)(float(self), *map(float, others)))

    return method


for _name in ("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv"):
    setattr(Counted, f"__{_name}__", _counting(f"__{_name}__"))
Counted.__neg__ = _counting("__neg__")


@pytest.mark.parametrize(("m", "n_x"), [(1, 1), (4, 3), (9, 2)])
def test_operations_of_the_loop_are_counted_exactly(m, n_x, monkeypatch):
    """Every number counts what is done with it; exp and log count themselves."""
    from nnsim.simulations.vectorization import forms

    def counting(function):
        def called(value):
            Counted.made += 1
            return Counted(function(float(value)))

        return called

    monkeypatch.setattr(forms, "exp", counting(np.exp))
    monkeypatch.setattr(forms, "log", counting(np.log))
    X, Y, w, b = plain(*numbers(m, n_x))
    X = [[Counted(value) for value in row] for row in X]
    Y, w = [Counted(value) for value in Y], [Counted(value) for value in w]
    Counted.reset()
    loop(X, Y, w, Counted(b))
    assert Counted.made == operations("loop", m, n_x) == m * (4 * n_x + 14) + n_x + 2
    assert Counted.products == multiplications("loop", m, n_x) == m * (2 * n_x + 2)
    assert operations_an_example(n_x) == 4 * n_x + 14


@pytest.mark.parametrize("form", FORMS)
def test_products_inside_numpy_are_counted_exactly(form, monkeypatch):
    """Arrays of counting objects go through the very same code."""
    from nnsim.simulations.vectorization import forms

    X, Y, w, b = (
        np.vectorize(Counted, otypes=[object])(each)
        if isinstance(each, np.ndarray)
        else Counted(each)
        for each in numbers(5, 3)
    )

    class Numpy:
        sum = staticmethod(np.sum)
        exp = staticmethod(np.vectorize(lambda z: Counted(np.exp(float(z))), otypes=[object]))
        log = staticmethod(np.vectorize(lambda a: Counted(np.log(float(a))), otypes=[object]))

    monkeypatch.setattr(forms, "np", Numpy)
    Counted.reset()
    FORMS[form](X, Y, w, b)
    assert Counted.products == multiplications(form, 5, 3)


def test_the_matrix_form_has_21_operations_whatever_the_size():
    assert operations("right", 1, 1) == operations("right", 10_000, 100) == 21
    assert operations("mean_forgotten", 5, 5) == 19
    assert operations("labels_as_column", 5, 5) == 21


@pytest.mark.parametrize("name", ["loop", *FORMS])
def test_the_listing_is_the_code_that_runs(name):
    source = inspect.getsource(loop if name == "loop" else FORMS[name])
    for line in listing(name):
        assert f"    {line.text}\n" in source
    assert listing(name)[-1].text == "return J, dw, db"
    phases = {line.phase for line in listing(name)}
    loops = {"", "z", "a", "J", "dz", "dw, db", "divide by m"}
    assert phases == (loops if name == "loop" else {"", "Z", "A, J", "dZ", "dw, db"})


def test_inner_loops_belong_to_what_they_repeat():
    found = [line.phase for line in listing("loop") if line.text.strip().startswith("for j")]
    assert found == ["z", "dw, db", "divide by m"]


def test_sums_grow_and_are_divided_at_the_end():
    simulation = finished(7, 3)
    curve = simulation.history.curve
    assert simulation.steps == 8 and simulation.status == "finished"
    np.testing.assert_allclose(np.diff(curve["db"])[:7], curve["dz"][1:8], rtol=1e-12)
    assert curve["J"][8] == curve["J"][7] / 7
    assert (np.diff(curve["J"][:8]) > 0).all()
    assert list(curve["examples"]) == [0, 1, 2, 3, 4, 5, 6, 7, 7]


def test_figures_are_those_that_were_promised_at_every_step():
    simulation = finished(4, 10)
    for step in range(simulation.steps + 1):
        simulation.seek(step)
        assert tuple(simulation.figures()) == figure_names(10)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), min_size=1, max_size=6))
def test_any_way_to_a_place_shows_the_same(places):
    wanderer = VectorizationSimulation(*numbers(5, 2))
    for step, phase in places:
        wanderer.seek(step, phase)
    straight = VectorizationSimulation(*numbers(5, 2))
    straight.seek(wanderer.position.step, wanderer.position.phase)
    first, second = wanderer.snapshot(), straight.snapshot()
    for name in ("step", "phase", "J", "J_before", "db", "z", "a", "dz", "known", "phase_done"):
        np.testing.assert_equal(getattr(first, name), getattr(second, name))
    for name in ("dw", "dw_before", "x", "all_a", "Z", "A", "dZ", "matrix_dw"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    np.testing.assert_equal(wanderer.figures(), straight.figures())


def test_a_phase_shows_what_it_made_and_no_more():
    simulation = VectorizationSimulation(*numbers(3, 2))
    simulation.seek(1)
    before = simulation.snapshot()
    for count, name in enumerate(("z", "a", "J", "dz"), 1):
        assert simulation.next_phase() == name
        shown = simulation.snapshot()
        assert shown.phase_done == name and shown.index == 1
        assert (shown.J > before.J) == (count >= 3)
        np.testing.assert_array_equal(shown.dw, before.dw)
    assert simulation.next_phase() == "dw, db"
    after = simulation.snapshot()
    x, dz = simulation.X[:, 1], after.dz
    np.testing.assert_array_equal(after.dw, before.dw + x * dz)
    np.testing.assert_array_equal(after.dw_before, before.dw)
    assert before.J + after.loss == after.J


def test_the_matrix_form_appears_array_by_array():
    simulation = VectorizationSimulation(*numbers(3, 2))
    simulation.seek(3)
    assert simulation.phases == ("divide by m", "Z", "A, J", "dZ", "dw, db")
    simulation.next_phase()
    shown = simulation.snapshot()
    assert shown.J_before / 3 == shown.J and shown.Z.size == 0
    simulation.next_phase()
    np.testing.assert_allclose(simulation.snapshot().Z, shown.all_z)
    assert simulation.snapshot().A.size == 0 and np.isnan(simulation.snapshot().matrix_J)
    simulation.next_phase()
    assert simulation.snapshot().matrix_J == pytest.approx(shown.J)
    simulation.next_phase()
    np.testing.assert_allclose(simulation.snapshot().dZ[0], simulation.snapshot().A - shown.Y)
    assert simulation.snapshot().times is None
    simulation.next_phase()
    assert simulation.snapshot().finished and simulation.snapshot().matrix_dw.shape == (2,)


@pytest.mark.parametrize(
    ("form", "columns", "factor"), [("mean_forgotten", 1, 7), ("labels_as_column", 7, None)]
)
def test_bugs_of_the_matrix_form_are_found_by_the_loop(form, columns, factor):
    figures = finished(7, 3, form=form).figures()
    assert figures["difference"] > 1e-3 and figures["matrix.columns"] == columns
    if factor:
        assert figures["matrix.dw1"] == pytest.approx(factor * figures["dw1"])
    else:
        X, Y, w, b = numbers(7, 3)
        A = 1 / (1 + np.exp(-(w.T @ X + b)))
        pairs = [-np.log(a if y else 1 - a) for a in A[0] for y in Y[0]]
        assert figures["matrix.J"] == pytest.approx(sum(pairs) / 7)


def test_times_are_measured_once_and_are_no_figures():
    simulation = finished()
    times = simulation.snapshot().times
    assert min(times.loop, times.matrix, times.compiled) > 0
    assert simulation.snapshot().times is times
    assert not any("time" in name or "seconds" in name for name in simulation.figures())
    assert finished().figures() == simulation.figures()


def test_remarks_tell_what_differs():
    assert "to the last bits" in finished().remarks()[0].sentence
    assert "disagree" in finished(form="mean_forgotten").remarks()[0].sentence
    simulation = VectorizationSimulation(*numbers())
    assert "0 of 7" in simulation.remarks()[0].sentence
    simulation.seek(7, 2)
    assert "now the matrix form" in simulation.remarks()[0].sentence


@pytest.mark.parametrize(
    ("X", "Y", "w"),
    [
        ((3, 0), (1, 0), (3, 1)),
        ((3, 4), (4, 1), (3, 1)),
        ((3, 4), (1, 4), (4, 1)),
        ((3,), (1, 3), (3, 1)),
    ],
)
def test_shapes_that_do_not_belong_together_are_refused(X, Y, w):
    with pytest.raises(ValueError, match="vectorization: "):
        VectorizationSimulation(np.ones(X), np.ones(Y), np.ones(w), 0.0)
