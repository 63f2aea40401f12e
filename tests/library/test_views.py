import dataclasses
import re

import numpy as np
import pytest
from scipy import stats

from dlnotes.views import ViewFit, draw_bars, width_regression

EXPECTED = {
    8: (0.048, 8.19),
    16: (0.514, 5.85),
    24: (0.842, 3.34),
    32: (0.967, 1.52),
    40: (0.991, 0.81),
    64: (0.994, 0.63),
}


def test_the_numbers_of_the_page():
    fits = width_regression(list(EXPECTED), np.random.default_rng(0))
    assert [fit.view for fit in fits] == list(EXPECTED)
    assert {fit.view: (round(fit.r2, 3), round(fit.rmse, 2)) for fit in fits} == EXPECTED
    assert {round(fit.sd, 2) for fit in fits} == {8.40}


def test_another_seed_tells_the_same_story():
    r2 = [fit.r2 for fit in width_regression(list(EXPECTED), np.random.default_rng(1))]
    assert r2 == pytest.approx([expected for expected, _ in EXPECTED.values()], abs=0.04)
    assert r2 == sorted(r2)


def test_one_view_agrees_with_the_normal_equations():
    rng = np.random.default_rng(5)
    x, w = draw_bars(300, rng, length=32, cell=4, widths=(3, 9))
    x_test, w_test = draw_bars(100, rng, length=32, cell=4, widths=(3, 9))
    a, a_test = (np.column_stack([s[:, 12:20], np.ones(len(s))]) for s in (x, x_test))
    answer = a_test @ np.linalg.solve(a.T @ a, a.T @ w)
    rmse = np.sqrt(((answer - w_test) ** 2).mean())
    r2 = 1 - ((answer - w_test) ** 2).sum() / ((w_test - w_test.mean()) ** 2).sum()
    (fit,) = width_regression(
        [8], np.random.default_rng(5), length=32, cell=4, widths=(3, 9), train=300, test=100
    )
    assert fit == ViewFit(8, pytest.approx(r2), pytest.approx(rmse), pytest.approx(w_test.std()))


def test_a_view_of_one_pixel_agrees_with_scipys_linregress():
    rng = np.random.default_rng(2)
    x, w = draw_bars(500, rng, length=33, cell=9, widths=(2, 12), noise=0.3)
    x_test, w_test = draw_bars(200, rng, length=33, cell=9, widths=(2, 12), noise=0.3)
    line = stats.linregress(x[:, 16], w)
    rmse = np.sqrt(np.mean((line.intercept + line.slope * x_test[:, 16] - w_test) ** 2))
    (fit,) = width_regression(
        [1], np.random.default_rng(2), length=33, cell=9, widths=(2, 12), noise=0.3, train=500, test=200
    )
    assert fit.rmse == pytest.approx(rmse)


def test_the_whole_signal_without_noise_gives_the_width_exactly():
    (fit,) = width_regression([64], np.random.default_rng(0), noise=0)
    assert fit.rmse < 1e-9
    assert fit.r2 == pytest.approx(1)


def test_all_views_see_the_same_data():
    both = width_regression([16, 8], np.random.default_rng(3), train=200, test=50)
    alone = width_regression([8], np.random.default_rng(3), train=200, test=50)
    assert both[1] == alone[0]


def test_no_views_give_no_fits():
    assert width_regression([], np.random.default_rng(0), train=1, test=5) == ()


def test_a_fit_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        ViewFit(8, 0.5, 1.0, 2.0).view = 16


def test_a_fit_holds_python_numbers():
    (fit,) = width_regression(np.array([8]), np.random.default_rng(0), train=50, test=20)
    assert [type(value) for value in dataclasses.astuple(fit)] == [int, float, float, float]


