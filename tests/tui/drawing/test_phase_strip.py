"""A step as a line: what is lit, what is folded, exact width."""

import pytest

from nnsim.network.specification import BatchNorm, Layer, Network
from nnsim.tui.drawing.phase_strip import draw, phase_at, phase_line, places
from nnsim.tui.look import Look
from tests.tui import made

PLAIN = Look(ascii=True, color=False)
DEEP = made.network((2, *(4,) * 9, 1))


def text(width, phase=0, network=None, step=128):
    run = made.run(network=network or made.network(), phase=phase, step=step)
    return draw(phase_line(run), PLAIN, width).text.rstrip()


def test_it_reads_like_the_algorithm():
    assert text(120, 7) == (
        " batch > Z1 A1 > Z2 A2 > Z3 A3 > J > dZ3 dW3 db3 >[dZ2 dW2 db2]> dZ1 dW1 db1 > check"
        " > update"
    )


def test_between_steps_the_last_phase_is_lit_and_before_the_first_step_none():
    assert text(120).endswith(">[update]")
    for network in (made.network(), DEEP):
        assert "[" not in text(120, step=0, network=network)


def test_batch_norm_and_dropout_are_kept_short():
    layers = (Layer(3, batch_norm=BatchNorm(), keep_prob=0.8), Layer(1, "sigmoid"))
    network = Network(2, layers, "binary_cross_entropy")
    assert "> Z1 BN D1 A1 >" in text(120, 7, network)


def test_the_far_middle_is_folded():
    assert text(80, 8, DEEP) == (
        " batch > ... > Z4 A4 > Z5 A5 > Z6 A6 >[Z7 A7]> Z8 A8 > Z9 A9 > ... > update"
    )
    assert text(80, 1, DEEP).startswith("[batch]> Z1 A1 > Z2 A2")


@pytest.mark.parametrize("width", [8, 20, 33, 40, 80, 120, 200])
@pytest.mark.parametrize("network", [made.network(), DEEP], ids=["3 layers", "10 layers"])
def test_width_is_exact_and_the_lit_phase_is_always_seen(width, network):
    for phase in range(len(made.phases(network))):
        run = made.run(network=network, phase=phase)
        line = phase_line(run)
        strip = draw(line, Look(), width)
        assert strip.cell_length == width
        assert strip.text.count("[") == 1
        lit = (line.done - 1) % len(line.labels)
        assert any(place.number == lit for place in places(line, width))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_both_ends_and_the_neighbours_of_the_lit_phase_are_seen(width):
    for phase in range(1, len(made.phases(DEEP))):
        line = phase_line(made.run(network=DEEP, phase=phase))
        shown = {place.number for place in places(line, width)}
        last = len(line.labels) - 1
        wanted = {0, last, line.done - 1, max(line.done - 2, 0), min(line.done, last)}
        assert wanted <= shown


def test_phases_do_not_move_when_another_is_lit():
    lines = [phase_line(made.run(phase=phase)) for phase in range(9)]
    assert len({tuple(place.start for place in places(line, 120)) for line in lines}) == 1


def test_the_phase_under_a_cell_is_found():
    line = phase_line(made.run(phase=3))
    strip = draw(line, PLAIN, 120).text
    assert phase_at(line, 120, strip.index("Z2")) == 2
    assert phase_at(line, 120, strip.index("update")) == len(line.labels) - 1
    assert phase_at(line, 120, 119) is None
    assert phase_at(phase_line(made.run(network=DEEP, phase=8)), 80, 9) is None  # "..."


def test_other_kinds_name_their_phases_themselves():
    line = phase_line(made.stepped_run(phase=2))
    assert line.labels == line.shorts == ("gradient", "v", "update") and line.done == 2
    assert draw(line, Look(), 60).text.rstrip() == " gradient >[v]> update"
