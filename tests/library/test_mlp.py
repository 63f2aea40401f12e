"""The perceptron against its own formula written out, against differences, and against its laws."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes.activations import ACTIVATIONS
from dlnotes.mlp import initialize, mlp, mlp_vjp, parameter_count, unpack

SMOOTH = ["tanh", "sigmoid", "identity"]
sizes = st.lists(st.integers(1, 5), min_size=2, max_size=4)
seeds = st.integers(0, 2**32 - 1)


def by_hand(x, theta, sizes, phi):
    """Every unit is a sum over its inputs, read from the vector one number at a time."""
    numbers = iter(theta.tolist())
    layers = []
    for n_in, n_out in pairwise(sizes):
        w = [[next(numbers) for _ in range(n_out)] for _ in range(n_in)]
        layers.append((w, [next(numbers) for _ in range(n_out)]))
    assert next(numbers, None) is None
    rows = []
    for a in x.tolist():
        for depth, (w, b) in enumerate(layers):
            z = [sum(a[i] * w[i][j] for i in range(len(a))) + b[j] for j in range(len(b))]
            a = z if depth == len(layers) - 1 else [float(phi(v)) for v in z]
        rows.append(a)
    return np.array(rows)


@given(sizes, seeds, st.sampled_from(sorted(ACTIVATIONS)))
@settings(max_examples=40, deadline=None)
def test_the_output_is_the_formula_unit_by_unit(sizes, seed, activation):
    rng = np.random.default_rng(seed)
    theta, x = rng.normal(size=parameter_count(sizes)), rng.normal(size=(3, sizes[0]))
    y = mlp(x, theta, sizes, activation=activation)
    np.testing.assert_allclose(y, by_hand(x, theta, sizes, ACTIVATIONS[activation]), atol=1e-12)


@given(sizes, seeds, st.sampled_from(SMOOTH))
@settings(max_examples=30, deadline=None)
def test_both_gradients_are_the_central_differences(sizes, seed, activation):
    rng = np.random.default_rng(seed)
    theta, x = rng.normal(size=parameter_count(sizes)), rng.normal(size=(2, sizes[0]))
    dy = rng.normal(size=(2, sizes[-1]))
    _, pullback = mlp_vjp(x, theta, sizes, activation=activation)
    dx, dtheta = pullback(dy)

    def difference(value, at):
        slope, h = np.empty_like(at), 1e-6
        for place in np.ndindex(at.shape):
            step = np.zeros_like(at)
            step[place] = h
            slope[place] = (value(at + step) - value(at - step)) / (2 * h)
        return slope

    def cost_x(x):
        return np.sum(dy * mlp(x, theta, sizes, activation=activation))

    def cost_theta(theta):
        return np.sum(dy * mlp(x, theta, sizes, activation=activation))

    np.testing.assert_allclose(dx, difference(cost_x, x), atol=1e-7)
    np.testing.assert_allclose(dtheta, difference(cost_theta, theta), atol=1e-7)


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_networks_in_lockstep_are_the_networks_one_by_one(seed):
    rng, sizes = np.random.default_rng(seed), [3, 4, 5, 2]
    theta, x = rng.normal(size=(2, 3, parameter_count(sizes))), rng.normal(size=(2, 3, 6, 3))
    dy = rng.normal(size=(2, 3, 6, 2))
    y, pullback = mlp_vjp(x, theta, sizes)
    dx, dtheta = pullback(dy)
    for run in np.ndindex(2, 3):
        alone, pull = mlp_vjp(x[run], theta[run], sizes)
        np.testing.assert_allclose(y[run], alone, atol=1e-12)
        for together, single in zip((dx[run], dtheta[run]), pull(dy[run]), strict=True):
            np.testing.assert_allclose(together, single, atol=1e-12)


@pytest.mark.parametrize(
    ("x_lead", "theta_lead"), [((), (3,)), ((3,), ()), ((2, 1), (1, 3)), ((2, 3), (3,)), ((2, 1), (2, 3))]
)
def test_gradients_are_added_over_the_axes_that_were_stretched(x_lead, theta_lead):
    rng, sizes = np.random.default_rng(0), [3, 4, 2]
    lead = np.broadcast_shapes(x_lead, theta_lead)
    theta, x = rng.normal(size=(*theta_lead, parameter_count(sizes))), rng.normal(size=(*x_lead, 5, 3))
    y, pullback = mlp_vjp(x, theta, sizes, activation="tanh")
    dy = rng.normal(size=(*lead, 5, 2))
    assert y.shape == dy.shape
    dx, dtheta = pullback(dy)
    assert (dx.shape, dtheta.shape) == (x.shape, theta.shape)
    full_x, full_theta = np.broadcast_to(x, (*lead, 5, 3)), np.broadcast_to(theta, (*lead, theta.shape[-1]))
    whole_x, whole_theta = mlp_vjp(full_x, full_theta, sizes, activation="tanh")[1](dy)
    np.testing.assert_allclose(dx, unstretch(whole_x, x.shape), atol=1e-12)
    np.testing.assert_allclose(dtheta, unstretch(whole_theta, theta.shape), atol=1e-12)


def unstretch(gradient, shape):
    """Hand every stretched copy's share back, one number at a time."""
    total = np.zeros((1,) * (gradient.ndim - len(shape)) + shape)
    for place in np.ndindex(*gradient.shape):
        total[tuple(i % n for i, n in zip(place, total.shape, strict=True))] += gradient[place]
    return total.reshape(shape)


