"""Adam의 그림: 두 창, 편향 보정, 이동 폭의 한계, 비용의 골짜기, Reddi의 반례."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from dlnotes.figures.canvas import (
    COLORS,
    INK,
    MARKERS,
    Picture,
    Role,
    canvas,
    half_room,
    in_two_widths,
    note,
    room,
)
from dlnotes.moving_averages import (
    half_life,
    recent_weight,
    spike_response,
    step_bound,
    uncorrected_step,
    window,
)

Array = npt.NDArray[np.floating]

_PAIR: tuple[Role, Role] = ("output", "kernel")


@in_two_widths
def two_windows(beta1: float, beta2: float) -> Picture:
    """최근 n번의 갱신이 이동 평균에서 차지하는 비율. 창과 반감기를 표시합니다.

    Parameters
    ----------
    beta1, beta2 : float
        두 이동 평균을 남기는 비율. 앞의 것이 작습니다.

    Returns
    -------
    Picture
        패널 하나. 가로축은 갱신의 수(로그 눈금), 세로축은 비율(%)입니다.

    Examples
    --------
    >>> two_windows(0.9, 0.999)
    Picture(1 panels)
    """
    n = np.geomspace(1, 20_000, 300)
    with canvas(room(), 260, plot=True) as (ax, picture):
        ax.axhline(50, color=COLORS["reference"], linewidth=1, linestyle=(0, (3, 2)))
        for beta, role in zip((beta1, beta2), _PAIR, strict=True):
            ax.plot(n, 100 * recent_weight(beta, n), color=COLORS[role])
            for at, marker in ((window(beta), MARKERS[role]), (half_life(beta), "|")):
                share = 100 * float(recent_weight(beta, at))
                ax.plot([at], [share], marker, color=COLORS[role], markersize=8, markeredgewidth=2)
            note(ax, f"창 {window(beta):.0f}", (window(beta), 63), (7, -4), role)
            note(ax, f"반감기 {half_life(beta):.3g}", (half_life(beta), 50), (7, -9), role)
        note(ax, f"β1 = {beta1:g}", (half_life(beta1) * 4, 93.75), (7, -7), _PAIR[0])
        note(ax, f"β2 = {beta2:g}", (half_life(beta2) * 2, 75), (-9, 4), _PAIR[1], align="right")
        ax.set(xscale="log", xlim=(1, 20_000), ylim=(0, 104))
        ax.set(xlabel="최근 몇 번의 갱신인가 (로그 눈금)", ylabel="차지하는 비율 (%)")
        _plain_decades(ax)
    return picture


@in_two_widths
def smoothed(gradients: npt.ArrayLike, averages: Mapping[str, npt.ArrayLike], *, every: int = 1) -> Picture:
    """들쭉날쭉한 기울기와 그 이동 평균 둘.

    Parameters
    ----------
    gradients : array_like
        기울기 ``(T,)``. 점으로 찍습니다.
    averages : mapping of str to array_like
        이름에서 이동 평균 ``(T,)`` 으로. 두 개입니다. 앞의 것이 창이 짧습니다.
    every : int
        기울기의 점을 몇 개마다 하나씩 찍을지.

    Returns
    -------
    Picture
        패널 하나. 가로축은 갱신, 세로축은 기울기입니다.

    Examples
    --------
    >>> smoothed([1.0, -1.0], {"빠른 평균": [1, 0], "느린 평균": [1, 0.9]})
    Picture(1 panels)
    """
    g = np.asarray(gradients, dtype=float)
    t = np.arange(1, len(g) + 1)
    low, high = float(g.min()), float(g.max())
    thin = 1 + len(g) // 1500  # 한 픽셀에 점이 여럿이면 몇 개만 잇습니다
    with canvas(room(), 250, plot=True) as (ax, picture):
        ax.axhline(0, color=INK, linewidth=0.8)
        style: dict[str, Any] = {
            "marker": MARKERS["gradient"],
            "linestyle": "",
            "markersize": 3,
            "alpha": 0.45,
        }
        ax.plot(t[::every], g[::every], color=COLORS["gradient"], markeredgewidth=0, **style)
        for (name, m), role, y in zip(averages.items(), _PAIR, (0.99, 0.9), strict=True):
            average = np.asarray(m, dtype=float)[::thin]
            ax.plot(t[::thin], average, color=COLORS[role], linewidth=1.4 if role == "output" else 3)
            text: dict[str, Any] = {"va": "top", "transform": ax.transAxes, "color": COLORS[role]}
            ax.text(0.03, y, name, **text)
        ax.text(
            0.03, 0.03, "▲ 기울기", ha="left", va="bottom", transform=ax.transAxes, color=COLORS["gradient"]
        )
        ax.set(xlabel="갱신 (번)", ylabel="기울기", ylim=(low - 0.6, high + 1.9))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    return picture


@in_two_widths
def without_correction(beta1: float, beta2: float, *, settled: int) -> Picture:
    """편향 보정을 하지 않은 Adam의 이동 폭. 기울기가 한결같을 때입니다.

    Parameters
    ----------
    beta1, beta2 : float
        두 이동 평균을 남기는 비율.
    settled : int
        이동 폭이 제 크기로 돌아왔다고 표시할 갱신.

    Returns
    -------
    Picture
        패널 하나. 가로축은 갱신(로그 눈금), 세로축은 학습률의 몇 배인지입니다.

    Examples
    --------
    >>> without_correction(0.9, 0.999, settled=3925)
    Picture(1 panels)
    """
    t = np.arange(1, 20_001)
    step = uncorrected_step(beta1, beta2, t)
    peak = int(np.argmax(step))
    with canvas(room(), 240, plot=True) as (ax, picture):
        ax.plot(t, step, color=COLORS["kernel"])
        ax.axhline(1, color=COLORS["reference"], linewidth=1.4, linestyle=(0, (3, 2)))
        note(ax, "보정하면 언제나 1", (1.1, 1), (2, -11), "reference")
        for index, offset, align in (
            (0, (9, -2), "left"),
            (peak, (8, 8), "left"),
            (settled - 1, (44, 19), "right"),
        ):
            ax.plot([t[index]], [step[index]], MARKERS["kernel"], color=COLORS["kernel"])
            text = f"{t[index]:,}번째 {step[index]:.4g}배"
            note(ax, text, (t[index], step[index]), offset, "kernel", align=align)
        ax.set(xscale="log", xlim=(0.85, 20_000), ylim=(0, 1.15 * float(step[peak])))
        ax.set(xlabel="갱신 (번, 로그 눈금)", ylabel="이동 폭 (α의 배수)")
        _plain_decades(ax)
    return picture


def spike_responses(pairs: Sequence[tuple[float, float]], *, steps: int = 300, eps: float = 1e-8) -> Picture:
    """기울기가 한 번만 온 뒤 Adam의 이동 폭.

    Parameters
    ----------
    pairs : sequence of pair of float
        그릴 (β₁, β₂)들. 모두 경계의 안이거나 모두 밖이어야 이름이 겹치지 않습니다.
    steps : int
        가로축의 길이.
    eps : float
        분모에 더하는 수.

    Returns
    -------
    Picture
        패널 하나. 가로축은 갱신, 세로축은 이동 폭(로그 눈금)입니다. 경계의 안은 실선, 밖은 점선입니다.

    Examples
    --------
    >>> spike_responses([(0.9, 0.999), (0.9, 0.9)]) + spike_responses([(0.9, 0.7)])
    Picture(2 panels)
    """
    t = np.arange(1, steps + 1)
    with canvas(room(), 240, plot=True) as (ax, picture):
        ax.axhline(1, color=INK, linewidth=0.6)
        for number, (beta1, beta2) in enumerate(pairs):
            response = spike_response(beta1, beta2, t, eps=eps)
            bounded = bool(np.isfinite(step_bound(beta1, beta2)))
            role: Role = "output" if bounded else "target"
            ax.plot(t, response, color=COLORS[role], linestyle="-" if bounded else (0, (5, 2)))
            index, offset, align = _label_place(response, last=number == len(pairs) - 1)
            name = f"β1 {beta1:g}, β2 {beta2:g}"
            note(ax, name, (float(t[index]), float(response[index])), offset, role, align=align)
        ax.set(yscale="log", xlim=(0, steps), ylim=(1e-9, 1e6))
        ax.set(xlabel="갱신 (기울기는 첫 번째에만 옴)", ylabel="이동 폭 (α의 배수)")
        ax.minorticks_off()
    return picture


def _label_place(response: Array, *, last: bool) -> tuple[int, tuple[float, float], str]:
    """이름을 적을 자리: 솟은 곡선은 꼭대기, 평평한 곡선은 아래, 내려가는 곡선은 한쪽 옆."""
    if response.max() > 2:
        return int(np.argmax(response)), (8, 9), "left"
    if response[len(response) // 3] > 0.01:
        return len(response) // 6, (0, -11), "left"
    fallen = int(np.argmax(response < (1e-5 if last else 1e-7)))
    return (fallen, (6, 8), "left") if last else (fallen, (-6, -4), "right")


def surface_path(
    cost: Callable[[Array], Array],
    path: npt.ArrayLike,
    name: str,
    *,
    target: tuple[float, float] = (0.0, 0.0),
    xlim: tuple[float, float] = (-5.5, 1.5),
    ylim: tuple[float, float] = (-2.6, 2.6),
) -> Picture:
    """비용의 등고선 위를 지난 길. 점 하나가 갱신 한 번입니다.

    Parameters
    ----------
    cost : callable
        매개변수 ``(..., 2)`` 를 비용 ``(...)`` 으로 바꾸는 함수.
    path : array_like
        지난 자리 ``(T + 1, 2)``. 처음 자리도 들어 있습니다.
    name : str
        그림 위에 쓸 이름.
    target : pair of float
        비용이 가장 낮은 자리.
    xlim, ylim : pair of float
        그릴 범위.

    Returns
    -------
    Picture
        패널 하나. 두 축은 매개변수입니다.

    Examples
    --------
    >>> surface_path(lambda theta: (theta**2).sum(-1), [[-4, 2], [-2, 1], [-1, 0.5]], "경사 하강법")
    Picture(1 panels)
    """
    walked = np.asarray(path, dtype=float)
    first, second = np.meshgrid(np.linspace(*xlim, 81), np.linspace(*ylim, 81))
    height = cost(np.stack([first, second], axis=-1))
    with canvas(room(), 190, plot=True) as (ax, picture):
        start, up = walked[0], -1 if walked[1, 1] > walked[0, 1] else 1
        named = (abs(first - start[0] - 0.8) < 0.7) & (abs(second - start[1] - 0.3 * up) < 0.45)
        levels = np.quantile(height, [0.02, 0.06, 0.12, 0.22, 0.35, 0.5, 0.7, 0.9])
        ax.contour(
            first,
            second,
            np.where(named, np.nan, height),
            levels=levels,
            colors=COLORS["reference"],
            linewidths=0.7,
        )
        ax.plot(*walked.T, color=COLORS["kernel"], linewidth=1.4, marker=MARKERS["kernel"], markersize=3)
        ax.plot(*target, MARKERS["target"], color=COLORS["target"], markersize=13)
        note(ax, "처음", (start[0], start[1]), (10, 7 * up), "kernel")
        ax.set_title(name)
        ax.set(xlabel="θ1", ylabel="θ2", xlim=xlim, ylim=ylim)
    return picture


@in_two_widths
def one_cycle(gradients: npt.ArrayLike, steps: npt.ArrayLike) -> Picture:
    """한 주기의 기울기와 Adam의 이동. 합의 부호가 서로 다릅니다.

    Parameters
    ----------
    gradients : array_like
        한 주기의 기울기 ``(P,)``.
    steps : array_like
        같은 주기에 Adam이 옮긴 거리 ``(P,)``. 단위는 학습률입니다.

    Returns
    -------
    Picture
        패널 둘. 첫째가 기울기, 둘째가 이동입니다.

    Examples
    --------
    >>> one_cycle([10, -1, -1], [1, -0.7, -1])
    Picture(2 panels)
    """
    gradient = _signed_bars(np.asarray(gradients, dtype=float), "기울기", "gradient", ".3g")
    return gradient + _signed_bars(np.asarray(steps, dtype=float), "Adam의 이동 (α의 배수)", "kernel", ".2f")


@in_two_widths
def rare_paths(paths: Mapping[str, npt.ArrayLike], steps: int, roles: Sequence[Role]) -> Picture:
    """Reddi의 반례에서 x가 지난 길.

    Parameters
    ----------
    paths : mapping of str to array_like
        이름에서 자리 ``(K,)`` 로. 고르게 솎은 것이면 됩니다.
    steps : int
        전체 갱신의 수.
    roles : sequence of Role
        길마다의 색.

    Returns
    -------
    Picture
        패널 하나. 가로축은 갱신(만 번), 세로축은 x입니다.

    Examples
    --------
    >>> rare_paths({"Adam": [0, 1], "AMSGrad": [0, -1]}, 1_000_000, ["target", "output"])
    Picture(1 panels)
    """
    with canvas(room(), 270, plot=True) as (ax, picture):
        ends: list[tuple[int, str, Role]] = [
            (1, "x = 1: 가장 나쁜 자리", "reference"),
            (-1, "x = −1: 가장 좋은 자리", "target"),
        ]
        for bound, text, role in ends:
            ax.axhline(bound, color=COLORS[role], linewidth=1, linestyle=(0, (3, 2)))
            note(ax, text, (steps / 10_000, bound), (-4, 9 * bound), role, align="right")
        for (name, path), role in zip(paths.items(), roles, strict=True):
            x = np.asarray(path, dtype=float)
            t = np.linspace(0, steps / 10_000, len(x))
            ax.plot(t, x, color=COLORS[role], linewidth=1.8)
            index = int((0.04 if x[len(x) // 10] > 0.9 else 0.5) * len(x))
            note(ax, name, (float(t[index]), float(x[index])), (0, -12 if x[index] > 0 else 12), role)
        ax.set(xlabel="갱신 (만 번)", ylabel="x", ylim=(-1.3, 1.3), xlim=(0, steps / 10_000))
    return picture


def _signed_bars(values: Array, title: str, role: Role, spec: str) -> Picture:
    """막대와 그 합. 막대 위에 값을 적습니다."""
    everything = np.append(values, values.sum())
    reach = float(np.abs(everything).max())
    with canvas(half_room(), 220, plot=True) as (ax, picture):
        ax.axhline(0, color=INK, linewidth=0.8)
        place = list(range(len(everything)))
        face = [(COLORS[role], 0.35)] * len(values) + [(COLORS[role], 0.85)]
        ax.bar(place, everything, color=face, edgecolor=COLORS[role], width=0.7)
        for x, value in zip(place, everything, strict=True):
            text = f"{value:+{spec}}".replace("-", "−")
            up = 1 if value >= 0 else -1
            ax.text(x, value + up * 0.09 * reach, text, ha="center", va="center")
        ax.set_title(title)
        ax.set(xticks=place, ylim=(-1.25 * reach, 1.25 * reach), yticks=[])
        ax.set_xticklabels([*(f"{i + 1}" for i in range(len(values))), "합"])
        ax.spines["left"].set_visible(False)
        ax.spines["bottom"].set_visible(False)
        ax.tick_params(length=0)
    return picture


def _plain_decades(ax: Axes) -> None:
    """로그 눈금의 10, 100, 1,000을 거듭제곱이 아닌 수로 적습니다."""
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    ax.minorticks_off()
