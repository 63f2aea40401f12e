"""LeNet-5와 매개변수의 그림."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby, product
from math import nan

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Polygon

from dlnotes.counting import Row, parameters
from dlnotes.figures.canvas import (
    COLORS,
    INK,
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
from dlnotes.layers import Conv2d, Linear, SparseConv2d, output_shape
from dlnotes.networks import Network, printed_parameters

Point = tuple[float, float]

DEPTH = 0.75
"""비스듬히 그린 덩어리에서 깊이 한 장이 물러나는 거리(앞면의 한 칸을 1로)."""

ROLES: tuple[Role, Role] = ("reference", "kernel")
"""세지 않은 것과 센 것."""

SHEET = 2.5
"""겹쳐 그린 특징 맵 한 장이 물러나는 거리(픽셀)."""


@in_two_widths
def activations(network: Network) -> Picture:
    """신경망을 위에서 아래로. 줄마다 활성값을 그 크기대로 그리고, 오른쪽에 그 층의 매개변수를 적습니다.

    특징 맵은 겹친 네모, 벡터는 가로로 긴 띠입니다. 겹친 장수가 채널의 수입니다.

    Parameters
    ----------
    network : Network
        그릴 신경망.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> from dlnotes.networks import LENET5
    >>> activations(LENET5)
    Picture(1 panels)
    """
    table = network.summary()
    heights = [max(40, height + behind + 14) for _, height, behind in map(_extent, table.rows)]
    top, middle_of_maps, left = 34, 0.2 * room(), 0.4 * room()
    with canvas(room(), int(top + sum(heights) + 30)) as (ax, picture):
        write(ax, middle_of_maps, 14, "활성값")
        write(ax, room() - 6, 14, "매개변수 (개)", align="right")
        y = float(top)
        for i, (row, height) in enumerate(zip(table.rows, heights, strict=True)):
            middle = y + height / 2
            _activation(ax, row, middle_of_maps, middle, "input" if i == 0 else "output")
            name = f"{row.name} · {row.kind}" if row.kind else row.name
            write(ax, left, middle - 8, name, align="left")
            size = "×".join(map(str, (*row.shape[1:], row.shape[0])))
            write(ax, left, middle + 8, f"{size} = {row.size:,}" if "×" in size else size, align="left")
            if i:
                role: Role | None = "kernel" if row.parameters else None
                write(ax, room() - 6, middle, f"{row.parameters:,}", align="right", role=role)
            y += height
        ax.plot([left, room() - 6], [y + 4, y + 4], color=INK, linewidth=0.8)
        write(ax, left, y + 17, "합계", align="left")
        write(ax, room() - 6, y + 17, f"{table.parameters:,}", align="right", role="kernel")
    return picture


def _extent(row: Row) -> tuple[float, float, float]:
    """활성값 하나를 그릴 앞면의 폭과 높이, 뒤의 장들이 물러난 거리(픽셀). 벡터는 띠입니다."""
    if row.shape[1:] in ((), (1, 1)):
        return row.size * 0.8, 8.0, 0.0
    channels, height, width = row.shape
    return width * 1.7, height * 1.7, (channels - 1) * SHEET


def _activation(ax: Axes, row: Row, x: float, y: float, role: Role) -> None:
    """(x, y)를 가운데로 활성값 하나를 그립니다. 뒤의 장은 위와 오른쪽 가장자리만 보입니다."""
    width, height, behind = _extent(row)
    left, top = x - (width + behind) / 2, y - (height - behind) / 2
    edges = [
        [(left + d, top - d), (left + width + d, top - d), (left + width + d, top + height - d)]
        for d in (k * SHEET for k in range(1, round(behind / SHEET) + 1))
    ]
    _lines(ax, edges, role, 0.9)
    corner = 2.5 if role == "output" else 0.01
    front = f"round,pad=0,rounding_size={corner}"
    fill, edge = (COLORS[role], 0.3), COLORS[role]
    ax.add_patch(FancyBboxPatch((left, top), width, height, front, facecolor=fill, edgecolor=edge))


def _lines(ax: Axes, lines: Iterable[Sequence[Point]], role: Role, width: float) -> None:
    """꺾은선 여럿을 한꺼번에 긋습니다."""
    points = [point for line in lines for point in (*line, (nan, nan))]
    if points:
        ax.plot(*zip(*points, strict=True), color=COLORS[role], linewidth=width)


def filter_depth(layer: Conv2d, counted: int | None = None) -> Picture:
    """합성곱의 필터 하나. 위는 덩어리, 아래는 그것을 입력 채널마다 한 장씩 편 것입니다.

    Parameters
    ----------
    layer : Conv2d
        정사각형 커널의 합성곱 층. 입력 채널이 셋을 넘으면 장이 서로 닿습니다.
    counted : int, optional
        센 장의 수. 나머지 장은 점선으로 그립니다. 비우면 모두 셉니다.

    Returns
    -------
    Picture
        패널 하나. 끝의 작은 칸은 편향입니다.

    Examples
    --------
    >>> filter_depth(Conv2d(3, 8, 5)), filter_depth(Conv2d(3, 8, 5), counted=1)
    (Picture(1 panels), Picture(1 panels))
    """
    side, depth = layer.windows[0].kernel_size, layer.in_channels
    counted = depth if counted is None else counted
    total = parameters(Conv2d(counted, 1, side, bias=layer.bias))
    area = parameters(Conv2d(1, 1, side, bias=False))
    with canvas(room(), 252) as (ax, picture):
        title = "표준 합성곱의 필터 하나" if counted == depth else "강의노트의 표가 센 필터 하나"
        write(ax, room() / 2, 14, f"{title}: {total}개")
        x, y, unit = 96, 66, 16
        _block(ax, x, y, unit, side, depth, counted)
        right, bottom, back = x + unit * side, y + unit * side, DEPTH * unit * depth / 2
        write(ax, x + unit * side / 2, bottom + 13, f"너비 {side}")
        write(ax, x - 6, y + unit * side / 2, f"높이 {side}", align="right")
        write(ax, right + back + 8, bottom - back + 8, f"깊이 {depth}", align="left")
        y, unit = 172, 12
        pitch = (room() - 60) / depth
        for k in range(depth):
            left, role = 12 + k * pitch, ROLES[k < counted]
            _sheet(ax, left, y, unit, side, role)
            label = f"채널 {k + 1}: {area if k < counted else '빠짐'}"
            write(ax, left + unit * side / 2, y + unit * side + 12, label)
            write(ax, left + (unit * side + pitch) / 2, y + unit * side / 2, "+")
        cell(ax, room() - 34, y + unit * side / 2 - 9, 18, "kernel", "1")
        write(ax, room() - 25, y + unit * side + 12, "편향")
    return picture


def _sheet(ax: Axes, x: float, y: float, unit: float, side: int, role: Role) -> None:
    """한 변이 `side` 칸인 커널 한 장."""
    cell(ax, x, y, unit * side, role, strength=0.25 if role == "kernel" else 0.05)
    if role == "kernel":
        steps, whole = [unit * i for i in range(1, side)], unit * side
        across = [[(x, y + at), (x + whole, y + at)] for at in steps]
        down = [[(x + at, y), (x + at, y + whole)] for at in steps]
        _lines(ax, across + down, role, _thin(unit))


def _thin(unit: float) -> float:
    """칸 사이의 선 굵기. 칸이 작으면 가늘게."""
    return min(0.8, unit / 10)


def _block(ax: Axes, x: float, y: float, unit: float, side: int, depth: int, counted: int) -> None:
    """깊이 있는 필터. 앞면의 왼쪽 위가 (x, y)이고 뒤로 갈수록 오른쪽 위로 물러납니다."""
    step = unit * DEPTH

    def at(right: float, down: float, back: float) -> Point:
        return x + right * unit + back * step, y + down * unit - back * step

    for k in reversed(range(depth)):
        role = ROLES[k < counted]
        style = "-" if k < counted else (0, (3, 2))
        faces = [
            [at(0, 0, k), at(side, 0, k), at(side, 0, k + 1), at(0, 0, k + 1)],
            [at(side, 0, k), at(side, side, k), at(side, side, k + 1), at(side, 0, k + 1)],
        ]
        for face in faces:
            fill = (COLORS[role], 0.45 if k < counted else 0.05)
            ax.add_patch(Polygon(face, facecolor=fill, edgecolor=COLORS[role], linestyle=style))
    upper = [[at(i, 0, 0), at(i, 0, counted)] for i in range(1, side)]
    right = [[at(side, i, 0), at(side, i, counted)] for i in range(1, side)]
    _lines(ax, upper + right, "kernel", _thin(unit))
    _sheet(ax, x, y, unit, side, "kernel")


@in_two_widths
def filter_bank(layer: Conv2d, size: int) -> Picture:
    """합성곱 층의 모든 필터와 필터마다 만드는 특징 맵.

    Parameters
    ----------
    layer : Conv2d
        정사각형 커널의 합성곱 층.
    size : int
        입력의 한 변(칸).

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> filter_bank(Conv2d(3, 8, 5), 32)
    Picture(1 panels)
    """
    filters, side, depth = layer.out_channels, layer.windows[0].kernel_size, layer.in_channels
    weights = parameters(Conv2d(depth, 1, side, bias=False))
    _, height, width = output_shape(layer, (depth, size, size))
    pitch = (room() - 12) / filters
    unit = (pitch - 10) / (side + DEPTH * depth)
    top = 36 + DEPTH * depth * unit
    bottom = top + unit * side
    with canvas(room(), int(bottom) + 104) as (ax, picture):
        write(
            ax,
            room() / 2,
            14,
            f"필터 {filters}개 × (가중치 {weights} + 편향 1) = {parameters(layer):,}개",
            role="kernel",
        )
        for k in range(filters):
            x, middle = 6 + k * pitch + 3, 6 + k * pitch + 3 + unit * side / 2
            _block(ax, x, top, unit, side, depth, depth)
            cell(ax, middle - 5, bottom + 6, 10, "kernel")
            arrow(ax, (middle, bottom + 22), (middle, bottom + 44), width=0.8)
            cell(ax, x, bottom + 48, pitch - 12, "output", str(k + 1), strength=0.4, height=26)
        write(ax, room() / 2, bottom + 92, f"특징 맵 {filters}장, 한 장은 {height}×{width}", role="output")
    return picture


@in_two_widths
def unit_biases(layer: Linear) -> Picture:
    """완전 연결층의 유닛과 편향. 유닛마다 편향이 하나씩 붙고, 강의노트의 표가 세지 않은 편향은 점선입니다.

    Parameters
    ----------
    layer : Linear
        완전 연결층.

    Returns
    -------
    Picture
        패널 하나. 유닛은 처음 넷과 마지막만 그립니다.

    Examples
    --------
    >>> unit_biases(Linear(400, 120))
    Picture(1 panels)
    """
    inputs, outputs = layer.in_features, layer.out_features
    weights = parameters(Linear(inputs, outputs, bias=False))
    counted = printed_parameters(layer) - weights
    rows = {34: 1, 64: 2, 94: 3, 124: 4, 184: outputs}  # 높이와 몇째인지. 사이의 점은 나머지 모두
    units = room() - 178  # 유닛의 왼쪽
    bias, beside = units + 54, units + 82
    with canvas(room(), 250) as (ax, picture):
        write(ax, 34, 14, f"입력 {inputs}", role="input")
        write(ax, units + 10, 14, f"유닛 {outputs}", role="output")
        write(ax, bias + 10, 14, "편향", role="kernel")
        _lines(ax, [[(42, a + 8), (units, b + 8)] for a, b in product(rows, rows)], "kernel", 0.5)
        for x, y in product((34, units + 10, bias + 10), (156, 162, 168)):
            dot(ax, x, y, 1.6, "reference")
        for y, number in rows.items():
            cell(ax, 26, y, 16, "input")
            cell(ax, units, y - 2, 20, "output")
            write(ax, (units + 20 + bias) / 2, y + 8, "+")
            cell(ax, bias, y - 2, 20, ROLES[number <= counted])
        write(ax, beside, 34 + 8, f"센 편향 {counted}개", align="left", role="kernel")
        ax.plot([beside - 4, beside + 1, beside + 1, beside - 4], [64, 64, 200, 200], color=INK, linewidth=1)
        write(ax, beside + 6, 132, f"빠진 편향 {outputs - counted}개", align="left")
        write(ax, room() / 2, 232, f"가중치 {inputs}×{outputs} = {weights:,}개, 편향 {outputs}개")
    return picture


def where_it_sits(network: Network) -> Picture:
    """매개변수가 있는 곳과 곱셈-누산이 일어나는 곳. 같은 층을 두 패널에 막대로 그립니다.

    Parameters
    ----------
    network : Network
        합성곱 층과 완전 연결층이 차례로 이어지는 신경망. 매개변수가 없는 층은 뺍니다.

    Returns
    -------
    Picture
        패널 둘. 첫째는 매개변수(개), 둘째는 곱셈-누산(번)입니다.

    Examples
    --------
    >>> from dlnotes.networks import LENET5
    >>> where_it_sits(LENET5)
    Picture(2 panels)
    """
    rows = [row for row in network.summary().rows if row.parameters]
    return _bars("매개변수 (개)", rows, lambda row: row.parameters, "kernel") + _bars(
        "곱셈-누산 (번)", rows, lambda row: row.macs, "output"
    )


def _bars(title: str, rows: Sequence[Row], value: Callable[[Row], int], role: Role) -> Picture:
    """층마다 막대 하나. 합성곱과 완전 연결을 나눠 비율을 적습니다."""
    total, longest = sum(map(value, rows)), max(map(value, rows))
    groups = [
        (name, list(members))
        for name, members in groupby(rows, lambda row: "합성곱" if len(row.shape) == 3 else "완전 연결")
    ]
    left, width = 68, 178
    with canvas(room(), 34 + 30 * len(groups) + 26 * len(rows)) as (ax, picture):
        write(ax, left + 6, 14, title, align="left")
        y = 32.0
        for name, members in groups:
            share = sum(map(value, members)) / total
            write(ax, left + 6, y + 12, f"{name} {share:.1%}", align="left", role=role)
            y += 26
            for row in members:
                write(ax, left - 6, y + 11, row.name, align="right")
                length = max(1.5, width * value(row) / longest)
                cell(ax, left + 1.5, y + 3, length, role, height=16, strength=0.5)
                write(ax, left + length + 7, y + 11, f"{value(row):,}", align="left")
                y += 26
            y += 4
        ax.plot([left, left], [32, y], color=INK, linewidth=0.8)
    return picture


@in_two_widths
def connection_table(layer: SparseConv2d) -> Picture:
    """성긴 합성곱의 연결표. 줄은 입력 특징 맵, 열은 출력 특징 맵, 채운 칸이 연결입니다.

    Parameters
    ----------
    layer : SparseConv2d
        연결표가 있는 층. 읽는 채널의 수가 같은 출력은 이웃해 있어야 보기 좋습니다.

    Returns
    -------
    Picture
        패널 하나. 아래에 출력 하나의 매개변수와 그런 출력의 수를 적습니다.

    Examples
    --------
    >>> connection_table(SparseConv2d(3, ((0, 1), (1, 2), (0, 1, 2)), 5))
    Picture(1 panels)
    """
    columns, left, top = layer.out_channels, 42, 50
    side = (room() - left - 6) // columns
    bottom = top + side * layer.in_channels
    with canvas(room(), bottom + 56) as (ax, picture):
        write(ax, left + side * columns / 2, 14, f"C3의 특징 맵 {columns}장 (출력)", role="output")
        write(ax, 4, 36, "S2", align="left", role="input")
        for o, inputs in enumerate(layer.table):
            write(ax, left + side * (o + 0.5), 36, str(o))
            for c in range(layer.in_channels):
                x, y = left + side * o, top + side * c
                if c in inputs:
                    cell(ax, x + 2, y + 2, side - 4, "kernel", strength=0.6)
                else:
                    ax.plot(x + side / 2, y + side / 2, ".", color=COLORS["reference"], markersize=3)
        for c in range(layer.in_channels):
            write(ax, left - 10, top + side * (c + 0.5), str(c))
        start = 0
        for each, group in groupby(layer.table, lambda inputs: (len(inputs), _neighbours(inputs, layer))):
            many = len(list(group))
            one = parameters(SparseConv2d(layer.in_channels, (layer.table[start],), layer.kernel_size))
            x0, x1 = left + side * start + 3, left + side * (start + many) - 3
            ax.plot(
                [x0, x0, x1, x1], [bottom + 3, bottom + 7, bottom + 7, bottom + 3], color=INK, linewidth=1
            )
            write(ax, (x0 + x1) / 2, bottom + 19, f"{each[0]}장")
            write(ax, (x0 + x1) / 2, bottom + 37, f"{many}·{one}" if many > 1 else str(one))
            start += many
    return picture


def _neighbours(inputs: Sequence[int], layer: SparseConv2d) -> bool:
    """읽는 채널이 (끝과 처음을 잇는 고리에서) 잇달아 있는지."""
    return sum((c + 1) % layer.in_channels not in inputs for c in inputs) <= 1
