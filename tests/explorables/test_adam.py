"""Adam's two memories by hand: what the page computes is what the library computes."""

from functools import cache

import numpy as np
import pytest

import explorables
from dlnotes.moving_averages import (
    correction,
    exponential_average,
    recent_weight,
    step_bound,
    uncorrected_step,
    worst_gradients,
)

NAMES = {
    "correction": correction,
    "exponential_average": exponential_average,
    "uncorrected_step": uncorrected_step,
    "worst_gradients": worst_gradients,
}
STORIES = {"turn": (1.0, -3.0), "grow": (1.0, 10.0), "stop": (1.0, 0.0), "burst": (0.0, 1.0)}
QUIET = {"burst", "spike", "worst"}


@pytest.fixture(scope="module")
def script():
    return explorables.Script("adam")


@cache
def average(beta, was, now):
    return exponential_average(np.full(1000, now), beta, initial=was)


def averages(one):
    """What the library makes of the gradients: the two averages, and the largest gradient."""
    betas, t, story = (one["beta1"], one["beta2"]), one["t"], one["gradients"]
    if story == "start":
        fixed = [float(correction(beta, t)) if one["corrected"] else 1 for beta in betas]
        return *(average(beta, 0, 1)[t - 1] * more for beta, more in zip(betas, fixed, strict=True)), 1
    if story in STORIES:
        was, now = STORIES[story]
        return average(betas[0], was, now)[t - 1], average(betas[1], was**2, now**2)[t - 1], max(1, abs(now))
    g = worst_gradients(*betas, t) if story == "worst" else np.arange(t) == 0.0
    return *(exponential_average(g**power, beta)[-1] for power, beta in enumerate(betas, 1)), 1


def test_averages_and_steps_are_the_librarys(script):
    settings = script.reachable()
    for one, told in zip(settings, script.told_of(settings), strict=True):
        beta1, beta2, t = one["beta1"], one["beta2"], one["t"]
        m, v, largest = averages(one)
        root_v = np.sqrt(v)
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
    assert {one["gradients"] for one in settings} == {*STORIES, "spike", "worst", "start"}
    for told in script.told_of(settings):
        m, root_v = told["result"]["m"], told["result"]["root_v"]
        assert told["result"]["step"] == pytest.approx(m / root_v, rel=1e-15)
        assert eval(told["call"], NAMES) == pytest.approx(m / root_v, rel=1e-12, abs=1e-12)


def test_no_step_after_quiet_passes_the_bound(script):
    settings = [one for one in script.reachable(most=4000) if one["gradients"] in QUIET]
    for told in script.told_of(settings):
        bound = told["result"]["step_bound"]
        assert bound is None or told["result"]["step"] <= bound * (1 + 1e-12)


def test_a_dozen_equal_gradients_pass_the_papers_limit_which_one_spike_only_reaches(script):
    def steps(story):
        return [script.told({"gradients": story, "t": t})["result"]["step"] for t in range(1, 101)]

    limit, bound = (script.told({})["result"][name] for name in ("first", "step_bound"))
    assert round(limit, 2) == 3.16
    assert max(steps("spike")) == steps("spike")[0] == pytest.approx(limit)
    assert round(max(steps("burst")), 2) == round(steps("burst")[11], 2) == 6.57
    assert limit < max(steps("burst")) < max(steps("worst")) < bound
    assert script.told({"gradients": "worst", "t": 1000})["result"]["step"] == pytest.approx(bound)


def test_the_correction_works_at_the_start_alone(script):
    first = {"gradients": "start", "t": 12}
    assert script.told(first)["result"]["step"] == 1
    off = script.told({**first, "corrected": False})
    assert off["result"]["step"] == script.told({"gradients": "burst", "t": 12})["result"]["step"]
    assert off["call"] == "uncorrected_step(0.9, 0.999, 12)"
    on, off = (script.told({"gradients": "burst", "corrected": kept}) for kept in (True, False))
    assert on["result"] == off["result"]
    assert "보정을 꺼도 같습니다" in off["said"]


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
    assert "한계 3.16배보다 작습니다" in script.told({"gradients": "spike", "t": 2})["said"]
    assert "아무리 이어도 7.27배까지입니다" in script.told({"gradients": "worst"})["said"]
    assert "끝없이 커집니다" in script.told({"gradients": "worst", "beta2": 0.7})["said"]
    assert "한결같습니다" in script.told({"gradients": "start"})["said"]
    assert "이미 돌아섰습니다" in script.told({"t": 7})["said"]
