"""합성곱과 교차상관의 그림."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from dlnotes.convolution import conv2d_vjp, convolve1d, convolve2d, correlate1d, correlate2d, flip
from dlnotes.figures.canvas import (
    COLORS,
    INK,
    MARKERS,
    WIDEST,
    Picture,
    Role,
    arrow,
    canvas,
    cell,
    in_two_widths,
    room,
    write,
)

Array = npt.NDArray[np.floating]


def window_products(
    x: npt.ArrayLike, k: npt.ArrayLike, operation: Literal["correlate", "convolve"]
) -> Picture:
    """입력의 왼쪽 위에 커널을 얹은 모습과 그 자리의 곱셈.

    합성곱이면 커널을 돌린 다음에 얹습니다. 주황색 수가 얹은 커널의 값이고, 아래에 곱의 합을 적습니다.

    Parameters
    ----------
    x : array_like
        입력 ``(H, W)``. 네 칸까지 그림에 들어갑니다.
    k : array_like
        커널 ``(f, g)``.
    operation : {"correlate", "convolve"}
        어느 연산인지.

    Returns
    -------
    Picture
        패널 하나. 왼쪽이 커널을 얹은 입력, 오른쪽이 출력입니다.

    Examples
    --------
    >>> window_products([[1, 2], [3, 4]], [[1, 2]], "convolve")
    Picture(1 panels)
    """
    x, k = np.asarray(x, dtype=float), np.asarray(k, dtype=float)
    turned = operation == "convolve"
    laid = flip(k) if turned else k
    y = (convolve2d if turned else correlate2d)(x, k)
    (height, width), (f, g) = x.shape, k.shape
    side, small, left, top = 36, 28, 8, 122
    with canvas(room(), top + height * side + 40) as (ax, picture):
        title = "합성곱: 커널을 돌려서 얹기" if turned else "교차상관: 커널을 그대로 얹기"
        write(ax, left, 14, title, align="left")
        _grid(ax, left, 34, k, small, "kernel")
        _grid(ax, left + 176, 34, laid, small, "kernel")
        middle = 34 + f * small / 2
        arrow(ax, (left + g * small + 10, middle), (left + 166, middle))
        write(ax, left + 88 + g * small / 2, middle - 12, "180° 돌리기" if turned else "그대로")
        arrow(ax, (left + 176 + small, 38 + f * small), (left + g * side + 4, top + 4))
        _laid_on(ax, left, top, x, laid, side)
        right = left + width * side
        arrow(ax, (right + 5, top + side / 2), (right + 36, top + side / 2))
        first = np.zeros_like(y)
        first[0, 0] = 1
        _grid(ax, right + 40, top, y, side, "output", strengths=0.08 + 0.42 * first)
        terms = " + ".join(f"{_number(x[i, j])}·{_number(laid[i, j])}" for i, j in np.ndindex(f, g))
        write(ax, left, top + height * side + 22, f"{terms} = {_number(y[0, 0])}", align="left")
    return picture


def _laid_on(ax: Axes, left: float, top: float, x: Array, laid: Array, side: float) -> None:
    """입력의 왼쪽 위에 커널을 얹습니다. 겹친 칸에는 입력의 값과 커널의 값을 함께 적습니다."""
    f, g = laid.shape
    for i, j in np.ndindex(*x.shape):
        a, b, covered = left + j * side, top + i * side, i < f and j < g
        cell(
            ax,
            a,
            b,
            side,
            "input",
            "" if covered else _number(x[i, j]),
            strength=0.16 if covered else 0.07,
        )
        if covered:
            write(ax, a + 11, b + 12, _number(x[i, j]))
            write(ax, a + side - 12, b + side - 10, f"×{_number(laid[i, j])}", role="kernel")
    cell(ax, left, top, g * side, "kernel", height=f * side, strength=0)


@in_two_widths
def impulse_responses(k: npt.ArrayLike) -> Picture:
    """점 하나만 1인 입력에 두 연산을 한 결과. 합성곱은 커널을 그대로, 교차상관은 돌려서 내놓습니다.

    Parameters
    ----------
    k : array_like
        정사각형 커널 ``(f, f)``.

    Returns
    -------
    Picture
        패널 하나. 왼쪽이 입력과 커널, 오른쪽이 두 출력입니다.

    Examples
    --------
    >>> impulse_responses([[1, 2], [3, 4]])
    Picture(1 panels)
    """
    k = np.asarray(k, dtype=float)
    f = len(k)
    x = np.zeros((2 * f - 1, 2 * f - 1))
    x[f - 1, f - 1] = 1
    side, left, upper = (30 if room() == WIDEST else 44), 12, 28
    lower = upper + f * side + 38
    right = room() - max(f * side + 24, f * side / 2 + 66)  # 커널이 작아도 이름이 들어갑니다
    with canvas(room(), lower + f * side + 8) as (ax, picture):
        write(ax, left, upper - 14, "입력: 점 하나", role="input", align="left")
        _grid(ax, left, upper, x, f * side / len(x), "input", shaded=True, labels=x > 0)
        write(ax, left, lower - 16, "커널", role="kernel", align="left")
        _grid(ax, left, lower, k, side, "kernel", shaded=True)
        middle = (upper + lower + f * side) / 2
        for top, name, y in (
            (upper, "합성곱 → 커널 그대로", convolve2d(x, k)),
            (lower, "교차상관 → 돌아간 커널", correlate2d(x, k)),
        ):
            write(ax, right + f * side / 2, top - 14, name, role="output")
            _grid(ax, right, top, y, side, "output", shaded=True)
            arrow(ax, (left + f * side + 14, middle), (right - 12, top + f * side / 2))
    return picture


@in_two_widths
def swapped_operands(x: npt.ArrayLike, k: npt.ArrayLike) -> Picture:
    """두 1차원 배열의 자리를 맞바꾼 결과. 합성곱은 같고, 교차상관은 순서가 거꾸로 됩니다.

    Parameters
    ----------
    x, k : array_like
        배열 ``(n,)`` 과 ``(f,)``. 둘의 full 출력이 다섯 칸까지 들어갑니다.

    Returns
    -------
    Picture
        패널 하나. 위의 두 줄이 합성곱, 아래의 두 줄이 교차상관입니다.

    Examples
    --------
    >>> swapped_operands([1, 2, 3], [1, 0, -1])
    Picture(1 panels)
    """
    x, k = np.asarray(x, dtype=float), np.asarray(k, dtype=float)
    side = min((room() - 150) // 5, (room() - 108) // 6)
    left, shape = room() - 10 - 5 * side, {"size": side - 2, "height": 32}
    with canvas(room(), 252) as (ax, picture):
        for i, value in enumerate(x):
            cell(ax, 46 + i * side, 10, role="input", label=_number(value), **shape)
        write(ax, 38, 26, "입력", role="input", align="right")
        after = 46 + len(x) * side + 58
        write(ax, after - 10, 26, "커널", role="kernel", align="right")
        for i, value in enumerate(k):
            cell(ax, after + i * side, 10, role="kernel", label=_number(value), **shape)
        top = 66
        for name, operation in (("합성곱", convolve1d), ("교차상관", correlate1d)):
            for first, second, order in ((x, k, "입력, 커널"), (k, x, "커널, 입력")):
                write(ax, left - 10, top + 16, f"{name}({order})", align="right")
                for i, value in enumerate(operation(first, second, "full")):
                    cell(ax, left + i * side, top, role="output", label=_number(value), **shape)
                top += 42
            top += 14
    return picture


def kernels_side_by_side(kernels: dict[str, tuple[Role, npt.ArrayLike]]) -> Picture:
    """커널 여럿을 나란히. 값이 클수록 진하고, 칸에 값을 적습니다.

    Parameters
    ----------
    kernels : dict
        이름(줄바꿈을 넣어도 됩니다)에서 역할과 커널 ``(f, f)`` 로. 셋까지 들어갑니다.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> kernels_side_by_side({"참": ("target", [[0.1, 0.2]]), "배운 것": ("kernel", [[0.1, 0.2]])})
    Picture(1 panels)
    """
    side, pitch = 30, 106
    shapes = [np.shape(k) for _, k in kernels.values()]
    height = max(shape[0] for shape in shapes)
    width = max(shape[1] for shape in shapes) * side
    with canvas((len(kernels) - 1) * pitch + width + 18, height * side + 60) as (ax, picture):
        for number, (name, (role, k)) in enumerate(kernels.items()):
            x = 9 + number * pitch
            for line, text in enumerate(reversed(name.split("\n"))):
                write(ax, x + width / 2, 32 - 17 * line, text, role=role)
            _grid(ax, x, 50, np.asarray(k, dtype=float), side, role, shaded=True, spec=".1f")
    return picture


def cost_curves(first: Sequence[float] | Array, second: Sequence[float] | Array) -> Picture:
    """교차상관층과 합성곱층의 비용. 동그라미와 × 표가 갱신마다 겹치면 두 곡선은 같습니다.

    Parameters
    ----------
    first, second : array_like
        갱신마다의 비용. 차례로 교차상관층과 합성곱층의 것입니다. 0보다 커야 합니다.

    Returns
    -------
    Picture
        패널 하나. 가로축은 갱신(번째), 세로축은 비용(로그 눈금)입니다.

    Examples
    --------
    >>> cost_curves([1, 0.1], [1, 0.1])
    Picture(1 panels)
    """
    steps = range(1, len(first) + 1)
    with canvas(room(), 230, plot=True) as (ax, picture):
        ax.semilogy(
            steps,
            first,
            color=COLORS["output"],
            alpha=0.6,
            marker=MARKERS["output"],
            markersize=11,
            linewidth=5,
        )
        ax.semilogy(steps, second, color=INK, marker="x", markersize=6, markeredgewidth=1.6, linewidth=1)
        (start, _), (end, power) = _cost(first[0]), _cost(first[-1])
        notes: list[tuple[int, tuple[int, int], str, str]] = [
            (0, (14, 8), "left", f"처음 {start}"),
            (-1, (-6 - 8 * len(power), -14), "right", f"끝 {end}"),
            (-1, (-6, -8), "right", power),
        ]
        for place, offset, align, text in notes:
            ax.annotate(
                text,
                (steps[place], first[place]),
                offset,
                textcoords="offset points",
                ha=align,
                va="center",
            )
        for y, text, color in (
            (0.96, "동그라미: 교차상관층", COLORS["output"]),
            (0.87, "× 표: 합성곱층", INK),
        ):
            ax.text(0.98, y, text, transform=ax.transAxes, ha="right", va="center", color=color)
        ax.set(xlabel="갱신 (번째)", ylabel="비용 (로그 눈금)", xticks=list(steps))
        ax.set_ylim(bottom=float(first[-1]) ** 1.25 / float(first[0]) ** 0.25)
        ax.minorticks_off()
    return picture


def gather_and_return(names: str = "abc") -> Picture:
    """1차원 층에서 값이 흐르는 길. 출력 하나가 커널을 통해 입력을 모으고, 기울기는 같은 길로 돌아옵니다.

    선에 적은 글자는 :func:`~dlnotes.convolution.conv2d_vjp` 로 찾은 커널의 칸입니다. 앞으로 갈 때와 돌아올 때
    글자의 순서가 거꾸로입니다.

    Parameters
    ----------
    names : str
        커널의 칸 이름. 글자 수가 커널의 너비이고, 홀수여야 합니다.

    Returns
    -------
    Picture
        패널 둘. 첫째가 순전파, 둘째가 역전파입니다.

    Examples
    --------
    >>> gather_and_return()
    Picture(2 panels)
    """
    f = len(names)
    n = 2 * f - 1
    forward = [_taken_by_output(i, f, n) for i in range(n)]
    backward = [_returned_from(t, f, n) for t in range(f)]
    pitch = (room() - 60) / (n - 1)
    inputs = [12 + i * pitch for i in range(n)]
    outputs = inputs[(n - f) // 2 :][:f]
    middle = f // 2
    with canvas(room(), 194) as (ax, first):
        write(ax, 8, 14, "순전파: 출력 하나가 입력을 모읍니다", align="left")
        for t, x in enumerate(outputs):
            cell(ax, x, 34, 36, "output", f"y{t + 1}", strength=0.5 if t == middle else 0.08)
        for i, x in enumerate(inputs):
            taken = forward[i]
            cell(ax, x, 148, 36, "input", f"x{i + 1}", strength=0.1 if taken is None else 0.4)
            if taken is not None:
                start, end = (x + 18, 146), (outputs[middle] + 18, 74)
                arrow(ax, start, end)
                _name_road(ax, start, end, names[taken])
    with canvas(room(), 194) as (ax, second):
        write(ax, 8, 14, "역전파: 기울기가 입력 하나로 돌아옵니다", align="left")
        for t, x in enumerate(outputs):
            cell(ax, x - 3, 31, 42, "gradient", f"dy{t + 1}", strength=0.4)
        for i, x in enumerate(inputs):
            here = i == n // 2
            cell(ax, x - 3, 145, 42, "gradient", f"dx{i + 1}" if here else "", strength=0.5 if here else 0.05)
        for t, x in enumerate(outputs):
            start, end = (x + 18, 76), (inputs[n // 2] + 18, 142)
            arrow(ax, start, end, role="gradient")
            _name_road(ax, start, end, names[backward[t]])
    return first + second


def _taken_by_output(i: int, f: int, n: int) -> int | None:
    """가운데 출력이 i번째 입력을 받을 때 쓰는 커널의 칸. 받지 않으면 None."""
    seen = correlate1d(np.eye(n)[i], np.arange(1.0, f + 1))[(n - f) // 2]
    return int(seen) - 1 if seen else None


def _returned_from(t: int, f: int, n: int) -> int:
    """t번째 출력의 기울기가 가운데 입력으로 돌아올 때 거치는 커널의 칸."""
    w = np.arange(1.0, f + 1).reshape(1, 1, 1, f)
    _, pullback = conv2d_vjp(np.zeros((1, 1, 1, n)), w)
    dx, _, _ = pullback(np.eye(n - f + 1)[t].reshape(1, 1, 1, -1))
    return int(dx[0, 0, 0, n // 2]) - 1


def _name_road(ax: Axes, start: tuple[float, float], end: tuple[float, float], name: str) -> None:
    """길의 오른쪽에 커널 칸의 이름을 적습니다."""
    along = 0.4
    x, y = (a + along * (b - a) for a, b in zip(start, end, strict=True))
    write(ax, x + 11, y, name, role="kernel", size=14)


def _grid(
    ax: Axes,
    left: float,
    top: float,
    values: Array,
    side: float,
    role: Role,
    *,
    spec: str = "",
    shaded: bool = False,
    strengths: Array | None = None,
    labels: npt.NDArray[np.bool_] | None = None,
) -> None:
    """2차원 배열을 칸으로. `shaded` 이면 큰 값을 진하게 칠하고, `labels` 가 참인 칸에만 값을 적습니다."""
    if strengths is None:
        full = np.full(values.shape, 0.2)
        strengths = 0.04 + 0.56 * np.abs(values) / np.abs(values).max() if shaded else full
    for i, j in np.ndindex(*values.shape):
        label = _number(values[i, j], spec) if labels is None or labels[i, j] else ""
        place = left + j * side + 1, top + i * side + 1
        cell(ax, *place, side - 2, role, label, strength=float(strengths[i, j]))


def _number(value: npt.ArrayLike, spec: str = "") -> str:
    """칸에 적을 수. 정수이면 소수점 없이 적고, 빼기표는 하이픈이 아닌 글자로, 0에는 붙이지 않습니다."""
    number = float(np.asarray(value))
    text = format(number, spec or ("g" if number % 1 else ".0f"))
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def _cost(value: float) -> tuple[str, str]:
    """비용을 짧게, 그리고 위에 작게 적을 지수. 지수는 아주 작은 값에만 있습니다."""
    if value > 1e-3:
        return f"{value:.4g}", ""
    digit, power = f"{value:.0e}".split("e")
    return f"{digit}×10", str(int(power)).replace("-", "−")
