"""The pictures of ReLU draw what the library computes."""

import re

import numpy as np
import pytest

from dlnotes.activations import relu
from dlnotes.figures import relu as pictures
from dlnotes.figures.canvas import COLORS


def texts(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def marks(svg, role):
    """Count the markers filled with a role's colour."""
    return len(re.findall(rf"<use[^>]*fill: {COLORS[role]}", svg))


@pytest.mark.parametrize(
    ("f", "a", "b", "together", "apart"),
    [(lambda x: 2 * x, 1, 2, "6", "6"), (lambda x: 2 * x + 1, 1, 2, "7", "8"), (relu, 1, -1, "0", "1")],
)
def test_both_orders_are_written_out(f, a, b, together, apart):
    found = texts(pictures.two_orders("f", f, a, b).panels[0])
    assert f"f(x+y) = {together}" in found
    assert f"f(x)+f(y) = {apart}" in found


def test_every_pair_is_marked_as_kept_or_broken():
    pairs = np.array([[1, 2], [-1, -2], [1, -2], [3, 4]])
    svg = pictures.failing_pairs(pairs).panels[0]
    assert marks(svg, "input") == 3
    assert len(re.findall(rf"<use[^>]*stroke: {COLORS['target']}", svg)) == 1


@pytest.mark.parametrize("k", [1, 3, 5])
def test_each_unit_has_a_hinge_before_and_after_the_sum(k):
    before, after = pictures.units_and_sum(k).panels
    assert marks(before, "kernel") == marks(after, "kernel") == k
    assert f"유닛 {k}" in texts(before)


def test_the_fits_carry_their_computed_errors_and_hinges():
    panels = pictures.parabola_fits([0, 1, 7]).panels
    assert [marks(svg, "kernel") for svg in panels] == [0, 1, 7]
    for k, svg in zip([0, 1, 7], panels, strict=True):
        assert f"RMS {(4 / 45) ** 0.5 / (k + 1) ** 2:.4f}" in "".join(texts(svg))
    assert "항등 함수" in "".join(texts(panels[0]))


def test_the_law_has_one_mark_for_each_size_and_names_both_constants():
    svg = pictures.error_law([0, 1, 3, 7]).panels[0]
    assert marks(svg, "output") == 4
    assert "항등 함수: 늘 0.298142" in texts(svg)
    assert "기울기 −2" in texts(svg)


def test_xor_shows_two_true_and_two_false_corners():
    plane, line = pictures.xor_by_two_units().panels
    assert marks(plane, "target") == marks(plane, "input") == 2
    assert (marks(line, "target"), marks(line, "input")) == (1, 2)  # the two true corners have one sum


def test_a_boundary_panel_has_one_arrow_for_each_unit():
    one, four = pictures.boundaries([1, 4]).panels
    arrows = rf"stroke: {COLORS['kernel']}"
    assert four.count(arrows) == 4 * one.count(arrows) > 0


def test_the_gradient_panels_end_at_the_numbers_given():
    share = np.linspace(0, 1, 51)
    norms = {"sigmoid": 1.2e-36**share, "relu": 0.81**share, "tanh": 0.25**share}
    names = {"sigmoid": "시그모이드", "relu": "ReLU", "tanh": "tanh"}
    everything, rest = pictures.gradient_by_depth(norms, names).panels
    assert "50층: 1.2e−36" in texts(everything)
    assert "ReLU 0.81" in texts(rest)
    assert "tanh 0.25" in texts(rest)
    assert "시그모이드" not in "".join(texts(rest))


def test_live_and_dead_samples_are_counted():
    live, dead = pictures.live_and_dead({"산": [-1, 1, 2, 3], "죽은": [-3, -2]}).panels
    assert "산: 켜진 표본 75.0%" in texts(live)
    assert "죽은: 켜진 표본 0.0%" in texts(dead)
    assert marks(live, "output") == 3
    assert marks(dead, "output") == 0


def test_one_panel_for_each_size_and_each_layer():
    assert len(pictures.trained_fits([0, 1], {2: [[0, 1]], 8: [[0, 1], [1, 0]]}).panels) == 2
    few, more = (pictures.trained_fits([0, 1], {2: [[0, 1]] * n}).panels[0] for n in (1, 3))
    line = rf"stroke: {COLORS['output']}"
    assert (few.count(line), more.count(line)) == (1, 3)
    assert len(pictures.stacked_zigzags([0, 1], [[0, 1], [1, 0]]).panels) == 2


@pytest.mark.full
def test_the_same_picture_has_the_same_bytes():
    assert pictures.xor_by_two_units() == pictures.xor_by_two_units()
