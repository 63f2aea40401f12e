"""쪽에서 말하는 망을 데이터로. 이름, 입력의 모양, 층의 목록, 출처만 있고 가중치는 없습니다."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from dlnotes._checks import generator, instance, integer, pair, several, text
from dlnotes.convolution import conv2d_vjp
from dlnotes.counting import Summary, shapes, summary
from dlnotes.layers import (
    KINDS,
    RBF,
    AvgPool2d,
    Conv2d,
    GridLayer,
    Layer,
    Linear,
    LocallyConnected2d,
    MaxPool2d,
    Shape,
    SparseConv2d,
    Subsampling2d,
    output_shape,
    separable,
)
from dlnotes.receptive_field import footprint

Array = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Network:
    """이름 붙은 망. 만들 때 이웃한 층이 맞물리는지 확인합니다.

    Parameters
    ----------
    name : str
        망의 이름.
    input_shape : tuple of int
        입력의 모양 ``(C, H, W)``.
    layers : tuple of Layer
        입력에서 출력 쪽으로 늘어놓은 층. 이름은 서로 다릅니다.
    source : str
        층의 목록을 적은 출처.

    Raises
    ------
    ValueError
        이웃한 층이 맞물리지 않거나 이름이 겹칠 때.

    Examples
    --------
    >>> layers = Conv2d(1, 4, 5, name="C1"), Linear(2304, 10, name="F2")
    >>> network = Network("작은 망", (1, 28, 28), layers, source="보기")
    >>> network.summary().parameters
    23154
    """

    name: str
    input_shape: Shape
    layers: tuple[Layer, ...]
    source: str

    def __post_init__(self) -> None:
        text("name", self.name), text("source", self.source)
        object.__setattr__(self, "layers", several("layers", self.layers))
        for i, layer in enumerate(self.layers):
            instance(f"layers[{i}]", layer, KINDS, wanted="a layer")
        names = [layer.name for layer in self.layers]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"layers must have distinct names, got {name!r} {names.count(name)} times")
        shapes(self.layers, self.input_shape)

    def summary(self) -> Summary:
        """층마다 모양과 매개변수를 센 표 (:func:`dlnotes.counting.summary`).

        Returns
        -------
        Summary
            입력과 층마다 한 줄씩 있는 표.
        """
        return summary(self.layers, self.input_shape)

    @property
    def grid_layers(self) -> tuple[GridLayer, ...]:
        """격자가 남아 있는 앞쪽 층들. 처음 나오는 완전 연결층의 앞까지입니다."""
        before = takewhile(lambda layer: layer.windows is not None, self.layers)
        return tuple(layer for layer in before if isinstance(layer, GridLayer))

    def until(self, name: str) -> tuple[GridLayer, ...]:
        """처음부터 이름이 `name` 인 층까지. 수용 영역을 셀 때 씁니다.

        Parameters
        ----------
        name : str
            격자가 남아 있는 층의 이름.

        Returns
        -------
        tuple of Layer
            `name` 을 마지막으로 하는 층들.

        Raises
        ------
        ValueError
            그런 층이 없을 때.

        Examples
        --------
        >>> [layer.name for layer in LENET5.until("CONV2")]
        ['CONV1', 'POOL1', 'CONV2']
        """
        names = [layer.name for layer in self.grid_layers]
        if text("name", name) not in names:
            raise ValueError(f"name must be a layer of {self.name} with a grid, one of {names}, got {name!r}")
        return self.grid_layers[: names.index(name) + 1]


LENET5 = Network(
    "LeNet-5를 본뜬 강의의 망",
    (3, 32, 32),
    (
        Conv2d(3, 8, 5, name="CONV1"),
        MaxPool2d(2, name="POOL1"),
        Conv2d(8, 16, 5, name="CONV2"),
        MaxPool2d(2, name="POOL2"),
        Linear(400, 120, name="FC3"),
        Linear(120, 84, name="FC4"),
        Linear(84, 10, name="Softmax"),
    ),
    "Andrew Ng, Deep Learning Specialization, Course 4, Week 1",
)
"""강의 슬라이드의 망. LeNet-5(1998)와는 입력 채널, 특징 맵의 수, 풀링, 출력층이 다릅니다."""

LENET5_PRINTED: Mapping[str, int] = MappingProxyType(
    {"CONV1": 208, "CONV2": 416, "FC3": 48001, "FC4": 10081, "Softmax": 841}
)
"""같은 망의 슬라이드에 처음 인쇄된 매개변수의 수. 강의에서 모두 정정했습니다."""


def printed_parameters(layer: Layer) -> int:
    r"""슬라이드에 인쇄된 수가 나오도록, 두 곳을 빠뜨리고 매개변수를 셉니다.

    합성곱에서는 입력 채널을 곱하지 않고, 완전 연결층에서는 편향을 층 전체에 하나만 둡니다.

    .. math:: (k_h k_w + 1)\,C_o, \qquad F_i F_o + 1

    Parameters
    ----------
    layer : Layer
        합성곱 층이나 완전 연결층. 다른 층은 0입니다.

    Returns
    -------
    int
        빠뜨리고 센 수 (개). 바른 수는 :func:`dlnotes.counting.parameters` 가 셉니다.

    Examples
    --------
    >>> {layer.name: printed_parameters(layer) for layer in LENET5.layers if printed_parameters(layer)}
    {'CONV1': 208, 'CONV2': 416, 'FC3': 48001, 'FC4': 10081, 'Softmax': 841}
    """
    instance("layer", layer, KINDS, wanted="a layer")
    if isinstance(layer, Conv2d):
        height, width = pair("kernel_size", layer.kernel_size, least=1)
        return (height * width + 1) * layer.out_channels
    return layer.in_features * layer.out_features + 1 if isinstance(layer, Linear) else 0


C3_TABLE = (
    (0, 1, 2),
    (1, 2, 3),
    (2, 3, 4),
    (3, 4, 5),
    (0, 4, 5),
    (0, 1, 5),
    (0, 1, 2, 3),
    (1, 2, 3, 4),
    (2, 3, 4, 5),
    (0, 3, 4, 5),
    (0, 1, 4, 5),
    (0, 1, 2, 5),
    (0, 1, 3, 4),
    (1, 2, 4, 5),
    (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)
"""LeNet-5(1998)의 C3 특징 맵 16개가 읽는 S2 특징 맵의 번호."""

LENET5_1998 = Network(
    "LeNet-5 (1998)",
    (1, 32, 32),
    (
        Conv2d(1, 6, 5, name="C1"),
        Subsampling2d(6, name="S2"),
        SparseConv2d(6, C3_TABLE, 5, name="C3"),
        Subsampling2d(16, name="S4"),
        Conv2d(16, 120, 5, name="C5"),
        Linear(120, 84, name="F6"),
        RBF(84, 10, name="OUTPUT"),
    ),
    "LeCun, Bottou, Bengio, Haffner (1998), Gradient-based learning applied to document recognition",
)
"""논문의 LeNet-5. 출력층의 벡터는 배우지 않으므로 매개변수가 60,000개입니다."""

_POOL = (0, 2, 2)


def _stack(
    in_channels: int, plan: Iterable[tuple[int, ...]], *, batch_norm: bool = False
) -> tuple[GridLayer, ...]:
    """(출력 채널, 커널, 보폭=1)을 이어 만든 층. 출력 채널이 0이면 최대 풀링이고, 패딩은 k // 2입니다."""
    layers: list[GridLayer] = []
    convs = pools = 0
    for out_channels, k, *stride in plan:
        s = stride[0] if stride else 1
        if out_channels:
            convs += 1
            layers.append(
                Conv2d(
                    in_channels,
                    out_channels,
                    k,
                    s,
                    k // 2,
                    bias=not batch_norm,
                    batch_norm=batch_norm,
                    name=f"conv{convs}",
                )
            )
            in_channels = out_channels
        else:
            pools += 1
            layers.append(MaxPool2d(k, s, 0 if s > 1 else "same", name=f"pool{pools}"))
    return tuple(layers)


