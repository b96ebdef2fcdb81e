"""Update rules against their twins over several steps, and the course's figures (C4-C6)."""

import math

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.kernels.codes import BiasCorrection, Optimizer, names_of
from nnsim.kernels.cpu import optimizers
from nnsim.kernels.cpu.optimizers import slots_of, update_into
from tests.reference import optimizers as twins

NAMES = names_of(Optimizer)
DTYPES = (np.float64, np.float32)
TOLERANCE = {np.float64: 1e-12, np.float32: 3e-5}
SETTINGS = {
    "alpha": 0.05,
    "beta1": 0.9,
    "beta2": 0.95,
    "epsilon": 1e-3,
    "weight_decay": 0.3,
    "t": 1,
}
TAKES = {
    "sgd": ("alpha",),
    "momentum": ("alpha", "beta1"),
    "momentum_sum": ("alpha", "beta1"),
    "nesterov": ("alpha", "beta1"),
    "adagrad": ("alpha", "epsilon"),
    "rmsprop": ("alpha", "beta2", "epsilon"),
    "adam": ("t", "alpha", "beta1", "beta2", "epsilon"),
    "adamw": ("t", "alpha", "beta1", "beta2", "epsilon", "weight_decay"),
    "amsgrad": ("t", "alpha", "beta1", "beta2", "epsilon"),
    "nadam": ("t", "alpha", "beta1", "beta2", "epsilon"),
    "lion": ("alpha", "beta1", "beta2", "weight_decay"),
}
WITH_EPSILON = [name for name in NAMES if "epsilon" in TAKES[name]]

each_name = pytest.mark.parametrize("name", NAMES)
each_dtype = pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)


def scalars(name, t, **changes):
    settings = SETTINGS | {"t": t} | changes
    return [settings[key] for key in TAKES[name]]


def slots(name, theta):
    return [np.zeros_like(theta) for _ in slots_of(Optimizer[name.upper()])]


def gradients(size, steps, seed=0):
    generator = np.random.default_rng(seed)
    scales = 10.0 ** generator.uniform(-3, 2, size)
    return [scales * generator.normal(size=size) for _ in range(steps)]


def walked(name, theta, grads, *extra, **changes):
    """Return theta and its slots after public steps t = 1, 2, ..."""
    update = getattr(optimizers, f"update_{name}")
    theta, state = theta.copy(), slots(name, theta)
    for t, grad in enumerate(grads, start=1):
        update(theta, grad, *state, *scalars(name, t, **changes), *extra)
    return [theta, *state]


def walked_by_twin(name, theta, grads, *extra, twin=None, **changes):
    state = slots(name, theta)
    for t, grad in enumerate(grads, start=1):
        arguments = (theta, grad, *state, *scalars(name, t, **changes), *extra)
        result = (twin or getattr(twins, name))(*arguments)
        theta, *state = result if isinstance(result, tuple) else (result,)
    return [theta, *state]


def walked_by_program(name, theta, grads, correction=BiasCorrection.DIVIDED, inside=False):
    """Return the same by way of the rule's number; unused slots are empty. Check the sums."""
    names = slots_of(Optimizer[name.upper()])
    theta, empty = theta.copy(), np.empty(0, theta.dtype)
    state = dict(zip(names, slots(name, theta), strict=True))
    for t, grad in enumerate(grads, start=1):
        total = update_into(
            int(Optimizer[name.upper()]), theta, grad,
            *(state.get(slot, empty) for slot in ("v", "s", "s_max")),
            t, *(SETTINGS[key] for key in ("alpha", "beta1", "beta2", "epsilon")),
            inside, SETTINGS["weight_decay"], int(correction),
        )  # fmt: skip
        size = math.fsum(abs(theta.astype(float)))
        assert abs(total - math.fsum(theta)) <= 8 * np.finfo(theta.dtype).eps * size
    return [theta, *state.values()]


