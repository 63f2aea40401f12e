"""ReLU와 비선형성의 그림."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from dlnotes.activations import relu, sigmoid_vjp
from dlnotes.figures.canvas import (
    COLORS,
    INK,
    MARKERS,
    Picture,
    Role,
    canvas,
    half_room,
    in_two_widths,
    ink,
    note,
    room,
    third_room,
)
from dlnotes.piecewise import (
    ReluNetwork,
    directional_sum,
    directions,
    equispaced_knots,
    interpolate,
    least_squares,
    rms_error,
)

Array = npt.NDArray[np.floating]
Function = Callable[[Array], npt.ArrayLike]


@in_two_widths
def two_orders(name: str, f: Function, a: float, b: float) -> Picture:
    """두 수를 더한 뒤에 넣은 값과, 넣은 뒤에 더한 값. 둘이 겹치면 이 두 수에서는 더하기를 지킵니다.

    Parameters
    ----------
    name : str
        그림의 제목.
    f : callable
        살펴볼 함수. 배열을 받습니다.
    a, b : float
        더할 두 수.

    Returns
    -------
    Picture
        패널 하나. 초록 동그라미가 f(x+y), × 표가 f(x)+f(y)입니다.

    Examples
    --------
    >>> two_orders("2x", lambda x: 2 * x, 1, 2)
    Picture(1 panels)
    """
    points = np.array([a, b, a + b])
    fa, fb, together = (float(y) for y in np.asarray(f(points)))
    reach = max(abs(points).max(), 1.0)
    x = np.linspace(min(points.min(), 0) - 0.35 * reach, points.max() + 0.55 * reach, 200)
    with canvas(half_room(), 190, plot=True) as (ax, picture):
        ax.set_title(name)
        ax.axhline(0, color=COLORS["reference"], linewidth=0.8, alpha=0.6)
        ax.plot(x, np.asarray(f(x)), color=INK, linewidth=1.6)
        ax.plot([a, b], [fa, fb], MARKERS["input"], color=COLORS["input"])
        ax.plot(a + b, together, MARKERS["output"], color=COLORS["output"], markersize=11)
        ax.plot(a + b, fa + fb, MARKERS["reference"], color=INK, markersize=8, markeredgewidth=2)
        top = max(together, fa + fb)
        lines = [f"f(x)+f(y) = {_number(fa + fb)}", f"f(x+y) = {_number(together)}"]
        colors = [INK, COLORS["output"]]
        for row, (text, color) in enumerate(zip(lines, colors, strict=True)):
            ax.text(0.03, 0.95 - 0.12 * row, text, transform=ax.transAxes, color=color, va="center")
        low = min(0.0, fa, fb, together, fa + fb)
        for value, y, letter in ((a, fa, "x"), (b, fb, "y")):
            note(ax, letter, (value, y), (8, -10) if y > low else (0, 13), "input")
        ax.set(xlabel="입력", ylabel="출력", ylim=(low - 0.25 * (top - low), low + 1.75 * (top - low)))
    return picture


@in_two_widths
def failing_pairs(pairs: npt.ArrayLike) -> Picture:
    """ReLU가 더하기를 지키지 못하는 쌍. 두 수의 부호가 다른 두 사분면이 그곳입니다.

    Parameters
    ----------
    pairs : array_like
        수의 쌍 ``(N, 2)``.

    Returns
    -------
    Picture
        패널 하나. 파란 네모는 지키는 쌍, 빨간 × 표는 어기는 쌍입니다.

    Examples
    --------
    >>> failing_pairs([[1, 1], [1, -1]])
    Picture(1 panels)
    """
    pairs = np.asarray(pairs, dtype=float)
    fails = relu(pairs.sum(1)) != relu(pairs).sum(1)
    reach = 1.1 * np.abs(pairs).max()
    top = 1.2 * reach  # 이름은 모든 점의 위아래에 놓입니다
    with canvas(room(), 300, plot=True) as (ax, picture):
        for side in (-1, 1):
            ax.fill_between([0, side * reach], 0, -side * top, color=COLORS["target"], alpha=0.12, lw=0)
        ax.axhline(0, color=COLORS["reference"], linewidth=0.8)
        ax.axvline(0, color=COLORS["reference"], linewidth=0.8)
        ax.plot(*pairs[~fails].T, "s", color=COLORS["input"], markersize=3)
        ax.plot(*pairs[fails].T, "x", color=COLORS["target"], markersize=5, markeredgewidth=1.2)
        for x, y, text in ((-1, 1, "어긴다"), (1, -1, "어긴다"), (1, 1, "지킨다"), (-1, -1, "지킨다")):
            color = COLORS["target"] if x * y < 0 else COLORS["input"]
            ax.text(
                x * reach * 0.96,
                y * reach * 1.09,
                text,
                ha="right" if x > 0 else "left",
                va="center",
                color=color,
            )
        ax.set(xlabel="첫째 수 x", ylabel="둘째 수 y", xlim=(-reach, reach), ylim=(-top, top))
    return picture


def units_and_sum(k: int = 3) -> Picture:
    """선형 항과 ReLU 유닛들, 그리고 그 합. 합은 포물선에 닿는 꺾은선입니다.

    Parameters
    ----------
    k : int
        유닛의 수.

    Returns
    -------
    Picture
        패널 둘. 첫째는 더하기 전의 조각들, 둘째는 더한 것입니다.

    Examples
    --------
    >>> units_and_sum(3)
    Picture(2 panels)
    """
    g = interpolate(np.square, equispaced_knots(k))
    x = np.linspace(-1, 1, 201)
    with canvas(room(), 230, plot=True) as (ax, first):
        ax.set_title("더하기 전")
        line = g.bias + g.slope * x
        ax.plot(x, line, color=COLORS["reference"], linestyle="--")
        note(ax, "직선 하나", (-0.97, float(line[3])), (2, 10), "reference")
        gap = 0.1 * float(np.ptp([*line, *np.ravel(g.terms(x))]))
        named = np.inf
        for number, (unit, t) in enumerate(zip(g.terms(x).T, g.knots, strict=True), 1):
            ax.plot(x, unit, color=COLORS["kernel"])
            ax.plot(t, 0, MARKERS["kernel"], color=COLORS["kernel"])
            named = min(float(unit[-1]), named - gap)
            note(ax, f"유닛 {number}", (1, named), (4, 0), "kernel")
        ax.set(xlabel="x", ylabel="값", xlim=(-1.05, 1.5), xticks=[-1, -0.5, 0, 0.5, 1])
    with canvas(room(), 230, plot=True) as (ax, second):
        ax.set_title("모두 더하면")
        ax.plot(x, x**2, color=COLORS["target"], linewidth=5, alpha=0.35)
        ax.plot(x, g(x), color=COLORS["output"])
        ax.plot(g.knots, g(g.knots), MARKERS["kernel"], color=COLORS["kernel"])
        note(ax, "꺾은선", (-0.75, float(g(-0.75))), (8, 6), "output")
        note(ax, "x²", (0.75, 0.75**2), (6, -10), "target")
        ax.set(xlabel="x", ylabel="값", xlim=(-1.05, 1.05), xticks=[-1, -0.5, 0, 0.5, 1])
    return first + second


def parabola_fits(units: Sequence[int]) -> Picture:
    """유닛의 수를 늘려 가며 포물선에 맞춘 꺾은선. 마름모가 꺾이는 점입니다.

    Parameters
    ----------
    units : sequence of int
        유닛의 수 k들. 하나가 패널 하나입니다. 0이면 직선입니다.

    Returns
    -------
    Picture
        패널 여럿. 제목에 RMS를 적습니다.

    Examples
    --------
    >>> parabola_fits([0, 1])
    Picture(2 panels)
    """
    x = np.linspace(-1, 1, 401)
    picture = Picture(())
    for k in units:
        g = least_squares(np.square, equispaced_knots(k))
        role: Role = "output" if k else "reference"
        with canvas(148, 176, plot=True) as (ax, panel):
            what = f"ReLU {k}개" if k else "항등 함수"
            ax.set_title(f"{what}\nRMS {rms_error(np.square, g):.4f}")
            ax.plot(x, x**2, color=COLORS["target"], linewidth=5, alpha=0.35)
            ax.plot(x, g(x), color=COLORS[role])
            ax.plot(g.knots, g(g.knots), MARKERS["kernel"], color=COLORS["kernel"], markersize=6)
            ax.set(xlim=(-1.08, 1.08), ylim=(-0.28, 1.12), xticks=[-1, 0, 1], yticks=[0, 1])
        picture = picture + panel
    return picture


@in_two_widths
def error_law(units: Sequence[int]) -> Picture:
    """유닛의 수와 RMS의 로그-로그 그림. ReLU의 점들은 기울기가 -2인 직선 위에 놓입니다.

    Parameters
    ----------
    units : sequence of int
        유닛의 수 k들.

    Returns
    -------
    Picture
        패널 하나. 가로축은 조각의 수 k+1, 세로축은 RMS입니다.

    Examples
    --------
    >>> error_law([0, 1, 3, 7])
    Picture(1 panels)
    """
    pieces = np.array(units) + 1
    errors = [rms_error(np.square, least_squares(np.square, equispaced_knots(k))) for k in units]
    line = rms_error(np.square, least_squares(np.square, []))
    with canvas(room(), 270, plot=True) as (ax, picture):
        ax.axhline(line, color=COLORS["reference"], linestyle="--")
        ax.loglog(pieces, line / pieces**2, color=COLORS["output"], alpha=0.5)
        ax.loglog(pieces, errors, MARKERS["output"], color=COLORS["output"])
        note(ax, f"항등 함수: 늘 {line:.6f}", (pieces[-1], line), (0, 10), align="right")
        middle = len(units) // 2
        here = float(errors[middle])
        note(ax, "ReLU", (pieces[middle], here), (12, 8), "output")
        low, high = pieces[middle - 1], pieces[middle]
        steps = [errors[middle - 1], here]
        ax.plot([low, low, high], [steps[0], steps[1], steps[1]], color=COLORS["kernel"], linewidth=1.2)
        note(ax, "기울기 −2", (low, steps[1]), (-4, -10), "kernel", align="right")
        ax.set(xlabel="조각의 수 k+1 (개)", ylabel="RMS")
        ax.set_xticks(pieces, [str(p) for p in pieces])
        ax.minorticks_off()
    return picture


def xor_by_two_units() -> Picture:
    """XOR의 네 점과, 두 유닛이 만드는 꺾은선. 두 수를 더하면 네 점이 한 줄에 섭니다.

    Returns
    -------
    Picture
        패널 둘. 첫째는 입력의 평면, 둘째는 합 s의 함수입니다.

    Examples
    --------
    >>> xor_by_two_units()
    Picture(2 panels)
    """
    network = ReluNetwork(0, 0, np.array([1.0, -2.0]), np.array([0.0, 1.0]), np.ones(2))
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    outputs = network(corners.sum(1))
    with canvas(room(), 270, plot=True) as (ax, first):
        side = np.linspace(-0.4, 1.4, 91)
        u, v = np.meshgrid(side, side)
        level = network(u + v)
        ax.contourf(u, v, level, levels=[0.5, 10], colors=[COLORS["output"]], alpha=0.18)
        ax.contour(u, v, level, levels=[0.5], colors=[COLORS["output"]], linewidths=2)
        _corners(ax, corners, outputs)
        ax.text(0.5, 0.5, "1 쪽", ha="center", va="center", color=COLORS["output"])
        ax.text(-0.32, -0.32, "0 쪽", ha="left", va="center")
        ax.text(1.32, 1.32, "0 쪽", ha="right", va="center")
        ax.set(xlabel="x1", ylabel="x2", xticks=[0, 1], yticks=[0, 1], xlim=(-0.4, 1.4), ylim=(-0.4, 1.4))
        ax.set_aspect("equal")
    s = np.linspace(-0.3, 2.3, 261)
    with canvas(room(), 270, plot=True) as (ax, second):
        for unit in network.terms(s).T:
            ax.plot(s, unit, color=COLORS["kernel"], linestyle=":", linewidth=1.6)
        note(ax, "relu(s)", (1.6, 1.6), (-6, 8), "kernel", align="right")
        note(ax, "−2 relu(s−1)", (1.55, -1.1), (-6, -8), "kernel", align="right")
        ax.plot(s, network(s), color=COLORS["output"])
        points = np.unique(np.column_stack([corners.sum(1), outputs]), axis=0)
        _corners(ax, points, points[:, 1])
        ax.set(xlabel="s = x1 + x2", ylabel="출력", xticks=[0, 1, 2], xlim=(-0.3, 2.3), ylim=(-2.3, 2.3))
    return first + second


@in_two_widths
def boundaries(units: Sequence[int]) -> Picture:
    """ReLU 유닛들의 합이 1이 되는 경계. 하나면 직선, 여럿이면 꺾인 선입니다.

    유닛은 원점에서 고르게 벌어진 방향을 하나씩 보며, 그 방향의 성분을 ReLU에 넣습니다. 방향이 많아지면 경계가
    원에 가까워집니다.

    Parameters
    ----------
    units : sequence of int
        유닛의 수들. 하나가 패널 하나입니다.

    Returns
    -------
    Picture
        패널 여럿. 화살표가 유닛의 방향, 초록 선이 경계입니다.

    Examples
    --------
    >>> boundaries([1, 4])
    Picture(2 panels)
    """
    side = np.linspace(-1.6, 1.6, 129)
    plane = np.stack(np.meshgrid(side, side), axis=-1)
    picture = Picture(())
    for k in units:
        seen = directions(k, first=np.pi / 6 if k == 1 else 0.0)
        height = directional_sum(plane, seen)
        with canvas(third_room(), third_room() + 20, plot=True) as (ax, panel):
            ax.set_title(f"유닛 {k}개")
            ax.contourf(side, side, height, levels=[1, 10], colors=[COLORS["output"]], alpha=0.15)
            ax.contour(side, side, height, levels=[1], colors=[COLORS["output"]], linewidths=2)
            for dx, dy in seen:
                ax.annotate(
                    "",
                    (0.6 * dx, 0.6 * dy),
                    (0, 0),
                    arrowprops={
                        "arrowstyle": "-|>",
                        "mutation_scale": 7,  # 열여섯 화살촉이 좁은 패널에서 붙지 않게
                        "color": COLORS["kernel"],
                        "shrinkA": 0,
                        "shrinkB": 0,
                    },
                )
            ax.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1], xlim=(-1.6, 1.6), ylim=(-1.6, 1.6))
            ax.set_aspect("equal")
        picture = picture + panel
    return picture


def gradient_by_depth(norms: Mapping[str, npt.ArrayLike], names: Mapping[str, str]) -> Picture:
    """층을 거슬러 가는 기울기의 크기. 첫째는 모두, 둘째는 시그모이드를 뺀 나머지를 크게 본 것입니다.

    Parameters
    ----------
    norms : mapping
        활성화 함수의 이름에서 크기 ``(L + 1,)`` 로. 처음이 출력입니다. ``"sigmoid"`` 가 들어 있어야 합니다.
    names : mapping
        활성화 함수의 이름에서 그림에 적을 이름으로.

    Returns
    -------
    Picture
        패널 둘. 가로축은 되돌아온 층의 수, 세로축은 기울기의 크기(로그 눈금)입니다.

    Examples
    --------
    >>> layers = np.arange(51)
    >>> norms = {"sigmoid": 0.2**layers, "relu": 0.99**layers}
    >>> gradient_by_depth(norms, {"sigmoid": "시그모이드", "relu": "ReLU"})
    Picture(2 panels)
    """
    curves = {name: np.asarray(values, dtype=float) for name, values in norms.items()}
    rest = {name: values for name, values in curves.items() if name != "sigmoid"}
    sigmoid = curves["sigmoid"]
    depth = len(sigmoid) - 1
    layers = np.arange(depth + 1)
    steepest = float(sigmoid_vjp(0.0)[1](1.0))
    with canvas(room(), 260, plot=True) as (ax, first):
        for name, values in curves.items():
            ax.semilogy(layers, values, color=ink(_curve(name)[0]), linestyle=_curve(name)[1])
        ax.semilogy(layers, steepest**layers, color=COLORS["reference"], linestyle=":", linewidth=1.4)
        middle = depth // 2
        sign = f"{names['sigmoid']}\n{depth}층: {sigmoid[-1]:.1e}".replace("e-", "e−")
        note(
            ax, sign, (layers[middle], float(sigmoid[middle])), (-8, -22), _curve("sigmoid")[0], align="right"
        )
        note(ax, "층마다 1/4", (layers[middle], steepest**middle), (10, 6))
        note(ax, "나머지", (layers[middle], 1.0), (0, -14), align="center")
        ax.set(xlabel="되돌아온 층 (개)", ylabel="기울기의 크기")
        ax.minorticks_off()
    with canvas(room(), 260, plot=True) as (ax, second):
        for name, values in rest.items():
            role, style = _curve(name)
            ax.semilogy(layers, values, color=ink(role), linestyle=style)
            note(ax, f"{names[name]} {values[-1]:.2g}", (depth, float(values[-1])), (6, 0), role)
        ax.set(xlabel="되돌아온 층 (개)", ylabel="기울기의 크기", xlim=(0, 1.5 * depth))
        ax.set_xticks([0, depth // 2, depth])
        ax.set_yticks([1, 0.5, 0.2, 0.1, 0.05], ["1", "0.5", "0.2", "0.1", "0.05"])
        ax.minorticks_off()
    return first + second


def live_and_dead(inputs: Mapping[str, npt.ArrayLike]) -> Picture:
    """유닛에 들어온 값들이 ReLU의 어느 쪽에 떨어지는지. 모두 0의 왼쪽이면 죽은 유닛입니다.

    Parameters
    ----------
    inputs : mapping
        제목에서, 표본마다 유닛에 들어온 값 ``(N,)`` 으로. 하나가 패널 하나입니다.

    Returns
    -------
    Picture
        패널 여럿. 초록 동그라미는 켜진 표본, 회색 × 표는 꺼진 표본입니다.

    Examples
    --------
    >>> live_and_dead({"산 유닛": [-1, 1], "죽은 유닛": [-2, -1]})
    Picture(2 panels)
    """
    arrays = {title: np.asarray(values, dtype=float) for title, values in inputs.items()}
    low = min(values.min() for values in arrays.values())
    high = max(max(values.max() for values in arrays.values()), 1.0)
    picture = Picture(())
    for title, values in arrays.items():
        x = np.array([low - 0.5, 0.0, high + 0.5])
        on = relu(values) > 0
        with canvas(room(), 190, plot=True) as (ax, panel):
            ax.set_title(f"{title}: 켜진 표본 {on.mean():.1%}")
            ax.plot(x, relu(x), color=INK, linewidth=1.2)
            ax.plot(values[~on], relu(values[~on]), MARKERS["reference"], color=COLORS["reference"], ms=5)
            ax.plot(values[on], relu(values[on]), MARKERS["output"], color=COLORS["output"], ms=4)
            ax.axvline(0, color=COLORS["reference"], linewidth=0.8, linestyle=":")
            note(ax, "기울기 0", (low / 2, 0), (0, 14), align="center")
            if on.any():
                note(ax, "기울기 1", (0.35 * high, 0.14 * high), (0, 0), "output")
            ax.locator_params(axis="x", nbins=6, integer=True)
            ax.set(xlabel="유닛에 들어온 값", ylabel="유닛의 출력", ylim=(-0.08 * high, 1.1 * high))
        picture = picture + panel
    return picture


@in_two_widths
def trained_fits(x: npt.ArrayLike, outputs: Mapping[int, npt.ArrayLike]) -> Picture:
    """배운 신경망들의 출력. 같은 크기라도 시작점에 따라 결과가 다릅니다.

    Parameters
    ----------
    x : array_like
        점 ``(N,)``.
    outputs : mapping
        유닛의 수에서 출력 ``(runs, N)`` 으로. 하나가 패널 하나입니다.

    Returns
    -------
    Picture
        패널 여럿. 굵은 빨간 선이 포물선, 초록 선이 배운 출력입니다. 세로축은 출력입니다.

    Examples
    --------
    >>> trained_fits([-1, 0, 1], {2: [[1, 0, 1], [0.3, 0.3, 0.3]]})
    Picture(1 panels)
    """
    x = np.asarray(x, dtype=float)
    picture = Picture(())
    for k, curves in outputs.items():
        with canvas(third_room(), 150, plot=True) as (ax, panel):
            ax.set_title(f"ReLU {k}개")
            ax.plot(x, x**2, color=COLORS["target"], linewidth=6, alpha=0.35)
            for run, style in zip(np.asarray(curves, dtype=float), ("-", "--", ":"), strict=False):
                ax.plot(x, run, color=COLORS["output"], linestyle=style, linewidth=1.8)
            ax.set(xlim=(-1.05, 1.05), ylim=(-0.15, 1.1), xticks=[-1, 0, 1], yticks=[0, 0.5, 1])
            ax.set_xlabel("x")
        picture = picture + panel
    return picture


@in_two_widths
def stacked_zigzags(x: npt.ArrayLike, layers: Sequence[npt.ArrayLike]) -> Picture:
    """꺾은선에 꺾은선을 넣은 모습. 층을 하나 지날 때마다 조각의 수가 곱해집니다.

    Parameters
    ----------
    x : array_like
        점 ``(N,)``.
    layers : sequence of array_like
        층마다의 출력 ``(N,)``. 하나가 패널 하나입니다.

    Returns
    -------
    Picture
        패널 여럿.

    Examples
    --------
    >>> stacked_zigzags([0, 0.5, 1], [[0, 1, 0]])
    Picture(1 panels)
    """
    picture = Picture(())
    for number, y in enumerate(layers, 1):
        with canvas(half_room(), 170, plot=True) as (ax, panel):
            ax.set_title(f"{number}층의 출력")
            ax.plot(np.asarray(x), np.asarray(y), color=COLORS["output"])
            ax.set(xlabel="x", ylabel="출력", xticks=[0, 1], yticks=[0, 1])
        picture = picture + panel
    return picture


def _corners(ax: Axes, points: npt.ArrayLike, labels: npt.ArrayLike) -> None:
    """XOR의 점들. 참은 빨간 별, 거짓은 파란 네모이고 옆에 값을 적습니다."""
    for (x, y), label in zip(np.asarray(points, dtype=float), np.asarray(labels), strict=True):
        role: Role = "target" if label else "input"
        ax.plot(x, y, MARKERS[role], color=COLORS[role], markersize=14 if label else 10, zorder=5)
        note(ax, f"{label:.0f}", (x, y), (0, 16 if label else -14), role, align="center")


def _curve(name: str) -> tuple[Role | None, str]:
    """활성화 함수의 역할과 선 모양. 색을 가리지 못해도 모양으로 구별됩니다."""
    styles: dict[str, tuple[Role | None, str]] = {
        "sigmoid": ("target", "-"),
        "tanh": ("gradient", "--"),
        "relu": ("output", "-"),
        "identity": (None, ":"),
    }
    return styles.get(name, (None, "-."))


def _number(value: float) -> str:
    """그림에 적을 수. 빼기표는 하이픈이 아닌 글자로 적습니다."""
    return f"{value:g}".replace("-", "−")
