import itertools
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize

from dlnotes.piecewise import (
    ReluNetwork,
    count_pieces,
    directional_sum,
    directions,
    equispaced_knots,
    interpolate,
    least_squares,
    max_error,
    minimax,
    refine_knots,
    rms_error,
    zigzag,
)

quick = settings(max_examples=40, deadline=None)
seeds = st.integers(0, 2**32 - 1)
LINE = math.sqrt(4 / 45)


@st.composite
def problems(draw):
    """A polynomial, an interval, knots inside it and the sides they face."""
    rng = np.random.default_rng(draw(seeds))
    low = draw(st.floats(-3, 1))
    high = low + draw(st.floats(0.5, 4))
    k = draw(st.integers(0, 5))
    knots = low + (np.arange(1, k + 1) + rng.uniform(-0.3, 0.3, k)) / (k + 1) * (high - low)
    f = np.polynomial.Polynomial(rng.normal(size=draw(st.integers(1, 6))))
    return f, knots, low, high, rng.choice([-1.0, 1.0], k), rng


@quick
@given(seeds)
def test_a_network_is_the_sum_it_says(seed):
    rng = np.random.default_rng(seed)
    w, t = rng.normal(size=(2, 4))
    s = rng.choice([-1, 1], 4)
    g = ReluNetwork(0.5, -2.0, w, t, s)
    x = rng.normal(size=(3, 5))
    expected = [
        [0.5 - 2 * v + sum(a * max(c * (v - b), 0) for a, b, c in zip(w, t, s, strict=True)) for v in row]
        for row in x
    ]
    np.testing.assert_allclose(g(x), expected, atol=1e-13)
    assert g(1.0).shape == ()


@quick
@given(problems(), st.booleans())
def test_no_other_network_with_the_same_knots_is_closer(problem, linear):
    f, knots, low, high, facing, rng = problem
    g = least_squares(f, knots, low, high, linear=linear, facing=facing)
    if not linear:
        assert g.slope == 0
    best = rms_error(f, g, low, high)
    for _ in range(5):
        size = rng.choice([1e-3, 1e-1])
        bias, slope = size * rng.normal(size=2) * [1, linear]
        other = ReluNetwork(
            g.bias + bias, g.slope + slope, g.weights + size * rng.normal(size=len(knots)), knots, facing
        )
        assert rms_error(f, other, low, high) >= best - 1e-12


@quick
@given(problems())
def test_the_error_is_the_integral_scipy_finds(problem):
    f, knots, low, high, facing, rng = problem
    g = ReluNetwork(*rng.normal(size=2), rng.normal(size=len(knots)), knots, facing)
    square, _ = integrate.quad(lambda x: (g(x) - f(x)) ** 2, low, high, points=list(knots), limit=200)
    np.testing.assert_allclose(rms_error(f, g, low, high), math.sqrt(square / (high - low)), rtol=1e-6)


@quick
@given(problems())
def test_the_largest_error_is_not_exceeded_on_a_fine_grid(problem):
    f, knots, low, high, facing, rng = problem
    g = ReluNetwork(*rng.normal(size=2), rng.normal(size=len(knots)), knots, facing)
    seen = np.abs(g(np.linspace(low, high, 4001)) - f(np.linspace(low, high, 4001))).max()
    np.testing.assert_allclose(max_error(f, g, low, high), seen, rtol=0.02, atol=1e-6)


@quick
@given(problems())
def test_the_interpolant_passes_through_the_function_at_knots_and_ends(problem):
    f, knots, low, high, *_ = problem
    g = interpolate(f, knots, low, high)
    x = np.array([low, *knots, high])
    np.testing.assert_allclose(g(x), f(x), atol=1e-10)
    middle = (x[1:] + x[:-1]) / 2
    np.testing.assert_allclose(g(middle), (f(x)[1:] + f(x)[:-1]) / 2, atol=1e-10)


