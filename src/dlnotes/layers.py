"""층을 데이터로 적습니다. 매개변수와 연산은 :mod:`dlnotes.counting` 이 셉니다.

층은 값만 담은 불변 데이터이고, 하는 일은 모두 함수에 있습니다. 인자의 이름과 뜻은 PyTorch를 따릅니다.
모양은 이미지 한 장의 ``(C, H, W)`` (채널, 높이, 너비)이거나 벡터의 ``(F,)`` 입니다. 활성화 함수는
매개변수도 곱셈-누산도 모양의 변화도 없으므로 적지 않습니다.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from math import prod
from typing import Literal, cast, get_args

from dlnotes._checks import about, choice, flag, instance, integer, pair, refused, several, shown, text
from dlnotes._checks import groups as check_groups
from dlnotes._checks import input_shape as checked_shape
from dlnotes.receptive_field import PaddingRule, Window, combined

Size = int | tuple[int, int]
Sides = tuple[tuple[int, int], tuple[int, int]]
Padding = Size | Sides | Literal["same"]
Shape = tuple[int, ...]


def _checked(name: str, value: object) -> object:
    """필드 하나를 이름에 맞게 검사합니다. 크기는 (세로, 가로) 쌍으로 통일합니다."""
    match name:
        case "kernel_size" | "stride" | "dilation" | "output_size" | "scale":
            return pair(name, value, least=1)
        case "padding":
            if isinstance(value, str) and value != "same":
                raise ValueError(f"padding must be an integer, a pair or 'same', got {shown(value)}")
            if isinstance(value, (tuple, list)) and any(isinstance(side, (tuple, list)) for side in value):
                if len(value) != 2:
                    raise ValueError(f"padding must have two axes, got {shown(value)}")
                for axis, side in enumerate(value):
                    if not isinstance(side, (tuple, list)):
                        raise refused(f"padding[{axis}]", "a pair (before, after)", side)
                return tuple(pair(f"padding[{axis}]", side, least=0) for axis, side in enumerate(value))
            return value if isinstance(value, str) else pair(name, value, least=0)
        case "bias" | "batch_norm" | "ceil_mode":
            return flag(name, value)
        case "name":
            return text(name, value)
        case _:
            return integer(name, value, least=1)


def _check(layer: Layer | _Pool2d) -> None:
    """층을 만들 때 모든 필드를 검사하고 검사한 값으로 바꿔 둡니다."""
    for field in fields(layer):
        if field.name != "table":
            object.__setattr__(layer, field.name, _checked(field.name, getattr(layer, field.name)))


def _slide(
    kernel_size: Size, stride: Size, padding: Padding, dilation: Size = 1, *, ceil_mode: bool = False
) -> tuple[Window, Window]:
    """세로와 가로의 창. 세임 패딩의 남는 한 칸은 TensorFlow와 PyTorch처럼 뒤쪽에 둡니다."""
    ks, ss, ds = (pair("size", size, least=1) for size in (kernel_size, stride, dilation))
    sides: list[tuple[int, int] | PaddingRule]
    if padding == "same":
        totals = [d * (k - 1) for k, d in zip(ks, ds, strict=True)]
        sides = [
            (total // 2, total - total // 2) if s == 1 else PaddingRule("same")
            for total, s in zip(totals, ss, strict=True)
        ]
    elif isinstance(padding, tuple) and isinstance(padding[0], tuple):
        sides = list(padding)
    else:
        sides = [(p, p) for p in pair("padding", padding, least=0)]
    if ceil_mode:
        if any(isinstance(side, PaddingRule) or side[0] != side[1] for side in sides):
            raise ValueError(f"ceil_mode needs the same padding on both sides, got padding {padding}")
        sides = [PaddingRule("ceil", cast(tuple[int, int], side)[0]) for side in sides]
    vertical, horizontal = (Window(*sizes) for sizes in zip(ks, ss, sides, ds, strict=True))
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
    padding : int, (int, int), ((int, int), (int, int)) 또는 "same"
        한쪽에 덧대는 칸 수. 앞뒤가 다르면 ``((위, 아래), (왼쪽, 오른쪽))`` 으로 적습니다. ``"same"`` 은
        TensorFlow의 세임 패딩이고, 덧댈 칸 수가 홀수이면 뒤쪽에 한 칸 더 둡니다.
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
    >>> from dlnotes.counting import parameters
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

    >>> from dlnotes.counting import parameters
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
            raise refused("table", "a tuple of tuples of channels", self.table)
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

    >>> from dlnotes.counting import parameters
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


def _check_pool(layer: _Pool2d | Subsampling2d) -> None:
    """풀링 층을 검사합니다. 보폭을 비우면 창의 크기이고, 패딩만 보는 창은 허락하지 않습니다."""
    if layer.stride is None:
        object.__setattr__(layer, "stride", layer.kernel_size)
    _check(layer)
    for window in layer.windows:
        sides = window.padding if isinstance(window.padding, tuple) else (window.padding.padding,)
        if max(sides) > window.kernel_size / 2:
            raise ValueError(
                f"padding must be at most half of kernel_size {window.kernel_size}, got {max(sides)}"
            )


@dataclass(frozen=True)
class _Pool2d:
    """배우는 것이 없는 풀링 층이 나눠 가지는 필드와 창."""

    kernel_size: Size
    stride: Size | None = None
    padding: Padding = 0
    name: str = ""
    ceil_mode: bool = False

    def __post_init__(self) -> None:
        _check_pool(self)

    @property
    def windows(self) -> tuple[Window, Window]:
        """세로축과 가로축의 창."""
        return _slide(
            self.kernel_size, self.stride or self.kernel_size, self.padding, ceil_mode=self.ceil_mode
        )


@dataclass(frozen=True)
class MaxPool2d(_Pool2d):
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
    ceil_mode : bool
        참이면 PyTorch처럼 끝에 남은 칸도 창 하나로 셉니다.

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
    >>> output_shape(MaxPool2d(3, stride=2, ceil_mode=True), (64, 112, 112))
    (64, 56, 56)
    """


