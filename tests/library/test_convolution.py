import itertools
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from dlnotes.convolution import (
    block_diagonal_weight,
    conv2d,
    conv2d_vjp,
    convolve1d,
    convolve2d,
    correlate1d,
    correlate2d,
    depthwise_conv2d,
    depthwise_separable_conv2d,
    flip,
    pad2d,
    pointwise_conv2d,
    transposed_conv2d,
)

quick = settings(max_examples=60, deadline=None)
seeds = st.integers(0, 2**32 - 1)
modes = pytest.mark.parametrize("mode", ["full", "same", "valid"])
X = np.arange(1, 17).reshape(4, 4)
K = np.array([[1, 2], [3, 4]])


def normal(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


def inner(a, b):
    return float(np.vdot(a, b))


@st.composite
def signals(draw, rank, mode):
    k_shape = tuple(draw(st.integers(1, 4)) for _ in range(rank))
    least = k_shape if mode == "valid" else (1,) * rank
    x_shape = tuple(draw(st.integers(f, f + 4)) for f in least)
    return normal(draw(seeds), x_shape, k_shape)


@st.composite
def layers(draw):
    """A random layer: x, w, b, and how the window moves."""
    axis = st.tuples(*(st.integers(*ends) for ends in ((1, 3), (1, 3), (0, 3), (1, 3), (0, 4))))
    (kh, sh, ph, dh, eh), (kw, sw, pw, dw, ew) = draw(axis), draw(axis)
    height = max(1, dh * (kh - 1) + 1 - 2 * ph) + eh
    width = max(1, dw * (kw - 1) + 1 - 2 * pw) + ew
    n, g, c, o = (draw(st.integers(1, most)) for most in (2, 3, 2, 2))
    x, w, b = normal(draw(seeds), (n, g * c, height, width), (g * o, c, kh, kw), (g * o,))
    return x, w, b, {"stride": (sh, sw), "padding": (ph, pw), "dilation": (dh, dw), "groups": g}


def places(x, w, y, stride, padding, dilation, groups):
    """The places in y, w and x that meet in one product of the definition."""
    (sh, sw), (ph, pw), (dh, dw) = stride, padding, dilation
    (o_channels, c_channels, kh, kw), (n_images, _, oh, ow) = w.shape, y.shape
    ranges = map(range, (n_images, o_channels, c_channels, kh, kw, oh, ow))
    for n, o, c, i, j, t, u in itertools.product(*ranges):
        group = o // (o_channels // groups)
        row, column = sh * t + dh * i - ph, sw * u + dw * j - pw
        if 0 <= row < x.shape[2] and 0 <= column < x.shape[3]:
            yield (n, o, t, u), (o, c, i, j), (n, group * c_channels + c, row, column)


# the signal-processing form


@modes
def test_1d_forms_agree_with_scipy(mode):
    @quick
    @given(signals(1, mode))
    def check(drawn):
        x, k = drawn
        np.testing.assert_allclose(correlate1d(x, k, mode), signal.correlate(x, k, mode), atol=1e-12)
        np.testing.assert_allclose(convolve1d(x, k, mode), signal.convolve(x, k, mode), atol=1e-12)

    check()


@modes
def test_2d_forms_agree_with_scipy(mode):
    @quick
    @given(signals(2, mode))
    def check(drawn):
        x, k = drawn
        np.testing.assert_allclose(correlate2d(x, k, mode), signal.correlate(x, k, mode), atol=1e-12)
        np.testing.assert_allclose(convolve2d(x, k, mode), signal.convolve(x, k, mode), atol=1e-12)
        np.testing.assert_allclose(convolve2d(x, k, mode), signal.convolve2d(x, k, mode), atol=1e-12)

    check()


def test_valid_is_the_default_mode():
    np.testing.assert_array_equal(correlate1d([1, 2, 3], [1, 1]), [3, 5])
    np.testing.assert_array_equal(convolve1d([1, 2, 3], [2, 1]), [5, 8])
    assert correlate2d(X, K).shape == convolve2d(X, K).shape == (3, 3)


@modes
def test_2d_correlation_agrees_with_scipy_correlate2d_for_odd_kernels(mode):
    x, k = normal(0, (6, 7), (3, 5))
    np.testing.assert_allclose(correlate2d(x, k, mode), signal.correlate2d(x, k, mode), atol=1e-12)


def test_scipy_correlate2d_alone_centres_an_even_kernel_one_cell_later():
    x, k = normal(0, (6, 7), (2, 4))
    full = correlate2d(x, k, "full")
    np.testing.assert_allclose(correlate2d(x, k, "same"), full[0:6, 1:8], atol=1e-12)
    np.testing.assert_allclose(signal.correlate2d(x, k, "same"), full[1:7, 2:9], atol=1e-12)


@modes
def test_convolution_is_correlation_with_the_flipped_kernel(mode):
    x, k = normal(1, (5, 6), (4, 3))
    np.testing.assert_array_equal(convolve2d(x, k, mode), correlate2d(x, k[::-1, ::-1], mode))
    np.testing.assert_array_equal(convolve1d(x[0], k[0], mode), correlate1d(x[0], k[0, ::-1], mode))


def test_correlation_and_convolution_give_the_numbers_of_question_14():
    xcorr = [[44, 54, 64], [84, 94, 104], [124, 134, 144]]
    np.testing.assert_array_equal(correlate2d(X, K), xcorr)
    np.testing.assert_array_equal(conv2d(X[None, None], K[None, None])[0, 0], xcorr)
    np.testing.assert_array_equal(convolve2d(X, K), [[26, 36, 46], [66, 76, 86], [106, 116, 126]])
    np.testing.assert_array_equal(convolve1d([1, 2, 3], [1, 0, -1], "full"), [1, 2, 2, -2, -3])
    np.testing.assert_array_equal(correlate1d([1, 2, 3], [1, 0, -1], "full"), [-1, -2, -2, 2, 3])


def test_the_impulse_response_of_a_convolution_is_the_kernel():
    impulse, k = np.zeros((5, 5)), np.arange(1, 10).reshape(3, 3)
    impulse[2, 2] = 1
    np.testing.assert_array_equal(convolve2d(impulse, k), k)
    np.testing.assert_array_equal(correlate2d(impulse, k), k[::-1, ::-1])


@quick
@given(signals(2, "full"))
def test_full_convolution_commutes(drawn):
    x, k = drawn
    np.testing.assert_allclose(convolve2d(x, k, "full"), convolve2d(k, x, "full"), atol=1e-12)


@quick
@given(signals(2, "full"), signals(2, "full"))
def test_full_convolution_is_associative(first, second):
    (x, k), (_, m) = first, second
    one = convolve2d(convolve2d(x, k, "full"), m, "full")
    other = convolve2d(x, convolve2d(k, m, "full"), "full")
    np.testing.assert_allclose(one, other, atol=1e-11)


def test_correlation_neither_commutes_nor_associates():
    x, k, m = normal(0, (5, 5), (3, 3), (3, 3))
    assert abs(correlate2d(x, k, "full") - correlate2d(k, x, "full")).max() > 1
    one = correlate2d(correlate2d(x, k, "full"), m, "full")
    assert abs(one - correlate2d(x, correlate2d(k, m, "full"), "full")).max() > 1


def test_full_convolution_is_a_product_of_fourier_transforms():
    x, k = normal(0, (6, 5), (3, 4))
    product = np.fft.rfft2(x, (8, 8)) * np.fft.rfft2(k, (8, 8))
    np.testing.assert_allclose(convolve2d(x, k, "full"), np.fft.irfft2(product, (8, 8)), atol=1e-12)


def test_a_symmetric_kernel_hides_the_flip_and_sobel_shows_only_its_sign():
    (x,) = normal(0, (6, 6))
    gaussian = np.outer([1, 2, 1], [1, 2, 1]) / 16
    sobel = np.outer([1, 2, 1], [1, 0, -1])
    np.testing.assert_allclose(convolve2d(x, gaussian), correlate2d(x, gaussian), atol=1e-14)
    np.testing.assert_allclose(convolve2d(x, sobel), -correlate2d(x, sobel), atol=1e-13)


def test_flip_turns_the_last_two_axes_and_leaves_the_channels():
    (w,) = normal(0, (2, 3, 4, 5))
    np.testing.assert_array_equal(flip(w), w[:, :, ::-1, ::-1])
    np.testing.assert_array_equal(flip(w[0, 0, 0]), w[0, 0, 0, ::-1])
    np.testing.assert_array_equal(flip(flip(w)), w)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_signal_forms_keep_the_dtype(dtype):
    x, k = X.astype(dtype), K.astype(dtype)
    assert correlate2d(x, k).dtype == convolve2d(x, k, "full").dtype == flip(k).dtype == dtype
    assert correlate1d(x[0], k[0]).dtype == convolve1d(x[0], k[0], "same").dtype == dtype


@pytest.mark.parametrize("operation", [correlate1d, convolve1d, correlate2d, convolve2d])
def test_signal_forms_refuse_bad_input(operation):
    rank = 1 if operation in (correlate1d, convolve1d) else 2
    x, k = np.ones((4, 4)[:rank]), np.ones((2, 2)[:rank])
    with pytest.raises(ValueError, match=r"^mode must be 'full', 'same' or 'valid', got 'sane'$"):
        operation(x, k, "sane")
    with pytest.raises(ValueError, match=rf"^x must have {rank} dimensions, got {rank + 1} "):
        operation(x[None], k)
    with pytest.raises(ValueError, match=rf"^k must have {rank} dimensions, got {rank + 1} "):
        operation(x, k[None])
    with pytest.raises(ValueError, match=rf"^x must not be empty, got shape {re.escape(str(x[:0].shape))}$"):
        operation(x[:0], k, "full")
    with pytest.raises(TypeError, match=r"^k must be an array of real numbers, got dtype complex128$"):
        operation(x, k * 1j)


def test_an_empty_kernel_is_refused():
    with pytest.raises(ValueError, match=r"^k must not be empty, got shape \(2, 0\)$"):
        correlate2d(X, np.ones((2, 0)), "full")


@pytest.mark.parametrize("shape", [(5, 1), (1, 5)])
def test_a_valid_kernel_larger_than_the_input_is_refused_rather_than_swapped(shape):
    message = f"k must fit in x in mode 'valid', got k shape {shape} and x shape (4, 4)"
    for operation in (correlate2d, convolve2d):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            operation(X, np.ones(shape))
    assert correlate2d(X, np.ones((4, 4))).shape == (1, 1)


def test_flip_refuses_a_scalar():
    with pytest.raises(ValueError, match=r"^k must have at least 1 dimension, got 3$"):
        flip(3)


# conv2d


@quick
@given(layers())
def test_conv2d_is_the_sum_of_its_definition(layer):
    x, w, b, window = layer
    y = conv2d(x, w, b, **window)
    expected = np.zeros_like(y) + b[:, None, None]
    for out, kernel, place in places(x, w, y, **window):
        expected[out] += w[kernel] * x[place]
    np.testing.assert_allclose(y, expected, atol=1e-12)


@quick
@given(layers())
def test_conv2d_is_scipy_correlation_with_zero_stuffed_kernels_subsampled(layer):
    x, w, _, window = layer
    (sh, sw), (ph, pw), (dh, dw), groups = window.values()
    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    stuffed = np.zeros((*w.shape[:2], dh * (w.shape[2] - 1) + 1, dw * (w.shape[3] - 1) + 1))
    stuffed[:, :, ::dh, ::dw] = w
    y, per_group = conv2d(x, w, **window), len(w) // groups
    for n, o in np.ndindex(*y.shape[:2]):
        mine = padded[n].reshape(groups, w.shape[1], *padded.shape[2:])[o // per_group]
        expected = sum(signal.correlate2d(a, k, "valid") for a, k in zip(mine, stuffed[o], strict=True))
        np.testing.assert_allclose(y[n, o], expected[::sh, ::sw], atol=1e-12)


@quick
@given(layers(), seeds)
def test_conv2d_is_linear_in_the_input_and_in_the_weight(layer, seed):
    x, w, _, window = layer
    x2, w2 = normal(seed, x.shape, w.shape)
    y = conv2d(x, w, **window)
    np.testing.assert_allclose(
        conv2d(2 * x - 3 * x2, w, **window), 2 * y - 3 * conv2d(x2, w, **window), atol=1e-11
    )
    np.testing.assert_allclose(
        conv2d(x, 2 * w - 3 * w2, **window), 2 * y - 3 * conv2d(x, w2, **window), atol=1e-11
    )


@quick
@given(layers())
def test_shifting_the_input_by_the_stride_shifts_the_output_by_one(layer):
    x, w, _, window = layer
    (sh, sw), wide = window["stride"], ((0, 0), (0, 0), (12, 12), (12, 12))
    x = np.pad(x, wide)
    y = conv2d(x, w, **window)
    moved = conv2d(np.roll(x, (sh, sw), axis=(2, 3)), w, **window)
    np.testing.assert_allclose(moved[:, :, 1:, 1:], y[:, :, :-1, :-1], atol=1e-12)


@quick
@given(layers())
def test_stride_is_a_subsampled_stride_of_one(layer):
    x, w, b, window = layer
    sh, sw = window["stride"]
    dense = conv2d(x, w, b, **{**window, "stride": 1})
    np.testing.assert_allclose(conv2d(x, w, b, **window), dense[:, :, ::sh, ::sw], atol=1e-12)


@quick
@given(layers())
def test_dilation_is_a_zero_stuffed_kernel(layer):
    x, w, b, window = layer
    dh, dw = window["dilation"]
    stuffed = np.zeros((*w.shape[:2], dh * (w.shape[2] - 1) + 1, dw * (w.shape[3] - 1) + 1))
    stuffed[:, :, ::dh, ::dw] = w
    standard = conv2d(x, stuffed, b, **{**window, "dilation": 1})
    np.testing.assert_allclose(conv2d(x, w, b, **window), standard, atol=1e-12)


@quick
@given(layers())
def test_grouped_convolution_is_standard_with_a_block_diagonal_weight(layer):
    x, w, b, window = layer
    standard = block_diagonal_weight(w, window["groups"])
    assert standard.shape == (w.shape[0], x.shape[1], *w.shape[2:])
    np.testing.assert_allclose(
        conv2d(x, w, b, **window), conv2d(x, standard, b, **{**window, "groups": 1}), atol=1e-12
    )


def test_one_integer_stands_for_both_axes():
    x, w = normal(0, (1, 1, 9, 9), (1, 1, 3, 3))
    one = conv2d(x, w, stride=2, padding=1, dilation=3)
    np.testing.assert_array_equal(one, conv2d(x, w, stride=(2, 2), padding=[1, 1], dilation=(3, 3)))
    np.testing.assert_array_equal(pad2d(x, 2), np.pad(x, ((0, 0), (0, 0), (2, 2), (2, 2))))


def test_pad2d_surrounds_each_image_with_the_value():
    x = np.float32([[[[1, 2]]]])
    padded = pad2d(x, (1, 0), -np.inf)
    assert padded.dtype == np.float32
    np.testing.assert_array_equal(padded[0, 0], [[-np.inf] * 2, [1, 2], [-np.inf] * 2])


@pytest.mark.parametrize("shape", [(5, 1, 200, 170), (3, 1, 300, 300)])
def test_a_batch_too_large_for_the_cache_is_still_the_images_one_by_one(shape):
    # Two images and one image at a time.
    x, w, dy = normal(0, shape, (2, 1, 1, 3), (shape[0], 2, shape[2], shape[3] - 2))
    y, pullback = conv2d_vjp(x, w)
    dx, dw, _ = pullback(dy)
    alone = [conv2d_vjp(x[[n]], w) for n in range(len(x))]
    grads = [pull(dy[[n]]) for n, (_, pull) in enumerate(alone)]
    np.testing.assert_array_equal(y, np.concatenate([out for out, _ in alone]))
    np.testing.assert_array_equal(dx, np.concatenate([grad[0] for grad in grads]))
    np.testing.assert_allclose(dw, sum(grad[1] for grad in grads), rtol=1e-10)


def test_an_empty_batch_gives_an_empty_output_and_zero_gradients():
    w, b = normal(0, (4, 3, 3, 3), (4,))
    y, pullback = conv2d_vjp(np.ones((0, 3, 5, 6)), w, b)
    dx, dw, db = pullback(y)
    assert y.shape == (0, 4, 3, 4)
    assert dx.shape == (0, 3, 5, 6)
    assert not dw.any()
    assert dw.shape == w.shape
    np.testing.assert_array_equal(db, np.zeros(4))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_layers_keep_the_dtype(dtype):
    x, w, b = (a.astype(dtype) for a in normal(0, (2, 4, 6, 6), (4, 4, 3, 3), (4,)))
    y, pullback = conv2d_vjp(x, w, b, stride=2, padding=1)
    assert [a.dtype for a in (y, *pullback(y))] == [dtype] * 4
    assert transposed_conv2d(x, w, b).dtype == dtype
    assert depthwise_separable_conv2d(x, w[:, :1], w[:, :, :1, :1], b).dtype == dtype
    assert block_diagonal_weight(w, 2).dtype == pad2d(x, 1).dtype == dtype


def test_integers_become_float64():
    assert conv2d(np.ones((1, 1, 2, 2), int), np.ones((1, 1, 1, 1), int)).dtype == np.float64


def test_layers_leave_their_arguments_alone():
    x, w, b = normal(0, (2, 4, 6, 6), (4, 2, 3, 3), (4,))
    copies = x.copy(), w.copy(), b.copy()
    y, pullback = conv2d_vjp(x, w, b, padding=1, groups=2)
    dy = y.copy()
    pullback(dy)
    for after, before in zip((x, w, b, dy), (*copies, y), strict=True):
        np.testing.assert_array_equal(after, before)


# gradients


@quick
@given(layers(), seeds)
def test_the_gradients_are_the_adjoints_of_a_map_linear_in_each_argument(layer, seed):
    x, w, b, window = layer
    y, pullback = conv2d_vjp(x, w, b, **window)
    np.testing.assert_array_equal(y, conv2d(x, w, b, **window))
    dy, x2, w2, b2 = normal(seed, y.shape, x.shape, w.shape, b.shape)
    dx, dw, db = pullback(dy)
    assert (dx.shape, dw.shape, db.shape) == (x.shape, w.shape, b.shape)
    assert math.isclose(inner(dx, x2), inner(dy, conv2d(x2, w, **window)), abs_tol=1e-10)
    assert math.isclose(inner(dw, w2), inner(dy, conv2d(x, w2, **window)), abs_tol=1e-10)
    assert math.isclose(inner(db, b2), inner(dy, np.zeros_like(y) + b2[:, None, None]), abs_tol=1e-10)


@quick
@given(layers(), seeds)
def test_the_gradients_are_the_sums_of_their_definition(layer, seed):
    x, w, b, window = layer
    y, pullback = conv2d_vjp(x, w, b, **window)
    (dy,) = normal(seed, y.shape)
    dx, dw, db = pullback(dy)
    expected_dx, expected_dw = np.zeros_like(x), np.zeros_like(w)
    for out, kernel, place in places(x, w, y, **window):
        expected_dx[place] += dy[out] * w[kernel]
        expected_dw[kernel] += dy[out] * x[place]
    np.testing.assert_allclose(dx, expected_dx, atol=1e-12)
    np.testing.assert_allclose(dw, expected_dw, atol=1e-12)
    np.testing.assert_allclose(db, dy.sum(axis=(0, 2, 3)), atol=1e-12)


def test_the_gradients_are_central_differences_of_a_nonlinear_loss():
    window = {"stride": (2, 1), "padding": (1, 2), "dilation": (1, 2), "groups": 2}
    arguments = normal(0, (2, 4, 5, 4), (6, 2, 3, 2), (6,))

    def loss():
        return np.sin(conv2d(*arguments, **window)).sum()

    y, pullback = conv2d_vjp(*arguments, **window)
    for argument, gradient in zip(arguments, pullback(np.cos(y)), strict=True):
        for place in itertools.islice(np.ndindex(argument.shape), 0, None, 7):
            middle, step = argument[place], 1e-6
            argument[place] = middle + step
            above = loss()
            argument[place] = middle - step
            below = loss()
            argument[place] = middle
            assert math.isclose(gradient[place], (above - below) / (2 * step), abs_tol=1e-7)


def test_back_propagation_to_the_input_is_a_full_true_convolution():
    x, w, dy = (
        np.ones((1, 1, 5, 6)),
        np.arange(1.0, 7).reshape(1, 1, 2, 3),
        np.arange(16.0).reshape(1, 1, 4, 4),
    )
    _, pullback = conv2d_vjp(x, w)
    dx, dw, _ = pullback(dy)
    np.testing.assert_array_equal(dx[0, 0], signal.convolve2d(dy[0, 0], w[0, 0], "full"))
    np.testing.assert_array_equal(dx[0, 0], convolve2d(dy[0, 0], w[0, 0], "full"))
    np.testing.assert_array_equal(dw[0, 0], correlate2d(x[0, 0], dy[0, 0]))


def test_without_a_bias_there_is_no_bias_gradient():
    x, w = normal(0, (1, 2, 4, 4), (3, 2, 3, 3))
    y, pullback = conv2d_vjp(x, w)
    assert pullback(y)[2] is None


def test_pullback_refuses_a_gradient_of_another_shape():
    y, pullback = conv2d_vjp(np.ones((1, 1, 4, 4)), np.ones((1, 1, 3, 3)))
    with pytest.raises(ValueError, match=r"^dy must have shape \(1, 1, 2, 2\), got \(2, 2\)$"):
        pullback(y[0, 0])
    with pytest.raises(TypeError, match=r"^dy must be an array of real numbers, got dtype bool$"):
        pullback(y > 0)


# transposed_conv2d


@quick
@given(layers(), st.data())
def test_transposed_convolution_stamps_its_kernel_and_crops_the_padding(layer, data):
    y, w, _, window = layer
    (sh, sw), (ph, pw), (dh, dw), groups = window.values()
    y = np.concatenate([y] * (len(w) // y.shape[1] + 1), axis=1)[:, : len(w)]
    extra = tuple(data.draw(st.integers(0, max(s, d) - 1)) for s, d in ((sh, dh), (sw, dw)))
    reach = [d * (f - 1) for d, f in ((dh, w.shape[2]), (dw, w.shape[3]))]
    size = [s * (m - 1) + 1 + r + a for s, m, r, a in zip((sh, sw), y.shape[2:], reach, extra, strict=True)]
    (b,) = normal(data.draw(seeds), (groups * w.shape[1],))
    canvas = np.zeros((len(y), len(b), *size))
    per_group = len(w) // groups
    for n, o, t, u in np.ndindex(*y.shape):
        for c, i, j in np.ndindex(*w.shape[1:]):
            channel = o // per_group * w.shape[1] + c
            canvas[n, channel, sh * t + dh * i, sw * u + dw * j] += y[n, o, t, u] * w[o, c, i, j]
    if size[0] <= 2 * ph or size[1] <= 2 * pw:
        with pytest.raises(ValueError, match=r"^padding must leave an output, got padding"):
            transposed_conv2d(y, w, b, output_padding=extra, **window)
        return
    expected = canvas[:, :, ph : size[0] - ph, pw : size[1] - pw] + b[:, None, None]
    np.testing.assert_allclose(
        transposed_conv2d(y, w, b, output_padding=extra, **window), expected, atol=1e-12
    )


@quick
@given(layers(), seeds)
def test_transposed_convolution_is_the_adjoint_of_the_convolution(layer, seed):
    x, w, _, window = layer
    y = conv2d(x, w, **window)
    (z,) = normal(seed, y.shape)
    least = transposed_conv2d(z, w, **{**window, "padding": 0})
    padded = [size + 2 * p for size, p in zip(x.shape[2:], window["padding"], strict=True)]
    unseen = tuple(have - size for have, size in zip(padded, least.shape[2:], strict=True))
    back = transposed_conv2d(z, w, output_padding=unseen, **window)
    assert back.shape == x.shape
    assert math.isclose(inner(y, z), inner(x, back), abs_tol=1e-10)


def test_a_transposed_convolution_by_hand():
    x, w = [[[[1, 10]]]], [[[[1, 2], [3, 4]]]]
    np.testing.assert_array_equal(transposed_conv2d(x, w)[0, 0], [[1, 12, 20], [3, 34, 40]])
    np.testing.assert_array_equal(transposed_conv2d(x, w, stride=2)[0, 0], [[1, 2, 10, 20], [3, 4, 30, 40]])
    np.testing.assert_array_equal(transposed_conv2d(x, w, padding=(0, 1))[0, 0], [[12], [34]])


# the special cases


@quick
@given(layers(), st.integers(1, 3), seeds)
def test_depthwise_convolution_convolves_each_channel_with_its_own_kernels(layer, multiplier, seed):
    x, w, _, window = layer
    del window["groups"]
    channels = x.shape[1]
    w, b = normal(seed, (multiplier * channels, 1, *w.shape[2:]), (multiplier * channels,))
    y = depthwise_conv2d(x, w, b, **window)
    for o in range(multiplier * channels):
        c = o // multiplier
        alone = conv2d(x[:, [c]], w[[o]], b[[o]], **window)
        np.testing.assert_allclose(y[:, [o]], alone, atol=1e-12)


@quick
@given(layers(), seeds)
def test_pointwise_convolution_multiplies_every_pixel_by_one_matrix(layer, seed):
    x, _, _, window = layer
    (sh, sw) = window["stride"]
    w, b = normal(seed, (4, x.shape[1], 1, 1), (4,))
    pixels = np.moveaxis(x[:, :, ::sh, ::sw], 1, -1)
    expected = np.moveaxis(pixels @ w[:, :, 0, 0].T + b, -1, 1)
    np.testing.assert_allclose(pointwise_conv2d(x, w, b, stride=(sh, sw)), expected, atol=1e-12)


@quick
@given(layers(), seeds)
def test_a_depthwise_separable_convolution_is_a_standard_one_of_rank_one_per_channel(layer, seed):
    x, w, _, window = layer
    del window["groups"]
    channels = x.shape[1]
    w_depth, w_point, b = normal(seed, (channels, 1, *w.shape[2:]), (5, channels, 1, 1), (5,))
    standard = w_point * w_depth[:, 0]
    np.testing.assert_allclose(
        depthwise_separable_conv2d(x, w_depth, w_point, b, **window),
        conv2d(x, standard, b, **window),
        atol=1e-11,
    )


def test_the_special_cases_default_to_a_stride_of_one_without_padding_or_dilation():
    x, w_depth, w_point = normal(0, (1, 2, 6, 7), (2, 1, 3, 3), (4, 2, 1, 1))
    window = {"stride": 1, "padding": 0, "dilation": 1}
    depthwise = depthwise_conv2d(x, w_depth, **window)
    np.testing.assert_array_equal(depthwise_conv2d(x, w_depth), depthwise)
    np.testing.assert_array_equal(pointwise_conv2d(x, w_point), pointwise_conv2d(x, w_point, stride=1))
    np.testing.assert_array_equal(
        depthwise_separable_conv2d(x, w_depth, w_point), pointwise_conv2d(depthwise, w_point)
    )


def test_depthwise_is_standard_with_75_of_225_weights_as_in_question_5():
    x, w = normal(0, (1, 3, 7, 7), (3, 1, 5, 5))
    standard = block_diagonal_weight(w, 3)
    assert (standard.size, np.count_nonzero(standard)) == (225, 75)
    assert abs(depthwise_conv2d(x, w) - conv2d(x, standard)).max() < 1e-14
    more = x.copy()
    more[:, 1] += 1
    changed = np.any(depthwise_conv2d(more, w) != depthwise_conv2d(x, w), axis=(0, 2, 3))
    np.testing.assert_array_equal(changed, [False, True, False])
    (full,) = normal(1, (3, 3, 5, 5))
    changed = np.any(conv2d(more, full) != conv2d(x, full), axis=(0, 2, 3))
    np.testing.assert_array_equal(changed, [True, True, True])


# bad input


def test_depthwise_convolution_says_why_three_channels_cannot_become_eight():
    message = (
        "out_channels must be a multiple of in_channels=3 in a depthwise convolution (groups=3): "
        "each input channel owns the same number of kernels, got out_channels=8"
    )
    with pytest.raises(ValueError, match=f"^w: {re.escape(message)}$"):
        depthwise_conv2d(np.ones((1, 3, 7, 7)), np.ones((8, 1, 5, 5)))
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        conv2d(np.ones((1, 3, 7, 7)), np.ones((8, 1, 5, 5)), groups=3)


def test_groups_must_divide_the_input_and_the_output_channels():
    x = np.ones((1, 4, 5, 5))
    with pytest.raises(ValueError, match=r"^in_channels must be divisible by groups=3, got in_channels=4$"):
        conv2d(x, np.ones((3, 1, 3, 3)), groups=3)
    with pytest.raises(ValueError, match=r"^out_channels must be divisible by groups=2, got out_channels=3$"):
        conv2d(x, np.ones((3, 2, 3, 3)), groups=2)
    with pytest.raises(ValueError, match=r"^in_channels must be divisible by groups=3, got in_channels=4$"):
        transposed_conv2d(x, np.ones((4, 1, 3, 3)), groups=3)
    with pytest.raises(ValueError, match=r"^out_channels must be divisible by groups=2, got out_channels=3$"):
        block_diagonal_weight(np.ones((3, 2, 3, 3)), 2)


@pytest.mark.parametrize("function", [conv2d, conv2d_vjp, transposed_conv2d])
def test_layers_refuse_wrong_ranks_and_sizes(function):
    x, w = np.ones((1, 2, 4, 4)), np.ones((2, 2, 3, 3))
    with pytest.raises(ValueError, match=r"^x must have 4 dimensions, got 3 "):
        function(x[0], w)
    with pytest.raises(ValueError, match=r"^w must have 4 dimensions, got 2 "):
        function(x, w[0, 0])
    with pytest.raises(ValueError, match=r"^b must have out_channels=2 values, got shape \(3,\)$"):
        function(x, w, np.ones(3))
    with pytest.raises(ValueError, match=r"^b must have 1 dimensions, got 0 "):
        function(x, w, 1.0)
    with pytest.raises(ValueError, match=r"^w must not be empty, got shape \(2, 2, 0, 3\)$"):
        function(x, w[:, :, :0])
    message = r"^x must have channels, height and width of at least 1, got shape \(1, 2, 0, 4\)$"
    with pytest.raises(ValueError, match=message):
        function(x[:, :, :0], w, padding=2)
    with pytest.raises(ValueError, match=r"^groups must be a positive integer, got 0$"):
        function(x, w, groups=0)
    with pytest.raises(TypeError, match=r"^groups must be a positive integer, got 1.0 \(float\)$"):
        function(x, w, groups=1.0)
    with pytest.raises(ValueError, match=r"^stride\[1\] must be a positive integer, got 0$"):
        function(x, w, stride=(1, 0))
    with pytest.raises(ValueError, match=r"^padding must be a non-negative integer, got -1$"):
        function(x, w, padding=-1)
    with pytest.raises(ValueError, match=r"^dilation must be a positive integer, got 0$"):
        function(x, w, dilation=0)
    with pytest.raises(TypeError, match=r"^stride must be a positive integer, got True \(bool\)$"):
        function(x, w, stride=True)


def test_conv2d_refuses_a_weight_for_other_channels():
    message = (
        "w must have in_channels/groups=4/2 input channels per kernel, got 4 "
        "(w shape (2, 4, 3, 3), x shape (1, 4, 5, 5))"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        conv2d(np.ones((1, 4, 5, 5)), np.ones((2, 4, 3, 3)), groups=2)
    with pytest.raises(ValueError, match=r"^w must have in_channels=4 kernels, got w shape \(2, 4, 3, 3\)$"):
        transposed_conv2d(np.ones((1, 4, 5, 5)), np.ones((2, 4, 3, 3)))


def test_a_kernel_must_fit_in_the_padded_input():
    x, w = np.ones((1, 1, 4, 4)), np.ones((1, 1, 3, 3))
    message = (
        "kernel_size must fit in the padded input, got kernel_size 3 with dilation 4 (span 9) on n 4 with "
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}padding 2"):
        conv2d(x, w, padding=2, dilation=4)
    assert conv2d(x, w, padding=3, dilation=4).shape == (1, 1, 2, 2)


def test_transposed_convolution_refuses_an_output_padding_as_large_as_the_stride():
    x, w = np.ones((1, 1, 4, 4)), np.ones((1, 1, 3, 3))
    with pytest.raises(
        ValueError, match=r"^output_padding must be smaller than stride or dilation, got .* 2 "
    ):
        transposed_conv2d(x, w, stride=2, output_padding=2)
    with pytest.raises(ValueError, match=r"^output_padding must be a non-negative integer, got -1$"):
        transposed_conv2d(x, w, output_padding=-1)


def test_pointwise_convolution_refuses_larger_kernels():
    message = r"^w must have 1x1 kernels in a pointwise convolution, got shape \(2, 3, 1, 2\)$"
    with pytest.raises(ValueError, match=message):
        pointwise_conv2d(np.ones((1, 3, 5, 5)), np.ones((2, 3, 1, 2)))


def test_pad2d_and_block_diagonal_weight_refuse_bad_input():
    with pytest.raises(ValueError, match=r"^x must have 4 dimensions, got 2 "):
        pad2d(X, 1)
    with pytest.raises(ValueError, match=r"^padding\[0\] must be a non-negative integer, got -1$"):
        pad2d(X[None, None], (-1, 0))
    with pytest.raises(ValueError, match=r"^w must have 4 dimensions, got 2 "):
        block_diagonal_weight(X, 1)
    with pytest.raises(ValueError, match=r"^groups must be a positive integer, got 0$"):
        block_diagonal_weight(X[None, None], 0)
