import re

import numpy as np
import pytest

from dlnotes.convolution import convolve1d, convolve2d, correlate1d, correlate2d, flip
from dlnotes.figures import convolution_correlation

X = np.arange(1, 17).reshape(4, 4)
K = np.array([[1, 2], [3, 4]])
DIGITS = np.arange(1, 10).reshape(3, 3)

PICTURES = {
    "window_products": lambda: convolution_correlation.window_products(X, K, "convolve"),
    "impulse_responses": lambda: convolution_correlation.impulse_responses(DIGITS),
    "swapped_operands": lambda: convolution_correlation.swapped_operands([1, 2, 3], [1, 0, -1]),
    "kernels_side_by_side": lambda: convolution_correlation.kernels_side_by_side(
        {"참": ("target", DIGITS / 10)}
    ),
    "cost_curves": lambda: convolution_correlation.cost_curves([2, 1e-4], [2, 1e-4]),
    "gather_and_return": convolution_correlation.gather_and_return,
}


def words(picture, panel=0):
    return re.findall(r"<text[^>]*>([^<]*)</text>", picture.panels[panel])


def as_numbers(values):
    return [f"{value:.0f}".replace("-", "−") for value in np.ravel(values)]


@pytest.mark.full
@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_a_picture_has_the_same_bytes_twice(draw):
    assert draw().panels == draw().panels


@pytest.mark.parametrize(
    ("operation", "laid", "y", "total"),
    [
        ("correlate", K, correlate2d(X, K), "1·1 + 2·2 + 5·3 + 6·4 = 44"),
        ("convolve", flip(K), convolve2d(X, K), "1·4 + 2·3 + 5·2 + 6·1 = 26"),
    ],
)
def test_only_the_convolution_lays_the_kernel_on_the_window_flipped(operation, laid, y, total):
    written = words(convolution_correlation.window_products(X, K, operation))
    assert [word for word in written if word.startswith("×")] == [f"×{n}" for n in as_numbers(laid)]
    assert written[-10:-1] == as_numbers(y)
    assert written[-1] == total


def test_an_impulse_prints_the_kernel_by_convolution_and_the_flipped_kernel_by_correlation():
    numbers = [word for word in words(convolution_correlation.impulse_responses(DIGITS)) if word.isdigit()]
    forward, backward = as_numbers(DIGITS), as_numbers(flip(DIGITS))
    assert numbers == ["1", *forward, *forward, *backward]


def test_swapping_leaves_the_convolution_and_reverses_the_correlation():
    x, k = [1, 2, 3], [1, 0, -1]
    numbers = [
        word for word in words(convolution_correlation.swapped_operands(x, k)) if re.fullmatch(r"−?\d", word)
    ]
    stamped, seen = convolve1d(x, k, "full"), correlate1d(x, k, "full")
    assert numbers == as_numbers([*x, *k, *stamped, *stamped, *seen, *seen[::-1]])


def test_kernels_show_their_values_and_no_negative_zero():
    kernel = np.array([[-1e-12, 0.1], [0.24, -0.5]])
    written = words(convolution_correlation.kernels_side_by_side({"둘째\n줄": ("kernel", kernel)}))
    assert sorted(written) == sorted(["둘째", "줄", "0.0", "0.1", "0.2", "−0.5"])


def test_cost_curves_name_the_first_and_the_last_cost():
    written = words(convolution_correlation.cost_curves([2.0307, 1.5, 9e-19], [2.0307, 1.5, 9e-19]))
    assert "처음 2.031" in written
    assert {"끝 9×10", "−19"} <= set(written)


def test_the_kernel_is_read_backwards_on_the_way_back():
    picture = convolution_correlation.gather_and_return("abc")
    assert [word for word in words(picture) if word in "abc"] == ["a", "b", "c"]
    assert [word for word in words(picture, 1) if word in "abc"] == ["c", "b", "a"]
