import re
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from dlnotes.moving_averages import (
    CHUNK,
    correction,
    exponential_average,
    half_life,
    recent_weight,
    spike_response,
    step_bound,
    uncorrected_step,
    window,
    worst_gradients,
)
from dlnotes.optimizers import adam

quick = settings(max_examples=60, deadline=None)
seeds = st.integers(0, 2**32 - 1)
betas = st.floats(0, 0.9995)
positive_betas = st.floats(0.05, 0.9995)


def scipy_average(g, beta, initial):
    """The same recursion as a linear filter."""
    start = beta * np.broadcast_to(initial, (1, *g.shape[1:]))
    return signal.lfilter([1 - beta], [1, -beta], g, axis=0, zi=start)[0]


def adam_steps(gradients, beta1, beta2, eps=0.0):
    """What Adam subtracts, in units of the learning rate."""
    state, steps = None, []
    for g in gradients:
        x, state = adam(np.zeros(1), np.array([g]), state, lr=1.0, betas=(beta1, beta2), eps=eps)
        steps.append(-x[0])
    return np.array(steps)


@quick
@given(
    seeds,
    betas,
    st.sampled_from([1, 2, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK + 3]),
    st.sampled_from([(), (3,), (2, 2), (0,)]),
)
def test_the_exponential_average_is_the_linear_filter_of_scipy(seed, beta, steps, shape):
    rng = np.random.default_rng(seed)
    g, initial = rng.normal(size=(steps, *shape)), rng.normal(size=shape)
    m = exponential_average(g, beta, initial=initial)
    np.testing.assert_allclose(m, scipy_average(g, beta, initial), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(
        exponential_average(g, beta), scipy_average(g, beta, np.zeros(shape)), rtol=1e-9, atol=1e-12
    )


def test_the_exponential_average_keeps_the_dtype_and_accepts_nothing_at_all():
    assert exponential_average(np.ones(3, np.float32), 0.9).dtype == np.float32
    assert exponential_average([1, 1], 0.5).tolist() == [0.5, 0.75]
    assert exponential_average(np.ones((0, 2)), 0.9).shape == (0, 2)


@pytest.mark.parametrize(
    ("beta", "size", "life", "share"),
    [(0.9, 10, 6.58, 0.6513), (0.99, 100, 68.97, 0.6340), (0.999, 1000, 692.8, 0.6323)],
)
def test_windows_half_lives_and_recent_weights_are_those_of_the_table(beta, size, life, share):
    assert window(beta) == pytest.approx(size)
    assert half_life(beta) == pytest.approx(life, rel=1e-3)
    assert beta ** half_life(beta) == pytest.approx(0.5)
    assert recent_weight(beta, size) == pytest.approx(share, abs=5e-5)


@quick
@given(betas, st.integers(0, 300))
def test_the_recent_weight_is_what_the_average_of_recent_ones_becomes(beta, n):
    g = np.concatenate([np.zeros(50), np.ones(n)])
    assert float(recent_weight(beta, n)) == pytest.approx(exponential_average(g, beta)[-1], abs=1e-12)


def test_an_average_that_forgets_at_once_has_a_window_of_one_and_no_half_life():
    assert window(0) == 1
    assert half_life(0) == 0
    assert recent_weight(0, [0, 1, 2]).tolist() == [0, 1, 1]


@quick
@given(betas, st.integers(1, 300))
def test_the_correction_restores_an_average_of_ones_to_one(beta, t):
    assert exponential_average(np.ones(t), beta)[-1] * correction(beta, t) == pytest.approx(1)


def test_corrections_are_those_of_the_table():
    np.testing.assert_allclose(correction(0.9, [1, 10, 100]), [10, 1.535, 1.00003], rtol=1e-3)
    np.testing.assert_allclose(correction(0.999, [1, 10, 100, 1000]), [1000, 100.5, 10.50, 1.582], rtol=1e-3)


def test_without_correction_the_step_starts_at_3_162_peaks_at_6_569_and_needs_3925_steps():
    t = np.arange(1, 10_001)
    step = uncorrected_step(0.9, 0.999, t)
    assert step[0] == pytest.approx(3.162, abs=5e-4)
    assert step.max() == pytest.approx(6.569, abs=5e-4)
    assert t[step.argmax()] == 12
    assert t[np.abs(step - 1) > 0.01].max() + 1 == 3925


@quick
@given(betas, betas, st.integers(1, 60))
def test_the_uncorrected_step_is_that_of_adam_on_a_constant_gradient(beta1, beta2, steps):
    state, found = None, []
    for _ in range(steps):
        x, state = adam(
            np.zeros(1), np.full(1, 5.0), state, lr=1.0, betas=(beta1, beta2), eps=0, bias_correction=False
        )
        found.append(-x[0])
    np.testing.assert_allclose(uncorrected_step(beta1, beta2, np.arange(1, steps + 1)), found, rtol=1e-9)


@quick
@given(betas, positive_betas, st.integers(1, 60), st.sampled_from([0.0, 1e-8, 0.1]))
def test_the_spike_response_is_what_adam_does_after_one_gradient(beta1, beta2, steps, eps):
    gradients = np.zeros(steps)
    gradients[0] = 1
    found = adam_steps(gradients, beta1, beta2, eps)
    np.testing.assert_allclose(
        spike_response(beta1, beta2, np.arange(1, steps + 1), eps=eps), found, rtol=1e-9, atol=1e-300
    )


@pytest.mark.parametrize(
    ("pair", "peak", "at"),
    [
        ((0.9, 0.7), 136, 99),
        ((0.9, 0.5), 22_230, 56),
        ((0.99, 0.9), 23_430, 356),
        ((0.999, 0.9), 202_700, 381),
    ],
)
def test_beyond_the_boundary_the_spike_response_grows_until_eps_stops_it(pair, peak, at):
    t = np.arange(1, 2001)
    response = spike_response(*pair, t, eps=1e-8)
    assert response.max() == pytest.approx(peak, rel=5e-3)
    assert t[response.argmax()] == at
    assert np.all(np.diff(spike_response(*pair, t[50:300])) > 0)


def test_within_the_boundary_the_spike_response_fades_and_on_it_stays_flat():
    t = np.array([10, 50, 100])
    np.testing.assert_allclose(spike_response(0.9, 0.999, t)[:2], [0.1885, 0.0041], atol=5e-5)
    assert np.all(np.diff(spike_response(0.9, 0.9, t)) < 0)
    assert spike_response(0.9, 0.81, 100, eps=1e-8) == pytest.approx(0.2292, abs=5e-5)
    assert spike_response(0.9, 0.81, 100) == pytest.approx(spike_response(0.9, 0.81, 300), rel=1e-4)


@quick
@given(betas, positive_betas, st.integers(1, 40), seeds)
def test_no_gradients_make_a_longer_step_than_the_bound(beta1, beta2, steps, seed):
    rng = np.random.default_rng(seed)
    gradients = rng.normal(size=steps) * 10 ** rng.uniform(-3, 3, size=steps)
    bound = step_bound(beta1, beta2, np.arange(1, steps + 1))
    assert np.all(np.abs(adam_steps(gradients, beta1, beta2)) <= bound * (1 + 1e-9))


@quick
@given(betas, positive_betas, st.integers(1, 40))
def test_the_worst_gradients_make_a_step_as_long_as_the_bound(beta1, beta2, steps):
    gradients = worst_gradients(beta1, beta2, steps)
    if gradients.min() < 1e-150:  # zero over zero, or squares that underflow
        return
    assert gradients.shape == (steps,)
    assert gradients.max() == 1
    last = adam_steps(gradients, beta1, beta2)[-1]
    assert last == pytest.approx(float(step_bound(beta1, beta2, steps)), rel=1e-8)


def test_the_bound_is_7_27_for_the_defaults_one_for_equal_betas_and_infinite_beyond():
    assert float(step_bound(0.9, 0.999)) == pytest.approx(7.27, abs=5e-3)
    assert float(step_bound(0.9, 0.9)) == pytest.approx(1)
    assert float(step_bound(0.9, 0.811)) < np.inf
    assert float(step_bound(0.9, 0.7)) == float(step_bound(0.9, 0.81)) == np.inf
    assert float(step_bound(0.9, 0.999, 10**6)) == pytest.approx(float(step_bound(0.9, 0.999)))
    assert step_bound(0.5, 0.25, [1, 2]).tolist() == pytest.approx([1, 1 / np.sqrt(3) * np.sqrt(2 * 15) / 3])


@pytest.mark.parametrize("beta", [-0.1, 1.0, 1.5, np.nan, np.inf])
@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("beta", window),
        ("beta", half_life),
        ("beta", lambda beta: recent_weight(beta, 1)),
        ("beta", lambda beta: correction(beta, 1)),
        ("beta", lambda beta: exponential_average([1.0], beta)),
        ("beta1", lambda beta: uncorrected_step(beta, 0.5, 1)),
        ("beta2", lambda beta: uncorrected_step(0.5, beta, 1)),
        ("beta1", lambda beta: spike_response(beta, 0.5, 1)),
        ("beta2", lambda beta: spike_response(0.5, beta, 1)),
        ("beta1", lambda beta: step_bound(beta, 0.5)),
        ("beta2", lambda beta: step_bound(0.5, beta)),
        ("beta1", lambda beta: worst_gradients(beta, 0.5, 1)),
        ("beta2", lambda beta: worst_gradients(0.5, beta, 1)),
    ],
)
def test_a_beta_outside_zero_to_one_is_refused(name, call, beta):
    with pytest.raises(ValueError, match=rf"{name} must be .*, got {beta}"):
        call(beta)


