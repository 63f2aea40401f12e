"""The numbers of rewards by hand: what the page reads is what the library reads."""

import random

import numpy as np
import pytest

import explorables
from dlnotes.rewards import DQN, SUTTON_BARTO, action_values, number_rewards

NAMES = {
    "DQN": DQN,
    "SUTTON_BARTO": SUTTON_BARTO,
    "action_values": action_values,
    "number_rewards": number_rewards,
}


@pytest.fixture(scope="module")
def script():
    return explorables.Script("reward-notation")


def test_every_setting_gives_what_the_library_gives(script):
    chance = random.Random(0)
    texts = ["", "00001", "3", *("".join(chance.choices("0123", k=5)) for _ in range(100))]
    settings = script.reachable("at", texts={"rewards": texts})
    assert len(settings) == 4 * 11 * len(texts)
    for one, told in zip(settings, script.told_of(settings), strict=True):
        result, received = told["result"], [int(sign) for sign in one["rewards"].ljust(5, "0")]
        assert result["received"] == received
        numbered = number_rewards(received, NAMES[one["written"]])
        assert {int(number): reward for number, reward in result["number_rewards"].items()} == numbered
        gaps = eval(told["call"], NAMES) - result["action_values"]
        right = action_values(number_rewards(received, DQN), 5, gamma=one["gamma"], offset=DQN)
        assert np.abs(gaps).max() <= 1e-12
        assert np.abs(right - result["right"]).max() <= 1e-12


def test_both_ways_give_the_same_values_and_mixing_moves_them(script):
    both = "DQN", "SUTTON_BARTO"
    ways = [{"written": one, "reading": other} for one in both for other in both]
    values = [told["result"]["action_values"] for told in script.told_of(ways)]
    assert values[0] == values[3] == pytest.approx([0.6561, 0.729, 0.81, 0.9, 1])
    assert values[1] == pytest.approx([0.729, 0.81, 0.9, 1, 0])
    assert values[2] == [0, 0, 0, 0, 0]


def test_the_tasks_are_open_at_first_and_can_be_done(script):
    assert script.told({})["tasks"] == [False, False, False]
    assert script.told({"written": "SUTTON_BARTO"})["tasks"] == [True, False, False]
    assert script.told({"reading": "SUTTON_BARTO", "gamma": 1})["tasks"] == [False, True, False]
    assert script.told({"written": "SUTTON_BARTO", "reading": "SUTTON_BARTO"})["tasks"] == [
        False,
        False,
        True,
    ]


def test_the_sentence_says_the_result(script):
    assert script.told({})["said"] == ("DQN 논문의 번호로 적고 그대로 읽어 값이 맞습니다. Q₀은 0.6561입니다.")
    assert script.told({"reading": "SUTTON_BARTO"})["said"] == (
        "섞어 읽어 첫 보상은 쓰이지 않고, 나머지는 앞의 행동에 붙습니다. "
        "다섯 값 가운데 5개가 틀리고, Q₀은 0.6561 대신 0.729입니다."
    )
