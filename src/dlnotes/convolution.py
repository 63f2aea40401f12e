r"""합성곱. 신호처리의 정의와 딥러닝 층의 정의를 나란히 둡니다.

앞의 절반은 배열 하나와 커널 하나를 다룹니다. 교차상관은 커널을 그대로 밀며 곱해 더하고, 합성곱은 커널을
뒤집어 민 교차상관입니다. 뒤의 절반은 이미지 묶음 ``(N, C, H, W)`` 와 가중치 ``(O, C/groups, kh, kw)`` 를 받는
층입니다. 딥러닝의 `conv2d` 는 이름과 달리 커널을 뒤집지 않으므로 교차상관입니다. 인자의 이름과 뜻은 PyTorch와
같습니다.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from dlnotes import _checks
from dlnotes._precision import rounded_last
from dlnotes.arithmetic import Size, output_size, transposed_output_size

Array = npt.NDArray[np.floating]
Mode = Literal["full", "same", "valid"]
Pair = tuple[int, int]


def flip(k: npt.ArrayLike) -> Array:
    r"""커널을 180° 돌립니다.

    세로와 가로의 차례를 모두 거꾸로 놓습니다. 두 번 뒤집으면 처음으로 돌아옵니다.

    .. math:: \tilde k_{i,j} = k_{f-1-i,\; g-1-j}

    Parameters
    ----------
    k : array_like
        커널 ``(f,)`` 또는 ``(..., f, g)``. 3차원부터는 마지막 두 축만 뒤집으므로 층의 가중치
        ``(O, C, kh, kw)`` 도 받습니다.

    Returns
    -------
    ndarray
        `k` 와 모양이 같은 배열.

    Raises
    ------
    TypeError
        `k` 가 실수 배열이 아닐 때.
    ValueError
        `k` 가 0차원일 때.

    Examples
    --------
    >>> flip([[1, 2], [3, 4]]).tolist()
    [[4.0, 3.0], [2.0, 1.0]]
    """
    kernel = _checks.array("k", k)
    if kernel.ndim == 0:
        raise ValueError(f"k must have at least 1 dimension, got {k!r}")
    return np.flip(kernel, axis=(-2, -1) if kernel.ndim > 1 else -1)


@rounded_last
def correlate1d(x: npt.ArrayLike, k: npt.ArrayLike, mode: Mode = "valid") -> Array:
    r"""1차원 교차상관. 커널을 뒤집지 않고 한 칸씩 밀며 곱해 더합니다.

    .. math:: y_t = \sum_i k_i\, x_{t+i}

    Parameters
    ----------
    x : array_like
        신호 ``(n,)``.
    k : array_like
        커널 ``(f,)``.
    mode : {"valid", "same", "full"}
        커널을 놓는 자리. :func:`correlate2d` 와 같습니다.

    Returns
    -------
    ndarray
        ``"valid"`` 는 ``(n - f + 1,)``, ``"same"`` 은 ``(n,)``, ``"full"`` 은 ``(n + f - 1,)`` 입니다.

    Raises
    ------
    TypeError
        배열이 실수가 아닐 때.
    ValueError
        :func:`correlate2d` 와 같습니다.

    Examples
    --------
    >>> correlate1d([1, 2, 3], [1, 0, -1], mode="full").tolist()
    [-1.0, -2.0, -2.0, 2.0, 3.0]
    """
    windows, k = _windows_and_kernel(x, k, mode, rank=1)
    return np.asarray(np.einsum("ti,i->t", windows, k))


@rounded_last
def convolve1d(x: npt.ArrayLike, k: npt.ArrayLike, mode: Mode = "valid") -> Array:
    r"""1차원 합성곱. 뒤집은 커널로 교차상관을 구합니다.

    .. math:: y_t = \sum_i k_i\, x_{t-i}

    Parameters
    ----------
    x : array_like
        신호 ``(n,)``.
    k : array_like
        커널 ``(f,)``.
    mode : {"valid", "same", "full"}
        커널을 놓는 자리. :func:`correlate2d` 와 같습니다.

    Returns
    -------
    ndarray
        크기는 :func:`correlate1d` 와 같습니다.

    Raises
    ------
    TypeError
        배열이 실수가 아닐 때.
    ValueError
        :func:`correlate2d` 와 같습니다.

    Examples
    --------
    >>> convolve1d([1, 2, 3], [1, 0, -1], mode="full").tolist()
    [1.0, 2.0, 2.0, -2.0, -3.0]
    """
    return correlate1d(x, flip(k), mode)


@rounded_last
def correlate2d(x: npt.ArrayLike, k: npt.ArrayLike, mode: Mode = "valid") -> Array:
    r"""2차원 교차상관. 커널을 뒤집지 않고 한 칸씩 밀며 곱해 더합니다.

    .. math:: y_{t,u} = \sum_i \sum_j k_{i,j}\, x_{t+i,\,u+j}

    Parameters
    ----------
    x : array_like
        이미지 ``(H, W)``.
    k : array_like
        커널 ``(f, g)``.
    mode : {"valid", "same", "full"}
        커널을 놓는 자리. ``"valid"`` 는 커널이 이미지 안에 온전히 드는 자리, ``"full"`` 은 한 칸이라도
        겹치는 자리 모두입니다. ``"same"`` 은 ``"full"`` 의 가운데에서 입력과 같은 크기를 잘라 냅니다.
        이미지 밖은 0으로 봅니다.

    Returns
    -------
    ndarray
        ``"valid"`` 는 ``(H - f + 1, W - g + 1)``, ``"same"`` 은 ``(H, W)``, ``"full"`` 은
        ``(H + f - 1, W + g - 1)`` 입니다.

    Raises
    ------
    TypeError
        배열이 실수가 아닐 때.
    ValueError
        차원이 다르거나, 배열이 비었거나, `mode` 가 셋 중 하나가 아닐 때. ``"valid"`` 에서 커널이 이미지보다
        클 때.

    Notes
    -----
    커널의 크기가 짝수이면 ``"same"`` 의 가운데가 둘입니다. 여기서는 scipy.signal의 correlate와 convolve처럼
    ``"full"`` 의 앞에서 ``(f - 1) // 2`` 칸을 버립니다. 그래야 모든 `mode` 에서 합성곱이 뒤집은 커널의
    교차상관과 같습니다. scipy.signal.correlate2d는 짝수 커널에서 한 칸 더 버립니다.

    Examples
    --------
    커널이 이미지의 왼쪽 위에 놓일 때의 값은 1·1 + 2·2 + 3·5 + 4·6 = 44입니다.

    >>> x = np.arange(1, 17).reshape(4, 4)
    >>> correlate2d(x, [[1, 2], [3, 4]]).tolist()
    [[44.0, 54.0, 64.0], [84.0, 94.0, 104.0], [124.0, 134.0, 144.0]]
    """
    windows, k = _windows_and_kernel(x, k, mode, rank=2)
    return np.asarray(np.einsum("tuij,ij->tu", windows, k))


@rounded_last
def convolve2d(x: npt.ArrayLike, k: npt.ArrayLike, mode: Mode = "valid") -> Array:
    r"""2차원 합성곱. 180° 돌린 커널로 교차상관을 구합니다.

    .. math:: y_{t,u} = \sum_i \sum_j k_{i,j}\, x_{t-i,\,u-j}

    Parameters
    ----------
    x : array_like
        이미지 ``(H, W)``.
    k : array_like
        커널 ``(f, g)``.
    mode : {"valid", "same", "full"}
        커널을 놓는 자리. :func:`correlate2d` 와 같습니다.

    Returns
    -------
    ndarray
        크기는 :func:`correlate2d` 와 같습니다.

    Raises
    ------
    TypeError
        배열이 실수가 아닐 때.
    ValueError
        :func:`correlate2d` 와 같습니다.

    Notes
    -----
    ``"full"`` 에서 합성곱은 교환법칙과 결합법칙을 지킵니다. 교차상관은 둘 다 지키지 않습니다.

    Examples
    --------
    한 점만 1인 이미지와 합성곱하면 커널이 그대로 나옵니다. 교차상관은 뒤집힌 커널을 냅니다.

    >>> impulse = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    >>> convolve2d(impulse, [[1, 2], [3, 4]]).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    >>> correlate2d(impulse, [[1, 2], [3, 4]]).tolist()
    [[4.0, 3.0], [2.0, 1.0]]
    """
    return correlate2d(x, flip(k), mode)


def _windows_and_kernel(x: npt.ArrayLike, k: npt.ArrayLike, mode: Mode, *, rank: int) -> tuple[Array, Array]:
    """`mode` 에 맞게 0을 덧댄 입력의 모든 창과, 검사한 커널을 돌려줍니다."""
    _checks.choice("mode", mode, ("full", "same", "valid"))
    x = _nonempty("x", _checks.array("x", x, rank=rank))
    k = _nonempty("k", _checks.array("k", k, rank=rank))
    if mode == "valid" and any(f > n for f, n in zip(k.shape, x.shape, strict=True)):
        raise ValueError(f"k must fit in x in mode 'valid', got k shape {k.shape} and x shape {x.shape}")
    margins = {
        "full": [(f - 1, f - 1) for f in k.shape],
        "same": [(f // 2, (f - 1) // 2) for f in k.shape],
        "valid": [(0, 0) for _ in k.shape],
    }
    return sliding_window_view(np.pad(x, margins[mode]), k.shape), k


def _nonempty(name: str, value: Array) -> Array:
    if value.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {value.shape}")
    return value


def pad2d(x: npt.ArrayLike, padding: Size, value: float = 0.0) -> Array:
    """이미지의 둘레에 같은 값을 덧댑니다.

    Parameters
    ----------
    x : array_like
        이미지 묶음 ``(N, C, H, W)``.
    padding : int 또는 (int, int)
        위아래와 왼쪽 오른쪽에 저마다 덧대는 칸 수 ``(ph, pw)``.
    value : float
        덧대는 값. 무한대도 됩니다.

    Returns
    -------
    ndarray
        ``(N, C, H + 2 ph, W + 2 pw)``.

    Raises
    ------
    TypeError
        `padding` 이 정수가 아니거나 `x` 가 실수 배열이 아닐 때.
    ValueError
        `x` 가 4차원이 아니거나 `padding` 이 음수일 때.

    Examples
    --------
    >>> pad2d([[[[5]]]], (0, 1)).tolist()
    [[[[0.0, 5.0, 0.0]]]]
    """
    x = _checks.array("x", x, rank=4)
    number = _checks.real("value", value, most=math.inf, infinite=True)
    (n, c, height, width), (ph, pw) = x.shape, _checks.pair("padding", padding, least=0)
    _checks.room(x=n * c, padding=(height + 2 * ph) * (width + 2 * pw))
    return np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), constant_values=number)


@rounded_last
def conv2d(
    x: npt.ArrayLike,
    w: npt.ArrayLike,
    b: npt.ArrayLike | None = None,
    *,
    stride: Size = 1,
    padding: Size = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Array:
    r"""합성곱층의 순전파. 모든 입력 채널의 교차상관을 더하고 편향을 더합니다.

    둘레에 0을 덧댄 입력을 :math:`x`, 보폭을 :math:`s`, 팽창을 :math:`d` 라 하면

    .. math:: y_{n,o,t,u} = b_o + \sum_c \sum_i \sum_j w_{o,c,i,j}\; x_{n,\,c,\,st+di,\,su+dj}

    입니다. `groups` 가 :math:`G` 이면 입력과 출력의 채널을 차례대로 :math:`G` 묶음으로 나누고, :math:`c` 는
    출력 :math:`o` 와 같은 묶음의 입력 채널만 셉니다.

    Parameters
    ----------
    x : array_like
        이미지 묶음 ``(N, C, H, W)``.
    w : array_like
        가중치 ``(O, C/groups, kh, kw)``.
    b : array_like, optional
        편향 ``(O,)``. 없으면 더하지 않습니다.
    stride : int 또는 (int, int)
        커널을 옮기는 칸 수 :math:`s`.
    padding : int 또는 (int, int)
        둘레에 덧대는 0의 칸 수.
    dilation : int 또는 (int, int)
        커널 칸의 간격 :math:`d`. 1이면 벌리지 않습니다.
    groups : int
        묶음의 수. 1이면 표준 합성곱이고, 입력 채널의 수와 같으면 깊이별 합성곱입니다.

    Returns
    -------
    ndarray
        특징 맵 ``(N, O, oh, ow)``. 크기는 :func:`dlnotes.arithmetic.output_size` 가 정합니다.

    Raises
    ------
    TypeError
        크기가 정수가 아니거나 배열이 실수가 아닐 때.
    ValueError
        차원이나 채널의 수가 맞지 않거나, `groups` 가 채널을 나누지 못하거나, 커널이 덧댄 입력보다 클 때.

    Notes
    -----
    :math:`c` 와 :math:`j` 에 관한 합은 행렬 곱 하나로 구하고, :math:`i` 에 관한 합은 커널의 줄을 따라 차례로
    더합니다. 창을 모두 펼치는 im2col과 같은 계산이지만, 가로로만 펼치므로 메모리를 커널 높이만큼 아낍니다.

    Examples
    --------
    5×5 커널 여덟 개가 3채널 이미지에서 특징 맵 여덟 장을 만듭니다.

    >>> x, w, b = np.ones((1, 3, 32, 32)), np.ones((8, 3, 5, 5)), np.ones(8)
    >>> y = conv2d(x, w, b)
    >>> y.shape, float(y[0, 0, 0, 0])
    ((1, 8, 28, 28), 76.0)
    >>> w.size + b.size
    608
    """
    x, w = _checks.array("x", x, rank=4), _checks.array("w", w, rank=4)
    _check_channels(x, w, groups)
    output_size(_size(x), _size(w), stride, padding, dilation)
    s, d = _checks.pair("stride", stride, least=1), _checks.pair("dilation", dilation, least=1)
    return _add_bias(_correlate(pad2d(x, padding), w, s, d, groups), b)


@rounded_last
def conv2d_vjp(
    x: npt.ArrayLike,
    w: npt.ArrayLike,
    b: npt.ArrayLike | None = None,
    *,
    stride: Size = 1,
    padding: Size = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> tuple[Array, Callable[[npt.ArrayLike], tuple[Array, Array, Array | None]]]:
    r"""합성곱층의 순전파와 역전파.

    출력의 기울기를 :math:`dy` 라 하면

    .. math::

        dw_{o,c,i,j} &= \sum_n \sum_t \sum_u dy_{n,o,t,u}\; x_{n,\,c,\,st+di,\,su+dj} \\
        db_o &= \sum_n \sum_t \sum_u dy_{n,o,t,u}

    이고, :math:`dx` 는 같은 가중치로 :math:`dy` 를 전치 합성곱한 것입니다. 보폭이 1이고 패딩이 없으면
    출력 채널마다 신호처리의 합성곱(``"full"``)을 구해 더한 것과 같습니다. 순전파에서 뒤집지 않은 커널이
    역전파에서 뒤집힙니다.

    Parameters
    ----------
    x, w, b, stride, padding, dilation, groups
        :func:`conv2d` 와 같습니다.

    Returns
    -------
    y : ndarray
        :func:`conv2d` 의 출력 ``(N, O, oh, ow)``.
    pullback : callable
        ``pullback(dy) -> (dx, dw, db)``. 기울기의 모양은 저마다 `x`, `w`, `b` 와 같습니다. `b` 가 없으면
        ``db`` 는 None입니다.

    Raises
    ------
    TypeError
        :func:`conv2d` 와 같습니다.
    ValueError
        :func:`conv2d` 와 같습니다. ``pullback`` 은 `dy` 의 모양이 `y` 와 다를 때에도 냅니다.

    Examples
    --------
    >>> x, w = np.arange(9.0).reshape(1, 1, 3, 3), np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    >>> y, pullback = conv2d_vjp(x, w)
    >>> dx, dw, db = pullback(np.ones_like(y))
    >>> dx[0, 0].tolist()
    [[1.0, 3.0, 2.0], [4.0, 10.0, 6.0], [3.0, 7.0, 4.0]]
    >>> dw[0, 0].tolist(), db
    ([[8.0, 12.0], [20.0, 24.0]], None)
    """
    y = conv2d(x, w, b, stride=stride, padding=padding, dilation=dilation, groups=groups)
    x, w = _checks.array("x", x, rank=4), _checks.array("w", w, rank=4)
    s, d = _checks.pair("stride", stride, least=1), _checks.pair("dilation", dilation, least=1)

    def pullback(dy: npt.ArrayLike) -> tuple[Array, Array, Array | None]:
        dy = _checks.shaped("dy", dy, y.shape)
        padded = pad2d(x, padding)
        unseen = _unseen(padded, _size(w), s, d)
        dx = transposed_conv2d(
            dy, w, stride=s, padding=padding, output_padding=unseen, dilation=d, groups=groups
        )
        dw = _correlate_with_output(padded, dy, _size(w), s, d, groups)
        return dx, dw, None if b is None else dy.sum(axis=(0, 2, 3))

    return y, pullback


@rounded_last
def transposed_conv2d(
    x: npt.ArrayLike,
    w: npt.ArrayLike,
    b: npt.ArrayLike | None = None,
    *,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Array:
    r"""전치 합성곱. `conv2d` 를 행렬로 적었을 때 그 전치를 곱합니다.

    입력의 각 값이 커널을 한 벌씩 출력에 찍고, 겹친 자리는 더해집니다.

    .. math:: y_{n,c,\,st+di-p,\,su+dj-p} \mathrel{+}= x_{n,o,t,u}\; w_{o,c,i,j}

    거꾸로 출력의 자리에서 보면, 입력의 칸 사이를 0으로 :math:`s` 배 벌리고 뒤집은 커널로 교차상관을 구하는
    것과 같습니다. 여기서는 이렇게 계산합니다.

    Parameters
    ----------
    x : array_like
        특징 맵 ``(N, O, H, W)``.
    w : array_like
        가중치 ``(O, C/groups, kh, kw)``. ``O`` 채널을 내는 `conv2d` 의 가중치와 같은 배열입니다.
    b : array_like, optional
        편향 ``(C,)``.
    stride : int 또는 (int, int)
        커널을 찍는 간격 :math:`s` (칸).
    padding : int 또는 (int, int)
        출력의 둘레에서 잘라 내는 칸 수 :math:`p`.
    output_padding : int 또는 (int, int)
        출력의 아래와 오른쪽에 보태는 칸 수.
    dilation : int 또는 (int, int)
        커널 칸의 간격 :math:`d`.
    groups : int
        묶음의 수.

    Returns
    -------
    ndarray
        ``(N, C, oh, ow)``. 크기는 :func:`dlnotes.arithmetic.transposed_output_size` 가 정합니다.

    Raises
    ------
    TypeError
        크기가 정수가 아니거나 배열이 실수가 아닐 때.
    ValueError
        차원이나 채널의 수가 맞지 않거나, `groups` 가 채널을 나누지 못하거나, 출력이 남지 않을 때.

    Notes
    -----
    어떤 :math:`x`, :math:`y` 에서도 :math:`\langle \mathrm{conv}(x), y \rangle = \langle x,
    \mathrm{conv}^{\mathsf T}(y) \rangle` 입니다. 합성곱의 역연산은 아닙니다.

    Examples
    --------
    >>> w = [[[[1, 2], [3, 4]]]]
    >>> transposed_conv2d([[[[1, 10]]]], w, stride=2).tolist()
    [[[[1.0, 2.0, 10.0, 20.0], [3.0, 4.0, 30.0, 40.0]]]]
    >>> transposed_conv2d([[[[1, 10]]]], w).tolist()
    [[[[1.0, 12.0, 20.0], [3.0, 34.0, 40.0]]]]
    """
    x, w = _checks.array("x", x, rank=4), _checks.array("w", w, rank=4)
    groups = _checks.integer("groups", groups, least=1)
    _check_sizes(x, w)
    if w.shape[0] != x.shape[1]:
        raise ValueError(f"w must have in_channels={x.shape[1]} kernels, got w shape {w.shape}")
    _checks.groups(x.shape[1], groups * w.shape[1], groups)
    transposed_output_size(_size(x), _size(w), stride, padding, output_padding, dilation)
    s, d = _checks.pair("stride", stride, least=1), _checks.pair("dilation", dilation, least=1)
    p, extra = (
        _checks.pair("padding", padding, least=0),
        _checks.pair("output_padding", output_padding, least=0),
    )
    spread = _spread(x, _size(w), s, p, extra, d)
    return _add_bias(_correlate(spread, flip(_swap_channels(w, groups)), (1, 1), d, groups), b)


@rounded_last
def depthwise_conv2d(
    x: npt.ArrayLike,
    w: npt.ArrayLike,
    b: npt.ArrayLike | None = None,
    *,
    stride: Size = 1,
    padding: Size = 0,
    dilation: Size = 1,
) -> Array:
    """깊이별 합성곱. 커널마다 입력 채널을 하나만 봅니다.

    ``groups`` 가 입력 채널의 수와 같은 :func:`conv2d` 입니다. 입력 채널마다 커널이 `K` 개씩 있으므로 출력
    채널은 입력 채널의 `K` 배입니다. 이 `K` 를 깊이 배수라고 합니다.

    Parameters
    ----------
    x : array_like
        이미지 묶음 ``(N, C, H, W)``.
    w : array_like
        가중치 ``(K*C, 1, kh, kw)``.
    b : array_like, optional
        편향 ``(K*C,)``.
    stride, padding, dilation : int 또는 (int, int)
        :func:`conv2d` 와 같습니다.

    Returns
    -------
    ndarray
        특징 맵 ``(N, K*C, oh, ow)``.

    Raises
    ------
    TypeError
        :func:`conv2d` 와 같습니다.
    ValueError
        출력 채널이 입력 채널의 배수가 아닐 때. 나머지는 :func:`conv2d` 와 같습니다.

    Examples
    --------
    >>> depthwise_conv2d(np.ones((1, 3, 7, 7)), np.ones((6, 1, 5, 5))).shape
    (1, 6, 3, 3)
    >>> depthwise_conv2d(np.ones((1, 3, 7, 7)), np.ones((8, 1, 5, 5)))
    Traceback (most recent call last):
        ...
    ValueError: w: out_channels must be a multiple of in_channels=3 in a depthwise convolution (groups=3): \
