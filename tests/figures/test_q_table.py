"""The pictures of the Q-table draw what the library counts."""

import numpy as np
import pytest

from dlnotes.environments import CatchGames
from dlnotes.figures.canvas import COLORS
from dlnotes.figures.q_table import (
    ON,
    catch_screens,
    estimates_against_truth,
    growth,
    image_tree,
    memory,
    pairs_and_images,
    q_table,
    visited_rows,
)
from dlnotes.state_space import all_images


def drawn(svg, role):
    """Count the shapes in a role's colour."""
    return svg.count(f"stroke: {COLORS[role]}")


def lit(svg):
    """Count the pixels that are on."""
    return svg.count(f"fill-opacity: {ON}")


@pytest.mark.parametrize("pixels", [2, 3, 4])
def test_the_tree_holds_every_image_of_every_size(pixels):
    svg = image_tree(pixels).panels[0]
    assert drawn(svg, "input") == sum(n * 2**n for n in range(1, pixels + 1))
    assert lit(svg) == sum(int(all_images(n).sum()) for n in range(1, pixels + 1))
    assert drawn(svg, "reference") == sum(2**n for n in range(2, pixels + 1))
    assert all(f">{2**n}장</text>" in svg for n in range(1, pixels + 1))


@pytest.mark.parametrize("pixels", [2, 3, 4])
def test_pairs_are_a_square_and_images_a_power(pixels):
    pairs, pictures = pairs_and_images(pixels).panels
    assert drawn(pairs, "reference") == pixels**2
    assert f"= {pixels**2}개" in pairs
    assert drawn(pictures, "input") == pixels * 2**pixels
    assert lit(pictures) == pixels * 2 ** (pixels - 1)
    assert f"= {2**pixels}장" in pictures


def test_growth_marks_the_numbers_of_both_curves():
    near, far = growth(range(1, 7), range(1, 31)).panels
    for number in ("2", "8", "9", "25", "32", "이미지 64", "쌍 36"):
        assert f">{number}</text>" in near
    assert near.count(">16</text>") == near.count(">4</text>") - 1 == 1  # equal ones once; 4 is a tick too
    assert ">1,073,741,824</text>" in far
    assert ">900</text>" in far


@pytest.mark.parametrize(("pixels", "actions"), [(2, 3), (3, 2), (4, 4)])
def test_a_table_has_a_row_for_each_image_and_a_cell_for_each_action(pixels, actions):
    svg = q_table(pixels, actions).panels[0]
    assert drawn(svg, "output") == 2**pixels * actions
    assert drawn(svg, "input") == 2**pixels * pixels
    assert f"= {2**pixels * actions}칸" in svg


def test_memory_names_the_sizes_it_marks():
    svg = memory(range(1, 41), 4, [20, 30]).panels[0]
    assert "16 MiB (n = 20)" in svg
    assert "16 GiB (n = 30)" in svg
    assert "(n = 40)" not in svg


def test_a_visited_row_is_filled_once_and_only_in_the_first_1024():
    svg = visited_rows([0, 5, 5, 1023, 1024, 4000], 12).panels[0]
    few = visited_rows([0], 12).panels[0]
    assert svg.count("<path") - few.count("<path") + svg.count("<use") - few.count("<use") == 2
    assert "가 본 줄" in svg
    assert f"{5 / 4096:.3%}" in svg


def test_a_scatter_has_a_mark_for_each_state():
    one, three = (
        estimates_against_truth(np.arange(n), np.zeros(n), "표", "output").panels[0] for n in (2, 5)
    )
    marks = [svg.count(f"fill: {COLORS['output']}") for svg in (one, three)]
    uses = [svg.count("<use") for svg in (one, three)]
    assert marks[1] > 0
    assert uses[1] > uses[0]


def test_a_game_is_drawn_to_its_end_above_the_strangers():
    game = CatchGames(3, np.array(0), np.array(0), np.array(1))
    svg = catch_screens(game, [0, 2], np.ones((2, 3, 3), int)).panels[0]
    assert drawn(svg, "input") == 3 * 9
    assert drawn(svg, "reference") == 2 * 9
    assert lit(svg) == 6 + 18  # the ball and the paddle never meet
    assert ">왼쪽</text>" in svg
    assert ">오른쪽</text>" in svg


@pytest.mark.full
def test_the_same_picture_is_the_same_bytes():
    assert image_tree(3).panels == image_tree(3).panels