def test_a_beta_that_is_not_a_number_is_refused():
    with pytest.raises(TypeError, match=r"beta must be a real number, got '0\.9'"):
        window("0.9")
    with pytest.raises(TypeError, match="beta must be a real number, got True"):
        half_life(True)


def test_a_second_beta_of_zero_is_refused_where_it_would_divide():
    for call in (step_bound, lambda a, b: worst_gradients(a, b, 3)):
        with pytest.raises(ValueError, match=r"beta2 must be between 0 and 1 \(both excluded\), got 0\.0"):
            call(0.9, 0)
    with pytest.raises(ValueError, match=r"eps must be .* positive if beta2 is 0, got 0\.0"):
        spike_response(0.9, 0, 1)
    assert spike_response(0.5, 0, [1, 2], eps=0.1).tolist() == pytest.approx([1 / 1.1, 1 / 3 / 0.1])


@pytest.mark.parametrize(
    ("name", "least", "call"),
    [
        ("n", 0, lambda t: recent_weight(0.9, t)),
        ("t", 1, lambda t: correction(0.9, t)),
        ("t", 1, lambda t: uncorrected_step(0.9, 0.999, t)),
        ("t", 1, lambda t: spike_response(0.9, 0.999, t)),
        ("t", 1, lambda t: step_bound(0.9, 0.999, t)),
    ],
)
def test_a_step_that_is_too_early_is_refused(name, least, call):
    call(least)
    for bad in (least - 1, [least, least - 1], np.nan):
        with pytest.raises(
            ValueError, match=rf"{name} must be at least {least}.*, got {re.escape(repr(bad))}"
        ):
            call(bad)


