"""The pictures of YOLO's grid draw what the library computes."""

import re

import numpy as np
import pytest

from dlnotes.detection import TINY_YOLOV2_ANCHORS, Box, encode_yolov1
from dlnotes.figures import yolo_grid
from dlnotes.figures.canvas import COLORS
from dlnotes.layers import AvgPool2d, Conv2d
from dlnotes.networks import TINY_YOLO_V1, TINY_YOLO_V2_VOC, YOLO_V1
from dlnotes.receptive_field import footprint, interval, receptive_field, receptive_fields
from dlnotes.tiny_detector import Answer, draw
from dlnotes.views import ViewFit

BUS = Box(250, 190, 300, 200)
CONV, POOL = Conv2d(1, 1, (1, 3), padding=(0, 1)), AvgPool2d((1, 2))


def words(picture):
    return [text for panel in picture.panels for text in re.findall(r">([^<>]*)</text>", panel)]


def drawn(svg, role, strength=None):
    """Count the shapes in a role's colour, and of a strength of filling where one is given."""
    if strength is None:
        return svg.count(f"stroke: {COLORS[role]}")
    return len(re.findall(rf"fill: {COLORS[role]}; fill-opacity: {strength};", svg))


@pytest.mark.parametrize(("box", "cell"), [(BUS, "(2, 3)"), (Box(30, 400, 40, 60), "(6, 0)")])
def test_the_centre_s_cell_is_named_and_filled_on_image_and_output(box, cell):
    picture = yolo_grid.responsible(box, 448, 7, numbers=30)
    assert f"칸 {cell}의" in words(picture)
    assert drawn(picture.panels[0], "output", 0.6) == drawn(picture.panels[0], "output", 0.8) == 1
    assert drawn(picture.panels[0], "output", 0.12) == 7 * 7 - 1


@pytest.mark.parametrize("index", [0, 1, 3])
def test_the_walk_fills_what_the_output_cell_sees(index):
    layers = (CONV, POOL, CONV, POOL)
    stages = [np.zeros(n) for n in (16, 16, 8, 8, 4)]
    svg = yolo_grid.walk(stages, layers, list("abcde"), index).panels[0]
    first, last = interval(layers, index, n=16, axis=1)
    assert drawn(svg, "input", 0.5) == last - first + 1
    assert drawn(svg, "input") == 16
    assert drawn(svg, "output", 0.5) + drawn(svg, "output", 0.08) == 16 + 8 + 8 + 4


def test_the_walk_prints_the_values():
    picture = yolo_grid.walk([[0, 1, 1, 0], [0.5, 0.25]], [POOL], ["입력", "풀링"], index=1)
    assert [word for word in words(picture) if word[0].isdigit()] == ["0", "1", "1", "0", "0.5", "0.25"]


def test_every_layer_s_field_is_printed():
    layers = TINY_YOLO_V1.grid_layers
    found = words(yolo_grid.growing_field(layers))
    assert [int(word) for word in found if word.isdigit()] == [f.size for f in receptive_fields(layers)[1:]]
    assert f"칸 {receptive_field(layers).stride} px" in found


@pytest.mark.parametrize(
    ("layers", "image", "field", "cell"),
    [
        (YOLO_V1.until("conv24"), 448, 749, 64),
        (TINY_YOLO_V1.grid_layers, 448, 446, 64),
        (TINY_YOLO_V2_VOC.grid_layers, 416, 318, 32),
    ],
)
def test_field_cell_and_image_are_drawn_to_one_scale(layers, image, field, cell):
    picture = yolo_grid.field_and_cell("망", layers, image, scale=0.2)
    assert [word for word in words(picture) if "px" in word] == [f"{n} px" for n in (field, cell, image)]
    sides = {}
    for path, role in re.findall(r'<path d="M ([^"]*?) z[^"]*"[^>]*?stroke: (#\w{6})', picture.panels[0]):
        x = [float(number) for number in re.findall(r"[-\d.]+", path)[::2]]
        sides[role] = max(x) - min(x)
    for role, pixels in (("input", image), ("kernel", field), ("output", cell)):
        assert sides[COLORS[role]] == pytest.approx(0.2 * pixels, abs=1e-3)


@pytest.mark.parametrize(("index", "ends"), [(3, ("1", "446")), (0, ("0", "254"))])
def test_the_profile_marks_the_ends_and_the_share_of_its_cell(index, ends):
    weights = footprint(TINY_YOLO_V1.grid_layers, 448, index)
    bounds = (64 * index, 64 * index + 63)
    found = words(yolo_grid.footprint_profile(weights, bounds, "칸"))
    assert set(ends) <= set(found)
    inside = weights[bounds[0] : bounds[1] + 1].sum() / weights.sum()
    assert f"칸 안의 비율 {inside:.1%}" in found


