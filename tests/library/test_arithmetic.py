import math
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from dlnotes.arithmetic import (
    output_size,
    padding_interval,
    padding_only,
    padding_only_share,
    same_output_size,
    same_padding,
    symmetric_paddings,
    transposed_output_size,
    window_starts,
)

sizes = st.integers(1, 30)
kernels = st.integers(1, 7)
strides = st.integers(1, 5)
paddings = st.integers(0, 9)
dilations = st.integers(1, 3)
quick = settings(max_examples=200, deadline=None)


def slid(n, f, s, p, d):
    """Where every window lies, found by sliding a kernel until it leaves the padded input."""
    windows, start = [], -p
    while start + d * (f - 1) < n + p:
        windows.append([start + d * j for j in range(f)])
        start += s
    return windows


def dilated(f, d):
    kernel = np.zeros(d * (f - 1) + 1)
    kernel[::d] = 1
    return kernel


# output_size


@quick
@given(sizes, kernels, strides, paddings, dilations)
def test_output_size_is_the_number_of_windows(n, f, s, p, d):
    windows = slid(n, f, s, p, d)
    if windows:
        assert output_size(n, f, s, p, d) == len(windows)
    else:
        with pytest.raises(ValueError, match=rf"kernel_size {f} with dilation {d} .*n {n} with padding {p}"):
            output_size(n, f, s, p, d)


@quick
@given(sizes, kernels, strides, paddings, dilations)
def test_output_size_is_the_length_of_scipys_valid_correlation(n, f, s, p, d):
    x = np.pad(np.ones(n), p)
    if dilated(f, d).size <= x.size:
        assert output_size(n, f, s, p, d) == signal.correlate(x, dilated(f, d), "valid")[::s].size


@pytest.mark.parametrize(
    ("n", "f", "s", "p", "expected"),
    [
        (10, 2, 1, 0, 9),
        (10, 2, 1, 1, 11),
        (10, 4, 1, 1, 9),
        (10, 4, 1, 2, 11),
        (224, 7, 2, 3, 112),
        (8, 3, 2, 4, 7),
        (8, 3, 2, 5, 8),
        (32, 5, 1, 0, 28),
    ],
)
def test_output_sizes_of_the_pages(n, f, s, p, expected):
    assert output_size(n, f, s, p) == expected


@given(sizes, kernels)
def test_valid_output_is_n_minus_f_plus_1(n, f):
    if f <= n:
        assert output_size(n, f) == n - f + 1


@given(sizes)
def test_padding_1_with_stride_2_and_kernel_3_halves_rounding_up(n):
    assert output_size(n, 3, stride=2, padding=1) == math.ceil(n / 2)


