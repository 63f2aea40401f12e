r"""풀링. 특징 맵을 창마다 값 하나로 줄이며, 배울 매개변수는 없습니다.

채널을 섞지 않고 저마다 줄입니다. 인자의 이름과 뜻은 PyTorch와 같습니다.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes._precision import rounded_last
from dlnotes.arithmetic import Size, output_size
from dlnotes.convolution import pad2d

Array = npt.NDArray[np.floating]
Pair = tuple[int, int]
Pullback = Callable[[npt.ArrayLike], Array]


def max_pool2d(x: npt.ArrayLike, kernel_size: Size, stride: Size | None = None, padding: Size = 0) -> Array:
    r"""최대 풀링. 창마다 가장 큰 값을 고릅니다.

    .. math:: y_{n,c,t,u} = \max_{i,j}\; x_{n,\,c,\,st+i,\,su+j}

    Parameters
    ----------
    x : array_like
        특징 맵 ``(N, C, H, W)``.
    kernel_size : int 또는 (int, int)
        창의 크기 ``(kh, kw)`` (칸).
    stride : int 또는 (int, int), optional
        창을 옮기는 칸 수 :math:`s`. 없으면 창의 크기와 같아서 창이 겹치지 않습니다.
    padding : int 또는 (int, int)
        둘레에 덧대는 :math:`-\infty` 의 칸 수. 창의 절반을 넘지 못합니다.

    Returns
    -------
    ndarray
        ``(N, C, oh, ow)``. 크기는 :func:`dlnotes.arithmetic.output_size` 가 정합니다.

    Raises
    ------
    TypeError
        크기가 정수가 아니거나 `x` 가 실수 배열이 아닐 때.
    ValueError
        `x` 가 4차원이 아니거나, 패딩이 창의 절반보다 크거나, 창이 덧댄 입력보다 클 때.

    Examples
    --------
    >>> x = np.arange(16).reshape(1, 1, 4, 4)
    >>> max_pool2d(x, 2)[0, 0].tolist()
    [[5.0, 7.0], [13.0, 15.0]]
    >>> max_pool2d(x, 3, stride=1)[0, 0].tolist()
    [[10.0, 11.0], [14.0, 15.0]]
    """
    x, kernel, s, p = _checked(x, kernel_size, stride, padding)
    return functools.reduce(np.maximum, _taps(pad2d(x, p, -np.inf), kernel, s))


@rounded_last
def max_pool2d_vjp(
    x: npt.ArrayLike, kernel_size: Size, stride: Size | None = None, padding: Size = 0
) -> tuple[Array, Pullback]:
    r"""최대 풀링의 순전파와 역전파.

    출력의 기울기는 창마다 고른 칸 하나로만 돌아갑니다. 창 안에서 최댓값이 놓인 칸을 :math:`(i, j)` 라 하면

    .. math:: dx_{n,\,c,\,st+i,\,su+j} \mathrel{+}= dy_{n,c,t,u}

    입니다.

    최댓값이 여럿이면 위의 줄부터, 같은 줄에서는 왼쪽부터 보아 처음 만난 칸이 모두 가져갑니다. PyTorch의
    규칙과 같습니다.

    Parameters
    ----------
    x, kernel_size, stride, padding
        :func:`max_pool2d` 와 같습니다.

    Returns
    -------
    y : ndarray
        :func:`max_pool2d` 의 출력 ``(N, C, oh, ow)``.
    pullback : callable
        ``pullback(dy) -> dx``. ``dx`` 의 모양은 `x` 와 같습니다.

    Raises
    ------
    TypeError
        :func:`max_pool2d` 와 같습니다.
    ValueError
        :func:`max_pool2d` 와 같습니다. ``pullback`` 은 `dy` 의 모양이 `y` 와 다를 때에도 냅니다.

    Examples
    --------
    >>> y, pullback = max_pool2d_vjp([[[[1, 4], [4, 2]]]], 2)
    >>> y.tolist(), pullback([[[[10]]]]).tolist()
    ([[[[4.0]]]], [[[[0.0, 10.0], [0.0, 0.0]]]])
    """
    y = max_pool2d(x, kernel_size, stride, padding)
    x, kernel, s, p = _checked(x, kernel_size, stride, padding)

    def pullback(dy: npt.ArrayLike) -> Array:
        dy = _checks.shaped("dy", dy, y.shape)
        dx = pad2d(np.zeros_like(x, dy.dtype), p)
        inside = pad2d(np.ones_like(x), p)
        unclaimed = np.ones(y.shape, bool)
        taps = (_taps(each, kernel, s) for each in (pad2d(x, p), inside, dx))
        for x_ij, inside_ij, dx_ij in zip(*taps, strict=True):
            # A NaN wins its window, as in the forward pass, though it equals nothing.
            first = unclaimed & (inside_ij > 0) & ((x_ij == y) | np.isnan(x_ij))
            dx_ij += np.where(first, dy, 0)
            unclaimed &= ~first
        return _crop(dx, p)

    return y, pullback


@rounded_last
def avg_pool2d(x: npt.ArrayLike, kernel_size: Size, stride: Size | None = None, padding: Size = 0) -> Array:
    r"""평균 풀링. 창마다 값을 평균합니다.

    .. math:: y_{n,c,t,u} = \frac{1}{k_h k_w} \sum_i \sum_j x_{n,\,c,\,st+i,\,su+j}

    덧댄 0도 값으로 세어 언제나 창의 칸 수로 나눕니다. PyTorch의 ``count_include_pad=True`` 와 같습니다.

    Parameters
    ----------
    x : array_like
        특징 맵 ``(N, C, H, W)``.
    kernel_size : int 또는 (int, int)
        창의 크기 :math:`(k_h, k_w)` (칸).
    stride : int 또는 (int, int), optional
        창을 옮기는 칸 수 :math:`s`. 없으면 창의 크기와 같습니다.
    padding : int 또는 (int, int)
        둘레에 덧대는 0의 칸 수. 창의 절반을 넘지 못합니다.

    Returns
    -------
    ndarray
        ``(N, C, oh, ow)``. 크기는 :func:`dlnotes.arithmetic.output_size` 가 정합니다.

    Raises
    ------
    TypeError
        크기가 정수가 아니거나 `x` 가 실수 배열이 아닐 때.
    ValueError
        `x` 가 4차원이 아니거나, 패딩이 창의 절반보다 크거나, 창이 덧댄 입력보다 클 때.

    Examples
    --------
    >>> x = np.arange(16).reshape(1, 1, 4, 4)
    >>> avg_pool2d(x, 2)[0, 0].tolist()
    [[2.5, 4.5], [10.5, 12.5]]
    """
    x, (kh, kw), s, p = _checked(x, kernel_size, stride, padding)
    return functools.reduce(np.add, _taps(pad2d(x, p), (kh, kw), s)) / (kh * kw)


@rounded_last
def avg_pool2d_vjp(
    x: npt.ArrayLike, kernel_size: Size, stride: Size | None = None, padding: Size = 0
) -> tuple[Array, Pullback]:
    r"""평균 풀링의 순전파와 역전파.

    출력의 기울기는 창의 모든 칸이 똑같이 나누어 받습니다. 창이 겹치면 더합니다.

    .. math:: dx_{n,\,c,\,st+i,\,su+j} \mathrel{+}= \frac{dy_{n,c,t,u}}{k_h k_w}

    Parameters
    ----------
    x, kernel_size, stride, padding
        :func:`avg_pool2d` 와 같습니다.

    Returns
    -------
    y : ndarray
        :func:`avg_pool2d` 의 출력 ``(N, C, oh, ow)``.
    pullback : callable
        ``pullback(dy) -> dx``. ``dx`` 의 모양은 `x` 와 같습니다.

    Raises
    ------
    TypeError
        :func:`avg_pool2d` 와 같습니다.
    ValueError
        :func:`avg_pool2d` 와 같습니다. ``pullback`` 은 `dy` 의 모양이 `y` 와 다를 때에도 냅니다.

    Examples
    --------
    >>> y, pullback = avg_pool2d_vjp([[[[1, 4], [4, 2]]]], 2)
    >>> y.tolist(), pullback([[[[10]]]]).tolist()
    ([[[[2.75]]]], [[[[2.5, 2.5], [2.5, 2.5]]]])
    """
    y = avg_pool2d(x, kernel_size, stride, padding)
    x, (kh, kw), s, p = _checked(x, kernel_size, stride, padding)

    def pullback(dy: npt.ArrayLike) -> Array:
        dy = _checks.shaped("dy", dy, y.shape)
        dx = pad2d(np.zeros_like(x, dy.dtype), p)
        for dx_ij in _taps(dx, (kh, kw), s):
            dx_ij += dy / (kh * kw)
        return _crop(dx, p)

    return y, pullback


def _taps(x: Array, kernel_size: Pair, stride: Pair) -> list[Array]:
    """창의 칸 (i, j)마다 모든 창에서 그 칸만 모은 뷰. 위의 줄부터, 같은 줄에서는 왼쪽부터 늘어놓습니다."""
    (kh, kw), (sh, sw) = kernel_size, stride
    oh, ow = output_size((x.shape[2], x.shape[3]), kernel_size, stride)
    return [
        x[:, :, i : i + sh * (oh - 1) + 1 : sh, j : j + sw * (ow - 1) + 1 : sw]
        for i in range(kh)
        for j in range(kw)
    ]


def _crop(x: Array, padding: Pair) -> Array:
    ph, pw = padding
    return x[:, :, ph : x.shape[2] - ph, pw : x.shape[3] - pw]


def _checked(
    x: npt.ArrayLike, kernel_size: Size, stride: Size | None, padding: Size
) -> tuple[Array, Pair, Pair, Pair]:
    x = _checks.array("x", x, rank=4)
    kernel = _checks.pair("kernel_size", kernel_size, least=1)
    s = kernel if stride is None else _checks.pair("stride", stride, least=1)
    p = _checks.pair("padding", padding, least=0)
    if any(side > k // 2 for side, k in zip(p, kernel, strict=True)):
        raise ValueError(f"padding must be at most half of kernel_size {kernel}, got padding {p}")
    output_size((x.shape[2], x.shape[3]), kernel, s, p)
    return x, kernel, s, p
