import dataclasses
import math
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from dlnotes.detection import (
    TINY_YOLOV2_ANCHORS,
    Box,
    cell_bounds,
    cover_count,
    decode_anchor,
    decode_yolov1,
    encode_anchor,
    encode_yolov1,
    iou,
    non_maximum_suppression,
    responsible_cell,
)

quick = settings(max_examples=200, deadline=None)
images = st.tuples(st.integers(1, 500), st.integers(1, 500))
grids = st.tuples(st.integers(1, 20), st.integers(1, 20))
shares = st.floats(0, 1, exclude_max=True)
lengths = st.floats(0.01, 2000)


def boxes_on(image, fx, fy, w, h):
    """A box whose centre lies at the shares fx, fy of the image."""
    return Box(
        min(fx * image[1], math.nextafter(image[1], 0)), min(fy * image[0], math.nextafter(image[0], 0)), w, h
    )


# Box


def test_corners_lie_half_a_side_from_the_centre():
    assert Box(cx=10, cy=20, w=6, h=8).corners() == (7, 16, 13, 24)


def test_a_box_holds_python_floats():
    box = Box(np.float32(10), 20, np.int64(6), Fraction(1, 2))
    assert [type(value) for value in dataclasses.astuple(box)] == [float] * 4
    assert box == Box(10, 20, 6, 0.5)


def test_a_box_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Box(1, 2, 3, 4).w = 5


@pytest.mark.parametrize("name", ["cx", "cy", "w", "h"])
def test_a_box_refuses_what_is_not_a_finite_number(name):
    good = {"cx": 1.0, "cy": 2.0, "w": 3.0, "h": 4.0}
    with pytest.raises(ValueError, match=f"^{name} must be finite, got nan$"):
        Box(**good | {name: math.nan})
    with pytest.raises(TypeError, match=f"^{name} must be a real number, got '5'"):
        Box(**good | {name: "5"})


@pytest.mark.parametrize("name", ["w", "h"])
@pytest.mark.parametrize("value", [0, -1.5])
def test_a_box_refuses_a_side_that_is_not_positive(name, value):
    with pytest.raises(ValueError, match=f"^{name} must be positive, got {float(value)}$"):
        Box(**{"cx": -1, "cy": -2, "w": 3, "h": 4} | {name: value})


# cells


@quick
@given(images, grids, shares, shares)
def test_the_responsible_cell_alone_holds_the_centre(image, grid, fx, fy):
    box = boxes_on(image, fx, fy, 1, 1)
    holding = []
    for row in range(grid[0]):
        for col in range(grid[1]):
            x0, y0, x1, y1 = cell_bounds(row, col, image, grid)
            if x0 <= box.cx < x1 and y0 <= box.cy < y1:
                holding.append((row, col))
    assert holding == [responsible_cell(box.cx, box.cy, image, grid)]


@given(st.integers(1, 30), st.integers(1, 20), shares)
def test_the_responsible_cell_is_the_floor_of_cells_times_share(cell, cells, share):
    size = cell * cells
    centre = min(share * size, math.nextafter(size, 0))
    exact = math.floor(Fraction(centre) * cells / size)
    assert responsible_cell(centre, 0, size, cells) == (0, exact)
    assert responsible_cell(0, centre, size, cells) == (exact, 0)


def test_an_edge_belongs_to_the_cell_on_its_right_and_below():
    assert responsible_cell(64, 128, 448, 7) == (2, 1)
    assert responsible_cell(math.nextafter(64, 0), math.nextafter(128, 0), 448, 7) == (1, 0)


@given(images, grids)
def test_neighbouring_cells_share_their_edges_and_fill_the_image(image, grid):
    rows, columns = grid
    down = [cell_bounds(row, 0, image, grid) for row in range(rows)]
    right = [cell_bounds(0, col, image, grid) for col in range(columns)]
    assert [bounds[1] for bounds in down[1:]] == [bounds[3] for bounds in down[:-1]]
    assert [bounds[0] for bounds in right[1:]] == [bounds[2] for bounds in right[:-1]]
    assert (down[0][1], down[-1][3]) == (0, image[0])
    assert (right[0][0], right[-1][2]) == (0, image[1])


