"""A box on YOLO's grid by hand: what the page computes is what the library computes."""

from functools import cache

import pytest

import explorables
from dlnotes.detection import Box, encode_yolov1, responsible_cell
from dlnotes.networks import TINY_YOLO_V1
from dlnotes.receptive_field import interval, receptive_field

NAMES = {"Box": Box, "encode_yolov1": encode_yolov1}


@pytest.fixture(scope="module")
def script():
    return explorables.Script("yolo-grid")


@cache
def seen(index, layers):
    """The first and the last pixel that a cell sees through so many of the last layers."""
    all_layers = TINY_YOLO_V1.grid_layers
    first = len(all_layers) - layers
    stride = receptive_field(all_layers[:first]).stride if first else 1
    u, v = interval(all_layers[first:], index, n=448 // stride) if layers else (index, index)
    return [u * stride, (v + 1) * stride - 1]


def test_boxes_are_answered_for_as_the_library_has_it(script):
    settings = script.reachable()
    refused = 0
    for one, told in zip(settings, script.told_of(settings), strict=True):
        result, call = told["result"], told["call"]
        if one["cx"] == 448 or one["cy"] == 448:
            refused += 1
            assert result == {"refusal": explorables.refusal(call, **NAMES)}
            continue
        cell, code = eval(call, NAMES)
        assert result["cell"] == list(cell) == list(responsible_cell(one["cx"], one["cy"], 448, 7))
        assert result["code"] == pytest.approx(code, rel=1e-15)
        assert result["view_x"] == seen(cell[1], one["m"])
        assert result["view_y"] == seen(cell[0], one["m"])
    assert refused


def test_every_cell_sees_through_every_layer_what_the_library_has_it_see(script):
    assert len(TINY_YOLO_V1.grid_layers) == 14
    settings = [{"cx": 64 * i, "cy": 64 * i, "m": m} for i in range(7) for m in range(15)]
    for one, told in zip(settings, script.told_of(settings), strict=True):
        index = one["cx"] // 64
        assert told["result"]["view_x"] == told["result"]["view_y"] == seen(index, one["m"])
    assert script.told({"cx": 448})["result"] == {
        "refusal": explorables.refusal("encode_yolov1(Box(448, 190, 300, 200), 448, 7)", **NAMES)
    }


def test_the_tasks_are_open_at_first_and_can_be_done(script):
    assert script.told({})["tasks"] == [False, False, False]
    assert script.told({"cx": 256})["tasks"] == [True, False, False]
    assert script.told({"m": 14})["tasks"] == [False, True, False]
    assert script.told({"w": 448})["tasks"] == [False, False, True]


def test_the_sentence_says_the_result(script):
    assert script.told({})["said"] == (
        "2행 3열의 칸이 맡습니다. 칸만으로는 가로 64, 세로 64픽셀을 보므로 상자를 다 보지는 못합니다."
    )
    assert "어느 칸에도 들지 않습니다" in script.told({"cy": 448})["said"]


def test_the_hand_moves_the_centre(script):
    pen = "{ width: 328, height: 400, size: 13 }"
    assert script.eval(f"spec.point({{ x: 164, y: 26 + 154 }}, null, null, {pen})") == {"cx": 224, "cy": 224}
    assert script.eval(f"spec.point({{ x: 999, y: -5 }}, null, null, {pen})") == {"cx": 448, "cy": 0}
