import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from dlnotes.maximization import (
    double_estimate,
    expected_estimates,
    expected_maximum,
    greedy_sampling,
    mean_with_interval,
    q_learning_limit,
    sample_estimates,
    single_estimate,
    stop_when_good,
)

UNEQUAL = [0.5, 0.0, 0.0, 0.0, 0.0]


def integral_of_the_maximum(means, std):
    """E[max] = ∫₀^∞ (1 − F) − ∫₋∞^0 F, where F is the distribution function of the maximum."""

    def distribution(x):
        return float(np.prod(stats.norm.cdf(x, means, std)))

    above = integrate.quad(lambda x: 1 - distribution(x), 0, 60, limit=400, epsabs=1e-12)[0]
    return above - integrate.quad(distribution, -60, 0, limit=400, epsabs=1e-12)[0]


@pytest.mark.parametrize(
    ("k", "expected"),
    [(2, 0.564190), (3, 0.846284), (5, 1.162964), (10, 1.538753), (18, 1.820032), (100, 2.507594)],
)
def test_the_expected_maximum_of_k_standard_normals_is_the_briefs(k, expected):
    assert round(expected_maximum(k), 6) == expected
    assert expected_maximum(k) == pytest.approx(integral_of_the_maximum(np.zeros(k), 1.0), rel=1e-9)


def test_the_expected_maximum_has_its_closed_forms_up_to_three_variables():
    assert expected_maximum(1) == 0.0
    assert expected_maximum(2) == pytest.approx(1 / math.sqrt(math.pi), rel=1e-14)
    assert expected_maximum(3) == pytest.approx(1.5 / math.sqrt(math.pi), rel=1e-14)


def test_the_expected_maximum_of_a_million_variables_lies_in_the_extreme_value_limit():
    k = 10**6
    assert expected_maximum(k) == pytest.approx(integral_of_the_maximum_of_equals(k), rel=1e-8)


def integral_of_the_maximum_of_equals(k):
    def density(x):
        return x * k * stats.norm.pdf(x) * math.exp((k - 1) * stats.norm.logcdf(x))

    return integrate.quad(density, -2, 12, limit=400, points=[3, 5, 7])[0]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=1, max_size=6), st.floats(0.05, 3))
def test_the_expected_single_estimate_is_the_expected_maximum(means, std):
    single, double = expected_estimates(means, std)
    assert single == pytest.approx(integral_of_the_maximum(np.array(means), std), abs=1e-7)
    assert double <= max(means) + 1e-9 <= single + 2e-9


def test_the_expected_double_estimate_weighs_the_means_with_the_chance_of_being_chosen():
    first, _ = sample_estimates(UNEQUAL, 5, 400_000, np.random.default_rng(1))
    shares = np.bincount(first.argmax(axis=1), minlength=5) / len(first)
    assert expected_estimates(UNEQUAL, 1 / math.sqrt(5))[1] == pytest.approx(shares @ UNEQUAL, abs=2e-3)


def test_ten_samples_an_action_overestimate_by_0_4866_and_halving_them_removes_it():
    first, second = sample_estimates(np.zeros(10), 5, 100_000, np.random.default_rng(0))
    assert single_estimate((first + second) / 2).mean() == pytest.approx(0.48660, abs=4e-3)
    assert expected_maximum(10) / math.sqrt(10) == pytest.approx(0.48660, abs=5e-6)
    assert double_estimate(first, second).mean() == pytest.approx(0.0, abs=5e-3)


def test_the_double_estimate_can_underestimate_unequal_means():
    first, second = sample_estimates(UNEQUAL, 5, 100_000, np.random.default_rng(0))
    single, _ = expected_estimates(UNEQUAL, 1 / math.sqrt(10))
    _, double = expected_estimates(UNEQUAL, 1 / math.sqrt(5))
    assert (round(single, 4), round(double, 4)) == (0.5828, 0.2661)
    assert single_estimate((first + second) / 2).mean() == pytest.approx(single, abs=4e-3)
    assert double_estimate(first, second).mean() == pytest.approx(double, abs=5e-3)


def test_the_double_estimate_reads_the_second_table_where_the_first_is_largest():
    select, evaluate = np.random.default_rng(0).normal(size=(2, 4, 3, 5))
    expected = [[evaluate[i, j][select[i, j].argmax()] for j in range(3)] for i in range(4)]
    np.testing.assert_array_equal(double_estimate(select, evaluate), expected)
    np.testing.assert_array_equal(double_estimate(select, select), single_estimate(select))
    assert double_estimate([1.0, 1.0], [5.0, 6.0]) == 5.0


def test_the_estimates_keep_the_floating_dtype():
    q = np.ones((2, 3), np.float32)
    assert single_estimate(q).dtype == double_estimate(q, q).dtype == np.float32
    assert single_estimate([1, 2]).dtype == np.float64


def test_sample_means_have_the_means_and_the_spread_of_averages():
    first, second = sample_estimates([1.0, -2.0], 16, 50_000, np.random.default_rng(0), std=2.0)
    for estimates in (first, second):
        np.testing.assert_allclose(estimates.mean(axis=0), [1.0, -2.0], atol=0.01)
        np.testing.assert_allclose(estimates.std(axis=0), [0.5, 0.5], rtol=0.02)
    together = np.corrcoef(np.hstack([first, second]).T)
    np.testing.assert_allclose(together, np.eye(4), atol=0.02)