@given(images, grids)
def test_cells_are_of_one_size(image, grid):
    x0, y0, x1, y1 = cell_bounds(grid[0] - 1, grid[1] // 2, image, grid)
    assert x1 - x0 == pytest.approx(image[1] / grid[1])
    assert y1 - y0 == pytest.approx(image[0] / grid[0])


@pytest.mark.parametrize(
    ("cx", "cy", "name", "value"), [(448, 0, "cx", "448"), (0, 224, "cy", "224"), (-0.5, 0, "cx", "-0.5")]
)
def test_a_centre_outside_the_image_is_refused(cx, cy, name, value):
    size = 448 if name == "cx" else 224
    message = f"{name} must lie in the image, 0 <= {name} < {size}, got {value}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        responsible_cell(cx, cy, (224, 448), (7, 14))


def test_the_responsible_cell_of_no_number_is_refused():
    with pytest.raises(ValueError, match=r"^cx must be finite, got nan$"):
        responsible_cell(math.nan, 0, 448, 7)


@pytest.mark.parametrize(
    ("row", "col", "message"),
    [
        (2, 0, "row must be less than 2, got 2"),
        (0, 3, "col must be less than 3, got 3"),
        (-1, 0, "row must be a non-negative integer, got -1"),
        (0, -1, "col must be a non-negative integer, got -1"),
    ],
)
def test_a_cell_outside_the_grid_is_refused(row, col, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        cell_bounds(row, col, 100, (2, 3))


@given(st.tuples(st.integers(1, 40), st.integers(1, 40)), grids)
def test_every_pixel_is_covered_by_exactly_one_cell(image, grid):
    count = cover_count(image, grid)
    assert count.shape == image
    assert count.dtype == np.int64
    assert (count == 1).all()


def test_the_cells_of_yolov1_cover_every_pixel_once():
    count = cover_count(448, 7)
    assert (count.shape, count.min(), count.max()) == ((448, 448), 1, 1)


@pytest.mark.parametrize(
    "call",
    [
        lambda image, grid: responsible_cell(0, 0, image, grid),
        lambda image, grid: cell_bounds(0, 0, image, grid),
        cover_count,
        lambda image, grid: encode_yolov1(Box(1, 1, 1, 1), image, grid),
        lambda image, grid: decode_yolov1((0, 0), [0.5, 0.5, 1, 1], image, grid),
        lambda image, grid: encode_anchor(Box(1, 1, 1, 1), (1, 1), image, grid),
        lambda image, grid: decode_anchor((0, 0), [0, 0, 0, 0], (1, 1), image, grid),
    ],
)
def test_image_and_grid_must_hold_at_least_one_pixel_and_cell(call):
    for image, grid, message in (
        (0, 7, "image_size must be a positive integer, got 0"),
        ((5, 0), 7, r"image_size\[1\] must be a positive integer, got 0"),
        (448, 0, "grid must be a positive integer, got 0"),
        (448, (7, -1), r"grid\[1\] must be a positive integer, got -1"),
    ):
        with pytest.raises(ValueError, match=f"(^|: ){message}$"):
            call(image, grid)
    with pytest.raises(TypeError, match=r"^grid must be a positive integer, got 7\.0"):
        call(448, 7.0)


# YOLOv1


def test_the_box_of_the_page_in_yolov1_form():
    box = Box(250, 190, 300, 200)
    cell, code = encode_yolov1(box, 448, 7)
    assert cell == (2, 3)
    assert code[:2].tolist() == [0.90625, 0.96875]
    assert code.round(6).tolist() == [0.90625, 0.96875, 0.669643, 0.446429]
    assert np.sqrt(code[2:]).round(6).tolist() == [0.818317, 0.668153]
    assert decode_yolov1(cell, code, 448, 7) == box
    assert (box.w / 64, box.h / 64) == (4.6875, 3.125)


@quick
@given(images, grids, shares, shares, lengths, lengths)
def test_decoding_gives_back_the_encoded_box(image, grid, fx, fy, w, h):
    box = boxes_on(image, fx, fy, w, h)
    cell, code = encode_yolov1(box, image, grid)
    assert cell == responsible_cell(box.cx, box.cy, image, grid)
    assert (code[:2] >= 0).all()
    assert (code[:2] < 1).all()
    assert code.dtype == np.float64
    decoded = decode_yolov1(cell, code, image, grid)
    assert dataclasses.astuple(decoded) == pytest.approx(dataclasses.astuple(box), rel=1e-12, abs=1e-10)


def test_height_belongs_to_rows_and_width_to_columns():
    cell, code = encode_yolov1(Box(cx=250, cy=30, w=100, h=60), image_size=(120, 400), grid=(2, 8))
    assert cell == (0, 5)
    assert code.tolist() == [0.0, 0.5, 0.25, 0.5]
    assert decode_yolov1(cell, code, (120, 400), (2, 8)) == Box(250, 30, 100, 60)


def test_a_predicted_centre_may_leave_its_cell():
    assert decode_yolov1((0, 0), [1.5, -0.5, 1, 1], 100, 10) == Box(15, -5, 100, 100)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ([0, 0, 1], "code must hold 4 numbers, got 3"),
        ([0, 0, 1, 1, 1], "code must hold 4 numbers, got 5"),
        ([[0, 0, 1, 1]], "code must have 1 dimensions, got 2"),
        ([0, math.inf, 1, 1], "code must be finite, got inf"),
    ],
)
def test_a_code_that_is_not_four_finite_numbers_is_refused(code, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        decode_yolov1((0, 0), code, 448, 7)
    with pytest.raises(ValueError, match=f"^{message}"):
        decode_anchor((0, 0), code, (1, 1), 448, 7)


def test_decoding_refuses_a_cell_outside_the_grid_and_a_side_that_is_not_positive():
    with pytest.raises(ValueError, match=r"^cell and grid: col must be less than 7, got 7$"):
        decode_yolov1((0, 7), [0.5, 0.5, 1, 1], 448, 7)
    with pytest.raises(ValueError, match=r"^code: h must be positive, got -224\.0$"):
        decode_yolov1((0, 0), [0.5, 0.5, 1, -0.5], 448, 7)


# anchors


def test_the_anchors_of_tiny_yolov2_in_pixels():
    pixels = (TINY_YOLOV2_ANCHORS * 32).round(1).tolist()
    assert pixels == [[34.6, 38.1], [109.4, 141.1], [212.2, 364.2], [301.4, 163.5], [531.8, 336.6]]


def test_the_anchors_are_read_only():
    with pytest.raises(ValueError, match="read-only"):
        TINY_YOLOV2_ANCHORS[0, 0] = 1


@quick
@given(images, grids, shares, shares, lengths, lengths, st.sampled_from(TINY_YOLOV2_ANCHORS.tolist()))
def test_the_anchor_code_is_the_logit_and_the_log_ratio(image, grid, fx, fy, w, h, anchor):
    box = boxes_on(image, fx, fy, w, h)
    cell, (x, y, share_w, share_h) = encode_yolov1(box, image, grid)
    if not (1e-6 < x < 1 - 1e-6 and 1e-6 < y < 1 - 1e-6):
        return
    same_cell, code = encode_anchor(box, anchor, image, grid)
    assert same_cell == cell
    assert code.dtype == np.float64
    sizes = [math.log(share_w * grid[1] / anchor[0]), math.log(share_h * grid[0] / anchor[1])]
    assert code == pytest.approx([special.logit(x), special.logit(y), *sizes], rel=1e-9, abs=1e-9)
    decoded = decode_anchor(cell, code, anchor, image, grid)
    assert dataclasses.astuple(decoded) == pytest.approx(dataclasses.astuple(box), rel=1e-9, abs=1e-9)


@quick
@given(st.lists(st.floats(-5, 5), min_size=4, max_size=4), st.integers(0, 1), st.integers(0, 7))
def test_decoding_follows_the_formula_of_yolov2(code, row, col):
    box = decode_anchor((row, col), code, anchor=(2, 3), image_size=(120, 400), grid=(2, 8))
    b_x, b_y = special.expit(code[0]) + col, special.expit(code[1]) + row
    b_w, b_h = np.exp(code[2:]) * [2, 3]
    expected = (b_x * 50, b_y * 60, b_w * 50, b_h * 60)
    assert dataclasses.astuple(box) == pytest.approx(expected, rel=1e-12, abs=1e-10)


def test_a_zero_code_is_the_anchor_in_the_middle_of_the_cell():
    assert decode_anchor((6, 6), [0, 0, 0, 0], (2, 3), 416, 13) == Box(208, 208, 64, 96)
    cell, code = encode_anchor(Box(208, 208, 64, 96), (2, 3), 416, 13)
    assert (cell, code.tolist()) == ((6, 6), [0, 0, 0, 0])


def test_the_centre_never_leaves_its_cell_however_large_the_code():
    assert decode_anchor((1, 2), [800, -800, 0, 0], (1, 1), 416, 13) == Box(96, 32, 32, 32)


@pytest.mark.parametrize(("cx", "cy", "name"), [(64, 20, "cx"), (20, 64, "cy")])
def test_a_centre_on_the_edge_of_its_cell_has_no_finite_code(cx, cy, name):
    with pytest.raises(
        ValueError, match=f"^{name} of box must lie strictly inside its cell of grid, got 64.0 on the edge of"
    ):
        encode_anchor(Box(cx, cy, 30, 30), (1, 1), 416, 13)


@pytest.mark.parametrize("place", [2, 3])
def test_a_side_beyond_all_floats_is_refused(place):
    code = np.zeros(4)
    code[place] = 1000
    with pytest.raises(ValueError, match=r"^code and anchor: code must be finite, got inf$"):
        decode_anchor((0, 0), code, (1, 1), 416, 13)
    with pytest.raises(
        ValueError, match=rf"^code and anchor: code: {'wh'[place - 2]} must be positive, got 0\.0$"
    ):
        decode_anchor((0, 0), -code, (1, 1), 416, 13)


@pytest.mark.parametrize(
    ("anchor", "message"),
    [
        ((0, 1), r"anchor must be positive, got \[0.0, 1.0\]"),
        ((1, -1), r"anchor must be positive, got \[1.0, -1.0\]"),
        ((1, 2, 3), "anchor must hold 2 numbers, got 3"),
        ((1, math.nan), "anchor must be finite, got nan"),
    ],
)
def test_an_anchor_that_is_not_two_positive_numbers_is_refused(anchor, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        encode_anchor(Box(20, 20, 5, 5), anchor, 416, 13)
    with pytest.raises(ValueError, match=f"^{message}$"):
        decode_anchor((0, 0), [0, 0, 0, 0], anchor, 416, 13)


# IoU

corner = st.integers(0, 8)
boxes = st.lists(
    st.tuples(corner, corner, corner, corner).map(
        lambda c: [min(c[0], c[2]), min(c[1], c[3]), max(c[0], c[2]), max(c[1], c[3])]
    ),
    max_size=6,
).map(lambda rows: np.array(rows, dtype=float).reshape(-1, 4))


def counted(a, b):
    """The IoU of two boxes with whole corners, by counting unit squares."""

    def squares(box):
        x0, y0, x1, y1 = map(int, box)
        return {(x, y) for x in range(x0, x1) for y in range(y0, y1)}

    union = len(squares(a) | squares(b))
    return len(squares(a) & squares(b)) / union if union else 0.0


@quick
@given(boxes, boxes)
def test_iou_is_the_share_of_common_unit_squares(a, b):
    shares = iou(a, b)
    assert shares.shape == (len(a), len(b))
    assert shares.tolist() == [[counted(x, y) for y in b] for x in a]


coordinates = st.floats(-100, 100)


@given(st.tuples(coordinates, coordinates, lengths, lengths, coordinates, coordinates, lengths, lengths))
def test_iou_is_symmetric_bounded_and_one_with_itself(values):
    (ax, ay, aw, ah), (bx, by, bw, bh) = values[:4], values[4:]
    a, b = [[ax, ay, ax + aw, ay + ah]], [[bx, by, bx + bw, by + bh]]
    assert iou(a, b)[0, 0] == iou(b, a)[0, 0]
    assert 0 <= iou(a, b)[0, 0] <= 1
    assert iou(a, a)[0, 0] == 1


def test_boxes_that_only_touch_do_not_overlap():
    assert iou([[0, 0, 1, 1]], [[1, 0, 2, 1], [0, 1, 1, 2], [1, 1, 2, 2]]).tolist() == [[0, 0, 0]]


def test_boxes_apart_on_both_axes_do_not_overlap():
    assert iou([[0, 0, 1, 1]], [[2, 2, 3, 3]]).tolist() == [[0]]


def test_boxes_without_area_have_iou_0():
    assert iou([[1, 1, 1, 1]], [[1, 1, 1, 1], [0, 0, 2, 2], [1, 0, 1, 2]]).tolist() == [[0, 0, 0]]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_iou_keeps_the_dtype_and_does_not_overflow_in_it(dtype):
    box = np.array([[0, 0, 448, 448]], dtype)
    share = iou(box, box / dtype(2))
    assert share.dtype == dtype
    assert share.tolist() == [[0.25]]


def test_iou_of_two_dtypes_has_the_wider():
    assert iou(np.zeros((1, 4), np.float16), np.zeros((2, 4), np.float32)).dtype == np.float32


def test_iou_of_decoded_boxes_takes_their_corners():
    box = Box(250, 190, 300, 200)
    assert iou([box.corners()], [Box(250, 190, 150, 200).corners()]).tolist() == [[0.5]]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ([[2, 0, 1, 1]], r"must have x0 <= x1 and y0 <= y1, got \[2.0, 0.0, 1.0, 1.0\]"),
        ([[0, 0, 1, 1], [0, 2, 1, 1]], r"must have x0 <= x1 and y0 <= y1, got \[0.0, 2.0, 1.0, 1.0\]"),
        ([[0, 0, 1]], r"must have shape \(N, 4\), got \(1, 3\)"),
        ([0, 0, 1, 1], "must have 2 dimensions, got 1"),
        ([[0, 0, 1, math.nan]], "must be finite, got nan"),
    ],
)
def test_bad_boxes_are_refused(bad, message):
    good = [[0, 0, 1, 1]]
    with pytest.raises(ValueError, match=f"^a {message}"):
        iou(bad, good)
    with pytest.raises(ValueError, match=f"^b {message}"):
        iou(good, bad)
    with pytest.raises(ValueError, match=f"^boxes {message}"):
        non_maximum_suppression(bad, [1.0] * len(bad))


