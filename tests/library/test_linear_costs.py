import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes.linear_costs import adaptive_steps, constrained_walk, rare_gradients
from dlnotes.optimizers import adam, amsgrad

quick = settings(max_examples=60, deadline=None)
seeds = st.integers(0, 2**32 - 1)
weights = st.floats(0, 0.9995)


def test_the_rare_gradient_comes_first_and_then_once_a_period():
    c = rare_gradients(10, 4, 7, -2)
    assert c.tolist() == [7, -2, -2, -2, 7, -2, -2, -2, 7, -2]
    assert c.dtype == np.float64


@quick
@given(seeds, weights, weights, st.integers(1, 200), st.booleans(), st.booleans(), st.sampled_from([0, 0.1]))
def test_the_steps_are_those_of_the_update_rules(seed, beta1, beta2, steps, bounded, corrected, eps):
    rng = np.random.default_rng(seed)
    c, lr = rng.normal(size=steps), rng.uniform(0, 1, size=steps)
    rule, state, expected = amsgrad if bounded else adam, None, []
    for g, rate in zip(c, lr, strict=True):
        options = {"lr": rate, "betas": (beta1, beta2), "eps": eps, "bias_correction": corrected}
        x, state = rule(np.zeros(1), np.array([g]), state, **options)
        expected.append(-x[0])
    if bounded and corrected:  # PyTorch takes the largest first and corrects it afterwards
        np.testing.assert_allclose(np.abs(expected[0]), np.abs(lr[0]) / (1 + eps / np.abs(c[0])), rtol=1e-9)
    found = adaptive_steps(c, lr, betas=(beta1, beta2), amsgrad=bounded, bias_correction=corrected, eps=eps)
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(
        adaptive_steps(c, 0.5, betas=(beta1, beta2), eps=eps),
        adaptive_steps(c, np.full(steps, 0.5), betas=(beta1, beta2), eps=eps),
    )


def test_the_defaults_are_adam_without_correction():
    c = rare_gradients(20, 3, 4, -1)
    expected = adaptive_steps(c, 0.1, betas=(0.9, 0.999), amsgrad=False, bias_correction=False, eps=0)
    np.testing.assert_array_equal(adaptive_steps(c, 0.1), expected)


@quick
@given(
    seeds,
    st.sampled_from([0, 1, 2, 3, 4, 8, 9, 10, 100, 1000]),
    st.sampled_from([0.01, 0.3, 3.0]),
    st.tuples(st.floats(-2, 0), st.floats(0, 2)),
)
def test_the_constrained_walk_is_walked_step_by_step(seed, steps, size, bounds):
    rng = np.random.default_rng(seed)
    moves = size * rng.normal(size=steps)
    start = x = rng.uniform(*bounds)
    expected = []
    for move in moves:
        x = min(max(x - move, bounds[0]), bounds[1])
        expected.append(x)
    path = constrained_walk(moves, start=start, bounds=bounds)
    assert path.shape == (steps,)
    np.testing.assert_allclose(path, expected, rtol=1e-9, atol=1e-9)


def test_the_walk_starts_at_zero_between_minus_one_and_one_unless_told_otherwise():
    assert constrained_walk([0.25, 9.0, -9.0]).tolist() == [-0.25, -1.0, 1.0]


def walk(c, scale, beta1, beta2, **options):
    lr = scale / np.sqrt(np.arange(1, len(c) + 1))
    return constrained_walk(adaptive_steps(c, lr, betas=(beta1, beta2), **options))


@pytest.mark.parametrize("rare", [3, 4, 10])
def test_adam_goes_to_the_worst_point_where_amsgrad_and_a_longer_window_go_to_the_best(rare):
    c = rare_gradients(30_000, 3, rare, -1)
    beta2 = 1 / (1 + rare**2)
    late = slice(-3000, None)
    assert walk(c, 0.1, 0, beta2)[late].mean() == pytest.approx(0.99974, abs=1e-5)
    assert walk(c, 0.1, 0, beta2, amsgrad=True)[late].mean() == pytest.approx(-0.9998, abs=2e-4)
    assert walk(c, 0.1, 0, 0.999)[late].mean() == pytest.approx(-0.9997, abs=3e-4)


def test_a_window_must_be_long_against_the_rarity_of_what_it_should_remember():
    c = rare_gradients(10**6, 101, 1010, -10)
    late = slice(-(10**5), None)
    assert walk(c, 0.5, 0.9, 0.99)[late].mean() == pytest.approx(0.9985, abs=1e-4)
    assert walk(c, 0.5, 0.9, 0.99, amsgrad=True)[late].mean() == pytest.approx(-0.9989, abs=1e-4)
    assert walk(c, 0.5, 0.9, 0.999)[late].mean() == pytest.approx(0.9979, abs=1e-4)
    x = walk(c, 0.5, 0.9, 0.9999)
    assert x[late].mean() == pytest.approx(-0.48, abs=5e-3)
    assert x[-1] < x[500_000] < x[100_000]


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ((0, 3, 1, -1), ValueError, "steps must be a positive integer, got 0"),
        ((5, 1, 1, -1), ValueError, "period must be an integer >= 2, got 1"),
        ((5, 2.5, 1, -1), TypeError, "period must be an integer >= 2, got 2.5"),
        ((5, 3, np.inf, -1), ValueError, "rare must be finite, got inf"),
        ((5, 3, 1, "-1"), TypeError, "common must be a real number, got '-1'"),
    ],
)
def test_gradients_with_bad_arguments_are_refused(arguments, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        rare_gradients(*arguments)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"gradients": np.ones((2, 2))}, "gradients must have 1 dimensions, got 2"),
        ({"lr": np.ones(3)}, "lr must be a number or have shape (2,), got shape (3,)"),
        ({"lr": -0.1}, "lr must be at most 1e+100, finite and non-negative, got -0.1"),
        ({"lr": np.inf}, "lr must be at most 1e+100, finite and non-negative, got inf"),
        ({"lr": np.nan}, "lr must be at most 1e+100, finite and non-negative, got nan"),
        ({"betas": 0.9}, "betas must be a pair (beta1, beta2), got 0.9"),
        ({"betas": (1.0, 0.9)}, "betas[0] must be at least 0 and less than 1, got 1.0"),
        ({"betas": (0.9, -1.0)}, "betas[1] must be at least 0 and less than 1, got -1.0"),
        ({"eps": -1.0}, "eps must be non-negative, got -1.0"),
        (
            {"gradients": [0.0, 1.0]},
            "eps must be positive when the gradients vanish, got 0.0 (v is 0 at step 1)",
        ),
    ],
)
def test_steps_with_bad_arguments_are_refused(options, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        adaptive_steps(**{"gradients": np.ones(2), "lr": 0.1, **options})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": 1.0}, "steps must have 1 dimensions, got 0"),
        ({"bounds": (1.0, -1.0)}, "start must lie within bounds (1.0, -1.0), got 0.0"),
        ({"bounds": 1.0}, "bounds must be a pair (lower, upper), got 1.0"),
        ({"bounds": (0, np.inf)}, "bounds[1] must be finite, got inf"),
        ({"bounds": (-np.inf, 0)}, "bounds[0] must be finite, got -inf"),
        ({"start": 1.5}, "start must lie within bounds (-1.0, 1.0), got 1.5"),
        ({"start": -1.5}, "start must lie within bounds (-1.0, 1.0), got -1.5"),
    ],
)
def test_walks_with_bad_arguments_are_refused(options, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        constrained_walk(**{"steps": [0.1], **options})
