"""Philox against its published vectors, its twin, and what its users rely on."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.kernels.codes import Stream
from nnsim.kernels.cpu.random import (
    normal_into,
    permutation_into,
    philox4x32,
    uniform_into,
    words_into,
)
from tests.reference import random as twins

# Random123 1.09, tests/kat_vectors, "philox4x32 10".
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000",
     "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff",
     "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0",
     "d16cfe09 94fdcceb 5001e420 24126ea1"),
]  # fmt: skip

seeds = st.integers(0, 2**63 - 1)
steps = st.integers(0, 2**40)
layers = st.integers(0, 2**24 - 1)
streams = st.sampled_from(Stream)
counts = st.integers(0, 70)


def numbers(text):
    return [int(word, 16) for word in text.split()]


def filled(fill, dtype, count, *arguments):
    array = np.zeros(count, dtype)
    fill(*arguments, array)
    return array


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN_ANSWERS)
def test_published_vectors(counter, key, expected):
    words = philox4x32(*(np.uint64(word) for word in numbers(counter) + numbers(key)))
    assert [int(word) for word in words] == numbers(expected)
    assert list(twins.philox4x32(numbers(counter), numbers(key))) == numbers(expected)


@given(seeds, streams, steps, layers, counts)
def test_words_agree_with_twin(seed, stream, step, layer, count):
    words = filled(words_into, np.int64, count, seed, int(stream), step, layer)
    np.testing.assert_array_equal(words, twins.words(seed, stream, step, layer, count))


@given(seeds, streams, steps, layers, counts)
def test_uniform_agrees_with_twin(seed, stream, step, layer, count):
    drawn = filled(uniform_into, float, count, seed, int(stream), step, layer)
    np.testing.assert_array_equal(drawn, twins.uniform(seed, stream, step, layer, count))


@given(seeds, streams, steps, layers, counts)
def test_normal_agrees_with_twin(seed, stream, step, layer, count):
    drawn = filled(normal_into, float, count, seed, int(stream), step, layer)
    expected = twins.normal(seed, stream, step, layer, count)
    np.testing.assert_allclose(drawn, expected, rtol=1e-12, atol=1e-15)


@given(seeds, streams, steps, st.integers(0, 40))
def test_permutation_agrees_with_twin(seed, stream, epoch, count):
    order = filled(permutation_into, np.int64, count, seed, int(stream), epoch)
    np.testing.assert_array_equal(order, twins.permutation(seed, stream, epoch, count))


@given(seeds, st.integers(0, 1000), st.integers(0, 3000))
def test_permutation_is_one(seed, epoch, count):
    order = filled(permutation_into, np.int64, count, seed, int(Stream.SHUFFLE), epoch)
    np.testing.assert_array_equal(np.sort(order), np.arange(count))


@pytest.mark.parametrize("fill", [words_into, uniform_into, normal_into])
def test_an_entry_depends_on_its_index_alone(fill):
    dtype = np.int64 if fill is words_into else float
    long = filled(fill, dtype, 1001, 7, 4, 12, 3)
    for count in (0, 1, 2, 3, 5, 8, 31, 1000):
        np.testing.assert_array_equal(filled(fill, dtype, count, 7, 4, 12, 3), long[:count])


def test_seed_stream_step_and_layer_all_matter():
    places = [(1, 0, 0, 0), (2, 0, 0, 0), (1 + 2**32, 0, 0, 0), (1, 1, 0, 0), (1, 0, 1, 0),
              (1, 0, 2**32, 0), (1, 0, 0, 1)]  # fmt: skip
    drawn = [filled(words_into, np.int64, 8, *place) for place in places]
    assert len(np.unique(np.concatenate(drawn))) == 8 * len(places)


def test_uniform_lies_in_the_unit_interval_evenly():
    drawn = filled(uniform_into, float, 100_000, 1, 0, 0, 0)
    assert drawn.min() >= 0 and drawn.max() < 1
    tenths = np.bincount((10 * drawn).astype(int), minlength=10)
    # Chi-square with 9 degrees of freedom: above 33.7 once in ten thousand seeds.
    assert np.sum((tenths - 10_000) ** 2 / 10_000) < 33.7


def test_normal_has_the_moments_of_one():
    drawn = filled(normal_into, float, 200_000, 1, 0, 0, 0)
    error = 1 / math.sqrt(drawn.size)
    assert abs(drawn.mean()) < 4 * error
    assert abs((drawn**2).mean() - 1) < 4 * math.sqrt(2) * error
    assert abs((drawn**4).mean() - 3) < 4 * math.sqrt(96) * error
    # The two numbers of a pair share a radius and must still be independent.
    assert abs((drawn[::2] * drawn[1::2]).mean()) < 4 * math.sqrt(2) * error


def test_all_orders_are_as_likely():
    seen = {}
    for epoch in range(4800):
        order = tuple(filled(permutation_into, np.int64, 4, 11, int(Stream.SHUFFLE), epoch))
        seen[order] = seen.get(order, 0) + 1
    assert len(seen) == 24
    # Chi-square with 23 degrees of freedom: above 56 once in ten thousand seeds.
    assert sum((times - 200) ** 2 / 200 for times in seen.values()) < 56


def test_words_that_would_favour_some_positions_are_drawn_again():
    count, seed, stream, epoch = 200_000, 5, int(Stream.SHUFFLE), 9
    words = filled(words_into, np.int64, count, seed, stream, epoch, 0)
    bounds = np.arange(1, count + 1)
    unfair = np.flatnonzero(words * bounds % 2**32 < 2**32 % bounds)
    assert unfair.size > 0
    for i in unfair:
        words[i] = twins.block_of(seed, stream, epoch, 1, int(i))[0]
    expected = []
    for i, j in enumerate((words * bounds // 2**32).tolist()):
        expected.append(i)
        expected[i], expected[j] = expected[j], expected[i]
    order = filled(permutation_into, np.int64, count, seed, stream, epoch)
    np.testing.assert_array_equal(order, expected)