@dataclass(frozen=True)
class AvgPool2d(_Pool2d):
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
    ceil_mode : bool
        참이면 PyTorch처럼 끝에 남은 칸도 창 하나로 셉니다.

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
    >>> from dlnotes.counting import parameters
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
class GlobalAvgPool2d:
    """채널마다 모든 자리를 평균해 ``(C, 1, 1)`` 로 만드는 층. 매개변수가 없습니다.

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
    >>> output_shape(GlobalAvgPool2d(), (1024, 7, 7))
    (1024, 1, 1)
    """

    name: str = ""

    def __post_init__(self) -> None:
        _check(self)

    @property
    def windows(self) -> None:
        """출력마다 입력 전체를 보므로 창이 없습니다."""


@dataclass(frozen=True)
class Upsample2d:
    """높이와 너비를 정수 배로 늘리는 층. 칸을 되풀이하므로 매개변수가 없습니다.

    Parameters
    ----------
    scale : int 또는 (int, int)
        배수.
    name : str
        표에 적을 이름.

    Raises
    ------
    TypeError
        정수나 글자가 있어야 할 자리에 다른 값이 왔을 때.
    ValueError
        배수가 1보다 작을 때.

    Examples
    --------
    >>> output_shape(Upsample2d(2), (256, 13, 13))
    (256, 26, 26)
    """

    scale: Size
    name: str = ""

    def __post_init__(self) -> None:
        _check(self)

    @property
    def windows(self) -> None:
        """출력 여럿이 입력 한 칸을 보므로 창으로 적지 못합니다."""


