r"""상태의 수와 큐 표의 크기. 픽셀이 늘면 이미지는 곱으로 늘어납니다.

큰 거듭제곱은 파이썬의 정수로 정확히 셉니다. 자릿수와 앞자리도 정수의 나눗셈으로 얻으므로 반올림 오차가
없고, 긴 정수를 글자로 바꾸지도 않습니다.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes._precision import rounded_last
from dlnotes.environments import CATCH_MOVES, CatchGames, catch_images, catch_step
from dlnotes.layers import Conv2d, Linear
from dlnotes.networks import Network

Bits = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

MOST_IMAGES = 2**20
"""한꺼번에 늘어놓는 이미지의 가장 큰 수."""

MOST_DIGITS = 1000
"""글로 적는 유효 숫자의 가장 큰 수."""

UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB")
"""1024배씩 커지는 바이트의 단위."""


def images(pixels: int, levels: int = 2) -> int:
    r"""픽셀이 `pixels` 개이고 픽셀마다 값이 `levels` 가지인 이미지의 수.

    .. math:: k^n

    Parameters
    ----------
    pixels : int
        픽셀의 수 :math:`n` (개). 색이나 프레임이 여럿이면 모두 셉니다.
    levels : int
        픽셀 하나가 띨 수 있는 값의 수 :math:`k` (가지). 이진 이미지는 2입니다.

    Returns
    -------
    int
        정확한 수 (장).

    Raises
    ------
    TypeError
        정수가 아닌 값을 받았을 때.
    ValueError
        `pixels` 가 음수이거나 `levels` 가 1보다 작을 때.

    Examples
    --------
    >>> images(3), images(10), images(2, levels=256)
    (8, 1024, 65536)
    """
    levels, pixels = _checks.integer("levels", levels, least=1), _checks.count("pixels", pixels, least=0)
    _checks.count("pixels and levels", pixels * levels.bit_length(), least=0)  # about the bits of the result
    return int(levels**pixels)


def all_images(pixels: int, levels: int = 2) -> Bits:
    """이미지를 하나도 빠짐없이 늘어놓습니다. 큐 표의 줄이 이 차례입니다.

    Parameters
    ----------
    pixels : int
        픽셀의 수 (개).
    levels : int
        픽셀 하나가 띨 수 있는 값의 수 (가지). 256 이하입니다.

    Returns
    -------
    ndarray
        이미지 ``(levels ** pixels, pixels)``. `i` 번째 줄은 `i` 를 `levels` 진법으로 적은 것입니다.

    Raises
    ------
    TypeError
        정수가 아닌 값을 받았을 때.
    ValueError
        크기가 범위를 벗어나거나, 이미지가 2의 20제곱 장을 넘을 때.

    Examples
    --------
    >>> all_images(2).tolist()
    [[0, 0], [0, 1], [1, 0], [1, 1]]
    """
    pixels, levels = _checks.integer("pixels", pixels, least=1), _levels(levels)
    if pixels > 20 * math.log(2) / math.log(max(2, levels)) + 1e-9:
        raise ValueError(
            f"pixels must make at most {MOST_IMAGES} images of {levels} levels to be listed, got {pixels}"
        )
    index = np.arange(levels**pixels)[:, None]
    places = levels ** np.arange(pixels - 1, -1, -1)
    return (index // places % levels).astype(np.uint8)


def image_index(images: npt.ArrayLike, levels: int = 2) -> npt.NDArray[np.int64]:
    r"""이미지를 큐 표의 줄 번호로 바꿉니다. 픽셀을 자리로 하는 :math:`k` 진법의 수입니다.

    .. math:: i = \sum_{j=1}^{n} x_j\, k^{\,n-j}

    Parameters
    ----------
    images : array_like
        픽셀 값이 0부터 ``levels - 1`` 까지의 정수인 이미지 ``(..., n)``.
    levels : int
        픽셀 하나가 띨 수 있는 값의 수 (가지).

    Returns
    -------
    ndarray
        줄 번호 ``(...)``. :func:`all_images` 의 차례와 같습니다.

    Raises
    ------
    TypeError
        픽셀이 정수가 아닐 때.
    ValueError
        픽셀 값이 범위를 벗어나거나, 줄 번호가 64비트를 넘을 때.

    Examples
    --------
    >>> image_index([[0, 0, 0], [0, 1, 1], [1, 1, 1]]).tolist()
    [0, 3, 7]
    """
    levels, x = _levels(levels), _checks.as_array("images", images)
    if x.dtype.kind not in "iub":
        raise TypeError(f"images must be an array of integers, got dtype {x.dtype}")
    if x.ndim < 1:
        raise ValueError(f"images must have shape (..., n), got {x.shape}")
    if x.size and not (x.min() >= 0 and x.max() < levels):
        wrong = x.min() if x.min() < 0 else x.max()
        raise ValueError(f"images must hold values from 0 to {levels - 1}, got {wrong}")
    if levels ** x.shape[-1] > 2**63:
        raise ValueError(
            f"images must have an index below 2**63, got {x.shape[-1]} pixels of {levels} levels"
        )
    index = np.zeros(x.shape[:-1], np.int64)
    for j in range(x.shape[-1]):
        index = index * levels + x[..., j]
    return index


def _levels(levels: int) -> int:
    levels = _checks.integer("levels", levels, least=1)
    if levels > 256:
        raise ValueError(f"levels must be at most 256 (one byte), got {levels}")
    return levels


def table_bytes(states: int, actions: int, entry_bytes: int = 4) -> int:
    r"""큐 표의 메모리. 상태마다 행동 하나하나의 값을 적습니다.

    .. math:: |S|\,|A|\,\times\text{값 하나의 바이트}

    Parameters
    ----------
    states, actions : int
        상태의 수와 행동의 수 (개).
    entry_bytes : int
        값 하나의 크기 (바이트). 32비트 실수는 4입니다.

    Returns
    -------
    int
        정확한 크기 (바이트).

    Raises
    ------
    TypeError
        정수가 아닌 값을 받았을 때.
    ValueError
        1보다 작은 값을 받았을 때.

    Examples
    --------
    >>> bytes_text(table_bytes(images(30), actions=4))
    '16 GiB'
    """
    sizes = {"states": states, "actions": actions, "entry_bytes": entry_bytes}
    return math.prod(_checks.integer(name, value, least=1, most=None) for name, value in sizes.items())


def bytes_text(count: int) -> str:
    """바이트를 1024배씩 커지는 단위로 적습니다. 나누어떨어지지 않으면 소수 둘째 자리까지 적습니다.

    Parameters
    ----------
    count : int
        크기 (바이트).

    Returns
    -------
    str
        ``"16 GiB"`` 와 같은 글.

    Raises
    ------
    TypeError
        `count` 가 정수가 아닐 때.
    ValueError
        `count` 가 음수이거나, 가장 큰 단위로도 1024의 몇 배가 넘을 때.

    Examples
    --------
    >>> bytes_text(1000), bytes_text(2**24), bytes_text(6_773_448)
    ('1000 B', '16 MiB', '6.46 MiB')
    """
    count = _checks.integer("count", count, least=0, most=None)
    step = max(0, count.bit_length() - 1) // 10
    if step >= len(UNITS):
        raise ValueError(f"count must be below 1024 {UNITS[-1]}, got about {scientific(count, 3)}")
    unit = 1024**step
    return f"{count // unit if count % unit == 0 else format(count / unit, '.2f')} {UNITS[step]}"


def digit_count(number: int) -> int:
    """양의 정수를 십진법으로 적은 자릿수.

    파이썬은 긴 정수를 글자로 바꾸는 일을 막아 두므로(``sys.set_int_max_str_digits``), 로그로 어림한 다음 10의
    거듭제곱과 견주어 바로잡습니다.

    Parameters
    ----------
    number : int
        1 이상의 정수.

    Returns
    -------
    int
        자릿수 (자리).

    Raises
    ------
    TypeError
        정수가 아닐 때.
    ValueError
        1보다 작을 때.

    Examples
    --------
    >>> digit_count(999), digit_count(1000), digit_count(256**28224)
    (3, 4, 67971)
    """
    number = _checks.integer("number", number, least=1, most=None)
    guess = int((number.bit_length() - 1) * math.log10(2))
    return guess + 1 if number < 10 ** (guess + 1) else guess + 2


def leading_digits(number: int, count: int) -> int:
    """양의 정수의 맨 앞 `count` 자리. 반올림하지 않습니다.

    Parameters
    ----------
    number : int
        1 이상의 정수.
    count : int
        자릿수 (자리). 수가 그보다 짧으면 수 전체입니다.

    Returns
    -------
    int
        앞자리의 수.

    Raises
    ------
    TypeError
        정수가 아닐 때.
    ValueError
        1보다 작을 때.

    Examples
    --------
    >>> leading_digits(2**100, 5), 2**100
    (12676, 1267650600228229401496703205376)
    """
    number, count = _checks.integer("number", number, least=1, most=None), _checks.count("count", count)
    return int(number // 10 ** max(0, digit_count(number) - count))


def scientific(number: int, digits: int = 5) -> str:
    """양의 정수를 ``1.0175e236`` 처럼 적습니다. 실수로 담지 못하는 크기도 정확히 반올림합니다.

    Parameters
    ----------
    number : int
        1 이상의 정수.
    digits : int
        유효 숫자 (자리).

    Returns
    -------
    str
        유효 숫자와 10의 지수. 딱 절반이면 올립니다.

    Raises
    ------
    TypeError
        정수가 아닐 때.
    ValueError
        1보다 작을 때.

    Examples
    --------
    >>> scientific(2**784), scientific(999_996), scientific(42, digits=1)
    ('1.0175e236', '1.0000e6', '4e1')
    """
    number = _checks.integer("number", number, least=1, most=None)
    digits = _checks.integer("digits", digits, least=1, most=MOST_DIGITS)
    exponent = digit_count(number) - 1
    mantissa = (leading_digits(number * 10**digits, digits + 1) + 5) // 10
    if mantissa == 10**digits:
        mantissa, exponent = mantissa // 10, exponent + 1
    first, rest = divmod(mantissa, 10 ** (digits - 1))
    return f"{first}.{rest:0{digits - 1}d}e{exponent}" if digits > 1 else f"{first}e{exponent}"


def expected_coverage(states: int, visits: int) -> float:
    r"""상태를 고르게 `visits` 번 뽑을 때 한 번이라도 뽑히는 상태의 비율의 기댓값.

    상태 하나가 한 번에 빗나갈 확률은 :math:`1 - 1/|S|` 이고 :math:`N` 번 모두 빗나갈 확률은 그 거듭제곱이므로

    .. math:: 1 - \left(1 - \frac{1}{|S|}\right)^{N}

    입니다.

    Parameters
    ----------
    states : int
        상태의 수 :math:`|S|` (개).
    visits : int
        뽑는 횟수 :math:`N` (번).

    Returns
    -------
    float
        0 이상 1 이하의 비율.

    Raises
    ------
    TypeError
        정수가 아닐 때.
    ValueError
        `states` 가 1보다 작거나 `visits` 가 음수일 때.

    Examples
    --------
    >>> [round(expected_coverage(2**n, 10_000), 5) for n in (12, 16, 20)]
    [0.91299, 0.14152, 0.00949]
    """
    states = _checks.integer("states", states, least=1, most=None)
    visits = _checks.integer("visits", visits, least=0)
    if states == 1:
        return float(visits > 0)
    return -math.expm1(visits * math.log1p(-1 / states))


def coverage_curve(visited: npt.ArrayLike, states: int) -> Floats:
    """한 번 갈 때마다, 지금까지 한 번이라도 가 본 상태의 비율을 잽니다.

    Parameters
    ----------
    visited : array_like
        간 차례대로 적은 상태의 번호 ``(N,)``. 하나 이상이며, 0부터 ``states - 1`` 까지입니다.
    states : int
        상태의 수 (개).

    Returns
    -------
    ndarray
        걸음마다 비율 ``(N,)``. 마지막 값이 다 간 뒤의 비율입니다.

    Raises
    ------
    TypeError
        정수가 아닐 때.
    ValueError
        모양이 ``(N,)`` 이 아니거나, 없는 상태가 있거나, `states` 가 1보다 작을 때.

    Examples
    --------
    >>> coverage_curve([2, 0, 2, 3], states=4).tolist()
    [0.25, 0.5, 0.5, 0.75]
    """
    states, drawn = _checks.integer("states", states, least=1), _checks.integers("visited", visited)
    if drawn.ndim != 1 or drawn.size == 0:
        raise ValueError(f"visited must have shape (N,) with at least one state, got {drawn.shape}")
    if drawn.min() < 0 or drawn.max() >= states:
        wrong = drawn.min() if drawn.min() < 0 else drawn.max()
        raise ValueError(f"visited must hold states from 0 to {states - 1}, got {wrong}")
    _, first = np.unique(drawn, return_index=True)
    new = np.zeros(len(drawn))
    new[first] = 1.0
    return np.cumsum(new) / states


def table_estimates(
    states: npt.ArrayLike, values: npt.ArrayLike, queries: npt.ArrayLike
) -> tuple[Floats, Booleans]:
    """표로 배웁니다. 가 본 상태는 거기서 본 값의 평균을, 처음 보는 상태는 0을 답합니다.

    Parameters
    ----------
    states : array_like
        가 본 상태 ``(N, n)``. 값이 모두 같은 줄이 같은 상태입니다.
    values : array_like
        거기서 본 값 ``(N,)``.
    queries : array_like
        물어볼 상태 ``(M, n)``.

    Returns
    -------
    estimates : ndarray
        답 ``(M,)``.
    known : ndarray
        가 본 상태인지 ``(M,)``.

    Raises
    ------
    TypeError
        실수 배열이 아닐 때.
    ValueError
        모양이 맞지 않을 때.

    Examples
    --------
    >>> estimates, known = table_estimates([[0, 0], [1, 0], [1, 0]], [5, 1, 2], [[1, 0], [1, 1]])
    >>> estimates.tolist(), known.tolist()
    ([1.5, 0.0], [True, False])
    """
    x, y, q = _samples(states, values, queries)
    rows, number = np.unique(np.concatenate([x, q]), axis=0, return_inverse=True)
    seen, asked = np.split(number.reshape(-1), [len(x)])
    counts = np.bincount(seen, minlength=len(rows))
    scale = max(1.0, float(np.abs(y).max(initial=0)) / _checks.LARGEST_REAL)  # so that no sum overflows
    means = scale * (np.bincount(seen, weights=y / scale, minlength=len(rows)) / np.maximum(counts, 1))
    return means[asked], counts[asked] > 0


def linear_estimates(states: npt.ArrayLike, values: npt.ArrayLike, queries: npt.ArrayLike) -> Floats:
    r"""선형 모델로 배웁니다. 픽셀마다 가중치 하나를 두고 최소 제곱으로 맞춥니다.

    .. math:: \hat w = \arg\min_w \sum_i (x_i^\top w - y_i)^2, \qquad \hat y = q^\top \hat w

    Parameters
    ----------
    states : array_like
        가 본 상태 ``(N, n)``.
    values : array_like
        거기서 본 값 ``(N,)``.
    queries : array_like
        물어볼 상태 ``(M, n)``.

    Returns
    -------
    ndarray
        답 ``(M,)``.

    Raises
    ------
    TypeError
        실수 배열이 아닐 때.
    ValueError
        모양이 맞지 않을 때.

    Notes
    -----
    상수항이 없습니다. 답이 여럿이면 :math:`\|\hat w\|` 가 가장 작은 것을 고릅니다.

    Examples
    --------
    가 보지 않은 (1, 1)의 값도 두 픽셀의 몫을 더해 답합니다.

    >>> linear_estimates([[0, 1], [1, 0]], [2, 3], [[1, 1]]).round(9).tolist()
    [5.0]
    """
    x, y, q = _samples(states, values, queries)
    # Powers of two, so that neither the smallest states nor the largest values leave float64 on the way.
    (_, small), (_, large) = np.frexp(np.abs(x).max(initial=0)), np.frexp(np.abs(y).max(initial=0))
    w = np.linalg.lstsq(np.ldexp(x, -small), np.ldexp(y, -large), rcond=None)[0]
    return np.asarray(np.ldexp(np.ldexp(q, -small) @ w, large))


def _samples(
    states: npt.ArrayLike, values: npt.ArrayLike, queries: npt.ArrayLike
) -> tuple[Floats, Floats, Floats]:
    x, q = (
        _checks.finite(name, _checks.array(name, value, rank=2))
        for name, value in (("states", states), ("queries", queries))
    )
    y = _checks.finite("values", _checks.shaped("values", values, x.shape[:1]))
    if x.shape[1] != q.shape[1]:
        raise ValueError(f"queries must have {x.shape[1]} columns like states, got shape {q.shape}")
    return x.astype(np.float64), y.astype(np.float64), q.astype(np.float64)


@rounded_last
def root_mean_square(errors: npt.ArrayLike) -> float:
    r"""제곱 평균의 제곱근 :math:`\sqrt{\frac{1}{M}\sum_i e_i^2}`.

    Parameters
    ----------
    errors : array_like
        오차. 하나 이상입니다.

    Returns
    -------
    float
        오차와 같은 단위의 크기.

    Raises
    ------
    TypeError
        실수 배열이 아닐 때.
    ValueError
        비었을 때.

    Examples
    --------
    >>> root_mean_square([3.0, -4.0, 0.0, 5.0])
    3.5355339059327378
    """
    e = _checks.floats("errors", errors)
    if e.size == 0:
        raise ValueError(f"errors must not be empty, got shape {e.shape}")
    largest = float(np.abs(e).max())
    if not largest or not np.isfinite(largest):
        return largest
    return float(largest * np.sqrt(np.mean((e / largest) ** 2)))


def reachable_images(size: int) -> Bits:
    """공 받기에서 실제로 나오는 화면을 모두 찾습니다. 모든 시작에서 세 행동을 다 해 보며 끝까지 따라갑니다.

    Parameters
    ----------
    size : int
        화면의 한 변 (픽셀). 2 이상입니다.

    Returns
    -------
    ndarray
        서로 다른 화면 ``(M, size, size)``.

    Raises
    ------
    TypeError
        `size` 가 정수가 아닐 때.
    ValueError
        `size` 가 2보다 작을 때.

    Examples
    --------
    >>> [len(reachable_images(k)) for k in (3, 4, 5)]
    [24, 58, 115]
    """
    size = _checks.integer("size", size, least=2)
    ball, paddle = np.divmod(np.arange(size**2), size)
    games = CatchGames(size, np.zeros(size**2, np.int64), ball, paddle)
    screens = [catch_images(games)]
    while not games.over.any():
        moves = [catch_step(games, np.full(ball.shape, a))[0] for a in range(len(CATCH_MOVES))]
        columns = np.concatenate([[moved.ball, moved.paddle] for moved in moves], axis=1)
        ball, paddle = np.unique(columns, axis=1)
        games = CatchGames(size, np.full(len(ball), games.row[0] + 1), ball, paddle)
        screens.append(catch_images(games))
    return np.unique(np.concatenate(screens), axis=0)


def nature_dqn(actions: int) -> Network:
    """2015년에 Nature에 실린 심층 큐 네트워크. 84×84 화면 네 장을 받아 행동마다 값을 하나씩 냅니다.

    Parameters
    ----------
    actions : int
        행동의 수 (개).

    Returns
    -------
    Network
        합성곱 세 층과 완전 연결층 두 층.

    Raises
    ------
    TypeError
        `actions` 가 정수가 아닐 때.
    ValueError
        `actions` 가 1보다 작을 때.

    References
    ----------
    Mnih et al. (2015), Human-level control through deep reinforcement learning.

    Examples
    --------
    >>> [nature_dqn(actions).summary().parameters for actions in (4, 18)]
    [1686180, 1693362]
    """
    actions = _checks.integer("actions", actions, least=1)
    return Network(
        f"DQN (2015), 행동 {actions}개",
        (4, 84, 84),
        (
            Conv2d(4, 32, 8, 4, name="conv1"),
            Conv2d(32, 64, 4, 2, name="conv2"),
            Conv2d(64, 64, 3, 1, name="conv3"),
            Linear(64 * 7 * 7, 512, name="fc4"),
            Linear(512, actions, name="fc5"),
        ),
        "Mnih et al. (2015), Human-level control through deep reinforcement learning",
    )


def nips_dqn(actions: int) -> Network:
    """2013년에 발표된 첫 심층 큐 네트워크. 2015년의 것보다 합성곱이 한 층 적습니다.

    Parameters
    ----------
    actions : int
        행동의 수 (개).

    Returns
    -------
    Network
        합성곱 두 층과 완전 연결층 두 층.

    Raises
    ------
    TypeError
        `actions` 가 정수가 아닐 때.
    ValueError
        `actions` 가 1보다 작을 때.

    References
    ----------
    Mnih et al. (2013), Playing Atari with deep reinforcement learning.

    Examples
    --------
    >>> nips_dqn(4).summary().parameters
    677172
    """
    actions = _checks.integer("actions", actions, least=1)
    return Network(
        f"DQN (2013), 행동 {actions}개",
        (4, 84, 84),
        (
            Conv2d(4, 16, 8, 4, name="conv1"),
            Conv2d(16, 32, 4, 2, name="conv2"),
            Linear(32 * 9 * 9, 256, name="fc3"),
            Linear(256, actions, name="fc4"),
        ),
        "Mnih et al. (2013), Playing Atari with deep reinforcement learning",
    )
