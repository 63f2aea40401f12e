"""One cell of a tiny detector learns to answer for an object larger than itself."""

import numpy as np
import pytest

from dlnotes.arithmetic import output_size
from dlnotes.detection import Box, iou
from dlnotes.receptive_field import receptive_field
from dlnotes.tiny_detector import (
    CLASSES,
    GRID,
    IMAGE_SIZE,
    LAYERS,
    Answer,
    answers,
    cost_vjp,
    detector,
    detector_vjp,
    draw,
    draw_scenes,
    grade,
    initialize,
    only_view,
    read_cell,
    targets,
    train,
)

CELL = IMAGE_SIZE // GRID


@pytest.fixture(scope="module")
def exam():
    return draw_scenes(400, np.random.default_rng(1))


@pytest.fixture(scope="module")
def whole():
    return train(np.random.default_rng(0))


@pytest.fixture(scope="module")
def blind():
    return train(np.random.default_rng(0), view=CELL)


def marks(theta, images, scenes):
    return grade(answers(theta, images, scenes.cells), scenes)


def test_the_cell_of_the_centre_answers_box_and_class_of_an_object_larger_than_itself(whole, exam):
    assert min(side for box in exam.boxes for side in (box.w, box.h)) > CELL
    mark = marks(whole, exam.images, exam)
    assert mark.kind > 0.97
    assert mark.iou > 0.84
    assert mark.width < 2.2


def test_masking_all_but_the_cell_loses_class_and_width(whole, exam):
    mark = marks(whole, only_view(exam, CELL), exam)
    assert 0.4 < mark.kind < 0.6
    assert mark.iou < 0.4


def test_nor_can_a_network_trained_on_the_cell_alone_tell_them(blind, exam):
    mark = marks(blind, only_view(exam, CELL), exam)
    sd = np.std([box.w for box in exam.boxes])
    assert mark.kind < 0.62
    assert mark.width > 0.8 * sd


def test_the_field_of_view_of_a_cell_is_wider_than_the_image():
    field = receptive_field(LAYERS)
    assert (field.size, field.stride) == (38, CELL)
    assert field.size > IMAGE_SIZE


def test_the_gradient_is_that_of_finite_differences():
    rng = np.random.default_rng(0)
    scenes, theta = draw_scenes(3, rng), initialize(rng)
    theta += 0.1 * rng.normal(size=theta.shape)  # biases too
    t = targets(scenes)
    y, pullback = detector_vjp(scenes.images, theta)
    dtheta = pullback(cost_vjp(y, t)[1])
    for _ in range(8):
        step = rng.normal(size=theta.shape)
        step *= 1e-5 / np.linalg.norm(step)
        up, down = (cost_vjp(detector(scenes.images, theta + sign * step), t)[0] for sign in (1, -1))
        assert (up - down) / 2 == pytest.approx(dtheta @ step, rel=1e-5)


def test_the_last_layers_depend_on_every_parameter():
    rng = np.random.default_rng(3)
    y, pullback = detector_vjp(draw_scenes(20, rng).images, initialize(rng))
    assert np.count_nonzero(pullback(rng.normal(size=y.shape))) == 8719


def test_the_cost_is_that_of_loops():
    rng = np.random.default_rng(0)
    scenes = draw_scenes(5, rng)
    t = targets(scenes)
    y = rng.normal(size=t.shape)
    total = 0.0
    for n, row, col in np.ndindex(5, GRID, GRID):
        error = (y[n, :, row, col] - t[n, :, row, col]) ** 2
        if [row, col] == scenes.cells[n].tolist():
            total += error[0] + 5 * error[1:5].sum() + error[5:].sum()
        else:
            total += 0.5 * y[n, 0, row, col] ** 2
    cost, dy = cost_vjp(y, t)
    assert cost == pytest.approx(total / 5)
    step = 1e-6 * rng.normal(size=y.shape)
    assert (cost_vjp(y + step, t)[0] - cost_vjp(y - step, t)[0]) / 2 == pytest.approx(np.sum(dy * step))


