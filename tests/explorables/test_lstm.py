"""One memory of an LSTM by hand: what the page computes is what the library computes."""

import numpy as np
import pytest

import explorables
from dlnotes.activations import sigmoid
from dlnotes.lstm import bias_to_keep, half_life, lstm, retention


@pytest.fixture(scope="module")
def script():
    return explorables.Script("lstm")


def test_every_setting_gives_what_the_library_gives(script):
    settings = script.reachable()
    for one, told in zip(settings, script.told_of(settings), strict=True):
        b, n, result = one["b"], one["n"], told["result"]
        share = float(eval(told["call"], {"retention": retention}))
        assert share == float(retention(b, n))
        assert result == {
            "f": pytest.approx(float(sigmoid([b])[0]), rel=1e-12),
            "retention": pytest.approx(share, rel=1e-12, abs=1e-300),
            "half_life": pytest.approx(float(half_life(b)), rel=1e-12),
            "bias_to_keep": pytest.approx(float(bias_to_keep(n)), rel=1e-12, abs=1e-12),
            "c": pytest.approx(one["i"] * one["g"] * share, rel=1e-12, abs=1e-300),
            "h": pytest.approx(one["o"] * np.tanh(one["i"] * one["g"] * share), rel=1e-12, abs=1e-300),
        }


def test_a_cell_whose_gates_are_held_has_these_states(script):
    settings = [
        {"b": b, "n": n, "i": i, "o": o, "g": g}
        for b in (-1, 0, 2, 5)
        for n in (1, 10, 100)
        for i in (0.3, 1)
        for o in (0, 0.7, 1)
        for g in (-0.5, 1)
    ]
    for one, told in zip(settings, script.told_of(settings), strict=True):
        o = one["o"]
        show = np.log(o / (1 - o)) if 0 < o < 1 else 2000 * o - 1000
        zeros = np.zeros((4, 1))
        # Written before the first step; then the input gate is shut.
        bias, c0 = [-1000, one["b"], 0, show], [one["i"] * one["g"]]
        states = lstm(np.zeros((one["n"], 1)), zeros, zeros, bias, c0=c0)
        assert told["result"]["c"] == pytest.approx(states.c[-1, 0], rel=1e-12)
        assert told["result"]["h"] == pytest.approx(states.h[-1, 0], rel=1e-12)


def test_the_tasks_are_open_at_first_and_can_be_done(script):
    assert script.told({})["tasks"] == [False, False, False]
    assert script.told({"b": 0, "n": 1})["tasks"] == [True, False, False]
    assert script.told({"b": 2.5})["tasks"] == [False, True, False]
    assert script.told({"b": 5, "o": 0})["tasks"] == [False, False, True]


def test_the_curve_goes_where_the_hand_is(script):
    def moved(x, y, g=1):
        pen, at = "{ width: 328, height: 319.7, size: 13 }", f"{{ x: 36 + {x}, y: 49.4 + {y}, down: true }}"
        return script.eval(f"spec.point({at}, {{ n: 100, i: 1, g: {g} }}, null, {pen})")

    assert moved(270 / 2, 230 / 4) == {"b": 4.25}  # half is left after 50 steps
    assert moved(270 / 2, 230 * 3 / 4, g=-1) == {"b": 4.25}
    assert abs(float(bias_to_keep(50)) - 4.25) <= 0.125
    assert moved(3, 230 * 3 / 4) == {"g": -0.5}  # where the memory is written


def test_the_sentence_says_the_result(script):
    assert script.told({"b": 5})["said"] == (
        "100시점 뒤에 0.511배가 남습니다. 망각 게이트가 0.993이라 103시점마다 절반이 됩니다."
    )
    assert "2.5×10⁻¹⁴배" in script.told({})["said"]
    assert "장부는 그대로" in script.told({"o": 0})["said"]
    assert "새 값이 0이라" in script.told({"g": 0})["said"]
