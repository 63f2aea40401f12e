"""Maximization bias by hand: what the page shows of its draws is what the library draws."""

import random

import numpy as np
import pytest

import explorables
from dlnotes.explorables.double_q_learning import DRAWS, frames, mean_estimates
from dlnotes.maximization import double_estimate, expected_maximum, sample_estimates, single_estimate


@pytest.fixture(scope="module")
def script():
    return explorables.Script("double-q-learning", frames())


@pytest.fixture(scope="module")
def every(script):
    settings = script.reachable()
    assert len(settings) == 18 * 15 * len(DRAWS)
    return list(zip(settings, script.told_of(settings), strict=True))


def test_the_draws_can_all_be_asked_for(script):
    draws = next(one for one in script.explorable.settings if one.name == "draws")
    assert draws.values == DRAWS


def test_every_draw_is_the_librarys(every):
    for one, told in every:
        result, rng = told["result"], np.random.default_rng(one["draws"] - 1)
        first, second = sample_estimates(np.zeros(one["k"]), 1, 1, rng, std=one["sigma"])
        assert result["first"] == pytest.approx(first[0], abs=1e-4)
        assert result["second"] == pytest.approx(second[0], abs=1e-4)
        assert result["chosen"] == first[0].argmax()
        assert result["single_estimate"] == pytest.approx(single_estimate(first)[0], abs=1e-4)
        assert result["double_estimate"] == pytest.approx(double_estimate(first, second)[0], abs=1e-4)


def test_the_limit_is_the_librarys(every):
    limits = {k: expected_maximum(k) for k in range(1, 19)}
    for one, told in every:
        highest = limits[one["k"]]
        assert told["result"]["expected_maximum"] == pytest.approx(highest, abs=1e-12)
        assert told["result"]["expected_single"] == pytest.approx(one["sigma"] * highest, abs=1e-12)


def test_the_means_are_what_the_call_gives(every):
    chance = random.Random(0)
    few = [(one, told) for one, told in every if one["draws"] <= 10]
    many = [(one, told) for one, told in every if one["draws"] == 1000]
    for _, told in chance.sample(few, 200) + chance.sample(many, 10):
        means = [told["result"][name] for name in ("mean_single", "mean_double")]
        assert means == pytest.approx(eval(told["call"], {"mean_estimates": mean_estimates}), abs=1e-5)


def test_the_tasks_are_open_at_first_and_can_be_done(script):
    assert script.told({})["tasks"] == [False, False, False]
    assert script.told({"k": 5})["tasks"] == [True, False, False]
    assert script.told({"k": 1, "draws": 1000})["tasks"][1]
    assert script.told({"k": 15, "draws": 1000})["tasks"] == [False, False, True]


def test_the_sentence_says_the_result(script):
    assert script.told({"draws": 1000})["said"] == (
        "1,000번 뽑아 그대로 읽은 값의 평균은 1.52, 다른 벌에서 읽은 값의 평균은 0.01입니다. "
        "끝없이 뽑으면 1.54와 0으로 갑니다."
    )
