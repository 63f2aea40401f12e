"""큐 표와 상태의 수의 그림."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from dlnotes.environments import CatchGames, catch_images, catch_step
from dlnotes.figures.canvas import (
    COLORS,
    MARKERS,
    WIDEST,
    Picture,
    Role,
    arrow,
    canvas,
    cell,
    half_room,
    in_two_widths,
    ink,
    room,
    third_room,
    write,
)
from dlnotes.state_space import all_images, bytes_text, coverage_curve, images, table_bytes

ON, OFF = 0.85, 0.05


def _pixels(ax: Axes, x: float, y: float, image: npt.ArrayLike, side: float, role: Role = "input") -> None:
    """이미지 한 장을 그립니다. 켜진 픽셀(1)만 진하게 채웁니다."""
    for (i, j), value in np.ndenumerate(np.atleast_2d(image)):
        cell(ax, x + j * side, y + i * side, side, role, strength=ON if value else OFF)


@in_two_widths
def image_tree(pixels: int) -> Picture:
    """픽셀이 하나 늘 때마다 이미지가 둘로 갈라지는 나무. 마지막 층에 모든 이미지가 있습니다.

    Parameters
    ----------
    pixels : int
        마지막 층의 픽셀 수(개). 넷까지 들어갑니다.

    Returns
    -------
    Picture
        패널 하나. 세로로 쌓은 칸이 이미지 한 장이고, 새 픽셀은 맨 아래에 붙습니다.

    Examples
    --------
    >>> image_tree(2)
    Picture(1 panels)
    """
    side, gap, left, right = 13.0, 34.0, 4.0, room() - 52.0
    tops = [26 + sum(gap + side * i for i in range(1, n)) for n in range(1, pixels + 1)]
    with canvas(room(), round(tops[-1] + pixels * side + 8)) as (ax, picture):

        def centre(n: int, i: int) -> float:
            return left + (right - left) * (i + 0.5) / images(n)

        for n, top in enumerate(tops, start=1):
            for i, image in enumerate(all_images(n)):
                x = centre(n, i)
                if n > 1:
                    bottom = tops[n - 2] + (n - 1) * side
                    line = [centre(n - 1, i // 2), x], [bottom + 2, top - 2]
                    ax.plot(*line, color=COLORS["reference"], linewidth=0.9)
                _pixels(ax, x - side / 2, top, image[:, None], side)
            write(ax, room() - 2, top + n * side / 2, f"{images(n)}장", align="right", role="input")
        write(ax, centre(1, 0), 12, "꺼짐 0")
        write(ax, centre(1, 1), 12, "켜짐 1")
    return picture


@in_two_widths
def pairs_and_images(pixels: int) -> Picture:
    """n²이 세는 것과 2ⁿ이 세는 것. 왼쪽은 픽셀 둘의 순서쌍, 오른쪽은 이미지입니다.

    Parameters
    ----------
    pixels : int
        픽셀의 수 n(개). 셋이나 넷이 알맞습니다.

    Returns
    -------
    Picture
        패널 둘.

    Examples
    --------
    >>> pairs_and_images(3)
    Picture(2 panels)
    """
    wide, top = (half_room() - 24) / pixels, 58.0
    side = min(44.0, 132 / pixels)
    with canvas(half_room(), 200) as (ax, pairs):
        write(ax, half_room() / 2, 14, f"픽셀의 순서쌍 {pixels}×{pixels} = {pixels**2}개")
        for i in range(pixels):
            write(ax, 22 + (i + 0.5) * wide, 40, str(i + 1), role="reference")
            write(ax, 12, top + (i + 0.5) * side, str(i + 1), role="reference")
        for i, j in np.ndindex(pixels, pixels):
            label = f"{i + 1}, {j + 1}"
            cell(ax, 22 + j * wide, top + i * side, wide, "reference", label, strength=0.08, height=side)
    rows, small = images(pixels) // 2, 14.0
    step = min(36.0, 140 / rows)
    with canvas(half_room(), 200) as (ax, all_of_them):
        write(ax, half_room() / 2, 14, f"이미지 {'×'.join(['2'] * pixels)} = {images(pixels)}장")
        for i, image in enumerate(all_images(pixels)):
            column, row = divmod(i, rows)
            _pixels(ax, 14 + half_room() / 2 * column, top - 10 + row * step, image, small)
    return pairs + all_of_them


def growth(zoom: Sequence[int], sizes: Sequence[int]) -> Picture:
    """2ⁿ과 n²을 견줍니다. 왼쪽은 작은 n을 눈금 그대로, 오른쪽은 큰 n을 로그 눈금으로 그립니다.

    Parameters
    ----------
    zoom, sizes : sequence of int
        두 패널의 픽셀 수 n(개)들.

    Returns
    -------
    Picture
        패널 둘. 가로축은 픽셀 수(개), 세로축은 개수입니다.

    Examples
    --------
    >>> growth(range(1, 7), range(1, 31))
    Picture(2 panels)
    """
    with canvas(room(), 240, plot=True) as (ax, near):
        _both(ax, zoom)
        for n in zoom:
            power, square = images(n), n**2
            ahead = power > square
            names = ("이미지 ", "쌍 ") if n == zoom[-1] else ("", "")
            if power == square:
                _tag(ax, n, power, f"{power}", (-4, 8))
            else:
                above, below = (-7, 6), (5, -16)
                _tag(ax, n, power, f"{names[0]}{power}", above if ahead else below, "input")
                _tag(ax, n, square, f"{names[1]}{square}", below if ahead else above, "reference")
        ax.set(xlabel="픽셀의 수 n (개)", ylabel="개수", xticks=list(zoom))
        ax.set_ylim(-9, 1.16 * max(images(n) for n in zoom))
        ax.set_xlim(zoom[0] - 0.5, zoom[-1] + 0.6)
    with canvas(room(), 240, plot=True) as (ax, far):
        _both(ax, sizes)
        ax.set_yscale("log")
        last, middle = sizes[-1], sizes[2 * len(sizes) // 3]
        _tag(ax, middle, images(middle), "이미지", (-12, 4), "input", "right")
        _tag(ax, middle, middle**2, "픽셀의 순서쌍", (0, 10), "reference")
        _tag(ax, last, images(last), f"{images(last):,}", (4, 8), "input", "right")
        _tag(ax, last, last**2, f"{last**2:,}", (4, -18), "reference", "right")
        ax.set(xlabel="픽셀의 수 n (개)", ylabel="개수 (로그 눈금)")
        ax.set_ylim(0.5, 20 * images(last))
    return near + far


def _both(ax: Axes, sizes: Sequence[int]) -> None:
    powers, squares = [images(n) for n in sizes], [n**2 for n in sizes]
    style: dict[str, Any] = {"markersize": 6 if len(sizes) < 10 else 3.5, "linewidth": 1.2}
    ax.plot(sizes, squares, MARKERS["reference"] + "--", color=COLORS["reference"], **style)
    ax.plot(sizes, powers, MARKERS["input"] + "-", color=COLORS["input"], **style)


def _tag(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    offset: tuple[float, float],
    role: Role | None = None,
    align: str = "center",
) -> None:
    """점 곁에 이름표를 답니다. `offset` 은 점에서 옮기는 픽셀입니다."""
    ax.annotate(text, (x, y), offset, textcoords="offset points", ha=align, color=ink(role))


@in_two_widths
def q_table(pixels: int, actions: int) -> Picture:
    """큐 표를 통째로 그립니다. 줄마다 이미지 한 장, 칸마다 행동 하나의 값이 있습니다.

    Parameters
    ----------
    pixels : int
        픽셀의 수(개). 넷까지 들어갑니다.
    actions : int
        행동의 수(개). 넷까지 들어갑니다.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> q_table(2, 3)
    Picture(1 panels)
    """
    side, row, left = 14.0, 22.0, 8.0
    wide = 22.0 if room() == WIDEST else 60.0
    first = left + pixels * side + 10
    rows = images(pixels)
    with canvas(round(first + max(actions * wide, 76) + 8), round(56 + rows * row)) as (ax, picture):
        write(ax, left, 12, f"픽셀 {pixels}개", align="left", role="input")
        write(ax, first, 30, f"{rows}×{actions} = {rows * actions}칸", align="left", role="output")
        for i, image in enumerate(all_images(pixels)):
            y = 44 + i * row
            _pixels(ax, left, y + 3, image, side)
            for a in range(actions):
                cell(ax, first + a * wide + 1, y + 1, wide - 2, "output", height=row - 2)
    return picture


@in_two_widths
def memory(sizes: Sequence[int], actions: int, marks: Iterable[int]) -> Picture:
    """픽셀 수에 따른 큐 표의 메모리. 로그 눈금에서 곧은 줄이고, 픽셀 열 개마다 1024배가 됩니다.

    Parameters
    ----------
    sizes : sequence of int
        픽셀의 수(개)들.
    actions : int
        행동의 수(개).
    marks : iterable of int
        크기를 적을 픽셀의 수(개)들.

    Returns
    -------
    Picture
        패널 하나. 가로축은 픽셀 수(개), 세로축은 메모리(바이트)입니다.

    Examples
    --------
    >>> memory(range(1, 41), 4, [20, 30, 40])
    Picture(1 panels)
    """
    with canvas(room(), 230, plot=True) as (ax, picture):
        sizes_in_bytes = [table_bytes(images(n), actions) for n in sizes]
        ax.plot(sizes, sizes_in_bytes, color=COLORS["output"])
        for n in marks:
            size = table_bytes(images(n), actions)
            ax.plot(n, size, MARKERS["output"], color=COLORS["output"])
            _tag(ax, n, size, f"{bytes_text(size)} (n = {n})", (-10, 2), None, "right")
        ax.set(xlabel="픽셀의 수 n (개)", ylabel="큐 표의 메모리", yscale="log")
        ticks = [1024**power for power in range(1, 5)]
        ax.set_yticks(ticks, [bytes_text(tick) for tick in ticks])
        ax.minorticks_off()
        ax.grid(axis="y", color=COLORS["reference"], alpha=0.3, linewidth=0.8)
    return picture


@in_two_widths
def visited_rows(visited: npt.ArrayLike, pixels: int) -> Picture:
    """큐 표에서 앞의 1,024줄을 한 칸씩 늘어놓고, 한 번이라도 가 본 줄을 채웁니다.

    Parameters
    ----------
    visited : array_like
        가 본 상태의 번호.
    pixels : int
        픽셀의 수(개). 열 이상이라야 1,024줄이 있습니다.

    Returns
    -------
    Picture
        패널 하나. 아래에 표 전체에서 가 본 비율을 적습니다.

    Examples
    --------
    >>> visited_rows([0, 1, 5], 10)
    Picture(1 panels)
    """
    across, left, top = 32, 4.0, 26.0
    side = (third_room() - 2 * left) / across
    below = top + across * side
    seen = np.unique(np.asarray(visited))
    shown = seen[seen < across**2]
    x, y = left + shown % across * side, top + shown // across * side
    corners = np.array([(0, 0), (side, 0), (side, side), (0, side)])
    with canvas(third_room(), round(below) + 44) as (ax, picture):
        write(ax, third_room() / 2, 12, f"픽셀 {pixels}개")
        cell(ax, left, top, across * side, "reference", strength=0.05)
        squares = np.stack([x, y], axis=1)[:, None] + corners
        ax.add_collection(PolyCollection(list(squares), facecolor=COLORS["output"], edgecolor="none"))
        share = coverage_curve(visited, images(pixels))[-1]
        write(ax, third_room() / 2, below + 14, "가 본 줄", role="output")
        write(ax, third_room() / 2, below + 32, f"{share:{'.1%' if share > 0.01 else '.3%'}}", role="output")
    return picture


def estimates_against_truth(
    truth: npt.ArrayLike, estimates: npt.ArrayLike, title: str, role: Role
) -> Picture:
    """참값과 답을 견줍니다. 점선 위에 있으면 맞힌 것입니다.

    Parameters
    ----------
    truth, estimates : array_like
        물어본 상태의 참값과 답.
    title : str
        누구의 답인지.
    role : Role
        점의 역할.

    Returns
    -------
    Picture
        패널 하나. 가로축은 참값, 세로축은 답입니다.

    Examples
    --------
    >>> estimates_against_truth([0, 1], [0, 0], "표", "output")
    Picture(1 panels)
    """
    x, y = np.asarray(truth, float), np.asarray(estimates, float)
    ends = [min(x.min(), y.min()), max(x.max(), y.max())]
    with canvas(room(), 240, plot=True) as (ax, picture):
        ax.plot(ends, ends, "--", color=COLORS["target"], linewidth=1.2)
        ax.plot(x, y, MARKERS[role], color=COLORS[role], markersize=4, alpha=0.7)
        ax.set(xlabel="참값", ylabel="답한 값", title=title)
        _tag(ax, ends[1], ends[1], "맞힌 답", (-26, -4), "target", "right")
    return picture


@in_two_widths
def catch_screens(game: CatchGames, actions: Sequence[int], strangers: npt.ArrayLike) -> Picture:
    """공 받기 한 판의 화면을 차례로 그리고, 그 아래에 게임이 그리지 않는 이미지를 견줍니다.

    Parameters
    ----------
    game : CatchGames
        시작한 한 판.
    actions : sequence of int
        끝까지의 행동.
    strangers : array_like
        픽셀을 아무렇게나 켠 이미지 ``(M, size, size)``.

    Returns
    -------
    Picture
        패널 하나. 윗줄이 게임의 화면, 아랫줄이 아무 이미지입니다.

    Examples
    --------
    >>> game = CatchGames(3, np.array(0), np.array(0), np.array(1))
    >>> catch_screens(game, [0, 1], np.ones((2, 3, 3), int))
    Picture(1 panels)
    """
    others = np.asarray(strangers)
    shown = max(len(actions) + 1, len(others))
    side = (room() - 14 * (shown + 1)) / shown / game.size
    wide, step = side * game.size, side * game.size + 14
    names = {0: "왼쪽", 1: "그대로", 2: "오른쪽"}
    with canvas(room(), round(2 * wide + 98)) as (ax, picture):
        write(ax, 14, 14, "게임이 그리는 화면", align="left", role="input")
        for i in range(len(actions) + 1):
            x = 14 + i * step
            _pixels(ax, x, 30, catch_images(game), side)
            if i < len(actions):
                write(ax, x + wide + 7, 42 + wide, names[actions[i]])
                arrow(ax, (x + wide + 2, 30 + wide / 2), (x + step - 2, 30 + wide / 2), width=0.8)
                game, _, _ = catch_step(game, actions[i])
        write(ax, 14, wide + 74, "픽셀을 아무렇게나 켠 이미지", align="left", role="reference")
        for i, image in enumerate(others):
            _pixels(ax, 14 + i * step, wide + 90, image, side, "reference")
    return picture
