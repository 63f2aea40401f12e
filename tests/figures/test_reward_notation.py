"""The pictures of rewards draw what the library computes."""

import numpy as np
import pytest

from dlnotes.figures.canvas import COLORS
from dlnotes.figures.reward_notation import (
    minibatch_numbers,
    numbered_timeline,
    reward_samples,
    value_readings,
)
from dlnotes.rewards import DQN, action_values, draw_rewards, number_rewards, running_means

CHAIN = [0, 0, 0, 0, 1]


def drawn(svg, role):
    """Count the shapes in a role's colour that have a face."""
    return sum(
        f"stroke: {COLORS[role]}" in path and "fill: none" not in path for path in svg.split("<path")[1:]
    )


@pytest.mark.parametrize("steps", [1, 3])
def test_both_rows_of_the_timeline_hold_the_same_things(steps):
    svg = numbered_timeline(steps).panels[0]
    assert drawn(svg, "input") == 2 * (steps + 1)
    assert drawn(svg, "kernel") == drawn(svg, "target") == 2 * steps
    assert svg.count(">R</text>") == svg.count(">r</text>") == steps
    assert [f"{t}번" in svg for t in range(steps + 2)] == [True] * (steps + 1) + [False]


@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_a_reading_shows_the_values_that_it_gives(offset):
    svg = value_readings(CHAIN, 0.9, offset).panels[0]
    q = action_values(number_rewards(CHAIN, DQN), 5, gamma=0.9, offset=offset)
    for value in q:
        assert f">{value:.4g}</text>" in svg
    assert drawn(svg, "output") == np.count_nonzero(q)
    unused = abs(offset)
    assert drawn(svg, "reference") == 5 - np.count_nonzero(q) + unused
    assert ("맞게 읽기" in svg) == (offset == 0)


def test_the_means_written_in_the_plot_are_those_of_the_samples():
    samples = draw_rewards([0.7, 0.3], [0, 10], 2000, np.random.default_rng(1))
    svg = reward_samples(samples, 3.0, [7, 300, 2000]).panels[0]
    for n in (7, 300, 2000):
        assert f">{running_means(samples)[n - 1]:.5g}</text>" in svg
    assert "기댓값 3" in svg


def test_each_sample_of_the_minibatch_has_its_own_number():
    svg = minibatch_numbers(12, [7, 2, 11, 2]).panels[0]
    assert drawn(svg, "input") == 3 + 4
    assert drawn(svg, "reference") == 9
    assert svg.count(">r</text>") == 4


@pytest.mark.full
def test_the_same_picture_is_the_same_bytes():
    assert value_readings(CHAIN, 0.9, 1).panels == value_readings(CHAIN, 0.9, 1).panels
    assert value_readings(CHAIN, 0.9, 1).panels != value_readings(CHAIN, 0.8, 1).panels
