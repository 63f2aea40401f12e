"""시야 실험. 격자 칸 하나만 보고 물체의 너비를 알 수 있는지 1차원 신호로 재어 봅니다."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from dlnotes._checks import count as counted
from dlnotes._checks import generator, integer, nonnegative, pair, room, several

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ViewFit:
    """한 시야로 너비를 어림한 성적. 모두 시험 자료에서 잰 값입니다.

    Parameters
    ----------
    view : int
        시야의 길이 (픽셀).
    r2 : float
        결정 계수 :math:`R^2`. 1이면 너비를 완전히 맞히고, 0이면 평균을 답하는 것과 같습니다.
    rmse : float
        제곱평균제곱근 오차 (픽셀).
    sd : float
        너비의 표준편차 (픽셀). 평균을 답할 때의 오차입니다.
    """

    view: int
    r2: float
    rmse: float
    sd: float


def draw_bars(
    count: int,
    rng: np.random.Generator,
    *,
    length: int = 64,
    cell: int = 8,
    widths: tuple[int, int] = (12, 40),
    noise: float = 0.1,
) -> tuple[Floats, Floats]:
    r"""막대 하나가 놓인 1차원 신호를 뽑습니다.

    신호는 0이고 막대가 놓인 픽셀은 1입니다. 여기에 정규 잡음을 더합니다. 너비가 :math:`w`,
    중심이 :math:`c` 인 막대는 :math:`c - \lfloor w/2 \rfloor` 에서 시작해 :math:`w` 픽셀을 차지합니다.
    중심은 언제나 한가운데 칸에 듭니다.

    Parameters
    ----------
    count : int
        신호의 수 N.
    rng : numpy.random.Generator
        난수 생성기. 너비, 중심, 잡음의 차례로 뽑습니다.
    length : int
        신호의 길이 L (픽셀).
    cell : int
        한가운데 칸의 길이 (픽셀). 칸의 양쪽에 같은 길이가 남아야 합니다.
    widths : (int, int)
        막대 너비의 최솟값과 최댓값 (픽셀). 둘 다 나올 수 있고, 모두 같은 확률로 뽑습니다.
    noise : float
        잡음의 표준편차. 0 이상입니다.

    Returns
    -------
    signals : ndarray
        신호. 모양 ``(N, L)``.
    width : ndarray
        막대의 너비 (픽셀). 모양 ``(N,)``.

    Raises
    ------
    TypeError
        정수가 아닌 크기나 실수가 아닌 잡음을 받았을 때.
    ValueError
        크기가 허용 범위를 벗어날 때, 가장 넓은 막대가 신호를 벗어날 수 있을 때.

    Examples
    --------
    >>> signals, width = draw_bars(3, np.random.default_rng(0), noise=0)
    >>> signals.shape, width.tolist(), signals.sum(axis=1).tolist()
    ((3, 64), [36.0, 30.0, 26.0], [36.0, 30.0, 26.0])
    """
    count, length, rng = counted("count", count), counted("length", length), generator("rng", rng)
    room(count=count, length=length)
    cell = _centred("cell", cell, length)
    first, last = (length - cell) // 2, (length + cell) // 2 - 1
    narrowest, widest = pair("widths", widths, least=1)
    if narrowest > widest:
        raise ValueError(f"widths must be in ascending order, got {widths}")
    if first < widest // 2:  # on the right there is room for one pixel more
        raise ValueError(f"widths must fit in length {length} around cell {cell}, got {widths}")
    noise = nonnegative("noise", noise)
    w = rng.integers(narrowest, widest, size=count, endpoint=True)
    c = rng.integers(first, last, size=count, endpoint=True)
    start = (c - w // 2)[:, np.newaxis]
    position = np.arange(length)
    bars = (start <= position) & (position < start + w[:, np.newaxis])
    return bars + rng.normal(0, noise, size=bars.shape), w.astype(np.float64)


def width_regression(
    views: Sequence[int],
    rng: np.random.Generator,
    *,
    length: int = 64,
    cell: int = 8,
    widths: tuple[int, int] = (12, 40),
    noise: float = 0.1,
    train: int = 4000,
    test: int = 2000,
) -> tuple[ViewFit, ...]:
    r"""한가운데를 얼마나 넓게 보아야 막대의 너비를 알 수 있는지 잽니다.

    신호의 한가운데 `view` 픽셀만 보고 최소제곱법으로 너비를 어림합니다.

    .. math:: \hat w = \beta_0 + \sum_{j} \beta_j x_j

    :math:`x_j` 는 시야 안의 픽셀이고, :math:`\beta` 는 학습 자료에서 오차의 제곱합을 가장 작게 하는 값입니다.
    모든 시야가 같은 자료를 씁니다.

    Parameters
    ----------
    views : Sequence[int]
        시야의 길이 (픽셀). 시야의 양쪽에 같은 길이가 남아야 합니다.
    rng : numpy.random.Generator
        난수 생성기. 학습 자료를 먼저 뽑고 시험 자료를 뽑습니다.
    length : int
        신호의 길이 (픽셀).
    cell : int
        한가운데 칸의 길이 (픽셀).
    widths : (int, int)
        막대 너비의 최솟값과 최댓값 (픽셀).
    noise : float
        잡음의 표준편차.
    train : int
        학습 신호의 수. 가장 긴 시야의 계수(시야의 길이 + 1)보다 적을 수 없습니다.
    test : int
        시험 신호의 수. 2 이상입니다.

    Returns
    -------
    tuple of ViewFit
        시야마다 하나씩, 받은 차례대로.

    Raises
    ------
    TypeError
        정수가 아닌 크기나 실수가 아닌 잡음을 받았을 때.
    ValueError
        크기가 허용 범위를 벗어날 때, 학습 신호가 모자랄 때, 시험 신호의 너비가 모두 같을 때.

    Examples
    --------
    칸 하나(8픽셀)에는 막대의 끝이 드물게 들어옵니다. 시야를 넓혀 두 끝이 들어오면 너비를 거의 맞힙니다.

    >>> for fit in width_regression([8, 16, 40], np.random.default_rng(0)):
    ...     print(fit.view, round(fit.r2, 3), round(fit.rmse, 2))
    8 0.048 8.19
    16 0.514 5.85
    40 0.991 0.81
    """
    length, test = counted("length", length), counted("test", test, least=2)
    views = [_centred("views", view, length) for view in several("views", views)]
    coefficients = 1 + max(views, default=0)
    if counted("train", train) < coefficients:
        raise ValueError(f"train must be at least the number of coefficients {coefficients}, got {train}")
    room(train=max(train, test), length=length)
    draw = partial(draw_bars, rng=rng, length=length, cell=cell, widths=widths, noise=noise)
    signals, w = draw(train)
    test_signals, test_w = draw(test)
    if np.ptp(test_w) == 0:
        raise ValueError(f"test must draw at least two different widths, got {test} of width {test_w[0]:.0f}")
    return tuple(_fit(view, signals, w, test_signals, test_w) for view in views)


def _centred(name: str, size: int, length: int) -> int:
    """길이 `length`의 한가운데에 놓을 수 있는 길이인지 검사합니다."""
    size = integer(name, size, least=1)
    if size > length or (length - size) % 2:
        raise ValueError(
            f"{name} must leave equally many pixels on both sides of length {length}, got {size}"
        )
    return size


def _fit(view: int, signals: Floats, w: Floats, test_signals: Floats, test_w: Floats) -> ViewFit:
    start = (signals.shape[1] - view) // 2

    def seen(x: Floats) -> Floats:
        return np.column_stack([np.ones(len(x)), x[:, start : start + view]])

    beta = np.linalg.lstsq(seen(signals), w)[0]
    rmse = float(np.sqrt(np.mean((test_w - seen(test_signals) @ beta) ** 2)))
    sd = float(test_w.std())
    return ViewFit(view, r2=1 - (rmse / sd) ** 2, rmse=rmse, sd=sd)
