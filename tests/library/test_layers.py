from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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

quick = settings(max_examples=80, deadline=None)


@given(st.integers(1, 6), st.integers(1, 3), st.integers(1, 9))
@quick
def test_same_padding_keeps_the_size_and_puts_the_odd_pixel_behind(k, d, n):
    layer = Conv2d(1, 1, k, padding="same", dilation=d)
    assert output_shape(layer, (1, n, n)) == (1, n, n)
    before, after = layer.windows[0].padding
    assert after - before == (k - 1) * d % 2
    if (k - 1) * d % 2 == 0:
        assert layer.windows == Conv2d(1, 1, k, padding=(k - 1) * d // 2, dilation=d).windows


def test_each_axis_has_its_own_window():
    layer = Conv2d(1, 1, (1, 2), (3, 4), (5, 6), (7, 8))
    assert layer.windows == ((1, 3, (5, 5), 7), (2, 4, (6, 6), 8))
    assert Conv2d(1, 1, (1, 4), padding="same").windows == ((1, 1, (0, 0), 1), (4, 1, (1, 2), 1))
    assert SparseConv2d(1, ((0,),), (1, 2), (3, 4), (5, 6)).windows == ((1, 3, (5, 5), 1), (2, 4, (6, 6), 1))
    local = LocallyConnected2d(1, 1, 3, (1, 2), (3, 4), (5, 6))
    assert local.windows == ((1, 3, (5, 5), 1), (2, 4, (6, 6), 1))
    assert AvgPool2d((2, 4), (3, 5), (1, 2)).windows == ((2, 3, (1, 1), 1), (4, 5, (2, 2), 1))


def test_pointwise_passes_its_options_on():
    assert pointwise(3, 8) == Conv2d(3, 8, 1)
    assert pointwise(3, 8, bias=False, batch_norm=True, name="pw") == Conv2d(
        3, 8, 1, bias=False, batch_norm=True, name="pw"
    )


def test_separable_is_depthwise_then_pointwise():
    assert separable(3, 8, 5, stride=2, padding=1, bias=False, batch_norm=True, name="b") == (
        depthwise(3, 5, stride=2, padding=1, bias=False, batch_norm=True, name="b dw"),
        pointwise(3, 8, bias=False, batch_norm=True, name="b pw"),
    )
    assert separable(3, 8, 5) == (depthwise(3, 5), pointwise(3, 8))


def test_a_depthwise_convolution_from_3_to_8_channels_cannot_be_written():
    with pytest.raises(
        ValueError, match=r"out_channels must be a multiple of in_channels=3 .*depthwise.*got"
    ):
        Conv2d(3, 8, 5, groups=3)
    with pytest.raises(ValueError, match="in_channels must be divisible by groups=8, got in_channels=3"):
        Conv2d(3, 8, 5, groups=8)


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda: Conv2d(0, 8, 5), ValueError, "in_channels must be a positive integer, got 0"),
        (lambda: Conv2d(3, 8.0, 5), TypeError, r"out_channels must be a positive integer, got 8\.0"),
        (lambda: Conv2d(3, 8, 0), ValueError, r"kernel_size must be a positive integer, got 0"),
        (lambda: Conv2d(3, 8, 5, (1, 0)), ValueError, r"stride\[1\] must be a positive integer, got 0"),
        (lambda: Conv2d(3, 8, 5, padding=-1), ValueError, "padding must be a non-negative integer, got -1"),
        (lambda: Conv2d(3, 8, 5, padding="valid"), ValueError, "padding must be .*'same', got 'valid'"),
        (lambda: Conv2d(3, 8, 5, dilation=0), ValueError, "dilation must be a positive integer, got 0"),
        (lambda: Conv2d(3, 8, 5, groups=0), ValueError, "groups must be a positive integer, got 0"),
        (lambda: Conv2d(3, 8, 5, bias=1), TypeError, r"bias must be True or False, got 1 \(int\)"),
        (lambda: Conv2d(3, 8, 5, batch_norm=None), TypeError, "batch_norm must be True or False, got None"),
        (lambda: Conv2d(3, 8, 5, name=5), TypeError, r"name must be a string, got 5 \(int\)"),
        (lambda: MaxPool2d(2, padding=2), ValueError, "padding must be at most half of kernel_size 2, got 2"),
        (lambda: AvgPool2d((4, 1), padding=1), ValueError, "at most half of kernel_size 1, got 1"),
        (lambda: AvgPool2d(2, stride=0), ValueError, "stride must be a positive integer, got 0"),
        (lambda: Subsampling2d(0), ValueError, "channels must be a positive integer, got 0"),
        (lambda: Flatten(name=1), TypeError, "name must be a string, got 1"),
        (lambda: Linear(0, 2), ValueError, "in_features must be a positive integer, got 0"),
        (lambda: RBF(2, True), TypeError, "out_features must be a positive integer, got True"),
        (lambda: LocallyConnected2d(1, 1, 0, 3), ValueError, "output_size must be a positive integer, got 0"),
        (
            lambda: SparseConv2d(2, (), 3),
            ValueError,
            r"table must list .* at least one output channel, got \(\)",
        ),
        (lambda: SparseConv2d(2, ((0,), ()), 3), ValueError, r"table\[1\] must name distinct .*got \(\)"),
        (lambda: SparseConv2d(2, ((0, 2),), 3), ValueError, r"table\[0\] .*in_channels=2, got \(0, 2\)"),
        (lambda: SparseConv2d(2, ((1, 1),), 3), ValueError, r"table\[0\] .* distinct .*got \(1, 1\)"),
        (lambda: SparseConv2d(2, ((-1,),), 3), ValueError, "table must be a non-negative integer, got -1"),
        (lambda: SparseConv2d(2, 5, 3), TypeError, "table must be a tuple of tuples of channels, got 5"),
        (lambda: SparseConv2d(2, (0, 1), 3), TypeError, r"table must be a tuple of tuples.*got \(0, 1\)"),
        (lambda: depthwise(0, 3), ValueError, "channels must be a positive integer, got 0"),
        (lambda: depthwise(3, 3, 0), ValueError, "multiplier must be a positive integer, got 0"),
    ],
)
def test_bad_arguments_are_named_with_their_values(make, error, match):
    with pytest.raises(error, match=match):
        make()