def test_a_bar_is_one_run_of_ones_of_the_drawn_width_with_its_centre_in_the_middle_cell():
    signals, widths = draw_bars(2000, np.random.default_rng(0), noise=0)
    assert signals.shape == (2000, 64)
    assert signals.dtype == widths.dtype == np.float64
    assert set(np.unique(signals)) == {0, 1}
    assert np.array_equal(signals.sum(axis=1), widths)
    start = signals.argmax(axis=1)
    assert all(
        row[first : first + int(w)].all() for row, first, w in zip(signals, start, widths, strict=True)
    )
    assert set(start + widths // 2) == set(range(28, 36))
    assert set(widths) == set(range(12, 41))


def test_noise_has_the_given_deviation_and_leaves_the_bars_alone():
    clean, widths = draw_bars(500, np.random.default_rng(0), noise=0)
    noisy, same_widths = draw_bars(500, np.random.default_rng(0), noise=0.3)
    assert np.array_equal(widths, same_widths)
    assert (noisy - clean).std() == pytest.approx(0.3, rel=0.02)
    assert (noisy - clean).mean() == pytest.approx(0, abs=0.01)


def test_the_widest_bar_that_fits_reaches_both_ends():
    signals, _ = draw_bars(200, np.random.default_rng(0), length=10, cell=2, widths=(8, 8), noise=0)
    assert signals.any(axis=0).tolist() == [True] * 9 + [False]
    signals, _ = draw_bars(200, np.random.default_rng(0), length=10, cell=2, widths=(9, 9), noise=0)
    assert signals.any(axis=0).all()
    assert (signals.sum(axis=1) == 9).all()


@pytest.mark.parametrize(("length", "cell", "widths"), [(10, 2, (8, 10)), (9, 1, (10, 10)), (8, 8, (1, 2))])
def test_a_bar_that_may_leave_the_signal_is_refused(length, cell, widths):
    message = f"widths must fit in length {length} around cell {cell}, got {widths}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        draw_bars(5, np.random.default_rng(0), length=length, cell=cell, widths=widths)


def test_bars_of_one_pixel_may_fill_the_whole_signal():
    signals, _ = draw_bars(500, np.random.default_rng(0), length=8, cell=8, widths=(1, 1), noise=0)
    assert signals.any(axis=0).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"count": 0}, "count must be a positive integer, got 0"),
        ({"length": 0}, "length must be a positive integer, got 0"),
        ({"cell": 0}, "cell must be a positive integer, got 0"),
        ({"cell": 7}, "cell must leave equally many pixels on both sides of length 64, got 7"),
        ({"cell": 66}, "cell must leave equally many pixels on both sides of length 64, got 66"),
        ({"widths": (0, 4)}, "widths[0] must be a positive integer, got 0"),
        ({"widths": (5, 4)}, "widths must be in ascending order, got (5, 4)"),
        ({"noise": -0.1}, "noise must be non-negative, got -0.1"),
        ({"noise": np.nan}, "noise must be finite, got nan"),
    ],
)
def test_draw_bars_refuses_bad_arguments_by_name(arguments, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        draw_bars(**{"count": 5, "rng": np.random.default_rng(0)} | arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"views": [8, 7]}, "views must leave equally many pixels on both sides of length 64, got 7"),
        ({"views": [66]}, "views must leave equally many pixels on both sides of length 64, got 66"),
        ({"views": [0]}, "views must be a positive integer, got 0"),
        ({"length": 0}, "length must be a positive integer, got 0"),
        ({"train": 8}, "train must be at least the number of coefficients 9, got 8"),
        ({"train": 0}, "train must be a positive integer, got 0"),
        ({"views": [8, 16, 2], "train": 16}, "train must be at least the number of coefficients 17, got 16"),
        ({"test": 1}, "test must be an integer >= 2, got 1"),
        ({"widths": (12, 12)}, "test must draw at least two different widths, got 10 of width 12"),
    ],
)
def test_width_regression_refuses_bad_arguments_by_name(arguments, message):
    good = {"views": [8], "rng": np.random.default_rng(0), "train": 20, "test": 10}
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        width_regression(**good | arguments)


def test_as_many_training_signals_as_coefficients_suffice():
    assert len(width_regression([8], np.random.default_rng(0), train=9, test=2)) == 1


@pytest.mark.parametrize("name", ["train", "test", "length"])
def test_width_regression_refuses_a_fraction_of_a_signal(name):
    with pytest.raises(TypeError, match=rf"^{name} must be .*, got 20\.5 \(float\)$"):
        width_regression([8], np.random.default_rng(0), **{name: 20.5})