def test_an_endless_step_is_refused_where_there_is_no_limit():
    with pytest.raises(ValueError, match="t must be at least 1 and finite, got inf"):
        correction(0.9, np.inf)


def test_the_other_arguments_are_refused_by_name():
    with pytest.raises(ValueError, match="values must have at least one axis"):
        exponential_average(1.0, 0.9)
    with pytest.raises(TypeError, match="values must be an array of real numbers"):
        exponential_average(["a"], 0.9)
    with pytest.raises(ValueError, match=r"initial must broadcast to shape \(2,\), got shape \(3,\)"):
        exponential_average(np.ones((4, 2)), 0.9, initial=np.ones(3))
    with pytest.raises(ValueError, match=r"eps must be non-negative.*got -1\.0"):
        spike_response(0.9, 0.999, 1, eps=-1.0)
    with pytest.raises(ValueError, match="steps must be a positive integer, got 0"):
        worst_gradients(0.9, 0.999, 0)
    with pytest.raises(TypeError, match=r"steps must be a positive integer, got 2\.5"):
        worst_gradients(0.9, 0.999, 2.5)


@pytest.mark.parametrize(("beta1", "beta2", "t"), [(0.03, 0.001, 300), (0.5, 0.25, 1300), (0.9, 0.81, 8000)])
def test_where_both_averages_have_vanished_the_response_is_that_of_exact_numbers(beta1, beta2, t):
    with localcontext() as context:
        context.prec = 60
        b1, b2 = Decimal(beta1), Decimal(beta2)
        m_hat = (1 - b1) * b1 ** (t - 1) / (1 - b1**t)
        v_hat = (1 - b2) * b2 ** (t - 1) / (1 - b2**t)
        exact = float(m_hat / v_hat.sqrt())
    np.testing.assert_allclose(spike_response(beta1, beta2, t), exact, rtol=1e-11)