def test_an_average_pool_may_pad_half_its_window():
    assert output_shape(MaxPool2d(2, padding=1), (1, 4, 4)) == (1, 3, 3)
    assert output_shape(AvgPool2d(3, padding=1), (1, 4, 4)) == (1, 2, 2)


def test_the_largest_and_the_mean_of_a_window_are_different_layers_with_the_same_windows():
    for options in ({}, {"stride": 1, "padding": "same", "name": "POOL"}, {"padding": 1}):
        largest, mean = MaxPool2d(2, **options), AvgPool2d(2, **options)
        assert largest != mean
        assert vars(largest) == vars(mean)
        assert largest.windows == mean.windows


def test_layers_are_plain_values():
    assert Conv2d(np.int64(3), 8, [5, 5]) == Conv2d(3, 8, 5)
    assert type(Conv2d(np.int64(3), 8, 5).in_channels) is int
    assert SparseConv2d(2, [[0], [1]], 3) == SparseConv2d(2, ((0,), (1,)), 3)
    assert len({Conv2d(3, 8, 5), Conv2d(3, 8, (5, 5)), Conv2d(3, 8, 3)}) == 2


@pytest.mark.parametrize(
    "value",
    [
        Conv2d(3, 8, 5),
        SparseConv2d(2, ((0,),), 3),
        LocallyConnected2d(1, 1, 7, 3),
        MaxPool2d(2),
        AvgPool2d(2),
        Subsampling2d(6),
        Flatten(),
        Linear(4, 2),
        RBF(4, 2),
    ],
)
def test_what_is_described_cannot_be_changed(value):
    for name in vars(value):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, 2)
