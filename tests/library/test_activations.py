import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import special, stats

from dlnotes.activations import (
    ACTIVATIONS,
    activation,
    activation_vjp,
    he_normal,
    identity,
    leaky_relu,
    leaky_relu_vjp,
    lecun_normal,
    relu,
    relu_vjp,
    sigmoid,
    sigmoid_vjp,
    tanh,
    tanh_vjp,
    xavier_normal,
)

quick = settings(max_examples=60, deadline=None)
names = pytest.mark.parametrize("name", ["relu", "leaky_relu", "sigmoid", "tanh", "identity"])
any_shape = array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
reals = arrays(np.float64, any_shape, elements=st.floats(-50, 50))
initializers = pytest.mark.parametrize("initialize", [he_normal, lecun_normal, xavier_normal])


@quick
@given(reals)
def test_values_are_those_of_scipy_and_of_the_definition(x):
    np.testing.assert_allclose(sigmoid(x), special.expit(x), rtol=1e-14)
    np.testing.assert_allclose(tanh(x), 2 * special.expit(2 * x) - 1, atol=1e-14)
    np.testing.assert_array_equal(relu(x), (np.abs(x) + x) / 2)
    np.testing.assert_array_equal(identity(x), x)
    np.testing.assert_allclose(leaky_relu(x, 0.3), np.maximum(x, 0) + 0.3 * np.minimum(x, 0), atol=1e-14)


def test_the_slope_of_leaky_relu_is_a_hundredth_unless_told():
    np.testing.assert_allclose(leaky_relu([-2.0, 4.0]), [-0.02, 4.0])
    _, pullback = leaky_relu_vjp([-2.0, 4.0])
    np.testing.assert_allclose(pullback([1.0, 1.0]), [0.01, 1.0])


@names
@quick
@given(data=st.data())
def test_the_pullback_is_the_slope_times_the_gradient(name, data):
    x = data.draw(reals.filter(lambda x: (np.abs(x) > 1e-3).all()))
    dy = data.draw(arrays(np.float64, x.shape, elements=st.floats(-10, 10)))
    y, pullback = activation_vjp(name)(x)
    np.testing.assert_array_equal(y, activation(name)(x))
    step = 1e-5
    slope = (activation(name)(x + step) - activation(name)(x - step)) / (2 * step)
    np.testing.assert_allclose(pullback(dy), slope * dy, atol=1e-8)


def test_at_zero_the_derivative_of_relu_is_zero_and_that_of_leaky_relu_its_negative_slope():
    assert relu_vjp(0.0)[1](1.0) == 0
    assert leaky_relu_vjp(0.0, 0.25)[1](1.0) == 0.25


def test_an_endless_gradient_is_stopped_by_a_dead_relu_and_a_nan_is_not_hidden():
    assert relu_vjp([-1.0])[1]([np.inf]).tolist() == [0.0]
    assert np.isnan(relu([np.nan])).all()
    assert np.isnan(leaky_relu([np.nan])).all()


def test_the_slope_of_the_sigmoid_is_at_most_a_quarter_and_does_not_vanish_early():
    x = np.linspace(-40, 40, 8001)
    slope = sigmoid_vjp(x)[1](np.ones_like(x))
    assert slope.max() == slope[4000] == 0.25
    np.testing.assert_allclose(slope, np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))) ** 2, rtol=1e-13)
    assert tanh_vjp(0.0)[1](1.0) == 1


def test_huge_inputs_raise_no_warning():
    with np.errstate(all="raise", under="ignore"):
        assert sigmoid([-1e4, 1e4]).tolist() == [0.0, 1.0]
        assert sigmoid_vjp([-1e4, 1e4])[1]([1.0, 1.0]).tolist() == [0.0, 0.0]


@names
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_dtype_of_the_input_is_kept_and_integers_become_float64(name, dtype):
    y, pullback = activation_vjp(name)(np.array([-1, 0, 2], dtype))
    assert y.dtype == pullback(np.ones(3, dtype)).dtype == dtype
    assert activation(name)([-1, 0, 2]).dtype == np.float64


@names
def test_the_input_and_its_copy_are_separate(name):
    x = np.array([1.0, 2.0])
    y, pullback = activation_vjp(name)(x)
    dy = np.ones(2)
    dx = pullback(dy)
    y += 1
    dx += 1
    assert x.tolist() == [1, 2]
    assert dy.tolist() == [1, 1]


@names
def test_bad_arrays_are_refused(name):
    with pytest.raises(TypeError, match=r"x must be an array of real numbers, got dtype complex128"):
        activation(name)([1j])
    _, pullback = activation_vjp(name)([1.0, 2.0])
    with pytest.raises(ValueError, match=r"dy must have shape \(2,\), got \(3,\)"):
        pullback([1.0, 2.0, 3.0])


