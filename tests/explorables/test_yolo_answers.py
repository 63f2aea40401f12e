"""The tiny detector by hand: what a tapped cell answers is what the library's detector answers there."""

import json

import numpy as np
import pytest

import explorables
from dlnotes.detection import Box, responsible_cell
from dlnotes.explorables.yolo_grid import AT, frames
from dlnotes.tiny_detector import CLASSES, GRID, IMAGE_SIZE, answers, draw, only_view, train

HEAVIEST = 0.05 + 1e-6  # of what is rounded to one digit


@pytest.fixture(scope="module")
def theta():
    return train(np.random.default_rng(0), steps=60)


@pytest.fixture(scope="module")
def blind():
    return train(np.random.default_rng(0), steps=30, view=IMAGE_SIZE // GRID)


@pytest.fixture(scope="module")
def script(theta, blind):
    return explorables.Script("yolo-answers", frames(theta, blind))


def test_the_hand_moves_the_figure_over_all_places_that_have_frames(script):
    (x,) = (one for one in script.explorable.settings if one.name == "x")
    assert x.all() == list(AT) == json.loads(script.frames)["x"]
    for cx in AT:
        x0, y0, x1, y1 = Box(cx, 17, 22, 26).corners()
        assert min(x0, y0) >= 0
        assert max(x1, y1) <= IMAGE_SIZE


def test_every_cell_answers_as_the_call_does(script, theta, blind):
    names = {
        "Box": Box,
        "CLASSES": CLASSES,
        "answers": answers,
        "draw": draw,
        "only_view": only_view,
        "rng": np.random.default_rng,
        "theta": theta,
        "blind": blind,
    }
    settings = script.reachable()
    assert len(settings) == len(AT) * 2 * 2 * GRID**2
    for one, told in zip(settings, script.told_of(settings), strict=True):
        result, answer = told["result"], eval(told["call"], names)
        assert result["cell"] == list(divmod(one["cell"] - 1, GRID))
        assert result["responsible_cell"] == list(responsible_cell(one["x"], 17, IMAGE_SIZE, GRID))
        assert result["kind"] == answer.kind
        assert result["score"] == pytest.approx(answer.score, abs=0.005 + 1e-6)
        for name, value in result["box"].items():
            assert value == pytest.approx(getattr(answer.box, name), abs=HEAVIEST)
        assert result["score"] == result["scores"][one["cell"] - 1]
        assert result["scores"][GRID * result["surest"][0] + result["surest"][1]] == max(result["scores"])


def sure(x):
    """What a detector would answer that gives the cell of the centre alone a score."""
    mine = np.ravel_multi_index(responsible_cell(x, 17, IMAGE_SIZE, GRID), (GRID, GRID))
    return [[x, 17, 22, 26, 0, int(cell == mine)] for cell in range(GRID**2)]


def test_the_tasks_are_open_at_first_and_can_be_done():
    told = {"x": list(AT), "answers": {kind: [[sure(x) for x in AT]] * 2 for kind in CLASSES}}
    script = explorables.Script("yolo-answers", json.dumps(told))
    assert script.told({})["tasks"] == [False, False]
    assert script.told({"x": 15})["tasks"] == [False, False]
    assert script.told({"x": 16})["tasks"] == [True, False]
    assert script.told({"alone": True})["tasks"] == [False, True]
    assert script.told({"alone": True, "cell": 1})["tasks"] == [False, False]
    assert "2행 1열의 답은 네모 22.0×26.0픽셀, 점수는 1.00입니다. 중심이 든 칸" in script.told({})["said"]
    assert "점수가 가장 높은 칸은 2행 1열입니다" in script.told({"cell": 1})["said"]


def test_the_hand_drags_the_centre_and_taps_cells(script):
    pen = "{ width: 328, height: 400, size: 13 }"

    def pointed(x, y, down, held):
        at = f"{{ x: {x}, y: {y}, down: {down}, held: {held} }}"
        return script.eval(f"spec.point({at}, {{ x: 13 }}, null, {pen}, frames)")

    unit = 308 / 32
    assert pointed(10 + 13 * unit, 26 + 17 * unit, "true", "undefined") == {"x": 13}
    assert pointed(10 + 16 * unit, 0, "false", "true") == {"x": 16}
    assert pointed(999, 0, "false", "true") == {"x": 21}
    assert pointed(10 + 30 * unit, 26 + 2 * unit, "true", "undefined") == {"cell": 4}