# non-maximum suppression


def greedy(boxes, scores, threshold):
    """Keep the best, drop what overlaps it too much, and start again with the rest."""
    left, kept = list(range(len(boxes))), []
    while left:
        best = max(left, key=lambda i: (scores[i], -i))
        kept.append(best)
        left = [i for i in left if i != best and counted(boxes[best], boxes[i]) <= threshold]
    return kept


@quick
@given(boxes, st.data(), st.sampled_from([0, 0.25, 0.5, 0.75, 1]))
def test_suppression_is_greedy(boxes, data, threshold):
    scores = data.draw(st.lists(st.integers(0, 3), min_size=len(boxes), max_size=len(boxes)))
    scores = np.array(scores, dtype=float)
    assert non_maximum_suppression(boxes, scores, threshold).tolist() == greedy(boxes, scores, threshold)


def test_an_overlap_equal_to_the_threshold_is_kept():
    boxes = [[0, 0, 2, 1], [0, 0, 1, 1]]
    assert non_maximum_suppression(boxes, [0.9, 0.8]).tolist() == [0, 1]
    assert non_maximum_suppression(boxes, [0.9, 0.8], threshold=0.49).tolist() == [0]


def test_equal_scores_are_taken_in_the_order_given():
    count = 40
    boxes = np.arange(count)[:, np.newaxis] * 10 + [0, 0, 5, 5]
    assert non_maximum_suppression(boxes, np.ones(count)).tolist() == list(range(count))
    assert non_maximum_suppression(np.tile([[0, 0, 1, 1]], (count, 1)), np.ones(count)).tolist() == [0]


