"""Units of ReLU by hand: what the page computes is what the library computes."""

import json
import random

import numpy as np
import pytest

import explorables
from dlnotes.explorables.relu import frames
from dlnotes.piecewise import equispaced_knots, interpolate, least_squares, rms_error

NAMES = {
    "np": np,
    "equispaced_knots": equispaced_knots,
    "interpolate": interpolate,
    "least_squares": least_squares,
    "rms_error": rms_error,
}


@pytest.fixture(scope="module")
def script():
    return explorables.Script("relu", frames())


def test_fitted_lines_are_the_librarys(script):
    settings = script.reachable("moved", "j")
    for one, told in zip(settings, script.told_of(settings), strict=True):
        k = 0 if one["activation"] == "identity" else one["k"]
        fit = least_squares(np.square, equispaced_knots(k))
        result = told["result"]
        assert result["rms"] == pytest.approx(eval(told["call"], NAMES), abs=5e-7)
        assert result["x"] == pytest.approx([-1, *fit.knots, 1], abs=5e-7)
        assert result["y"] == pytest.approx(fit(result["x"]), abs=1e-5)


def test_dragged_lines_are_the_librarys(script):
    chance = random.Random(0)
    letters = next(one.letters for one in script.explorable.settings if one.name == "moved")
    settings = [
        {"k": k, "moved": "".join(chance.choices(letters, k=k))} for k in range(1, 13) for _ in range(400)
    ]
    refused = 0
    for told in script.told_of(settings):
        result = told["result"]
        if said := explorables.refusal(told["call"], **NAMES):
            assert result == {"refusal": said}
            refused += 1
            continue
        knots = result["x"][1:-1]
        assert result["y"] == pytest.approx(interpolate(np.square, knots)(result["x"]), abs=1e-12)
        assert result["rms"] == pytest.approx(eval(told["call"], NAMES), rel=1e-12)
    assert refused


def test_the_frames_are_rounded_and_no_more():
    for k, frame in enumerate(json.loads(frames(12))):
        fit = least_squares(np.square, equispaced_knots(k))
        assert abs(frame["rms"] - rms_error(np.square, fit)) <= 5e-7


def test_the_tasks_are_open_at_first_and_can_be_done(script):
    assert script.told({})["tasks"] == [False, False, False]
    assert script.told({"k": 1, "moved": "D"})["tasks"] == [True, False, False]
    assert script.told({"k": 5})["tasks"] == [False, True, False]
    assert script.told({"k": 12, "activation": "identity"})["tasks"] == [False, False, True]


def test_the_sentence_says_the_result(script):
    assert script.told({"k": 3})["said"] == (
        "유닛 3개가 선을 3번 꺾습니다. 고르게 놓고 가장 가깝게 맞추면 RMS 오차는 0.0186입니다."
    )