YOLO_V1 = Network(
    "YOLOv1",
    (3, 448, 448),
    (
        *_stack(
            3,
            [
                *[(64, 7, 2), _POOL, (192, 3), _POOL],
                *[(128, 1), (256, 3), (256, 1), (512, 3), _POOL],
                *[(256, 1), (512, 3)] * 4,
                *[(512, 1), (1024, 3), _POOL],
                *[(512, 1), (1024, 3)] * 2,
                *[(1024, 3), (1024, 3, 2), (1024, 3), (1024, 3)],
            ],
            batch_norm=True,
        ),
        LocallyConnected2d(1024, 256, 7, 3, padding=1, name="local"),
        Linear(7 * 7 * 256, 7 * 7 * (3 * 5 + 20), name="connected"),
    ),
    "pjreddie/darknet, cfg/yolov1.cfg",
)
"""darknet의 YOLOv1. 칸마다 상자가 셋이라 출력이 1,715개이고, 논문은 둘이라 1,470개입니다.

논문은 합성곱 24층 뒤에 완전 연결층이 둘인데, 이 설정은 앞의 것이 지역 연결층입니다.
"""

TINY_YOLO_V1 = Network(
    "Tiny-YOLOv1",
    (3, 448, 448),
    (
        *_stack(
            3,
            [
                *[step for c in (16, 32, 64, 128, 256, 512) for step in ((c, 3), _POOL)],
                *[(1024, 3), (256, 3)],
            ],
            batch_norm=True,
        ),
        Linear(7 * 7 * 256, 7 * 7 * (2 * 5 + 20), name="connected"),
    ),
    "pjreddie/darknet, cfg/yolov1-tiny.cfg",
)
"""darknet의 Tiny-YOLOv1."""

