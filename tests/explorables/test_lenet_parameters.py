"""Parameters by hand: what the page computes is what the library counts."""

import pytest

import explorables
from dlnotes.arithmetic import output_size
from dlnotes.counting import macs, parameters
from dlnotes.layers import Conv2d, Linear
from dlnotes.networks import LENET5, LENET5_PRINTED, printed_parameters

NAMES = {
    "Conv2d": Conv2d,
    "Linear": Linear,
    "macs": macs,
    "parameters": parameters,
    "printed_parameters": printed_parameters,
}


@pytest.fixture(scope="module")
def script():
    return explorables.Script("lenet-parameters")


def test_settings_drawn_by_lot_give_what_the_library_gives(script):
    settings = script.reachable()
    told_of = script.told_of(settings)
    refused = 0
    for one, told in zip(settings, told_of, strict=True):
        c_in, c_out, f, n = one["C_in"], one["C_out"], one["f"], one["n"]
        result, call = told["result"], told["call"]
        if "refusal" in result:
            assert result == {"refusal": explorables.refusal(call, **NAMES)}
            refused += 1
            continue
        layer = Conv2d(c_in, c_out, f)
        assert result == {
            "counted": eval(call, NAMES),
            "parameters": parameters(layer),
            "output_size": output_size(n, f),
            "macs": macs(layer, (c_in, n, n)),
        }
    assert 0 < refused < len(settings) / 10


def test_the_printed_counts_and_the_right_ones_are_one_switch_apart(script):
    conv1, conv2, fc3 = (LENET5.layers[i] for i in (0, 2, 4))
    for layer, state in [
        (conv1, {}),
        (conv2, {"C_in": 8, "C_out": 16, "n": 14}),
        (fc3, {"C_in": 16, "C_out": 120, "n": 5, "count": "biases"}),
    ]:
        assert script.told(state)["result"]["counted"] == LENET5_PRINTED[layer.name]
        right = script.told(state | {"count": "right"})
        assert right["result"]["counted"] == parameters(layer)
    assert right["call"] == "parameters(Linear(400, 120))"


def test_the_size_of_the_image_moves_the_work_alone(script):
    small, large = (script.told({"n": n, "count": "right"})["result"] for n in (8, 64))
    assert small["parameters"] == large["parameters"]
    assert small["macs"] < large["macs"]


def test_the_sentence_says_the_result(script):
    assert script.told({})["said"] == "208개라고 셌습니다. 입력 채널을 곱하지 않아 400개가 빠졌습니다."
    assert script.told({"C_in": 16, "C_out": 120, "n": 5, "count": "right"})["said"] == (
        "배우는 매개변수는 48,120개입니다. "
        "창이 설 자리가 하나뿐이라, 입력 400칸을 모두 보는 완전 연결층과 같습니다."
    )
    assert "이미지는 4칸뿐" in script.told({"n": 4})["said"]


def test_the_tasks_are_open_at_first_and_can_be_done(script):
    assert script.told({})["tasks"] == [False, False, False]
    assert script.told({"count": "right"})["tasks"] == [True, False, False]
    assert script.told({"count": "right", "n": 64})["tasks"] == [True, True, False]
    assert script.told({"C_in": 16, "C_out": 120, "n": 5, "count": "right"})["tasks"] == [False, False, True]