def test_the_limit_of_q_learning_is_the_mean_plus_the_maximum_of_its_noise():
    assert round(q_learning_limit(10, -0.1, 1.0, 0.1), 6) == 0.253014
    assert q_learning_limit(10, -0.1, 1.0, 0.1) == pytest.approx(-0.1 + 1.538753 * math.sqrt(0.1 / 1.9))
    assert q_learning_limit(1, -0.1, 1.0, 0.1) == -0.1
    assert q_learning_limit(10, 0.7, 0.0, 0.1) == 0.7
    assert q_learning_limit(3, 2.0, 3.0, 1.0) == pytest.approx(2 + 3 * expected_maximum(3))


def test_the_stationary_noise_of_the_limit_is_that_of_the_recursion():
    rng, q = np.random.default_rng(0), np.zeros((20_000, 4))
    for _ in range(60):
        q += 0.2 * (1 + 2 * rng.standard_normal(q.shape) - q)
    assert q.max(axis=1).mean() == pytest.approx(q_learning_limit(4, 1.0, 2.0, 0.2), abs=0.02)


def test_greedy_sampling_underestimates_by_a_quarter_of_one_over_root_pi():
    estimates = greedy_sampling(400_000, np.random.default_rng(0))
    assert estimates.shape == (400_000, 2)
    np.testing.assert_allclose(estimates.mean(axis=0), -1 / (4 * math.sqrt(math.pi)), atol=4e-3)


def test_greedy_sampling_pulls_the_better_arm_again_and_leaves_the_other():
    pulls = np.random.default_rng(5).standard_normal((50, 3))
    for (a, b, third), (x, y) in zip(pulls, greedy_sampling(50, np.random.default_rng(5)), strict=True):
        assert (x, y) == (((a + third) / 2, b) if a > b else (a, (b + third) / 2))


def test_stopping_after_a_good_draw_overestimates_by_half_the_density_at_zero():
    estimates = stop_when_good(400_000, np.random.default_rng(0))
    assert estimates.shape == (400_000,)
    assert estimates.mean() == pytest.approx(1 / (2 * math.sqrt(2 * math.pi)), abs=4e-3)


def test_stopping_keeps_a_good_draw_and_averages_a_bad_one_with_a_second():
    draws = np.random.default_rng(5).standard_normal((2, 50)).T
    for (a, b), x in zip(draws, stop_when_good(50, np.random.default_rng(5)), strict=True):
        assert x == (a if a > 0 else (a + b) / 2)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: stop_when_good(0, np.random.default_rng()), ValueError, "trials must be a positive"),
        (lambda: stop_when_good(1, 0), TypeError, "rng must be a numpy.random.Generator, got 0"),
        (lambda: expected_maximum(0), ValueError, "k must be a positive integer, got 0"),
        (lambda: expected_maximum(2.5), TypeError, "k must be a positive integer, got 2.5"),
        (lambda: single_estimate([]), ValueError, "means must have at least one action on its last axis"),
        (lambda: single_estimate(1.0), ValueError, "means must have at least one action"),
        (lambda: single_estimate(["a"]), TypeError, "means must be an array of real numbers"),
        (lambda: double_estimate([1.0], [1.0, 2.0]), ValueError, "evaluate must have shape (1,) as select"),
        (lambda: expected_estimates([[0.0]], 1.0), ValueError, "means must have 1 dimensions, got 2"),
        (lambda: expected_estimates([0.0], 0.0), ValueError, "std must be positive, got 0.0"),
        (lambda: q_learning_limit(10, 0.0, -1.0, 0.1), ValueError, "std must be non-negative, got -1.0"),
        (lambda: q_learning_limit(10, 0.0, 1.0, 0.0), ValueError, "alpha must be positive, got 0.0"),
        (lambda: q_learning_limit(10, 0.0, 1.0, 1.5), ValueError, "alpha must be between 0 and 1, got 1.5"),
        (lambda: q_learning_limit(0, 0.0, 1.0, 0.5), ValueError, "actions must be a positive integer, got 0"),
        (lambda: greedy_sampling(0, np.random.default_rng()), ValueError, "trials must be a positive"),
        (lambda: greedy_sampling(1, 0), TypeError, "rng must be a numpy.random.Generator, got 0"),
        (lambda: sample_estimates([0.0], 0, 1, np.random.default_rng()), ValueError, "samples must be"),
        (lambda: sample_estimates([0.0], 1, 0, np.random.default_rng()), ValueError, "trials must be"),
        (lambda: sample_estimates([0.0], 1, 1, 3), TypeError, "rng must be a numpy.random.Generator, got 3"),
        (
            lambda: sample_estimates([0.0], 1, 1, np.random.default_rng(), std=-1),
            ValueError,
            "std must be positive, got -1.0",
        ),
    ],
)
def test_bad_arguments_are_named_with_their_value(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_the_interval_is_the_normal_one_of_the_mean(axis):
    x = np.random.default_rng(0).normal(size=(40, 30))
    mean, half = mean_with_interval(x, axis=axis)
    low, high = stats.norm.interval(0.95, x.mean(axis), stats.sem(x, axis))
    np.testing.assert_allclose(mean, x.mean(axis))
    np.testing.assert_allclose([mean - half, mean + half], [low, high], atol=1e-4)


@pytest.mark.parametrize(("values", "axis"), [([1.0], 0), (1.0, -1), ([[1.0, 2.0]], 0)])
def test_an_interval_needs_two_values(values, axis):
    with pytest.raises(ValueError, match=f"values must have at least two along axis {axis}"):
        mean_with_interval(values, axis=axis)