TINY_YOLO_V2_VOC = Network(
    "Tiny-YOLOv2 (VOC)",
    (3, 416, 416),
    (
        *_stack(
            3,
            [
                *[step for c in (16, 32, 64, 128, 256) for step in ((c, 3), _POOL)],
                *[(512, 3), (0, 2, 1)],
                *[(1024, 3), (1024, 3)],
            ],
            batch_norm=True,
        ),
        Conv2d(1024, 5 * (5 + 20), 1, name="conv9"),
    ),
    "pjreddie/darknet, cfg/tiny-yolo-voc.cfg",
)
"""darknet의 Tiny-YOLOv2. 완전 연결층이 없습니다.

마지막 풀링은 2×2를 한 칸씩 옮깁니다. darknet이 뒤쪽에만 한 칸을 덧대므로 크기가 13×13으로 남습니다.
"""

VGG16 = Network(
    "VGG-16",
    (3, 224, 224),
    (
        *_stack(
            3,
            [
                *[(64, 3), (64, 3), _POOL],
                *[(128, 3), (128, 3), _POOL],
                *[(256, 3), (256, 3), (256, 3), _POOL],
                *[(512, 3), (512, 3), (512, 3), _POOL] * 2,
            ],
        ),
        Linear(512 * 7 * 7, 4096, name="fc1"),
        Linear(4096, 4096, name="fc2"),
        Linear(4096, 1000, name="fc3"),
    ),
    "Simonyan, Zisserman (2015), Very deep convolutional networks for large-scale image recognition",
)
"""VGG-16 (합성곱 13층과 완전 연결층 3층)."""


def _separable_stack(in_channels: int, plan: Iterable[tuple[int, int]]) -> tuple[Conv2d, ...]:
    """(출력 채널, 보폭)마다 3×3 깊이별 합성곱과 점별 합성곱을 이은 층."""
    layers: list[Conv2d] = []
    for i, (out_channels, stride) in enumerate(plan, start=1):
        layers += separable(
            in_channels,
            out_channels,
            3,
            stride=stride,
            padding=1,
            bias=False,
            batch_norm=True,
            name=f"block{i}",
        )
        in_channels = out_channels
    return tuple(layers)


MOBILENET_V1 = Network(
    "MobileNet v1",
    (3, 224, 224),
    (
        Conv2d(3, 32, 3, 2, 1, bias=False, batch_norm=True, name="conv1"),
        *_separable_stack(
            32,
            [
                *[(64, 1), (128, 2), (128, 1), (256, 2), (256, 1)],
                *[(512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1)],
            ],
        ),
        AvgPool2d(7, name="pool"),
        Linear(1024, 1000, name="fc"),
    ),
    "Howard et al. (2017), MobileNets: efficient convolutional neural networks for mobile vision "
    "applications",
)
"""MobileNet v1. 첫 층을 뺀 합성곱이 모두 깊이별 분리 합성곱입니다.

패딩은 PyTorch처럼 앞뒤에 한 칸씩 둡니다. TensorFlow의 세임 패딩은 보폭이 2일 때 뒤쪽에만 한 칸을 둡니다.
"""


def _random_conv(
    x: Array, layer: Conv2d, out_channels: int, rng: np.random.Generator
) -> tuple[Array, Callable[[Array], Array]]:
    """무작위 가중치의 합성곱과 음수 쪽 기울기가 0.1인 새는 렐루."""
    _, c, h, w = x.shape
    down, across = layer.windows
    (kh, sh, _, dh), (kw, sw, _, dw), ph, pw = down, across, down.sides(h), across.sides(w)
    weights = rng.standard_normal((out_channels, c, kh, kw)) * np.sqrt(2 / (c * kh * kw))
    padded = np.pad(x, ((0, 0), (0, 0), ph, pw))
    y, pull = conv2d_vjp(padded, weights, stride=(sh, sw), dilation=(dh, dw))
    slope = np.where(y > 0, 1.0, 0.1)

    def pullback(dy: Array) -> Array:
        return pull(slope * dy)[0][:, :, ph[0] : ph[0] + h, pw[0] : pw[0] + w]

    return slope * y, pullback