@each_dtype
@each_name
@given(size=st.integers(0, 40), steps=st.integers(1, 12), seed=st.integers(0, 1000))
def test_paths_agree_with_twin(name, dtype, size, steps, seed):
    theta = np.random.default_rng(seed).normal(size=size).astype(dtype)
    grads = [grad.astype(dtype) for grad in gradients(size, steps, seed)]
    result = walked(name, theta, grads)
    expected = walked_by_twin(name, theta.astype(float), [grad.astype(float) for grad in grads])
    for array, twin in zip(result, expected, strict=True):
        assert array.dtype == dtype
        np.testing.assert_allclose(array, twin, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


@pytest.mark.parametrize("name", WITH_EPSILON)
def test_epsilon_inside_the_root_agrees_with_twin(name):
    theta, grads = np.linspace(-1, 1, 17), gradients(17, 6)
    result = walked(name, theta, grads, True)
    expected = walked_by_twin(name, theta, grads, True)
    np.testing.assert_allclose(result[0], expected[0], rtol=1e-12)
    assert np.abs(result[0] - walked(name, theta, grads)[0]).max() > 1e-4


@each_dtype
@each_name
def test_the_program_takes_the_same_steps_to_the_bit(name, dtype):
    theta = np.linspace(-1, 1, 37).astype(dtype)
    grads = [grad.astype(dtype) for grad in gradients(37, 5)]
    for inside in (False, True):
        extra = (inside,) if name in WITH_EPSILON else ()
        expected = walked(name, theta, grads, *extra)
        for array, same in zip(
            walked_by_program(name, theta, grads, inside=inside), expected, strict=True
        ):
            np.testing.assert_array_equal(array, same)


@pytest.mark.parametrize(
    ("correction", "twin"),
    [
        (BiasCorrection.NONE, twins.adam_uncorrected),
        (BiasCorrection.MULTIPLIED, twins.adam_multiplied),
        (BiasCorrection.STORED, twins.adam_stored),
    ],
)
def test_faulty_corrections_are_the_faults_they_are_named_after(correction, twin):
    theta, grads = np.linspace(-1, 1, 17), gradients(17, 6)
    result = walked_by_program("adam", theta, grads, correction)
    for array, expected in zip(
        result, walked_by_twin("adam", theta, grads, twin=twin), strict=True
    ):
        np.testing.assert_allclose(array, expected, rtol=1e-12, atol=1e-12)
    assert np.abs(result[0] - walked("adam", theta, grads)[0]).max() > 1e-3


@given(
    grad=st.floats(1e-3, 1e3) | st.floats(-1e3, -1e-3),
    alpha=st.floats(1e-4, 10),
    beta1=st.floats(0, 0.99),
    beta2=st.floats(0, 0.9999),
)
def test_adam_s_first_step_has_size_alpha(grad, alpha, beta1, beta2):
    theta = np.zeros(1)
    optimizers.update_adam(
        theta, np.array([grad]), np.zeros(1), np.zeros(1), 1, alpha, beta1, beta2, 1e-12
    )
    np.testing.assert_allclose(theta[0], -alpha * np.sign(grad), rtol=1e-8)


def test_multiplied_correction_makes_the_first_step_ten_times_too_large():
    theta, empty = np.zeros(1), np.empty(0)
    update_into(
        int(Optimizer.ADAM), theta, np.ones(1), np.zeros(1), np.zeros(1), empty,
        1, 0.01, 0.9, 0.999, 1e-12, False, 0.0, int(BiasCorrection.MULTIPLIED),
    )  # fmt: skip
    assert theta[0] == pytest.approx(-0.1)


@given(beta1=st.floats(0, 0.99), seed=st.integers(0, 100))
def test_momentum_s_two_forms_walk_one_path(beta1, seed):
    theta, grads = np.linspace(-1, 1, 9), gradients(9, 20, seed)
    average = walked("momentum", theta, grads, beta1=beta1)
    total = walked("momentum_sum", theta, grads, beta1=beta1, alpha=0.05 * (1 - beta1))
    np.testing.assert_allclose(average[0], total[0], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(average[1], (1 - beta1) * total[1], rtol=1e-10, atol=1e-12)


def test_momentum_without_a_past_is_gradient_descent():
    theta, grads = np.linspace(-1, 1, 9), gradients(9, 5)
    for name in ("momentum", "momentum_sum", "nesterov"):
        np.testing.assert_allclose(
            walked(name, theta, grads, beta1=0.0)[0], walked("sgd", theta, grads)[0], rtol=1e-14
        )


def test_momentum_damps_the_swing_across_a_long_bowl():
    """Course topic C4: across J = x^2/2 + 25 y^2 plain descent swings, momentum less so."""

    def crossings(name):
        update, theta = getattr(optimizers, f"update_{name}"), np.array([10.0, 1.0])
        state = slots(name, theta)
        heights = []
        for t in range(1, 61):
            update(theta, theta * [1.0, 50.0], *state, *scalars(name, t, alpha=0.038))
            heights.append(theta[1])
        return np.abs(np.diff(heights)).sum()

    assert crossings("momentum") < 0.5 * crossings("sgd")


def test_gradient_descent_of_the_course_reaches_5():
    """Course topic A3: J(w) = w^2 - 10 w + 25, alpha 0.01, a thousand steps from 0."""
    w = np.zeros(1)
    for _ in range(1000):
        optimizers.update_sgd(w, 2 * w - 10, 0.01)
    assert w[0] == pytest.approx(5 * (1 - 0.98**1000), rel=1e-12)


def test_adamw_without_decay_is_adam():
    theta, grads = np.linspace(-1, 1, 9), gradients(9, 5)
    np.testing.assert_array_equal(
        walked("adamw", theta, grads, weight_decay=0.0)[0], walked("adam", theta, grads)[0]
    )


def test_adamw_decays_what_has_no_gradient_by_alpha_times_the_decay():
    theta = np.ones(1)
    walked_to = walked("adamw", theta, [np.zeros(1)] * 3)[0]
    assert walked_to[0] == pytest.approx((1 - 0.05 * 0.3) ** 3)


def test_lion_s_steps_have_size_alpha_or_0():
    theta = np.zeros(3)
    result = walked("lion", theta, [np.array([1e-9, -1e9, 0.0])], weight_decay=0.0)
    np.testing.assert_array_equal(result[0], [-0.05, 0.05, 0.0])


@each_name
def test_nan_in_the_gradient_reaches_theta_and_nothing_else(name):
    grads = [np.ones(33), np.ones(33)]
    grads[0][20] = np.nan
    theta, *_ = walked(name, np.zeros(33), grads)
    assert np.isnan(theta[20])
    assert np.all(np.isfinite(np.delete(theta, 20)))


@each_dtype
@each_name
@pytest.mark.parametrize("size", [1, 33, 64])
def test_the_sum_is_finite_if_theta_is(name, size, dtype):
    """With epsilon 0 and no gradient 0 / 0 stands beyond the end of theta, which must not count."""
    for place, bad in ((None, 1.0), (0, np.nan), (size - 1, np.inf)):
        theta, grad, empty = np.ones(size, dtype), np.ones(size, dtype), np.zeros(size, dtype)
        if place is not None:
            theta[place] = bad
        total = update_into(
            int(Optimizer[name.upper()]), theta, grad, empty, empty.copy(), empty.copy(),
            1, 0.05, 0.9, 0.95, 0.0, False, 0.3, int(BiasCorrection.DIVIDED),
        )  # fmt: skip
        assert np.isfinite(total) == np.isfinite(theta).all() == (place is None)


@each_dtype
@each_name
def test_averages_of_no_gradient_end_at_zero_and_are_never_subnormal(name, dtype):
    code, tiny = int(Optimizer[name.upper()]), np.finfo(dtype).tiny
    theta, grad = np.ones(3, dtype), np.zeros(3, dtype)
    slots = [np.full(3, 1.5 * tiny, dtype) for _ in range(3)]
    for t in range(1, 60):
        update_into(code, theta, grad, *slots, t, 0.1, 0.9, 0.5, 1e-8, False, 0.0, 0)
        for kept, slot in zip(("v", "s", "s_max"), slots, strict=True):
            if kept in slots_of(code) and kept != "s_max" and name != "adagrad":
                assert not ((slot != 0) & (abs(slot) < tiny)).any()
    for kept, slot in zip(("v", "s"), slots, strict=False):
        # AdaGrad's is a sum and stays.
        if kept in slots_of(code) and name != "adagrad":
            assert (slot == 0).all()


def test_slots_of_names_what_each_rule_keeps():
    kept = {name: slots_of(Optimizer[name.upper()]) for name in NAMES}
    assert kept["sgd"] == () and kept["adam"] == ("v", "s")
    assert kept["amsgrad"] == ("v", "s", "s_max") and kept["rmsprop"] == ("s",)


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")
def test_one_compilation_serves_all_rules():
    theta = np.zeros(5)
    for name in NAMES:
        walked_by_program(name, theta, [np.ones(5)])
    before = len(update_into.signatures)
    for name in NAMES:
        walked_by_program(name, np.zeros(50), [np.ones(50)])
    assert len(update_into.signatures) == before


def test_from_jitted_code():
    @numba.njit
    def train(theta, v, s, steps):
        for t in range(1, steps + 1):
            optimizers_update(theta, 2.0 * theta, v, s, t, 0.1, 0.9, 0.999, 1e-8)

    optimizers_update = optimizers.update_adam
    theta = np.array([1.0, -2.0])
    train(theta, np.zeros(2), np.zeros(2), 3)
    expected, state = np.array([1.0, -2.0]), (np.zeros(2), np.zeros(2))
    for t in (1, 2, 3):
        expected, *state = twins.adam(expected, 2 * expected, *state, t, 0.1, 0.9, 0.999, 1e-8)
    np.testing.assert_allclose(theta, expected, rtol=1e-12)


@each_name
def test_wrong_arrays(name):
    update, theta = getattr(optimizers, f"update_{name}"), np.zeros(4)
    with pytest.raises(ValueError, match=rf"update_{name}: grad has \(3,\) but theta has \(4,\)"):
        update(theta, np.ones(3), *slots(name, theta), *scalars(name, 1))
    with pytest.raises(TypeError, match="holds float64 but grad holds float32"):
        update(theta, np.ones(4, np.float32), *slots(name, theta), *scalars(name, 1))
    for place in range(len(slots(name, theta))):
        state = slots(name, theta)
        state[place] = np.zeros(5)
        with pytest.raises(ValueError, match=r"has \(5,\) but theta has \(4,\)"):
            update(theta, np.ones(4), *state, *scalars(name, 1))
