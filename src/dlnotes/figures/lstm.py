"""LSTM의 셀과 두 상태, 망각 게이트가 정하는 기억의 길이를 그린 그림."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patches import Circle

from dlnotes.figures.canvas import (
    COLORS,
    INK,
    SIZE,
    WIDEST,
    Picture,
    Role,
    arrow,
    canvas,
    cell,
    in_two_widths,
    ink,
    room,
    write,
)
from dlnotes.lstm import LstmStates, bias_to_keep, direct_path, half_life
from dlnotes.memory import GUESSING_COST

Point = tuple[float, float]

GATES = (("f", "σ", 86), ("i", "σ", 132), ("g", "tanh", 178), ("o", "σ", 232))
"""셀 안의 게이트를 왼쪽부터 적은 것. 이름, 활성화 함수, 가로 자리(픽셀)입니다."""


def rnn_cell() -> Picture:
    """단순한 순환 신경망의 셀. 시점을 건너는 상태는 은닉 상태 h 하나입니다.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> rnn_cell()
    Picture(1 panels)
    """
    with canvas(room(), 128) as (ax, picture):
        write(ax, 8, 14, "순환 신경망: 상태 하나", align="left")
        _line(ax, [(12, 64), (130, 64)], "output", end=True)
        _symbol(ax, (24, 46), "h", "t−1", "output")
        cell(ax, 132, 50, 56, "kernel", "tanh", height=28)
        _line(ax, [(188, 64), (308, 64)], "output", end=True)
        _symbol(ax, (290, 46), "h", "t", "output")
        _line(ax, [(160, 116), (160, 80)], None, end=True)
        _symbol(ax, (176, 108), "x", "t", None)
    return picture


def lstm_cell() -> Picture:
    """LSTM의 셀. 위의 굵은 선이 셀 상태 c, 아래의 선이 은닉 상태 h이고, 네모 넷이 게이트입니다.

    동그라미는 성분마다의 계산입니다. 곱셈 셋과 덧셈 하나, 그리고 tanh가 있습니다.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> lstm_cell()
    Picture(1 panels)
    """
    keep, add, write_in, squash, show = (86, 58), (155, 58), (155, 112), (270, 98), (270, 142)
    with canvas(room(), 272) as (ax, picture):
        write(ax, 8, 14, "LSTM: 상태 둘", align="left")
        for start, stop in ((12, 75), (97, 144), (166, 308)):
            _line(ax, [(start, 58), (stop, 58)], "input", width=3.6, end=stop == 308)
        _symbol(ax, (24, 40), "c", "t−1", "input")
        _symbol(ax, (290, 40), "c", "t", "input")
        write(ax, keep[0], 38, "남길 비율")
        write(ax, add[0], 38, "새로 쓸 값")
        _line(ax, [(12, 226), (GATES[-1][2], 226)], "output")
        _symbol(ax, (24, 208), "h", "t−1", "output")
        _line(ax, [(48, 262), (48, 228)], None, end=True)
        _symbol(ax, (64, 256), "x", "t", None)
        for name, activation, x in GATES:
            _line(ax, [(x, 226), (x, 205)], "output", end=True)
            cell(ax, x - 18, 162, 36, "kernel", activation, height=42)
            write(ax, x - 12, 151, name, role="kernel", size=13)
        _line(ax, [(86, 160), (86, 70)], "kernel", end=True)
        _line(ax, [(132, 160), (132, 112), (143, 112)], "kernel", end=True)
        _line(ax, [(178, 160), (178, 112), (167, 112)], "kernel", end=True)
        _line(ax, [(155, 101), (155, 70)], "input", end=True)
        _line(ax, [(232, 160), (232, 142), (258, 142)], "kernel", end=True)
        _line(ax, [(270, 60), (270, 80)], "input", end=True)
        _line(ax, [(270, 115), (270, 130)], "input", end=True)
        _line(ax, [(281, 142), (308, 142)], "output", end=True)
        _symbol(ax, (297, 160), "h", "t", "output")
        for centre, sign in ((keep, "×"), (add, "+"), (write_in, "×"), (squash, "tanh"), (show, "×")):
            _operation(ax, centre, sign)
    return picture


@in_two_widths
def two_paths(steps: int = 3) -> Picture:
    """셀에서 셀로 기울기가 돌아오는 두 길. 곧은 길에는 망각 게이트만, 돌아가는 길에는 가중치가 있습니다.

    Parameters
    ----------
    steps : int
        그릴 시점의 수.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> two_paths()
    Picture(1 panels)
    """
    left, top, low = 34.0, 58.0, 134.0
    pitch = (room() - 2 * left) / (steps - 1)
    with canvas(room(), 196) as (ax, picture):
        write(ax, 8, 14, "곧은 길: 망각 게이트의 곱", align="left", role="gradient")
        write(ax, 8, 184, "돌아가는 길: h로 나가 게이트를 거쳐 c로", align="left")
        for t in range(steps):
            x = left + t * pitch
            cell(ax, x - 16, top - 14, 32, "input", f"c{t + 1}", height=28)
            cell(ax, x - 16, low - 14, 32, "output", f"h{t + 1}", height=28)
            arrow(ax, (x, low - 16), (x, top + 16), width=1.0)
            write(ax, x + 6, (top + low) / 2 + 8, "o", align="left")
            if t:
                arrow(ax, (x - 18, top), (x - pitch + 18, top), role="gradient", width=3.0)
                write(ax, x - pitch / 2, top - 14, f"f{t + 1}", role="gradient", size=13)
                arrow(ax, (x - 18, top + 10), (x - pitch + 18, low - 8), width=1.0)
                write(ax, x - pitch / 2 + 8, (top + low) / 2 + 12, "W", role="kernel", align="left")
    return picture


def state_curves(states: LstmStates, unit: int = 0) -> Picture:
    """셀 하나의 두 상태가 시점마다 어떻게 되는지.

    Parameters
    ----------
    states : LstmStates
        :func:`~dlnotes.lstm.lstm` 이 돌려준 상태. 묶음이 없는 ``(T, H)`` 입니다.
    unit : int
        그릴 셀의 번호.

    Returns
    -------
    Picture
        패널 하나. 끝의 값을 적습니다.

    Examples
    --------
    >>> from dlnotes.lstm import lstm
    >>> state_curves(lstm(np.zeros((5, 1)), np.zeros((4, 1)), np.zeros((4, 1)), c0=[1.0]))
    Picture(1 panels)
    """
    c, h = states.c[:, unit], states.h[:, unit]
    steps = np.arange(1, len(c) + 1)
    with canvas(room(), 170, plot=True) as (ax, picture):
        lines: tuple[tuple[str, npt.NDArray[np.floating], Role, str], ...] = (
            ("c", c, "input", "-"),
            ("h", h, "output", "--"),
        )
        for _, values, role, style in lines:
            ax.plot(steps, values, style, color=COLORS[role])
        low, high = float(min(0, *c, *h)), float(max(0, *c, *h))
        ax.set_ylim(low - 0.1 * (high - low), high + 0.15 * (high - low))
        places = _spread([c[-1], h[-1]], 0.13 * (high - low))
        for (name, values, role, _), place in zip(lines, places, strict=True):
            _end_label(ax, steps[-1], place, f"{name} = {values[-1]:.4g}", role)
        ax.set(xlabel="시점 t", ylabel="상태의 값", xlim=(0, len(c) * 1.4))
        ax.set_xticks(np.linspace(0, len(c), 5))
    return picture


@in_two_widths
def retention_curves(gates: Sequence[float], steps: int = 100) -> Picture:
    """망각 게이트가 늘 같을 때 곧은 길에 남는 비율. 세로축은 로그 눈금입니다.

    Parameters
    ----------
    gates : sequence of float
        망각 게이트의 값들. 0과 1 사이입니다.
    steps : int
        시점의 수.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> retention_curves([0.5, 0.9])
    Picture(1 panels)
    """
    t = np.arange(steps + 1)
    kept = np.ones((steps + 1, len(gates)))
    kept[1:] = direct_path(np.broadcast_to(np.asarray(gates, float), (steps, len(gates))))
    with canvas(room(), 240, plot=True) as (ax, picture):
        for share in kept.T:
            ax.plot(t, share, color=COLORS["gradient"])
            ax.plot(t[-1], share[-1], "^", color=COLORS["gradient"])
        places = _spread_log(kept[-1], kept[-1].min(), 1)
        for gate, place in zip(gates, places, strict=True):
            _end_label(ax, steps, place, f"f = {gate:g}", "gradient")
        ax.set(
            xlabel="거리 t (시점)",
            ylabel="남은 비율 (로그 눈금)",
            yscale="log",
            xlim=(0, steps * (1 + 0.4 * WIDEST / room())),
        )
        ax.set_ylim(top=3 * max(places))
        ax.set_xticks(np.linspace(0, steps, 5))
    return picture


@in_two_widths
def norm_curves(curves: Mapping[str, tuple[Role, npt.ArrayLike]], distances: Sequence[int]) -> Picture:
    """먼 시점으로 돌아가는 기울기의 크기. 줄 하나가 신경망 하나이고 세로축은 로그 눈금입니다.

    Parameters
    ----------
    curves : mapping of str to (Role, array_like)
        이름에서 역할과 야코비 행렬의 노름으로.
    distances : sequence of int
        노름을 잰 거리(시점).

    Returns
    -------
    Picture
        패널 하나. 줄 끝에 이름을 적습니다.

    Examples
    --------
    >>> norm_curves({"RNN": ("gradient", [1.0, 0.1])}, [1, 2])
    Picture(1 panels)
    """
    with canvas(room(), 330, plot=True) as (ax, picture):
        for role, norms in curves.values():
            ax.plot(distances, norms, "-" if role == "gradient" else "--", color=COLORS[role])
        ax.plot([0, distances[-1]], [1, 1], color=COLORS["target"], linewidth=1.0)
        ax.set_yscale("log")
        values = np.array([norms for _, norms in curves.values()], float)
        places = _spread_log(values[:, -1], values.min(), values.max())
        for (name, (role, _)), place in zip(curves.items(), places, strict=True):
            _end_label(ax, distances[-1], place, name, role)
        ax.set_ylim(values.min() / 10, 3 * max(values.max(), *places))
        ax.set(xlabel="거슬러 간 거리 (시점)", ylabel="야코비 행렬의 노름")
        ax.set_xlim(0, distances[-1] * (1 + 0.5 * WIDEST / room()))
        ax.set_xticks(np.unique(np.linspace(0, distances[-1], 4).round()))
    return picture


@in_two_widths
def half_life_curve(marked: Sequence[float], keep: int = 100) -> Picture:
    """망각 게이트의 편향과 반감기. 세로축은 로그 눈금입니다.

    Parameters
    ----------
    marked : sequence of float
        반감기를 적어 둘 편향들.
    keep : int
        가로줄을 그을 시점의 수. 곡선과 만나는 곳이 그만큼 지나 절반이 남는 편향입니다.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> half_life_curve([0, 1])
    Picture(1 panels)
    """
    b = np.linspace(-2, 6.5, 120)
    needed = float(bias_to_keep(keep))
    with canvas(room(), 250, plot=True) as (ax, picture):
        ax.plot(b, half_life(b), color=COLORS["kernel"])
        for bias in marked:
            life = float(half_life(bias))
            ax.plot(bias, life, "D", color=COLORS["kernel"])
            text = f"{life:.3g}"
            ax.annotate(text, (bias, life), (8, -5), textcoords="offset points", va="top")
        ax.plot([-2, needed], [keep, keep], "--", color=COLORS["target"], linewidth=1.4)
        ax.plot(needed, keep, "*", color=COLORS["target"], markersize=11)
        label = f"b_f = {needed:.2f}이면 {keep}시점"
        ax.annotate(label, (-2, keep), (2, 6), textcoords="offset points", color=COLORS["target"])
        ax.set(xlabel="망각 게이트의 편향 b_f", ylabel="반감기 (시점)", yscale="log", xlim=(-2.2, 6.8))
    return picture


def memory_curves(curves: Mapping[str, tuple[Role, npt.ArrayLike]], title: str) -> Picture:
    """기억 과제를 배우는 동안의 비용. 줄 하나가 신경망 하나입니다.

    Parameters
    ----------
    curves : mapping of str to (Role, array_like)
        이름에서 역할과 비용 ``(updates, runs)`` 로. 이름은 줄 끝에 적습니다.
    title : str
        패널의 이름.

    Returns
    -------
    Picture
        패널 하나. 점선은 찍는 것과 같은 비용 ln 2입니다.

    Examples
    --------
    >>> memory_curves({"RNN": ("output", [[0.7], [0.1]])}, "과제")
    Picture(1 panels)
    """
    with canvas(room(), 210, plot=True) as (ax, picture):
        updates = 0
        for name, (role, costs) in curves.items():
            columns = np.asarray(costs).T
            updates = max(updates, columns.shape[1])
            for column in columns:
                ax.plot(column, color=COLORS[role], linewidth=1.2)
            end = float(columns[:, -1].mean())
            _end_label(ax, columns.shape[1], end - 0.07 if end > 0.35 else end + 0.09, name, role)
        ax.axhline(GUESSING_COST, color=COLORS["target"], linestyle=":", linewidth=1.6)
        guess = (updates, GUESSING_COST)
        ax.annotate("찍기 ln 2", guess, (7, 11), textcoords="offset points", color=COLORS["target"])
        ax.set(xlabel="갱신 (번)", ylabel="비용 C", title=title, xlim=(0, updates * 1.45))
        ax.set_xticks(np.linspace(0, updates, 5))
        ax.set_ylim(bottom=0)
    return picture


def _line(
    ax: Axes, points: Sequence[Point], role: Role | None, *, width: float = 1.8, end: bool = False
) -> None:
    """꺾은선. `end` 이면 끝에 화살촉을 답니다."""
    drawn = points[:-1] if end else points
    if len(drawn) > 1:
        ax.plot(*zip(*drawn, strict=True), color=ink(role), linewidth=width, solid_joinstyle="miter")
    if end:
        arrow(ax, points[-2], points[-1], role=role, width=width)


def _operation(ax: Axes, centre: Point, sign: str) -> None:
    """성분마다의 계산을 나타내는 동그라미. 바탕이 비치므로 선은 테에서 멈추어야 합니다."""
    radius = 11 if len(sign) == 1 else 17
    ax.add_patch(Circle(centre, radius, facecolor="none", edgecolor=INK, linewidth=1.2))
    write(ax, *centre, sign, size=14 if len(sign) == 1 else SIZE)


def _symbol(ax: Axes, place: Point, letter: str, index: str, role: Role | None) -> None:
    """아래 첨자가 달린 글자."""
    x, y = place
    write(ax, x, y, letter, role=role, size=15, align="right")
    write(ax, x + 1, y + 5, index, role=role, align="left")


def _end_label(ax: Axes, x: float, y: float, text: str, role: Role) -> None:
    """줄 끝의 이름. 축의 테두리 밖에서도 지워지지 않습니다."""
    style: dict[str, Any] = {"va": "center", "color": COLORS[role], "annotation_clip": False}
    ax.annotate(text, (x, y), (7, 0), textcoords="offset points", **style)


def _spread(values: npt.ArrayLike, gap: float) -> npt.NDArray[np.float64]:
    """끝 이름이 겹치지 않도록 아래에서부터 `gap` 만큼 벌린 자리."""
    places = np.array(values, float)
    for lower, upper in pairwise(np.argsort(places)):
        places[upper] = max(places[upper], places[lower] + gap)
    return places


def _spread_log(values: npt.ArrayLike, lowest: float, highest: float) -> list[float]:
    """로그 눈금에서 벌린 자리. 축에는 `lowest` 에서 `highest` 까지가 있고 여백이 더 있습니다."""
    gap = 0.08 * np.log10(highest / lowest) + 0.1
    return [float(10**place) for place in _spread(np.log10(values), gap)]
