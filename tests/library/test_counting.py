"""What layers learn and do is counted, and set out in a table."""

import itertools
import re
from dataclasses import FrozenInstanceError, replace
from fractions import Fraction
from math import prod

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dlnotes.counting import (
    Row,
    connections,
    macs,
    parameters,
    separable_cost_limit,
    separable_cost_ratio,
    summary,
)
from dlnotes.layers import (
    RBF,
    AvgPool2d,
    Conv2d,
    Flatten,
    Linear,
    LocallyConnected2d,
    MaxPool2d,
    SparseConv2d,
    Subsampling2d,
    depthwise,
    output_shape,
    pointwise,
    separable,
)
from dlnotes.networks import LENET5, printed_parameters
from dlnotes.receptive_field import receptive_field

quick = settings(max_examples=80, deadline=None)


pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))


@st.composite
def convolutions(draw):
    g = draw(st.integers(1, 3))
    return Conv2d(
        in_channels=g * draw(st.integers(1, 2)),
        out_channels=g * draw(st.integers(1, 3)),
        kernel_size=draw(pairs),
        stride=draw(pairs),
        padding=draw(st.tuples(st.integers(0, 2), st.integers(0, 2))),
        dilation=draw(pairs),
        groups=g,
        bias=draw(st.booleans()),
        batch_norm=draw(st.booleans()),
    )


def places(n, k, s, p, d):
    """Where each window's taps lie, found by sliding the kernel until it leaves the padded input."""
    starts = itertools.takewhile(lambda start: start + (k - 1) * d < n + p, itertools.count(-p, s))
    return [[start + tap * d for tap in range(k)] for start in starts]


def slid(layer, shape):
    """Every (output channel, row, column, input channel, tap row, tap column) that is multiplied."""
    _, h, w = shape
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = layer.kernel_size, layer.stride, layer.padding, layer.dilation
    rows, columns = places(h, kh, sh, ph, dh), places(w, kw, sw, pw, dw)
    for o, i, j in itertools.product(range(layer.out_channels), range(len(rows)), range(len(columns))):
        group = o * layer.groups // layer.out_channels
        for c in range(layer.in_channels):
            if c * layer.groups // layer.in_channels == group:
                for u, v in itertools.product(range(kh), range(kw)):
                    yield o, i, j, c, u, v


@given(convolutions(), st.tuples(st.integers(1, 8), st.integers(1, 8)))
@quick
def test_a_convolution_is_what_a_loop_over_its_windows_counts(layer, size):
    shape = (layer.in_channels, *size)
    products = list(slid(layer, shape))
    assume(products)
    channels, rows, columns = (len({product[axis] for product in products}) for axis in range(3))
    assert output_shape(layer, shape) == (channels, rows, columns)
    assert macs(layer, shape) == len(products)
    weights = {(o, c, u, v) for o, _, _, c, u, v in products}
    assert parameters(layer) == len(weights) + channels * layer.bias + 2 * channels * layer.batch_norm
    assert connections(layer, shape) == len(products) + layer.bias * channels * rows * columns


