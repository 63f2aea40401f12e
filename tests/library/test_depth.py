import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes.activations import activation, he_normal, lecun_normal
from dlnotes.depth import dead_units, gradient_norms, random_layers

quick = settings(max_examples=30, deadline=None)
seeds = st.integers(0, 2**32 - 1)
names = st.sampled_from(["relu", "leaky_relu", "sigmoid", "tanh", "identity"])


@quick
@given(seeds, names, st.integers(1, 4), st.integers(1, 5), st.floats(0.2, 2))
def test_the_last_norm_is_that_of_finite_differences(seed, name, depth, width, scale):
    weights, x, dy = random_layers(depth, width, np.random.default_rng(seed))

    def output(x):
        for w in weights:
            x = activation(name)(scale * w @ x)
        return dy @ x

    step = 1e-6
    numeric = [(output(x + step * e) - output(x - step * e)) / (2 * step) for e in np.eye(width)]
    norms = gradient_norms(weights, x, dy, name, scale=scale)
    assert norms.shape == (depth + 1,)
    np.testing.assert_allclose(norms[0], 1)
    np.testing.assert_allclose(norms[-1], np.linalg.norm(numeric), atol=1e-6)


def test_the_norms_stand_from_the_output_back_to_the_input():
    weights = np.array([2.0, 3.0, 5.0]).reshape(3, 1, 1)
    assert gradient_norms(weights, [1.0], [1.0], "relu").tolist() == [1, 5, 15, 30]


def test_the_draws_are_weights_then_input_then_gradient():
    rng = np.random.default_rng(7)
    expected = lecun_normal((3, 4, 4), rng, fan_in=4), rng.normal(size=4), rng.normal(size=4)
    weights, x, dy = random_layers(3, 4, np.random.default_rng(7))
    np.testing.assert_array_equal(weights, expected[0])
    np.testing.assert_array_equal(x, expected[1])
    np.testing.assert_allclose(dy, expected[2] / np.linalg.norm(expected[2]))


@pytest.mark.parametrize(
    ("name", "gain", "medians"),
    [
        ("sigmoid", 1, {5: 5.7e-4, 10: 4.2e-7, 20: 2.1e-13, 50: 2.8e-32}),
        ("tanh", 1, {5: 0.31, 10: 0.23, 20: 0.14, 50: 0.060}),
        ("relu", 2**0.5, {5: 0.97, 10: 0.73, 20: 0.70, 50: 0.47}),
        ("identity", 1, {5: 0.89, 10: 0.90, 20: 0.85, 50: 0.63}),
    ],
)
def test_the_medians_of_fifty_networks_are_those_of_the_brief(name, gain, medians):
    for depth, expected in medians.items():
        norms = [
            gradient_norms(*random_layers(depth, 64, np.random.default_rng(seed)), name, scale=gain)[-1]
            for seed in range(50)
        ]
        np.testing.assert_allclose(np.median(norms), expected, rtol=0.02)


def test_halving_every_weight_of_a_relu_network_halves_the_gradient_once_per_layer():
    layers = random_layers(50, 64, np.random.default_rng(0))
    whole, half = (gradient_norms(*layers, "relu", scale=scale) for scale in (1.0, 0.5))
    np.testing.assert_array_equal(half / whole, 0.5 ** np.arange(51))


def test_units_die_as_the_bias_falls():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1000, 10))
    w = he_normal((10, 200), rng, fan_in=10)
    shares = [dead_units(x, w, b).mean() for b in (0, -2, -4, -5, -6, -10)]
    np.testing.assert_allclose(shares, [0, 0.005, 0.375, 0.725, 0.89, 1])
    np.testing.assert_array_equal(
        dead_units(x, w, np.linspace(-10, 0, 200)),
        [dead_units(x, w[:, [j]], b)[0] for j, b in enumerate(np.linspace(-10, 0, 200))],
    )


def test_a_unit_that_only_touches_zero_is_dead_and_one_input_is_enough_to_live():
    assert dead_units([[0.0], [-1.0]], [[1.0, -1.0]]).tolist() == [True, False]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: random_layers(0, 4, np.random.default_rng(0)), "depth must be a positive integer, got 0"),
        (lambda: random_layers(4, 0, np.random.default_rng(0)), "width must be a positive integer, got 0"),
        (lambda: gradient_norms(np.ones((2, 3, 4)), [1.0], [1.0], "relu"), r"weights .* got \(2, 3, 4\)"),
        (lambda: gradient_norms(np.ones((0, 3, 3)), [1.0], [1.0], "relu"), r"weights .* got \(0, 3, 3\)"),
        (
            lambda: gradient_norms(np.ones((1, 1, 1)), [1.0, 2], [1.0], "relu"),
            r"x must .* \(1,\), got \(2,\)",
        ),
        (
            lambda: gradient_norms(np.ones((1, 1, 1)), [1.0], [1.0, 2], "relu"),
            r"dy must .* \(1,\), got \(2,\)",
        ),
        (lambda: gradient_norms(np.ones((1, 1, 1)), [1.0], [1.0], "step"), "activation must .* got 'step'"),
        (lambda: dead_units([[1.0, 2.0]], [[1.0]]), r"w must have shape \(2, out\) .* got \(1, 1\)"),
        (lambda: dead_units([[1.0]], [[1.0, 2.0]], [1.0]), r"b must be a number .* \(2,\), got shape \(1,\)"),
        (lambda: dead_units(np.ones((0, 2)), np.ones((2, 3))), r"x must hold at least one .* \(0, 2\)"),
    ],
)
def test_bad_values_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_bad_types_are_refused():
    with pytest.raises(TypeError, match=r"rng must be a numpy.random.Generator, got 0"):
        random_layers(2, 3, 0)
    with pytest.raises(TypeError, match="scale must be a real number, got None"):
        gradient_norms(np.ones((1, 1, 1)), [1.0], [1.0], "relu", scale=None)
