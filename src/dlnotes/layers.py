"""층을 데이터로 적고, 층을 이은 망의 표를 셉니다.

층은 값만 담은 불변 데이터이고, 세는 일은 모두 함수가 합니다. 인자의 이름과 뜻은 PyTorch를 따릅니다.
모양은 이미지 한 장의 ``(C, H, W)`` (채널, 높이, 너비)이거나 벡터의 ``(F,)`` 입니다. 활성화 함수는
매개변수도 곱셈-누산도 모양의 변화도 없으므로 적지 않습니다.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from itertools import takewhile
from math import prod
from typing import Literal, assert_never

from dlnotes._checks import groups as check_groups
from dlnotes._checks import integer, pair
from dlnotes.receptive_field import Window, receptive_fields
from dlnotes.tables import Cell, Table

Size = int | tuple[int, int]
Padding = Size | Literal["same"]
Shape = tuple[int, ...]


def _checked(name: str, value: object) -> object:
    """필드 하나를 이름에 맞게 검사합니다. 크기는 (세로, 가로) 쌍으로 통일합니다."""
    match name:
        case "kernel_size" | "stride" | "dilation" | "output_size":
            return pair(name, value, least=1)
        case "padding":
            if isinstance(value, str) and value != "same":
                raise ValueError(f"padding must be an integer, a pair or 'same', got {value!r}")
            return value if isinstance(value, str) else pair(name, value, least=0)
        case "bias" | "batch_norm" | "name":
            wanted, kind = ("a string", str) if name == "name" else ("True or False", bool)
            if not isinstance(value, kind):
                raise TypeError(f"{name} must be {wanted}, got {value!r} ({type(value).__name__})")
            return value
        case _:
            return integer(name, value, least=1)


def _check(layer: Layer) -> None:
    """층을 만들 때 모든 필드를 검사하고 검사한 값으로 바꿔 둡니다."""
    for field in fields(layer):
        if field.name != "table":
            object.__setattr__(layer, field.name, _checked(field.name, getattr(layer, field.name)))


def _slide(kernel_size: Size, stride: Size, padding: Padding, dilation: Size = 1) -> tuple[Window, Window]:
    """세로와 가로의 창. 세임 패딩의 남는 한 칸은 PyTorch처럼 뒤쪽에 둡니다."""
    ks, ss, ds = (pair("size", size, least=1) for size in (kernel_size, stride, dilation))
    if padding == "same":
        if ss != (1, 1):
            raise ValueError(f"padding='same' needs stride 1, got stride {ss}")
        totals = [d * (k - 1) for k, d in zip(ks, ds, strict=True)]
        paddings = [(total // 2, total - total // 2) for total in totals]
    else:
        paddings = [(p, p) for p in pair("padding", padding, least=0)]
    vertical, horizontal = (Window(*sizes) for sizes in zip(ks, ss, paddings, ds, strict=True))
    return vertical, horizontal


@dataclass(frozen=True)
class Conv2d:
    """합성곱 층. 표준, 그룹, 깊이별, 점별, 팽창 합성곱을 모두 적습니다.

    Parameters
    ----------
    in_channels, out_channels : int
        입력과 출력의 채널 수 (개).
    kernel_size : int 또는 (int, int)
        커널의 (세로, 가로) 크기 (칸). 정수 하나면 정사각형입니다.
    stride : int 또는 (int, int)
        보폭 (칸).
    padding : int, (int, int) 또는 "same"
        한쪽에 덧대는 칸 수. ``"same"`` 은 보폭이 1일 때만 쓰며, 덧댈 칸 수가 홀수이면 뒤쪽에 한 칸 더
        둡니다.
    dilation : int 또는 (int, int)
        팽창. 1이면 벌리지 않습니다.
    groups : int
        채널을 나누는 묶음의 수 (개). 1이면 표준, `in_channels` 와 같으면 깊이별 합성곱입니다.
    bias : bool
        출력 채널마다 편향을 하나씩 두는지.
    batch_norm : bool
        뒤에 배치 정규화를 두는지. 출력 채널마다 배우는 값이 둘(배율과 이동) 늘어납니다.
    name : str
        표에 적을 이름.

    Raises
    ------
    TypeError
        정수, 참·거짓, 글자가 있어야 할 자리에 다른 값이 왔을 때.
    ValueError
        크기가 허용 범위를 벗어나거나, `groups` 가 입력과 출력의 채널 수를 모두 나누지 못할 때.

    Examples
    --------
    >>> parameters(Conv2d(3, 8, 5)), parameters(Conv2d(3, 8, 5, bias=False, batch_norm=True))
    (608, 616)

    깊이별 합성곱으로는 3채널에서 8채널을 낼 수 없습니다.

    >>> try:
    ...     Conv2d(3, 8, 5, groups=3)
    ... except ValueError as error:
    ...     print(str(error).partition(":")[0])
    out_channels must be a multiple of in_channels=3 in a depthwise convolution (groups=3)
    """

    in_channels: int
    out_channels: int
    kernel_size: Size
    stride: Size = 1
    padding: Padding = 0
    dilation: Size = 1
    groups: int = 1
    bias: bool = True
    batch_norm: bool = False
    name: str = ""

    def __post_init__(self) -> None:
        _check(self)
        check_groups(self.in_channels, self.out_channels, self.groups)
        _ = self.windows

    @property
    def windows(self) -> tuple[Window, Window]:
        """세로축과 가로축의 창."""
        return _slide(self.kernel_size, self.stride, self.padding, self.dilation)


@dataclass(frozen=True)
class SparseConv2d:
    """출력 채널마다 정해진 입력 채널만 읽는 합성곱 층. LeNet-5(1998)의 C3이 이렇습니다.

    Parameters
    ----------
    in_channels : int
        입력의 채널 수 (개).
    table : tuple of tuple of int
        연결표. `o` 번째 항목은 출력 채널 `o` 가 읽는 입력 채널의 번호(0부터)들입니다.
    kernel_size : int 또는 (int, int)
        커널의 크기 (칸).
    stride : int 또는 (int, int)
        보폭 (칸).
    padding : int, (int, int) 또는 "same"
        한쪽에 덧대는 칸 수.
    bias : bool
        출력 채널마다 편향을 하나씩 두는지.
    name : str
        표에 적을 이름.

    Raises
    ------
    TypeError
        정수가 있어야 할 자리에 다른 값이 왔을 때.
    ValueError
        연결표가 비었거나, 한 항목이 비었거나 같은 채널을 두 번 적었거나, 없는 채널을 가리킬 때.

    Examples
    --------
    첫 출력은 채널 0과 1을, 둘째 출력은 세 채널을 모두 읽습니다.

    >>> parameters(SparseConv2d(3, ((0, 1), (0, 1, 2)), 5))
    127
    """

    in_channels: int
    table: tuple[tuple[int, ...], ...]
    kernel_size: Size
    stride: Size = 1
    padding: Padding = 0
    bias: bool = True
    name: str = ""

    def __post_init__(self) -> None:
        _check(self)
        if not isinstance(self.table, (tuple, list)) or not all(
            isinstance(inputs, (tuple, list)) for inputs in self.table
        ):
            raise TypeError(f"table must be a tuple of tuples of channels, got {self.table!r}")
        table = tuple(tuple(integer("table", c, least=0) for c in inputs) for inputs in self.table)
        if not table:
            raise ValueError(f"table must list the inputs of at least one output channel, got {table}")
        for o, inputs in enumerate(table):
            if not inputs or len(set(inputs)) < len(inputs) or max(inputs) >= self.in_channels:
                raise ValueError(
                    f"table[{o}] must name distinct channels below in_channels={self.in_channels}, "
                    f"got {inputs}"
                )
        object.__setattr__(self, "table", table)
        _ = self.windows

    @property
    def out_channels(self) -> int:
        """출력의 채널 수 (개)."""
        return len(self.table)

    @property
    def windows(self) -> tuple[Window, Window]:
        """세로축과 가로축의 창."""
        return _slide(self.kernel_size, self.stride, self.padding)


@dataclass(frozen=True)
class LocallyConnected2d:
    """창은 합성곱처럼 옮기지만 자리마다 다른 커널과 편향을 쓰는 층. YOLOv1의 darknet 설정에 있습니다.

    Parameters
    ----------
    in_channels, out_channels : int
        입력과 출력의 채널 수 (개).
    output_size : int 또는 (int, int)
        출력의 (세로, 가로) 크기 (칸). 자리마다 가중치가 있으므로 미리 정해 둡니다.
    kernel_size : int 또는 (int, int)
        커널의 크기 (칸).
    stride : int 또는 (int, int)
        보폭 (칸).
    padding : int, (int, int) 또는 "same"
        한쪽에 덧대는 칸 수.
    bias : bool
        출력의 자리와 채널마다 편향을 하나씩 두는지.
    name : str
        표에 적을 이름.

    Raises
    ------
    TypeError
        정수, 참·거짓, 글자가 있어야 할 자리에 다른 값이 왔을 때.
    ValueError
        크기가 허용 범위를 벗어날 때.

    Examples
    --------
    7×7 자리마다 따로 배우므로 같은 크기의 합성곱보다 매개변수가 49배입니다.

    >>> local, shared = LocallyConnected2d(16, 8, 7, 3, padding=1), Conv2d(16, 8, 3, padding=1)
    >>> parameters(local) // parameters(shared)
    49
    """

    in_channels: int
    out_channels: int
    output_size: Size
    kernel_size: Size
    stride: Size = 1
    padding: Padding = 0
    bias: bool = True
    name: str = ""

    def __post_init__(self) -> None:
        _check(self)
        _ = self.windows

    @property
    def windows(self) -> tuple[Window, Window]:
        """세로축과 가로축의 창."""
        return _slide(self.kernel_size, self.stride, self.padding)


def _check_pool(layer: MaxPool2d | AvgPool2d | Subsampling2d) -> None:
    """풀링 층을 검사합니다. 보폭을 비우면 창의 크기이고, 패딩만 보는 창은 허락하지 않습니다."""
    if layer.stride is None:
        object.__setattr__(layer, "stride", layer.kernel_size)
    _check(layer)
    for window in layer.windows:
        if max(window.padding) > window.kernel_size / 2:
            raise ValueError(
                f"padding must be at most half of kernel_size {window.kernel_size}, got {max(window.padding)}"
            )


@dataclass(frozen=True)
class MaxPool2d:
    """창 안의 가장 큰 값을 고르는 최대 풀링 층. 매개변수가 없습니다.

    Parameters
    ----------
    kernel_size : int 또는 (int, int)
        창의 크기 (칸).
    stride : int 또는 (int, int), optional
        보폭 (칸). 비우면 `kernel_size` 와 같습니다.
    padding : int, (int, int) 또는 "same"
        한쪽에 덧대는 칸 수. 창의 절반을 넘지 못합니다. 덧댄 칸은 가장 큰 값이 될 수 없습니다.
    name : str
        표에 적을 이름.

    Raises
    ------
    TypeError
        정수나 글자가 있어야 할 자리에 다른 값이 왔을 때.
    ValueError
        크기가 허용 범위를 벗어나거나 `padding` 이 창의 절반을 넘을 때.

    Examples
    --------
    >>> output_shape(MaxPool2d(2), (8, 28, 28))
    (8, 14, 14)
    >>> output_shape(MaxPool2d(2, stride=1, padding="same"), (512, 13, 13))
    (512, 13, 13)
    """

    kernel_size: Size
    stride: Size | None = None
    padding: Padding = 0
    name: str = ""

    def __post_init__(self) -> None:
        _check_pool(self)

    @property
    def windows(self) -> tuple[Window, Window]:
        """세로축과 가로축의 창."""
        return _slide(self.kernel_size, self.stride or self.kernel_size, self.padding)


@dataclass(frozen=True)
class AvgPool2d:
    """창 안의 값을 평균하는 평균 풀링 층. 매개변수가 없습니다.

    Parameters
    ----------
    kernel_size : int 또는 (int, int)
        창의 크기 (칸).
    stride : int 또는 (int, int), optional
        보폭 (칸). 비우면 `kernel_size` 와 같습니다.
    padding : int, (int, int) 또는 "same"
        한쪽에 덧대는 칸 수. 창의 절반을 넘지 못합니다.
    name : str
        표에 적을 이름.

    Raises
    ------
    TypeError
        정수나 글자가 있어야 할 자리에 다른 값이 왔을 때.
    ValueError
        크기가 허용 범위를 벗어나거나 `padding` 이 창의 절반을 넘을 때.

    Examples
    --------
    >>> output_shape(AvgPool2d(7), (1024, 7, 7))
    (1024, 1, 1)
    """

    kernel_size: Size
    stride: Size | None = None
    padding: Padding = 0
    name: str = ""

    def __post_init__(self) -> None:
        _check_pool(self)

    @property
    def windows(self) -> tuple[Window, Window]:
        """세로축과 가로축의 창."""
        return _slide(self.kernel_size, self.stride or self.kernel_size, self.padding)


@dataclass(frozen=True)
class Subsampling2d:
    """배우는 풀링 층. 창 안의 값을 더해 계수를 곱하고 편향을 보탭니다. LeNet-5(1998)의 S2와 S4가 이렇습니다.

    Parameters
    ----------
    channels : int
        채널 수 (개). 채널마다 계수 하나와 편향 하나를 배웁니다.
    kernel_size : int 또는 (int, int)
        창의 크기 (칸).
    stride : int 또는 (int, int), optional
        보폭 (칸). 비우면 `kernel_size` 와 같습니다.
    name : str
        표에 적을 이름.

    Raises
    ------
    TypeError
        정수나 글자가 있어야 할 자리에 다른 값이 왔을 때.
    ValueError
        크기가 1보다 작을 때.

    Examples
    --------
    >>> parameters(Subsampling2d(6))
    12
    """

    channels: int
    kernel_size: Size = 2
    stride: Size | None = None
    name: str = ""

    def __post_init__(self) -> None:
        _check_pool(self)

    @property
    def windows(self) -> tuple[Window, Window]:
        """세로축과 가로축의 창."""
        return _slide(self.kernel_size, self.stride or self.kernel_size, 0)


@dataclass(frozen=True)
class Flatten:
    """``(C, H, W)`` 를 ``(C·H·W,)`` 로 펴는 층.

    Parameters
    ----------
    name : str
        표에 적을 이름.

    Raises
    ------
    TypeError
        `name` 이 글자가 아닐 때.

    Examples
    --------
    >>> output_shape(Flatten(), (16, 5, 5))
    (400,)
    """

    name: str = ""

    def __post_init__(self) -> None:
        _check(self)

    @property
    def windows(self) -> None:
        """격자가 사라지므로 창이 없습니다."""


@dataclass(frozen=True)
class Linear:
    """완전 연결층. 특징 맵을 바로 받으면 먼저 폅니다.

    Parameters
    ----------
    in_features, out_features : int
        입력과 출력의 값의 수 (개).
    bias : bool
        출력마다 편향을 하나씩 두는지.
    name : str
        표에 적을 이름.

    Raises
    ------
    TypeError
        정수, 참·거짓, 글자가 있어야 할 자리에 다른 값이 왔을 때.
    ValueError
        크기가 1보다 작을 때.

    Examples
    --------
    >>> parameters(Linear(400, 120)), output_shape(Linear(400, 120), (16, 5, 5))
    (48120, (120,))
    """

    in_features: int
    out_features: int
    bias: bool = True
    name: str = ""

    def __post_init__(self) -> None:
        _check(self)

    @property
    def windows(self) -> None:
        """출력마다 입력 전체를 보므로 창이 없습니다."""


@dataclass(frozen=True)
class RBF:
    r"""입력과 정해 둔 벡터 사이의 거리를 내는 출력층. LeNet-5(1998)의 출력이 이렇습니다.

    출력 :math:`j` 번은 :math:`\sum_i (x_i - w_{ji})^2` 입니다.

    Parameters
    ----------
    in_features, out_features : int
        입력과 출력의 값의 수 (개). 정해 둔 벡터는 배우지 않으므로 매개변수로 세지 않습니다.
    name : str
        표에 적을 이름.

    Raises
    ------
    TypeError
        정수나 글자가 있어야 할 자리에 다른 값이 왔을 때.
    ValueError
        크기가 1보다 작을 때.

    Examples
    --------
    >>> parameters(RBF(84, 10)), connections(RBF(84, 10), (84,))
    (0, 840)
    """

    in_features: int
    out_features: int
    name: str = ""

    def __post_init__(self) -> None:
        _check(self)

    @property
    def windows(self) -> None:
        """출력마다 입력 전체를 보므로 창이 없습니다."""


GridLayer = Conv2d | SparseConv2d | LocallyConnected2d | MaxPool2d | AvgPool2d | Subsampling2d
Layer = GridLayer | Flatten | Linear | RBF


def depthwise(
    channels: int,
    kernel_size: Size,
    multiplier: int = 1,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    bias: bool = True,
    batch_norm: bool = False,
    name: str = "",
) -> Conv2d:
    """깊이별 합성곱. 채널마다 커널을 따로 두고 채널을 섞지 않습니다.

    출력의 채널 수는 언제나 ``multiplier * channels`` 입니다.

    Parameters
    ----------
    channels : int
        입력의 채널 수 (개).
    kernel_size : int 또는 (int, int)
        커널의 크기 (칸).
    multiplier : int
        깊이 배수. 입력 채널 하나가 내는 출력 채널의 수 (개)입니다.
    stride, padding, dilation, bias, batch_norm, name
        :class:`Conv2d` 와 같습니다.

    Returns
    -------
    Conv2d
        ``groups=channels`` 인 합성곱 층.

    Raises
    ------
    TypeError, ValueError
        :class:`Conv2d` 와 같습니다.

    Examples
    --------
    3채널이면 출력은 3, 6, 9채널입니다. 8채널은 없습니다.

    >>> [(layer.out_channels, parameters(layer)) for layer in (depthwise(3, 5, k) for k in (1, 2, 3))]
    [(3, 78), (6, 156), (9, 234)]
    """
    channels = integer("channels", channels, least=1)
    out_channels = integer("multiplier", multiplier, least=1) * channels
    return Conv2d(
        channels, out_channels, kernel_size, stride, padding, dilation, channels, bias, batch_norm, name
    )


def pointwise(
    in_channels: int, out_channels: int, *, bias: bool = True, batch_norm: bool = False, name: str = ""
) -> Conv2d:
    """점별 합성곱. 자리마다 1×1 커널로 채널만 섞습니다.

    Parameters
    ----------
    in_channels, out_channels : int
        입력과 출력의 채널 수 (개).
    bias, batch_norm, name
        :class:`Conv2d` 와 같습니다.

    Returns
    -------
    Conv2d
        커널이 1×1인 합성곱 층.

    Raises
    ------
    TypeError, ValueError
        :class:`Conv2d` 와 같습니다.

    Examples
    --------
    >>> parameters(pointwise(3, 8)), parameters(pointwise(8, 16))
    (32, 144)
    """
    return Conv2d(in_channels, out_channels, 1, bias=bias, batch_norm=batch_norm, name=name)


def separable(
    in_channels: int,
    out_channels: int,
    kernel_size: Size,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    bias: bool = True,
    batch_norm: bool = False,
    name: str = "",
) -> tuple[Conv2d, Conv2d]:
    """깊이별 분리 합성곱. 깊이별 합성곱 뒤에 점별 합성곱을 이은 두 층입니다.

    Parameters
    ----------
    in_channels, out_channels : int
        입력과 출력의 채널 수 (개).
    kernel_size : int 또는 (int, int)
        깊이별 합성곱의 커널 크기 (칸).
    stride, padding : int 또는 (int, int)
        깊이별 합성곱의 보폭과 패딩 (칸).
    bias, batch_norm : bool
        두 층에 똑같이 적용합니다.
    name : str
        이름. 두 층은 뒤에 ``dw`` 와 ``pw`` 를 붙여 가립니다.

    Returns
    -------
    (Conv2d, Conv2d)
        깊이별 합성곱과 점별 합성곱.

    Raises
    ------
    TypeError, ValueError
        :class:`Conv2d` 와 같습니다.

    Examples
    --------
    >>> sum(map(parameters, separable(3, 8, 5))), sum(map(parameters, separable(3, 8, 5, bias=False)))
    (110, 99)
    """
    first, second = (f"{name} dw", f"{name} pw") if name else ("", "")
    return (
        depthwise(
            in_channels,
            kernel_size,
            stride=stride,
            padding=padding,
            bias=bias,
            batch_norm=batch_norm,
            name=first,
        ),
        pointwise(in_channels, out_channels, bias=bias, batch_norm=batch_norm, name=second),
    )


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
        case MaxPool2d() | AvgPool2d() | Subsampling2d() | Flatten():
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
        case MaxPool2d() | AvgPool2d() | Flatten() | RBF():
            return 0
        case _:
            assert_never(layer)


def _checked_shape(shape: Sequence[int]) -> Shape:
    if not isinstance(shape, (tuple, list)):
        raise TypeError(f"input_shape must be a tuple of integers, got {shape!r} ({type(shape).__name__})")
    if len(shape) not in (1, 3):
        raise ValueError(f"input_shape must be (channels, height, width) or (features,), got {shape!r}")
    return tuple(integer(f"input_shape[{i}]", size, least=1) for i, size in enumerate(shape))


def output_shape(layer: Layer, input_shape: Sequence[int]) -> Shape:
    """층을 지난 활성값의 모양을 구합니다.

    Parameters
    ----------
    layer : Layer
        층.
    input_shape : tuple of int
        입력의 모양 ``(C, H, W)`` 또는 ``(F,)``.

    Returns
    -------
    tuple of int
        출력의 모양.

    Raises
    ------
    TypeError
        `input_shape` 가 정수의 튜플이 아닐 때.
    ValueError
        채널이나 값의 수가 층과 맞지 않거나, 창이 입력보다 넓을 때.

    Examples
    --------
    >>> output_shape(Conv2d(3, 8, 5), (3, 32, 32))
    (8, 28, 28)
    """
    shape = _checked_shape(input_shape)
    if isinstance(layer, Flatten):
        return (prod(shape),)
    if isinstance(layer, (Linear, RBF)):
        if prod(shape) != layer.in_features:
            raise ValueError(
                f"in_features must equal the size of the input {shape}, {prod(shape)}, "
                f"got {layer.in_features}"
            )
        return (layer.out_features,)
    return _grid_shape(layer, shape)


def _grid_shape(layer: GridLayer, shape: Shape) -> Shape:
    if len(shape) != 3:
        raise ValueError(
            f"input_shape must be (channels, height, width) for {type(layer).__name__}, got {shape}"
        )
    channels, *sizes = shape
    name = "channels" if isinstance(layer, Subsampling2d) else "in_channels"
    wanted = getattr(layer, name, channels)
    if wanted != channels:
        raise ValueError(f"{name} must equal the channels of the input {shape}, {channels}, got {wanted}")
    height, width = (window.output_size(n) for window, n in zip(layer.windows, sizes, strict=True))
    if isinstance(layer, LocallyConnected2d) and layer.output_size != (height, width):
        raise ValueError(
            f"output_size must be {(height, width)} for the input {shape}, got {layer.output_size}"
        )
    if isinstance(layer, (Conv2d, SparseConv2d, LocallyConnected2d)):
        channels = layer.out_channels
    return channels, height, width


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
        :func:`output_shape` 와 같습니다.

    Notes
    -----
    편향을 더하는 일, 풀링, 배치 정규화는 세지 않습니다. :class:`Subsampling2d` 는 출력마다 계수를 한 번
    곱하므로 출력의 크기만큼, :class:`RBF` 는 차를 제곱해 더하므로 연결의 수만큼 셉니다.

    Examples
    --------
    매개변수는 FC3이 훨씬 많지만 연산은 CONV1이 훨씬 많습니다.

    >>> macs(Conv2d(3, 8, 5), (3, 32, 32)), macs(Linear(400, 120), (400,))
    (470400, 48000)
    """
    shape = output_shape(layer, input_shape)
    if isinstance(layer, (Conv2d, SparseConv2d)):
        return _weights(layer) * prod(shape[1:])
    return prod(shape) if isinstance(layer, Subsampling2d) else _weights(layer)


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
        :func:`output_shape` 와 같습니다.

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
        for name in columns:
            if name not in _COLUMNS:
                raise ValueError(f"columns must be among {list(_COLUMNS)}, got {name!r}")
        rows = [[_COLUMNS[name](row) for name in columns] for row in self.rows]
        totals: dict[str, Cell] = {"층": "합계", "매개변수": self.parameters, "곱셈-누산": self.macs}
        return Table(columns, rows, caption, footer=[totals.get(name, "") for name in columns])

    def __str__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def _receptive_sizes(layers: Sequence[Layer]) -> Iterator[Size | None]:
    """층마다 두 축의 수용 영역. 같으면 하나만 적고, 격자가 사라진 뒤에는 None입니다."""
    grid = list(takewhile(lambda layer: layer.windows is not None, layers))
    for vertical, horizontal in zip(*(receptive_fields(grid, axis)[1:] for axis in (0, 1)), strict=True):
        r, c = vertical.size, horizontal.size
        yield r if r == c else (r, c)
    yield from [None] * (len(layers) - len(grid))


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
    layers, shape = tuple(layers), _checked_shape(input_shape)
    rows = [Row("입력", "", shape, 0, 0, 1 if len(shape) == 3 else None)]
    for i, (layer, seen) in enumerate(zip(layers, _receptive_sizes(layers), strict=True)):
        name = layer.name or type(layer).__name__
        try:
            after = output_shape(layer, shape)
        except ValueError as error:
            raise ValueError(f"layers[{i}] ({name}): {error}") from error
        rows.append(Row(name, _kind(layer), after, parameters(layer), macs(layer, shape), seen))
        shape = after
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


