"""보상의 번호와 표본의 그림."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from dlnotes.figures.canvas import (
    COLORS,
    INK,
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
from dlnotes.rewards import DQN, SUTTON_BARTO, action_values, number_rewards, running_means


@in_two_widths
def numbered_timeline(steps: int = 3) -> Picture:
    """같은 일을 두 표기로 적은 것. 위아래로 같은 칸이 같은 일이고, 보상의 이름과 묶는 자리만 다릅니다.

    Parameters
    ----------
    steps : int
        행동의 수.

    Returns
    -------
    Picture
        패널 하나. 칸은 왼쪽에서 오른쪽으로 시간 차례입니다.

    Examples
    --------
    >>> numbered_timeline(2)
    Picture(1 panels)
    """
    side, left, tops = room() // (3 * steps + 1) - 1, 5, (38, 118)
    with canvas(room(), 200) as (ax, picture):
        write(ax, left, 16, "DQN 논문", align="left")
        write(ax, left, 188, "Sutton과 Barto의 책", align="left")
        for top, names, offset, ends in (
            (tops[0], "sar", DQN, [3 * t + 3 for t in range(steps)]),
            (tops[1], "SAR", SUTTON_BARTO, [3 * t + 2 for t in range(steps)]),
        ):
            numbers = list(number_rewards(np.zeros(steps), offset))
            for place in range(3 * steps + 1):
                t, kind = divmod(place, 3)
                number = numbers[t] if kind == 2 else t
                role: Role = ("input", "kernel", "target")[kind]
                cell(ax, left + place * side + 2, top, side - 4, role, height=30)
                _symbol(ax, left + (place + 0.5) * side, top + 15, names[kind], str(number))
            last = 3 * steps + 1
            for t, (start, stop) in enumerate(zip([0, *ends], [*ends, last], strict=True)):
                _bracket(ax, left + start * side + 4, left + stop * side - 4, top + 37, f"{t}번")
        for t in range(steps):
            x = left + (3 * t + 2.5) * side
            ax.plot([x, x], [tops[0] + 42, tops[1] - 4], color=COLORS["target"], linewidth=1, dashes=(2, 2))
    return picture


@in_two_widths
def value_readings(received: npt.ArrayLike, gamma: float, offset: int) -> Picture:
    """보상의 번호를 읽어 가치를 세는 모습. 위는 번호를 붙인 보상, 아래는 행동마다의 가치입니다.

    보상에는 DQN의 번호가 붙어 있고, t번째 행동의 보상으로 번호가 t + offset인 것을 읽습니다.

    Parameters
    ----------
    received : array_like
        행동한 차례대로 받은 보상 ``(T,)``.
    gamma : float
        할인율.
    offset : int
        읽을 때 행동의 번호에 더하는 수. 0이면 맞게 읽은 것입니다.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> value_readings([0, 0, 1], 0.9, 1)
    Picture(1 panels)
    """
    numbered = number_rewards(received, DQN)
    q = action_values(numbered, len(numbered), gamma=gamma, offset=offset)
    wide, left = (room() - 20) // len(q), 10
    shift = "" if offset == 0 else f"{offset:+d}".replace("-", "−")
    title = "맞게 읽기" if offset == 0 else "잘못 읽기"
    with canvas(room(), 168) as (ax, picture):
        write(ax, left, 14, title + ":", align="left")
        ax.text(left + 62, 14, f"행동 t의 보상은 번호 t{shift}", va="center", color=INK)
        for t, reward in numbered.items():
            x = left + t * wide
            used = 0 <= t - offset < len(q)
            cell(ax, x + 3, 50, wide - 6, "target" if used else "reference", f"{reward:g}", height=28)
            _symbol(ax, x + wide / 2, 38, "r", str(t))
        for t, value in enumerate(q):
            x = left + t * wide
            source = t + offset
            if source in numbered:
                start = (left + (source + 0.5) * wide, 80.0)
                arrow(ax, start, (x + wide / 2, 112), role="target", width=1.2)
            cell(ax, x + 3, 114, wide - 6, "output" if value else "reference", _value(value), height=28)
            _symbol(ax, x + wide / 2, 154, "Q", str(t))
    return picture


@in_two_widths
def reward_samples(samples: npt.ArrayLike, expectation: float, marked: Sequence[int]) -> Picture:
    """보상의 표본과 그 평균. 표본은 기댓값과 한 번도 같지 않고, 평균은 기댓값으로 다가갑니다.

    Parameters
    ----------
    samples : array_like
        표본 ``(N,)``.
    expectation : float
        기댓값.
    marked : sequence of int
        평균을 적어 둘 표본 수.

    Returns
    -------
    Picture
        패널 하나. 가로축은 표본의 수(로그 눈금), 세로축은 보상입니다.

    Examples
    --------
    >>> samples = np.random.default_rng(2).choice([0, 10], 2000, p=[0.7, 0.3])
    >>> reward_samples(samples, 3.0, [10, 300, 2000])
    Picture(1 panels)
    """
    values = np.asarray(samples, float)
    means = running_means(values)
    shown = np.unique(np.geomspace(1, len(values), 120).astype(int))
    with canvas(room(), 240, plot=True) as (ax, picture):
        ax.plot(shown, values[shown - 1], "s", color=COLORS["input"], alpha=0.55, markersize=4)
        ax.axhline(expectation, color=COLORS["target"], dashes=(4, 3), linewidth=1.4)
        ax.plot(shown, means[shown - 1], color=COLORS["output"])
        ax.set_xscale("log")
        high = values.max()
        for n in marked:
            ax.plot(n, means[n - 1], "o", color=COLORS["output"])
            place, align = ((5, 12), "right") if n == len(values) else ((-2, 13), "center")
            if n == marked[0]:  # 평균이 내려온 쪽을 비킵니다
                falls = means[n // 2] > means[n - 1]
                place, align = ((7, 9), "left") if falls else ((-7, 9), "right")
            note(ax, f"{means[n - 1]:.5g}", (n, means[n - 1]), place, "output", align=align)
        note(ax, "표본 하나하나", (1.2, high), (0, -14), "input", align="left")
        note(ax, f"기댓값 {expectation:g}", (len(values), expectation), (0, -11), "target", align="right")
        note(ax, "표본의 평균", (len(values), expectation), (5, 32), "output", align="right")
        ax.set(xlabel="표본의 수 n (개)", ylabel="보상")
        ax.set_ylim(values.min() - 0.06 * high, 1.06 * high)
        ax.minorticks_off()
    return picture


@in_two_widths
def minibatch_numbers(stored: int, chosen: Sequence[int]) -> Picture:
    """재현 메모리에서 뽑은 미니배치. 위의 번호는 겪은 시간이고, 아래의 번호는 뽑힌 차례입니다.

    Parameters
    ----------
    stored : int
        메모리에 든 전이의 수. 시간 0부터 차례로 들었습니다.
    chosen : sequence of int
        뽑힌 전이의 시간. 이 차례가 표본의 번호 1, 2, …가 됩니다.

    Returns
    -------
    Picture
        패널 하나.

    Examples
    --------
    >>> minibatch_numbers(12, [7, 2, 11, 2])
    Picture(1 panels)
    """
    side, left = (room() - 20) / stored, 10
    wide = 0.14 * room()
    start = room() / 2 - wide * len(chosen) / 2
    with canvas(room(), 172) as (ax, picture):
        write(ax, left, 14, "재현 메모리: 번호는 시간 t", align="left")
        for t in range(stored):
            role: Role = "input" if t in chosen else "reference"
            cell(ax, left + t * side + 1, 28, side - 2, role, str(t), height=26)
        for i, t in enumerate(chosen, 1):
            x = start + (i - 0.5) * wide
            arrow(ax, (left + (t + 0.5) * side, 56), (x, 106), width=0.9)
            cell(ax, x - wide / 2 + 3, 108, wide - 6, "input", height=28)
            _symbol(ax, x, 122, "r", str(i))
        write(ax, room() / 2, 156, "미니배치: 번호는 뽑힌 차례 i")
    return picture


def _symbol(ax: Axes, x: float, y: float, letter: str, number: str) -> None:
    """아래 첨자가 붙은 글자. 가운데가 (x, y)입니다."""
    wide = {"Q": 12, "a": 9}.get(letter, 10 if letter.isupper() else 7)
    half = (wide + 7 * len(number)) / 2
    write(ax, x - half + wide / 2, y - 1, letter, size=14)
    write(ax, x + half, y + 5, number, align="right")


def _bracket(ax: Axes, start: float, stop: float, y: float, label: str) -> None:
    """칸의 묶음을 받치는 꺾쇠와 그 번호."""
    ax.plot([start, start, stop, stop], [y - 4, y, y, y - 4], color=INK, linewidth=1)
    write(ax, (start + stop) / 2, y + 10, label)


def _value(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") if value else "0"
