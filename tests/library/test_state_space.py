"""Counting states exactly, covering them, and learning their values."""

import itertools
import sys
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes.environments import Catch
from dlnotes.state_space import (
    all_images,
    bytes_text,
    coverage_curve,
    digit_count,
    expected_coverage,
    image_index,
    images,
    leading_digits,
    linear_estimates,
    nature_dqn,
    nips_dqn,
    reachable_images,
    root_mean_square,
    scientific,
    table_bytes,
    table_estimates,
)

ATARI = 84 * 84 * 4


@pytest.fixture
def long_integers():
    """Let Python write integers of any length, as the library must not need."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    yield
    sys.set_int_max_str_digits(limit)


# Images.


def test_images_are_two_to_the_pixels():
    assert [images(n) for n in (1, 2, 3, 4, 5, 10, 20, 30)] == [2, 4, 8, 16, 32, 1024, 1048576, 1073741824]
    assert images(0) == 1
    assert images(3, levels=1) == 1


def test_squares_exceed_powers_only_at_three():
    assert [n for n in range(1, 200) if n**2 > images(n)] == [3]
    assert [n for n in range(1, 200) if n**2 == images(n)] == [2, 4]


@given(st.integers(1, 6), st.integers(1, 4))
def test_every_image_is_listed_once_in_the_order_of_its_index(pixels, levels):
    listed = all_images(pixels, levels)
    assert listed.dtype == np.uint8
    assert listed.tolist() == [list(image) for image in itertools.product(range(levels), repeat=pixels)]
    assert image_index(listed, levels).tolist() == list(range(images(pixels, levels)))


def test_the_largest_list_has_a_million_images_and_no_more():
    assert len(all_images(20)) == len(all_images(10, 4)) == 2**20
    for pixels, levels in [(21, 2), (11, 4), (3, 256)]:
        with pytest.raises(ValueError, match=rf"pixels must make at most 1048576 images.*got {pixels}"):
            all_images(pixels, levels)


def test_an_index_keeps_the_leading_axes_and_reaches_63_bits():
    assert image_index(np.ones((2, 3, 4), bool)).tolist() == [[15] * 3] * 2
    assert image_index([1] * 63).item() == 2**63 - 1
    with pytest.raises(ValueError, match=r"images must have an index below 2\*\*63, got 64 pixels"):
        image_index([0] * 64)


# Exact sizes.


def test_memory_of_the_brief():
    assert [bytes_text(table_bytes(images(n), 4)) for n in (20, 30, 40)] == ["16 MiB", "16 GiB", "16 TiB"]
    assert table_bytes(8, 3, 2) == 48


def test_bytes_change_their_unit_at_1024():
    assert [bytes_text(n) for n in (0, 1023, 1024, 1536, 1024**2 - 1)] == [
        "0 B",
        "1023 B",
        "1 KiB",
        "1.50 KiB",
        "1024.00 KiB",
    ]
    assert bytes_text(1023 * 1024**8) == "1023 YiB"
    with pytest.raises(ValueError, match=r"count must be below 1024 YiB, got about 1.24e27"):
        bytes_text(1024**9)


def test_powers_of_the_brief():
    atari = images(ATARI, 256)
    assert (digit_count(atari), leading_digits(atari, 5), scientific(atari)) == (
        67_971,
        14614,
        "1.4614e67970",
    )
    assert scientific(images(784)) == "1.0175e236"
    assert digit_count(images(84 * 84)) == 2125


@given(st.integers(1, 10**40), st.integers(1, 30))
def test_digits_are_those_that_python_writes(number, count):
    text = str(number)
    assert digit_count(number) == len(text)
    assert leading_digits(number, count) == int(text[:count])


@given(st.integers(0, 300))
def test_digits_change_at_powers_of_ten(exponent):
    assert digit_count(10**exponent) == exponent + 1
    assert digit_count(10 ** (exponent + 1) - 1) == exponent + 1


def test_the_largest_power_is_written_as_python_would(long_integers):
    text = str(256**ATARI)
    assert len(text) == digit_count(256**ATARI)
    assert int(text[:50]) == leading_digits(256**ATARI, 50)


@given(st.integers(1, 10**60), st.integers(1, 25))
def test_scientific_rounds_as_decimal_does(number, digits):
    mantissa, exponent = scientific(number, digits).split("e")
    with localcontext(prec=digits, rounding="ROUND_HALF_UP"):
        assert Decimal(f"{mantissa}e{exponent}") == +Decimal(number)
    assert len(mantissa.replace(".", "")) == digits
    assert mantissa[0] != "0"


# Coverage.


def test_coverage_of_the_brief():
    expected = [expected_coverage(2**n, 10_000) for n in (12, 16, 20)]
    assert [f"{c:.4f}" for c in expected] == ["0.9130", "0.1415", "0.0095"]
    rng = np.random.default_rng(0)
    measured = {n: coverage_curve(rng.integers(2**n, size=10_000), 2**n)[-1] for n in (4, 8, 10, 12, 16, 20)}
    assert [f"{measured[n]:.3%}" for n in (12, 16, 20)] == ["91.895%", "14.034%", "0.949%"]


@given(st.integers(1, 4), st.integers(0, 6))
def test_expected_coverage_is_the_mean_over_every_sequence(states, visits):
    sequences = itertools.product(range(states), repeat=visits)
    mean = np.mean([len(set(sequence)) / states for sequence in sequences])
    assert abs(expected_coverage(states, visits) - mean) < 1e-12


def test_expected_coverage_keeps_its_precision_for_huge_tables():
    assert expected_coverage(2**70, 10) == pytest.approx(10 / 2**70, rel=1e-12, abs=0)
    assert expected_coverage(256**ATARI, 10**9) == 0.0


@given(st.integers(1, 60), st.integers(1, 80), st.integers(0, 1000))
def test_a_coverage_curve_counts_the_distinct_states_so_far(states, visits, seed):
    drawn = np.random.default_rng(seed).integers(states, size=visits)
    counted = [len(set(drawn[: i + 1].tolist())) / states for i in range(visits)]
    assert np.allclose(coverage_curve(drawn, states), counted)


# Learning the values.


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 3), st.integers(0, 1000))
@settings(max_examples=50, deadline=None)
def test_a_table_is_a_dictionary_of_means(n, m, pixels, seed):
    rng = np.random.default_rng(seed)
    states, queries = rng.integers(2, size=(n, pixels)), rng.integers(2, size=(m, pixels))
    values = rng.normal(size=n)
    seen = {}
    for state, value in zip(states.tolist(), values.tolist(), strict=True):
        seen.setdefault(tuple(state), []).append(value)
    estimates, known = table_estimates(states, values, queries)
    assert known.tolist() == [tuple(query) in seen for query in queries.tolist()]
    assert np.allclose(estimates, [np.mean(seen.get(tuple(query), [0.0])) for query in queries.tolist()])


def test_a_linear_model_is_exact_on_a_linear_value():
    rng = np.random.default_rng(0)
    w, states, queries = rng.normal(size=6), rng.integers(2, size=(20, 6)), all_images(6)
    assert np.allclose(linear_estimates(states, states @ w, queries), queries @ w)


def test_a_linear_model_solves_the_normal_equations():
    rng = np.random.default_rng(1)
    states, values = rng.normal(size=(30, 4)), rng.normal(size=30)
    w = np.linalg.solve(states.T @ states, states.T @ values)
    assert np.allclose(linear_estimates(states, values, np.eye(4)), w)


def test_generalisation_of_the_brief():
    rng = np.random.default_rng(0)
    for n in (4, 8, 10, 12, 16, 20):
        rng.integers(2**n, size=10_000)
    w = rng.normal(size=16)
    states, queries = rng.integers(0, 2, size=(500, 16)), rng.integers(0, 2, size=(2000, 16))
    values, truth = states @ w + 0.1 * rng.normal(size=500), queries @ w
    estimates, known = table_estimates(states, values, queries)
    assert known.mean() == 0.007
    assert round(root_mean_square(estimates - truth), 3) == 2.108
    assert round(root_mean_square(truth), 3) == 2.114
    assert round(root_mean_square(linear_estimates(states, values, queries) - truth), 4) == 0.0177


# Reachable images and networks.


@pytest.mark.parametrize("size", [2, 3, 4, 5, 6])
def test_reachable_images_are_counted_by_the_closed_form(size):
    screens = reachable_images(size)
    assert screens.shape == (size**2 * (size - 1) + size * (size + 1) // 2, size, size)
    assert len({screen.tobytes() for screen in screens}) == len(screens)


def test_random_play_sees_every_reachable_image_and_no_other():
    seen, rng, game = set(), np.random.default_rng(0), Catch(3)
    for _ in range(2000):
        image, _ = game.reset(seed=rng)
        terminated = False
        seen.add(image.tobytes())
        while not terminated:
            image, _, terminated, _, _ = game.step(int(rng.integers(3)))
            seen.add(image.tobytes())
    assert seen == {screen.tobytes() for screen in reachable_images(3)}


def test_networks_of_the_brief():
    assert [row.parameters for row in nature_dqn(18).summary().rows if row.parameters] == [
        8224,
        32832,
        36928,
        1606144,
        9234,
    ]
    assert [nature_dqn(n).summary().parameters for n in (4, 18)] == [1_686_180, 1_693_362]
    assert nips_dqn(4).summary().parameters == 677_172
    assert bytes_text(4 * nature_dqn(18).summary().parameters) == "6.46 MiB"


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: images(-1), ValueError, "pixels must be a non-negative integer, got -1"),
        (lambda: images(2.0), TypeError, "pixels must be a non-negative integer, got 2.0"),
        (lambda: images(3, 0), ValueError, "levels must be a positive integer, got 0"),
        (lambda: all_images(0), ValueError, "pixels must be a positive integer, got 0"),
        (lambda: all_images(1, 257), ValueError, "levels must be at most 256 .*got 257"),
        (lambda: image_index([0, 2]), ValueError, "images must hold values from 0 to 1, got 2"),
        (lambda: image_index([-1, 0]), ValueError, "images must hold values from 0 to 1, got -1"),
        (lambda: image_index([0.0]), TypeError, "images must be an array of integers"),
        (lambda: image_index(1), ValueError, r"images must have shape \(..., n\), got \(\)"),
        (lambda: table_bytes(0, 1), ValueError, "states must be a positive integer, got 0"),
        (lambda: table_bytes(1, 0), ValueError, "actions must be a positive integer, got 0"),
        (lambda: table_bytes(1, 1, 0), ValueError, "entry_bytes must be a positive integer, got 0"),
        (lambda: bytes_text(-1), ValueError, "count must be a non-negative integer, got -1"),
        (lambda: digit_count(0), ValueError, "number must be a positive integer, got 0"),
        (lambda: leading_digits(5, 0), ValueError, "count must be a positive integer, got 0"),
        (lambda: leading_digits(0, 1), ValueError, "number must be a positive integer, got 0"),
        (lambda: scientific(1.5), TypeError, "number must be a positive integer, got 1.5"),
        (lambda: scientific(1, 0), ValueError, "digits must be a positive integer, got 0"),
        (lambda: expected_coverage(0, 1), ValueError, "states must be a positive integer, got 0"),
        (lambda: expected_coverage(1, -1), ValueError, "visits must be a non-negative integer, got -1"),
        (lambda: coverage_curve([0], 0), ValueError, "states must be a positive integer, got 0"),
        (lambda: coverage_curve([], 3), TypeError, "visited must be an array of integers, got dtype float"),
        (lambda: coverage_curve([[0]], 3), ValueError, r"visited must have shape \(N,\) .*got \(1, 1\)"),
        (lambda: coverage_curve([0, 3], 3), ValueError, "visited must hold states from 0 to 2, got 3"),
        (lambda: coverage_curve([-1, 0], 3), ValueError, "visited must hold states from 0 to 2, got -1"),
        (lambda: table_estimates([0], [0], [[0]]), ValueError, "states must have 2 dimensions, got 1"),
        (lambda: table_estimates([[0]], [0, 1], [[0]]), ValueError, r"values must have shape \(1,\), got"),
        (
            lambda: linear_estimates([[0]], [0], [[0, 1]]),
            ValueError,
            "queries must have 1 columns .*got shape",
        ),
        (lambda: root_mean_square([]), ValueError, r"errors must not be empty, got shape \(0,\)"),
        (lambda: reachable_images(1), ValueError, "size must be an integer >= 2, got 1"),
        (lambda: nature_dqn(0), ValueError, "actions must be a positive integer, got 0"),
        (lambda: nips_dqn(1.0), TypeError, "actions must be a positive integer, got 1.0"),
    ],
)
def test_bad_input_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