@given(sizes, st.sampled_from([1, 3, 5, 7]), dilations)
def test_half_the_span_keeps_the_size_at_stride_1(n, f, d):
    assert output_size(n, f, padding=d * (f - 1) // 2, dilation=d) == n


@quick
@given(*[st.tuples(each, each) for each in (sizes, st.integers(1, 3), strides, paddings, st.just(1))])
def test_a_pair_is_worked_axis_by_axis(n, f, s, p, d):
    if f[0] <= n[0] + 2 * p[0] and f[1] <= n[1] + 2 * p[1]:
        each = tuple(output_size(n[i], f[i], s[i], p[i], d[i]) for i in (0, 1))
        assert output_size(n, f, s, p, d) == each


@pytest.mark.parametrize("name", ["n", "kernel_size", "stride", "padding", "dilation"])
def test_a_pair_anywhere_gives_a_pair(name):
    arguments = {"n": 20, "kernel_size": 3, "stride": 2, "padding": 1, "dilation": 1}
    assert output_size(**arguments) == 10
    assert output_size(**arguments | {name: (arguments[name],) * 2}) == (10, 10)
    assert output_size(**arguments | {name: [arguments[name]] * 2}) == (10, 10)


def test_integers_give_a_python_int():
    assert type(output_size(np.int32(8), np.int64(3))) is int


@pytest.mark.parametrize("name", ["n", "kernel_size", "stride", "dilation", "padding"])
def test_output_size_refuses_bad_sizes_by_name(name):
    arguments = {"n": 20, "kernel_size": 3, "stride": 2, "padding": 1, "dilation": 1}
    least = 0 if name == "padding" else 1
    with pytest.raises(ValueError, match=rf"^{name} must be a .*, got {least - 1}$"):
        output_size(**arguments | {name: least - 1})
    with pytest.raises(TypeError, match=rf"^{name} must be a .*, got 1\.5"):
        output_size(**arguments | {name: 1.5})


def test_a_kernel_wider_than_the_padded_input_is_refused_with_all_its_values():
    assert output_size(5, 4, padding=1, dilation=2) == 1
    message = (
        "kernel_size must fit in the padded input, got kernel_size 4 with dilation 2 (span 7) "
        "on n 4 with padding 1 (padded 6)"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        output_size(4, 4, padding=1, dilation=2)


# symmetric_paddings


@quick
@given(st.integers(1, 15), kernels, st.integers(1, 15), strides, dilations)
def test_symmetric_paddings_are_all_that_work(n, f, wanted, s, d):
    working = [p for p in range(100) if len(slid(n, f, s, p, d)) == wanted]
    assert list(symmetric_paddings(n, f, wanted, s, d)) == working


@quick
@given(st.integers(1, 15), kernels, st.integers(1, 15), strides, dilations)
def test_the_paddings_that_work_are_the_integers_of_the_interval(n, f, wanted, s, d):
    working = [p for p in range(100) if len(slid(n, f, s, p, d)) == wanted]
    low, high = padding_interval(n, f, wanted, s, d)
    assert [p for p in range(100) if low <= p <= high] == working
    assert (n + 2 * low - d * (f - 1) - 1) / s + 1 == wanted  # without rounding down


@pytest.mark.parametrize("f", range(1, 8))
def test_same_padding_at_stride_1_is_half_of_f_minus_1_for_odd_f_alone(f):
    half = Fraction(f - 1, 2)
    assert list(symmetric_paddings(10, f, 10)) == ([half] if half.denominator == 1 else [])


PARITY = {1: 1, 2: 2, 3: 2, 4: 3, 5: 3, 6: 4, 7: 4, 8: 5, 9: 5, 10: 6, 28: 15, 32: 17, 223: 112, 224: 113}


@pytest.mark.parametrize(("n", "p"), PARITY.items())
def test_stride_2_and_kernel_3_have_exactly_one_padding_that_keeps_the_size(n, p):
    assert list(symmetric_paddings(n, 3, n, stride=2)) == [p]
    assert p == n // 2 + 1
    assert output_size(n, 3, stride=2, padding=(n + 1) // 2) == (n if n % 2 else n - 1)


@given(st.integers(1, 40), kernels)
def test_how_many_paddings_keep_the_size_depends_on_the_stride(n, f):
    count = [len(symmetric_paddings(n, f, n, stride=s)) for s in (1, 2, 3, 4)]
    assert count == ([1, 1, 2, 2] if f % 2 else [0, 1, 1, 2])


def test_seven_cells_at_stride_3_have_two_paddings():
    assert symmetric_paddings(7, 3, 7, stride=3) == range(7, 9)


def test_negative_paddings_are_left_out():
    assert list(symmetric_paddings(10, 3, 4, stride=1)) == []
    assert list(symmetric_paddings(10, 3, 4, stride=2)) == [0]


@pytest.mark.parametrize("name", ["n", "kernel_size", "output_size", "stride", "dilation"])
def test_symmetric_paddings_refuses_bad_sizes_by_name(name):
    arguments = {"n": 8, "kernel_size": 3, "output_size": 8, "stride": 2, "dilation": 1}
    with pytest.raises(ValueError, match=f"^{name} must be a positive integer, got 0$"):
        symmetric_paddings(**arguments | {name: 0})
    with pytest.raises(TypeError, match=rf"^{name} must be a positive integer, got \(1, 1\)"):
        symmetric_paddings(**arguments | {name: (1, 1)})


# same padding


@pytest.mark.parametrize(
    ("n", "size", "padding"),
    [
        (4, 2, (0, 1)),
        (5, 3, (1, 1)),
        (6, 3, (0, 1)),
        (7, 4, (1, 1)),
        (223, 112, (1, 1)),
        (224, 112, (0, 1)),
    ],
)
def test_tensorflows_same_with_kernel_3_and_stride_2(n, size, padding):
    assert same_output_size(n, 2) == size
    assert same_padding(n, 3, stride=2) == padding
    assert same_padding(n, 3, stride=2, mode="lower") == padding[::-1]


@quick
@given(sizes, kernels, strides, dilations)
def test_same_padding_is_the_least_that_gives_ceil_n_over_s(n, f, s, d):
    before, after = same_padding(n, f, s, d)
    wanted = math.ceil(n / s)
    assert same_output_size(n, s) == wanted

    def size(total):
        return len(slid(n + total, f, s, 0, d))

    assert size(before + after) == wanted
    assert before + after == 0 or size(before + after - 1) < wanted
    assert 0 <= after - before <= 1
    assert same_padding(n, f, s, d, mode="upper") == (before, after)
    assert same_padding(n, f, s, d, mode="lower") == (after, before)


def test_same_padding_of_an_even_kernel_is_asymmetric():
    assert same_padding(10, 4) == (1, 2)
    x = np.pad(np.arange(10), same_padding(10, 4))
    assert np.correlate(x, np.ones(4), "valid").tolist() == [3, 6, 10, 14, 18, 22, 26, 30, 24, 17]


@given(st.integers(7, 30), kernels)
def test_same_padding_at_stride_1_agrees_with_numpys_same(n, f):
    rng = np.random.default_rng(n)
    x, w = rng.normal(size=n), rng.normal(size=f)
    padded = np.pad(x, same_padding(n, f, mode="lower"))
    np.testing.assert_allclose(np.convolve(padded, w, "valid"), np.convolve(x, w, "same"), atol=1e-12)


def test_same_output_size_works_axis_by_axis():
    assert same_output_size((7, 8), 2) == (4, 4)
    assert same_output_size(7, (2, 3)) == (4, 3)
    assert type(same_output_size(7, 2)) is int


@pytest.mark.parametrize("name", ["n", "stride"])
def test_same_output_size_refuses_bad_sizes_by_name(name):
    with pytest.raises(ValueError, match=f"^{name} must be a positive integer, got 0$"):
        same_output_size(**{"n": 7, "stride": 2} | {name: 0})


@pytest.mark.parametrize("name", ["n", "kernel_size", "stride", "dilation"])
def test_same_padding_refuses_bad_sizes_by_name(name):
    arguments = {"n": 7, "kernel_size": 3, "stride": 2, "dilation": 1}
    with pytest.raises(ValueError, match=f"^{name} must be a positive integer, got 0$"):
        same_padding(**arguments | {name: 0})
    with pytest.raises(TypeError, match=f"^{name} must be a positive integer, got nan"):
        same_padding(**arguments | {name: float("nan")})
    with pytest.raises(TypeError, match=rf"^{name} must be a positive integer, got \(2, 2\)"):
        same_padding(**arguments | {name: (2, 2)})


def test_same_padding_refuses_an_unknown_mode():
    with pytest.raises(ValueError, match=r"^mode must be 'upper' or 'lower', got 'valid'$"):
        same_padding(7, 3, mode="valid")


# transposed_output_size


@quick
@given(sizes, kernels, strides, st.integers(0, 3), dilations, st.data())
def test_transposed_output_size_undoes_output_size(n, f, s, p, d, data):
    if d * (f - 1) + 1 > n + 2 * p:
        return
    small = output_size(n, f, s, p, d)
    lost = (n + 2 * p - d * (f - 1) - 1) % s
    assert transposed_output_size(small, f, s, p, lost, d) == n


@quick
@given(sizes, kernels, strides, dilations)
def test_transposed_output_size_is_the_length_of_scipys_upfirdn(n, f, s, d):
    full = signal.upfirdn(dilated(f, d), np.ones(n), up=s)
    assert transposed_output_size(n, f, s, dilation=d) == full.size


@pytest.mark.parametrize(("output_padding", "expected"), [(0, 7), (1, 8)])
def test_output_padding_tells_seven_from_eight(output_padding, expected):
    assert output_size(expected, 3, stride=2, padding=1) == 4
    assert transposed_output_size(4, 3, 2, 1, output_padding) == expected


@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (3, 2), (2, 3)])
def test_output_padding_must_be_smaller_than_stride_or_dilation(stride, dilation):
    most = max(stride, dilation) - 1
    assert transposed_output_size(4, 3, stride, 0, most, dilation) > 0
    message = (
        rf"^output_padding .*got output_padding {most + 1} with stride {stride} and dilation {dilation}$"
    )
    with pytest.raises(ValueError, match=message):
        transposed_output_size(4, 3, stride, 0, most + 1, dilation)


def test_a_transposed_output_of_one_cell_is_the_least():
    assert transposed_output_size(2, 2, padding=1) == 1
    message = (
        "padding must leave an output, got padding 1 on n 1 with kernel_size 2, stride 1, "
        "output_padding 0 and dilation 1 (output 0)"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        transposed_output_size(1, 2, padding=1)


@pytest.mark.parametrize("name", ["n", "kernel_size", "stride", "padding", "output_padding", "dilation"])
def test_a_pair_anywhere_gives_a_transposed_pair(name):
    arguments = {"n": 4, "kernel_size": 3, "stride": 2, "padding": 1, "output_padding": 1, "dilation": 1}
    assert transposed_output_size(**arguments) == 8
    assert transposed_output_size(**arguments | {name: (arguments[name],) * 2}) == (8, 8)


@pytest.mark.parametrize("name", ["n", "kernel_size", "stride", "padding", "output_padding", "dilation"])
def test_transposed_output_size_refuses_bad_sizes_by_name(name):
    arguments = {"n": 4, "kernel_size": 3, "stride": 2, "padding": 1, "output_padding": 1, "dilation": 1}
    least = 0 if "padding" in name else 1
    with pytest.raises(ValueError, match=rf"^{name} must be a .*, got {least - 1}$"):
        transposed_output_size(**arguments | {name: least - 1})
    with pytest.raises(TypeError, match=rf"^{name} must be a .*, got True"):
        transposed_output_size(**arguments | {name: True})


# windows


@quick
@given(sizes, kernels, strides, paddings, dilations)
def test_window_starts_and_padding_only_agree_with_sliding(n, f, s, p, d):
    windows = slid(n, f, s, p, d)
    if not windows:
        return
    starts, alone = window_starts(n, f, s, p, d), padding_only(n, f, s, p, d)
    assert starts.tolist() == [window[0] for window in windows]
    assert starts.dtype == np.int64
    assert alone.tolist() == [all(not 0 <= tap < n for tap in window) for window in windows]
    assert alone.dtype == bool


@quick
@given(sizes, kernels, strides, paddings, dilations)
def test_padding_only_is_where_scipys_correlation_with_ones_is_zero(n, f, s, p, d):
    x = np.pad(np.ones(n, int), p)
    w = dilated(f, d).astype(int)
    if w.size <= x.size:
        seen = signal.correlate(x, w, "valid", method="direct")[::s]
        assert padding_only(n, f, s, p, d).tolist() == (seen == 0).tolist()


def test_a_dilated_window_can_straddle_the_whole_input():
    assert padding_only(1, 2, padding=1, dilation=2).tolist() == [True]


def test_padding_of_224_to_keep_its_size_leaves_111_positions_without_input():
    assert int(padding_only(224, 3, 2, 113).sum()) == 111
    assert output_size(224, 1, padding=113) == 450
    assert round((450 / 224) ** 2, 2) == 4.04


@pytest.mark.parametrize(
    ("n", "share", "percent"),
    [
        (224, 1 - Fraction(113, 224) ** 2, 74.6),
        (8, Fraction(39, 64), 60.9),
        (28, 1 - Fraction(15, 28) ** 2, 71.3),
        (7, Fraction(24, 49), 49.0),
    ],
)
def test_share_of_outputs_that_see_padding_alone(n, share, percent):
    result = padding_only_share(n, 3, 2, n // 2 + 1)
    assert isinstance(result, Fraction)
    assert result == share
    assert round(100 * float(result), 1) == percent


@quick
@given(st.integers(1, 8), st.integers(1, 4), st.integers(1, 3), st.integers(0, 6), st.integers(1, 2))
def test_share_is_counted_over_every_output_of_a_square(n, f, s, p, d):
    windows = slid(n, f, s, p, d)
    if not windows:
        return

    def blind(*axes):
        return not any(
            all(0 <= tap < n for tap in taps)
            for taps in np.stack(np.meshgrid(*axes), -1).reshape(-1, len(axes))
        )

    line = [blind(a) for a in windows]
    square = [blind(a, b) for a in windows for b in windows]
    assert padding_only_share(n, f, s, p, d, ndim=1) == Fraction(sum(line), len(line))
    assert padding_only_share(n, f, s, p, d) == Fraction(sum(square), len(square))


@given(st.integers(1, 5))
def test_share_over_more_axes(ndim):
    assert padding_only_share(8, 3, 2, 5, ndim=ndim) == 1 - Fraction(5, 8) ** ndim


def test_share_refuses_no_axes():
    with pytest.raises(ValueError, match=r"^ndim must be a positive integer, got 0$"):
        padding_only_share(8, 3, ndim=0)


@pytest.mark.parametrize("function", [window_starts, padding_only, padding_only_share])
@pytest.mark.parametrize("name", ["n", "kernel_size", "stride", "padding", "dilation"])
def test_one_axis_functions_refuse_bad_sizes_and_pairs_by_name(function, name):
    arguments = {"n": 8, "kernel_size": 3, "stride": 2, "padding": 1, "dilation": 1}
    least = 0 if name == "padding" else 1
    with pytest.raises(ValueError, match=rf"^{name} must be a .*, got {least - 1}$"):
        function(**arguments | {name: least - 1})
    with pytest.raises(TypeError, match=rf"^{name} must be a .*, got \(2, 2\)"):
        function(**arguments | {name: (2, 2)})


@pytest.mark.parametrize("function", [window_starts, padding_only, padding_only_share])
def test_one_axis_functions_refuse_a_kernel_wider_than_the_padded_input(function):
    with pytest.raises(ValueError, match=r"kernel_size 5 .* n 2 with padding 1 "):
        function(2, 5, padding=1)


@pytest.mark.parametrize("function", [window_starts, padding_only, padding_only_share])
def test_one_axis_functions_default_to_stride_1_padding_0_dilation_1(function):
    assert np.array_equal(function(8, 3), function(8, 3, 1, 0, 1))


def test_share_defaults_to_no_padding_stride_1_and_no_dilation():
    assert padding_only_share(1, 1) == 0
    assert padding_only_share(7, 3, padding=3) == 1 - Fraction(9, 11) ** 2
    assert padding_only_share(1, 2, padding=1) == 0


def test_the_defaults_are_stride_1_padding_0_dilation_1():
    assert output_size(8, 3) == output_size(8, 3, 1, 0, 1)
    assert transposed_output_size(8, 3) == transposed_output_size(8, 3, 1, 0, 0, 1)
    assert same_padding(8, 3) == same_padding(8, 3, 1, 1, "upper")
    assert list(symmetric_paddings(8, 3, 8)) == list(symmetric_paddings(8, 3, 8, 1, 1)) == [1]
