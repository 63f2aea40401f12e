"""The pictures of padding draw what the library computes."""

import pytest

from dlnotes.arithmetic import output_size, padding_only_share
from dlnotes.figures.canvas import COLORS
from dlnotes.figures.same_padding import padding_intervals, sliding_windows, wasted_outputs


def drawn(svg, role):
    """Count the shapes in a role's colour."""
    return svg.count(f"stroke: {COLORS[role]}")


@pytest.mark.parametrize(("n", "f", "p", "s"), [(6, 3, 1, 1), (7, 3, 1, 2), (5, 5, 2, 1), (4, 2, 0, 2)])
def test_one_window_and_one_output_for_each_place(n, f, p, s):
    svg = sliding_windows(n, f, (p, p), s).panels[0]
    outputs = output_size(n, f, s, p)
    assert drawn(svg, "kernel") == drawn(svg, "output") == outputs
    assert drawn(svg, "input") == n
    assert f"출력 {outputs}칸" in svg


def test_windows_that_see_padding_alone_are_dashed():
    svg = sliding_windows(2, 3, (3, 3)).panels[0]
    assert drawn(svg, "output") == 4
    assert drawn(svg, "reference") == 6 + 2 * 2


def test_the_wasted_outputs_are_as_many_as_counted():
    _, out = wasted_outputs(8, 3, 5, 2).panels
    wasted = int(padding_only_share(8, 3, 2, 5) * 64)
    assert drawn(out, "reference") == out.count(">0</text>") == wasted
    assert drawn(out, "output") == 64 - wasted


def test_one_solution_and_one_naive_value_for_each_size():
    few, more = (padding_intervals(range(1, n)).panels[0] for n in (4, 8))
    assert more.count("<use") - few.count("<use") >= 2 * 4
