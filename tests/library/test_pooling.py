import itertools
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from dlnotes.convolution import depthwise_conv2d
from dlnotes.pooling import avg_pool2d, avg_pool2d_vjp, max_pool2d, max_pool2d_vjp

quick = settings(max_examples=60, deadline=None)
seeds = st.integers(0, 2**32 - 1)
kinds = pytest.mark.parametrize("pool_vjp", [max_pool2d_vjp, avg_pool2d_vjp])
functions = pytest.mark.parametrize("function", [max_pool2d, max_pool2d_vjp, avg_pool2d, avg_pool2d_vjp])


@st.composite
def pools(draw):
    """A random input, often with ties, and its windows."""
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    stride = draw(st.none() | st.tuples(st.integers(1, 4), st.integers(1, 4)))
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    height, width = (draw(st.integers(max(1, k - 2 * p), 8)) for k, p in zip(kernel, padding, strict=True))
    rng = np.random.default_rng(draw(seeds))
    x = rng.integers(-3, 3, (2, 2, height, width)).astype(float)
    if draw(st.booleans()):
        x = rng.normal(size=x.shape)
    return x, kernel, stride, padding


def windows(x, kernel, stride, padding):
    """The places of every window, in row-major order, without those in the padding."""
    (kh, kw), (ph, pw) = kernel, padding
    sh, sw = stride or kernel
    height, width = x.shape[2:]
    rows, columns = range(-ph, height + ph - kh + 1, sh), range(-pw, width + pw - kw + 1, sw)
    for (n, c), (t, row), (u, column) in itertools.product(
        np.ndindex(*x.shape[:2]), enumerate(rows), enumerate(columns)
    ):
        cells = itertools.product(range(row, row + kh), range(column, column + kw))
        seen = [(n, c, i, j) for i, j in cells if 0 <= i < height and 0 <= j < width]
        yield (n, c, t, u), seen


@quick
@given(pools())
def test_max_pooling_picks_the_largest_value_of_every_window(pool):
    y = max_pool2d(*pool)
    expected = {out: max(pool[0][cell] for cell in seen) for out, seen in windows(*pool)}
    assert y.size == len(expected)
    assert all(y[out] == value for out, value in expected.items())


@quick
@given(pools())
def test_average_pooling_divides_by_the_size_of_the_window_counting_the_padding(pool):
    y, (kh, kw) = avg_pool2d(*pool), pool[1]
    expected = {out: sum(pool[0][cell] for cell in seen) / (kh * kw) for out, seen in windows(*pool)}
    assert y.size == len(expected)
    assert all(math.isclose(y[out], value, abs_tol=1e-12) for out, value in expected.items())


@quick
@given(pools(), seeds)
def test_the_gradient_of_max_pooling_goes_to_the_first_of_the_largest(pool, seed):
    y, pullback = max_pool2d_vjp(*pool)
    dy = np.random.default_rng(seed).normal(size=y.shape)
    expected = np.zeros_like(pool[0])
    for out, seen in windows(*pool):
        expected[max(seen, key=lambda cell: pool[0][cell])] += dy[out]
    np.testing.assert_array_equal(y, max_pool2d(*pool))
    np.testing.assert_allclose(pullback(dy), expected, atol=1e-12)


@quick
@given(pools(), seeds)
def test_the_gradient_of_average_pooling_is_shared_by_the_window(pool, seed):
    y, pullback = avg_pool2d_vjp(*pool)
    dy = np.random.default_rng(seed).normal(size=y.shape)
    expected = np.zeros_like(pool[0])
    for out, seen in windows(*pool):
        for cell in seen:
            expected[cell] += dy[out] / math.prod(pool[1])
    np.testing.assert_array_equal(y, avg_pool2d(*pool))
    np.testing.assert_allclose(pullback(dy), expected, atol=1e-12)


@quick
@given(pools())
def test_pooling_agrees_with_scipy_filters_subsampled(pool):
    x, (kh, kw), stride, _ = pool
    sh, sw = stride or (kh, kw)
    if kh > x.shape[2] or kw > x.shape[3]:
        return
    centres = np.s_[
        :, :, kh // 2 : x.shape[2] - (kh - 1) // 2 : sh, kw // 2 : x.shape[3] - (kw - 1) // 2 : sw
    ]
    largest = ndimage.maximum_filter(x, (1, 1, kh, kw))[centres]
    mean = ndimage.uniform_filter(x, (1, 1, kh, kw))[centres]
    np.testing.assert_array_equal(max_pool2d(x, (kh, kw), stride), largest)
    np.testing.assert_allclose(avg_pool2d(x, (kh, kw), stride), mean, atol=1e-12)


@quick
@given(pools())
def test_average_pooling_is_a_depthwise_convolution_with_equal_weights(pool):
    x, (kh, kw), stride, padding = pool
    w = np.full((2, 1, kh, kw), 1 / (kh * kw))
    convolved = depthwise_conv2d(x, w, stride=stride or (kh, kw), padding=padding)
    np.testing.assert_allclose(avg_pool2d(*pool), convolved, atol=1e-12)