def convolutions_with(
    parameters: int, kernel_size: Size, *, bias: bool = True
) -> tuple[tuple[int, int, int], ...]:
    r"""매개변수의 수가 주어진 값인 (그룹) 합성곱을 모두 찾습니다.

    커널이 :math:`k_h \times k_w` 이고 묶음마다 입력 채널이 :math:`m` 개이면 매개변수는
    :math:`C_o (m\, k_h k_w + 1)` 개입니다. 괄호 안이 주어진 수를 나누는 :math:`m` 마다 :math:`C_o` 가 하나
    정해지고, 묶음의 수 :math:`g` 는 :math:`C_o` 의 약수이며, :math:`C_i = m g` 입니다. 그래서 채널의 상한을
    두지 않아도 답은 유한합니다.

    Parameters
    ----------
    parameters : int
        매개변수의 수 (개).
    kernel_size : int 또는 (int, int)
        커널의 크기 (칸).
    bias : bool
        출력 채널마다 편향을 하나씩 두는지. 거짓이면 괄호 안의 1이 없습니다.

    Returns
    -------
    tuple of (int, int, int)
        ``(in_channels, out_channels, groups)`` 전부. 크기순입니다.

    Raises
    ------
    TypeError
        정수가 아닌 크기를 받았을 때.
    ValueError
        크기가 1보다 작을 때.

    Examples
    --------
    매개변수가 208개인 5×5 합성곱은 넷뿐이고, 입력이 3채널인 것은 없습니다.

    >>> convolutions_with(208, 5)
    ((1, 8, 1), (2, 8, 2), (4, 8, 4), (8, 8, 8))
    """
    total = integer("parameters", parameters, least=1)
    area = prod(pair("kernel_size", kernel_size, least=1))
    extra = int(bool(_checked("bias", bias)))
    found = []
    for m in range(1, (total - extra) // area + 1):
        out_channels, rest = divmod(total, m * area + extra)
        if not rest:
            divisors = (g for g in range(1, out_channels + 1) if out_channels % g == 0)
            found += [(m * g, out_channels, g) for g in divisors]
    return tuple(sorted(found))