def test_a_network_of_25_32_and_3_units_has_931_parameters():
    assert parameter_count([25, 32, 3]) == 25 * 32 + 32 + 32 * 3 + 3 == 931
    assert parameter_count((1, 1)) == 2


def test_the_parts_are_views_of_the_vector_in_the_order_w_b_w_b():
    theta = np.arange(7.0)
    (w1, b1), (w2, b2) = unpack(theta, [1, 2, 1])
    assert (w1.tolist(), b1.tolist()) == ([[0, 1]], [[2, 3]])
    assert (w2.tolist(), b2.tolist()) == ([[4], [5]], [[6]])
    b2[...] = 60
    assert theta[6] == 60


def test_a_layer_of_weights_is_read_row_by_row():
    ((w, _),) = unpack(np.arange(8.0), [3, 2])
    assert w.tolist() == [[0, 1], [2, 3], [4, 5]]


@pytest.mark.parametrize(
    ("activation", "gain"), [("relu", 2), ("leaky_relu", 2 / 1.0001), ("tanh", 1), ("identity", 1)]
)
def test_weights_start_with_the_variance_of_he_or_lecun_and_biases_at_zero(activation, gain):
    sizes = [50, 80, 60]
    theta = initialize(sizes, np.random.default_rng(0), activation=activation, runs=40)
    (w1, b1), (w2, b2) = unpack(theta, sizes)
    assert w1.var() * 50 == pytest.approx(gain, rel=0.02)
    assert w2.var() * 80 == pytest.approx(1, rel=0.02)
    assert not b1.any()
    assert not b2.any()
    assert np.unique(w1).size == w1.size  # no two runs share their weights


def test_every_hidden_layer_starts_as_a_hidden_layer():
    sizes = [20, 200, 300, 4]
    hidden = unpack(initialize(sizes, np.random.default_rng(1)), sizes)[1][0]
    assert hidden.shape == (200, 300)
    assert hidden.var() * 200 == pytest.approx(2, rel=0.05)


def test_one_network_has_no_axis_in_front():
    assert initialize([2, 3], np.random.default_rng(0)).shape == (9,)
    assert initialize([2, 3], np.random.default_rng(0), runs=1).shape == (1, 9)


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_single_precision_is_kept(activation):
    theta = initialize([2, 3, 1], np.random.default_rng(0)).astype(np.float32)
    y, pullback = mlp_vjp(np.ones((4, 2), np.float32), theta, [2, 3, 1], activation=activation)
    dx, dtheta = pullback(np.ones((4, 1), np.float32))
    assert {y.dtype, dx.dtype, dtheta.dtype} == {np.dtype(np.float32)}


def test_integers_are_read_as_numbers():
    assert mlp([[1, 2]], [1, 1, 1], [2, 1]).tolist() == [[4.0]]


def test_the_pullback_can_be_called_twice():
    _, pullback = mlp_vjp(np.ones((1, 2)), np.ones(9), [2, 2, 1])
    first, again = pullback([[1.0]]), pullback([[1.0]])
    np.testing.assert_array_equal(first[1], again[1])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: parameter_count([3]), ValueError, "sizes must have an input and an output size, got (3,)"),
        (lambda: parameter_count([3, 0]), ValueError, "sizes[1] must be a positive integer, got 0"),
        (
            lambda: parameter_count([2.5, 1]),
            TypeError,
            "sizes[0] must be a positive integer, got 2.5 (float)",
        ),
        (
            lambda: parameter_count([3, True]),
            TypeError,
            "sizes[1] must be a positive integer, got True (bool)",
        ),
        (
            lambda: unpack(np.zeros(6), [2, 3]),
            ValueError,
            "theta must have 9 parameters in its last axis, got shape (6,)",
        ),
        (
            lambda: unpack(1.0, [2, 3]),
            ValueError,
            "theta must have 9 parameters in its last axis, got shape ()",
        ),
        (
            lambda: mlp(np.zeros((4, 3)), np.zeros(9), [2, 3]),
            ValueError,
            "x must have shape (…, N, 2), got (4, 3)",
        ),
        (lambda: mlp(np.zeros(2), np.zeros(9), [2, 3]), ValueError, "x must have shape (…, N, 2), got (2,)"),
        (
            lambda: mlp(np.zeros((2, 1, 2)), np.zeros((3, 9)), [2, 3]),
            ValueError,
            "x and theta must have leading axes that broadcast, got x (2, 1, 2) and theta (3, 9)",
        ),
        (lambda: mlp(np.zeros((1, 2)), np.zeros(9), [2, 3], activation="swish"), ValueError, "got 'swish'"),
        (
            lambda: mlp(np.array([["a", "b"]]), np.zeros(9), [2, 3]),
            TypeError,
            "x must be an array of real numbers",
        ),
        (lambda: initialize([2, 3], 0), TypeError, "rng must be a numpy.random.Generator, got 0 (int)"),
        (
            lambda: initialize([2, 3], np.random.default_rng(0), runs=0),
            ValueError,
            "runs must be a positive integer, got 0",
        ),
        (
            lambda: initialize([2, 3], np.random.default_rng(0), activation="swish"),
            ValueError,
            "got 'swish'",
        ),
        (
            lambda: mlp_vjp(np.zeros((1, 2)), np.zeros(9), [2, 3])[1](np.zeros((1, 2))),
            ValueError,
            "dy must have shape (1, 3), got (1, 2)",
        ),
    ],
)
def test_bad_input_is_refused_by_name_and_value(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()
