r"""수용 영역. 출력 한 칸이 입력의 어디에서 어디까지 보는지 셉니다.

층마다 필요한 것은 창의 크기, 보폭, 패딩, 팽창뿐입니다. 입력에서 출력 쪽으로 한 층씩 나아가며

.. math:: r \leftarrow r + (k - 1)\,d\,j, \qquad a \leftarrow a - p\,j, \qquad j \leftarrow j\,s

를 되풀이하면, 출력 :math:`i` 번은 입력의 :math:`a + ij` 번부터 :math:`a + ij + r - 1` 번까지 봅니다.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, cast

import numpy as np
import numpy.typing as npt

from dlnotes._checks import about, array, choice, count, integer, refused, several
from dlnotes._precision import rounded_last
from dlnotes.arithmetic import output_size, same_padding


@dataclass(frozen=True)
class PaddingRule:
    """입력의 크기를 보아야 정해지는 패딩.

    Parameters
    ----------
    kind : {"same", "ceil"}
        ``"same"`` 은 TensorFlow처럼 출력이 입력의 크기를 보폭으로 나눈 몫(올림)이 되게 덧댑니다.
        ``"ceil"`` 은 PyTorch의 ``ceil_mode`` 처럼 끝의 모자란 창도 하나로 세도록 뒤쪽을 더 덧댑니다.
    padding : int
        ``"ceil"`` 에서 앞뒤에 먼저 덧대는 칸 수.

    Examples
    --------
    >>> PaddingRule("same").sides(6, 3, 2, 1), PaddingRule("ceil").sides(112, 3, 2, 1)
    ((0, 1), (0, 1))
    """

    kind: Literal["same", "ceil"]
    padding: int = 0

    def __post_init__(self) -> None:
        choice("kind", self.kind, ("same", "ceil"))
        integer("padding", self.padding, least=0)

    def sides(self, n: int, kernel_size: int, stride: int, dilation: int) -> tuple[int, int]:
        """입력이 `n` 칸일 때 앞과 뒤에 덧대는 칸 수.

        Parameters
        ----------
        n, kernel_size, stride, dilation : int
            입력의 크기와 창의 크기, 보폭, 팽창.

        Returns
        -------
        (int, int)
            앞과 뒤에 덧대는 칸 수.
        """
        if self.kind == "same":
            return same_padding(n, kernel_size, stride, dilation)
        span = integer("dilation", dilation, least=1) * (integer("kernel_size", kernel_size, least=1) - 1) + 1
        n, s, p = integer("n", n, least=1), integer("stride", stride, least=1), self.padding
        last = max(-(-(n + 2 * p - span) // s), 0)  # the last window, unless it would begin behind the input
        last -= last * s >= n + p
        return p, max(p, last * s + span - n - p)


class Window(NamedTuple):
    """한 축에서 층이 옮기는 창.

    Parameters
    ----------
    kernel_size : int
        창의 칸 수 :math:`k`.
    stride : int
        보폭 :math:`s` (칸).
    padding : (int, int) 또는 PaddingRule
        앞과 뒤에 덧대는 칸 수. 앞의 것이 :math:`p` 입니다. 입력의 크기를 보아야 정해지면 그 규칙입니다.
    dilation : int
        팽창 :math:`d`.
    """

    kernel_size: int
    """창의 칸 수 :math:`k`."""
    stride: int = 1
    """보폭 :math:`s`."""
    padding: tuple[int, int] | PaddingRule = (0, 0)
    """앞과 뒤에 덧대는 칸 수, 또는 그것을 정하는 규칙."""
    dilation: int = 1
    """팽창 :math:`d`."""

    def output_size(self, n: int) -> int:
        """입력이 `n` 칸일 때 출력의 칸 수.

        Parameters
        ----------
        n : int
            입력의 크기 (칸).

        Returns
        -------
        int
            출력의 크기 (칸).

        Raises
        ------
        ValueError
            창이 덧댄 입력보다 넓을 때.

        Examples
        --------
        >>> Window(2, padding=(0, 1)).output_size(13)
        13
        """
        n = integer("n", n, least=1)
        before, after = self.sides(n)
        k, s, _, d = self
        return output_size(n + abs(after - before), k, s, min(before, after), d)

    def sides(self, n: int | None = None) -> tuple[int, int]:
        """입력이 `n` 칸일 때 앞과 뒤에 덧대는 칸 수.

        Parameters
        ----------
        n : int, optional
            입력의 크기 (칸). 세임 패딩의 보폭이 2 이상일 때에만 없으면 안 됩니다.

        Returns
        -------
        (int, int)
            앞과 뒤에 덧대는 칸 수.

        Raises
        ------
        ValueError
            `n` 이 없으면 정할 수 없을 때.

        Examples
        --------
        >>> Window(3, 2, PaddingRule("same")).sides(6)
        (0, 1)
        """
        rule = self.padding
        if isinstance(rule, tuple):
            return rule
        if n is not None:
            return rule.sides(n, self.kernel_size, self.stride, self.dilation)
        if rule.kind == "same":
            raise ValueError("n must be given: 'same' padding with a stride depends on the size of the input")
        return rule.padding, rule.padding


class Windowed(Protocol):
    """격자 위에서 창을 옮기는 층. 완전 연결층처럼 창이 없으면 `windows` 가 None입니다."""

    @property
    def windows(self) -> tuple[Window, Window] | None:
        """세로축과 가로축의 창."""


def _windows(layers: Iterable[Windowed], axis: int, n: int | None = None) -> list[Window]:
    """층마다 `axis` 축의 창을 꺼내, 패딩을 칸 수로 정해 둡니다. `n` 은 입력의 크기입니다."""
    if integer("axis", axis, least=0) > 1:
        raise ValueError(f"axis must be 0 (vertical) or 1 (horizontal), got {axis}")
    windows = []
    for i, layer in enumerate(several("layers", layers)):
        if not hasattr(layer, "windows"):
            raise refused(f"layers[{i}]", "a layer of dlnotes.layers", layer)
        both = layer.windows
        if both is None:
            raise ValueError(
                f"layers must all slide a window, got layers[{i}] = {type(layer).__name__}: "
                "after it every output sees the whole input"
            )
        window = both[axis]._replace(padding=both[axis].sides(n))
        n = n if n is None else window.output_size(n)
        windows.append(window)
    return windows


@dataclass(frozen=True)
class ReceptiveField:
    """한 축의 수용 영역.

    Parameters
    ----------
    size : int
        출력 한 칸이 보는 입력의 폭 :math:`r` (픽셀).
    stride : int
        출력에서 한 칸 옮길 때 수용 영역이 옮겨 가는 거리 :math:`j` (픽셀).
    start : int
        출력 0번이 보는 첫 픽셀의 번호 :math:`a`. 패딩에서 시작하면 0보다 작습니다.

    Examples
    --------
    >>> ReceptiveField(size=446, stride=64, start=-191).center
    31.5
    """

    size: int
    stride: int
    start: int

    @property
    def center(self) -> float:
        r"""출력 0번이 보는 구간의 중심 :math:`a + (r - 1)/2` (픽셀)."""
        return self.start + (self.size - 1) / 2

    @property
    def overlap(self) -> int:
        r"""이웃한 두 출력이 함께 보는 폭 :math:`\max(r - j, 0)` (픽셀)."""
        return max(self.size - self.stride, 0)


def receptive_field(layers: Iterable[Windowed], axis: int = 0, n: int | None = None) -> ReceptiveField:
    r"""층을 차례로 지난 출력의 수용 영역을 셉니다.

    아무 층도 없을 때 :math:`r = 1`, :math:`j = 1`, :math:`a = 0` 에서 시작해 층마다

    .. math:: r \leftarrow r + (k - 1)\,d\,j, \qquad a \leftarrow a - p\,j, \qquad j \leftarrow j\,s

    로 고칩니다. 구간의 중심 :math:`c = a + (r - 1)/2` 로 적으면 둘째 식은
    :math:`c \leftarrow c + \bigl((k - 1)d/2 - p\bigr)j` 와 같습니다.

    Parameters
    ----------
    layers : iterable
        입력에서 출력 쪽으로 늘어놓은 층 (:mod:`dlnotes.layers`).
    axis : int
        0은 세로, 1은 가로입니다.
    n : int, optional
        입력의 크기 (픽셀). 보폭이 2 이상인 세임 패딩이 있으면 주어야 합니다.

    Returns
    -------
    ReceptiveField
        수용 영역의 폭, 보폭, 시작.

    Raises
    ------
    ValueError
        완전 연결층처럼 창이 없는 층이 섞여 있거나, `axis` 가 0과 1이 아닐 때.

    Notes
    -----
    여기서 세는 것은 연결이 닿는 범위입니다. 그 안의 픽셀이 출력에 똑같이 영향을 주는 것은 아닙니다.
    영향의 크기는 :func:`footprint` 로 봅니다.

    Examples
    --------
    3×3 합성곱 두 층과 2×2 풀링 하나는 6픽셀을 봅니다.

    >>> from dlnotes.layers import Conv2d, MaxPool2d
    >>> layers = [Conv2d(3, 64, 3, padding=1), Conv2d(64, 64, 3, padding=1), MaxPool2d(2)]
    >>> receptive_field(layers)
    ReceptiveField(size=6, stride=2, start=-2)
    """
    return receptive_fields(layers, axis, n)[-1]


def receptive_fields(layers: Iterable[Windowed], axis: int = 0, n: int | None = None) -> list[ReceptiveField]:
    """입력부터 층마다 :func:`receptive_field` 를 셉니다. 층이 깊어지며 수용 영역이 자라는 모습입니다.

    Parameters
    ----------
    layers : iterable
        입력에서 출력 쪽으로 늘어놓은 층.
    axis : int
        0은 세로, 1은 가로입니다.
    n : int, optional
        :func:`receptive_field` 와 같습니다.

    Returns
    -------
    list of ReceptiveField
        입력의 것부터 층마다 하나씩. 층의 수보다 하나 많습니다.

    Raises
    ------
    ValueError
        :func:`receptive_field` 와 같습니다.

    Examples
    --------
    >>> from dlnotes.layers import Conv2d, MaxPool2d
    >>> layers = [Conv2d(3, 64, 3, padding=1), Conv2d(64, 64, 3, padding=1), MaxPool2d(2)]
    >>> [field.size for field in receptive_fields(layers)]
    [1, 3, 5, 6]
    """
    r, j, a = 1, 1, 0
    fields = [ReceptiveField(size=r, stride=j, start=a)]
    for k, s, padding, d in _windows(layers, axis, n):
        p, _ = cast(tuple[int, int], padding)
        r += (k - 1) * d * j
        a -= p * j
        j *= s
        fields.append(ReceptiveField(size=r, stride=j, start=a))
    return fields


def interval(layers: Iterable[Windowed], index: int, n: int | None = None, axis: int = 0) -> tuple[int, int]:
    r"""출력 한 칸이 보는 입력의 첫 픽셀과 마지막 픽셀을 구합니다.

    출력에서 입력 쪽으로 한 층씩 거슬러 올라갑니다. 출력의 구간 :math:`[u, v]` 는 그 층의 입력에서

    .. math:: [\,us - p,\;\; vs - p + (k - 1)d\,]

    를 봅니다. 수용 영역의 폭이 :math:`r`, 보폭이 :math:`j`, 시작이 :math:`a` 인 망에서 출력 :math:`i` 번의
    구간은 :math:`[a + ij,\; a + ij + r - 1]` 과 같습니다.

    Parameters
    ----------
    layers : iterable
        입력에서 출력 쪽으로 늘어놓은 층.
    index : int
        출력의 번호 :math:`i`. 0 이상입니다.
    n : int, optional
        입력의 크기 (픽셀). 주면 층마다 패딩에 든 부분을 잘라 내고, 입력 ``[0, n)`` 안의 구간을 돌려줍니다.
    axis : int
        0은 세로, 1은 가로입니다.

    Returns
    -------
    (int, int)
        첫 픽셀과 마지막 픽셀의 번호. 둘 다 구간에 듭니다. `n` 을 주지 않으면 패딩까지 세므로 0보다 작거나
        입력의 끝을 넘을 수 있습니다.

    Raises
    ------
    ValueError
        `index` 가 출력의 범위를 벗어나거나, 패딩만 볼 때. 나머지는 :func:`receptive_field` 와 같습니다.

    Notes
    -----
    팽창이 있거나 보폭이 창보다 넓으면 구간 안에 보지 않는 픽셀이 남습니다. 그런 층에 패딩까지 있으면 구간의
    끝이 실제보다 넓게 나올 수도 있습니다. 실제로 본 픽셀은 :func:`footprint` 의 0이 아닌 자리입니다.

    Examples
    --------
    >>> from dlnotes.layers import Conv2d
    >>> layers = [Conv2d(3, 8, 3, padding=1), Conv2d(8, 8, 3, stride=2, padding=1)]
    >>> interval(layers, 0), interval(layers, 0, n=8)
    ((-2, 2), (0, 2))
    """
    windows = _windows(layers, axis, n)
    u = v = integer("index", index, least=0)
    if n is None:
        for k, s, padding, d in reversed(windows):
            p, _ = cast(tuple[int, int], padding)
            u, v = u * s - p, v * s - p + (k - 1) * d
        return u, v
    *lengths, outputs = _lengths(windows, integer("n", n, least=1))
    _check_index(u, outputs)
    for (k, s, padding, d), length in zip(reversed(windows), reversed(lengths), strict=True):
        p, _ = cast(tuple[int, int], padding)
        u, v = max(u * s - p, 0), min(v * s - p + (k - 1) * d, length - 1)
        if u > v:
            raise ValueError(f"index must see the input, got {index}, which sees only padding")
    return u, v


def combined(branches: Iterable[Iterable[Windowed]], axis: int = 0) -> Window:
    r"""나란한 갈래를 창 하나로 봅니다. 갈래마다 창을 이어 붙이고, 모두를 품는 창을 고릅니다.

    창 :math:`(k_1, s_1, p_1)` 뒤에 :math:`(k_2, s_2, p_2)` 를 이으면 :math:`(k_1 + (k_2 - 1)s_1,\; s_1 s_2,\;
    p_1 + p_2 s_1)` 입니다.

    Parameters
    ----------
    branches : iterable of iterable
        갈래마다의 층. 층이 없는 갈래는 입력을 그대로 넘깁니다.
    axis : int
        0은 세로, 1은 가로입니다.

    Returns
    -------
    Window
        가장 넓게 보는 창. 팽창은 1입니다.

    Raises
    ------
    ValueError
        갈래마다 보폭이 다르거나, 창이 없는 층이 섞여 있을 때.

    Examples
    --------
    >>> from dlnotes.layers import Conv2d
    >>> combined([[], [Conv2d(8, 8, 3, padding=1), Conv2d(8, 8, 3, padding=1)]])
    Window(kernel_size=5, stride=1, padding=(2, 2), dilation=1)
    """
    found = []
    for branch in several("branches", branches):
        k, s, before, after = 1, 1, 0, 0
        with about("branches"):
            windows = _windows(branch, axis)
        for window in windows:
            first, last = window.sides()
            k += (window.kernel_size - 1) * window.dilation * s
            before, after, s = before + first * s, after + last * s, s * window.stride
        found.append((k, s, before, after))
    strides = {s for _, s, _, _ in found}
    if len(strides) != 1:
        raise ValueError(f"branches must have one stride in common, got {sorted(strides)}")
    before = max(b for _, _, b, _ in found)
    size = before + max(k - b for k, _, b, _ in found)
    slack = min(a + b - k for k, _, b, a in found)  # all branches give as many outputs: so does the whole
    return Window(size, strides.pop(), (before, size - before + slack))


def _lengths(windows: Iterable[Window], n: int) -> list[int]:
    """입력의 칸 수와 층마다 나온 출력의 칸 수."""
    lengths = [n]
    for window in windows:
        lengths.append(window.output_size(lengths[-1]))
    return lengths


def _check_index(index: int, length: int) -> None:
    if index >= length:
        raise ValueError(f"index must be smaller than the output size {length}, got {index}")


def footprint(layers: Iterable[Windowed], n: int, index: int, axis: int = 0) -> npt.NDArray[np.float64]:
    r"""모든 층을 평균으로 바꾸고, 출력 한 칸의 기울기를 입력까지 되돌립니다.

    층마다 창 안의 :math:`k` 칸에 기울기를 :math:`1/k` 씩 나눠 줍니다. 출력 :math:`i` 번의 창은
    :math:`is - p,\; is - p + d,\; \ldots,\; is - p + (k - 1)d` 번 칸입니다. 패딩에 떨어진 몫은 버립니다.
    가중치가 모두 양수라 서로 지워지지 않으므로, 0이 아닌 자리가 곧 출력이 실제로 보는 픽셀입니다.

    Parameters
    ----------
    layers : iterable
        입력에서 출력 쪽으로 늘어놓은 층.
    n : int
        입력의 크기 (픽셀).
    index : int
        출력의 번호.
    axis : int
        0은 세로, 1은 가로입니다.

    Returns
    -------
    ndarray
        픽셀마다 닿은 기울기. 모양은 ``(n,)`` 입니다. 합은 1이고, 패딩에 떨어진 몫이 있으면 1보다 작습니다.

    Raises
    ------
    ValueError
        `index` 가 출력의 범위를 벗어나거나, 창이 입력보다 넓을 때. 나머지는 :func:`receptive_field` 와
        같습니다.

    Notes
    -----
    이미지에서는 두 축의 결과를 곱한 것이 픽셀 ``(y, x)`` 의 기울기입니다. 가운데가 높고 가장자리가 낮은 이
    모양이 유효 수용 영역의 한 예입니다. 학습한 망의 모양은 가중치와 활성화 함수에 따라 달라집니다.

    Examples
    --------
    >>> from dlnotes.layers import AvgPool2d
    >>> layers = [AvgPool2d(3, stride=1), AvgPool2d(3, stride=1)]
    >>> [round(9 * weight) for weight in footprint(layers, n=7, index=1).tolist()]
    [0, 1, 2, 3, 2, 1, 0]
    """
    layers, n = several("layers", layers), count("n", n)
    for i, layer in enumerate(layers):
        if hasattr(layer, "branches"):
            raise ValueError(f"layers must slide one window each, got layers[{i}] with branches")
    windows = _windows(layers, axis, n)
    lengths = _lengths(windows, n)
    i = integer("index", index, least=0)
    _check_index(i, lengths[-1])
    weights = np.zeros(lengths[-1])
    weights[i] = 1.0
    for (k, s, padding, d), length in zip(reversed(windows), reversed(lengths[:-1]), strict=True):
        before, after = cast(tuple[int, int], padding)
        padded = np.zeros(before + length + after)
        for tap in range(k):
            padded[tap * d : tap * d + s * len(weights) : s] += weights / k
        weights = padded[before : before + length]
    return weights


@rounded_last
def share_within(weights: npt.ArrayLike, first: int, last: int) -> float:
    r"""입력에 닿은 기울기 가운데 구간 안에 든 비율을 구합니다.

    .. math:: \frac{\sum_{i=u}^{v} g_i}{\sum_i g_i}

    패딩에 떨어져 버린 기울기는 세지 않습니다.

    Parameters
    ----------
    weights : array_like
        픽셀마다 닿은 기울기 :math:`g_i`. 모양 ``(n,)``, 0 이상입니다.
    first, last : int
        구간의 첫 픽셀 :math:`u` 와 마지막 픽셀 :math:`v`. 둘 다 구간에 듭니다.

    Returns
    -------
    float
        0 이상 1 이하의 비율.

    Raises
    ------
    TypeError
        배열이 실수가 아니거나 번호가 정수가 아닐 때.
    ValueError
        구간이 배열 밖이거나 거꾸로일 때, 기울기의 합이 0 이하일 때.

    Examples
    --------
    >>> share_within([0.0, 0.25, 0.125, 0.125], 1, 1)
    0.5
    """
    weights = array("weights", weights, rank=1)
    first = integer("first", first, least=0)
    if integer("last", last, least=first) >= len(weights):
        raise ValueError(f"last must be smaller than the number of pixels {len(weights)}, got {last}")
    if (total := weights.sum()) <= 0:
        raise ValueError(f"weights must have a positive sum, got {total}")
    return float(weights[first : last + 1].sum() / total)


def empirical_interval(layers: Iterable[Windowed], n: int, index: int, axis: int = 0) -> tuple[int, int]:
    """:func:`interval` 을 식 대신 기울기로 구합니다. 기울기가 0이 아닌 첫 픽셀과 마지막 픽셀입니다.

    Parameters
    ----------
    layers : iterable
        입력에서 출력 쪽으로 늘어놓은 층.
    n : int
        입력의 크기 (픽셀).
    index : int
        출력의 번호.
    axis : int
        0은 세로, 1은 가로입니다.

    Returns
    -------
    (int, int)
        기울기가 닿은 첫 픽셀과 마지막 픽셀의 번호.

    Raises
    ------
    ValueError
        기울기가 모두 패딩에 떨어질 때. 나머지는 :func:`footprint` 와 같습니다.

    Examples
    --------
    >>> from dlnotes.layers import Conv2d
    >>> layers = [Conv2d(3, 8, 3, padding=1), Conv2d(8, 8, 3, stride=2, padding=1)]
    >>> empirical_interval(layers, n=8, index=0) == interval(layers, 0, n=8)
    True
    """
    (seen,) = np.nonzero(footprint(layers, n, index, axis))
    if not len(seen):
        raise ValueError(f"index must see the input, got {index}, which sees only padding")
    return int(seen[0]), int(seen[-1])