@pytest.mark.parametrize(("f", "low", "high"), [(np.exp, -1, 2), (np.sqrt, 1, 4), (np.square, -1, 1)])
@pytest.mark.parametrize("k", [0, 1, 3])
def test_minimax_is_the_smallest_possible_largest_error(f, low, high, k):
    knots = low + np.sort(np.random.default_rng(k).uniform(0, 1, k)) * (high - low)
    g = minimax(f, knots, low, high)
    x = np.unique(np.concatenate([np.linspace(low, high, 801), knots]))
    hats = np.column_stack([np.interp(x, [low, *knots, high], row) for row in np.eye(k + 2)])
    ones = np.ones((len(x), 1))
    program = optimize.linprog(
        [0] * (k + 2) + [1],
        A_ub=np.block([[hats, -ones], [-hats, -ones]]),
        b_ub=np.concatenate([f(x), -f(x)]),
        bounds=(None, None),
    )
    np.testing.assert_allclose(max_error(f, g, low, high), program.fun, rtol=0.01)
    np.testing.assert_allclose(
        max_error(f, g, low, high), max_error(f, interpolate(f, knots, low, high), low, high) / 2
    )


@pytest.mark.parametrize("k", [0, 1, 2, 3, 4, 7, 15, 31, 63])
def test_the_error_on_a_parabola_falls_with_the_square_of_the_number_of_pieces(k):
    g = least_squares(np.square, equispaced_knots(k))
    np.testing.assert_allclose(rms_error(np.square, g), LINE / (k + 1) ** 2, rtol=1e-9)
    np.testing.assert_allclose(max_error(np.square, g), 2 / 3 / (k + 1) ** 2, rtol=1e-9)
    knots = equispaced_knots(k)
    np.testing.assert_allclose(max_error(np.square, interpolate(np.square, knots)), 1 / (k + 1) ** 2)
    np.testing.assert_allclose(max_error(np.square, minimax(np.square, knots)), 1 / (2 * (k + 1) ** 2))


def test_the_errors_are_those_of_the_brief():
    errors = {k: rms_error(np.square, least_squares(np.square, equispaced_knots(k))) for k in (0, 1, 3, 63)}
    np.testing.assert_allclose(list(errors.values()), [0.298142, 0.0745356, 0.0186339, 7.27887e-5], rtol=1e-5)
    line = least_squares(np.square, [])
    np.testing.assert_allclose([line.bias, line.slope], [1 / 3, 0], atol=1e-12)


@pytest.mark.parametrize(("k", "expected"), [(2, 0.0331269), (4, 0.0119257), (8, 0.00368077)])
def test_without_the_linear_term_an_even_number_of_units_keeps_the_law(k, expected):
    knots = equispaced_knots(k)
    g = least_squares(np.square, knots, linear=False, facing=np.sign(knots))
    np.testing.assert_allclose(rms_error(np.square, g), expected, rtol=1e-5)
    np.testing.assert_allclose(rms_error(np.square, g), LINE / (k + 1) ** 2, rtol=1e-9)


@pytest.mark.parametrize(("k", "expected"), [(1, 0.2373), (3, 0.0254)])
def test_an_odd_number_of_units_cannot_keep_the_law_wherever_the_knots_are(k, expected):
    def error(knots, facing):
        knots = np.clip(knots, -1, 1)
        return rms_error(np.square, least_squares(np.square, knots, linear=False, facing=facing))

    lowest = min(
        optimize.minimize(
            error, start, args=(facing,), method="Nelder-Mead", options={"fatol": 1e-9, "maxfev": 250}
        ).fun
        for facing in itertools.product((1, -1), repeat=k)
        for start in (np.linspace(-0.9, 0.3, k), np.linspace(-0.6, 0.35, k))
    )
    assert round(lowest, 4) == expected > LINE / (k + 1) ** 2
    facing = [-1, -1, 1][-k:]
    g = refine_knots(np.square, np.linspace(-0.6, 0.35, k), linear=False, facing=facing)
    np.testing.assert_allclose(rms_error(np.square, g), lowest, rtol=1e-5)


def test_free_knots_spread_evenly_on_a_parabola():
    g = refine_knots(np.square, [-0.5, 0.1, 0.6])
    np.testing.assert_allclose(g.knots, equispaced_knots(3), atol=1e-3)
    assert g.slope != 0


def test_the_tolerance_is_measured_by_the_width_of_the_interval():
    g = refine_knots(lambda x: np.abs(x - 0.0031), [0.005], 0.0, 0.01)
    np.testing.assert_allclose(g.knots, [0.0031], atol=1e-7)