@given(convolutions())
@quick
def test_the_parameters_of_a_grouped_convolution_are_the_blocks_of_a_block_diagonal(layer):
    layer = replace(layer, bias=False, batch_norm=False)
    block = np.ones((layer.out_channels // layer.groups, layer.in_channels // layer.groups))
    mixing = np.kron(np.eye(layer.groups), block)
    assert mixing.shape == (layer.out_channels, layer.in_channels)
    assert parameters(layer) == np.count_nonzero(mixing) * prod(layer.kernel_size)


@given(convolutions(), st.integers(9, 20), st.integers(9, 20))
@quick
def test_the_parameters_of_a_convolution_do_not_depend_on_the_image(layer, h, w):
    rows = summary([layer], (layer.in_channels, h, w)).rows
    assert rows[1].parameters == parameters(layer)


@given(convolutions(), st.integers(9, 12))
@quick
def test_local_connection_has_the_weights_of_a_convolution_at_every_place(layer, n):
    shared = replace(layer, groups=1, dilation=1, batch_norm=False)
    shape = (layer.in_channels, n, n + 1)
    *_, h, w = output_shape(shared, shape)
    local = LocallyConnected2d(
        shared.in_channels,
        shared.out_channels,
        (h, w),
        shared.kernel_size,
        shared.stride,
        shared.padding,
        shared.bias,
    )
    assert output_shape(local, shape) == output_shape(shared, shape)
    assert parameters(local) == parameters(shared) * h * w
    assert macs(local, shape) == macs(shared, shape)
    assert connections(local, shape) == connections(shared, shape) == parameters(local)


@given(st.integers(1, 4), st.integers(1, 4), st.data())
@quick
def test_a_sparse_convolution_is_a_convolution_with_a_masked_kernel(c_in, c_out, data):
    mask = data.draw(st.lists(st.lists(st.booleans(), min_size=c_in, max_size=c_in).filter(any),
                              min_size=c_out, max_size=c_out))  # fmt: skip
    table = tuple(tuple(c for c in range(c_in) if row[c]) for row in mask)
    layer = SparseConv2d(c_in, table, (2, 3), stride=2, padding=1)
    full = Conv2d(c_in, c_out, (2, 3), stride=2, padding=1)
    shape = (c_in, 6, 7)
    _, h, w = output_shape(layer, shape)
    assert layer.out_channels == c_out
    assert output_shape(layer, shape) == output_shape(full, shape)
    assert layer.windows == full.windows
    assert parameters(layer) == np.sum(mask) * 2 * 3 + c_out
    assert parameters(replace(layer, bias=False)) == np.sum(mask) * 2 * 3
    assert macs(layer, shape) == np.sum(mask) * 2 * 3 * h * w
    assert connections(layer, shape) == parameters(layer) * h * w


@given(st.integers(1, 20), st.integers(1, 20), st.booleans())
@quick
def test_a_linear_layer_is_a_convolution_of_one_pixel(f_in, f_out, bias):
    layer, conv = Linear(f_in, f_out, bias=bias), Conv2d(f_in, f_out, 1, bias=bias)
    assert parameters(layer) == parameters(conv) == np.ones((f_out, f_in)).size + bias * f_out
    assert output_shape(layer, (f_in,)) == (f_out,)
    assert macs(layer, (f_in,)) == macs(conv, (f_in, 1, 1)) == f_in * f_out
    assert connections(layer, (f_in,)) == parameters(layer)


@pytest.mark.parametrize("pool", [MaxPool2d, AvgPool2d])
def test_pooling_keeps_the_channels_and_learns_nothing(pool):
    layer = pool((3, 2), stride=(2, 1), padding=(1, 0))
    assert output_shape(layer, (5, 9, 8)) == (5, 5, 7)
    assert (parameters(layer), macs(layer, (5, 9, 8))) == (0, 0)
    assert connections(layer, (5, 9, 8)) == 5 * 5 * 7 * 6
    assert pool(2) == pool(2, 2) == pool((2, 2), (2, 2), (0, 0))
    assert pool(2, stride=1, padding="same").windows[0].padding == (0, 1)


def test_subsampling_learns_a_coefficient_and_a_bias_per_map():
    layer = Subsampling2d(6, (2, 3))
    assert layer == Subsampling2d(6, (2, 3), (2, 3))
    assert output_shape(layer, (6, 28, 28)) == (6, 14, 9)
    assert parameters(layer) == 12
    assert macs(layer, (6, 28, 28)) == 6 * 14 * 9
    assert connections(layer, (6, 28, 28)) == 6 * 14 * 9 * 7


def test_flattening_changes_only_the_shape():
    layer = Flatten()
    assert output_shape(layer, (16, 5, 4)) == output_shape(layer, (320,)) == (320,)
    assert (parameters(layer), macs(layer, (16, 5, 4)), connections(layer, (16, 5, 4))) == (0, 0, 0)


def test_the_radial_basis_output_has_connections_but_no_parameters():
    layer = RBF(84, 10)
    assert (parameters(layer), macs(layer, (84,)), connections(layer, (84,))) == (0, 840, 840)
    assert output_shape(layer, (84,)) == (10,)


@given(st.integers(1, 6), st.integers(1, 4), st.integers(1, 5))
@quick
def test_a_depthwise_convolution_has_a_multiple_of_its_input_channels(channels, multiplier, k):
    layer = depthwise(channels, k, multiplier, stride=2, padding=1, dilation=3, name="dw")
    assert layer == Conv2d(channels, channels * multiplier, k, 2, 1, 3, groups=channels, name="dw")
    assert parameters(layer) == channels * multiplier * (k * k + 1)
    assert depthwise(channels, k, bias=False, batch_norm=True) == Conv2d(
        channels, channels, k, groups=channels, bias=False, batch_norm=True
    )


def test_the_variants_of_the_two_convolutions_of_the_slide():
    assert [parameters(Conv2d(8, 16, 5, groups=g)) for g in (1, 2, 4, 8)] == [3216, 1616, 816, 416]
    assert [parameters(depthwise(3, 5, k)) for k in (1, 2, 3)] == [78, 156, 234]
    assert [parameters(depthwise(8, 5, k)) for k in (1, 2, 3)] == [208, 416, 624]
    assert [parameters(pointwise(*c)) for c in ((3, 8), (8, 16))] == [32, 144]
    sums = [sum(map(parameters, separable(*c, 5, bias=b))) for c in ((3, 8), (8, 16)) for b in (True, False)]
    assert sums == [110, 99, 352, 328]
    assert parameters(Conv2d(3, 8, 5, bias=False, batch_norm=True)) == 600 + 16


@pytest.mark.parametrize(
    ("channels", "k", "n", "padding", "cost", "standard"),
    [
        ((3, 8), 5, 32, 0, 77_616, 470_400),
        ((8, 16), 5, 14, 0, 32_800, 320_000),
        ((512, 512), 3, 14, 1, 52_283_392, 462_422_016),
    ],
)
def test_the_cost_ratio_is_that_of_the_multiply_accumulates(channels, k, n, padding, cost, standard):
    shape = (channels[0], n, n)
    first, second = separable(*channels, k, padding=padding)
    assert macs(first, shape) + macs(second, output_shape(first, shape)) == cost
    assert macs(Conv2d(*channels, k, padding=padding), shape) == standard
    assert separable_cost_ratio(channels[1], k) == Fraction(cost, standard)


@given(st.integers(1, 6), st.integers(1, 6), pairs, st.integers(1, 2))
@quick
def test_the_cost_ratio_does_not_depend_on_the_input(c_in, c_out, k, stride):
    shape = (c_in, 7, 8)
    first, second = separable(c_in, c_out, k, stride=stride)
    cost = macs(first, shape) + macs(second, output_shape(first, shape))
    assert separable_cost_ratio(c_out, k) == Fraction(cost, macs(Conv2d(c_in, c_out, k, stride), shape))


@pytest.mark.parametrize("k", [1, 3, (3, 5)])
def test_the_ratio_falls_to_its_limit_as_the_channels_grow(k):
    limit = separable_cost_limit(k)
    for n in (1, 8, 10**9):
        assert separable_cost_ratio(n, k) - limit == Fraction(1, n)


def test_the_printed_counts_also_come_from_filters_that_see_one_channel_each():
    for layer, printed in ((LENET5.layers[0], 208), (LENET5.layers[2], 416)):
        owners = tuple((o % layer.in_channels,) for o in range(layer.out_channels))
        one_each = SparseConv2d(layer.in_channels, owners, layer.kernel_size)
        assert parameters(one_each) == printed == printed_parameters(layer)


@pytest.mark.parametrize("groups", [1, 2, 3, 4, 8])
def test_no_even_grouping_of_three_channels_gives_the_printed_count(groups):
    try:
        layer = Conv2d(3, 8, 5, groups=groups)
    except ValueError:
        assert groups > 1
    else:
        assert parameters(layer) == 608


CHAIN = (
    Conv2d(3, 8, 5, name="CONV1"),
    MaxPool2d(2, name="POOL1"),
    Conv2d(8, 16, (3, 5), name="CONV2"),
    Flatten(),
    Linear(1920, 10),
)


def test_a_summary_has_a_row_for_the_input_and_every_layer():
    result = summary(CHAIN, (3, 32, 32))
    assert result.rows == (
        Row("입력", "", (3, 32, 32), 0, 0, 1),
        Row("CONV1", "5×5 합성곱", (8, 28, 28), 608, 470_400, 5),
        Row("POOL1", "2×2 최대 풀링", (8, 14, 14), 0, 0, 6),
        Row("CONV2", "3×5 합성곱", (16, 12, 10), 1936, 230_400, (10, 14)),
        Row("Flatten", "펴기", (1920,), 0, 0, None),
        Row("Linear", "완전 연결", (10,), 19_210, 19_200, None),
    )
    assert [row.size for row in result.rows] == [3072, 6272, 1568, 1920, 1920, 10]
    assert result.parameters == 608 + 1936 + 19_210
    assert result.macs == 470_400 + 230_400 + 19_200
    assert result.rows[3].receptive_field == tuple(receptive_field(CHAIN[:3], axis).size for axis in (0, 1))


def test_a_vector_has_no_receptive_field():
    assert [row.receptive_field for row in summary([Linear(4, 2)], (4,)).rows] == [None, None]
    assert summary([], [4]).rows == (Row("입력", "", (4,), 0, 0, None),)


def test_the_table_shows_the_chosen_columns_and_the_totals():
    table = summary(CHAIN, (3, 32, 32)).table("표", columns=["층", "매개변수"])
    assert table.caption == "표"
    assert table.columns == ("층", "매개변수")
    assert table.rows[1] == ("CONV1", 608)
    assert table.footer == ("합계", 21_754)
    whole = summary(CHAIN, (3, 32, 32)).table()
    assert whole.columns == ("층", "종류", "활성값 모양", "활성값 크기", "매개변수", "곱셈-누산", "수용 영역")
    assert whole.rows[3] == ("CONV2", "3×5 합성곱", (16, 12, 10), 1920, 1936, 230_400, (10, 14))
    assert whole.footer == ("합계", "", "", "", 21_754, 720_000, "")
    with pytest.raises(ValueError, match=r"columns must be among .*'층'.*got '크기'"):
        summary(CHAIN, (3, 32, 32)).table(columns=["크기"])


def test_a_summary_is_shown_as_its_table():
    result = summary(CHAIN, (3, 32, 32))
    assert str(result) == str(result.table())
    assert result._repr_html_() == result.table()._repr_html_()


@pytest.mark.parametrize(
    ("layer", "shape", "kind"),
    [
        (Conv2d(4, 8, 1), (4, 9, 9), "1×1 점별 합성곱"),
        (Conv2d(1, 8, 3), (1, 9, 9), "3×3 합성곱"),
        (Conv2d(4, 8, 3, groups=2), (4, 9, 9), "3×3 그룹 합성곱(2)"),
        (Conv2d(4, 8, 3, groups=4), (4, 9, 9), "3×3 깊이별 합성곱"),
        (Conv2d(4, 8, 3, stride=2), (4, 9, 9), "3×3 합성곱, 보폭 2"),
        (Conv2d(4, 8, 3, stride=(1, 2), dilation=2), (4, 9, 9), "3×3 합성곱, 보폭 1×2, 팽창 2"),
        (Conv2d(4, 8, (1, 3), dilation=(2, 1)), (4, 9, 9), "1×3 합성곱, 팽창 2×1"),
        (SparseConv2d(4, ((0,),), 3), (4, 9, 9), "3×3 성긴 합성곱"),
        (LocallyConnected2d(4, 8, 7, 3), (4, 9, 9), "3×3 지역 연결"),
        (MaxPool2d(3), (4, 9, 9), "3×3 최대 풀링"),
        (MaxPool2d(2, 1), (4, 9, 9), "2×2 최대 풀링, 보폭 1"),
        (AvgPool2d(3, 2), (4, 9, 9), "3×3 평균 풀링, 보폭 2"),
        (Subsampling2d(4), (4, 9, 9), "2×2 배우는 풀링"),
        (RBF(4, 2), (4,), "방사 기저"),
    ],
)
def test_the_kind_says_what_slides_and_how(layer, shape, kind):
    assert summary([layer], shape).rows[1].kind == kind


@pytest.mark.parametrize(
    ("layers", "shape", "match"),
    [
        (
            (Conv2d(3, 8, 5), Conv2d(6, 16, 5, name="CONV2")),
            (3, 32, 32),
            "layers[1] (CONV2): in_channels must equal the channels of input_shape (8, 28, 28), 8, got 6",
        ),
        ((Subsampling2d(6),), (3, 4, 4), "layers[0] (Subsampling2d): channels must equal the channels"),
        (
            (MaxPool2d(2), Linear(400, 120)),
            (16, 8, 8),
            "layers[1] (Linear): in_features must equal the size of input_shape (16, 4, 4), 256, got 400",
        ),
        ((RBF(4, 2),), (3,), "in_features must equal the size of input_shape (3,), 3, got 4"),
        (
            (Flatten(), MaxPool2d(2)),
            (1, 2, 2),
            "layers[1] (MaxPool2d): input_shape must be (channels, height, width) for MaxPool2d, got (4,)",
        ),
        (
            (Conv2d(1, 1, 5),),
            (1, 4, 9),
            "layers[0] (Conv2d): input_shape: kernel_size must fit in the padded input, got",
        ),
        (
            (LocallyConnected2d(1, 1, 3, 3),),
            (1, 5, 6),
            "output_size must be (3, 4) for the input (1, 5, 6), got (3, 3)",
        ),
        ((), (3, 32), "input_shape must be (channels, height, width) or (features,), got (3, 32)"),
        ((), (3, 32, 0), "input_shape[2] must be a positive integer, got 0"),
    ],
)
def test_layers_that_do_not_fit_are_named_with_their_values(layers, shape, match):
    with pytest.raises(ValueError, match=re.escape(match)):
        summary(layers, shape)


def test_a_shape_that_is_no_tuple_is_refused():
    with pytest.raises(TypeError, match=r"input_shape must be a tuple of integers, got 4 \(int\)"):
        output_shape(Linear(4, 2), 4)
    with pytest.raises(TypeError, match=r"input_shape\[0\] must be a positive integer, got 4\.0"):
        macs(Linear(4, 2), (4.0,))


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda: separable_cost_ratio(0, 3), ValueError, "out_channels must be a positive integer, got 0"),
        (lambda: separable_cost_ratio(8, 0), ValueError, "kernel_size must be a positive integer, got 0"),
        (lambda: separable_cost_limit(0), ValueError, "kernel_size must be a positive integer, got 0"),
    ],
)
def test_bad_arguments_are_named_with_their_values(make, error, match):
    with pytest.raises(error, match=match):
        make()


@pytest.mark.parametrize(
    "value",
    [
        Row("입력", "", (4,), 0, 0, None),
        summary([], (4,)),
    ],
)
def test_what_is_described_cannot_be_changed(value):
    for name in vars(value):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, 2)
