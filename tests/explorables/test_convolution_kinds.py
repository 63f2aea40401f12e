"""Kinds of convolution by hand: what the page computes, and refuses, is what the library does."""

import re

import pytest

import explorables
from dlnotes.counting import macs, parameters, separable_cost_ratio, summary
from dlnotes.layers import Conv2d, depthwise, pointwise, separable

NAMES = {
    "Conv2d": Conv2d,
    "depthwise": depthwise,
    "parameters": parameters,
    "pointwise": pointwise,
    "separable": separable,
}


@pytest.fixture(scope="module")
def script():
    return explorables.Script("convolution-kinds")


def test_settings_drawn_by_lot_give_what_the_library_gives(script):
    settings = script.reachable("o")
    messages = set()
    for one, told in zip(settings, script.told_of(settings), strict=True):
        c_in, c_out, f, groups = one["C_in"], one["C_out"], one["f"], one["groups"]
        result, call = told["result"], told["call"]
        if "refusal" in result:
            assert result == {"refusal": explorables.refusal(call, **NAMES)}
            messages.add(re.sub(r"\d+", "", result["refusal"]))
            continue
        assert result["parameters"] == eval(call, NAMES)
        assert result["separable_cost_ratio"] == pytest.approx(
            float(separable_cost_ratio(c_out, f)), rel=1e-12
        )
        if one["separable"]:
            assert result["depth"] == separable(c_in, c_out, f)[1].in_channels
        else:
            layer = Conv2d(c_in, c_out, f, groups=groups)
            assert result["parameters"] == parameters(layer)
            assert result["depth"] == c_in // layer.groups
    assert len(messages) == 3


def test_the_share_of_work_that_is_told_is_the_layers(script):
    shape = (8, 14, 14)
    standard = macs(Conv2d(8, 16, 5), shape)
    told = script.told({"C_in": 8, "C_out": 16, "f": 5, "separable": True})
    assert summary(separable(8, 16, 5), shape).macs / standard == pytest.approx(
        told["result"]["separable_cost_ratio"], rel=1e-12
    )
    assert "표준의 0.1025배" in told["said"]
    assert macs(Conv2d(8, 16, 5, groups=4), shape) * 4 == standard  # what is drawn as 1/groups


def test_the_sentence_says_the_kind(script):
    def said(**settings):
        return script.told(settings)["said"]

    assert said() == "표준 합성곱입니다. 출력마다 입력 채널 4개를 보고, 매개변수는 148개입니다."
    assert said(groups=2).startswith("그룹")
    assert said(groups=4, C_out=8).startswith("깊이별(깊이 배수 2)")
    assert said(f=1).startswith("점별")
    assert said(groups=3).startswith("입력 채널 4개는 3묶음으로")
    assert said(groups=2, C_out=7).endswith("1개가 남습니다. 그래서 만들 수 없습니다.")
    assert "2개가 남습니다. 입력 채널마다" in said(C_in=3, C_out=8, groups=3)


def test_the_tasks_are_open_at_first_and_can_be_done(script):
    assert script.told({})["tasks"] == [False, False, False]
    assert script.told({"C_in": 3, "C_out": 8, "groups": 3})["tasks"] == [True, False, False]
    assert script.told({"C_in": 8, "C_out": 16, "groups": 8, "f": 5})["tasks"] == [False, True, False]
    assert script.told({"C_in": 3, "C_out": 8, "separable": True})["tasks"] == [False, False, False]
    assert script.told({"C_in": 3, "C_out": 8, "separable": True, "f": 5})["tasks"] == [False, False, True]