def test_one_share_for_each_cell_and_the_greatest_fills_most():
    shares = np.array([[0.4, 0.1], [0.2, 0.3]])
    picture = yolo_grid.shares_by_cell(shares, (0, 1))
    assert words(picture)[1:] == ["40.0", "10.0", "20.0", "30.0"]
    assert drawn(picture.panels[0], "gradient") == 4
    assert drawn(picture.panels[0], "reference") == 3


def test_the_code_in_the_picture_is_the_library_s():
    (row, col), (x, y, w, h) = encode_yolov1(BUS, 448, 7)
    found = " ".join(words(yolo_grid.encoded_box(BUS, 448, 7)))
    for expected in (f"칸 ({row}, {col})", f"x = {x:.5f}", f"y = {y:.5f}", f"= {w:.6f}", f"= {h:.6f}"):
        assert expected in found


def rectangles(svg, role):
    """Where the rectangles in a role's colour lie: left, top, right, bottom."""
    found = []
    for path in re.findall(rf'<path d="M ([^"]*?) z[^"]*"[^>]*?stroke: {COLORS[role]}', svg):
        x, y = np.array(re.findall(r"[-\d.]+", path), dtype=float).reshape(-1, 2).T
        found.append((x.min(), y.min(), x.max(), y.max()))
    return found


def test_only_anchors_wider_than_the_image_are_named():
    anchors = 32 * TINY_YOLOV2_ANCHORS
    picture = yolo_grid.anchors_and_field(anchors, 416, (192, 223), (65, 382))
    assert [word for word in words(picture) if "앵커" in word] == ["앵커 531.8×336.6"]
    assert drawn(picture.panels[0], "reference") == 4
    wider = yolo_grid.anchors_and_field(anchors, 608, (288, 319), (161, 478))
    assert not any("앵커" in word for word in words(wider))


def test_what_the_middle_cell_of_tiny_yolov2_sees_is_drawn_where_it_lies():
    layers = TINY_YOLO_V2_VOC.grid_layers
    seen = interval(layers, 6)
    svg = yolo_grid.anchors_and_field(32 * TINY_YOLOV2_ANCHORS, 416, (192, 223), seen).panels[0]
    (image,) = rectangles(svg, "input")
    (field,) = rectangles(svg, "kernel")
    scale = (image[2] - image[0]) / 416
    assert [(field[0] - image[0]) / scale, (image[2] - field[2]) / scale] == pytest.approx([65, 33], abs=0.1)
    assert [(field[1] - image[1]) / scale, (image[3] - field[3]) / scale] == pytest.approx([65, 33], abs=0.1)


@pytest.mark.parametrize("hidden", [False, True])
def test_the_cell_s_answer_is_drawn_beside_the_truth(hidden):
    scenes = draw([Box(13, 17, 22, 26)], ["타원"], np.random.default_rng(0))
    answer = Answer(Box(14, 16, 20, 24), "네모", 0.5)
    picture = yolo_grid.answer_of_cell("칸만", scenes, 0, answer, hidden=hidden)
    assert words(picture) == ["칸만", "답: 네모", "20.0×24.0 px"]
    (truth,) = rectangles(picture.panels[0], "target")
    cell, box = rectangles(picture.panels[0], "output")
    assert [truth[2] - truth[0], truth[3] - truth[1]] == pytest.approx([4.5 * 22, 4.5 * 26], abs=0.02)
    assert [box[2] - box[0], box[3] - box[1]] == pytest.approx([4.5 * 20, 4.5 * 24], abs=0.02)
    assert cell[2] - cell[0] == pytest.approx(36, abs=0.02)


def test_each_signal_is_drawn_and_each_fit_is_labelled():
    bars = yolo_grid.bars_in_view(np.zeros((2, 64)), [12, 40], size=8, view=32)
    assert {"너비 12", "너비 40", "칸 8", "시야 32"} <= set(words(bars))
    fits = [ViewFit(8, 0.0478, 8.19, 8.4), ViewFit(16, 0.514, 5.85, 8.4)]
    assert {"0.048", "0.514", "8", "16"} <= set(words(yolo_grid.width_by_view(fits, size=8)))


@pytest.mark.full
def test_the_same_call_gives_the_same_bytes():
    assert yolo_grid.encoded_box(BUS, 448, 7).panels == yolo_grid.encoded_box(BUS, 448, 7).panels
    assert yolo_grid.encoded_box(BUS, 448, 7).panels != yolo_grid.encoded_box(Box(9, 9, 9, 9), 448, 7).panels
