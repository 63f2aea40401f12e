"""격자 칸, 경계 상자, 수용 영역의 그림."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Rectangle

from dlnotes.detection import Box, Floats, cell_bounds, encode_yolov1, responsible_cell
from dlnotes.figures.canvas import (
    COLORS,
    Picture,
    Role,
    arrow,
    canvas,
    cell,
    dot,
    in_two_widths,
    ink,
    room,
    write,
)
from dlnotes.layers import GridLayer
from dlnotes.receptive_field import interval, receptive_field, receptive_fields, share_within
from dlnotes.tiny_detector import GRID, Answer, Scenes
from dlnotes.views import ViewFit

Span = tuple[int, int]


def _rule(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    role: Role | None = None,
    width: float = 0.8,
) -> None:
    """가는 선. 칸의 경계와 지시선에 씁니다."""
    ax.plot(*zip(start, end, strict=True), color=ink(role), linewidth=width, solid_capstyle="butt")


def _measure(ax: Axes, start: tuple[float, float], end: tuple[float, float], role: Role) -> None:
    """양 끝에 화살촉이 있는 치수선."""
    arrow(ax, start, end, role=role)
    arrow(ax, end, start, role=role)


def _grid(ax: Axes, x: float, y: float, side: float, cells: int) -> None:
    """왼쪽 위가 (x, y)이고 한 변이 `side` 인 이미지와 그 위의 격자."""
    cell(ax, x, y, side, "input", strength=0.1)
    for k in range(1, cells):
        at = k * side / cells
        _rule(ax, (x + at, y), (x + at, y + side), role="reference")
        _rule(ax, (x, y + at), (x + side, y + at), role="reference")


def _region(
    ax: Axes, x: float, y: float, side: float, strength: float, *, height: float | None = None
) -> None:
    """이미지 위의 격자 칸. 이웃한 칸과 틈이 없으므로 모서리가 둥글지 않습니다."""
    color, tall = COLORS["output"], side if height is None else height
    ax.add_patch(Rectangle((x, y), side, tall, facecolor=(color, strength), edgecolor=color))


def _outline(ax: Axes, x: float, y: float, width: float, height: float, role: Role) -> None:
    """채우지 않은 네모."""
    ax.add_patch(Rectangle((x, y), width, height, fill=False, edgecolor=COLORS[role], linewidth=2.2))


def _bus(ax: Axes, x: float, y: float, width: float, height: float) -> None:
    """상자에 꼭 맞는 버스."""
    wheel, body = 0.14 * height, 0.86 * height
    skin: dict[str, Any] = {"facecolor": (COLORS["input"], 0.35), "edgecolor": COLORS["input"]}
    ax.add_patch(Rectangle((x, y), width, body, **skin))
    for k in range(4):
        at = x + (0.06 + 0.235 * k) * width
        ax.add_patch(Rectangle((at, y + 0.16 * body), 0.18 * width, 0.32 * body, **skin))
    for share in (0.22, 0.78):
        ax.add_patch(Circle((x + share * width, y + body), wheel, **skin))


@in_two_widths
def responsible(box: Box, image_size: int, grid: int, numbers: int) -> Picture:
    """이미지를 나눈 격자와 칸보다 큰 물체, 그 중심이 든 칸. 오른쪽은 신경망이 한 번에 내는 출력입니다.

    Parameters
    ----------
    box : Box
        물체의 경계 상자(픽셀).
    image_size : int
        정사각형 이미지의 한 변(픽셀).
    grid : int
        한 축의 칸 수.
    numbers : int
        칸 하나의 출력에 든 수의 개수.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> responsible(Box(250, 190, 300, 200), 448, 7, numbers=30)
    Picture(1 panels)
    """
    left, top, side, small = 4, 26, 0.6 * room() + 18, room() // 32
    scale = side / image_size
    row, col = responsible_cell(box.cx, box.cy, image_size, grid)
    x0, y0, x1, _ = (scale * edge for edge in cell_bounds(row, col, image_size, grid))
    with canvas(room(), round(top + side + 26)) as (ax, picture):
        write(
            ax, left + side / 2, 12, f"이미지 {image_size}×{image_size}, 격자 {grid}×{grid}칸", role="input"
        )
        _grid(ax, left, top, side, grid)
        bx, by, *_ = (scale * corner for corner in box.corners())
        _bus(ax, left + bx, top + by, scale * box.w, scale * box.h)
        _outline(ax, left + bx, top + by, scale * box.w, scale * box.h, "target")
        corner, label = (left + bx, top + by + scale * box.h), (left + min(bx, side - 70), top + side + 14)
        _rule(ax, corner, (corner[0], label[1] - 8), role="target", width=1)
        write(ax, *label, f"상자 {box.w:.0f}×{box.h:.0f}", role="target", align="left")
        _region(ax, left + x0, top + y0, x1 - x0, 0.6)
        dot(ax, left + scale * box.cx, top + scale * box.cy, 3.5, "target")
        middle = top + y0 + (x1 - x0) / 2
        beside = middle + (x1 - x0) * (1 if row + 1 < grid else -1)  # 화살표와 경계를 비킵니다
        write(ax, left + x1 + 3, beside, "중심", role="target", align="left")
        right = room() - 6 - grid * small
        first = middle - (row + 0.5) * small
        for i, j in np.ndindex(grid, grid):
            mine = (i, j) == (row, col)
            strength = 0.8 if mine else 0.12
            cell(ax, right + j * small, first + i * small, small, "output", strength=strength)
        write(ax, right + grid * small / 2, first - 12, f"출력 {grid}×{grid}", role="output")
        arrow(ax, (left + x1 + 2, middle), (right + col * small - 1, middle), role="output")
        below = first + grid * small
        write(ax, right + grid * small / 2, below + 14, f"칸 ({row}, {col})의", role="output")
        write(ax, right + grid * small / 2, below + 30, f"수 {numbers}개", role="output")
    return picture


@in_two_widths
def walk(
    stages: Sequence[npt.ArrayLike], layers: Sequence[GridLayer], names: Sequence[str], index: int
) -> Picture:
    """1차원 신호가 층을 지나는 모습. 마지막 줄의 한 칸이 보는 값들을 진하게 칠하고 테두리로 잇습니다.

    줄마다 칸의 폭은 그 줄에서 한 칸 옮길 때 입력에서 움직이는 거리입니다. 그래서 출력 칸은 자기가 맡은 입력
    칸들의 바로 아래에 같은 폭으로 놓입니다.

    Parameters
    ----------
    stages : sequence of array_like
        입력과 층마다의 값. 모두 1차원입니다.
    layers : sequence of GridLayer
        가로축으로 창을 옮기는 층. `stages` 보다 하나 적습니다.
    names : sequence of str
        줄의 이름.
    index : int
        마지막 줄에서 볼 칸의 번호.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> from dlnotes.layers import AvgPool2d
    >>> walk([[0, 1, 1, 0], [0.5, 0.5]], [AvgPool2d((1, 2))], ["입력", "풀링"], index=0)
    Picture(1 panels)
    """
    rows = [np.asarray(stage, dtype=float) for stage in stages]
    left, top, tall, step = 2, 28, 22, 50
    unit = (room() - 92) / len(rows[0])
    wide = unit * len(rows[0]) / len(rows[-1])
    with canvas(room(), top + step * (len(rows) - 1) + tall + 6) as (ax, picture):
        write(ax, left + (index + 0.5) * wide, 10, f"칸 {index}", role="output")
        _outline(ax, left + index * wide, top - 4, wide, tall + 8, "output")
        spans = []
        for k, row in enumerate(rows):
            first, last = interval(layers[k:], index, n=len(row), axis=1)
            side = unit * len(rows[0]) / len(row)
            y = top + k * step
            spans.append((left + first * side, left + (last + 1) * side, y))
            for i, value in enumerate(row):
                role: Role = "input" if k == 0 else "output"
                strength = 0.5 if first <= i <= last else 0.08
                cell(ax, left + i * side + 1, y, side - 2, role, strength=strength, height=tall)
                write(ax, left + (i + 0.5) * side, y + tall / 2, f"{value:g}")
            write(ax, room() - 84, y + tall / 2, names[k], role="input" if k == 0 else None, align="left")
        for upper, lower in pairwise(spans):
            for side_of in (0, 1):
                start, end = (upper[side_of], upper[2] + tall), (lower[side_of], lower[2])
                _rule(ax, start, end, role="kernel", width=1.6)
    return picture


@in_two_widths
def growing_field(layers: Sequence[GridLayer]) -> Picture:
    """층이 깊어지며 수용 영역이 넓어지는 모습. 초록 띠는 마지막 층의 보폭, 곧 격자 칸의 폭입니다.

    Parameters
    ----------
    layers : sequence of GridLayer
        입력에서 출력 쪽으로 늘어놓은 층.

    Returns
    -------
    Picture
        패널 하나. 막대의 길이가 폭(픽셀)입니다.

    Examples
    --------
    >>> from dlnotes.networks import TINY_YOLO_V1
    >>> growing_field(TINY_YOLO_V1.grid_layers)
    Picture(1 panels)
    """
    fields = receptive_fields(layers)[1:]
    last = fields[-1]
    left, right, top, row = 52, room() - 38, 26, 18
    scale, middle = (right - left) / last.size, (left + right) / 2
    with canvas(room(), top + row * len(fields) + 6) as (ax, picture):
        band = scale * last.stride
        cell(ax, middle - band / 2, top - 4, band, "output", strength=0.18, height=row * len(fields) + 6)
        write(ax, middle, 12, f"칸 {last.stride} px", role="output")
        write(ax, room() - 2, 12, "보는 폭", role="kernel", align="right")
        for k, (layer, field) in enumerate(zip(layers, fields, strict=True)):
            y, length = top + k * row, scale * field.size
            cell(ax, middle - length / 2, y + 2, length, "kernel", strength=0.25, height=row - 8)
            write(ax, 2, y + row / 2 - 2, layer.name, align="left")
            write(ax, room() - 2, y + row / 2 - 2, f"{field.size}", align="right")
    return picture


def field_and_cell(
    name: str, layers: Sequence[GridLayer], image_size: int, *, scale: float = 0.18
) -> Picture:
    """가운데 격자 칸과 그 칸의 예측이 보는 수용 영역을 이미지와 같은 축척으로 그립니다.

    Parameters
    ----------
    name : str
        신경망의 이름.
    layers : sequence of GridLayer
        입력에서 출력 쪽으로 늘어놓은 층.
    image_size : int
        이미지의 한 변(픽셀).
    scale : float
        이미지의 1픽셀을 그리는 길이. 여러 신경망을 나란히 놓을 때 같은 값을 씁니다.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> from dlnotes.networks import TINY_YOLO_V1
    >>> field_and_cell("Tiny-YOLOv1", TINY_YOLO_V1.grid_layers, 448)
    Picture(1 panels)
    """
    field = receptive_field(layers)
    index = image_size // field.stride // 2
    first, last = interval(layers, index)
    middle, label = 76, 156
    top = 28

    def at(pixel: float) -> float:
        return middle + scale * (pixel - image_size / 2)

    with canvas(208, top + 2 * middle + 2) as (ax, picture):
        write(ax, 2, 12, name, align="left")
        cell(ax, at(0), top + at(0), scale * image_size, "input", strength=0.3)
        cell(ax, at(first), top + at(first), scale * (last + 1 - first), "kernel", strength=0.06)
        start, side = at(index * field.stride), scale * field.stride
        _region(ax, start, top + start, side, 0.9)
        marks: list[tuple[float, float, Role, str, int]] = [
            (at(last + 1), at(first) + 1, "kernel", "수용 영역", field.size),
            (start + side, start + side / 2, "output", "칸", field.stride),
            (at(image_size), at(image_size) - 1, "input", "이미지", image_size),
        ]
        for k, (x, y, role, word, pixels) in enumerate(marks):
            text = [min(max(y, 14), marks[1][1] - 40), y, max(y, marks[1][1] + 40)][k]
            _rule(ax, (x + 2, top + y), (label - 3, top + text), role=role, width=1)
            write(ax, label, top + text - 7, word, role=role, align="left")
            write(ax, label, top + text + 8, f"{pixels} px", role=role, align="left")
    return picture


def footprint_profile(weights: npt.NDArray[np.float64], bounds: tuple[int, int], name: str) -> Picture:
    """출력 한 칸의 기울기가 픽셀마다 얼마나 닿는지. 초록 띠가 그 칸이고, 양 끝 번호는 기울기가 닿은 끝입니다.

    Parameters
    ----------
    weights : ndarray
        픽셀마다 닿은 기울기. 모양 ``(n,)``.
    bounds : (int, int)
        칸의 첫 픽셀과 마지막 픽셀의 번호.
    name : str
        칸의 이름.

    Returns
    -------
    Picture
        패널 하나. 가로축은 픽셀 번호, 세로축은 기울기의 비율(%)입니다.

    Examples
    --------
    >>> footprint_profile(np.array([0, 0.25, 0.5, 0.25]), (2, 2), "칸 2")
    Picture(1 panels)
    """
    share = 100 * weights / weights.sum()
    (seen,) = np.nonzero(weights)
    first, last = int(seen[0]), int(seen[-1])
    inside = 100 * share_within(weights, *bounds)
    pixels, top = np.arange(len(weights)), float(share.max())
    with canvas(room(), 214, plot=True) as (ax, picture):
        ax.axvspan(bounds[0], bounds[1] + 1, color=COLORS["output"], alpha=0.18, linewidth=0)
        ax.fill_between(pixels, share, color=COLORS["gradient"], alpha=0.35, linewidth=0)
        ax.plot(pixels, share, color=COLORS["gradient"])
        ax.plot([first, last], [0, 0], "^", color=COLORS["gradient"], clip_on=False)
        style: dict[str, Any] = {"textcoords": "offset points", "color": COLORS["gradient"]}
        ax.annotate(f"{first}", (first, 0), (4, 9), ha="left", **style)
        ax.annotate(
            f"{last}", (last, 0), (6, 9), ha="right" if last > 0.9 * len(weights) else "left", **style
        )
        ax.text(
            (bounds[0] + bounds[1] + 1) / 2,
            1.17 * top,
            f"{name}: 픽셀 {bounds[0]}–{bounds[1]}\n칸 안의 비율 {inside:.1f}%",
            color=COLORS["output"],
            ha="center" if bounds[0] > len(weights) / 4 else "left",
            va="center",
        )
        ax.set(xlabel="픽셀 번호 (px)", ylabel="기울기의 비율 (%)", xlim=(-4, len(weights) + 4))
        ax.set_ylim(0, 1.35 * top)
    return picture


@in_two_widths
def shares_by_cell(shares: npt.NDArray[np.float64], mine: tuple[int, int]) -> Picture:
    """기울기가 격자 칸마다 얼마씩 나뉘어 있는지. 마름모의 넓이가 그 칸의 비율입니다.

    Parameters
    ----------
    shares : ndarray
        칸마다의 비율. 모양 ``(S, S)`` 이고 합은 1입니다.
    mine : (int, int)
        기울기를 낸 출력 칸 (행, 열).

    Returns
    -------
    Picture
        패널 하나. 수의 단위는 %입니다.

    Examples
    --------
    >>> shares_by_cell(np.full((2, 2), 0.25), (0, 1))
    Picture(1 panels)
    """
    count = len(shares)
    wide = (room() - 10) // count
    side = min(48, wide)
    most = float(shares.max())
    with canvas(count * wide + 10, count * side + 32) as (ax, picture):
        write(ax, 5 + count * wide / 2, 12, "기울기의 비율 (%)", role="gradient")
        for i, j in np.ndindex(count, count):
            x, y = 5 + j * wide, 26 + i * side
            if (i, j) == mine:
                _region(ax, x, y, wide, 0.3, height=side)
            else:
                cell(ax, x, y, wide, "reference", strength=0, height=side)
            size = (side - 16) * float(np.sqrt(shares[i, j] / most))
            cell(ax, x + (wide - size) / 2, y + (side - 16 - size) / 2, size, "gradient", strength=0.6)
            write(ax, x + wide / 2, y + side - 8, f"{100 * shares[i, j]:.1f}")
    return picture


def encoded_box(box: Box, image_size: int, grid: int) -> Picture:
    """상자의 부호. 첫 패널은 이미지에 견준 너비와 높이, 둘째 패널은 칸을 크게 그려 잰 중심입니다.

    Parameters
    ----------
    box : Box
        경계 상자(픽셀).
    image_size : int
        정사각형 이미지의 한 변(픽셀).
    grid : int
        한 축의 칸 수.

    Returns
    -------
    Picture
        패널 둘.

    Examples
    --------
    >>> encoded_box(Box(250, 190, 300, 200), 448, 7)
    Picture(2 panels)
    """
    (row, col), (x, y, w, h) = encode_yolov1(box, image_size, grid)
    whole = _size_in_image(box, image_size, grid, (row, col), (w, h))
    left, _, right, _ = cell_bounds(row, col, image_size, grid)
    return whole + _centre_in_cell(right - left, (row, col), (x, y))


def _size_in_image(
    box: Box, image_size: int, grid: int, mine: tuple[int, int], size: tuple[float, float]
) -> Picture:
    left, top, side = 44, 50, 250
    scale = side / image_size
    x0, y0, x1, _ = (scale * edge for edge in cell_bounds(*mine, image_size, grid))
    bx, by, ex, ey = (scale * corner for corner in box.corners())
    with canvas(room(), top + side + 36) as (ax, picture):
        _grid(ax, left, top, side, grid)
        _region(ax, left + x0, top + y0, x1 - x0, 0.5)
        _outline(ax, left + bx, top + by, ex - bx, ey - by, "target")
        dot(ax, left + scale * box.cx, top + scale * box.cy, 4, "target")
        _measure(ax, (left, top - 10), (left + side, top - 10), "input")
        write(ax, left + side / 2, top - 34, f"w = {box.w:.0f} / {image_size} = {size[0]:.6f}", role="target")
        write(ax, left + side + 4, top - 20, f"{image_size} px", role="input", align="right")
        _measure(ax, (left + bx, top + side + 10), (left + ex, top + side + 10), "target")
        write(ax, left + (bx + ex) / 2, top + side + 24, f"{box.w:.0f} px", role="target")
        _measure(ax, (left - 10, top), (left - 10, top + side), "input")
        _measure(ax, (left + bx - 10, top + by), (left + bx - 10, top + ey), "target")
        ax.text(
            left - 24,
            top + side / 2,
            f"h = {box.h:.0f} / {image_size} = {size[1]:.6f}",
            rotation=90,
            ha="center",
            va="center",
            color=COLORS["target"],
        )
    return picture


def _centre_in_cell(pixels: float, mine: tuple[int, int], centre: tuple[float, float]) -> Picture:
    left, top, side = 44, 50, 200
    x, y = left + centre[0] * side, top + centre[1] * side
    with canvas(left + side + 30, top + side + 24) as (ax, picture):
        _region(ax, left, top, side, 0.25)
        write(ax, left + side / 2, top + side / 2 - 8, f"칸 ({mine[0]}, {mine[1]})", role="output")
        write(ax, left + side / 2, top + side / 2 + 9, f"{pixels:g}×{pixels:g} px", role="output")
        _rule(ax, (x, top - 10), (x, y), role="target")
        _rule(ax, (left - 10, y), (x, y), role="target")
        dot(ax, x, y, 5, "target")
        _measure(ax, (left, top - 10), (x, top - 10), "target")
        write(ax, left + side / 2, top - 34, f"x = {centre[0]:.5f}", role="target")
        _measure(ax, (left - 10, top), (left - 10, y), "target")
        ax.text(
            left - 24,
            top + side / 2,
            f"y = {centre[1]:.5f}",
            rotation=90,
            ha="center",
            va="center",
            color=COLORS["target"],
        )
        write(ax, x, y + 16, "중심", role="target")
    return picture


@in_two_widths
def anchors_and_field(anchors: Floats, image_size: int, cell_span: Span, seen: Span) -> Picture:
    """칸 하나의 앵커 상자와 그 칸이 보는 수용 영역을 이미지 위에 같은 축척으로 놓습니다.

    Parameters
    ----------
    anchors : ndarray
        앵커 상자의 너비와 높이(픽셀). 모양 ``(A, 2)``. 이미지보다 넓은 것은 붉게 그립니다.
    image_size : int
        이미지의 한 변(픽셀).
    cell_span : (int, int)
        한 축에서 칸의 첫 픽셀과 마지막 픽셀. 앵커의 중심은 칸의 가운데입니다.
    seen : (int, int)
        한 축에서 그 칸이 보는 첫 픽셀과 마지막 픽셀.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> anchors_and_field(np.array([[35.0, 38.0], [532.0, 337.0]]), 416, (192, 223), (65, 382))
    Picture(1 panels)
    """
    widest = max(float(anchors.max()), image_size)
    scale = (room() - 8) / widest
    middle = (cell_span[0] + cell_span[1] + 1) / 2
    left, top = room() / 2 - scale * middle, 24.0
    side, field = scale * image_size, seen[1] + 1 - seen[0]

    def at(pixel: float) -> float:
        return scale * pixel

    with canvas(room(), int(side) + 52) as (ax, picture):
        cell(ax, left, top, side, "input", strength=0.1)
        cell(ax, left + at(seen[0]), top + at(seen[0]), at(field), "kernel", strength=0.2)
        write(ax, left + side / 2, top - 10, f"이미지 {image_size}×{image_size}", role="input")
        bottom = top + at(seen[1] + 1)
        write(
            ax,
            left + at(middle),
            bottom - 20 * scale,
            f"수용 영역 {field}×{field}",
            role="kernel",
        )
        for w, h in anchors:
            x, y = left + at(middle - w / 2), top + at(middle - h / 2)
            if w > image_size:
                _outline(ax, x, y, at(w), at(h), "target")
                _rule(ax, (x + 8, y + at(h)), (x + 26, top + side + 10), role="target", width=1)
                text = f"앵커 {w:.1f}×{h:.1f}"
                write(ax, x + 22, top + side + 16, text, role="target", align="left")
            else:
                cell(ax, x, y, at(w), "reference", strength=0, height=at(h))
        _region(ax, left + at(cell_span[0]), top + at(cell_span[0]), at(cell_span[1] + 1 - cell_span[0]), 0.7)
    return picture


def answer_of_cell(title: str, scenes: Scenes, index: int, answer: Answer, *, hidden: bool) -> Picture:
    """작은 탐지기가 본 이미지와, 중심이 든 칸의 답.

    Parameters
    ----------
    title : str
        패널의 제목.
    scenes : Scenes
        이미지와 정답.
    index : int
        그릴 이미지의 번호.
    answer : Answer
        칸의 답.
    hidden : bool
        참이면 칸 밖을 가립니다.

    Returns
    -------
    Picture
        패널 하나. 붉은 점선이 참 상자, 초록 선이 답한 상자입니다.

    Examples
    --------
    >>> from dlnotes.tiny_detector import draw
    >>> scenes = draw([Box(13, 17, 22, 26)], ["타원"], np.random.default_rng(0))
    >>> answer_of_cell("칸만", scenes, 0, Answer(Box(13, 18, 21, 22), "네모", 0.5), hidden=True)
    Picture(1 panels)
    """
    picture_of, truth = scenes.images[index, 0], scenes.boxes[index]
    side, top, scale = 144, 26, 144 / len(picture_of)
    row, col = (int(number) for number in scenes.cells[index])
    x0, y0, x1, y1 = cell_bounds(row, col, len(picture_of), GRID)
    with canvas(side + 8, top + side + 42) as (ax, picture):
        ax.set_xlim(-4, side + 4)
        write(ax, side / 2, 12, title)
        shade = np.zeros((*picture_of.shape, 4))
        shade[..., :3] = [int(COLORS["input"][k : k + 2], 16) / 255 for k in (1, 3, 5)]
        shade[..., 3] = np.clip(0.12 + 0.5 * picture_of, 0, 1)
        if hidden:
            pixels = np.arange(len(picture_of)) + 0.5
            rows, columns = (pixels > y0) & (pixels < y1), (pixels > x0) & (pixels < x1)
            shade[~np.outer(rows, columns)] = [0.5, 0.5, 0.5, 0.35]
        ax.imshow(shade, extent=(0, side, top + side, top), interpolation="nearest", aspect="auto")
        ax.set(xlim=(-4, side + 4), ylim=(top + side + 42, 0))
        for k in range(1, GRID):
            at = k * side / GRID
            _rule(ax, (at, top), (at, top + side), role="reference")
            _rule(ax, (0, top + at), (side, top + at), role="reference")
        _outline(ax, scale * x0, top + scale * y0, scale * (x1 - x0), scale * (y1 - y0), "output")
        marks: list[tuple[Box, Role, Any]] = [(truth, "target", (0, (4, 3))), (answer.box, "output", "-")]
        for box, role, style in marks:
            left, up, right, down = (scale * edge for edge in box.corners())
            frame = Rectangle((left, top + up), right - left, down - up, fill=False, linewidth=2)
            frame.set(edgecolor=COLORS[role], linestyle=style)
            ax.add_patch(frame)
        write(ax, side / 2, top + side + 14, f"답: {answer.kind}", role="output")
        write(ax, side / 2, top + side + 30, f"{answer.box.w:.1f}×{answer.box.h:.1f} px", role="output")
    return picture


@in_two_widths
def bars_in_view(signals: Floats, widths: Sequence[float], size: int, view: int) -> Picture:
    """너비가 다른 막대 신호들. 초록 띠가 가운데 칸이고, 주황 테가 시야입니다.

    Parameters
    ----------
    signals : ndarray
        신호. 모양 ``(N, L)``.
    widths : sequence of float
        막대의 너비(픽셀).
    size : int
        칸의 길이(픽셀).
    view : int
        시야의 길이(픽셀).

    Returns
    -------
    Picture
        패널 하나. 가로축은 픽셀 번호입니다.

    Examples
    --------
    >>> bars_in_view(np.zeros((2, 64)), [12, 40], size=8, view=32)
    Picture(1 panels)
    """
    length = signals.shape[1]
    with canvas(room(), 62 + 62 * len(signals), plot=True) as (ax, picture):
        tall = 1.7 * len(signals)
        first = (length - size) / 2
        ax.axvspan(first - 0.5, first + size - 0.5, color=COLORS["output"], alpha=0.25, linewidth=0)
        start = (length - view) / 2
        frame = Rectangle((start - 0.5, -0.35), view, tall, fill=False, edgecolor=COLORS["kernel"])
        frame.set_linewidth(2.2)
        ax.add_patch(frame)
        for k, (signal, width) in enumerate(zip(signals, widths, strict=True)):
            base = 1.7 * (len(signals) - 1 - k)
            ax.step(np.arange(length), base + signal, where="mid", color=COLORS["input"], linewidth=1.6)
            ax.text(-1, base + 0.62, f"너비 {width:.0f}", color=COLORS["input"], va="center")
        ax.text((length - 1) / 2, tall + 0.05, f"칸 {size}", color=COLORS["output"], ha="center", va="center")
        ax.text(start + view, tall + 0.05, f"시야 {view}", color=COLORS["kernel"], ha="right", va="center")
        ax.set(xlabel="픽셀 번호 (px)", yticks=[], xlim=(-1.5, length), ylim=(-0.5, tall + 0.4))
        ax.spines["left"].set_visible(False)
    return picture


@in_two_widths
def width_by_view(fits: Sequence[ViewFit], size: int) -> Picture:
    """시야를 넓히면 너비를 얼마나 알아맞히는지.

    Parameters
    ----------
    fits : sequence of ViewFit
        시야마다의 성적.
    size : int
        칸의 길이(픽셀).

    Returns
    -------
    Picture
        패널 하나. 가로축은 시야의 길이(픽셀), 세로축은 결정 계수입니다.

    Examples
    --------
    >>> width_by_view([ViewFit(8, 0.05, 8.2, 8.4), ViewFit(16, 0.51, 5.9, 8.4)], size=8)
    Picture(1 panels)
    """
    views, scores = [fit.view for fit in fits], [fit.r2 for fit in fits]
    with canvas(room(), 230, plot=True) as (ax, picture):
        ax.axvspan(0, size, color=COLORS["output"], alpha=0.2, linewidth=0)
        ax.text(size / 2, 0.6, "칸\n하나", color=COLORS["output"], ha="center", va="center")
        ax.plot(views, scores, "-o", color=COLORS["kernel"])
        for view, score in zip(views, scores, strict=True):
            steep, flat = score < 0.9, score > 0.98
            ax.annotate(
                f"{score:.3f}",
                (view, score),
                (9, -4) if steep else (0, 12) if flat else (-4, 10),
                textcoords="offset points",
                ha="left" if steep else "center" if flat else "right",
                va="center",
                color=COLORS["kernel"],
            )
        ax.set(xlabel="시야의 길이 (px)", ylabel="결정 계수 R²", xticks=views, xlim=(0, max(views) + 5))
        ax.set_ylim(-0.06, 1.16)
        ax.set_yticks([0, 0.5, 1])
    return picture