def test_knots_do_not_leave_the_interval():
    g = refine_knots(lambda x: 2 * x + 1, [0.9], tolerance=1e-3)
    assert -1 <= g.knots[0] <= 1


@pytest.mark.parametrize("n", [1, 2, 3, 5])
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_stacked_zigzags_multiply_their_pieces(n, layers):
    x = np.linspace(0, 1, 4 * n**layers + 1)
    y = x
    for _ in range(layers):
        y = zigzag(n)(y)
    assert count_pieces(x, y, tolerance=1e-6) == n**layers
    assert y.min() >= -1e-12
    assert y.max() <= 1 + 1e-12
    np.testing.assert_allclose(y[::4], np.arange(n**layers + 1) % 2, atol=1e-9)
    assert len(zigzag(n).weights) == n


@quick
@given(seeds, st.integers(0, 6))
def test_the_pieces_are_one_more_than_the_knots_between_grid_points_or_on_them(seed, k):
    rng = np.random.default_rng(seed)
    x = np.linspace(-1, 1, 201)
    knots = np.arange(1, k + 1) * 0.25 - 1 + rng.choice([0, 0.013, 0.005], k)
    weights = rng.choice([-1, 1], k) * rng.uniform(0.5, 2, k)
    assert count_pieces(x, ReluNetwork(0.3, 0.2, weights, knots, np.ones(k))(x)) == k + 1


def test_a_bend_between_the_first_points_counts():
    assert count_pieces([0, 1, 2], [0, 0, 1]) == 2
    assert count_pieces([0, 1, 2, 3], [0, 0.5, 2, 4]) == 2
    assert count_pieces([0, 1, 2, 3], [0, 1, 2, 4]) == 2


def test_equal_spacing():
    assert equispaced_knots(0).shape == (0,)
    np.testing.assert_allclose(equispaced_knots(4, 0, 10), [2, 4, 6, 8])
    np.testing.assert_allclose(equispaced_knots(1), [0])


def test_xor_is_two_units():
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    assert ReluNetwork(0, 0, [1, -2], [0, 1], [1, 1])(x.sum(1)).tolist() == [0, 1, 1, 0]
    line = np.linalg.lstsq(np.column_stack([np.ones(4), x]), [0, 1, 1, 0], rcond=None)[0]
    np.testing.assert_allclose(line, [0.5, 0, 0], atol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: equispaced_knots(-1), "k must be a non-negative integer, got -1"),
        (lambda: equispaced_knots(2, 1, 1), "low must be smaller than high=1.0, got low=1.0"),
        (lambda: least_squares(np.square, [2.0]), "knots must lie between low=-1.0 and high=1.0, got 2.0"),
        (lambda: least_squares(np.square, [np.nan]), "knots must lie between .* got nan"),
        (lambda: least_squares(np.square, [0.0], facing=[2]), r"facing must hold \+1 .* got \[2"),
        (
            lambda: least_squares(np.square, [0.0], facing=[1, 1]),
            r"facing must have shape \(1,\), got \(2,\)",
        ),
        (lambda: least_squares(np.sum, [0.0]), r"f\(x\) must have shape \(16,\), got \(\)"),
        (lambda: interpolate(np.square, [0.5, 0.0]), r"knots must increase strictly .* got \[0.5, 0.0\]"),
        (lambda: interpolate(np.square, [1.0]), r"knots must increase strictly .* got \[1.0\]"),
        (lambda: minimax(np.sin, [0.2], -2, 2), "f must be convex or concave between low=-2"),
        (lambda: refine_knots(np.square, [0.0], tolerance=0), "tolerance must be positive, got 0.0"),
        (lambda: zigzag(0), "n must be a positive integer, got 0"),
        (lambda: ReluNetwork(0, 0, [1], [1, 2], [1]), r"knots must have shape \(1,\), got \(2,\)"),
        (lambda: ReluNetwork(0, 0, [1], [1], [0]), r"facing must hold \+1 .* got \[0"),
        (lambda: ReluNetwork(math.nan, 0, [1], [1], [1]), "bias must be finite, got nan"),
        (lambda: ReluNetwork(0, math.inf, [1], [1], [1]), "slope must be finite, got inf"),
        (lambda: count_pieces([0, 1, 3], [0, 1, 2]), "x must be at least 3 evenly spaced .* got 3 points"),
        (lambda: count_pieces([0, -1, -2], [0, 1, 2]), "x must be at least 3 evenly spaced .* got 3 points"),
        (lambda: count_pieces([0, 1], [0, 1]), "x must be at least 3 evenly spaced .* got 2 points"),
        (lambda: count_pieces([0, 1, 2], [0, 1]), r"y must have shape \(3,\), got \(2,\)"),
        (lambda: count_pieces([0, 1, 2], [0, 1, 2], tolerance=-1), "tolerance must be positive, got -1.0"),
        (lambda: rms_error(np.square, zigzag(2), 3, 1), "low must be smaller than high=1.0, got low=3.0"),
        (lambda: max_error(np.square, zigzag(2), 3, 1), "low must be smaller than high=1.0, got low=3.0"),
    ],
)
def test_bad_values_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_bad_types_are_refused():
    with pytest.raises(TypeError, match=r"k must be a non-negative integer, got 1\.5"):
        equispaced_knots(1.5)
    with pytest.raises(TypeError, match="knots must be an array of real numbers"):
        least_squares(np.square, ["a"])
    with pytest.raises(TypeError, match="low must be a real number, got None"):
        interpolate(np.square, [0.0], None)
    with pytest.raises(TypeError, match=r"n must be a positive integer, got 2\.0"):
        zigzag(2.0)


