r"""층과 망이 배우고 하는 일을 셉니다: 매개변수, 곱셈-누산, 연결, 그리고 층을 이은 망의 표.

층은 :mod:`dlnotes.layers` 가 적은 데이터입니다. 모양은 이미지 한 장의 ``(C, H, W)`` (채널, 높이, 너비)이거나
벡터의 ``(F,)`` 입니다.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile
from math import prod
from typing import assert_never

from dlnotes import _checks
from dlnotes._checks import integer, pair
from dlnotes.layers import (
    KINDS,
    RBF,
    AvgPool2d,
    Branches,
    Conv2d,
    Flatten,
    GlobalAvgPool2d,
    GridLayer,
    Layer,
    Linear,
    LocallyConnected2d,
    MaxPool2d,
    Shape,
    Size,
    SparseConv2d,
    Subsampling2d,
    Upsample2d,
    output_shape,
)
from dlnotes.receptive_field import receptive_fields
from dlnotes.tables import Cell, Table


def _area(layer: GridLayer) -> int:
    """창 하나의 칸 수."""
    vertical, horizontal = layer.windows
    return vertical.kernel_size * horizontal.kernel_size


def _weights(layer: Layer) -> int:
    """입력에 곱하는 가중치의 수. 편향은 뺍니다."""
    match layer:
        case Conv2d():
            return layer.out_channels * (layer.in_channels // layer.groups) * _area(layer)
        case SparseConv2d():
            return sum(map(len, layer.table)) * _area(layer)
        case LocallyConnected2d():
            places = prod(pair("output_size", layer.output_size, least=1))
            return places * layer.out_channels * layer.in_channels * _area(layer)
        case Linear() | RBF():
            return layer.in_features * layer.out_features
        case Branches():
            return sum(_weights(one) for branch in layer.branches for one in branch)
        case MaxPool2d() | AvgPool2d() | Subsampling2d() | GlobalAvgPool2d() | Upsample2d() | Flatten():
            return 0
        case _:
            assert_never(layer)


def parameters(layer: Layer) -> int:
    r"""층이 배우는 매개변수의 수를 셉니다.

    커널이 :math:`k_h \times k_w`, 입력과 출력의 채널이 :math:`C_i, C_o`, 묶음이 :math:`g` 개인 합성곱은

    .. math:: k_h\, k_w\, \frac{C_i}{g}\, C_o + C_o

    개입니다. 뒤의 :math:`C_o` 는 편향입니다. 입력이 :math:`F_i`, 출력이 :math:`F_o` 인 완전 연결층은
    :math:`F_i F_o + F_o` 개입니다.

    Parameters
    ----------
    layer : Layer
        층.

    Returns
    -------
    int
        배우는 값의 수 (개).

    Notes
    -----
    배치 정규화는 채널마다 배율과 이동을 하나씩 셉니다. 훈련하며 따로 모으는 평균과 분산은 기울기로 배우지
    않으므로 세지 않습니다. 합성곱의 매개변수는 입력의 높이와 너비에 따라 달라지지 않습니다.

    Examples
    --------
    >>> [parameters(layer) for layer in (Conv2d(3, 8, 5), Conv2d(8, 16, 5), Linear(400, 120))]
    [608, 3216, 48120]
    """
    _checks.instance("layer", layer, KINDS, wanted="a layer")
    match layer:
        case Conv2d() | SparseConv2d():
            normalization = isinstance(layer, Conv2d) and layer.batch_norm
            return _weights(layer) + (layer.bias + 2 * normalization) * layer.out_channels
        case LocallyConnected2d():
            places = prod(pair("output_size", layer.output_size, least=1))
            return _weights(layer) + layer.bias * places * layer.out_channels
        case Linear():
            return _weights(layer) + layer.bias * layer.out_features
        case Subsampling2d():
            return 2 * layer.channels
        case Branches():
            return sum(parameters(one) for branch in layer.branches for one in branch)
        case MaxPool2d() | AvgPool2d() | GlobalAvgPool2d() | Upsample2d() | Flatten() | RBF():
            return 0
        case _:
            assert_never(layer)


def macs(layer: Layer, input_shape: Sequence[int]) -> int:
    r"""이미지 한 장이 층을 지날 때의 곱셈-누산 연산을 셉니다.

    합성곱의 가중치는 출력의 모든 자리에서 한 번씩 쓰이므로, 출력이 :math:`H_o \times W_o` 이면

    .. math:: H_o\, W_o\, C_o\, \frac{C_i}{g}\, k_h\, k_w

    번입니다.

    Parameters
    ----------
    layer : Layer
        층.
    input_shape : tuple of int
        입력의 모양 ``(C, H, W)`` 또는 ``(F,)``.

    Returns
    -------
    int
        곱해서 더하는 횟수 (번). 덧댄 0과의 곱도 셉니다.

    Raises
    ------
    TypeError, ValueError
        :func:`~dlnotes.layers.output_shape` 와 같습니다.

    Notes
    -----
    편향을 더하는 일, 풀링, 배치 정규화는 세지 않습니다. :class:`~dlnotes.layers.Subsampling2d` 는 출력마다
    계수를 한 번 곱하므로 출력의 크기만큼, :class:`~dlnotes.layers.RBF` 는 차를 제곱해 더하므로 연결의 수만큼
    셉니다.

    Examples
    --------
    매개변수는 FC3이 훨씬 많지만 연산은 CONV1이 훨씬 많습니다.

    >>> macs(Conv2d(3, 8, 5), (3, 32, 32)), macs(Linear(400, 120), (400,))
    (470400, 48000)
    """
    shape = output_shape(layer, input_shape)
    if isinstance(layer, Branches):
        return _along(layer, input_shape, macs)
    if isinstance(layer, (Conv2d, SparseConv2d)):
        return _weights(layer) * prod(shape[1:])
    return prod(shape) if isinstance(layer, Subsampling2d) else _weights(layer)


def _along(layer: Branches, input_shape: Sequence[int], count: Callable[[Layer, Shape], int]) -> int:
    """갈래마다 층을 차례로 지나며 센 것의 합."""
    total = 0
    for branch in layer.branches:
        shape = _checks.input_shape(input_shape)
        for one in branch:
            total += count(one, shape)
            shape = output_shape(one, shape)
    return total


def connections(layer: Layer, input_shape: Sequence[int]) -> int:
    """LeNet-5(1998)의 방식으로 연결을 셉니다. 출력 한 칸마다 읽는 입력의 칸 수에 편향을 더합니다.

    가중치를 여러 자리에서 나눠 써도 연결은 자리마다 따로 셉니다. 그래서 연결과 매개변수의 차이가 곧 가중치
    공유로 아낀 양입니다.

    Parameters
    ----------
    layer : Layer
        층.
    input_shape : tuple of int
        입력의 모양 ``(C, H, W)`` 또는 ``(F,)``.

    Returns
    -------
    int
        연결의 수 (개). 패딩과의 연결도 셉니다.

    Raises
    ------
    TypeError, ValueError
        :func:`~dlnotes.layers.output_shape` 와 같습니다.

    References
    ----------
    LeCun, Bottou, Bengio, Haffner (1998), "Gradient-based learning applied to document recognition",
    Proceedings of the IEEE.

    Examples
    --------
    >>> connections(Conv2d(1, 6, 5), (1, 32, 32)), connections(Subsampling2d(6), (6, 28, 28))
    (122304, 5880)
    """
    outputs = prod(output_shape(layer, input_shape))
    match layer:
        case Flatten():
            return 0
        case Branches():
            return _along(layer, input_shape, connections)
        case Upsample2d():
            return outputs
        case GlobalAvgPool2d():
            return prod(input_shape)
        case MaxPool2d() | AvgPool2d():
            return outputs * _area(layer)
        case Subsampling2d():
            return outputs * (_area(layer) + 1)
        case RBF():
            return macs(layer, input_shape)
        case Conv2d() | SparseConv2d() | LocallyConnected2d() | Linear():
            return macs(layer, input_shape) + layer.bias * outputs
        case _:
            assert_never(layer)


def _kind(layer: Layer) -> str:
    """층의 종류를 표에 적을 한국어로."""
    match layer:
        case Conv2d() if layer.groups == layer.in_channels > 1:
            kind = "깊이별 합성곱"
        case Conv2d() if layer.groups > 1:
            kind = f"그룹 합성곱({layer.groups})"
        case Conv2d():
            kind = "점별 합성곱" if _area(layer) == 1 else "합성곱"
        case SparseConv2d():
            kind = "성긴 합성곱"
        case LocallyConnected2d():
            kind = "지역 연결"
        case MaxPool2d():
            kind = "최대 풀링"
        case AvgPool2d():
            kind = "평균 풀링"
        case Subsampling2d():
            kind = "배우는 풀링"
        case Flatten():
            return "펴기"
        case GlobalAvgPool2d():
            return "전역 평균 풀링"
        case Upsample2d():
            return f"{'×'.join(map(str, pair('scale', layer.scale, least=1)))}배 늘리기"
        case Branches():
            joined = {"sum": "더하기", "concat": "잇기", "product": "곱하기", "side": "곁가지"}
            return f"갈래 {len(layer.branches)}개, {joined[layer.join]}"
        case Linear():
            return "완전 연결"
        case RBF():
            return "방사 기저"
        case _:
            assert_never(layer)
    return f"{_each(layer, 'kernel_size', '×', both=True)} {kind}{_options(layer)}"


def _each(layer: GridLayer, name: str, sep: str, *, both: bool = False) -> str:
    """두 축의 값. 같으면 하나만 적습니다 (`both` 가 참이면 둘 다)."""
    values = [str(getattr(window, name)) for window in layer.windows]
    return sep.join(values) if both or values[0] != values[1] else values[0]


def _options(layer: GridLayer) -> str:
    """기본값과 다른 보폭과 팽창."""
    pooling = isinstance(layer, (MaxPool2d, AvgPool2d, Subsampling2d))
    texts = []
    if any(window.stride != (window.kernel_size if pooling else 1) for window in layer.windows):
        texts.append(f", 보폭 {_each(layer, 'stride', '×')}")
    if any(window.dilation != 1 for window in layer.windows):
        texts.append(f", 팽창 {_each(layer, 'dilation', '×')}")
    return "".join(texts)


@dataclass(frozen=True)
class Row:
    """망의 표에서 한 줄.

    Parameters
    ----------
    name : str
        층의 이름. 이름이 없는 층은 클래스의 이름을 씁니다.
    kind : str
        층의 종류.
    shape : tuple of int
        활성값의 모양 ``(C, H, W)`` 또는 ``(F,)``.
    parameters : int
        매개변수의 수 (개).
    macs : int
        곱셈-누산 연산의 수 (번).
    receptive_field : int, (int, int) 또는 None
        수용 영역의 폭 (픽셀). 세로와 가로가 다르면 쌍이고, 격자가 사라진 뒤에는 None입니다.

    Examples
    --------
    >>> Row("CONV1", "5×5 합성곱", (8, 28, 28), 608, 470400, 5).size
    6272
    """

    name: str
    kind: str
    shape: Shape
    parameters: int
    macs: int
    receptive_field: Size | None

    @property
    def size(self) -> int:
        """활성값의 수 (개)."""
        return prod(self.shape)


_COLUMNS: dict[str, Callable[[Row], Cell]] = {
    "층": lambda row: row.name,
    "종류": lambda row: row.kind,
    "활성값 모양": lambda row: row.shape,
    "활성값 크기": lambda row: row.size,
    "매개변수": lambda row: row.parameters,
    "곱셈-누산": lambda row: row.macs,
    "수용 영역": lambda row: row.receptive_field,
}


@dataclass(frozen=True)
class Summary:
    """층을 이은 망의 표. 첫 줄은 입력입니다.

    Parameters
    ----------
    rows : tuple of Row
        줄.

    Examples
    --------
    >>> result = summary([Conv2d(3, 8, 5, name="CONV1"), MaxPool2d(2, name="POOL1")], (3, 32, 32))
    >>> result.parameters, result.macs
    (608, 470400)
    >>> print(result.table(columns=["층", "활성값 모양", "활성값 크기", "매개변수"]))
    층     활성값 모양  활성값 크기  매개변수
    -----  -----------  -----------  --------
    입력   (3, 32, 32)        3,072         0
    CONV1  (8, 28, 28)        6,272       608
    POOL1  (8, 14, 14)        1,568         0
    -----  -----------  -----------  --------
    합계                                  608
    """

    rows: tuple[Row, ...]

    @property
    def parameters(self) -> int:
        """매개변수의 합계 (개)."""
        return sum(row.parameters for row in self.rows)

    @property
    def macs(self) -> int:
        """곱셈-누산 연산의 합계 (번)."""
        return sum(row.macs for row in self.rows)

    def table(self, caption: str = "", columns: Sequence[str] = tuple(_COLUMNS)) -> Table:
        """표로 옮깁니다.

        Parameters
        ----------
        caption : str
            표의 제목.
        columns : sequence of str
            보일 열. ``층``, ``종류``, ``활성값 모양``, ``활성값 크기``, ``매개변수``, ``곱셈-누산``,
            ``수용 영역`` 가운데 고릅니다.

        Returns
        -------
        Table
            끝에 합계가 있는 표.

        Raises
        ------
        ValueError
            `columns` 에 없는 열을 적었을 때.
        """
        caption, columns = _checks.text("caption", caption), _checks.several("columns", columns)
        for name in columns:
            if not isinstance(name, str) or name not in _COLUMNS:
                raise ValueError(f"columns must be among {list(_COLUMNS)}, got {_checks.shown(name)}")
        rows = [[_COLUMNS[name](row) for name in columns] for row in self.rows]
        totals: dict[str, Cell] = {"층": "합계", "매개변수": self.parameters, "곱셈-누산": self.macs}
        return Table(columns, rows, caption, footer=[totals.get(name, "") for name in columns])

    def __str__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def _receptive_sizes(layers: Sequence[Layer], shape: Shape) -> Iterator[Size | None]:
    """층마다 두 축의 수용 영역. 같으면 하나만 적고, 격자가 사라진 뒤에는 None입니다."""
    grid = list(takewhile(lambda layer: layer.windows is not None, layers))
    sides = shape[1:] if len(shape) == 3 else (None, None)
    fields = (receptive_fields(grid, axis, n)[1:] for axis, n in enumerate(sides))
    for vertical, horizontal in zip(*fields, strict=True):
        r, c = vertical.size, horizontal.size
        yield r if r == c else (r, c)
    yield from [None] * (len(layers) - len(grid))


def shapes(layers: Iterable[Layer], input_shape: Sequence[int]) -> list[Shape]:
    """층을 차례로 지나는 활성값의 모양을 늘어놓습니다.

    Parameters
    ----------
    layers : iterable of Layer
        입력에서 출력 쪽으로 늘어놓은 층.
    input_shape : tuple of int
        입력의 모양 ``(C, H, W)`` 또는 ``(F,)``.

    Returns
    -------
    list of tuple of int
        입력의 모양, 이어서 층마다 출력의 모양.

    Raises
    ------
    TypeError
        `input_shape` 가 정수의 튜플이 아닐 때.
    ValueError
        이웃한 층이 맞물리지 않을 때. 몇 번째 층인지와 두 값을 밝힙니다.

    Examples
    --------
    >>> shapes([Conv2d(3, 8, 5), MaxPool2d(2), Flatten()], (3, 32, 32))
    [(3, 32, 32), (8, 28, 28), (8, 14, 14), (1568,)]
    """
    found = [_checks.input_shape(input_shape)]
    for i, layer in enumerate(_checks.several("layers", layers)):
        _checks.instance(f"layers[{i}]", layer, KINDS, wanted="a layer")
        try:
            found.append(output_shape(layer, found[-1]))
        except ValueError as error:
            raise ValueError(f"layers[{i}] ({layer.name or type(layer).__name__}): {error}") from error
    return found


def summary(layers: Iterable[Layer], input_shape: Sequence[int]) -> Summary:
    """층을 차례로 지나며 활성값의 모양과 크기, 매개변수, 곱셈-누산 연산, 수용 영역을 셉니다.

    Parameters
    ----------
    layers : iterable of Layer
        입력에서 출력 쪽으로 늘어놓은 층.
    input_shape : tuple of int
        입력의 모양 ``(C, H, W)`` 또는 ``(F,)``.

    Returns
    -------
    Summary
        입력과 층마다 한 줄씩 있는 표.

    Raises
    ------
    TypeError
        `input_shape` 가 정수의 튜플이 아닐 때.
    ValueError
        이웃한 층이 맞물리지 않을 때. 몇 번째 층인지와 두 값을 밝힙니다.

    Examples
    --------
    >>> print(summary([Conv2d(3, 8, 5), MaxPool2d(2), Flatten(), Linear(1568, 10)], (3, 32, 32)))
    층         종류           활성값 모양  활성값 크기  매개변수  곱셈-누산  수용 영역
    ---------  -------------  -----------  -----------  --------  ---------  ---------
    입력                      (3, 32, 32)        3,072         0          0          1
    Conv2d     5×5 합성곱     (8, 28, 28)        6,272       608    470,400          5
    MaxPool2d  2×2 최대 풀링  (8, 14, 14)        1,568         0          0          6
    Flatten    펴기           (1568,)            1,568         0          0          –
    Linear     완전 연결      (10,)                 10    15,690     15,680          –
    ---------  -------------  -----------  -----------  --------  ---------  ---------
    합계                                                  16,298    486,080
    """
    layers = _checks.several("layers", layers)
    before, *after = shapes(layers, input_shape)
    rows = [Row("입력", "", before, 0, 0, 1 if len(before) == 3 else None)]
    for layer, shape, seen in zip(layers, after, _receptive_sizes(layers, before), strict=True):
        name = layer.name or type(layer).__name__
        rows.append(Row(name, _kind(layer), shape, parameters(layer), macs(layer, before), seen))
        before = shape
    return Summary(tuple(rows))


def separable_cost_ratio(out_channels: int, kernel_size: Size) -> Fraction:
    r"""깊이별 분리 합성곱의 곱셈-누산을 표준 합성곱의 것으로 나눈 비를 구합니다.

    출력 채널이 :math:`N`, 커널이 :math:`k \times k`, 입력 채널이 :math:`M`, 출력이 :math:`D \times D` 이면

    .. math:: \frac{D^2 M k^2 + D^2 M N}{D^2 M N k^2} = \frac{1}{N} + \frac{1}{k^2}

    입니다. 입력 채널과 출력의 크기는 약분되어 사라집니다. 출력 채널이 늘수록 :func:`separable_cost_limit` 에
    다가갑니다.

    Parameters
    ----------
    out_channels : int
        출력의 채널 수 :math:`N` (개).
    kernel_size : int 또는 (int, int)
        커널의 크기 :math:`k` (칸). 쌍이면 :math:`k^2` 자리에 두 값의 곱을 씁니다.

    Returns
    -------
    fractions.Fraction
        표준 합성곱을 1로 본 비.

    Raises
    ------
    TypeError
        정수가 아닌 크기를 받았을 때.
    ValueError
        크기가 1보다 작을 때.

    References
    ----------
    Howard et al. (2017), "MobileNets: efficient convolutional neural networks for mobile vision
    applications".

    Examples
    --------
    >>> separable_cost_ratio(8, 5), float(separable_cost_ratio(16, 5))
    (Fraction(33, 200), 0.1025)
    """
    return Fraction(1, integer("out_channels", out_channels, least=1)) + separable_cost_limit(kernel_size)


def separable_cost_limit(kernel_size: Size) -> Fraction:
    r"""출력 채널이 끝없이 늘 때 :func:`separable_cost_ratio` 가 다가가는 값 :math:`1/k^2`.

    Parameters
    ----------
    kernel_size : int 또는 (int, int)
        커널의 크기 :math:`k` (칸). 쌍이면 :math:`k^2` 자리에 두 값의 곱을 씁니다.

    Returns
    -------
    fractions.Fraction
        표준 합성곱을 1로 본 비.

    Raises
    ------
    TypeError
        정수가 아닌 크기를 받았을 때.
    ValueError
        크기가 1보다 작을 때.

    Examples
    --------
    >>> separable_cost_limit(3)
    Fraction(1, 9)
    """
    return Fraction(1, prod(pair("kernel_size", kernel_size, least=1)))
