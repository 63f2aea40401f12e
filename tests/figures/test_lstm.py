"""The figures of the LSTM page hold what the library computes."""

import re

import numpy as np
import pytest

from dlnotes.figures.canvas import COLORS
from dlnotes.figures.lstm import (
    half_life_curve,
    lstm_cell,
    memory_curves,
    norm_curves,
    retention_curves,
    rnn_cell,
    state_curves,
    two_paths,
)
from dlnotes.lstm import bias_to_keep, half_life, lstm


def words(picture):
    """Return the texts of the drawing, panel by panel, in the order they stand."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", "".join(picture.panels))


def held():
    zeros = np.zeros((4, 1))
    return lstm(np.zeros((100, 1)), zeros, zeros, [-1000, 1000, 0, 1000], c0=[0.7])


CURVES = {"앞": ("gradient", [1.0, 1e-3, 1e-20]), "뒤": ("reference", [1.0, 2.0, 3.0])}
ALL = {
    "rnn": rnn_cell,
    "lstm": lstm_cell,
    "paths": two_paths,
    "states": lambda: state_curves(held()),
    "retention": lambda: retention_curves([0.5, 0.99]),
    "norms": lambda: norm_curves(CURVES, [1, 50, 99]),
    "half life": lambda: half_life_curve([0, 1, 5]),
    "memory": lambda: memory_curves({"망": ("output", [[0.7, 0.6], [0.1, 0.2]])}, "과제"),
}


@pytest.mark.full
@pytest.mark.parametrize("draw", ALL.values(), ids=ALL)
def test_the_same_figure_has_the_same_bytes(draw):
    assert draw().panels == draw().panels


def test_the_rnn_cell_has_one_state_and_the_lstm_cell_two():
    one, two = words(rnn_cell()), words(lstm_cell())
    assert one.count("t−1") == 1
    assert one.count("h") == 2
    assert "c" not in one
    assert two.count("t−1") == 2
    assert two.count("c") == 2
    assert two.count("h") == 2
    assert [w for w in two if w in "figo"] == ["f", "i", "g", "o"]
    assert two.count("σ") == 3
    assert two.count("tanh") == 2
    assert two.count("×") == 3
    assert two.count("+") == 1


@pytest.mark.parametrize("steps", [2, 3, 4])
def test_the_direct_path_carries_one_gate_for_each_step_back(steps):
    labels = words(two_paths(steps))
    assert [w for w in labels if re.fullmatch(r"f\d", w)] == [f"f{t}" for t in range(2, steps + 1)]
    assert [w for w in labels if re.fullmatch(r"c\d", w)] == [f"c{t}" for t in range(1, steps + 1)]
    assert labels.count("W") == steps - 1


def test_states_end_with_their_values():
    assert {"c = 0.7", "h = 0.6044"} <= set(words(state_curves(held())))


def test_half_lives_are_written_beside_their_marks():
    labels = words(half_life_curve([0, 2, 5]))
    assert {f"{float(half_life(b)):.3g}" for b in (0, 2, 5)} <= set(labels)
    assert f"b_f = {float(bias_to_keep(100)):.2f}이면 100시점" in labels


def test_every_curve_is_named_and_has_the_colour_of_its_role():
    picture = norm_curves(CURVES, [1, 50, 99])
    assert {"앞", "뒤"} <= set(words(picture))
    assert COLORS["gradient"] in picture.panels[0]
    assert COLORS["reference"] in picture.panels[0]
    assert {"f = 0.5", "f = 0.99"} <= set(words(retention_curves([0.5, 0.99])))


def test_names_at_the_end_of_the_curves_do_not_overlap():
    close = {name: ("gradient", [1.0, value]) for name, value in (("가", 1.0), ("나", 1.1), ("다", 0.9))}
    panel = norm_curves(close, [1, 99]).panels[0]
    heights = sorted(float(y) for y in re.findall(r'y="([\d.]+)"[^>]*>[가나다]<', panel))
    assert len(heights) == 3
    assert np.diff(heights).min() >= 11


def test_there_is_one_line_for_each_network():
    few = memory_curves({"망": ("output", np.ones((5, 2)))}, "과제").panels[0]
    many = memory_curves({"망": ("output", np.ones((5, 4)) * np.arange(1, 5))}, "과제").panels[0]
    lines = rf'<path d="[^"]*"[^>]*stroke: {COLORS["output"]}'
    assert len(re.findall(lines, few)) == 2
    assert len(re.findall(lines, many)) == 4
    assert "찍기 ln 2" in few
