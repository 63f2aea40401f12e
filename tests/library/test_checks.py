import re
from fractions import Fraction

import numpy as np
import pytest

from dlnotes import _checks


@pytest.mark.parametrize("value", [3, np.int8(3), np.uint64(3), np.array(3)])
def test_integers_of_any_kind_become_python_ints(value):
    number = _checks.integer("stride", value, least=1)
    assert number == 3
    assert type(number) is int


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (2.0, "float"),
        (True, "bool"),
        (np.True_, "bool"),
        (float("nan"), "float"),
        (Fraction(3, 2), "Fraction"),
        ("3", "str"),
        (None, "NoneType"),
        (np.array([3, 4]), "ndarray"),
        ((3, 4), "tuple"),
    ],
)
def test_what_is_no_integer_is_refused_by_name_value_and_kind(value, kind):
    message = f"stride must be a positive integer, got {value!r} ({kind})"
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        _checks.integer("stride", value, least=1)


@pytest.mark.parametrize(
    ("least", "value", "wanted"),
    [(0, -1, "a non-negative integer"), (1, 0, "a positive integer"), (2, 1, "an integer >= 2")],
)
def test_an_integer_below_the_least_is_refused_and_the_least_is_kept(least, value, wanted):
    assert _checks.integer("padding", least, least=least) == least
    with pytest.raises(ValueError, match=f"^padding must be {wanted}, got {value}$"):
        _checks.integer("padding", value, least=least)


def test_one_integer_stands_for_both_axes():
    assert _checks.pair("stride", 3, least=1) == (3, 3)


@pytest.mark.parametrize("value", [(2, 5), [2, 5]])
def test_a_pair_keeps_its_order(value):
    assert _checks.pair("stride", value, least=1) == (2, 5)


@pytest.mark.parametrize("value", [(), (2,), (2, 3, 4)])
def test_a_pair_of_another_length_is_refused(value):
    message = f"stride must be an integer or a pair, got {value!r} ({len(value)} values)"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        _checks.pair("stride", value, least=1)


@pytest.mark.parametrize(("value", "place"), [((0, 1), 0), ((1, 0), 1)])
def test_a_bad_entry_of_a_pair_is_named_by_its_place(value, place):
    with pytest.raises(ValueError, match=rf"^stride\[{place}\] must be a positive integer, got 0$"):
        _checks.pair("stride", value, least=1)


def test_a_bad_integer_for_both_axes_is_named_alone():
    with pytest.raises(ValueError, match=r"^padding must be a non-negative integer, got -1$"):
        _checks.pair("padding", -1, least=0)


@pytest.mark.parametrize("value", [2, 2.0, np.float32(2), np.int64(2), Fraction(4, 2)])
def test_real_numbers_of_any_kind_become_python_floats(value):
    number = _checks.real("w", value)
    assert number == 2.0
    assert type(number) is float


