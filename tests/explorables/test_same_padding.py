"""Padding and stride by hand: what the page computes is what the library computes."""

import pytest

import explorables
from dlnotes.arithmetic import output_size, padding_only, same_output_size, same_padding, window_starts


@pytest.fixture(scope="module")
def script():
    return explorables.Script("same-padding")


def test_every_setting_gives_what_the_library_gives(script):
    settings = script.reachable("at")
    assert len(settings) == 16 * 7 * 4 * 9
    for one, told in zip(settings, script.told_of(settings), strict=True):
        n, f, s, p = one["n"], one["f"], one["s"], one["p"]
        result, call = told["result"], told["call"]
        if "refusal" in result:
            assert result == {"refusal": explorables.refusal(call, output_size=output_size)}
            assert f > n + 2 * p
            continue
        assert result == {
            "output_size": eval(call),
            "window_starts": window_starts(n, f, s, p).tolist(),
            "padding_only": padding_only(n, f, s, p).tolist(),
            "same_output_size": same_output_size(n, s),
            "same_padding": list(same_padding(n, f, s)),
        }


def test_the_sentence_says_the_result_and_its_particles_agree(script):
    assert script.told({"n": 8, "f": 3, "s": 2, "p": 5})["said"] == (
        "n = 8, f = 3, s = 2, p = 5이면 출력은 입력과 똑같이 8칸이고, 그 가운데 3칸은 패딩만 봅니다. "
        "프레임워크의 same이라면 4칸입니다."
    )
    assert "p = 2면" not in script.told({"p": 2})["said"]


def test_the_tasks_are_open_at_first_and_can_be_done(script):
    assert script.told({})["tasks"] == [False, False, False]
    assert script.told({"f": 5, "p": 2})["tasks"] == [True, False, False]
    assert script.told({"f": 1, "p": 8})["tasks"][1]
    assert script.told({"n": 8, "s": 2, "p": 5})["tasks"] == [False, False, True]
