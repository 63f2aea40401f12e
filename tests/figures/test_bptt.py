import re

import numpy as np
import pytest

from dlnotes.figures import bptt
from dlnotes.figures.canvas import COLORS
from dlnotes.recurrent import kept_terms, path_contributions, rnn

RNG = np.random.default_rng(0)
STATES = rnn(RNG.normal(size=(4, 2)), RNG.normal(size=(2, 2)), W_HH := RNG.normal(size=(2, 2)))
TERMS = path_contributions(RNG.normal(size=(4, 2)), STATES, W_HH)

PICTURES = {
    "folded_and_unrolled": bptt.folded_and_unrolled,
    "backward": bptt.backward,
    "paths_of_last_cost": lambda: bptt.paths_of_last_cost(0.5),
    "double_sum": lambda: bptt.double_sum(TERMS, kept_terms(4, 2)),
    "step_contributions": lambda: bptt.step_contributions([0, 0.5, 1.5]),
    "truncation_errors": lambda: bptt.truncation_errors([0.5, 0.2, 0.3, 0]),
    "descents": lambda: bptt.descents([2, 1, 0.5], [2, 1.9, 1.8]),
}


def words(picture, panel=0):
    return re.findall(r"<text[^>]*>([^<]*)</text>", picture.panels[panel])


@pytest.mark.full
@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_a_picture_has_the_same_bytes_twice(draw):
    assert draw().panels == draw().panels


@pytest.mark.parametrize("steps", [2, 3])
def test_the_unrolled_net_repeats_every_part_of_the_folded_one_at_each_step(steps):
    picture = bptt.folded_and_unrolled(steps)
    folded, unrolled = words(picture, 0), words(picture, 1)
    assert folded.count("W") == 1
    assert unrolled.count("W") == steps
    for part in "xhyC":
        assert f"{part}t" in folded
        assert [word for word in unrolled if re.fullmatch(part + "[1-9]", word)] == [
            f"{part}{t}" for t in range(1, steps + 1)
        ]


def test_going_back_every_step_gives_its_delta_times_the_state_before():
    written = words(bptt.backward(3))
    assert [word for word in written if "·" in word] == ["δ1·h0", "δ2·h1", "δ3·h2"]
    assert [word for word in written if re.fullmatch(r"C\d", word)] == ["C1", "C2", "C3"]


@pytest.mark.parametrize("w", [0.5, 2, -1])
def test_the_paths_multiply_the_arriving_gradient_by_the_state_and_add_to_the_derivative(w):
    written = words(bptt.paths_of_last_cost(w))
    states, arriving = [0, 1, w + 1], [w**2, w, 1]
    products = [f"{arriving[t]:g} · {states[t]:g} = {arriving[t] * states[t]:g}" for t in (2, 1, 0)]
    assert [word for word in written if "=" in word and "통과" not in word] == products
    assert written[-1] == f"합 {2 * w + 1:g}"
    assert [word for word in written if "통과" in word] == [f"t = {3 - n}: W를 {n}번 통과" for n in range(3)]


def test_the_double_sum_stops_at_the_step_of_its_cost():
    numbers = [word for word in words(bptt.double_sum(TERMS)) if "." in word]
    norms = np.linalg.norm(TERMS, axis=(2, 3))
    assert numbers == [f"{norms[tau, t]:.2f}" for tau in range(4) for t in range(tau + 1)]


@pytest.mark.parametrize("window", [1, 2, 3, 4])
def test_a_window_leaves_so_many_cells_in_each_row(window):
    svg = bptt.double_sum(TERMS, kept_terms(4, window)).panels[0]
    kept = sum(min(window, tau) for tau in (1, 2, 3, 4))
    assert svg.count(f"stroke: {COLORS['gradient']}") == kept
    assert svg.count(f"stroke: {COLORS['reference']}") == 10 - kept
    assert svg.count("stroke-dasharray") == 10 - kept


def test_the_bars_carry_the_norms_and_nothing_contributed_is_a_plain_zero():
    written = words(bptt.step_contributions([0, 0.5, 1.5]))
    assert {"0", "0.50", "1.50"} <= set(written)


def test_the_errors_are_written_at_their_marks_and_rounding_is_written_as_zero():
    written = words(bptt.truncation_errors([0.5234, 0.2, 0.3, 1e-15]))
    assert [word for word in written if re.fullmatch(r"0\.\d{3}|0", word)] == ["0.523", "0.200", "0.300", "0"]


def test_the_descents_name_the_first_cost_and_both_last_costs():
    written = words(bptt.descents([2, 1, 0.5], [2, 1.9, 1.8]))
    assert {"처음 2.00", "가중치 W만: 0.50", "처음 상태 h0만: 1.80"} <= set(written)