# --- units that look along directions of the plane -------------------------------------------------


@quick
@given(problems())
def test_the_terms_of_the_units_add_up_to_the_bent_part(problem):
    _, knots, low, high, facing, rng = problem
    g = ReluNetwork(*rng.normal(size=2), rng.normal(size=len(knots)), knots, facing)
    x = rng.uniform(low, high, (3, 5))
    terms = g.terms(x)
    assert terms.shape == (3, 5, len(knots))
    np.testing.assert_allclose(g.bias + g.slope * x + terms.sum(-1), g(x), atol=1e-12)


@pytest.mark.parametrize("k", [1, 2, 3, 8])
def test_directions_are_turns_of_the_first_by_equal_angles(k):
    d = directions(k, first=0.4)
    angles = np.unwrap(np.arctan2(d[:, 1], d[:, 0]))
    np.testing.assert_allclose(np.hypot(*d.T), 1)
    np.testing.assert_allclose(angles, 0.4 + np.arange(k) * math.tau / k, atol=1e-12)


@pytest.mark.parametrize("k", [1, 2, 3, 4, 9, 40])
def test_the_directional_sum_is_one_at_the_first_direction_and_nears_the_distance(k):
    d, p = directions(k, first=0.3), np.random.default_rng(k).normal(size=(50, 2))
    assert directional_sum(d[0], d) == pytest.approx(1)
    np.testing.assert_allclose(directional_sum(3 * p, d), 3 * directional_sum(p, d))
    if k == 40:
        np.testing.assert_allclose(directional_sum(p, d), np.hypot(*p.T), rtol=0.01)


def test_the_directional_sum_is_that_of_its_units():
    p, d = np.random.default_rng(0).normal(size=(2, 6, 2))
    scale = max(1.0, sum(max(0.0, float(each @ d[0])) for each in d))
    expected = [sum(max(0.0, float(each @ point)) for each in d) / scale for point in p]
    np.testing.assert_allclose(directional_sum(p, d), expected)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: directions(0), ValueError, "k must be a positive integer, got 0"),
        (lambda: directions(2, first="up"), TypeError, "first must be a real number, got 'up'"),
        (lambda: directional_sum([1.0, 2.0, 3.0], [[1.0, 0.0]]), ValueError, "points must have shape"),
        (lambda: directional_sum(1.0, [[1.0, 0.0]]), ValueError, "points must have shape"),
        (lambda: directional_sum([1.0, 2.0], np.zeros((0, 2))), ValueError, "points must have shape"),
    ],
)
def test_bad_directions_are_named_with_their_value(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()