def test_only_the_cell_of_the_centre_has_a_target_and_it_reads_back_as_the_truth():
    scenes = draw_scenes(50, np.random.default_rng(2))
    for t, box, kind, (row, col) in zip(
        targets(scenes), scenes.boxes, scenes.classes, scenes.cells, strict=True
    ):
        assert row == int(box.cy // CELL)
        assert col == int(box.cx // CELL)
        answer = read_cell(t, (row, col))
        assert (answer.kind, answer.score) == (CLASSES[kind], 1)
        assert answer.box.corners() == pytest.approx(box.corners())
        t[:, row, col] = 0
        assert not t.any()


def test_pictures_are_those_of_a_loop_over_pixels():
    boxes = [Box(13, 17.5, 22, 25), Box(9, 10, 11, 17)]
    scenes = draw(boxes, ["타원", "네모"], np.random.default_rng(0), noise=0)
    for image, box, kind in zip(scenes.images[:, 0], boxes, ("타원", "네모"), strict=True):
        for y, x in np.ndindex(IMAGE_SIZE, IMAGE_SIZE):
            u, v = 2 * (x + 0.5 - box.cx) / box.w, 2 * (y + 0.5 - box.cy) / box.h
            inside = np.hypot(u, v) < 1 if kind == "타원" else abs(u) < 1 and abs(v) < 1
            assert image[y, x] == inside


def test_drawn_objects_lie_in_the_image_and_have_every_side_and_class():
    scenes = draw_scenes(3000, np.random.default_rng(0), sides=(20, 30))
    corners = np.array([box.corners() for box in scenes.boxes])
    assert corners.min() == 0
    assert corners.max() == IMAGE_SIZE
    assert {box.w for box in scenes.boxes} == {box.h for box in scenes.boxes} == set(range(20, 31))
    assert scenes.classes.mean() == pytest.approx(0.5, abs=0.03)
    kinds = [CLASSES[kind] for kind in scenes.classes]
    clean = draw(scenes.boxes, kinds, np.random.default_rng(0), noise=0)
    assert (scenes.images - clean.images).std() == pytest.approx(0.1, rel=0.01)


@pytest.mark.parametrize("view", [8, 16])
def test_a_view_keeps_the_cell_and_what_surrounds_it(view):
    scenes = draw([Box(13, 17, 22, 26)], ["네모"], np.random.default_rng(0))
    kept = only_view(scenes, view)[0, 0]
    margin = (view - CELL) // 2
    rows, columns = slice(16 - margin, 24 + margin), slice(8 - margin, 16 + margin)
    assert (kept[rows, columns] == scenes.images[0, 0, rows, columns]).all()
    kept[rows, columns] = 0
    assert not kept.any()


def test_marks_are_those_of_the_answers():
    scenes = draw([Box(13, 17, 22, 26), Box(16, 16, 20, 20)], ["네모", "타원"], np.random.default_rng(0))
    given = [Answer(Box(13, 17, 25, 26), "네모", 1), Answer(Box(16, 16, 16, 20), "네모", 1)]
    mark = grade(given, scenes)
    overlaps = [iou([a.box.corners()], [b.corners()])[0, 0] for a, b in zip(given, scenes.boxes, strict=True)]
    assert (mark.kind, mark.iou) == (0.5, pytest.approx(np.mean(overlaps)))
    assert mark.width == pytest.approx(np.sqrt((9 + 16) / 2))


def test_the_same_seed_trains_the_same_network_and_more_steps_cost_less():
    first, again = (train(np.random.default_rng(5), steps=3) for _ in range(2))
    assert (first == again).all()
    scenes = draw_scenes(64, np.random.default_rng(6))
    costs = [
        cost_vjp(detector(scenes.images, train(np.random.default_rng(5), steps=n)), targets(scenes))[0]
        for n in (1, 60)
    ]
    assert costs[1] < costs[0] / 2


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda rng: draw_scenes(0, rng), "count must be a positive integer"),
        (lambda rng: draw_scenes(1, rng, sides=(8, 20)), "sides must ascend between 9 and 32"),
        (lambda rng: draw_scenes(1, rng, sides=(20, 33)), "sides must ascend between 9 and 32"),
        (lambda rng: draw_scenes(1, rng, noise=-1), "noise must be non-negative"),
        (lambda rng: draw([Box(5, 5, 9, 9)], ["세모"], rng), "kinds must name one of 네모, 타원"),
        (lambda rng: draw([Box(5, 5, 9, 9)], [], rng), "kinds must name one of 네모, 타원"),
        (lambda rng: draw([Box(32, 5, 9, 9)], ["네모"], rng), "cx must lie in the image"),
        (lambda rng: only_view(draw_scenes(1, rng), 7), "view must be even"),
        (lambda rng: detector(np.zeros((1, 3, 32, 32)), initialize(rng)), "images must have shape"),
        (lambda rng: detector(np.zeros((1, 1, 32, 32)), np.zeros(5)), "theta must have shape"),
        (lambda _: cost_vjp(np.zeros((1, 7, 4, 4)), np.zeros((1, 7, 4, 3))), "t must have shape"),
        (lambda _: read_cell(np.ones((7, 4, 4)), (4, 0)), "cell must lie in the 4×4 grid"),
        (lambda _: read_cell(np.ones((6, 4, 4)), (0, 0)), "y must have shape"),
        (lambda rng: grade([], draw_scenes(2, rng)), "answers must number 2, got 0"),
        (lambda rng: train(rng, steps=0), "steps must be a positive integer"),
        (lambda rng: train(rng, lr=0), "lr must be positive"),
    ],
)
def test_bad_input_is_refused_by_name(call, told):
    with pytest.raises(ValueError, match=told):
        call(np.random.default_rng(0))


def test_a_seed_is_no_generator():
    for call in (initialize, train, lambda rng: draw_scenes(1, rng)):
        with pytest.raises(TypeError, match="rng must be"):
            call(0)


def test_its_convolutions_keep_the_size_and_its_pools_halve_it():
    sizes = [(32, 32)]
    for layer in LAYERS:
        sizes.append(output_size(sizes[-1], layer.kernel_size, layer.stride, layer.padding))
    assert [height for height, _ in sizes] == [32, 32, 16, 16, 8, 8, 4, 4, 4]
    assert all(height == width for height, width in sizes)