@kinds
def test_the_gradients_are_central_differences(pool_vjp):
    rng = np.random.default_rng(0)
    x = rng.permutation(2 * 3 * 7 * 6).reshape(2, 3, 7, 6) / 10.0  # no two values within 0.1: no kinks nearby
    y, pullback = pool_vjp(x, (3, 2), (2, 1), 1)
    dy = rng.normal(size=y.shape)
    dx = pullback(dy)
    for place in itertools.islice(np.ndindex(x.shape), 0, None, 11):
        step = np.zeros_like(x)
        step[place] = 1e-3
        above, below = pool_vjp(x + step, (3, 2), (2, 1), 1)[0], pool_vjp(x - step, (3, 2), (2, 1), 1)[0]
        assert math.isclose(dx[place], np.vdot(dy, above - below) / 2e-3, abs_tol=1e-9)


def test_the_stride_defaults_to_the_kernel():
    x = np.arange(36.0).reshape(1, 1, 6, 6)
    np.testing.assert_array_equal(max_pool2d(x, 2), max_pool2d(x, 2, 2))
    np.testing.assert_array_equal(avg_pool2d(x, (2, 3)), avg_pool2d(x, (2, 3), (2, 3)))
    assert avg_pool2d(x, (2, 3)).shape == (1, 1, 3, 2)


def test_max_pooling_never_picks_the_padding():
    x = np.full((1, 1, 3, 3), -5.0)
    np.testing.assert_array_equal(max_pool2d(x, 2, 1, 1), np.full((1, 1, 4, 4), -5))


def test_the_gradient_of_a_window_of_minus_infinities_stays_in_the_input():
    y, pullback = max_pool2d_vjp(np.full((1, 1, 2, 2), -np.inf), 2, 2, 1)
    np.testing.assert_array_equal(y, np.full((1, 1, 2, 2), -np.inf))
    np.testing.assert_array_equal(pullback([[[[1, 2], [3, 4]]]]), [[[[1, 2], [3, 4]]]])


def test_not_a_number_wins_its_window_and_takes_its_gradient():
    x = np.array([[[[1, 9, np.nan], [2, np.nan, 3]]]])
    y, pullback = max_pool2d_vjp(x, 2, 1)
    assert np.isnan(y).all()
    np.testing.assert_array_equal(pullback([[[[5, 7]]]]), [[[[0, 0, 7], [0, 5, 0]]]])


def test_max_pooling_commutes_with_a_bias_and_a_relu():
    rng = np.random.default_rng(0)
    x, b = rng.normal(size=(2, 3, 6, 6)), rng.normal(size=(3, 1, 1))
    np.testing.assert_array_equal(max_pool2d(np.maximum(x + b, 0), 2), np.maximum(max_pool2d(x, 2) + b, 0))


@kinds
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_pooling_keeps_the_dtype(pool_vjp, dtype):
    y, pullback = pool_vjp(np.ones((1, 1, 4, 4), dtype), 3, 2, 1)
    assert y.dtype == pullback(y).dtype == dtype


@kinds
def test_pooling_leaves_its_arguments_alone(pool_vjp):
    x, dy = np.arange(16.0).reshape(1, 1, 4, 4), np.ones((1, 1, 2, 2))
    _, pullback = pool_vjp(x, 2)
    first = pullback(dy)
    np.testing.assert_array_equal(pullback(dy), first)
    np.testing.assert_array_equal(x, np.arange(16.0).reshape(1, 1, 4, 4))
    np.testing.assert_array_equal(dy, np.ones((1, 1, 2, 2)))


@kinds
def test_an_empty_batch_pools_to_an_empty_batch(pool_vjp):
    y, pullback = pool_vjp(np.ones((0, 2, 4, 4)), 2)
    assert y.shape == (0, 2, 2, 2)
    assert pullback(y).shape == (0, 2, 4, 4)


@functions
def test_pooling_refuses_bad_input(function):
    x = np.ones((1, 1, 4, 4))
    with pytest.raises(ValueError, match=r"^x must have 4 dimensions, got 3 "):
        function(x[0], 2)
    with pytest.raises(ValueError, match=r"^kernel_size must be a positive integer, got 0$"):
        function(x, 0)
    with pytest.raises(TypeError, match=r"^kernel_size\[1\] must be a positive integer, got 2.0 \(float\)$"):
        function(x, (2, 2.0))
    with pytest.raises(ValueError, match=r"^stride must be a positive integer, got 0$"):
        function(x, 2, 0)
    with pytest.raises(ValueError, match=r"^padding must be a non-negative integer, got -1$"):
        function(x, 2, padding=-1)
    with pytest.raises(
        ValueError, match=r"^kernel_size must fit in the padded input, got kernel_size 5 .*n 4 "
    ):
        function(x, 5)
    with pytest.raises(ValueError, match=r"^kernel_size must fit in .* kernel_size 7 .*n 4 with padding 1 "):
        function(x, 7, padding=1)


@functions
@pytest.mark.parametrize(("kernel", "padding"), [((3, 4), (2, 2)), ((4, 3), (2, 2)), ((1, 1), (1, 0))])
def test_padding_beyond_half_the_kernel_is_refused(function, kernel, padding):
    message = f"padding must be at most half of kernel_size {kernel}, got padding {padding}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        function(np.ones((1, 1, 4, 4)), kernel, padding=padding)


@kinds
def test_pullback_refuses_a_gradient_of_another_shape(pool_vjp):
    _, pullback = pool_vjp(np.ones((1, 1, 4, 4)), 2)
    with pytest.raises(ValueError, match=r"^dy must have shape \(1, 1, 2, 2\), got \(1, 1, 2, 1\)$"):
        pullback(np.ones((1, 1, 2, 1)))