each input channel owns the same number of kernels, got out_channels=8
    """
    x, w = _checks.array("x", x, rank=4), _checks.array("w", w, rank=4)
    _check_sizes(x, w)
    with _checks.about("w"):
        _checks.groups(x.shape[1], len(w), x.shape[1])
    return conv2d(x, w, b, stride=stride, padding=padding, dilation=dilation, groups=x.shape[1])


@rounded_last
def pointwise_conv2d(
    x: npt.ArrayLike, w: npt.ArrayLike, b: npt.ArrayLike | None = None, *, stride: Size = 1
) -> Array:
    r"""점별 합성곱. 커널의 크기가 1×1인 :func:`conv2d` 입니다.

    자리마다 채널 벡터에 같은 행렬을 곱합니다. 이웃한 칸은 보지 않고 채널만 섞습니다.

    .. math:: y_{n,o,t,u} = b_o + \sum_c w_{o,c}\; x_{n,\,c,\,st,\,su}

    Parameters
    ----------
    x : array_like
        이미지 묶음 ``(N, C, H, W)``.
    w : array_like
        가중치 ``(O, C, 1, 1)``.
    b : array_like, optional
        편향 ``(O,)``.
    stride : int 또는 (int, int)
        보폭 :math:`s` (칸).

    Returns
    -------
    ndarray
        특징 맵 ``(N, O, oh, ow)``. 보폭이 1이면 높이와 너비가 입력과 같습니다.

    Raises
    ------
    TypeError
        :func:`conv2d` 와 같습니다.
    ValueError
        커널의 크기가 1×1이 아닐 때. 나머지는 :func:`conv2d` 와 같습니다.

    Examples
    --------
    >>> x = np.arange(4.0).reshape(1, 2, 1, 2)
    >>> pointwise_conv2d(x, np.array([[10.0, 1.0]]).reshape(1, 2, 1, 1)).tolist()
    [[[[2.0, 13.0]]]]
    """
    w = _checks.array("w", w, rank=4)
    if _size(w) != (1, 1):
        raise ValueError(f"w must have 1x1 kernels in a pointwise convolution, got shape {w.shape}")
    return conv2d(x, w, b, stride=stride)


@rounded_last
def depthwise_separable_conv2d(
    x: npt.ArrayLike,
    w_depth: npt.ArrayLike,
    w_point: npt.ArrayLike,
    b: npt.ArrayLike | None = None,
    *,
    stride: Size = 1,
    padding: Size = 0,
    dilation: Size = 1,
) -> Array:
    """깊이별 분리 합성곱. 깊이별 합성곱으로 자리를 모으고, 점별 합성곱으로 채널을 섞습니다.

    Parameters
    ----------
    x : array_like
        이미지 묶음 ``(N, C, H, W)``.
    w_depth : array_like
        깊이별 합성곱의 가중치 ``(K*C, 1, kh, kw)``.
    w_point : array_like
        점별 합성곱의 가중치 ``(O, K*C, 1, 1)``.
    b : array_like, optional
        점별 합성곱 뒤에 더하는 편향 ``(O,)``.
    stride, padding, dilation : int 또는 (int, int)
        깊이별 합성곱에 쓰입니다. 뜻은 :func:`conv2d` 와 같습니다.

    Returns
    -------
    ndarray
        특징 맵 ``(N, O, oh, ow)``.

    Raises
    ------
    TypeError
        :func:`conv2d` 와 같습니다.
    ValueError
        :func:`depthwise_conv2d`, :func:`pointwise_conv2d` 와 같습니다.

    Examples
    --------
    3채널에서 8채널로 갈 때 가중치는 600개 대신 99개입니다.

    >>> w_depth, w_point = np.ones((3, 1, 5, 5)), np.ones((8, 3, 1, 1))
    >>> depthwise_separable_conv2d(np.ones((1, 3, 32, 32)), w_depth, w_point).shape
    (1, 8, 28, 28)
    >>> w_depth.size + w_point.size
    99
    """
    w_depth, w_point = _checks.array("w_depth", w_depth, rank=4), _checks.array("w_point", w_point, rank=4)
    with _checks.about("w_depth"):
        y = depthwise_conv2d(x, w_depth, stride=stride, padding=padding, dilation=dilation)
    with _checks.about("w_point"):
        return pointwise_conv2d(y, w_point, b)


def block_diagonal_weight(w: npt.ArrayLike, groups: int) -> Array:
    r"""그룹 합성곱의 가중치를 표준 합성곱의 가중치로 옮겨 적습니다.

    출력 채널이 같은 묶음의 입력 채널을 볼 때만 원래 값을 두고 나머지는 0으로 채웁니다. 채널만 보면 블록
    대각 행렬입니다. 이 가중치로 ``groups=1`` 인 합성곱을 하면 그룹 합성곱과 결과가 같습니다.

    Parameters
    ----------
    w : array_like
        그룹 합성곱의 가중치 ``(O, C/groups, kh, kw)``.
    groups : int
        묶음의 수.

    Returns
    -------
    ndarray
        표준 합성곱의 가중치 ``(O, C, kh, kw)``.

    Raises
    ------
    TypeError
        `groups` 가 정수가 아니거나 `w` 가 실수 배열이 아닐 때.
    ValueError
        `w` 가 4차원이 아니거나 `groups` 가 출력 채널을 나누지 못할 때.

    Examples
    --------
    깊이별 합성곱은 225칸 가운데 75칸만 씁니다.

    >>> standard = block_diagonal_weight(np.ones((3, 1, 5, 5)), groups=3)
    >>> standard.size, int(np.count_nonzero(standard))
    (225, 75)
    >>> standard[:, :, 0, 0].tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    w = _checks.array("w", w, rank=4)
    groups = _checks.integer("groups", groups, least=1)
    out_channels, per_group, kh, kw = w.shape
    _checks.groups(groups * per_group, out_channels, groups)
    blocks = np.zeros((groups, out_channels // groups, groups, per_group, kh, kw), w.dtype)
    diagonal = np.arange(groups)
    blocks[diagonal, :, diagonal] = w.reshape(groups, out_channels // groups, per_group, kh, kw)
    return blocks.reshape(out_channels, groups * per_group, kh, kw)


def _correlate(x: Array, w: Array, stride: Pair, dilation: Pair, groups: int) -> Array:
    """편향 없는 `conv2d`. 커널을 한 줄씩 맡아, i번째 줄의 c와 j에 관한 합을 행렬 곱 하나로 구합니다."""
    n, out_channels = len(x), len(w)
    oh, ow = output_size(_size(x), _size(w), stride, 0, dilation)
    y = np.zeros((n, groups, out_channels // groups, oh * ow), np.result_type(x, w))
    for images in _blocks(x, _size(w)):
        for w_i, x_i in zip(
            _kernel_rows(w, groups), _seen_by_rows(x[images], _size(w), stride, dilation, groups), strict=True
        ):
            y[images] += w_i @ x_i
    return y.reshape(n, out_channels, oh, ow)


def _correlate_with_output(
    x: Array, dy: Array, kernel_size: Pair, stride: Pair, dilation: Pair, groups: int
) -> Array:
    """가중치의 기울기. 커널의 칸 (i, j)가 본 입력과 출력의 기울기를 곱해 더합니다."""
    (n, c, _, _), (_, o, oh, ow), (kh, kw) = x.shape, dy.shape, kernel_size
    dw = np.zeros((kh, groups, o // groups, c // groups * kw), np.result_type(x, dy))
    dy = dy.reshape(n, groups, o // groups, oh * ow)
    for images in _blocks(x, kernel_size):
        for dw_i, x_i in zip(
            dw, _seen_by_rows(x[images], kernel_size, stride, dilation, groups), strict=True
        ):
            dw_i += (dy[images] @ x_i.swapaxes(-1, -2)).sum(axis=0)
    return dw.reshape(kh, o, c // groups, kw).transpose(1, 2, 0, 3)


def _kernel_rows(w: Array, groups: int) -> Array:
    """가중치 (O, C/G, kh, kw)를 커널의 줄마다 행렬로 적습니다. (kh, G, O/G, C/G·kw)."""
    o, c, kh, kw = w.shape
    return w.transpose(2, 0, 1, 3).reshape(kh, groups, o // groups, c * kw)


def _seen_by_rows(x: Array, kernel_size: Pair, stride: Pair, dilation: Pair, groups: int) -> Iterator[Array]:
    """커널의 i번째 줄이 보는 입력 (N, G, C/G·kw, oh·ow)를 i = 0, …, kh - 1 차례로 냅니다."""
    (kh, kw), (sh, sw), (dh, dw) = kernel_size, stride, dilation
    n, c, height, _ = x.shape
    oh, ow = output_size(_size(x), kernel_size, stride, 0, dilation)
    across = sliding_window_view(x, dw * (kw - 1) + 1, axis=3)[:, :, :, ::sw, ::dw]
    across = across.transpose(0, 1, 4, 2, 3).reshape(n, groups, c // groups * kw, height, ow)
    for i in range(kh):
        # Without a vertical stride this reshape copies nothing: all rows of the kernel share one unfolding.
        yield across[:, :, :, dh * i : dh * i + sh * (oh - 1) + 1 : sh].reshape(n, groups, -1, oh * ow)


def _blocks(x: Array, kernel_size: Pair) -> Iterator[slice]:
    """펼친 배열이 캐시에 머물도록 이미지를 몇 장씩 끊습니다."""
    unfolded = math.prod(x.shape[1:]) * kernel_size[1]
    count = max(1, 2**18 // unfolded)
    return (slice(start, start + count) for start in range(0, len(x), count))


def _spread(x: Array, kernel_size: Pair, stride: Pair, padding: Pair, extra: Pair, dilation: Pair) -> Array:
    """전치 합성곱의 입력. 칸 사이를 0으로 벌리고, 커널이 한 칸이라도 겹치는 자리까지 둘레를 넓힙니다."""
    (sh, sw), (ph, pw), (n, c, height, width) = stride, padding, x.shape
    reach_h, reach_w = dilation[0] * (kernel_size[0] - 1), dilation[1] * (kernel_size[1] - 1)
    spread_h, spread_w = sh * (height - 1) + 1, sw * (width - 1) + 1
    _checks.room(
        x=n * c,
        stride=spread_h * spread_w,
        dilation=(2 * reach_h // spread_h + 1) * (2 * reach_w // spread_w + 1),
    )
    z = np.zeros((n, c, spread_h + 2 * reach_h + extra[0], spread_w + 2 * reach_w + extra[1]), x.dtype)
    z[:, :, reach_h : reach_h + spread_h : sh, reach_w : reach_w + spread_w : sw] = x
    return z[:, :, ph : z.shape[2] - ph, pw : z.shape[3] - pw]


def _unseen(x: Array, kernel_size: Pair, stride: Pair, dilation: Pair) -> Pair:
    """보폭이 나누어떨어지지 않아 어느 창에도 들지 않는 아래쪽과 오른쪽의 칸 수."""
    (height, width), (kh, kw), (sh, sw), (dh, dw) = _size(x), kernel_size, stride, dilation
    return (height - dh * (kh - 1) - 1) % sh, (width - dw * (kw - 1) - 1) % sw


def _swap_channels(w: Array, groups: int) -> Array:
    """묶음마다 출력 채널과 입력 채널을 맞바꿉니다. (O, C/G, kh, kw) → (C, O/G, kh, kw)."""
    o, c, kh, kw = w.shape
    swapped = w.reshape(groups, o // groups, c, kh, kw).swapaxes(1, 2)
    return swapped.reshape(groups * c, o // groups, kh, kw)


def _size(x: Array) -> Pair:
    return x.shape[2], x.shape[3]


def _add_bias(y: Array, b: npt.ArrayLike | None) -> Array:
    if b is None:
        return y
    b = _checks.array("b", b, rank=1)
    if b.shape != (y.shape[1],):
        raise ValueError(f"b must have out_channels={y.shape[1]} values, got shape {b.shape}")
    return y + b[:, np.newaxis, np.newaxis]


def _check_sizes(x: Array, w: Array) -> None:
    if 0 in x.shape[1:]:
        raise ValueError(f"x must have channels, height and width of at least 1, got shape {x.shape}")
    if 0 in w.shape:
        raise ValueError(f"w must not be empty, got shape {w.shape}")


def _check_channels(x: Array, w: Array, groups: int) -> None:
    groups = _checks.integer("groups", groups, least=1)
    _check_sizes(x, w)
    _checks.groups(x.shape[1], w.shape[0], groups)
    if w.shape[1] != x.shape[1] // groups:
        raise ValueError(
            f"w must have in_channels/groups={x.shape[1]}/{groups} input channels per kernel, "
            f"got {w.shape[1]} (w shape {w.shape}, x shape {x.shape})"
        )
