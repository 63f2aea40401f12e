import re

import numpy as np
import pytest

from dlnotes.figures.adam import (
    one_cycle,
    rare_paths,
    smoothed,
    spike_responses,
    surface_path,
    two_windows,
    without_correction,
)
from dlnotes.figures.canvas import COLORS


def words(picture):
    return [text for panel in picture.panels for text in re.findall(r"<text[^>]*>([^<]*)</text>", panel)]


def strokes(picture, role):
    """How many lines and marks of a role's colour the picture has."""
    return "".join(picture.panels).count(f"stroke: {COLORS[role]}")


def drawn_points(picture, role):
    """The x, y of a role's first line."""
    style = rf'<path d="([^"]*)"[^>]*style="[^"]*fill: none; stroke: {COLORS[role]}'
    found = re.search(style, "".join(picture.panels))
    return [tuple(map(float, pair)) for pair in re.findall(r"[ML] ([\d.-]+) ([\d.-]+)", found[1])]


pictures = pytest.mark.parametrize(
    "draw",
    [
        lambda: two_windows(0.9, 0.999),
        lambda: smoothed([1.0, -2.0, 3.0], {"빠름": [1, 0, 1], "느림": [1, 0.5, 0.6]}),
        lambda: without_correction(0.9, 0.999, settled=3925),
        lambda: spike_responses([(0.9, 0.999), (0.9, 0.7)]),
        lambda: surface_path(lambda theta: (theta**2).sum(-1), [[-4, 2], [-1, 1]], "SGD"),
        lambda: one_cycle([10, -1, -1], [1, -0.7, -1]),
        lambda: rare_paths({"가": [0, 1], "나": [0, -1]}, 100_000, ["target", "output"]),
    ],
)


@pytest.mark.full
@pictures
def test_the_same_input_draws_the_same_bytes(draw):
    assert draw().panels == draw().panels


def test_the_windows_and_half_lives_are_the_computed_ones():
    assert {"창 10", "창 1000", "반감기 6.58", "반감기 693"} <= set(words(two_windows(0.9, 0.999)))
    assert {"창 2", "창 100", "반감기 1", "반감기 69"} <= set(words(two_windows(0.5, 0.99)))


def test_every_named_average_is_drawn_over_the_gradients():
    picture = smoothed(np.ones(40), {"빠름": np.ones(40), "느림": np.zeros(40)}, every=10)
    assert {"빠름", "느림", "▲ 기울기"} <= set(words(picture))
    assert strokes(picture, "output") == strokes(picture, "kernel") == 1
    assert "".join(picture.panels).count("<use") > 4
    fast, slow = drawn_points(picture, "output"), drawn_points(picture, "kernel")
    assert fast[0][1] < slow[0][1]


def test_the_steps_without_correction_carry_their_computed_sizes():
    assert {"1번째 3.162배", "12번째 6.569배", "3,925번째 1.01배"} <= set(
        words(without_correction(0.9, 0.999, settled=3925))
    )


def test_pairs_within_the_boundary_are_solid_and_the_others_dashed():
    inside, outside = spike_responses([(0.9, 0.82)]), spike_responses([(0.9, 0.8)])
    assert strokes(inside, "output") == 1
    assert strokes(inside, "target") == 0
    assert strokes(outside, "output") == 0
    assert strokes(outside, "target") == 1
    assert "stroke-dasharray" in outside.panels[0]
    assert "stroke-dasharray" not in inside.panels[0]
    assert "β1 0.9, β2 0.82" in words(inside)


def test_the_path_has_every_step():
    path = np.stack([np.linspace(-5, 0, 11), np.sin(np.arange(11.0))], axis=1)
    picture = surface_path(lambda theta: (theta**2).sum(-1), path, "SGD")
    assert len(drawn_points(picture, "kernel")) == 11
    assert {"SGD", "처음", "θ1", "θ2"} <= set(words(picture))


def test_the_bars_carry_their_values_and_their_sum():
    picture = one_cycle([10, -1, -1], [1, -0.7, -1])
    assert len(picture.panels) == 2
    assert words(picture).count("합") == 2
    assert {"+10", "−1", "+8", "+1.00", "−0.70", "−1.00"} <= set(words(picture))


def test_rare_paths_are_named_between_the_best_and_the_worst():
    picture = rare_paths({"가": [0, 1], "나": [0, -1]}, 100_000, ["kernel", "output"])
    assert {"가", "나", "x = 1: 가장 나쁜 자리", "x = −1: 가장 좋은 자리"} <= set(words(picture))
    up, down = drawn_points(picture, "kernel"), drawn_points(picture, "output")
    assert up[0] == down[0]
    assert up[-1][1] < down[-1][1]
    with pytest.raises(ValueError, match="argument"):
        rare_paths({"가": [0, 1]}, 100_000, ["kernel", "output"])
