"""스킵그램의 그림."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, pi, sin

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from dlnotes.embeddings import skipgram_pairs
from dlnotes.figures.canvas import (
    COLORS,
    INK,
    WIDEST,
    Picture,
    Role,
    arrow,
    canvas,
    cell,
    dot,
    in_two_widths,
    room,
    write,
)

Box = tuple[float, float, float, float]

_BREADTHS = {**dict.fromkeys("fijlrt", 0.6), **dict.fromkeys("mw", 1.5)}
"""글자의 폭. 나머지 글자를 1로 봅니다."""


@in_two_widths
def sliding_windows(tokens: Sequence[str], window: int) -> Picture:
    """문장 위로 창이 지나가는 모습. 중심 단어 하나가 한 줄이고, 줄 끝에 그 줄에서 나오는 쌍의 수가 있습니다.

    Parameters
    ----------
    tokens : sequence of str
        문장의 단어. 폭에 맞는 짧은 문장이어야 합니다.
    window : int
        창 크기.

    Returns
    -------
    Picture
        패널 하나. 파란 네모가 중심 단어, 붉은 네모가 주변 단어입니다.

    Examples
    --------
    >>> sliding_windows(["the", "quick", "brown"], 1)
    Picture(1 panels)
    """
    breadths = [1.3 + sum(_BREADTHS.get(letter, 1.0) for letter in token) for token in tokens]
    widths = [(room() - 36) * breadth / sum(breadths) for breadth in breadths]
    left = np.concatenate([[4.0], 4 + np.cumsum(widths)])
    row, top = 24, 30
    pairs = skipgram_pairs(np.arange(len(tokens)), window)
    with canvas(room(), top + row * len(tokens) + 4) as (ax, picture):
        write(ax, 4, 12, "중심 단어", role="input", align="left")
        write(ax, 70, 12, "주변 단어", role="target", align="left")
        write(ax, room() - 4, 12, "쌍", align="right")
        for t in range(len(tokens)):
            y = top + t * row
            around = pairs[pairs[:, 0] == t, 1].tolist()
            for j, token in enumerate(tokens):
                if j in around or j == t:
                    role: Role = "input" if j == t else "target"
                    cell(ax, left[j] + 1, y, widths[j] - 2, role, height=row - 4)
                write(ax, left[j] + widths[j] / 2, y + row / 2 - 2, token, size=11)
            write(ax, room() - 4, y + row / 2 - 2, f"{len(around)}개", align="right")
    return picture


@in_two_widths
def touched(
    words: Sequence[str], dw_in: npt.ArrayLike, dw_out: npt.ArrayLike, marked: Mapping[int, str]
) -> Picture:
    """기울기가 건드리는 칸. 마름모가 있는 칸만 0이 아닌 기울기를 받습니다.

    Parameters
    ----------
    words : sequence of str
        단어 ``V`` 개.
    dw_in, dw_out : array_like
        두 행렬의 기울기 ``(V, d)`` 와 ``(d, V)``.
    marked : mapping of int to str
        이름 옆에 덧붙일 말(단어의 번호에서).

    Returns
    -------
    Picture
        패널 둘. 첫째가 중심 단어의 행렬, 둘째가 주변 단어의 행렬입니다. 둘째는 열을 줄로 눕혀 그렸습니다.

    Examples
    --------
    >>> touched(["나", "너"], [[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]], np.ones((3, 2)), {0: "중심"})
    Picture(2 panels)
    """
    dw_in, dw_out = np.asarray(dw_in), np.asarray(dw_out)
    size, dim = dw_in.shape
    side, name = 22, 112
    wide = side if room() == WIDEST else 46
    rows = [f"{word} ({marked[i]})" if i in marked else word for i, word in enumerate(words)]
    with canvas(name + dim * wide + 12, 40 + size * side + 26) as (ax, first):
        write(ax, name + dim * wide / 2, 14, f"W_in {size}×{dim}", role="kernel")
        _gradient_cells(ax, name, 30, dw_in, (wide, side))
        for i, word in enumerate(rows):
            lit = bool(dw_in[i].any())
            write(ax, name - 8, 30 + (i + 0.5) * side, word, align="right", role="gradient" if lit else None)
        lit_rows = int(dw_in.any(axis=1).sum())
        write(
            ax,
            name + dim * wide / 2,
            40 + size * side + 8,
            f"행 {lit_rows}개",
            role="gradient" if lit_rows else None,
        )
    with canvas(name + dim * wide + 12, 40 + size * side + 26) as (ax, second):
        write(ax, name + dim * wide + 4, 14, f"W_out {dim}×{size} (눕혀 그림)", role="kernel", align="right")
        _gradient_cells(ax, name, 30, dw_out.T, (wide, side))
        for i, word in enumerate(rows):
            lit = bool(dw_out[:, i].any())
            write(ax, name - 8, 30 + (i + 0.5) * side, word, align="right", role="gradient" if lit else None)
        lit_columns = int(dw_out.any(axis=0).sum())
        write(ax, name + dim * wide / 2, 40 + size * side + 8, f"열 {lit_columns}개", role="gradient")
    return first + second


def _gradient_cells(
    ax: Axes, x: float, y: float, gradient: npt.NDArray[np.floating], size: tuple[float, float]
) -> None:
    for i, j in np.ndindex(*gradient.shape):
        wide, tall = size
        a, b = x + j * wide, y + i * tall
        fill, edge = (COLORS["kernel"], 0.08), (COLORS["kernel"], 0.6)
        ax.add_patch(Rectangle((a + 1, b + 1), wide - 2, tall - 2, facecolor=fill, edgecolor=edge))
        if gradient[i, j]:
            cell(ax, a + 4, b + 4, wide - 8, "gradient", strength=0.85, height=tall - 8)


def one_matrix_or_two(
    center: str, around: tuple[str, str], shared: Sequence[float], apart: Sequence[float]
) -> Picture:
    """주변 단어의 행렬이 하나인 모형과 방향마다 하나인 모형. 주변 단어 옆의 수는 배운 확률입니다.

    Parameters
    ----------
    center : str
        중심 단어.
    around : (str, str)
        중심 단어의 앞말과 뒷말.
    shared, apart : sequence of float
        행렬이 하나일 때와 방향마다 하나일 때, 앞말과 뒷말의 확률.

    Returns
    -------
    Picture
        패널 둘. 왼쪽이 word2vec, 오른쪽이 방향을 가르는 모형입니다.

    Examples
    --------
    >>> one_matrix_or_two("quick", ("the", "brown"), (0.5, 0.5), (1, 1))
    Picture(2 panels)
    """
    one = _routes("word2vec: W_out 하나", center, around, shared, [("W_out", 50.0, 64.0)] * 2)
    two = _routes("방향마다 W_out 하나", center, around, apart, [("W_앞", 34.0, 36.0), ("W_뒤", 94.0, 36.0)])
    return one + two


def _routes(
    title: str,
    center: str,
    around: tuple[str, str],
    probabilities: Sequence[float],
    boxes: list[tuple[str, float, float]],
) -> Picture:
    middle = 82.0
    with canvas(room(), 140) as (ax, picture):
        write(ax, 4, 12, title, align="left")
        cell(ax, 4, middle - 14, 46, "input", center, height=28)
        cell(ax, 70, middle - 14, 44, "kernel", "W_in", height=28)
        arrow(ax, (52, middle), (68, middle))
        for k, (name, top, height) in enumerate(boxes):
            if k == 0 or boxes[k] != boxes[0]:
                cell(ax, 136, top, 50, "kernel", name, height=height)
                arrow(ax, (116, middle), (134, top + height / 2))
            y = (52.0, 112.0)[k]
            cell(ax, 208, y - 13, 48, "target", around[k], height=26)
            arrow(ax, (188, y if boxes[0] != boxes[1] else middle), (206, y))
            write(ax, 262, y, f"{('앞', '뒤')[k]} {probabilities[k]:.3f}", align="left", role="target")
    return picture


def count_grid(words: Sequence[str], counts: npt.ArrayLike, title: str) -> Picture:
    """공기 횟수의 표. 0인 칸은 비워 둡니다.

    Parameters
    ----------
    words : sequence of str
        단어 ``V`` 개.
    counts : array_like
        횟수 ``(V, V)``.
    title : str
        그림의 이름.

    Returns
    -------
    Picture
        패널 하나. 행이 중심 단어, 열이 주변 단어입니다.

    Examples
    --------
    >>> count_grid(["나", "너"], [[0, 1], [1, 0]], "횟수")
    Picture(1 panels)
    """
    n = np.asarray(counts)
    side, left, top = 24, 52, 76
    with canvas(left + len(words) * side + 8, top + len(words) * side + 8) as (ax, picture):
        write(ax, 4, 12, title, align="left")
        for i, word in enumerate(words):
            write(ax, left - 6, top + (i + 0.5) * side, word, align="right", role="input")
            x = left + (i + 0.5) * side
            ax.text(
                x,
                top - 6,
                word,
                rotation=90,
                ha="center",
                va="bottom",
                fontsize=11,
                color=COLORS["target"],
            )
        for i, j in np.ndindex(*n.shape):
            role: Role = "output" if n[i, j] else "reference"
            label = str(int(n[i, j])) if n[i, j] else ""
            cell(
                ax,
                left + j * side + 1,
                top + i * side + 1,
                side - 2,
                role,
                label,
                strength=0.4 if label else 0,
            )
    return picture


@in_two_widths
def sharing_cost(probabilities: npt.ArrayLike, costs: npt.ArrayLike) -> Picture:
    """두 쌍의 비용을 한쪽 확률의 함수로. 가장 낮은 점에 값을 적습니다.

    Parameters
    ----------
    probabilities : array_like
        앞말의 확률 ``(N,)``. 뒷말의 확률은 1에서 뺀 나머지입니다.
    costs : array_like
        두 쌍의 비용의 합 ``(N,)``.

    Returns
    -------
    Picture
        패널 하나. 가로축은 확률, 세로축은 비용(내트)입니다.

    Examples
    --------
    >>> sharing_cost([0.25, 0.5, 0.75], [1.67, 1.39, 1.67])
    Picture(1 panels)
    """
    p, c = np.asarray(probabilities, dtype=float), np.asarray(costs, dtype=float)
    best = int(c.argmin())
    with canvas(room(), 210, plot=True) as (ax, picture):
        ax.plot(p, c, color=COLORS["output"])
        ax.plot(p[best], c[best], "*", color=COLORS["target"], markersize=13)
        ax.annotate(
            f"½씩일 때 {c[best]:.4f}",
            (p[best], c[best]),
            (0, -16),
            textcoords="offset points",
            ha="center",
            va="center",
            color=COLORS["target"],
        )
        ax.set(xlabel="p(the | quick)  (나머지는 모두 brown)", ylabel="두 쌍의 비용 (내트)")
        ax.set_ylim(c[best] - 0.55, c.max() + 0.1)
        ax.set_xlim(0, 1)
    return picture


@in_two_widths
def learning_curves(curves: Mapping[str, npt.ArrayLike], floor: float) -> Picture:
    """갱신에 따른 평균 비용. 곡선의 끝에 이름을 적고, 점선이 내려갈 수 있는 바닥입니다.

    Parameters
    ----------
    curves : mapping of str to array_like
        이름에서 갱신마다의 비용 ``(steps + 1,)`` 으로. 마지막 값이 가까운 것들은 이름을 한데 모아 적으십시오.
    floor : float
        바닥, 곧 조건부 엔트로피(내트).

    Returns
    -------
    Picture
        패널 하나. 가로축은 고친 횟수(로그 눈금), 세로축은 쌍 하나의 평균 비용입니다.

    Examples
    --------
    >>> learning_curves({"d = 1": 1 + np.exp(-np.arange(50) / 10)}, 0.7)
    Picture(1 panels)
    """
    styles = ("-", "--", "-.", ":")
    with canvas(room(), 250, plot=True) as (ax, picture):
        for (name, losses), style in zip(curves.items(), styles, strict=False):
            values = np.asarray(losses, dtype=float)
            steps = np.arange(len(values))
            ax.plot(steps[1:], values[1:], style, color=COLORS["output"])
            ax.annotate(
                name,
                (steps[-1], values[-1]),
                (5, 2),
                textcoords="offset points",
                va="bottom",
                color=COLORS["output"],
                annotation_clip=False,
            )
        ax.axhline(floor, color=COLORS["target"], linewidth=1.4, linestyle=(0, (5, 3)))
        ax.annotate(
            f"바닥 {floor:.4f}",
            (1, floor),
            (2, -4),
            textcoords="offset points",
            va="top",
            color=COLORS["target"],
        )
        last = max(len(np.asarray(losses)) for losses in curves.values()) - 1
        highest = max(float(np.max(np.asarray(losses)[1:])) for losses in curves.values())
        ax.set_xscale("log")
        ax.set(xlabel="갱신 횟수", ylabel="쌍 하나의 평균 비용 (내트)")
        ax.set_xlim(1, last * 6)
        ax.set_ylim(floor - 0.16 * (highest - floor), None)
    return picture


@in_two_widths
def word_map(words: Sequence[str], coordinates: npt.ArrayLike) -> Picture:
    """평면에 놓은 단어. 점마다 겹치지 않는 자리에 이름을 적고, 멀어지면 줄로 잇습니다.

    Parameters
    ----------
    words : sequence of str
        단어 ``N`` 개. 서른 개쯤까지 읽기 좋습니다.
    coordinates : array_like
        좌표 ``(N, 2)``.

    Returns
    -------
    Picture
        패널 하나. 축의 눈금은 없습니다. 가까운 정도만 뜻이 있습니다.

    Examples
    --------
    >>> word_map(["입력", "출력"], [[0.0, 0.0], [1.0, 1.0]])
    Picture(1 panels)
    """
    points = _fit(np.asarray(coordinates, dtype=float), room(), margin=28)
    height = int(max(points[:, 1].max() + 28, 160))
    boxes = place_labels(points, [12.0 * len(word) for word in words], room(), height)
    with canvas(room(), height) as (ax, picture):
        for word, (x, y), (left, top, right, bottom) in zip(words, points, boxes, strict=True):
            middle = ((left + right) / 2, (top + bottom) / 2)
            near = min(max(x, left), right), min(max(y, top), bottom)
            if np.hypot(near[0] - x, near[1] - y) > 9:
                ax.plot([x, near[0]], [y, near[1]], color=INK, linewidth=0.7, alpha=0.5)
            dot(ax, x, y, 3, "kernel")
            write(ax, *middle, word)
    return picture


def _fit(points: npt.NDArray[np.float64], width: int, *, margin: int) -> npt.NDArray[np.float64]:
    """좌표를 도화지에 맞춥니다. 두 축을 같은 비율로 바꾸어 거리를 지킵니다."""
    low, high = points.min(axis=0), points.max(axis=0)
    wide, tall = np.maximum(high - low, 1e-12)
    scale = min((width - 2 * margin) / wide, 420 / tall)
    x = width / 2 + (points[:, 0] - (low[0] + high[0]) / 2) * scale
    return np.stack([x, margin + (high[1] - points[:, 1]) * scale], axis=1)


def place_labels(
    points: npt.NDArray[np.float64], widths: Sequence[float], width: float, height: float, *, tall: float = 14
) -> list[Box]:
    """점마다 이름의 자리를 찾습니다. 다른 이름과도, 어떤 점과도 겹치지 않는 가장 가까운 자리입니다.

    Parameters
    ----------
    points : ndarray
        점 ``(N, 2)`` (픽셀).
    widths : sequence of float
        이름마다의 폭(픽셀).
    width, height : float
        도화지의 크기(픽셀).
    tall : float
        이름의 높이(픽셀).

    Returns
    -------
    list of (left, top, right, bottom)
        이름마다의 네모(픽셀).

    Raises
    ------
    ValueError
        놓을 자리가 없을 때.

    Examples
    --------
    >>> place_labels(np.array([[50.0, 50.0]]), [20.0], 100, 100)
    [(40.0, 31.0, 60.0, 45.0)]
    """
    dots = [(x - 4, y - 4, x + 4, y + 4) for x, y in points]
    placed: list[Box] = []
    for (x, y), wide in zip(points, widths, strict=True):
        for box in _candidates(x, y, wide, tall):
            inside = box[0] >= 1 and box[1] >= 1 and box[2] <= width - 1 and box[3] <= height - 1
            if inside and not any(_overlap(box, other) for other in [*placed, *dots]):
                placed.append(box)
                break
        else:
            raise ValueError(f"no room for a label {wide} wide at ({x:.0f}, {y:.0f})")
    return placed


def _candidates(x: float, y: float, wide: float, tall: float) -> list[Box]:
    """점에서 가까운 차례로 이름의 네모."""
    boxes = []
    for step in range(24):
        away = 5 + 5 * step
        for turn in (0, 8, 4, 12, 2, 6, 10, 14, 1, 3, 5, 7, 9, 11, 13, 15):
            angle = turn * pi / 8
            middle_x = x + sin(angle) * (away + 4 + wide / 2)
            middle_y = y - cos(angle) * (away + tall / 2)
            left, top = round(middle_x - wide / 2, 3), round(middle_y - tall / 2, 3)
            boxes.append((float(left), float(top), float(left + wide), float(top + tall)))
    return boxes


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
