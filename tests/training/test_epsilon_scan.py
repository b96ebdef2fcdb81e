"""The V of truncation against round-off (course topics B12, B13)."""

import numpy as np
import pytest

from nnsim.network.specification import BatchNorm, Layer
from nnsim.training.epsilon_scan import EPSILONS
from nnsim.training.specification import PlantedFault
from tests.simulations.made import equal, network, rich_network, simulation


def test_one_epsilon_a_decade():
    scan = simulation(network(3)).scan_epsilons()
    assert scan.epsilons.tolist() == list(EPSILONS) == [10.0**-k for k in range(1, 13)]


def test_the_v():
    run = simulation(network(4, 3), batch_size=0)
    run.advance(2)
    scan = run.scan_epsilons()
    assert scan.step == 2
    tip = scan.ratios.argmin()
    assert 1e-7 < scan.best_epsilon < 1e-3 and scan.best_epsilon == scan.epsilons[tip]
    # Two-sided differences: the error falls as epsilon^2, then rises as 1/epsilon.
    assert scan.ratios[0] / scan.ratios[1] == pytest.approx(100, rel=0.3)
    assert scan.ratios[1] / scan.ratios[2] == pytest.approx(100, rel=0.1)
    assert (np.diff(scan.ratios[:tip]) < 0).all()
    assert scan.ratios[-1] > 30 * scan.ratios[-4]
    assert scan.ratios[-1] > 1e4 * scan.ratios[tip]


@pytest.mark.parametrize("masks", ["frozen", "fresh"])
def test_every_ratio_is_that_of_a_check(masks):
    run = simulation(rich_network(), batch_size=8)
    run.advance(3)
    scan = run.scan_epsilons((1e-2, 1e-4, 1e-6), masks)
    for number, epsilon in enumerate(scan.epsilons):
        check = run.check_gradients(epsilon, masks)
        assert scan.ratios[number] == check.ratio
        found = {name: ratios[number] for name, ratios in scan.blocks.items()}
        assert found.keys() == check.blocks.keys()
        # Where the check calls a block too short to be resolved, the scan still has its ratio.
        assert all(found[name] == ratio for name, ratio in check.blocks.items() if ratio)


def test_a_gradient_that_is_exactly_0_has_no_v():
    scan = simulation(network(Layer(4, "tanh", batch_norm=BatchNorm()))).scan_epsilons()
    assert not scan.blocks["db1"].any()
    assert scan.blocks["dW1"].all()


def test_a_wrong_gradient_has_no_tip():
    run = simulation(network(4), fault=PlantedFault("dw_doubled", 1))
    scan = run.scan_epsilons()
    assert (scan.blocks["dW1"] > 0.3).all()
    assert scan.blocks["dW2"].min() < 1e-8


def test_epsilons_must_be_positive():
    for epsilons in ((), (1e-3, 0.0), (np.nan,)):
        with pytest.raises(ValueError, match="scan_epsilons: epsilons are"):
            simulation(network(2)).scan_epsilons(epsilons)
    with pytest.raises(ValueError, match="scan_epsilons: masks is 'melted'"):
        simulation(network(2)).scan_epsilons(masks="melted")


def test_progress_counts_all_derivatives_and_changes_nothing():
    run, seen = simulation(network(4)), []
    scan = run.scan_epsilons((1e-2, 1e-5), on_progress=lambda *done: seen.append(done))
    size = run.check_gradients().gradient.size
    assert seen[-1] == (2 * size, 2 * size)
    assert seen == sorted(set(seen)) and (size, 2 * size) in seen
    assert equal(scan.ratios, run.scan_epsilons((1e-2, 1e-5)).ratios)
