"""Adam's two memories by hand: what the page computes is what the library computes."""

from functools import cache

import numpy as np
import pytest

import explorables
from dlnotes.moving_averages import exponential_average, recent_weight, step_bound, uncorrected_step

NAMES = {"exponential_average": exponential_average, "uncorrected_step": uncorrected_step}
STORIES = {"turn": (1.0, -3.0), "grow": (1.0, 10.0), "stop": (1.0, 0.0), "burst": (0.0, 1.0)}


@pytest.fixture(scope="module")
def script():
    return explorables.Script("adam")


@cache
def average(beta, was, now):
    return exponential_average(np.full(1000, now), beta, initial=was)


def test_averages_and_steps_are_the_librarys(script):
    settings = script.reachable()
    for one, told in zip(settings, script.told_of(settings), strict=True):
        beta1, beta2, t = one["beta1"], one["beta2"], one["t"]
        was, now = STORIES[one["gradients"]]
        m = average(beta1, was, now)[t - 1]
        root_v = np.sqrt(average(beta2, was**2, now**2)[t - 1])
        largest = max(abs(was), abs(now))
        result = told["result"]
        assert result["m"] == pytest.approx(m, rel=1e-12, abs=1e-12 * largest)
        assert result["root_v"] == pytest.approx(root_v, rel=1e-12)
        assert result["step"] == pytest.approx(m / root_v, rel=1e-12, abs=1e-12 * largest / root_v)
        weights = [float(recent_weight(beta, t)) for beta in (beta1, beta2)]
        assert result["recent_weight"] == pytest.approx(weights, rel=1e-12)
        assert result["first"] == pytest.approx(float(uncorrected_step(beta1, beta2, 1)), rel=1e-12)
        bound = float(step_bound(beta1, beta2))
        assert result["step_bound"] == (None if np.isinf(bound) else pytest.approx(bound, rel=1e-12))


def test_the_call_gives_the_step(script):
    settings = script.reachable(most=400)
    for told in script.told_of(settings):
        m, root_v = told["result"]["m"], told["result"]["root_v"]
        assert told["result"]["step"] == pytest.approx(m / root_v, rel=1e-15)
        assert eval(told["call"], NAMES) == pytest.approx(m / root_v, rel=1e-12, abs=1e-12)


def test_no_step_after_quiet_passes_the_bound(script):
    settings = [one for one in script.reachable(most=4000) if one["gradients"] == "burst"]
    for told in script.told_of(settings):
        bound = told["result"]["step_bound"]
        assert bound is None or told["result"]["step"] <= bound * (1 + 1e-12)


def test_the_tasks_are_open_at_first_and_can_be_done(script):
    assert script.told({})["tasks"] == [False, False, False]
    assert script.told({"beta1": 0.7})["tasks"] == [True, False, False]
    assert script.told({"gradients": "burst", "t": 12})["tasks"] == [False, True, False]
    assert script.told({"gradients": "stop", "beta2": 0.7, "t": 20})["tasks"] == [False, False, True]
    assert not any(
        script.told({"gradients": "stop", "beta2": 0.81, "t": t})["tasks"][2] for t in (1, 99, 1000)
    )


def test_the_sentence_says_the_result(script):
    assert script.told({"gradients": "burst", "t": 12})["said"] == (
        "1이 12번 이어지면 이동 폭은 α의 6.57배입니다. 논문이 적은 한계 3.16배를 넘습니다."
    )
    assert "꼭 닿습니다" in script.told({"gradients": "burst", "t": 1})["said"]
    assert "이미 돌아섰습니다" in script.told({"t": 7})["said"]