@pytest.mark.parametrize(
    ("value", "kind"), [(True, "bool"), (np.False_, "bool"), ("2", "str"), (2j, "complex")]
)
def test_what_is_no_real_number_is_refused_by_name_value_and_kind(value, kind):
    message = f"w must be a real number, got {value!r} ({kind})"
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        _checks.real("w", value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_real_number_that_is_not_finite_is_refused(value):
    with pytest.raises(ValueError, match=f"^w must be finite, got {value}$"):
        _checks.real("w", value)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_floating_array_is_handed_back_itself(dtype):
    value = np.ones((2, 3), dtype)
    assert _checks.array("x", value, rank=2) is value


@pytest.mark.parametrize("dtype", [np.int32, np.uint8])
def test_an_integer_array_becomes_float64(dtype):
    result = _checks.array("x", np.array([1, 2], dtype), rank=1)
    assert result.dtype == np.float64
    assert result.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("value", [[True], [1j], ["a"], [None]])
def test_an_array_of_anything_else_is_refused(value):
    dtype = np.asarray(value).dtype
    message = f"x must be an array of real numbers, got dtype {dtype}"
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        _checks.array("x", value, rank=1)


@pytest.mark.parametrize("rank", [1, 3])
def test_an_array_of_another_rank_is_refused(rank):
    message = f"x must have {rank} dimensions, got 2 (shape (2, 3))"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        _checks.array("x", np.ones((2, 3)), rank=rank)


@pytest.mark.parametrize(
    ("in_channels", "out_channels", "groups"), [(3, 8, 1), (8, 16, 4), (3, 6, 3), (8, 8, 8)]
)
def test_groups_that_divide_both_channel_counts_pass(in_channels, out_channels, groups):
    _checks.groups(in_channels, out_channels, groups)


def test_groups_must_divide_the_input_channels():
    with pytest.raises(ValueError, match=r"^in_channels must be divisible by groups=2, got in_channels=3$"):
        _checks.groups(3, 8, 2)


def test_groups_must_divide_the_output_channels():
    with pytest.raises(ValueError, match=r"^out_channels must be divisible by groups=4, got out_channels=6$"):
        _checks.groups(8, 6, 4)


def test_three_channels_cannot_become_eight_depth_by_depth():
    message = (
        "out_channels must be a multiple of in_channels=3 in a depthwise convolution (groups=3): "
        "each input channel owns the same number of kernels, got out_channels=8"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        _checks.groups(3, 8, 3)


@pytest.mark.parametrize("value", [0, -1.5, 0.0])
def test_what_must_be_positive_is_refused_at_zero_and_below(value):
    with pytest.raises(ValueError, match=rf"^lr must be positive, got {float(value)}$"):
        _checks.positive("lr", value)


def test_a_positive_number_becomes_a_python_float():
    assert _checks.positive("lr", np.float32(0.5)) == 0.5
    assert type(_checks.positive("lr", 1)) is float


@pytest.mark.parametrize("value", [0, 1, 0.25])
def test_a_fraction_may_be_zero_and_one(value):
    assert _checks.fraction("gamma", value) == value


@pytest.mark.parametrize("value", [-1e-9, 1.0000001])
def test_a_fraction_outside_is_refused(value):
    with pytest.raises(ValueError, match=rf"^gamma must be between 0 and 1, got {re.escape(str(value))}$"):
        _checks.fraction("gamma", value)


@pytest.mark.parametrize("shape", [(), (3,), (2, 1, 4)])
def test_floats_of_any_rank_keep_their_shape(shape):
    assert _checks.floats("x", np.ones(shape, int)).shape == shape
    assert _checks.floats("x", np.ones(shape, int)).dtype == np.float64


def test_floats_refuse_words():
    with pytest.raises(TypeError, match=r"^x must be an array of real numbers"):
        _checks.floats("x", ["a"])


def test_a_generator_is_handed_back_itself():
    rng = np.random.default_rng(0)
    assert _checks.generator("rng", rng) is rng


@pytest.mark.parametrize("value", [0, None, np.random.RandomState(0)])
def test_a_seed_is_no_generator(value):
    with pytest.raises(TypeError, match=r"^rng must be a numpy\.random\.Generator, got"):
        _checks.generator("rng", value)


@pytest.mark.parametrize("value", [0, 0.0, 2.5])
def test_what_must_not_be_negative_may_be_zero(value):
    assert _checks.nonnegative("eps", value) == value


def test_a_negative_number_is_refused():
    with pytest.raises(ValueError, match=r"^eps must be non-negative, got -1e-09$"):
        _checks.nonnegative("eps", -1e-9)


def test_a_weight_may_be_zero_but_not_one():
    assert _checks.weight("beta", 0) == 0
    for value in (1, -0.1):
        message = rf"^beta must be at least 0 and less than 1, got {float(value)}$"
        with pytest.raises(ValueError, match=message):
            _checks.weight("beta", value)


def test_a_flag_is_true_or_false_and_nothing_like_it():
    assert _checks.flag("bias", True) is True
    assert _checks.flag("bias", False) is False
    for value in (1, 0, None, "yes", np.True_):
        message = f"bias must be True or False, got {value!r} ({type(value).__name__})"
        with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
            _checks.flag("bias", value)


@pytest.mark.parametrize("shape", [(3, 32, 28), [3, 32, 28], (np.int64(4),)])
def test_an_input_is_an_image_or_a_vector(shape):
    checked = _checks.input_shape(shape)
    assert checked == tuple(shape)
    assert {type(size) for size in checked} == {int}


@pytest.mark.parametrize(
    ("shape", "error", "message"),
    [
        (4, TypeError, "input_shape must be a tuple of integers, got 4 (int)"),
        ((4.0,), TypeError, "input_shape[0] must be a positive integer, got 4.0 (float)"),
        ((3, 32), ValueError, "input_shape must be (channels, height, width) or (features,), got (3, 32)"),
        ((3, 32, 0), ValueError, "input_shape[2] must be a positive integer, got 0"),
    ],
)
def test_what_is_neither_an_image_nor_a_vector_is_refused(shape, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        _checks.input_shape(shape)


def test_as_many_axes_as_are_allowed_are_taken_and_one_more_is_not():
    most = np.ones((1,) * _checks.MOST_AXES).tolist()
    assert _checks.as_array("x", most).ndim == _checks.MOST_AXES
    with pytest.raises(ValueError, match="x must have at most"):
        _checks.as_array("x", [most])
