"""순환 신경망의 펼친 그래프와 시간 역전파의 그림."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from dlnotes.figures.canvas import (
    COLORS,
    MARKERS,
    Picture,
    Role,
    arrow,
    canvas,
    cell,
    in_two_widths,
    ink,
    note,
    room,
    write,
)
from dlnotes.recurrent import rnn_vjp

SIDE = 30
"""상태 칸의 한 변(픽셀)."""


def folded_and_unrolled(steps: int = 3) -> Picture:
    """접은 순환 신경망과 시간으로 펼친 그래프. 펼친 그래프의 모든 W는 같은 가중치입니다.

    Parameters
    ----------
    steps : int
        펼칠 시점의 수. 셋까지 그림에 들어갑니다.

    Returns
    -------
    Picture
        패널 둘. 첫째가 접은 것, 둘째가 펼친 것입니다.

    Examples
    --------
    >>> folded_and_unrolled()
    Picture(2 panels)
    """
    middle = 128
    with canvas(170, 236) as (ax, folded):
        write(ax, 8, 14, "접은 신경망", align="left")
        left = 40
        _step(ax, left, "")
        out, back, right = left + SIDE, left + SIDE + 14, left + SIDE + 44
        corners = [(right, middle + 10), (right, middle + 34), (back, middle + 34), (back, middle + 8)]
        _line(ax, (out, middle - 7), (right - 10, middle - 7))
        for start, end in pairwise(corners):
            _line(ax, start, end)
        arrow(ax, (back, middle + 8), (out + 1, middle + 8))
        _weight(ax, right, middle)
    with canvas(room(), 236) as (ax, unrolled):
        write(ax, 8, 14, f"시점 {steps}개로 펼친 신경망", align="left")
        lefts = _lefts(steps)
        _state(ax, lefts[0], middle, 0)
        for t in range(1, steps + 1):
            _step(ax, lefts[t], str(t))
            gap = (lefts[t - 1] + SIDE + lefts[t]) / 2
            _line(ax, (lefts[t - 1] + SIDE, middle), (gap - 10, middle))
            _weight(ax, gap, middle)
            arrow(ax, (gap + 10, middle), (lefts[t] - 1, middle))
    return folded + unrolled


@in_two_widths
def backward(steps: int = 3) -> Picture:
    """펼친 그래프에서 기울기가 돌아오는 길. 시점마다 만든 행렬이 아래에서 모두 더해져 dW가 됩니다.

    Parameters
    ----------
    steps : int
        펼칠 시점의 수. 셋까지 그림에 들어갑니다.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> backward()
    Picture(1 panels)
    """
    with canvas(room(), 244) as (ax, picture):
        lefts, middle, bottom = _lefts(steps), 96, 212
        _state(ax, lefts[0], middle, 0)
        for t in range(1, steps + 1):
            left, centre = lefts[t], lefts[t] + SIDE / 2
            write(ax, centre, 14, f"C{t}", role="target")
            arrow(ax, (centre, 25), (centre, middle - 25), role="gradient", width=1.8)
            cell(ax, left - 8, middle - 23, SIDE + 16, "gradient", f"δ{t}")
            gap = (lefts[t - 1] + SIDE + left) / 2
            _line(ax, (left - 8, middle), (gap + 10, middle), role="gradient", width=1.8)
            if t > 1:
                arrow(ax, (gap - 10, middle), (lefts[t - 1] + SIDE + 9, middle), role="gradient", width=1.8)
            _weight(ax, gap, middle)
            _line(ax, (gap, middle + 11), (gap, 138), role="gradient")
            write(ax, gap, 148, f"δ{t}·h{t - 1}", role="gradient")
            landing = room() / 2 + 0.2 * (gap - room() / 2)
            arrow(ax, (gap, 158), (landing, bottom - 20), role="gradient")
        cell(ax, room() / 2 - 110, bottom - 26, 220, "gradient", "dW: 모두 더한 것", height=52)
    return picture


@in_two_widths
def paths_of_last_cost(w: float, steps: int = 3) -> Picture:
    """h_t = w·h_{t-1} + 1에서 마지막 상태의 기울기를 이루는 경로. 한 줄이 경로 하나입니다.

    Parameters
    ----------
    w : float
        가중치. 처음 상태는 0입니다.
    steps : int
        시점의 수. 비용은 마지막 상태입니다.

    Returns
    -------
    Picture
        패널 하나. 줄마다 길이 W의 한 사본에서 끝납니다. 마름모는 그 상태에 닿은 기울기, 네모는 상태의
        값이고, 오른쪽 위의 곱이 그 경로가 보탠 값입니다.

    Examples
    --------
    >>> paths_of_last_cost(0.5)
    Picture(1 panels)
    """
    h, pullback = rnn_vjp(np.ones((steps, 1)), [[1.0]], [[w]], activation="identity")
    gradients = pullback(np.eye(steps)[:, -1:])
    states, arriving, terms = [0.0, *h.ravel()], gradients.deltas.ravel(), gradients.dw_hh_steps.ravel()
    row, pitch = 78, (room() - 44) / (steps + 0.5)
    wide = pitch / 2
    with canvas(room(), row * steps + 34) as (ax, picture):
        for line, t in enumerate(range(steps, 0, -1)):
            middle = line * row + 52
            product = f"{arriving[t - 1]:g} · {states[t - 1]:g} = {terms[t - 1]:g}"
            write(ax, 8, middle - 34, f"t = {t}: W를 {steps - t}번 통과", align="left")
            write(ax, room() - 8, middle - 34, product, align="right", role="gradient")
            for s in range(steps + 1):
                x = 8 + s * pitch
                if s >= t:
                    cell(ax, x, middle - 17, wide, "gradient", f"{arriving[s - 1]:g}", height=34)
                else:
                    cell(
                        ax, x, middle - 15, wide, "output" if s else "reference", f"{states[s]:g}", height=30
                    )
                if s:
                    _path_step(ax, x, x - pitch + wide, middle, s - t)
            write(ax, 8 + steps * pitch + wide + 14, middle, f"C{steps}", role="target")
        write(ax, room() - 8, steps * row + 18, f"합 {terms.sum():g}", align="right", role="gradient")
    return picture


def _path_step(ax: Axes, right: float, left: float, middle: float, beyond: int) -> None:
    """상태 하나를 거슬러 가는 길. 길의 끝(`beyond` 가 0)에서는 W에 닿고, 그 앞쪽에는 길이 없습니다."""
    gap = (left + right) / 2
    _weight(ax, gap, middle, strength=0.6 if beyond == 0 else 0.08)
    if beyond == 0:
        arrow(ax, (right + 1, middle), (gap + 9, middle), role="gradient", width=1.8)
    elif beyond > 0:
        _line(ax, (right, middle), (gap + 11, middle), role="gradient", width=2.2)
        _line(ax, (gap - 11, middle), (left, middle), role="gradient", width=2.2)


@in_two_widths
def double_sum(terms: npt.ArrayLike, kept: npt.ArrayLike | None = None) -> Picture:
    """이중합의 항. 줄은 비용의 시점, 칸은 W를 쓴 시점이고, 수는 항의 노름입니다.

    Parameters
    ----------
    terms : array_like
        항 ``(T, T, H, H)``. :func:`~dlnotes.recurrent.path_contributions` 가 돌려준 것입니다.
    kept : array_like of bool, optional
        남기는 항 ``(T, T)``. :func:`~dlnotes.recurrent.kept_terms` 가 돌려준 것입니다. 주면 버리는 항을
        점선으로 그립니다.

    Returns
    -------
    Picture
        패널 하나. 비용보다 나중 시점의 칸에는 항이 없습니다.

    Examples
    --------
    >>> double_sum(np.ones((3, 3, 1, 1)))
    Picture(1 panels)
    """
    norms = np.linalg.norm(np.asarray(terms), axis=(2, 3))
    steps = len(norms)
    stays = np.ones_like(norms, dtype=bool) if kept is None else np.asarray(kept, dtype=bool)
    side, left, top = min(33, (room() - 46) // steps), 40, 44
    wide = min(2 * side, (room() - 46) // steps)
    with canvas(left + wide * steps + 6, top + side * steps + 6) as (ax, picture):
        write(ax, left + wide * steps / 2, 11, "W를 쓴 시점 t")
        write(ax, 4, 27, "비용 τ", align="left")
        for tau in range(steps):
            write(ax, left + (tau + 0.5) * wide, 31, str(tau + 1))
            write(ax, 24, top + (tau + 0.5) * side, str(tau + 1))
            for t in range(tau + 1):
                place = left + t * wide + 1, top + tau * side + 1
                _term(
                    ax,
                    place,
                    (wide - 2, side - 2),
                    norms[tau, t] / (norms.max() or 1),
                    kept=bool(stays[tau, t]),
                )
                write(ax, place[0] + wide / 2 - 1, place[1] + side / 2 - 1, f"{norms[tau, t]:.2f}")
    return picture


def _term(
    ax: Axes, place: tuple[float, float], size: tuple[float, float], share: float, *, kept: bool
) -> None:
    """이중합의 한 칸. 큰 항일수록 진하고, 잘린 항은 점선입니다."""
    role: Role = "gradient" if kept else "reference"
    style = "-" if kept else (0, (3, 2))
    strength = 0.05 + 0.55 * share if kept else 0.0
    face, edge = (COLORS[role], strength), COLORS[role]
    ax.add_patch(Rectangle(place, *size, facecolor=face, edgecolor=edge, linestyle=style))


@in_two_widths
def step_contributions(norms: Sequence[float] | npt.NDArray[np.floating]) -> Picture:
    """시점마다 보탠 행렬의 크기.

    Parameters
    ----------
    norms : array_like
        시점마다 보탠 행렬의 노름 ``(T,)``.

    Returns
    -------
    Picture
        패널 하나. 가로축은 시점, 세로축은 노름입니다.

    Examples
    --------
    >>> step_contributions([0, 0.5, 1.5])
    Picture(1 panels)
    """
    steps = range(1, len(norms) + 1)
    with canvas(room(), 210, plot=True) as (ax, picture):
        ax.bar(steps, norms, color=COLORS["gradient"], width=0.62)
        for t, norm in zip(steps, norms, strict=True):
            note(ax, f"{norm:.2f}" if norm else "0", (t, norm), (0, 8), "gradient", align="center")
        ax.set(xlabel="시점 t", ylabel="보탠 행렬의 노름", xticks=list(steps))
        ax.set_ylim(0, 1.15 * max(norms))
    return picture


@in_two_widths
def truncation_errors(errors: Sequence[float] | npt.NDArray[np.floating]) -> Picture:
    """거슬러 가는 시점의 수와 절단이 낸 상대 오차.

    Parameters
    ----------
    errors : array_like
        길이 1, 2, … 에서 자른 기울기의 상대 오차.

    Returns
    -------
    Picture
        패널 하나. 가로축은 절단의 길이(시점), 세로축은 상대 오차입니다.

    Examples
    --------
    >>> truncation_errors([0.5, 0.2, 0.0])
    Picture(1 panels)
    """
    lengths = range(1, len(errors) + 1)
    with canvas(room(), 220, plot=True) as (ax, picture):
        ax.axhline(0, color=COLORS["reference"], linewidth=1, linestyle="--")
        ax.plot(lengths, errors, color=COLORS["gradient"], marker=MARKERS["gradient"])
        for k, error in zip(lengths, errors, strict=True):
            before, after = errors[max(k - 2, 0)], errors[min(k, len(errors) - 1)]
            valley, slope = before > error < after, before > error > after
            offset = (0, -13) if valley else (19, 5) if slope and error > 0.1 * max(errors) else (14, 12)
            shown = f"{error:.3f}" if error > 1e-9 else "0"
            note(ax, shown, (k, error), offset, "gradient", align="center")
        ax.set(xlabel="거슬러 가는 길이 k (시점)", ylabel="상대 오차", xticks=list(lengths))
        ax.set_xlim(0.6, len(errors) + 0.8)
        ax.set_ylim(-0.05 * max(errors), 1.2 * max(errors))
    return picture


@in_two_widths
def descents(weight_costs: npt.ArrayLike, state_costs: npt.ArrayLike) -> Picture:
    """가중치만 고칠 때와 처음 상태만 고칠 때의 비용.

    Parameters
    ----------
    weight_costs, state_costs : array_like
        갱신마다의 비용. 길이가 같습니다.

    Returns
    -------
    Picture
        패널 하나. 가로축은 갱신(번), 세로축은 비용입니다.

    Examples
    --------
    >>> descents([2, 1, 0.5], [2, 1.9, 1.8])
    Picture(1 panels)
    """
    weight, state = np.asarray(weight_costs), np.asarray(state_costs)
    last = len(weight) - 1
    with canvas(room(), 220, plot=True) as (ax, picture):
        ax.plot(state, color=COLORS["reference"], linestyle="--")
        ax.plot(weight, color=COLORS["kernel"])
        end_of_state, end_of_weight = f"처음 상태 h0만: {state[-1]:.2f}", f"가중치 W만: {weight[-1]:.2f}"
        ends: tuple[tuple[str, float, Role], ...] = (
            (end_of_state, float(state[-1]), "reference"),
            (end_of_weight, float(weight[-1]), "kernel"),
        )
        for text, end, role in ends:
            beside = -12 if end > 0.2 * weight[0] else 11  # 내려가는 곡선은 끝보다 위에 있습니다
            note(ax, text, (last, end), (-4, beside), role, align="right")
        note(ax, f"처음 {weight[0]:.2f}", (0, weight[0]), (6, 11))
        ax.set(xlabel="갱신 (번)", ylabel="비용 C")
        ax.set_ylim(0, 1.15 * weight[0])
    return picture


def _lefts(steps: int) -> list[float]:
    """시점 0부터 마지막까지 상태 칸의 왼쪽."""
    pitch = (room() - 24 - SIDE) / steps
    return [8 + t * pitch for t in range(steps + 1)]


def _step(ax: Axes, left: float, name: str) -> None:
    """한 시점: 입력, 상태, 출력, 비용을 아래에서 위로."""
    middle, name = left + SIDE / 2, name or "t"
    cell(ax, left, 193, SIDE, "input", f"x{name}")
    cell(ax, left, 113, SIDE, "output", f"h{name}", strength=0.5)
    cell(ax, left, 57, SIDE, "output", f"y{name}", strength=0.12)
    write(ax, middle, 34, f"C{name}", role="target")
    for start, end in ((192, 144), (112, 88), (56, 43)):
        arrow(ax, (middle, start), (middle, end))


def _state(ax: Axes, left: float, middle: float, t: int) -> None:
    """처음 상태처럼 주어진 상태."""
    cell(ax, left, middle - SIDE / 2, SIDE, "reference", f"h{t}")


def _weight(ax: Axes, x: float, y: float, *, strength: float = 0.25) -> None:
    """길 위에 놓인 가중치."""
    cell(ax, x - 10, y - 10, 20, "kernel", "W", strength=strength)


def _line(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    role: Role | None = None,
    width: float = 1.2,
) -> None:
    """화살촉 없는 선."""
    ax.plot([start[0], end[0]], [start[1], end[1]], color=ink(role), linewidth=width)
