"""합성곱 크기 계산. 커널, 보폭, 패딩, 팽창이 출력의 크기를 어떻게 정하는지 셉니다.

크기 인자는 정수 하나이거나 (세로, 가로) 쌍입니다. 모두 정수이면 정수를, 하나라도 쌍이면 쌍을 돌려줍니다.
패딩은 앞뒤에 똑같이 붙이는 칸 수이고, 팽창은 PyTorch처럼 1이면 없는 것입니다.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import Literal, overload

import numpy as np
import numpy.typing as npt

from dlnotes._checks import MOST_AXES, choice, count, integer, pair, room

Size = int | tuple[int, int]


def _each_axis(rule: Callable[..., int], **sizes: Size) -> Size:
    """`sizes`를 검사한 뒤 축마다 `rule`을 적용합니다. 쌍이 하나라도 있으면 쌍을 돌려줍니다."""
    checked = [pair(name, size, least=0 if "padding" in name else 1) for name, size in sizes.items()]
    height, width = zip(*checked, strict=True)
    if any(isinstance(size, (tuple, list)) for size in sizes.values()):
        return rule(*height), rule(*width)
    return rule(*height)


def _output_size(n: int, f: int, s: int, p: int, d: int) -> int:
    if d * (f - 1) + 1 > n + 2 * p:
        raise ValueError(
            f"kernel_size must fit in the padded input, got kernel_size {f} with dilation {d} "
            f"(span {d * (f - 1) + 1}) on n {n} with padding {p} (padded {n + 2 * p})"
        )
    return (n + 2 * p - d * (f - 1) - 1) // s + 1


@overload
def output_size(n: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int: ...
@overload
def output_size(
    n: tuple[int, int], kernel_size: Size, stride: Size = 1, padding: Size = 0, dilation: Size = 1
) -> tuple[int, int]: ...
@overload
def output_size(
    n: Size, kernel_size: Size, stride: Size = 1, padding: Size = 0, dilation: Size = 1
) -> Size: ...
def output_size(n: Size, kernel_size: Size, stride: Size = 1, padding: Size = 0, dilation: Size = 1) -> Size:
    r"""합성곱이나 풀링을 거친 출력의 크기를 셉니다.

    폭 :math:`n` 의 양쪽에 :math:`p` 칸씩 덧대고, 칸 사이를 :math:`d` 로 벌린 너비 :math:`f` 의 커널을
    :math:`s` 칸씩 옮길 때 커널이 놓이는 자리는

    .. math:: \left\lfloor \frac{n + 2p - d(f - 1) - 1}{s} \right\rfloor + 1

    개입니다. 나누어떨어지지 않으면 끝의 몇 칸은 어느 창에도 들지 않습니다.

    Parameters
    ----------
    n : int 또는 (int, int)
        입력의 크기 (칸). 1 이상입니다.
    kernel_size : int 또는 (int, int)
        커널의 너비 :math:`f` (칸). 1 이상입니다.
    stride : int 또는 (int, int)
        보폭 :math:`s` (칸). 1 이상입니다.
    padding : int 또는 (int, int)
        한쪽에 덧대는 칸 수 :math:`p`. 0 이상입니다.
    dilation : int 또는 (int, int)
        팽창 :math:`d`. 1이면 벌리지 않습니다.

    Returns
    -------
    int 또는 (int, int)
        출력의 크기 (칸).

    Raises
    ------
    TypeError
        정수가 아닌 크기를 받았을 때.
    ValueError
        크기가 허용 범위보다 작거나, 벌린 커널이 덧댄 입력보다 넓을 때.

    Examples
    --------
    너비 7, 보폭 2의 첫 층은 224픽셀을 112픽셀로 줄입니다.

    >>> output_size(224, 7, stride=2, padding=3)
    112
    >>> output_size((32, 28), 5)
    (28, 24)
    """
    return _each_axis(
        _output_size, n=n, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation
    )


def padding_interval(
    n: int, kernel_size: int, output_size: int, stride: int = 1, dilation: int = 1
) -> tuple[Fraction, Fraction]:
    r"""출력이 원하는 크기가 되는 한쪽 패딩의 구간을 한 축에서 구합니다.

    벌린 커널의 너비를 :math:`k = d(f - 1) + 1`, 원하는 출력을 :math:`o` 라 하면 내림을 풀어

    .. math:: (o - 1)s - n + k \;\le\; 2p \;\le\; os - n + k - 1

    를 얻습니다. 내림이 없다고 보고 푼 값은 왼쪽 끝입니다.

    Parameters
    ----------
    n, kernel_size, output_size, stride, dilation : int
        :func:`symmetric_paddings` 와 같습니다.

    Returns
    -------
    (fractions.Fraction, fractions.Fraction)
        구간의 두 끝. 정수가 아닐 수도, 0보다 작을 수도 있습니다.

    Raises
    ------
    TypeError, ValueError
        :func:`symmetric_paddings` 와 같습니다.

    Examples
    --------
    >>> padding_interval(8, 3, 8, stride=2)
    (Fraction(9, 2), Fraction(5, 1))
    """
    n = integer("n", n, least=1)
    f = integer("kernel_size", kernel_size, least=1)
    o = integer("output_size", output_size, least=1)
    s = integer("stride", stride, least=1)
    k = integer("dilation", dilation, least=1) * (f - 1) + 1
    return Fraction((o - 1) * s - n + k, 2), Fraction(o * s - n + k - 1, 2)


def symmetric_paddings(
    n: int, kernel_size: int, output_size: int, stride: int = 1, dilation: int = 1
) -> range:
    r"""출력이 원하는 크기가 되는 대칭 패딩을 한 축에서 모두 찾습니다.

    :func:`padding_interval` 의 구간에 든 0 이상의 정수가 답입니다.

    Parameters
    ----------
    n : int
        입력의 크기 (칸).
    kernel_size : int
        커널의 너비 :math:`f` (칸).
    output_size : int
        원하는 출력의 크기 :math:`o` (칸).
    stride : int
        보폭 :math:`s` (칸).
    dilation : int
        팽창 :math:`d`.

    Returns
    -------
    range
        조건에 맞는 0 이상의 정수 :math:`p` 전부. 없으면 빈 범위입니다.

    Raises
    ------
    TypeError
        정수가 아닌 크기를 받았을 때.
    ValueError
        크기가 1보다 작을 때.

    Notes
    -----
    출력을 입력과 같게 두면(:math:`o = n`) :math:`2p` 의 구간에는 정수가 꼭 :math:`s` 개 있습니다. 그래서
    보폭이 1이면 :math:`k` 가 홀수일 때만 답이 하나 있고, 보폭이 2이면 답이 언제나 하나입니다. 특히
    :math:`f = 3`, :math:`s = 2`, :math:`d = 1` 이면 :math:`p = \lfloor n/2 \rfloor + 1` 입니다.

    Examples
    --------
    >>> list(symmetric_paddings(8, 3, 8, stride=2))
    [5]
    >>> list(symmetric_paddings(7, 3, 7, stride=3))
    [7, 8]
    >>> list(symmetric_paddings(10, 4, 10))
    []
    """
    lowest, highest = padding_interval(n, kernel_size, output_size, stride, dilation)
    return range(max(ceil(lowest), 0), floor(highest) + 1)


@overload
def same_output_size(n: int, stride: int) -> int: ...
@overload
def same_output_size(n: tuple[int, int], stride: Size) -> tuple[int, int]: ...
@overload
def same_output_size(n: Size, stride: Size) -> Size: ...
def same_output_size(n: Size, stride: Size) -> Size:
    r"""프레임워크의 세임 패딩이 내는 출력의 크기 :math:`\lceil n/s \rceil` 를 셉니다.

    Parameters
    ----------
    n : int 또는 (int, int)
        입력의 크기 (칸).
    stride : int 또는 (int, int)
        보폭 :math:`s` (칸).

    Returns
    -------
    int 또는 (int, int)
        출력의 크기 (칸). 보폭이 1이면 입력과 같습니다.

    Raises
    ------
    TypeError
        정수가 아닌 크기를 받았을 때.
    ValueError
        크기가 1보다 작을 때.

    Examples
    --------
    >>> same_output_size(7, 2)
    4
    >>> same_output_size((223, 224), 2)
    (112, 112)
    """
    return _each_axis(lambda n, s: -(-n // s), n=n, stride=stride)


def same_padding(
    n: int,
    kernel_size: int,
    stride: int = 1,
    dilation: int = 1,
    mode: Literal["upper", "lower"] = "upper",
) -> tuple[int, int]:
    r"""세임 패딩이 한 축의 앞과 뒤에 덧대는 칸 수를 셉니다.

    벌린 커널의 너비를 :math:`k = d(f - 1) + 1` 이라 하면, 출력이 :math:`\lceil n/s \rceil` 칸이 되도록
    모두

    .. math:: t = \max\bigl((\lceil n/s \rceil - 1)s + k - n,\; 0\bigr)

    칸을 덧댑니다. :math:`t` 가 홀수이면 한쪽이 한 칸 더 많습니다.

    Parameters
    ----------
    n : int
        입력의 크기 (칸).
    kernel_size : int
        커널의 너비 :math:`f` (칸).
    stride : int
        보폭 :math:`s` (칸).
    dilation : int
        팽창 :math:`d`.
    mode : {"upper", "lower"}
        남는 한 칸을 둘 곳. ``"upper"`` 는 뒤쪽(TensorFlow, ONNX의 SAME_UPPER), ``"lower"`` 는
        앞쪽(ONNX의 SAME_LOWER)입니다.

    Returns
    -------
    (int, int)
        앞과 뒤에 덧대는 칸 수.

    Raises
    ------
    TypeError
        정수가 아닌 크기를 받았을 때.
    ValueError
        크기가 1보다 작거나 `mode` 가 둘 중 하나가 아닐 때.

    Notes
    -----
    PyTorch의 ``padding='same'`` 은 보폭 1에서 ``"upper"`` 와 같고, 보폭이 2 이상이면 받지 않습니다.

    Examples
    --------
    커널이 홀수여도 보폭이 2이면 앞뒤가 다를 수 있습니다.

    >>> same_padding(5, 3, stride=2), same_padding(6, 3, stride=2)
    ((1, 1), (0, 1))
    >>> same_padding(10, 4), same_padding(10, 4, mode="lower")
    ((1, 2), (2, 1))
    """
    choice("mode", mode, ("upper", "lower"))
    n = integer("n", n, least=1)
    f = integer("kernel_size", kernel_size, least=1)
    s = integer("stride", stride, least=1)
    k = integer("dilation", dilation, least=1) * (f - 1) + 1
    t = max((same_output_size(n, s) - 1) * s + k - n, 0)
    fewer, more = t // 2, t - t // 2
    return (fewer, more) if mode == "upper" else (more, fewer)


def _transposed_output_size(n: int, f: int, s: int, p: int, a: int, d: int) -> int:
    if a >= max(s, d):
        raise ValueError(
            f"output_padding must be smaller than stride or dilation, got output_padding {a} "
            f"with stride {s} and dilation {d}"
        )
    size = (n - 1) * s - 2 * p + d * (f - 1) + a + 1
    if size < 1:
        raise ValueError(
            f"padding must leave an output, got padding {p} on n {n} with kernel_size {f}, stride {s}, "
            f"output_padding {a} and dilation {d} (output {size})"
        )
    return size


@overload
def transposed_output_size(
    n: int, kernel_size: int, stride: int = 1, padding: int = 0, output_padding: int = 0, dilation: int = 1
) -> int: ...
@overload
def transposed_output_size(
    n: tuple[int, int],
    kernel_size: Size,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    dilation: Size = 1,
) -> tuple[int, int]: ...
@overload
def transposed_output_size(
    n: Size,
    kernel_size: Size,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    dilation: Size = 1,
) -> Size: ...
def transposed_output_size(
    n: Size,
    kernel_size: Size,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    dilation: Size = 1,
) -> Size:
    r"""전치 합성곱이 내는 출력의 크기를 셉니다.

    .. math:: (n - 1)s - 2p + d(f - 1) + a + 1

    보폭이 2 이상이면 합성곱은 크기가 다른 입력을 같은 크기로 줄이기도 합니다. 출력 패딩 :math:`a` 는 그중
    어느 크기로 돌아갈지를 고릅니다.

    Parameters
    ----------
    n : int 또는 (int, int)
        입력의 크기 (칸).
    kernel_size : int 또는 (int, int)
        커널의 너비 :math:`f` (칸).
    stride : int 또는 (int, int)
        보폭 :math:`s` (칸).
    padding : int 또는 (int, int)
        되돌리려는 합성곱의 패딩 :math:`p` (칸). 출력의 양쪽에서 이만큼 잘라 냅니다.
    output_padding : int 또는 (int, int)
        출력의 뒤쪽에 보태는 칸 수 :math:`a`. PyTorch처럼 보폭과 팽창 가운데 큰 것보다 작아야 합니다.
    dilation : int 또는 (int, int)
        팽창 :math:`d`.

    Returns
    -------
    int 또는 (int, int)
        출력의 크기 (칸).

    Raises
    ------
    TypeError
        정수가 아닌 크기를 받았을 때.
    ValueError
        크기가 허용 범위보다 작거나, 출력 패딩이 너무 크거나, 출력이 한 칸도 남지 않을 때.

    Examples
    --------
    7칸과 8칸은 모두 4칸으로 줄어듭니다. 되돌릴 때는 출력 패딩이 둘을 가릅니다.

    >>> [output_size(n, 3, stride=2, padding=1) for n in (7, 8)]
    [4, 4]
    >>> [transposed_output_size(4, 3, stride=2, padding=1, output_padding=a) for a in (0, 1)]
    [7, 8]
    """
    return _each_axis(
        _transposed_output_size,
        n=n,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        dilation=dilation,
    )


def window_starts(
    n: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> npt.NDArray[np.int64]:
    r"""창마다 첫 칸이 놓이는 자리를 입력의 좌표로 구합니다.

    :math:`i` 번째 창은 :math:`is - p` 에서 시작합니다. 0보다 작으면 앞쪽 패딩에서 시작하는 창입니다.

    Parameters
    ----------
    n : int
        입력의 크기 (칸).
    kernel_size : int
        커널의 너비 (칸).
    stride : int
        보폭 :math:`s` (칸).
    padding : int
        한쪽에 덧대는 칸 수 :math:`p`.
    dilation : int
        팽창.

    Returns
    -------
    ndarray
        창의 첫 자리. 출력의 크기를 ``O`` 라 할 때 모양은 ``(O,)`` 이고 dtype은 int64입니다.

    Raises
    ------
    TypeError
        정수가 아닌 크기를 받았을 때. 쌍도 받지 않습니다.
    ValueError
        :func:`output_size` 와 같습니다.

    Examples
    --------
    >>> window_starts(5, 3, stride=2, padding=1).tolist()
    [-1, 1, 3]
    """
    n = count("n", n)
    f = integer("kernel_size", kernel_size, least=1)
    s = integer("stride", stride, least=1)
    p = count("padding", padding, least=0)
    d = integer("dilation", dilation, least=1)
    i = np.arange(_output_size(n, f, s, p, d))
    return i * s - p


def padding_only(
    n: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> npt.NDArray[np.bool_]:
    r"""입력을 한 칸도 보지 못하고 패딩만 보는 출력을 한 축에서 찾습니다.

    :math:`i` 번째 창의 :math:`j` 번째 칸은 :math:`is - p + jd` 에 놓입니다. 이 자리가 모두 0보다 작거나
    :math:`n` 이상이면 그 출력은 입력과 상관없이 편향만 냅니다.

    Parameters
    ----------
    n : int
        입력의 크기 (칸).
    kernel_size : int
        커널의 너비 :math:`f` (칸).
    stride : int
        보폭 :math:`s` (칸).
    padding : int
        한쪽에 덧대는 칸 수 :math:`p`.
    dilation : int
        팽창 :math:`d`.

    Returns
    -------
    ndarray
        패딩만 보는 자리가 True인 bool 배열. 출력의 크기를 ``O`` 라 할 때 모양은 ``(O,)`` 입니다.

    Raises
    ------
    TypeError
        정수가 아닌 크기를 받았을 때. 쌍도 받지 않습니다.
    ValueError
        :func:`output_size` 와 같습니다.

    Examples
    --------
    8칸을 보폭 2로 8칸에 맞추면 앞의 두 자리와 마지막 한 자리가 패딩만 봅니다.

    >>> padding_only(8, 3, stride=2, padding=5).tolist()
    [True, True, False, False, False, False, False, True]
    """
    start = window_starts(n, kernel_size, stride, padding, dilation)
    room(n=len(start), kernel_size=kernel_size)
    position = start[:, np.newaxis] + dilation * np.arange(kernel_size)
    alone: npt.NDArray[np.bool_] = np.all((position < 0) | (position >= n), axis=1)
    return alone


def padding_only_share(
    n: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1, ndim: int = 2
) -> Fraction:
    r"""한 변이 :math:`n` 인 입력의 출력 가운데 패딩만 보는 것의 비율을 정확히 구합니다.

    축마다 비율이 :math:`q` 이면 모든 축에서 입력을 보는 출력은 :math:`(1 - q)^m` 이고, 나머지

    .. math:: 1 - (1 - q)^m

    는 적어도 한 축에서 입력을 벗어나 패딩만 봅니다.

    Parameters
    ----------
    n : int
        입력의 한 변 (칸).
    kernel_size : int
        커널의 한 변 (칸).
    stride : int
        보폭 (칸).
    padding : int
        한쪽에 덧대는 칸 수.
    dilation : int
        팽창.
    ndim : int
        축의 수 :math:`m`. 이미지는 2입니다.

    Returns
    -------
    fractions.Fraction
        0 이상 1 이하의 비율.

    Raises
    ------
    TypeError
        정수가 아닌 크기를 받았을 때. 쌍도 받지 않습니다.
    ValueError
        `ndim` 이 1보다 작을 때. 나머지는 :func:`output_size` 와 같습니다.

    Examples
    --------
    >>> padding_only_share(8, 3, stride=2, padding=5)
    Fraction(39, 64)
    >>> float(round(100 * padding_only_share(224, 3, stride=2, padding=113), 1))
    74.6
    """
    m = integer("ndim", ndim, least=1, most=MOST_AXES)
    alone = padding_only(n, kernel_size, stride, padding, dilation)
    q = Fraction(int(alone.sum()), alone.size)
    return 1 - (1 - q) ** m
