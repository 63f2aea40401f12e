"""패딩과 보폭의 그림."""

from __future__ import annotations

import numpy as np

from dlnotes.arithmetic import (
    output_size,
    padding_interval,
    padding_only,
    symmetric_paddings,
    window_starts,
)
from dlnotes.figures.canvas import (
    COLORS,
    Picture,
    Role,
    arrow,
    canvas,
    cell,
    half_room,
    in_two_widths,
    room,
    write,
)


@in_two_widths
def sliding_windows(n: int, kernel_size: int, padding: tuple[int, int], stride: int = 1) -> Picture:
    """덧댄 입력 위로 창이 지나가는 모습. 창 하나가 한 줄이고, 줄 끝에 그 창이 만드는 출력이 있습니다.

    Parameters
    ----------
    n : int
        입력의 폭(칸).
    kernel_size : int
        창의 너비(칸).
    padding : (int, int)
        앞과 뒤에 덧대는 칸 수. 둘이 달라도 됩니다.
    stride : int
        보폭(칸).

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> sliding_windows(4, 3, (1, 1))
    Picture(1 panels)
    """
    before, after = padding
    total = before + n + after
    side = (room() - 80) // total
    outputs = output_size(total, kernel_size, stride)
    inside = [before <= i < before + n for i in range(total)]
    left, top, row, tall = 10, 34, 22, 24
    right = left + total * side
    with canvas(right + 70, top + tall + 12 + outputs * row + 6) as (ax, picture):
        write(ax, left + (before + n / 2) * side, 16, f"입력 {n}칸", role="input")
        for i in range(total):
            label = str(i - before + 1) if inside[i] else "0"
            cell(
                ax,
                left + i * side,
                top,
                side,
                "input" if inside[i] else "reference",
                label if side >= 18 else "",
                height=tall,
            )
        write(ax, right + 46, 16, f"출력 {outputs}칸", role="output")
        for k, start in enumerate(window_starts(total, kernel_size, stride).tolist()):
            y = top + tall + 12 + k * row
            sees_input = any(inside[start : start + kernel_size])
            window: Role = "kernel" if sees_input else "reference"
            cell(ax, left + start * side, y + 3, kernel_size * side, window, height=row - 8)
            middle = y + row / 2 - 1
            arrow(ax, (left + (start + kernel_size) * side + 3, middle), (right + 34, middle), width=0.8)
            cell(ax, right + 37, y + 1, row - 4, "output" if sees_input else "reference", str(k + 1))
    return picture


@in_two_widths
def padding_intervals(sizes: range, kernel_size: int = 3, stride: int = 2) -> Picture:
    """출력이 입력과 같아지는 패딩의 구간. 구간 안의 정수가 답이고, × 표는 내림이 없다고 보고 푼 값입니다.

    Parameters
    ----------
    sizes : range
        입력의 폭 n(칸)들. 하나가 한 줄입니다.
    kernel_size, stride : int
        창의 너비와 보폭(칸). 너비 3과 보폭 2에서 × 표는 식 (n+1)/2의 값입니다.

    Returns
    -------
    Picture
        패널 하나. 가로축은 한쪽 패딩 p(칸), 세로축은 n(칸)입니다.

    Examples
    --------
    >>> padding_intervals(range(1, 5))
    Picture(1 panels)
    """
    with canvas(room(), 52 + 26 * len(sizes), plot=True) as (ax, picture):
        for n in sizes:
            low, high = map(float, padding_interval(n, kernel_size, n, stride))
            ax.plot([low, high], [n, n], color=COLORS["output"], alpha=0.45, linewidth=7)
            solutions = list(symmetric_paddings(n, kernel_size, n, stride))
            ax.plot(
                solutions,
                [n] * len(solutions),
                "o",
                color=COLORS["output"],
                markersize=14,
                markerfacecolor="none",
                markeredgewidth=2,
            )
            ax.plot(low, n, "x", color=COLORS["target"], markersize=6, markeredgewidth=1.8)
        last = sizes[-1]
        ax.annotate(
            "식 (n+1)/2",
            (low, last),
            (-12, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=COLORS["target"],
        )
        ax.annotate(
            "맞는 정수 p",
            (max(high, *symmetric_paddings(last, kernel_size, last, stride)), last),
            (12, 0),
            textcoords="offset points",
            va="center",
            color=COLORS["output"],
        )
        ax.set(xlabel="한쪽 패딩 p (칸)", ylabel="입력의 폭 n (칸)", yticks=list(sizes))
        ax.set_xlim(0.5, low + 3)
        ax.set_ylim(sizes[0] - 0.7, last + 0.7)
        ax.set_xticks(range(1, last // 2 + 4))
    return picture


@in_two_widths
def wasted_outputs(n: int, kernel_size: int, padding: int, stride: int) -> Picture:
    """패딩만 본 출력. 왼쪽은 덧댄 입력, 오른쪽은 출력이며 점선 칸은 입력을 한 칸도 보지 못했습니다.

    Parameters
    ----------
    n, kernel_size, padding, stride : int
        정사각형 입력의 한 변, 창의 너비, 한쪽 패딩, 보폭(칸).

    Returns
    -------
    Picture
        패널 둘.

    Examples
    --------
    >>> wasted_outputs(4, 3, 3, 2)
    Picture(2 panels)
    """
    padded = n + 2 * padding
    side = (half_room() - 12) / padded
    with canvas(half_room(), half_room() + 24) as (ax, first):
        write(ax, 6 + padded * side / 2, 14, f"덧댄 입력 {padded}×{padded}")
        cell(ax, 6, 30, padded * side, "reference", strength=0.12)
        cell(ax, 6 + padding * side, 30 + padding * side, n * side, "input", f"입력 {n}×{n}")
    blind = padding_only(n, kernel_size, stride, padding)
    outputs = len(blind)
    side = (half_room() - 12) / outputs
    with canvas(half_room(), half_room() + 24) as (ax, second):
        write(ax, 6 + outputs * side / 2, 14, f"출력 {outputs}×{outputs}")
        for i, j in np.ndindex(outputs, outputs):
            sees_nothing = bool(blind[i] or blind[j])
            role: Role = "reference" if sees_nothing else "output"
            label = "0" if sees_nothing else ""
            cell(
                ax,
                6 + j * side + 1,
                30 + i * side + 1,
                side - 2,
                role,
                label,
                strength=0.05 if label else 0.5,
            )
    return first + second
