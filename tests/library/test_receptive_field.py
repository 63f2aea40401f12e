from dataclasses import FrozenInstanceError
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import signal

from dlnotes.layers import AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d
from dlnotes.networks import TINY_YOLO_V1
from dlnotes.receptive_field import (
    ReceptiveField,
    Window,
    empirical_interval,
    footprint,
    interval,
    receptive_field,
    receptive_fields,
    share_within,
)


@st.composite
def windows(draw, dilation=3, stride=3):
    """A window whose padding is narrower than its kernel."""
    k, s, d = draw(st.integers(1, 4)), draw(st.integers(1, stride)), draw(st.integers(1, dilation))
    padding = draw(st.tuples(st.integers(0, k - 1), st.integers(0, k - 1)))
    return Window(k, s, padding, d)


def stack(axis0, axis1=None):
    """Layers that have nothing but windows."""
    return [SimpleNamespace(windows=pair) for pair in zip(axis0, axis1 or axis0, strict=True)]


def dense(window, n):
    """The averaging layer as a matrix (outputs, inputs), tap by tap as the definition says."""
    k, s, (before, after), d = window
    outputs = len(range(0, n + before + after - d * (k - 1), s))
    matrix = np.zeros((outputs, n))
    for i in range(outputs):
        for tap in range(k):
            position = i * s - before + tap * d
            if 0 <= position < n:
                matrix[i, position] += 1 / k
    return matrix


def product(chain, n):
    """The whole stack as one matrix, or None if some window does not fit."""
    matrix = np.eye(n)
    for window in chain:
        layer = dense(window, len(matrix))
        if not len(layer):
            return None
        matrix = layer @ matrix
    return matrix


chains = st.lists(windows(), max_size=4)
tight = st.lists(windows(dilation=1), max_size=4)
quick = settings(max_examples=150, deadline=None)


@given(chains, st.integers(1, 40))
@quick
def test_the_footprint_is_a_row_of_the_product_of_the_averaging_matrices(chain, n):
    matrix = product(chain, n)
    assume(matrix is not None)
    for i, row in enumerate(matrix):
        np.testing.assert_allclose(footprint(stack(chain), n, i), row, atol=1e-15)


@given(chains)
@quick
def test_the_receptive_field_is_the_support_of_the_gradient_away_from_the_border(chain):
    field = receptive_field(stack(chain))
    i = -(-max(0, -field.start) // field.stride) + 30
    n = field.start + i * field.stride + field.size + 200
    seen = np.flatnonzero(footprint(stack(chain), n, i))
    assert seen[0] == field.start + i * field.stride
    assert seen[-1] - seen[0] + 1 == field.size
    assert interval(stack(chain), i) == (seen[0], seen[-1])


@given(tight, st.integers(1, 40))
@quick
def test_the_clipped_interval_is_the_support_of_the_gradient_at_the_border(chain, n):
    matrix = product(chain, n)
    assume(matrix is not None)
    assume(all(window.stride <= window.kernel_size for window in chain))
    for i, row in enumerate(matrix):
        seen = np.flatnonzero(row)
        assert interval(stack(chain), i, n) == empirical_interval(stack(chain), n, i) == (seen[0], seen[-1])


@given(chains, st.integers(1, 40))
@quick
def test_the_clipped_interval_never_misses_a_pixel_that_is_seen(chain, n):
    matrix = product(chain, n)
    assume(matrix is not None)
    for i, row in enumerate(matrix):
        seen = np.flatnonzero(row)
        if len(seen):
            first, last = interval(stack(chain), i, n)
            assert 0 <= first <= seen[0] <= seen[-1] <= last < n


@given(chains, chains)
@quick
def test_receptive_fields_compose(before, after):
    whole, one, two = (receptive_field(stack(chain)) for chain in (before + after, before, after))
    assert whole.size == one.size + (two.size - 1) * one.stride
    assert whole.stride == one.stride * two.stride
    assert whole.start == one.start + two.start * one.stride


@given(chains)
@quick
def test_the_centre_follows_the_published_recursion(chain):
    c, j = 0.0, 1
    for k, s, (p, _), d in chain:
        c += ((k - 1) * d / 2 - p) * j
        j *= s
    assert receptive_field(stack(chain)).center == c


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=4))
@quick
def test_the_footprint_of_unit_strides_is_a_convolution_of_dilated_boxes(taps):
    profile = np.ones(1)
    for k, d in taps:
        box = np.zeros((k - 1) * d + 1)
        box[::d] = 1 / k
        profile = signal.convolve(profile, box)
    n = len(profile)
    chain = stack([Window(k, dilation=d) for k, d in taps])
    np.testing.assert_allclose(footprint(chain, n, 0), profile, atol=1e-15)
    assert receptive_field(chain).size == n


def test_without_layers_an_output_sees_itself():
    assert receptive_field([]) == ReceptiveField(size=1, stride=1, start=0)
    assert interval([], 3) == interval([], 3, n=4) == empirical_interval([], 4, 3) == (3, 3)


def test_the_axes_are_counted_apart():
    layers = [Conv2d(1, 1, (3, 5), stride=(2, 1), padding=(0, 2), dilation=(1, 2)), MaxPool2d((2, 1))]
    assert receptive_field(layers, axis=0) == ReceptiveField(size=5, stride=4, start=0)
    assert receptive_field(layers, axis=1) == ReceptiveField(size=9, stride=1, start=-2)
    assert interval(layers, 1, axis=0) == empirical_interval(layers, 9, 1, axis=0) == (4, 8)
    assert interval(layers, 1, axis=1) == (-1, 7)
    assert interval(layers, 1, n=9, axis=1) == (0, 7)
    assert empirical_interval(layers, 9, 1, axis=1) == (1, 7)  # taps at -1, 1, 3, 5, 7
    assert len(footprint(layers, 9, 0, axis=1)) == 9


