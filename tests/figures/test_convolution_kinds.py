"""The pictures of the kinds draw what the library computes."""

import re

import numpy as np
import pytest

from dlnotes.convolution import block_diagonal_weight
from dlnotes.counting import separable_cost_ratio
from dlnotes.figures.canvas import COLORS
from dlnotes.figures.convolution_kinds import (
    block_matrix,
    channel_chain,
    channel_ripple,
    cost_ratios,
    depthwise_owners,
    kernel_connections,
    parameter_chart,
    uneven_owners,
)
from dlnotes.layers import Conv2d, SparseConv2d, depthwise, pointwise, separable

BOLD, FINE = "stroke-width: 2.2", "stroke-opacity: 0.8"


def shapes(svg, role, within="<path"):
    """Count the marks in a role's colour."""
    return sum(f"stroke: {COLORS[role]}" in path for path in re.findall(rf"{within}[^>]*>", svg))


def lines(svg, style):
    """Count the lines of one style."""
    return len(re.findall(rf"{style}(?![.\d])", svg))


def texts(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize(
    ("layer", "depth"),
    [(Conv2d(4, 4, 3), 4), (Conv2d(4, 4, 3, groups=2), 2), (depthwise(4, 3), 1), (pointwise(4, 4), 4)],
)
def test_an_output_is_tied_to_as_many_inputs_as_its_kernel_is_deep(layer, depth):
    svg = kernel_connections(layer, "", follow=2).panels[0]
    assert lines(svg, BOLD) == depth
    assert lines(svg, FINE) == 3 * depth
    assert shapes(svg, "input") == shapes(svg, "output") == 4
    side = layer.kernel_size[0]
    assert f"출력 3의 필터 {side}×{side}×{depth}" in texts(svg)


def test_the_sheets_that_a_kernel_lacks_are_dashed():
    svg = kernel_connections(Conv2d(4, 4, 1, groups=2), "", follow=0).panels[0]
    assert svg.count("stroke-dasharray") == 2


@pytest.mark.parametrize(("outputs", "left_over"), [(3, 0), (6, 0), (8, 2), (9, 0), (10, 1)])
def test_outputs_without_an_owner_are_dashed(outputs, left_over):
    svg = depthwise_owners(3, outputs).panels[0]
    assert lines(svg, BOLD) == outputs - left_over
    assert shapes(svg, "reference") == texts(svg).count("?") == left_over
    assert (f"{left_over}개가 남음" in texts(svg)) == bool(left_over)


def test_outputs_shared_out_unevenly_have_one_owner_each():
    svg = uneven_owners(SparseConv2d(3, tuple((c,) for c in (0, 0, 0, 1, 1, 1, 2, 2)), 5)).panels[0]
    assert lines(svg, BOLD) == 8
    assert shapes(svg, "reference") == texts(svg).count("?") == 0
    assert "고르지 않게 3, 3, 2" in texts(svg)


def test_a_separable_output_reaches_every_input_over_the_channels_between():
    svg = channel_chain(separable(3, 8, 5), "분리", "110개").panels[0]
    assert lines(svg, BOLD) == 3 + 3
    assert lines(svg, FINE) == 3 * 7
    assert {"입력 3", "사이 3", "출력 8", "110개"} <= set(texts(svg))


def test_a_touched_channel_reaches_what_it_is_tied_to():
    alone, everywhere = (
        channel_ripple(layer, 1, changes, "").panels[0]
        for layer, changes in ((depthwise(3, 5), [0, 7, 0]), (Conv2d(3, 3, 5), [4, 5, 6]))
    )
    assert lines(alone, BOLD) == 1
    assert lines(everywhere, BOLD) == 3
    assert texts(alone).count("그대로") == 2
    assert {"+1", "+7"} <= set(texts(alone))
    assert {"+4", "+5", "+6"} <= set(texts(everywhere))


def test_the_blocks_show_every_weight_and_one_zero_for_an_empty_block():
    w = np.random.default_rng(0).integers(1, 10, size=(4, 2, 3, 3))
    shown = texts(block_matrix(block_diagonal_weight(w, groups=2)).panels[0])
    digits = [int(text) for text in shown if text.isdigit()]
    assert digits.count(0) == 8
    assert sorted(digit for digit in digits if digit) == sorted(w.ravel().tolist())


def test_only_a_kind_with_the_number_and_the_channels_of_the_table_is_starred():
    counts = {"맞음": (416, 16), "채널이 다름": (416, 8), "수가 다름": (352, 16), "없음": None}
    svg = parameter_chart(counts, 16, 416, "CONV2").panels[0]
    hits = [mark for mark in re.findall(r"<use[^>]*>", svg) if COLORS["target"] in mark]
    assert len(hits) == 1
    assert {"416", "416 (8채널)", "352", "만들 수 없음"} <= set(texts(svg))


def test_the_marks_of_the_cost_carry_the_computed_ratio():
    shown = texts(cost_ratios([3, 5], [(8, 5), (512, 3)]).panels[0])
    for n, k in ((8, 5), (512, 3)):
        assert f"N={n}: {float(separable_cost_ratio(n, k)):.5g}" in shown
    assert {"극한 1/9", "극한 1/25"} <= set(shown)


@pytest.mark.full
def test_the_same_picture_has_the_same_bytes():
    first, second = (channel_chain(separable(3, 8, 5), "분리").panels for _ in range(2))
    assert first == second