def test_a_bad_slope_is_refused():
    for function in (leaky_relu, leaky_relu_vjp):
        with pytest.raises(ValueError, match=r"negative_slope must be finite, got inf"):
            function([1.0], math.inf)
        with pytest.raises(TypeError, match=r"negative_slope must be a real number, got '1'"):
            function([1.0], "1")


def test_an_unknown_name_is_refused_with_the_known_ones():
    assert list(ACTIVATIONS) == ["relu", "leaky_relu", "sigmoid", "tanh", "identity"]
    for find in (activation, activation_vjp):
        with pytest.raises(ValueError, match=r"name must be 'relu', .*or 'identity', got 'swish'"):
            find("swish")


def test_relu_is_homogeneous_but_adds_only_numbers_of_one_sign():
    a, b = np.random.default_rng(0).normal(size=(2, 10_000))
    np.testing.assert_array_equal(relu(4 * a), 4 * relu(a))
    gap = relu(a) + relu(b) - relu(a + b)
    opposite = np.sign(a) != np.sign(b)
    np.testing.assert_array_equal(gap[~opposite], 0)
    np.testing.assert_allclose(gap[opposite], np.minimum(np.abs(a), np.abs(b))[opposite], atol=1e-14)
    pairs = np.random.default_rng(0).normal(size=(10_000, 2))
    assert np.mean(relu(pairs.sum(1)) != relu(pairs).sum(1)) == 0.5046


@pytest.mark.parametrize(
    ("initialize", "shape", "given", "variance"),
    [
        (he_normal, (300, 50), {}, 2 / 50),
        (he_normal, (300, 50), {"negative_slope": 0.5}, 2 / 1.25 / 50),
        (he_normal, (50, 300), {"fan_in": 50}, 2 / 50),
        (he_normal, (60, 10, 5, 5), {}, 2 / 250),
        (he_normal, (15_000,), {"fan_in": 8}, 2 / 8),
        (lecun_normal, (300, 50), {}, 1 / 50),
        (lecun_normal, (60, 10, 5, 5), {}, 1 / 250),
        (lecun_normal, (4, 50, 80), {"fan_in": 50}, 1 / 50),
        (xavier_normal, (300, 50), {}, 2 / 350),
        (xavier_normal, (60, 10, 5, 5), {}, 2 / 1750),
        (xavier_normal, (4, 50, 80), {"fan_in": 50, "fan_out": 80}, 2 / 130),
    ],
)
def test_initial_weights_are_normal_with_the_stated_variance(initialize, shape, given, variance):
    w = initialize(shape, np.random.default_rng(3), **given)
    assert w.shape == shape
    assert w.dtype == np.float64
    assert stats.kstest(w.ravel() / math.sqrt(variance), stats.norm.cdf).pvalue > 1e-3
    np.testing.assert_allclose(w.var(), variance, rtol=0.06)


@initializers
def test_bad_shapes_and_generators_are_refused(initialize):
    rng = np.random.default_rng(0)
    with pytest.raises(TypeError, match=r"rng must be a numpy.random.Generator, got 0"):
        initialize((2, 3), 0)
    with pytest.raises(ValueError, match=r"shape\[1\] must be a positive integer, got 0"):
        initialize((2, 0), rng)
    with pytest.raises(TypeError, match=r"shape\[0\] must be a positive integer, got 2.5"):
        initialize((2.5, 3), rng)
    with pytest.raises(TypeError, match=r"shape must be a tuple of integers, got 4 \(int\)"):
        initialize(4, rng)
    with pytest.raises(ValueError, match=r"shape must have at least 2 dimensions .*fan_in.* got \(4,\)"):
        initialize((4,), rng)
    with pytest.raises(ValueError, match=r"fan_in must be a positive integer, got 0"):
        initialize((2, 3), rng, fan_in=0)


def test_xavier_needs_both_counts_when_the_shape_does_not_tell():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"when fan_out is not given, got \(4,\)"):
        xavier_normal((4,), rng, fan_in=2)
    with pytest.raises(ValueError, match=r"fan_out must be a positive integer, got 0"):
        xavier_normal((4,), rng, fan_in=2, fan_out=0)
    assert xavier_normal((4,), rng, fan_in=2, fan_out=3).shape == (4,)


def test_an_input_of_a_grouped_convolution_leaves_by_its_group_only():
    grouped = xavier_normal((64, 4, 3, 3), np.random.default_rng(0), groups=8)
    known = xavier_normal((64, 4, 3, 3), np.random.default_rng(0), fan_in=36, fan_out=72)
    np.testing.assert_array_equal(grouped, known)
    with pytest.raises(ValueError, match=r"^groups must divide the outputs 64 of shape, got 7$"):
        xavier_normal((64, 4, 3, 3), np.random.default_rng(0), groups=7)