def test_overlap_is_what_two_neighbours_share():
    assert ReceptiveField(size=446, stride=64, start=-191).overlap == 446 - 64
    assert ReceptiveField(size=2, stride=3, start=0).overlap == 0
    layers = [Conv2d(1, 1, 5), AvgPool2d(2)]
    (_, last), (first, _) = interval(layers, 0), interval(layers, 1)
    assert receptive_field(layers).overlap == last - first + 1


def test_the_footprint_sums_to_one_minus_what_falls_on_the_padding():
    assert footprint([Conv2d(1, 1, 3, padding=1)], 4, 0).sum() == pytest.approx(2 / 3)
    assert footprint([Conv2d(1, 1, 3, padding=1)], 4, 1).sum() == pytest.approx(1)


def test_pixels_that_the_floor_drops_are_not_seen():
    assert interval([MaxPool2d(2)], 1, n=5) == (2, 3)
    layers = [MaxPool2d(2), Conv2d(1, 1, 3, padding=1)]
    assert interval(layers, 1) == (0, 5)
    assert interval(layers, 1, n=5) == empirical_interval(layers, 5, 1) == (0, 3)


@pytest.mark.parametrize("n", [13, 14])
def test_a_window_with_padding_behind_only_keeps_the_size(n):
    assert Window(2, padding=(0, 1)).output_size(n) == n
    assert Window(3, 2, (0, 1)).output_size(n) == (n + 1 - 3) // 2 + 1


@pytest.mark.parametrize("layer", [Flatten(), Linear(4, 2)])
def test_a_layer_without_a_window_is_refused(layer):
    name = type(layer).__name__
    with pytest.raises(ValueError, match=rf"layers must all slide a window, got layers\[1\] = {name}"):
        receptive_field([MaxPool2d(2), layer])


def test_an_axis_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match=r"axis must be 0 .* or 1 .*got 2"):
        receptive_field([MaxPool2d(2)], axis=2)
    with pytest.raises(ValueError, match="axis must be a non-negative integer, got -1"):
        receptive_field([], axis=-1)


@pytest.mark.parametrize("see", [interval, empirical_interval, footprint])
def test_an_output_that_is_not_there_is_refused(see):
    arguments = {"layers": [MaxPool2d(2)], "n": 8}
    with pytest.raises(ValueError, match="index must be smaller than the output size 4, got 4"):
        see(index=4, **arguments)
    with pytest.raises(ValueError, match="index must be a non-negative integer, got -1"):
        see(index=-1, **arguments)
    with pytest.raises(TypeError, match=r"index must be a non-negative integer, got 0\.5"):
        see(index=0.5, **arguments)
    with pytest.raises(ValueError, match="n must be a positive integer, got 0"):
        see(index=0, layers=[], n=0)
    with pytest.raises(ValueError, match="kernel_size must fit in the padded input, got kernel_size 2"):
        see(index=0, layers=[MaxPool2d(2)], n=1)


@pytest.mark.parametrize("see", [interval, empirical_interval])
@pytest.mark.parametrize("index", [0, 5])
def test_an_output_that_sees_only_padding_says_so(see, index):
    layers = [Conv2d(1, 1, 2, padding=2)]
    with pytest.raises(ValueError, match=f"index must see the input, got {index}"):
        see(layers, index=index, n=3)
    assert see(layers, index=1, n=3) == (0, 0)
    assert see(layers, index=4, n=3) == (2, 2)


@given(chains)
@quick
def test_the_growth_lists_the_receptive_field_after_every_layer(chain):
    layers = stack(chain)
    assert receptive_fields(layers) == [receptive_field(layers[:i]) for i in range(len(layers) + 1)]


def test_the_vertical_axis_is_the_default():
    layers = [Conv2d(1, 1, (3, 5))]
    assert receptive_field(layers).size == receptive_fields(layers)[-1].size == 3
    assert interval(layers, 0) == empirical_interval(layers, 9, 0) == (0, 2)
    assert np.count_nonzero(footprint(layers, 9, 0)) == 3


def test_a_window_has_neither_stride_nor_padding_nor_dilation_unless_told():
    assert Window(3) == Window(kernel_size=3, stride=1, padding=(0, 0), dilation=1)
    with pytest.raises(FrozenInstanceError):
        ReceptiveField(1, 1, 0).size = 2


def test_of_the_corner_cell_s_footprint_a_third_lies_in_the_cell():
    corner = footprint(TINY_YOLO_V1.grid_layers, 448, 0)
    assert corner.sum() == pytest.approx(0.5, abs=1e-3)  # the rest fell on padding
    assert share_within(corner, 0, 63) == pytest.approx(0.333, abs=5e-4)
    assert share_within(corner, 0, 447) == 1


@pytest.mark.parametrize(
    ("weights", "span", "told"),
    [
        ([1.0, 2.0], (0, 2), "last must be smaller"),
        ([1.0, 2.0], (1, 0), "last must be a positive integer"),
        ([0.0, 0.0], (0, 1), "weights must have a positive sum"),
        ([[1.0]], (0, 0), "weights must have 1 dimensions"),
    ],
)
def test_a_share_of_nothing_is_refused(weights, span, told):
    with pytest.raises((ValueError, TypeError), match=told):
        share_within(weights, *span)
