"""The two ways of numbering a reward, the values read from them, and a reward as a sample."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from dlnotes.environments import chain
from dlnotes.rewards import (
    DQN,
    SUTTON_BARTO,
    action_values,
    discounted_return,
    draw_rewards,
    expected_reward,
    number_rewards,
    running_means,
)

RECEIVED = chain(5).reward_mean[:5, 0]
rewards = st.lists(st.floats(-10, 10), min_size=1, max_size=8)
gammas = st.floats(0, 1)


@given(rewards, gammas)
@settings(max_examples=50, deadline=None)
def test_both_conventions_give_the_same_bits_and_they_are_the_discounted_sums(received, gamma):
    both = [
        action_values(number_rewards(received, offset), len(received), gamma=gamma, offset=offset)
        for offset in (DQN, SUTTON_BARTO)
    ]
    np.testing.assert_array_equal(*both)
    filtered = lfilter([1], [1, -gamma], received[::-1])[::-1]  # q_t = r_t + γ q_{t+1}, read backwards
    np.testing.assert_allclose(both[0], filtered, atol=1e-9)
    tails = [discounted_return(received[t:], gamma) for t in range(len(received))]
    np.testing.assert_allclose(both[0], tails, atol=1e-9)


@given(rewards)
@settings(max_examples=30, deadline=None)
def test_the_dictionary_between_the_conventions_is_one_step(received):
    r, big_r = number_rewards(received, DQN), number_rewards(received, SUTTON_BARTO)
    assert all(big_r[t + 1] == r[t] == received[t] for t in range(len(received)))
    assert len(r) == len(big_r) == len(received)


def test_the_chain_of_the_brief():
    r, big_r = number_rewards(RECEIVED, DQN), number_rewards(RECEIVED, SUTTON_BARTO)
    right = action_values(r, 5, gamma=0.9, offset=DQN)
    np.testing.assert_allclose(right, [0.6561, 0.729, 0.81, 0.9, 1], rtol=1e-12)
    np.testing.assert_array_equal(right, action_values(big_r, 5, gamma=0.9, offset=SUTTON_BARTO))


def test_mixing_the_conventions_shifts_every_value_and_leaves_the_last_action_worthless():
    r = number_rewards(RECEIVED, DQN)
    late = action_values(r, 5, gamma=0.9, offset=SUTTON_BARTO)
    np.testing.assert_allclose(late, [0.729, 0.81, 0.9, 1, 0], rtol=1e-12)
    assert action_values(r, 5, gamma=0.9, offset=-1).tolist() == [0] * 5
    big_r = number_rewards(RECEIVED, SUTTON_BARTO)
    assert action_values(big_r, 5, gamma=0.9, offset=DQN).tolist() == [0] * 5


@given(rewards, st.floats(0.1, 1))
@settings(max_examples=30, deadline=None)
def test_reading_one_number_too_late_shifts_the_values_by_one_action(received, gamma):
    r, steps = number_rewards(received, DQN), len(received)
    right = action_values(r, steps, gamma=gamma, offset=DQN)
    late = action_values(r, steps, gamma=gamma, offset=SUTTON_BARTO)
    np.testing.assert_array_equal(late, [*right[1:], 0])


def test_a_reward_k_steps_away_counts_gamma_to_the_k():
    for k in range(6):
        assert discounted_return(np.eye(6)[k], 0.9) == pytest.approx(0.9**k)


def test_no_sample_equals_the_expectation_but_their_mean_nears_it():
    assert expected_reward([0.7, 0.3], [0, 10]) == pytest.approx(3)
    for count, mean in [(10, 4.0), (1000, 3.22), (100_000, 2.9919)]:
        samples = draw_rewards([0.7, 0.3], [0, 10], count, np.random.default_rng(0))
        assert samples.shape == (count,)
        assert set(samples.tolist()) == {0.0, 10.0}
        assert samples.mean() == pytest.approx(mean, abs=1e-9)


def test_every_outcome_comes_as_often_as_its_probability_says():
    samples = draw_rewards([0.2, 0.5, 0.3], [-1, 2, 4], 40_000, np.random.default_rng(1))
    shares = [(samples == reward).mean() for reward in (-1, 2, 4)]
    np.testing.assert_allclose(shares, [0.2, 0.5, 0.3], atol=0.01)
    assert samples.mean() == pytest.approx(expected_reward([0.2, 0.5, 0.3], [-1, 2, 4]), abs=0.03)


@given(rewards)
@settings(max_examples=30, deadline=None)
def test_a_running_mean_is_the_mean_of_the_samples_so_far(samples):
    means = [np.mean(samples[:n]) for n in range(1, len(samples) + 1)]
    np.testing.assert_allclose(running_means(samples), means, atol=1e-12)


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: number_rewards([[1]], 0), ValueError, "received must have 1 dimensions, got 2"),
        (lambda: number_rewards(["a"], 0), TypeError, "received must be an array of real numbers"),
        (lambda: number_rewards([1], -1), ValueError, "offset must be a non-negative integer, got -1"),
        (lambda: number_rewards([1], 0.5), TypeError, "offset must be a non-negative integer, got 0.5"),
        (
            lambda: action_values({}, 0, gamma=1, offset=0),
            ValueError,
            "steps must be a positive integer, got 0",
        ),
        (
            lambda: action_values({}, 1, gamma=2, offset=0),
            ValueError,
            "gamma must be between 0 and 1, got 2.0",
        ),
        (
            lambda: action_values({}, 3, gamma=1, offset=-4),
            ValueError,
            "offset must be an integer >= -3, got -4",
        ),
        (
            lambda: action_values({1: "x"}, 3, gamma=1, offset=0),
            TypeError,
            "numbered[1] must be a real number",
        ),
        (lambda: discounted_return([1.0], 1.5), ValueError, "gamma must be between 0 and 1, got 1.5"),
        (lambda: discounted_return(1.0, 0.5), ValueError, "received must have 1 dimensions, got 0"),
        (lambda: expected_reward([0.5], [1]), ValueError, "probabilities must add up to 1, got 0.5"),
        (
            lambda: expected_reward([1.5, -0.5], [1, 2]),
            ValueError,
            "probabilities must be non-negative, got -0.5",
        ),
        (
            lambda: expected_reward([1.0], [1, 2]),
            ValueError,
            "rewards must have shape (1,) as probabilities, got (2,)",
        ),
        (
            lambda: draw_rewards([1.0], [1], -1, RNG),
            ValueError,
            "count must be a non-negative integer, got -1",
        ),
        (
            lambda: draw_rewards([1.0], [1], 1, 7),
            TypeError,
            "rng must be a numpy.random.Generator, got 7 (int)",
        ),
        (lambda: running_means([[1.0]]), ValueError, "samples must have 1 dimensions, got 2"),
    ],
)
def test_bad_input_is_refused_by_name_and_value(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()
