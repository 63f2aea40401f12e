r"""작은 탐지기. 그린 도형을 보고, 중심이 든 격자 칸이 상자와 부류를 함께 답하도록 배웁니다.

한 변이 32픽셀인 이미지를 4×4칸으로 나눕니다. 도형은 네모이거나 타원이고 언제나 칸(8픽셀)보다 큽니다.
신경망은 3×3 합성곱과 평균 풀링을 세 번 되풀이하고, 3×3 합성곱과 1×1 합성곱으로 칸마다 수 일곱 개를 냅니다.
목푯값과 비용은 YOLOv1을 따르되, 칸마다 상자를 하나만 두고 확신도의 목푯값을 IoU 대신 1로 둡니다.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes._precision import rounded_last
from dlnotes.activations import he_normal, identity_vjp, leaky_relu_vjp
from dlnotes.convolution import conv2d_vjp
from dlnotes.counting import parameters
from dlnotes.detection import Box, decode_yolov1, encode_yolov1, iou, responsible_cell
from dlnotes.layers import AvgPool2d, Conv2d
from dlnotes.optimizers import adam_in_place
from dlnotes.pooling import avg_pool2d_vjp

Array = npt.NDArray[np.floating]
Integers = npt.NDArray[np.intp]
Pullback = Callable[[Array], tuple[Array, ...]]

IMAGE_SIZE = 32
"""이미지의 한 변 (픽셀)."""

GRID = 4
"""한 축의 격자 칸 수."""

CLASSES = ("네모", "타원")
"""부류의 이름. 출력에 놓이는 차례입니다."""

LAYERS: tuple[Conv2d | AvgPool2d, ...] = (
    *(Conv2d(1, 6, 3, padding=1), AvgPool2d(2)),
    *(Conv2d(6, 12, 3, padding=1), AvgPool2d(2)),
    *(Conv2d(12, 24, 3, padding=1), AvgPool2d(2)),
    *(Conv2d(24, 24, 3, padding=1), Conv2d(24, 5 + len(CLASSES), 1)),
)
"""신경망의 층. 마지막을 뺀 합성곱 뒤에는 음수 쪽 기울기가 0.1인 새는 렐루가 있습니다."""


@dataclass(frozen=True)
class Scenes:
    """도형이 하나씩 그려진 이미지들.

    Parameters
    ----------
    images : ndarray
        이미지 ``(N, 1, 32, 32)``. 바탕은 0, 도형은 1이고 잡음이 더해져 있습니다.
    boxes : tuple of Box
        도형에 꼭 맞는 상자 (픽셀).
    classes : ndarray
        :data:`CLASSES` 에서의 번호 ``(N,)``.
    cells : ndarray
        중심이 든 칸의 행과 열 ``(N, 2)``.
    """

    images: Array
    boxes: tuple[Box, ...]
    classes: Integers
    cells: Integers


@dataclass(frozen=True)
class Answer:
    """칸 하나가 한 답.

    Parameters
    ----------
    box : Box
        상자 (픽셀).
    kind : str
        부류의 이름. 부류의 수 가운데 가장 큰 것입니다.
    score : float
        확신도에 그 부류의 수를 곱한 점수.

    Examples
    --------
    >>> print(Answer(Box(13, 17, 22, 26), "타원", 0.98))
    타원 22.0×26.0, 점수 0.98
    """

    box: Box
    kind: str
    score: float

    def __str__(self) -> str:
        """사람이 읽을 한 줄. 부류, 픽셀로 잰 너비×높이, 점수입니다."""
        return f"{self.kind} {self.box.w:.1f}×{self.box.h:.1f}, 점수 {self.score:.2f}"


@dataclass(frozen=True)
class Grade:
    """중심이 든 칸의 답을 채점한 것.

    Parameters
    ----------
    kind : float
        부류를 맞힌 비율.
    iou : float
        답한 상자와 참 상자의 IoU의 평균.
    width : float
        너비의 제곱평균제곱근 오차 (픽셀).
    """

    kind: float
    iou: float
    width: float


def draw_scenes(
    count: int, rng: np.random.Generator, *, sides: tuple[int, int] = (10, 30), noise: float = 0.1
) -> Scenes:
    r"""이미지마다 네모나 타원을 하나씩 그립니다.

    너비와 높이는 `sides` 의 두 끝을 넣은 정수에서 고르게 뽑습니다. 도형은 이미지 안에 온전히 들고, 부류는
    반반입니다.

    Parameters
    ----------
    count : int
        이미지의 수 N.
    rng : numpy.random.Generator
        난수 생성기.
    sides : (int, int)
        변의 길이의 최솟값과 최댓값 (픽셀). 칸의 변보다 길고 이미지의 변보다 길지 않아야 합니다.
    noise : float
        픽셀마다 더하는 정규 잡음의 표준편차.

    Returns
    -------
    Scenes
        이미지와 정답.

    Raises
    ------
    TypeError
        `count` 나 `sides` 가 정수가 아니거나, `noise` 가 실수가 아니거나, `rng` 가 난수 생성기가 아닐 때.
    ValueError
        `count` 가 1보다 작거나, `sides` 가 허용 범위를 벗어나거나, `noise` 가 음수일 때.

    Examples
    --------
    >>> scenes = draw_scenes(3, np.random.default_rng(4))
    >>> scenes.images.shape, scenes.boxes[0], CLASSES[scenes.classes[0]], scenes.cells[0].tolist()
    ((3, 1, 32, 32), Box(cx=19.5, cy=17.0, w=25.0, h=20.0), '타원', [2, 2])
    """
    count, rng = _checks.count("count", count), _checks.generator("rng", rng)
    _checks.room(count=count * IMAGE_SIZE**2)
    low, high = _checks.pair("sides", sides, least=1)
    if not IMAGE_SIZE // GRID < low <= high <= IMAGE_SIZE:
        raise ValueError(
            f"sides must ascend between {IMAGE_SIZE // GRID + 1} and {IMAGE_SIZE} pixels, got {sides}"
        )
    size = rng.integers(low, high, size=(2, count), endpoint=True)
    centre = rng.integers(0, IMAGE_SIZE - size, endpoint=True) + size / 2
    boxes = [Box(*numbers) for numbers in np.concatenate([centre, size]).T.tolist()]
    return draw(boxes, [CLASSES[kind] for kind in rng.integers(len(CLASSES), size=count)], rng, noise=noise)


def draw(
    boxes: Sequence[Box], kinds: Sequence[str], rng: np.random.Generator, *, noise: float = 0.1
) -> Scenes:
    r"""상자마다 그 안에 꼭 맞는 도형을 그립니다.

    도형 안에서 재면 중심이 0이고 두 끝이 :math:`\pm1` 인 좌표를 :math:`(u, v)` 라 할 때, 픽셀의 가운데가
    네모에서는 :math:`\max(|u|, |v|) < 1`, 타원에서는 :math:`u^2 + v^2 < 1` 이면 칠합니다.

    Parameters
    ----------
    boxes : sequence of Box
        상자 (픽셀). 중심이 이미지 안에 있어야 합니다.
    kinds : sequence of str
        부류의 이름. 상자마다 하나입니다.
    rng : numpy.random.Generator
        잡음을 뽑을 난수 생성기.
    noise : float
        픽셀마다 더하는 정규 잡음의 표준편차.

    Returns
    -------
    Scenes
        이미지와 정답.

    Raises
    ------
    TypeError
        `noise` 가 실수가 아니거나, `rng` 가 난수 생성기가 아닐 때.
    ValueError
        상자와 부류의 수가 다르거나, 모르는 부류이거나, 중심이 이미지 밖이거나, `noise` 가 음수일 때.

    Examples
    --------
    같은 상자에 꼭 맞아도 타원이 칠하는 픽셀은 네모의 :math:`\pi/4` 쯤입니다.

    >>> twins = draw([Box(14, 14, 24, 20)] * 2, CLASSES, np.random.default_rng(0), noise=0)
    >>> twins.images.sum(axis=(1, 2, 3)).tolist()
    [480.0, 380.0]
    """
    rng, noise = _checks.generator("rng", rng), _checks.nonnegative("noise", noise)
    boxes, kinds = _checks.several("boxes", boxes), _checks.several("kinds", kinds)
    for i, box in enumerate(boxes):
        _checks.instance(f"boxes[{i}]", box, Box)
    for i, kind in enumerate(kinds):
        _checks.text(f"kinds[{i}]", kind)
    unknown = [kind for kind in kinds if kind not in CLASSES]
    if unknown or len(kinds) != len(boxes) or not boxes:
        raise ValueError(
            f"kinds must name one of {', '.join(CLASSES)} for each of {len(boxes)} boxes, got {kinds!r}"
        )
    cells = np.array([responsible_cell(box.cx, box.cy, IMAGE_SIZE, GRID) for box in boxes])
    classes = np.array([CLASSES.index(kind) for kind in kinds])
    cx, cy, w, h = np.array([[box.cx, box.cy, box.w, box.h] for box in boxes]).T[:, :, None]
    pixels = np.arange(IMAGE_SIZE) + 0.5
    u, v = abs(pixels - cx)[:, None, :] / (w[:, None] / 2), abs(pixels - cy)[:, :, None] / (h[:, None] / 2)
    filled = np.where(classes[:, None, None] == 0, np.maximum(u, v), u**2 + v**2) < 1
    images = filled + rng.normal(0, noise, filled.shape)
    return Scenes(images[:, None], tuple(boxes), classes, cells)


def targets(scenes: Scenes) -> Array:
    r"""신경망이 내야 할 수를 칸마다 적습니다.

    중심이 든 칸에만 ``[1, x, y, √w, √h]`` 와, 참 부류의 자리만 1인 수를 적습니다. 나머지 칸은 모두 0입니다.
    ``[x, y, w, h]`` 는 :func:`dlnotes.detection.encode_yolov1` 의 부호입니다.

    Parameters
    ----------
    scenes : Scenes
        이미지와 정답.

    Returns
    -------
    ndarray
        목푯값 ``(N, 7, 4, 4)``. 채널은 확신도, 중심 둘, 크기 둘, 부류 둘입니다.

    Examples
    --------
    확신도의 목푯값은 중심이 든 칸에서만 1입니다.

    >>> targets(draw_scenes(3, np.random.default_rng(4)))[0, 0].astype(int)
    array([[0, 0, 0, 0],
           [0, 0, 0, 0],
           [0, 0, 1, 0],
           [0, 0, 0, 0]])
    """
    _checks.instance("scenes", scenes, Scenes)
    t = np.zeros((len(scenes.boxes), 5 + len(CLASSES), GRID, GRID))
    for i, (box, kind) in enumerate(zip(scenes.boxes, scenes.classes, strict=True)):
        (row, col), (x, y, w, h) = encode_yolov1(box, IMAGE_SIZE, GRID)
        t[i, :5, row, col] = 1, x, y, np.sqrt(w), np.sqrt(h)
        t[i, 5 + kind, row, col] = 1
    return t


def _unpack(theta: Array) -> list[tuple[Array, Array]]:
    """벡터를 합성곱마다의 가중치와 편향으로 나눕니다. 값을 베끼지 않고 같은 메모리를 봅니다."""
    found, start = [], 0
    for layer in LAYERS:
        if isinstance(layer, Conv2d):
            down, across = layer.windows
            shape = (layer.out_channels, layer.in_channels, down.kernel_size, across.kernel_size)
            middle = start + math.prod(shape)
            stop = middle + layer.out_channels
            found.append((theta[start:middle].reshape(shape), theta[middle:stop]))
            start = stop
    return found


def initialize(rng: np.random.Generator) -> Array:
    """매개변수를 무작위로 정합니다. 가중치는 He 초기화, 편향(bias term)은 0입니다.

    Parameters
    ----------
    rng : numpy.random.Generator
        난수 생성기.

    Returns
    -------
    ndarray
        매개변수 ``(P,)``, float64. 합성곱마다 가중치와 편향을 차례로 편 것입니다.

    Raises
    ------
    TypeError
        `rng` 가 난수 생성기가 아닐 때.

    Examples
    --------
    >>> initialize(np.random.default_rng(0)).shape
    (8719,)
    """
    rng = _checks.generator("rng", rng)
    theta = np.zeros(sum(parameters(layer) for layer in LAYERS))
    for w, _ in _unpack(theta):
        w[...] = he_normal(w.shape, rng)
    return theta


@rounded_last
def detector(images: npt.ArrayLike, theta: npt.ArrayLike) -> Array:
    """칸마다 일곱 수를 냅니다. 신경망은 이미지마다 한 번 돕니다.

    Parameters
    ----------
    images : array_like
        이미지 ``(N, 1, 32, 32)``.
    theta : array_like
        매개변수 ``(P,)``.

    Returns
    -------
    ndarray
        출력 ``(N, 7, 4, 4)``. 채널은 :func:`targets` 와 같습니다.

    Raises
    ------
    TypeError
        배열이 실수가 아닐 때.
    ValueError
        모양이 다를 때.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> detector(draw_scenes(5, rng).images, initialize(rng)).shape
    (5, 7, 4, 4)
    """
    return detector_vjp(images, theta)[0]


@rounded_last
def detector_vjp(
    images: npt.ArrayLike, theta: npt.ArrayLike
) -> tuple[Array, Callable[[npt.ArrayLike], Array]]:
    """출력과, 출력의 기울기를 매개변수의 기울기로 옮기는 함수를 냅니다.

    Parameters
    ----------
    images, theta
        :func:`detector` 와 같습니다.

    Returns
    -------
    y : ndarray
        출력 ``(N, 7, 4, 4)``.
    pullback : callable
        ``pullback(dy) -> dtheta``. `dtheta` 의 모양은 `theta` 와 같습니다.

    Raises
    ------
    TypeError
        :func:`detector` 와 같습니다.
    ValueError
        :func:`detector` 와 같습니다. ``pullback`` 은 `dy` 의 모양이 다를 때에도 냅니다.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> y, pullback = detector_vjp(draw_scenes(2, rng).images, initialize(rng))
    >>> pullback(np.ones_like(y)).shape
    (8719,)
    """
    theta = _checks.shaped("theta", theta, (sum(parameters(layer) for layer in LAYERS),))
    shape = (len(_checks.array("images", images, rank=4)), 1, IMAGE_SIZE, IMAGE_SIZE)
    x = _checks.shaped("images", images, shape).astype(theta.dtype, copy=False)
    weights = iter(_unpack(theta))
    pullbacks = []
    for layer in LAYERS:
        if isinstance(layer, AvgPool2d):
            x, pull = _pool(x)
        else:
            x, pull = _conv(x, *next(weights), bent=layer is not LAYERS[-1])
        pullbacks.append(pull)

    def pullback(dy: npt.ArrayLike) -> Array:
        dx, found = _checks.shaped("dy", dy, x.shape), []
        for pull in reversed(pullbacks):
            dx, *gradients = pull(dx)
            found.append(gradients)
        return np.concatenate([each.ravel() for gradients in reversed(found) for each in gradients])

    return x, pullback


def _pool(x: Array) -> tuple[Array, Pullback]:
    """2×2 평균 풀링."""
    y, spread = avg_pool2d_vjp(x, 2)
    return y, lambda dy: (spread(dy),)


def _conv(x: Array, w: Array, b: Array, *, bent: bool) -> tuple[Array, Pullback]:
    """크기를 지키는 합성곱과, `bent` 이면 새는 렐루."""
    z, pull = conv2d_vjp(x, w, b, padding=w.shape[-1] // 2)
    y, bend = leaky_relu_vjp(z, 0.1) if bent else identity_vjp(z)

    def pullback(dy: Array) -> tuple[Array, ...]:
        dx, dw, db = pull(bend(dy))
        assert db is not None
        return dx, dw, db

    return y, pullback


@rounded_last
def cost_vjp(y: npt.ArrayLike, t: npt.ArrayLike) -> tuple[float, Array]:
    r"""YOLOv1을 따른 비용과 출력의 기울기.

    .. math::

        C = \frac1N \sum_{\text{이미지}} \sum_{\text{칸}} \begin{cases}
        (y_0-1)^2 + 5\sum_{k=1}^{4}(y_k-t_k)^2 + \sum_{k\ge5}(y_k-t_k)^2 & \text{중심이 든 칸} \\
        \tfrac12\, y_0^2 & \text{나머지 칸} \end{cases}

    칸마다 상자가 하나이고, 확신도의 목푯값은 논문의 IoU 대신 1입니다.
    물체를 맡지 않은 칸에서는 확신도만 벌합니다. 상자와 부류는 아무렇게나 답해도 됩니다.

    Parameters
    ----------
    y : array_like
        출력 ``(N, 7, 4, 4)``.
    t : array_like
        목푯값. 모양은 `y` 와 같습니다.

    Returns
    -------
    cost : float
        이미지 하나의 평균 비용.
    dy : ndarray
        비용을 `y` 로 미분한 값. 모양은 `y` 와 같습니다.

    Raises
    ------
    TypeError
        배열이 실수가 아닐 때.
    ValueError
        두 배열의 모양이 다를 때.

    References
    ----------
    Redmon, Divvala, Girshick, Farhadi, "You Only Look Once: Unified, Real-Time Object Detection", CVPR 2016.

    Examples
    --------
    >>> t = targets(draw_scenes(3, np.random.default_rng(4)))
    >>> cost_vjp(t, t)[0], cost_vjp(np.zeros_like(t), t)[0] > 0
    (0.0, True)
    """
    y = _checks.array("y", y, rank=4)
    t = _checks.shaped("t", t, y.shape).astype(y.dtype, copy=False)
    mine = t[:, :1]
    weights = [0.5 + 0.5 * mine, *[5 * mine] * 4, *[mine] * (y.shape[1] - 5)]
    weighted = np.concatenate(weights, axis=1) * (y - t)
    return float(np.sum(weighted * (y - t)) / len(y)), 2 / len(y) * weighted


def only_view(scenes: Scenes, view: int) -> Array:
    """중심이 든 칸을 가운데에 둔 창만 남기고 이미지를 0으로 가립니다.

    Parameters
    ----------
    scenes : Scenes
        이미지와 정답.
    view : int
        창의 한 변 (픽셀). 칸의 변(8)이면 그 칸만 남습니다. 짝수입니다.

    Returns
    -------
    ndarray
        가린 이미지 ``(N, 1, 32, 32)``.

    Raises
    ------
    TypeError
        `view` 가 정수가 아닐 때.
    ValueError
        `view` 가 2보다 작거나 홀수일 때.

    Examples
    --------
    >>> scenes = draw_scenes(3, np.random.default_rng(4))
    >>> np.count_nonzero(only_view(scenes, 8), axis=(1, 2, 3)).tolist()
    [64, 64, 64]
    """
    _checks.instance("scenes", scenes, Scenes)
    if _checks.integer("view", view, least=2) % 2:
        raise ValueError(f"view must be even, so that it can be centred on a cell, got {view}")
    pixels, side = np.arange(IMAGE_SIZE) + 0.5, IMAGE_SIZE // GRID
    centre = (scenes.cells + 0.5) * side
    rows, columns = (abs(pixels - centre[:, axis, None]) < view / 2 for axis in (0, 1))
    return scenes.images * (rows[:, :, None] & columns[:, None, :])[:, None]


def train(
    rng: np.random.Generator, *, view: int | None = None, steps: int = 500, batch: int = 16, lr: float = 0.01
) -> Array:
    r"""새로 그린 이미지로 Adam을 `steps` 번 갱신합니다.

    학습률은 `lr` 에서 시작해 코사인을 따라 0까지 내립니다.

    Parameters
    ----------
    rng : numpy.random.Generator
        난수 생성기. 시작값과 이미지를 뽑습니다.
    view : int, optional
        주면 :func:`only_view` 로 가린 이미지로 배웁니다.
    steps : int
        갱신의 수.
    batch : int
        갱신 하나에 쓰는 이미지의 수.
    lr : float
        처음 학습률.

    Returns
    -------
    ndarray
        배운 매개변수 ``(P,)``, float32.

    Raises
    ------
    TypeError
        정수가 아닌 수나 난수 생성기가 아닌 `rng` 를 받았을 때.
    ValueError
        수가 허용 범위를 벗어날 때.

    Examples
    --------
    >>> train(np.random.default_rng(0), steps=2).dtype
    dtype('float32')
    """
    steps, lr = _checks.count("steps", steps), _checks.positive("lr", lr)
    _checks.count("batch", batch)
    theta = initialize(rng).astype(np.float32)
    state = None
    for step in range(steps):
        scenes = draw_scenes(batch, rng)
        images = scenes.images if view is None else only_view(scenes, view)
        y, pullback = detector_vjp(images, theta)
        _, dy = cost_vjp(y, targets(scenes))
        decay = (1 + np.cos(np.pi * step / steps)) / 2
        state = adam_in_place(theta, pullback(dy), state, lr=lr * decay)
        _checks.converged("lr", lr, theta)
    return theta


def read_cell(y: npt.ArrayLike, cell: tuple[int, int]) -> Answer:
    r"""칸 하나의 일곱 수를 상자와 부류로 읽습니다.

    상자는 :func:`dlnotes.detection.decode_yolov1` 로 되살립니다. 부류는 부류의 수 :math:`y_5, y_6` 가운데 큰
    것이고, 점수는 거기에 확신도 :math:`y_0` 을 곱한 값입니다.

    Parameters
    ----------
    y : array_like
        이미지 하나의 출력 ``(7, 4, 4)``.
    cell : (int, int)
        칸의 행과 열.

    Returns
    -------
    Answer
        상자, 부류, 점수.

    Raises
    ------
    TypeError
        배열이 실수가 아닐 때.
    ValueError
        모양이 다르거나 칸이 격자 밖일 때.

    Examples
    --------
    >>> scenes = draw_scenes(3, np.random.default_rng(4))
    >>> answer = read_cell(targets(scenes)[0], (2, 2))
    >>> answer.kind, answer.score, round(answer.box.w, 6)
    ('타원', 1.0, 25.0)
    """
    y = _checks.finite("y", _checks.shaped("y", y, (5 + len(CLASSES), GRID, GRID))).astype(np.float64)
    row, col = _checks.pair("cell", cell, least=0)
    if max(row, col) >= GRID:
        raise ValueError(f"cell must lie in the {GRID}×{GRID} grid, got {(row, col)}")
    confidence, across, down, root_w, root_h, *kinds = y[:, row, col].tolist()
    with _checks.about("y"):
        box = decode_yolov1((row, col), [across, down, root_w * root_w, root_h * root_h], IMAGE_SIZE, GRID)
    best = int(np.argmax(kinds))
    return Answer(box, CLASSES[best], confidence * kinds[best])


def answers(theta: npt.ArrayLike, images: npt.ArrayLike, cells: npt.ArrayLike) -> list[Answer]:
    """이미지마다 정해 준 칸의 답을 읽습니다.

    Parameters
    ----------
    theta : array_like
        매개변수 ``(P,)``.
    images : array_like
        이미지 ``(N, 1, 32, 32)``.
    cells : array_like
        이미지마다 읽을 칸의 행과 열 ``(N, 2)``.

    Returns
    -------
    list of Answer
        이미지마다 하나씩.

    Raises
    ------
    TypeError
        :func:`detector`, :func:`read_cell` 과 같습니다.
    ValueError
        칸의 수가 이미지의 수와 다를 때. 나머지는 :func:`detector`, :func:`read_cell` 과 같습니다.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> scenes = draw_scenes(5, rng)
    >>> len(answers(initialize(rng), scenes.images, scenes.cells))
    5
    """
    y = detector(images, theta)
    _checks.shaped("cells", cells, (len(y), 2))
    cells = _checks.integers("cells", cells, below=GRID)
    with _checks.about("theta and images"):
        return [read_cell(one, (int(row), int(col))) for one, (row, col) in zip(y, cells, strict=True)]


def grade(answers: Sequence[Answer], scenes: Scenes) -> Grade:
    """답을 정답과 비교해 채점합니다.

    Parameters
    ----------
    answers : sequence of Answer
        이미지마다 하나씩.
    scenes : Scenes
        이미지와 정답.

    Returns
    -------
    Grade
        부류를 맞힌 비율, 평균 IoU, 너비의 오차.

    Raises
    ------
    ValueError
        답의 수가 이미지의 수와 다를 때.

    Examples
    --------
    >>> scenes = draw_scenes(3, np.random.default_rng(4))
    >>> right = [read_cell(t, tuple(cell)) for t, cell in zip(targets(scenes), scenes.cells)]
    >>> grade(right, scenes).kind
    1.0
    """
    answers = _checks.several("answers", answers)
    for i, answer in enumerate(answers):
        _checks.instance(f"answers[{i}]", answer, Answer)
    if len(answers) != len(_checks.instance("scenes", scenes, Scenes).boxes):
        raise ValueError(f"answers must number {len(scenes.boxes)}, got {len(answers)}")
    pairs = list(zip(answers, scenes.boxes, strict=True))
    overlap = [iou([answer.box.corners()], [box.corners()])[0, 0] for answer, box in pairs]
    missed = [answer.box.w - box.w for answer, box in pairs]
    kinds = [answer.kind == CLASSES[kind] for answer, kind in zip(answers, scenes.classes, strict=True)]
    return Grade(float(np.mean(kinds)), float(np.mean(overlap)), float(np.sqrt(np.mean(np.square(missed)))))
