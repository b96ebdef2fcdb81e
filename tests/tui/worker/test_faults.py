"""Bugs in words, and where they can sit."""

from collections import Counter
from dataclasses import replace

import pytest

from nnsim.kernels.codes import Fault, names_of
from nnsim.network.specification import BatchNorm, Layer, Network
from nnsim.training.faults import layers_for
from nnsim.training.specification import PlantedFault, Training
from nnsim.tui.worker import faults

LAYERS = (
    Layer(4, "tanh"),
    Layer(4, "relu", keep_prob=0.5),
    Layer(3, "relu", batch_norm=BatchNorm()),
    Layer(1, "sigmoid"),
)
NETWORK = Network(2, LAYERS, "binary_cross_entropy", l2=0.1)
TRAINING = Training(100, optimizer="adam", batch_size=16)


def where(kind, network=NETWORK, training=TRAINING, examples=40):
    found = faults.places(network, training, examples)
    return [place.layer for place in found if place.kind == kind]


def test_every_fault_is_told_once_in_its_group():
    assert set(faults.FACTS) == set(names_of(Fault)) - {"none"}
    for kind, fact in faults.FACTS.items():
        number = Fault[kind.upper()]
        group = faults.CATCHES if number < 20 else faults.BLIND if number < 30 else faults.MODE
        assert (fact.kind, fact.group) == (kind, group)
        assert fact.part in faults.PARTS
        assert fact.sentence.endswith(".")
    titles = [fact.title for fact in faults.FACTS.values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("kind", "layers"),
    [
        ("dw_doubled", [1, 2, 3, 4]),
        ("db_scaled", [1, 2, 4]),
        ("derivative_missing", [1, 2, 3]),
        ("derivative_wrong", [1, 2, 3]),
        ("mean_forgotten", [1, 2, 3, 4]),
        ("penalty_gradient_forgotten", [1, 2, 3, 4]),
        ("sign_flipped", [1, 2, 3, 4]),
        ("dropout_scale_forgotten", [2]),
        ("batch_norm_terms_forgotten", [3]),
        ("weights_transposed", [2]),
        ("adam_uncorrected", [0]),
        ("adam_correction_multiplied", [0]),
        ("adam_correction_stored", [0]),
        ("shared_initial_weight", [1, 2, 3, 4]),
        ("last_batch_divisor", [0]),
        ("no_reshuffle", [0]),
        ("dev_normalized_alone", []),
        ("dropout_at_test", [0]),
        ("batch_statistics_at_test", [0]),
        ("fresh_masks_in_check", [0]),
    ],
)
def test_places(kind, layers):
    assert where(kind) == layers


def test_a_plain_run_has_few_places():
    plain = Network(2, (Layer(1, "sigmoid"),), "binary_cross_entropy")
    kinds = {place.kind for place in faults.places(plain, Training(10))}
    assert kinds == {
        "dw_doubled", "db_scaled", "mean_forgotten", "sign_flipped", "shared_initial_weight"
    }  # fmt: skip


def test_bugs_about_batches_need_batches_that_show_them():
    assert where("last_batch_divisor", examples=32) == []
    assert where("last_batch_divisor", examples=12) == []
    assert where("no_reshuffle", examples=16) == []
    assert where("no_reshuffle", training=replace(TRAINING, shuffle=False)) == []
    assert where("last_batch_divisor", examples=0) == [0]


def test_places_in_a_simulation():
    class Simulation:
        network, training = NETWORK, TRAINING

        class data:
            class train:
                m = 40

    assert faults.places_in(Simulation) == faults.places(NETWORK, TRAINING, 40)


def test_a_seed_always_picks_the_same_and_every_kind_comes():
    places = faults.places(NETWORK, TRAINING, 40)
    picked = [faults.pick(seed, places) for seed in range(2000)]
    assert picked == [faults.pick(seed, places) for seed in range(2000)]
    assert set(picked) == set(places)
    kinds = Counter(place.kind for place in picked)
    # Kinds are equally often drawn, however many layers they can sit in.
    even = len(picked) / len(kinds)
    assert all(0.6 * even < count < 1.4 * even for count in kinds.values())


def test_nothing_can_be_picked_from_nothing():
    with pytest.raises(ValueError, match="no bug has a place"):
        faults.pick(1, ())


def test_every_place_is_accepted_and_every_other_refused():
    for place in faults.places(NETWORK, TRAINING, 40):
        faults.refuse(place, NETWORK, TRAINING)
    for kind in faults.FACTS:
        for layer in range(6):
            fault = PlantedFault(kind, layer)
            if layer and layer not in where(kind):
                with pytest.raises(ValueError, match=kind):
                    faults.refuse(fault, NETWORK, TRAINING)


def test_what_is_needed_is_said():
    plain = Network(2, (Layer(1, "sigmoid"),), "binary_cross_entropy")
    for kind in faults.FACTS:
        if not where(kind, plain, Training(10)):
            with pytest.raises(ValueError) as caught:
                faults.refuse(PlantedFault(kind), plain, Training(10))
            assert faults.need(kind)
            assert faults.need(kind) in str(caught.value)


def test_titles_say_the_layer():
    assert faults.title(PlantedFault("dw_doubled", 3)) == "dW doubled in layer 3"
    assert faults.title(PlantedFault("no_reshuffle")) == "No reshuffling"
    assert faults.sentence(PlantedFault("dw_doubled", 3)) == "Back-propagation returns 2 dW."


def test_data_that_are_normalised_have_a_place_for_one_more():
    from nnsim.training.faults import ground_of

    ground = ground_of(NETWORK, TRAINING, normalizes_dev=True)
    assert layers_for("dev_normalized_alone", ground) == (0,)