def _average(x: Array, layer: MaxPool2d | AvgPool2d) -> tuple[Array, Callable[[Array], Array]]:
    """풀링을 평균으로. 축마다 평균을 내는 행렬을 곱합니다."""
    _, h, w = output_shape(layer, x.shape[1:])
    rows = np.stack([footprint([layer], x.shape[2], i, axis=0) for i in range(h)])
    columns = np.stack([footprint([layer], x.shape[3], i, axis=1) for i in range(w)])
    return rows @ x @ columns.T, lambda dy: rows.T @ dy @ columns


def gradient_footprint(
    network: Network, cell: tuple[int, int], rng: np.random.Generator, *, divisor: int = 16
) -> npt.NDArray[np.float64]:
    r"""무작위 가중치의 망에서 출력 한 칸의 기울기가 입력의 어디까지 닿는지 봅니다.

    격자가 남아 있는 층만 씁니다. 채널은 `divisor` 로 나눠 줄이고, 가중치와 입력 이미지는 정규 분포에서
    뽑습니다. 합성곱 뒤에는 darknet처럼 음수 쪽 기울기가 0.1인 새는 렐루를 둡니다. 최대 풀링은 평균 풀링으로
    바꿔 모든 픽셀에 기울기가 흐르게 합니다. 그 칸의 채널을 모두 더한 값 :math:`y` 를 픽셀로 미분해

    .. math:: g_{ij} = \sum_c \left| \frac{\partial y}{\partial x_{cij}} \right|

    를 냅니다.

    Parameters
    ----------
    network : Network
        합성곱 층과 풀링 층으로 시작하는 망.
    cell : (int, int)
        출력 격자의 (행, 열).
    rng : numpy.random.Generator
        가중치와 이미지를 뽑을 난수 생성기.
    divisor : int
        채널 수를 나누는 수. 몫이 0이면 1채널로 둡니다.

    Returns
    -------
    ndarray
        픽셀마다 :math:`g_{ij}`. 모양은 ``(H, W)`` 이고 dtype은 float64입니다.

    Raises
    ------
    TypeError
        정수가 아닌 `cell` 이나 `divisor` 를 받았을 때.
    ValueError
        `cell` 이 격자를 벗어나거나, 그룹 합성곱이나 지역 연결처럼 다루지 않는 층이 있을 때.

    Notes
    -----
    기울기가 닿는 범위는 난수와 상관없이 수용 영역과 같고, 그 안의 크기는 난수에 따라 달라집니다.

    Examples
    --------
    >>> small = Network("작은 망", (3, 16, 16), (Conv2d(3, 32, 3, padding=1, name="C1"),), "")
    >>> g = gradient_footprint(small, (5, 0), np.random.default_rng(0))
    >>> [index.tolist() for index in np.nonzero(g.sum(axis=1)) + np.nonzero(g.sum(axis=0))]
    [[4, 5, 6], [0, 1]]
    """
    instance("network", network, Network)
    divisor, rng = integer("divisor", divisor, least=1), generator("rng", rng)
    x: Array = rng.standard_normal((1, *network.input_shape))
    pullbacks = []
    for layer in network.grid_layers:
        if isinstance(layer, Conv2d) and layer.groups == 1:
            x, pullback = _random_conv(x, layer, max(1, layer.out_channels // divisor), rng)
        elif isinstance(layer, (MaxPool2d, AvgPool2d)):
            x, pullback = _average(x, layer)
        else:
            raise ValueError(f"network must begin with ungrouped Conv2d and pooling layers, got {layer!r}")
        pullbacks.append(pullback)
    i, j = pair("cell", cell, least=0)
    if i >= x.shape[2] or j >= x.shape[3]:
        raise ValueError(f"cell must lie in the {x.shape[2]}×{x.shape[3]} grid, got {(i, j)}")
    dy: Array = np.zeros_like(x)
    dy[:, :, i, j] = 1.0
    for pullback in reversed(pullbacks):
        dy = pullback(dy)
    g: npt.NDArray[np.float64] = np.abs(dy[0]).sum(axis=0)
    return g