def test_a_suppressed_box_suppresses_nothing():
    boxes = [[0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10]]
    assert non_maximum_suppression(boxes, [0.9, 0.8, 0.7], threshold=0.4).tolist() == [0, 2]


def test_no_boxes_leave_none():
    kept = non_maximum_suppression(np.empty((0, 4)), np.empty(0))
    assert kept.shape == (0,)
    assert kept.dtype == np.intp


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ([1.0], "scores must have one value for each of 2 boxes, got 1"),
        ([1.0, math.nan], "scores must be finite, got nan"),
        ([[1.0, 2.0]], "scores must have 1 dimensions, got 2"),
    ],
)
def test_bad_scores_are_refused(scores, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        non_maximum_suppression([[0, 0, 1, 1], [0, 0, 1, 1]], scores)


@pytest.mark.parametrize("threshold", [-0.1, 1.1])
def test_a_threshold_outside_0_and_1_is_refused(threshold):
    with pytest.raises(ValueError, match=rf"^threshold must lie in \[0, 1\], got {threshold}$"):
        non_maximum_suppression([[0, 0, 1, 1]], [1.0], threshold)


def test_a_threshold_that_is_no_number_is_refused():
    with pytest.raises(TypeError, match=r"^threshold must be a real number, got '0.5'"):
        non_maximum_suppression([[0, 0, 1, 1]], [1.0], "0.5")