@dataclass(frozen=True)
class Branches:
    """나란한 갈래. 같은 입력이 갈래마다 따로 지나고, 끝에서 하나로 모입니다.

    ResNet의 지름길은 ``"sum"``, Inception과 YOLOv3의 route는 ``"concat"``, 채널마다 다시 매기는
    squeeze-and-excitation은 ``"product"``, YOLOv3의 예측처럼 밖으로 나가는 갈래는 ``"side"`` 입니다.

    Parameters
    ----------
    branches : tuple of tuple of Layer
        갈래마다의 층. 빈 갈래는 입력을 그대로 넘깁니다.
    join : {"sum", "concat", "product", "side"}
        더하거나, 채널을 잇거나, 곱하거나(``(C, 1, 1)`` 은 모든 자리에), 첫 갈래만 다음 층으로 보냅니다.
    name : str
        표에 적을 이름.

    Raises
    ------
    TypeError
        층이 아닌 것이 있을 때.
    ValueError
        갈래가 없거나 `join` 이 넷 중 하나가 아닐 때.

    Examples
    --------
    >>> shortcut = Branches(((), (Conv2d(64, 64, 3, padding=1), Conv2d(64, 64, 3, padding=1))), "sum")
    >>> output_shape(shortcut, (64, 56, 56)), shortcut.windows[0].kernel_size
    ((64, 56, 56), 5)
    """

    branches: tuple[tuple[Layer, ...], ...]
    join: Literal["sum", "concat", "product", "side"]
    name: str = ""

    def __post_init__(self) -> None:
        text("name", self.name), choice("join", self.join, ("sum", "concat", "product", "side"))
        branches = tuple(
            several(f"branches[{i}]", branch) for i, branch in enumerate(several("branches", self.branches))
        )
        if not branches:
            raise ValueError("branches must hold at least one branch, got none")
        for i, branch in enumerate(branches):
            for j, layer in enumerate(branch):
                instance(f"branches[{i}][{j}]", layer, KINDS, wanted="a layer")
        object.__setattr__(self, "branches", branches)

    @property
    def windows(self) -> tuple[Window, Window] | None:
        """모든 갈래를 품는 창. 창으로 적지 못하는 층이 있으면 None입니다."""
        passed = self.branches[:1] if self.join == "side" else self.branches
        if any(layer.windows is None for branch in passed for layer in branch):
            return None
        return combined(passed, 0), combined(passed, 1)


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
    >>> from dlnotes.counting import parameters
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
    >>> from dlnotes.counting import parameters, connections
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
Layer = GridLayer | GlobalAvgPool2d | Upsample2d | Branches | Flatten | Linear | RBF
KINDS: tuple[type[Layer], ...] = get_args(Layer)


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

    >>> from dlnotes.counting import parameters
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
    >>> from dlnotes.counting import parameters
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
    >>> from dlnotes.counting import parameters
    >>> sum(map(parameters, separable(3, 8, 5))), sum(map(parameters, separable(3, 8, 5, bias=False)))
    (110, 99)
    """
    integer("in_channels", in_channels, least=1)
    first, second = (f"{name} dw", f"{name} pw") if text("name", name) else ("", "")
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
    shape = checked_shape(input_shape)
    instance("layer", layer, KINDS, wanted="a layer")
    if isinstance(layer, Flatten):
        return (prod(shape),)
    if isinstance(layer, (Linear, RBF)):
        if prod(shape) != layer.in_features:
            raise ValueError(
                f"in_features must equal the size of input_shape {shape}, {prod(shape)}, "
                f"got {layer.in_features}"
            )
        return (layer.out_features,)
    if isinstance(layer, Branches):
        with about("branches of layer"):
            return _joined(layer, [_through(branch, shape) for branch in layer.branches])
    if isinstance(layer, (GlobalAvgPool2d, Upsample2d)):
        channels, height, width = _image(layer, shape)
        if isinstance(layer, GlobalAvgPool2d):
            return channels, 1, 1
        down, across = pair("scale", layer.scale, least=1)
        return channels, height * down, width * across
    return _grid_shape(layer, shape)


def _through(layers: Iterable[Layer], shape: Shape) -> Shape:
    """층을 차례로 지난 출력의 모양."""
    for layer in layers:
        shape = output_shape(layer, shape)
    return shape


def _joined(layer: Branches, shapes: list[Shape]) -> Shape:
    """갈래의 출력을 모은 모양."""
    first, join = shapes[0], layer.join
    if join == "side":
        return first
    if join == "product":
        whole = max(shapes, key=prod)
        fits = all(len(one) == len(whole) and one in (whole, (whole[0], 1, 1)) for one in shapes)
    else:
        skipped = 1 if join == "concat" else 0
        fits = all(len(one) == len(first) and one[skipped:] == first[skipped:] for one in shapes)
        whole = (sum(one[0] for one in shapes), *first[1:]) if join == "concat" else first
    if not fits:
        raise ValueError(f"branches must fit together by {join!r}, got outputs {shapes}")
    return whole


def _image(layer: Layer, shape: Shape) -> tuple[int, int, int]:
    if len(shape) != 3:
        raise ValueError(
            f"input_shape must be (channels, height, width) for {type(layer).__name__}, got {shape}"
        )
    channels, height, width = shape
    return channels, height, width


def _grid_shape(layer: GridLayer, shape: Shape) -> Shape:
    channels, *sizes = _image(layer, shape)
    name = "channels" if isinstance(layer, Subsampling2d) else "in_channels"
    wanted = getattr(layer, name, channels)
    if wanted != channels:
        raise ValueError(f"{name} must equal the channels of input_shape {shape}, {channels}, got {wanted}")
    with about("input_shape"):
        height, width = (window.output_size(n) for window, n in zip(layer.windows, sizes, strict=True))
    if isinstance(layer, LocallyConnected2d) and layer.output_size != (height, width):
        raise ValueError(
            f"output_size must be {(height, width)} for the input {shape}, got {layer.output_size}"
        )
    if isinstance(layer, (Conv2d, SparseConv2d, LocallyConnected2d)):
        channels = layer.out_channels
    return channels, height, width
