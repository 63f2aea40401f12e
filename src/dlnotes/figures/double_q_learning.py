"""최대화 편향과 이중 큐 학습의 그림. 큐 학습은 회색, 이중 큐 학습은 초록, 참값은 빨강입니다."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dlnotes.figures.canvas import (
    COLORS,
    INK,
    MARKERS,
    Picture,
    Role,
    arrow,
    canvas,
    cell,
    in_two_widths,
    note,
    room,
    write,
)
from dlnotes.maximization import mean_with_interval
from dlnotes.q_learning import double_td_target, td_target

Array = npt.NDArray[np.floating]

NAMES: dict[Role, str] = {"reference": "큐 학습", "output": "이중 큐 학습", "target": "참값"}
"""곡선 옆에 적는 이름."""


def noisy_maximum(first: npt.ArrayLike, second: npt.ArrayLike, truth: float = 0.0) -> Picture:
    """행동마다의 추정치에서 가장 큰 것을 고르고, 그 값을 어디에서 읽는지. 왼쪽은 고른 값을 그대로 읽습니다.

    Parameters
    ----------
    first : array_like
        행동을 고르는 추정치 ``(A,)``.
    second : array_like
        따로 얻은 추정치 ``(A,)``.
    truth : float
        모든 행동의 참값.

    Returns
    -------
    Picture
        패널 둘. 가로축은 행동의 번호, 세로축은 추정치입니다.

    Examples
    --------
    >>> noisy_maximum([0.1, 0.4, -0.2], [0.0, -0.1, 0.3])
    Picture(2 panels)
    """
    x, y = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    best = int(x.argmax())
    reach = float(np.abs(np.concatenate([x, y]) - truth).max()) * 1.3
    picture = Picture(())
    panels: tuple[tuple[str, Array, Role], ...] = (
        ("한 벌로 고르고 그대로 읽기", x, "output"),
        ("한 벌로 고르고 다른 벌에서 읽기", y, "input"),
    )
    for title, read, role in panels:
        with canvas(room(), 230, plot=True) as (ax, panel):
            actions = np.arange(1, len(x) + 1)
            ax.axhline(truth, color=COLORS["target"], linewidth=1.4)
            faint = 1.0 if role == "output" else 0.3
            ax.plot(actions, x, MARKERS["output"], color=COLORS["output"], alpha=faint)
            if role == "input":
                ax.plot(actions, y, MARKERS["input"], color=COLORS["input"], markersize=6)
                ax.plot([best + 1] * 2, [x[best], y[best]], ":", color=INK, linewidth=1.2)
            ring: dict[str, Any] = {
                "markeredgecolor": COLORS["kernel"],
                "markeredgewidth": 2.2,
                "markersize": 14,
            }
            ax.plot(best + 1, x[best], "o", color="none", **ring)
            side = 1 if best < len(x) / 2 else -1
            align = "left" if side > 0 else "right"
            note(ax, "고른 행동", (best + 1, x[best]), (13 * side, 7), "kernel", align=align)
            read_text = f"읽은 값 {_signed(read[best], 2)}"
            ax.text(best + 1, truth - 0.97 * reach, read_text, color=COLORS[role], ha="center", va="bottom")
            ax.text(len(x) + 2.2, truth, f"참값 {truth:g}", color=COLORS["target"], va="bottom", ha="right")
            ax.set(xlabel="행동의 번호", ylabel="추정치", title=title, xticks=actions)
            ax.set(xlim=(0.3, len(x) + 2.2), ylim=(truth - reach, truth + reach))
        picture = picture + panel
    return picture


@in_two_widths
def estimate_histograms(single: npt.ArrayLike, double: npt.ArrayLike, truth: float) -> Picture:
    """두 추정의 분포. 위는 고른 값을 그대로 읽은 것, 아래는 다른 벌에서 읽은 것입니다.

    Parameters
    ----------
    single, double : array_like
        두 추정의 값들 ``(trials,)``.
    truth : float
        가장 좋은 행동의 참값.

    Returns
    -------
    Picture
        패널 하나. 가로축은 추정값, 세로는 나온 횟수입니다.

    Examples
    --------
    >>> noise = np.random.default_rng(0).normal(size=500)
    >>> estimate_histograms(0.5 + 0.2 * noise, 0.2 * noise, 0.0)
    Picture(1 panels)
    """
    values = {"reference": np.asarray(single, dtype=float), "output": np.asarray(double, dtype=float)}
    everything = np.concatenate([*values.values(), [truth]])
    low, high = float(everything.min()), float(everything.max())
    edges = np.linspace(low, high, 41)
    with canvas(room(), 210, plot=True) as (ax, picture):
        for level, (role, x) in zip((1.0, 0.0), values.items(), strict=True):
            color = COLORS["reference" if role == "reference" else "output"]
            counts = np.histogram(x, edges)[0]
            ax.stairs(
                level + 0.8 * counts / counts.max(), edges, baseline=level, fill=True, color=(color, 0.35)
            )
            ax.stairs(level + 0.8 * counts / counts.max(), edges, baseline=level, color=color, linewidth=1.2)
            mean = float(x.mean())
            ax.plot([mean, mean], [level, level + 0.86], color=color, linewidth=2.4)
            name = "한 벌로" if role == "reference" else "두 벌로\n나누어"
            ax.text(low, level + 0.55, f"{name}\n{_signed(mean, 3)}", color=color, va="center")
        ax.plot([truth, truth], [0, 1.98], color=COLORS["target"], linewidth=1.6)
        ax.text(truth, 2.02, f"참값 {truth:g}", color=COLORS["target"], ha="center", va="bottom")
        ax.set(xlabel="가장 큰 값의 추정", yticks=[], ylim=(0, 2.2), xlim=(low, high))
        ax.spines["left"].set_visible(False)
    return picture


@in_two_widths
def bias_process(actions: int, mean: float, std: float) -> Picture:
    """최대화 편향의 예. A에서 왼쪽은 B로, 오른쪽은 끝으로 가고, B의 행동은 모두 보상을 주고 끝납니다.

    Parameters
    ----------
    actions : int
        B에서 할 수 있는 행동의 수.
    mean, std : float
        B에서 받는 보상의 평균과 표준편차.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> bias_process(10, -0.1, 1.0)
    Picture(1 panels)
    """
    middle, height = 76, 152
    first, second, last = 0.68 * room(), 0.36 * room(), room() - 42
    with canvas(room(), height) as (ax, picture):
        for x, name in ((first, "A"), (second, "B")):
            cell(ax, x - 19, middle - 19, 38, "input", name)
        for x in (10, last):
            cell(ax, x, middle - 17, 34, "reference", "끝", height=34)
        for start, end, way in ((first - 21, second + 22, "왼쪽"), (first + 21, last - 2, "오른쪽")):
            arrow(ax, (start, middle), (end, middle), role="reference", width=2)
            write(ax, (start + end) / 2, middle - 16, way)
            write(ax, (start + end) / 2, middle + 15, "보상 0")
        for i in range(actions):
            lift = (i - (actions - 1) / 2) * min(12.0, 108 / actions)
            ax.annotate(
                "",
                xy=(45, middle + lift * 0.28),
                xytext=(second - 20, middle + lift * 0.28),
                arrowprops={
                    "arrowstyle": "-|>,head_width=0.14,head_length=0.28",
                    "color": COLORS["kernel"],
                    "linewidth": 1,
                    "connectionstyle": f"arc3,rad={-lift / (second - 65):.3f}",
                    "shrinkA": 0,
                    "shrinkB": 0,
                },
            )
        write(ax, 10, 14, f"B의 행동 {actions}개", role="kernel", align="left")
        write(ax, first, middle - 34, "처음 상태")
        spread = f"표준편차 {std:g}"
        write(
            ax,
            10,
            height - 14,
            f"보상: 평균 {mean:g}, {spread}".replace("-", "−"),
            role="target",
            align="left",
        )
    return picture


@in_two_widths
def left_shares(single: npt.ArrayLike, double: npt.ArrayLike, floor: float) -> Picture:
    """에피소드마다 왼쪽으로 간 실행의 비율.

    Parameters
    ----------
    single, double : array_like
        큐 학습과 이중 큐 학습의 비율 ``(episodes,)``.
    floor : float
        왼쪽이 손해임을 아는 학습자가 탐험하느라 왼쪽으로 가는 비율.

    Returns
    -------
    Picture
        패널 하나. 가로축은 에피소드, 세로축은 비율(%)입니다.

    Examples
    --------
    >>> left_shares(np.linspace(0.9, 0.2, 100), np.linspace(0.5, 0.1, 100), 0.05)
    Picture(1 panels)
    """
    curves: dict[Role, Array] = {
        "reference": 100 * np.asarray(single, dtype=float),
        "output": 100 * np.asarray(double, dtype=float),
    }
    episodes = np.arange(1, len(curves["output"]) + 1)
    with canvas(room(), 240, plot=True) as (ax, picture):
        for role, share in curves.items():
            ax.plot(episodes, share, color=COLORS[role], linestyle="--" if role == "reference" else "-")
        ax.axhline(100 * floor, color=COLORS["target"], linewidth=1.4)
        peak = int(curves["reference"].argmax())
        top = float(curves["reference"][peak])
        ax.plot(peak + 1, top, MARKERS["reference"], color=COLORS["reference"], markeredgewidth=2)
        note(ax, f"큐 학습, 최고 {top:.1f}%", (peak + 1, top), (10, 9), "reference", align="left")
        place = max(1, len(episodes) // 10)
        note(ax, "이중 큐 학습", (place, float(curves["output"][place - 1])), (8, 9), "output", align="left")
        ax.text(
            episodes[-1],
            100 * floor - 1.5,
            f"최선 {100 * floor:g}%",
            color=COLORS["target"],
            ha="right",
            va="top",
        )
        ax.set(xlabel="에피소드", ylabel="왼쪽으로 간 실행 (%)", ylim=(-7, 103), yticks=range(0, 101, 20))
    return picture


def value_curves(
    episodes: npt.ArrayLike,
    single: npt.ArrayLike,
    double: npt.ArrayLike,
    truth: float,
    title: str,
    *,
    limit: float | None = None,
    span: tuple[float, float] = (-0.3, 0.35),
) -> Picture:
    """에피소드가 지나며 상태 B의 추정값이 어디로 가는지. 실행들의 평균과 95% 구간입니다.

    Parameters
    ----------
    episodes : array_like
        추정값을 적은 에피소드의 번호 ``(N,)``.
    single, double : array_like
        큐 학습과 이중 큐 학습의 추정값 ``(N, runs)``.
    truth : float
        B의 참값.
    title : str
        패널의 제목.
    limit : float, optional
        큐 학습의 추정값의 극한.
    span : (float, float)
        세로축의 범위.

    Returns
    -------
    Picture
        패널 하나. 가로축은 에피소드(로그 눈금), 세로축은 추정값입니다.

    Examples
    --------
    >>> value_curves([1, 2], [[0.0, 0.1], [0.2, 0.3]], [[0.0, 0.0], [-0.1, -0.1]], -0.1, "무작위")
    Picture(1 panels)
    """
    shown = np.asarray(episodes)
    curves: dict[Role, Array] = {"reference": np.asarray(single), "output": np.asarray(double)}
    with canvas(room(), 250, plot=True) as (ax, picture):
        for role, values in curves.items():
            mean, half = mean_with_interval(values)
            ax.fill_between(shown, mean - half, mean + half, color=(COLORS[role], 0.25), linewidth=0)
            ax.plot(shown, mean, color=COLORS[role], linestyle="--" if role == "reference" else "-")
            peak = int(mean.argmax()) if role == "reference" else len(mean) - 1
            at = float(shown[peak]), float(mean[peak])
            late = shown[peak] > 0.1 * shown[-1]
            lift, align = (
                (13 if role == "reference" else -15),
                ("right" if late else "center" if peak else "left"),
            )
            at = (float(shown[-1]), at[1]) if late else at
            note(ax, f"{NAMES[role]} → {_signed(mean[-1], 3)}", at, (0, lift), role, align=align)
        ax.axhline(truth, color=COLORS["target"], linewidth=1.4)
        ax.text(1.1, truth - 0.012, f"참값 {truth:g}".replace("-", "−"), color=COLORS["target"], va="top")
        if limit is not None:
            ax.axhline(limit, color=INK, linewidth=1, linestyle=":")
            ax.text(1.1, limit + 0.012, f"극한 {limit:.4f}", va="bottom")
        ax.set(xscale="log", xlabel="에피소드 (로그 눈금)", ylabel="B의 추정값", title=title, ylim=span)
        ticks = [10**n for n in range(int(math.log10(shown[-1])) + 1)]
        ax.set_xticks(ticks, [f"{t:,}" for t in ticks])
        ax.minorticks_off()
    return picture


def target_choice(online: Sequence[float], target: Sequence[float], reward: float, gamma: float) -> Picture:
    """DQN과 Double DQN의 목표값. 어느 신경망이 다음 행동을 고르고, 어느 신경망에서 값을 읽는지.

    Parameters
    ----------
    online, target : sequence of float
        다음 상태에서 온라인 신경망과 목표 신경망이 내는 행동 가치.
    reward, gamma : float
        보상과 할인율.

    Returns
    -------
    Picture
        패널 둘. 왼쪽이 DQN, 오른쪽이 Double DQN입니다.

    Examples
    --------
    >>> target_choice([1.0, 2.5, 2.0], [1.2, 1.4, 2.2], 1.0, 0.9)
    Picture(2 panels)
    """
    single = float(td_target(reward, target, False, gamma=gamma))
    double = float(double_td_target(reward, online, target, False, gamma=gamma))
    return _choice_panel("DQN", online, target, target, reward, gamma, single) + _choice_panel(
        "Double DQN", online, target, online, reward, gamma, double
    )


def _choice_panel(
    title: str,
    online: Sequence[float],
    target: Sequence[float],
    selector: Sequence[float],
    reward: float,
    gamma: float,
    y: float,
) -> Picture:
    chosen = int(np.argmax(selector))
    side, gap, left = 48, 10, 108
    upper, lower = 54.0, 148.0
    with canvas(room(), 262) as (ax, picture):
        write(ax, 8, 14, title, align="left", size=13)
        for a in range(len(online)):
            write(ax, left + a * (side + gap) + side / 2, 40, f"행동 {a + 1}")
        rows: tuple[tuple[float, Sequence[float], str, str], ...] = (
            (upper, online, "온라인", "지금 배움"),
            (lower, target, "목표", "굳혀 둠"),
        )
        for top, values, name, symbol in rows:
            write(ax, 8, top + side / 2 - 9, f"{name} 신경망", align="left")
            write(ax, 8, top + side / 2 + 9, symbol, align="left")
            used = values is target or selector is online
            for a, value in enumerate(values):
                x = left + a * (side + gap)
                cell(ax, x, top, side, "output" if used else "reference", f"{value:g}", strength=0.12)
                if a == chosen and values is selector:
                    cell(ax, x - 4, top - 4, side + 8, "kernel", strength=0.0)
        middle = left + chosen * (side + gap) + side / 2
        if selector is online:
            arrow(ax, (middle, upper + side + 7), (middle, lower - 3), role="kernel", width=2)
            write(ax, middle + 8, upper + side + 22, "선택", role="kernel", align="left")
        else:
            write(ax, middle, lower - 17, "선택", role="kernel")
        arrow(ax, (middle, lower + side + 7), (middle, lower + side + 30), role="output", width=2)
        write(ax, middle + 8, lower + side + 18, "평가", role="output", align="left")
        formula = f"y = {reward:g} + {gamma:g} × {target[chosen]:g} = {y:.2f}"
        write(ax, room() - 12, lower + side + 46, formula, align="right", size=13)
    return picture


@in_two_widths
def output_gradients(gradients: npt.ArrayLike, actions: Sequence[int]) -> Picture:
    """미니배치의 전이마다 출력층의 어느 값이 기울기를 받는지. 한 줄이 전이 하나입니다.

    Parameters
    ----------
    gradients : array_like
        출력의 기울기 ``(N, A)``.
    actions : sequence of int
        전이마다 실제로 한 행동의 번호 ``(N,)``.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> output_gradients([[0.0, -1.0], [0.5, 0.0]], [1, 0])
    Picture(1 panels)
    """
    dq = np.asarray(gradients, dtype=float)
    batch, count = dq.shape
    side, left, top = 46, 96, 40
    wide = min(112, (room() - left - 10) // count - 6)
    with canvas(left + count * (wide + 6) + 10, top + batch * (side + 4) + 6) as (ax, picture):
        for a in range(count):
            write(ax, left + a * (wide + 6) + wide / 2, 20, f"행동 {a}")
        for i in range(batch):
            y = top + i * (side + 4)
            write(ax, 8, y + side / 2 - 8, f"전이 {i + 1}", align="left")
            write(ax, 8, y + side / 2 + 9, f"한 행동 {actions[i]}", align="left")
            for a in range(count):
                role: Role = "gradient" if dq[i, a] else "reference"
                label = f"{dq[i, a]:+.2g}".replace("-", "−") if dq[i, a] else "0"
                strength = 0.3 if dq[i, a] else 0.04
                cell(ax, left + a * (wide + 6), y, wide, role, label, strength=strength, height=side)
    return picture


@in_two_widths
def believed_values(
    steps: npt.ArrayLike,
    estimates: Mapping[str, npt.ArrayLike],
    optimum: float,
    late: Mapping[str, npt.ArrayLike],
) -> Picture:
    """배우는 동안 DQN과 Double DQN이 처음 상태의 값을 얼마로 믿는지. 시드의 평균과 95% 구간입니다.

    Parameters
    ----------
    steps : array_like
        잰 때까지의 갱신 횟수 ``(checks,)``.
    estimates : mapping
        이름마다 믿는 값 ``(runs, checks)``. 차례는 DQN, Double DQN입니다.
    optimum : float
        처음 상태의 참값 :math:`Q^*`.
    late : mapping
        이름마다 끝에 가서 믿는 값 ``(runs,)``. 그 평균을 곡선 옆에 적습니다.

    Returns
    -------
    Picture
        패널 하나. 가로축은 갱신 횟수, 세로축은 믿는 값입니다.

    Examples
    --------
    >>> curves = {"DQN": [[1.3, 1.2, 1.2], [1.4, 1.1, 1.2]], "Double DQN": [[0.6, 0.8, 0.8]] * 2}
    >>> late = {"DQN": [1.2, 1.1], "Double DQN": [0.8, 0.8]}
    >>> believed_values([100, 200, 300], curves, 0.81, late)
    Picture(1 panels)
    """
    x = np.asarray(steps)
    roles: tuple[Role, Role] = ("reference", "output")
    with canvas(room(), 250, plot=True) as (ax, picture):
        for role, (name, values) in zip(roles, estimates.items(), strict=True):
            mean, half = mean_with_interval(values, axis=0)
            line: dict[str, Any] = {"linestyle": "--" if role == "reference" else "-", "markersize": 5}
            ax.fill_between(x, mean - half, mean + half, color=(COLORS[role], 0.2), linewidth=0)
            ax.plot(x, mean, marker=MARKERS[role], color=COLORS[role], **line)
            above = role == "reference"
            height = float((mean + half).max()) if above else float((mean - half)[len(x) // 2 :].min())
            text = f"{name} {mean_with_interval(late[name])[0]:.2f}"
            note(ax, text, (float(x[-1]), height), (0, 10 if above else -12), role, align="right")
        ax.axhline(optimum, color=COLORS["target"], linewidth=1.4)
        ax.text(x[0], optimum + 0.02, f"참값 {optimum:.2f}", color=COLORS["target"], va="bottom", ha="left")
        ax.set(xlabel="갱신 횟수", ylabel="믿는 값")
    return picture


def _signed(value: float, digits: int) -> str:
    """부호를 붙여 적습니다. 빼기표는 수학의 것을 씁니다."""
    return f"{value:+.{digits}f}".replace("-", "−")
