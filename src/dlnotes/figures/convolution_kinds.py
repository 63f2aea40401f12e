"""합성곱의 종류의 그림. 어느 입력 채널이 어느 출력 채널에 닿는지를 선으로 그립니다.

그림에 적는 채널의 번호는 1부터 셉니다. 인수로 받는 번호는 코드처럼 0부터입니다.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from dlnotes._checks import pair
from dlnotes.convolution import block_diagonal_weight
from dlnotes.counting import separable_cost_limit, separable_cost_ratio
from dlnotes.figures.canvas import (
    COLORS,
    INK,
    Picture,
    Role,
    canvas,
    cell,
    half_room,
    in_two_widths,
    room,
    write,
)
from dlnotes.layers import Conv2d, SparseConv2d, depthwise

_SIDE = 22
"""채널 칸의 한 변(픽셀)."""


def _connected(layer: Conv2d | SparseConv2d) -> npt.NDArray[np.bool_]:
    """층의 연결. 출력 채널 o가 입력 채널 c를 보면 (o, c)가 참입니다."""
    if isinstance(layer, SparseConv2d):
        return np.array([[c in inputs for c in range(layer.in_channels)] for inputs in layer.table])
    ones = np.ones((layer.out_channels, layer.in_channels // layer.groups, 1, 1))
    return np.asarray(block_diagonal_weight(ones, layer.groups)[:, :, 0, 0] > 0)


class _Column(NamedTuple):
    """세로로 선 채널들의 가로 자리와 저마다의 세로 자리. 모두 칸의 가운데입니다."""

    x: float
    ys: list[float]


def _column(x: float, count: int, middle: float, pitch: float) -> _Column:
    return _Column(x, [middle + (i - (count - 1) / 2) * pitch for i in range(count)])


def _draw_column(ax: Axes, column: _Column, role: Role, strong: Callable[[int], bool]) -> None:
    for i, y in enumerate(column.ys):
        x, strength = column.x - _SIDE / 2, 0.5 if strong(i) else 0.12
        cell(ax, x, y - _SIDE / 2, _SIDE, role, str(i + 1), strength=strength)


def _draw_links(
    ax: Axes,
    left: _Column,
    right: _Column,
    connected: npt.NDArray[np.bool_],
    strong: Callable[[int, int], bool],
) -> None:
    """두 줄의 채널을 잇는 선. `strong(o, c)` 가 참인 선은 굵은 커널 색이고 위에 놓입니다."""
    links = [(int(o), int(c)) for o, c in np.argwhere(connected)]
    for o, c in sorted(links, key=lambda link: strong(*link)):
        bold = strong(o, c)
        ax.plot(
            [left.x + _SIDE / 2 + 2, right.x - _SIDE / 2 - 2],
            [left.ys[c], right.ys[o]],
            color=COLORS["kernel" if bold else "reference"],
            linewidth=2.2 if bold else 1.0,
            alpha=1.0 if bold else 0.8,
        )


def _draw_sheet(
    ax: Axes, x: float, y: float, size: tuple[int, int], side: tuple[float, float], *, present: bool
) -> None:
    """커널 한 장. `side` 는 한 칸의 폭과 높이이고, 없는 장은 점선 테두리입니다."""
    rows, columns = size
    wide, tall = columns * side[0], rows * side[1]
    role: Role = "kernel" if present else "reference"
    cell(ax, x, y, wide, role, height=tall, strength=0.35 if present else 0.0)
    if present:
        for i in range(1, rows):
            ax.plot([x, x + wide], [y + i * side[1]] * 2, color=COLORS["kernel"], linewidth=0.7)
        for j in range(1, columns):
            ax.plot([x + j * side[0]] * 2, [y, y + tall], color=COLORS["kernel"], linewidth=0.7)


def kernel_connections(layer: Conv2d, title: str, follow: int) -> Picture:
    """층 하나의 연결과 필터 하나. 아래 줄은 그 필터의 커널을 입력 채널마다 한 장씩 편 것입니다.

    Parameters
    ----------
    layer : Conv2d
        그릴 층.
    title : str
        층의 이름.
    follow : int
        굵게 그릴 출력 채널의 번호. 필터도 이 채널의 것이고, 점선은 없는 장입니다.

    Returns
    -------
    Picture
        둘이 나란히 놓이는 패널 하나.

    Examples
    --------
    >>> kernel_connections(depthwise(4, 3), "깊이별", follow=2)
    Picture(1 panels)
    """
    connected, (rows, columns) = _connected(layer), pair("kernel_size", layer.kernel_size, least=1)
    pitch, side, gap = 32, 9, 6
    tall = pitch * max(connected.shape)
    left, right = (
        _column(x, count, 46 + tall / 2, pitch)
        for x, count in zip((24, half_room() - 24), reversed(connected.shape), strict=True)
    )
    below = 46 + tall + 18
    with canvas(half_room(), below + 3 * side + 42) as (ax, picture):
        write(ax, half_room() / 2, 12, title, size=13)
        write(ax, left.x, 34, "입력", role="input")
        write(ax, right.x, 34, "출력", role="output")
        _draw_links(ax, left, right, connected, lambda o, _: o == follow)
        _draw_column(ax, left, "input", lambda c: bool(connected[follow, c]))
        _draw_column(ax, right, "output", lambda o: o == follow)
        depth = layer.in_channels // layer.groups
        named = f"출력 {follow + 1}의 필터 {rows}×{columns}×{depth}"
        write(ax, half_room() / 2, below, named, role="kernel")
        slot = 3 * side + gap
        first = (half_room() - layer.in_channels * slot + gap) / 2
        for c, sees in enumerate(connected[follow]):
            middle = first + c * slot + 1.5 * side
            x, y = middle - columns * side / 2, below + 14 + (3 - rows) * side / 2
            _draw_sheet(ax, x, y, (rows, columns), (side, side), present=bool(sees))
            write(ax, middle, below + 14 + 3 * side + 13, str(c + 1), role="input")
    return picture


def _reaches(ends: set[int], o: int, _: int) -> bool:
    """선이 `ends` 의 채널에 닿는지."""
    return o in ends


@in_two_widths
def channel_chain(layers: Sequence[Conv2d], title: str, note: str = "") -> Picture:
    """차례로 이은 층들의 연결. 첫 출력 채널에 이르는 길을 굵게 그립니다.

    Parameters
    ----------
    layers : sequence of Conv2d
        이은 층들. 하나여도 됩니다.
    title, note : str
        위에 쓸 이름과 아래에 쓸 말.

    Returns
    -------
    Picture
        둘이 나란히 놓이는 패널 하나.

    Examples
    --------
    >>> channel_chain([Conv2d(3, 8, 5)], "표준", "매개변수 608개")
    Picture(1 panels)
    """
    counts = [layers[0].in_channels, *(layer.out_channels for layer in layers)]
    pitch = 28
    tall = pitch * max(counts)
    step = (half_room() - 48) / len(layers)
    columns = [_column(24 + i * step, count, 46 + tall / 2, pitch) for i, count in enumerate(counts)]
    roles: list[Role] = ["input"]
    roles.extend("output" for _ in layers)
    reached = [{0}]
    for layer in reversed(layers):
        seen = _connected(layer)[sorted(reached[0])].any(axis=0)
        reached.insert(0, set(np.flatnonzero(seen).tolist()))
    with canvas(half_room(), 46 + tall + 30) as (ax, picture):
        write(ax, half_room() / 2, 12, title, size=13)
        for i, (column, count) in enumerate(zip(columns, counts, strict=True)):
            word = "입력" if i == 0 else "출력" if i == len(layers) else "사이"
            write(ax, column.x, 34, f"{word} {count}", role=roles[i])
        for i, layer in enumerate(layers):
            strong = partial(_reaches, reached[i + 1])
            _draw_links(ax, columns[i], columns[i + 1], _connected(layer), strong)
        for column, role, ends in zip(columns, roles, reached, strict=True):
            _draw_column(ax, column, role, ends.__contains__)
        write(ax, half_room() / 2, 46 + tall + 14, note)
    return picture


def depthwise_owners(in_channels: int, out_channels: int) -> Picture:
    """깊이별 합성곱의 출력을 입력 채널에 똑같이 나누어 줍니다. 나누고 남은 출력은 임자가 없습니다.

    Parameters
    ----------
    in_channels, out_channels : int
        입력과 출력의 채널 수 (개).

    Returns
    -------
    Picture
        둘이 나란히 놓이는 패널 하나. 임자가 없는 출력은 물음표를 쓴 점선 칸입니다.

    Examples
    --------
    >>> depthwise_owners(3, 8)
    Picture(1 panels)
    """
    multiplier, left_over = divmod(out_channels, in_channels)
    owned = f"{left_over}개가 남음" if left_over else f"채널마다 {multiplier}개씩"
    return _owners(depthwise(in_channels, 1, multiplier), out_channels, owned)


def uneven_owners(layer: SparseConv2d) -> Picture:
    """출력마다 한 입력 채널만 보되 고르지 않게 나눈 층. :func:`depthwise_owners` 와 나란히 놓습니다.

    Parameters
    ----------
    layer : SparseConv2d
        출력마다 입력 채널 하나만 읽는 층.

    Returns
    -------
    Picture
        둘이 나란히 놓이는 패널 하나. 아래에 입력 채널마다 맡은 출력의 수를 적습니다.

    Examples
    --------
    >>> uneven_owners(SparseConv2d(3, ((0,), (0,), (1,), (2,)), 5))
    Picture(1 panels)
    """
    shares = ", ".join(map(str, _connected(layer).sum(axis=0)))
    return _owners(layer, layer.out_channels, f"고르지 않게 {shares}")


def _owners(layer: Conv2d | SparseConv2d, out_channels: int, owned: str) -> Picture:
    """층의 연결과 그 아래의 한 줄. 층에 없는 출력은 물음표를 쓴 점선 칸입니다."""
    tall = 26 * out_channels
    middle = 46 + tall / 2
    left = _column(24, layer.in_channels, middle, max(26, tall / layer.in_channels))
    right = _column(half_room() - 24, out_channels, middle, 26)
    with canvas(half_room(), 46 + tall + 26) as (ax, picture):
        write(ax, half_room() / 2, 12, f"{layer.in_channels}채널 → {out_channels}채널", size=13)
        write(ax, left.x, 34, "입력", role="input")
        write(ax, right.x, 34, "출력", role="output")
        _draw_links(ax, left, right, _connected(layer), lambda *_: True)
        _draw_column(ax, left, "input", lambda _: True)
        _draw_column(ax, _Column(right.x, right.ys[: layer.out_channels]), "output", lambda _: True)
        for y in right.ys[layer.out_channels :]:
            cell(ax, right.x - _SIDE / 2, y - _SIDE / 2, _SIDE, "reference", "?", strength=0.05)
        write(ax, half_room() / 2, 46 + tall + 13, owned, size=12)
    return picture


@in_two_widths
def channel_ripple(layer: Conv2d, touched: int, changes: Sequence[float], title: str) -> Picture:
    """입력 채널 하나에 1을 더했을 때 출력 채널마다의 변화.

    Parameters
    ----------
    layer : Conv2d
        연결을 그릴 층.
    touched : int
        1을 더한 입력 채널의 번호.
    changes : sequence of float
        출력 채널마다 값이 달라진 크기. 0은 그대로라는 뜻입니다.
    title : str
        층의 이름.

    Returns
    -------
    Picture
        둘이 나란히 놓이는 패널 하나.

    Examples
    --------
    >>> channel_ripple(depthwise(3, 5), 1, [0, 118, 0], "깊이별")
    Picture(1 panels)
    """
    connected, pitch = _connected(layer), 38
    tall = pitch * max(connected.shape)
    middle = 46 + tall / 2
    left, right = (
        _column(38, layer.in_channels, middle, pitch),
        _column(half_room() - 56, layer.out_channels, middle, pitch),
    )
    with canvas(half_room(), 46 + tall) as (ax, picture):
        write(ax, (left.x + right.x) / 2, 12, title, size=13)
        write(ax, left.x, 34, "입력", role="input")
        write(ax, right.x, 34, "출력", role="output")
        _draw_links(ax, left, right, connected, lambda _, c: c == touched)
        _draw_column(ax, left, "input", lambda c: c == touched)
        _draw_column(ax, right, "output", lambda o: changes[o] != 0)
        write(ax, left.x - 15, left.ys[touched], "+1", role="input", align="right")
        for y, change in zip(right.ys, changes, strict=True):
            text = f"{change:+g}" if change else "그대로"
            write(ax, right.x + 16, y, text, role="output" if change else None, align="left")
    return picture


@in_two_widths
def block_matrix(w: npt.NDArray[np.floating]) -> Picture:
    """가중치를 출력(줄)과 입력(칸) 채널의 표로 폅니다. 값이 모두 0인 장은 점선 칸 하나로 그립니다.

    Parameters
    ----------
    w : ndarray
        표준 합성곱의 가중치 ``(O, C, kh, kw)``. 값은 한 자리 정수입니다.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> block_matrix(block_diagonal_weight(np.ones((2, 1, 3, 3)), groups=2))
    Picture(1 panels)
    """
    outputs, inputs, rows, columns = w.shape
    left, top, gap = 50, 26, 7
    tall = 16
    wide = min(40, (room() - left - 4 - (inputs - 1) * gap) // (inputs * columns))
    across, down = columns * wide + gap, rows * tall + gap
    with canvas(left + inputs * across, top + outputs * down) as (ax, picture):
        for c in range(inputs):
            write(ax, left + c * across + (across - gap) / 2, 12, f"입력 {c + 1}", role="input")
        for o in range(outputs):
            y = top + o * down + (down - gap) / 2
            write(ax, left - 8, y, f"출력 {o + 1}", role="output", align="right")
        for o, c in np.ndindex(outputs, inputs):
            x, y = left + c * across, top + o * down
            if not w[o, c].any():
                cell(ax, x, y, across - gap, "reference", "0", height=down - gap, strength=0.04)
                continue
            _draw_sheet(ax, x, y, (rows, columns), (wide, tall), present=True)
            for i, j in np.ndindex(rows, columns):
                write(ax, x + (j + 0.5) * wide, y + (i + 0.5) * tall, f"{w[o, c, i, j]:g}")
    return picture


def parameter_chart(
    counts: Mapping[str, tuple[int, int] | None], out_channels: int, printed: int, title: str
) -> Picture:
    """종류마다의 매개변수 수와 강의노트에 적힌 수. 가로축은 로그 눈금입니다.

    Parameters
    ----------
    counts : mapping of str to (int, int) or None
        종류마다의 매개변수 수와 출력 채널 수 (개). 만들 수 없는 종류는 None입니다.
    out_channels : int
        표에 있는 출력 채널 수 (개). 채널 수가 다른 점은 속이 비고 채널 수가 적힙니다.
    printed : int
        강의노트에 적힌 수 (개). 세로 점선입니다.
    title : str
        층의 이름.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> parameter_chart({"표준": (608, 8), "그룹 2": None}, 8, 208, "CONV1")
    Picture(1 panels)
    """
    values = [found[0] for found in counts.values() if found]
    low, high = min(*values, printed) / 5, max(values) * 3
    with canvas(room(), 80 + 25 * len(counts), plot=True) as (ax, picture):
        ax.axvline(printed, color=COLORS["target"], linestyle=(0, (4, 3)), linewidth=1.4)
        for y, found in enumerate(counts.values()):
            if found is None:
                ax.text(low * 1.1, y, "만들 수 없음", va="center")
                continue
            value, channels = found
            hit = channels == out_channels and value == printed
            role: Role = "target" if hit else "kernel"
            ax.plot(
                value,
                y,
                "*" if hit else "D",
                color=COLORS[role],
                markersize=13 if hit else 7,
                markerfacecolor=COLORS[role] if channels == out_channels else "none",
            )
            ax.annotate(
                f"{value:,}" + ("" if channels == out_channels else f" ({channels}채널)"),
                (value, y),
                (-9 if value < printed else 9, 0),
                textcoords="offset points",
                ha="right" if value < printed else "left",
                va="center",
            )
        ax.set_xscale("log")
        ax.set(xlim=(low, high), ylim=(len(counts) - 0.4, -0.8), xlabel="매개변수 (개, 로그 눈금)")
        ax.set_yticks(range(len(counts)), list(counts))
        ax.tick_params(axis="y", length=0)
        ticks = [tick for tick in (10, 30, 100, 300, 1000, 3000) if low < tick < high]
        ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
        ax.set_xticks([], minor=True)
        ax.set_title(f"{title}: 적힌 수 {printed}", color=COLORS["target"], loc="left")
    return picture


@in_two_widths
def cost_ratios(kernel_sizes: Sequence[int], marks: Sequence[tuple[int, int]], most: int = 1024) -> Picture:
    """출력 채널이 늘 때 깊이별 분리 합성곱의 계산량이 표준의 몇 배가 되는지.

    Parameters
    ----------
    kernel_sizes : sequence of int
        커널의 한 변 f(칸)들. 하나가 한 곡선이고, 점선은 그 극한입니다.
    marks : sequence of (int, int)
        값을 적을 점의 (출력 채널, 커널의 한 변).
    most : int
        가로축의 끝 (개).

    Returns
    -------
    Picture
        패널 하나. 두 축 모두 로그 눈금입니다.

    Examples
    --------
    >>> cost_ratios([3], [(512, 3)])
    Picture(1 panels)
    """
    with canvas(room(), 300, plot=True) as (ax, picture):
        channels = [2**i for i in range(most.bit_length())]
        ax.axhline(1, color=INK, linewidth=0.8)
        ax.annotate("표준", (most, 1), (0, 3), textcoords="offset points", ha="right", va="bottom")
        for k in kernel_sizes:
            ratios = [float(separable_cost_ratio(n, k)) for n in channels]
            ax.plot(channels, ratios, color=COLORS["kernel"])
            named = 2 if k == min(kernel_sizes) else 5
            ax.annotate(
                f"{k}×{k} 커널",
                (channels[named], ratios[named]),
                (7, 4),
                textcoords="offset points",
                color=COLORS["kernel"],
            )
            limit = separable_cost_limit(k)
            ax.axhline(float(limit), color=COLORS["reference"], linestyle=(0, (4, 3)), linewidth=1.2)
            at = (most, float(limit))
            ax.annotate(f"극한 {limit}", at, (0, -7), textcoords="offset points", ha="right", va="top")
        for n, k in marks:
            ratio = float(separable_cost_ratio(n, k))
            ax.plot(n, ratio, "D", color=COLORS["kernel"])
            place = (-8, -12) if n < 64 else (10, 11)
            ax.annotate(f"N={n}: {ratio:.5g}", (n, ratio), place, textcoords="offset points", ha="right")
        ax.set(xscale="log", yscale="log", ylim=(0.024, 1.4), xlabel="출력 채널 N (개, 로그 눈금)")
        ax.set_ylabel("표준을 1로 볼 때의 계산량 (배)")
        ticks = [4**i for i in range(most.bit_length()) if 4**i <= most]
        ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
        heights = [0.03, 0.1, 0.3, 1]
        ax.set_yticks(heights, [f"{tick:g}" for tick in heights])
        ax.set_xticks([], minor=True)
        ax.set_yticks([], minor=True)
    return picture
