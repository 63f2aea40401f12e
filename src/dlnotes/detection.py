"""객체 탐지. 격자 칸, 경계 상자의 부호화, IoU, 비최대 억제를 다룹니다.

좌표는 픽셀 단위이고 원점은 이미지의 왼쪽 위 모서리입니다. x는 오른쪽으로, y는 아래쪽으로 커집니다.
이미지와 격자의 크기는 정수 하나이거나 (세로, 가로) 쌍입니다.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dlnotes._checks import (
    about,
    array,
    as_array,
    count,
    finite,
    instance,
    integer,
    pair,
    real,
    room,
    several,
    shown,
)
from dlnotes.activations import sigmoid

Size = int | tuple[int, int]
Cell = tuple[int, int]
Floats = npt.NDArray[np.floating]

#: Tiny YOLOv2(VOC)의 앵커 상자 다섯 개. 모양 ``(5, 2)``, 열은 너비와 높이, 단위는 격자 칸(32픽셀)입니다.
#: 값은 darknet의 ``cfg/tiny-yolo-voc.cfg`` 에 있습니다. 읽기 전용입니다.
TINY_YOLOV2_ANCHORS: Floats = np.array(
    [[1.08, 1.19], [3.42, 4.41], [6.63, 11.38], [9.42, 5.11], [16.62, 10.52]]
)
TINY_YOLOV2_ANCHORS.flags.writeable = False


@dataclass(frozen=True)
class Box:
    """중심과 크기로 나타낸 경계 상자. 값은 파이썬 float로 지닙니다.

    Parameters
    ----------
    cx, cy : float
        중심의 가로, 세로 좌표 (픽셀). 유한한 실수입니다.
    w, h : float
        너비와 높이 (픽셀). 0보다 큰 유한한 실수입니다.

    Raises
    ------
    TypeError
        실수가 아닌 값을 받았을 때.
    ValueError
        유한하지 않은 값이나 0 이하의 너비, 높이를 받았을 때.

    Examples
    --------
    >>> Box(cx=250, cy=190, w=300, h=200).corners()
    (100.0, 90.0, 400.0, 290.0)
    """

    cx: float
    cy: float
    w: float
    h: float

    def __post_init__(self) -> None:
        for name in ("cx", "cy", "w", "h"):
            object.__setattr__(self, name, real(name, getattr(self, name), most=math.inf))
        for name in ("w", "h"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")

    def corners(self) -> tuple[float, float, float, float]:
        """왼쪽 위와 오른쪽 아래 모서리 ``(x0, y0, x1, y1)`` 을 픽셀로 돌려줍니다."""
        return self.cx - self.w / 2, self.cy - self.h / 2, self.cx + self.w / 2, self.cy + self.h / 2


def _sizes(image_size: Size, grid: Size) -> tuple[tuple[int, int], tuple[int, int]]:
    """이미지와 격자의 (세로, 가로). 칸의 경계를 모두 늘어놓을 수 있어야 합니다."""
    sizes, cells = pair("image_size", image_size, least=1), pair("grid", grid, least=1)
    for name, both in (("image_size", sizes), ("grid", cells)):
        for side in both:
            count(name, side)
    return sizes, cells


def _cell(cell: Cell) -> Cell:
    both = several("cell", cell, wanted="a (row, column) pair")
    if len(both) != 2:
        raise ValueError(f"cell must be a (row, column) pair, got {shown(cell)}")
    row, col = (integer(f"cell[{i}]", index, least=0) for i, index in enumerate(both))
    return row, col


def _edges(size: int, cells: int) -> Floats:
    """한 축을 똑같이 나눈 칸의 경계 `cells` + 1개. 처음은 0, 마지막은 `size`입니다."""
    return size * np.arange(cells + 1) / cells


def _holding(name: str, value: float, size: int, cells: int) -> int:
    """반열린 칸 [경계, 다음 경계) 가운데 `value`가 든 칸의 번호."""
    if not 0 <= real(name, value, most=math.inf) < size:
        raise ValueError(f"{name} must lie in the image, 0 <= {name} < {size}, got {value}")
    # floor(value * cells / size) can round up to the next cell; the edges are those of cell_bounds.
    return int(np.searchsorted(_edges(size, cells), value, side="right")) - 1


def responsible_cell(cx: float, cy: float, image_size: Size, grid: Size) -> Cell:
    r"""중심이 놓인 격자 칸을 찾습니다.

    높이 :math:`H`, 너비 :math:`W` 인 이미지를 :math:`S_y \times S_x` 칸으로 똑같이 나누면, 중심
    :math:`(c_x, c_y)` 가 든 칸의 행 :math:`r` 와 열 :math:`q` 는

    .. math::

        r\,\frac{H}{S_y} \le c_y < (r + 1)\frac{H}{S_y}, \qquad
        q\,\frac{W}{S_x} \le c_x < (q + 1)\frac{W}{S_x}

    를 만족합니다. 칸은 왼쪽과 위쪽 경계는 품고 오른쪽과 아래쪽 경계는 품지 않으므로, 이미지 안의 점은 꼭 한
    칸에 듭니다. YOLO는 이 칸에 물체를 맡깁니다. 상자의 크기는 쓰지 않습니다.

    Parameters
    ----------
    cx, cy : float
        중심의 가로, 세로 좌표 (픽셀).
    image_size : int 또는 (int, int)
        이미지의 크기 (픽셀).
    grid : int 또는 (int, int)
        격자의 칸 수 :math:`S` 또는 :math:`(S_y, S_x)`.

    Returns
    -------
    (int, int)
        칸의 번호 (행, 열). 0부터 셉니다.

    Raises
    ------
    TypeError
        좌표가 실수가 아니거나 크기가 정수가 아닐 때.
    ValueError
        중심이 이미지 밖에 있거나 크기가 1보다 작을 때. 오른쪽과 아래쪽 끝도 이미지 밖입니다.

    References
    ----------
    Redmon, Divvala, Girshick, Farhadi, "You Only Look Once: Unified, Real-Time Object Detection", CVPR 2016.

    Examples
    --------
    >>> responsible_cell(250, 190, image_size=448, grid=7)
    (2, 3)
    """
    (height, width), (rows, columns) = _sizes(image_size, grid)
    return _holding("cy", cy, height, rows), _holding("cx", cx, width, columns)


def cell_bounds(row: int, col: int, image_size: Size, grid: Size) -> tuple[float, float, float, float]:
    r"""격자 칸의 모서리를 구합니다.

    :math:`S_y \times S_x` 격자에서 칸은 가로 :math:`W/S_x`, 세로 :math:`H/S_y` 픽셀입니다.

    Parameters
    ----------
    row, col : int
        칸의 행과 열. 0부터 셉니다.
    image_size : int 또는 (int, int)
        이미지의 크기 (픽셀).
    grid : int 또는 (int, int)
        격자의 칸 수.

    Returns
    -------
    (float, float, float, float)
        모서리 ``(x0, y0, x1, y1)`` (픽셀). ``x1`` 과 ``y1`` 은 칸에 들지 않습니다.

    Raises
    ------
    TypeError
        정수가 아닌 번호나 크기를 받았을 때.
    ValueError
        번호가 격자 밖이거나 크기가 1보다 작을 때.

    Examples
    --------
    >>> cell_bounds(2, 3, image_size=448, grid=7)
    (192.0, 128.0, 256.0, 192.0)
    """
    (height, width), (rows, columns) = _sizes(image_size, grid)
    for name, index, cells in (("row", row, rows), ("col", col, columns)):
        if integer(name, index, least=0) >= cells:
            raise ValueError(f"{name} must be less than {cells}, got {index}")
    y, x = _edges(height, rows), _edges(width, columns)
    return float(x[col]), float(y[row]), float(x[col + 1]), float(y[row + 1])


def cover_count(image_size: Size, grid: Size) -> npt.NDArray[np.int64]:
    """픽셀마다 그 픽셀을 덮는 격자 칸이 몇 개인지 셉니다.

    픽셀의 가운데 점이 칸의 모서리 사이에 들면 그 칸이 픽셀을 덮는다고 봅니다. 칸을 하나하나 대어 보며
    세므로, 결과가 모두 1이라는 것은 격자가 이미지를 빈틈도 겹침도 없이 분할한다는 뜻입니다.

    Parameters
    ----------
    image_size : int 또는 (int, int)
        이미지의 크기 ``(H, W)`` (픽셀).
    grid : int 또는 (int, int)
        격자의 칸 수.

    Returns
    -------
    ndarray
        덮는 칸의 수. 모양은 ``(H, W)`` 이고 dtype은 int64입니다.

    Raises
    ------
    TypeError
        정수가 아닌 크기를 받았을 때.
    ValueError
        크기가 1보다 작을 때.

    Examples
    --------
    >>> count = cover_count(448, 7)
    >>> count.shape, int(count.min()), int(count.max())
    ((448, 448), 1, 1)
    """
    covered = []
    for size, cells in zip(*_sizes(image_size, grid), strict=True):
        room(image_size=size, grid=cells)
        centre, edges = np.arange(size) + 0.5, _edges(size, cells)[:, np.newaxis]
        covered.append(np.sum((edges[:-1] <= centre) & (centre < edges[1:]), axis=0))
    room(image_size=math.prod(map(len, covered)))
    return np.outer(*covered)


def encode_yolov1(box: Box, image_size: Size, grid: Size) -> tuple[Cell, Floats]:
    r"""경계 상자를 YOLOv1의 목푯값으로 부호화합니다.

    중심이 든 칸의 왼쪽 위 모서리를 :math:`(x_0, y_0)`, 오른쪽 아래 모서리를 :math:`(x_1, y_1)` 이라 하면

    .. math::

        x = \frac{c_x - x_0}{x_1 - x_0}, \qquad y = \frac{c_y - y_0}{y_1 - y_0}, \qquad
        w = \frac{b_w}{W}, \qquad h = \frac{b_h}{H}

    입니다. 중심은 칸을 기준으로 재지만 너비와 높이는 이미지 전체를 기준으로 잽니다. 그래서 칸보다 큰
    상자도 평범한 값이 됩니다. 손실 함수에 나오는 제곱근은 씌우지 않습니다.

    Parameters
    ----------
    box : Box
        중심 :math:`(c_x, c_y)`, 크기 :math:`(b_w, b_h)` 인 상자 (픽셀).
    image_size : int 또는 (int, int)
        이미지의 크기 :math:`(H, W)` (픽셀).
    grid : int 또는 (int, int)
        격자의 칸 수.

    Returns
    -------
    cell : (int, int)
        상자를 맡는 칸의 번호 (행, 열).
    code : ndarray
        ``[x, y, w, h]``. 모양은 ``(4,)`` 이고 단위가 없습니다.

    Raises
    ------
    TypeError
        정수가 아닌 크기를 받았을 때.
    ValueError
        중심이 이미지 밖에 있거나 크기가 1보다 작을 때.

    References
    ----------
    Redmon, Divvala, Girshick, Farhadi, "You Only Look Once: Unified, Real-Time Object Detection", CVPR 2016.

    Examples
    --------
    >>> cell, code = encode_yolov1(Box(250, 190, 300, 200), image_size=448, grid=7)
    >>> cell, code.round(6).tolist()
    ((2, 3), [0.90625, 0.96875, 0.669643, 0.446429])
    """
    instance("box", box, Box)
    (height, width), _ = _sizes(image_size, grid)
    with about("box, image_size and grid"):
        row, col = responsible_cell(box.cx, box.cy, image_size, grid)
    x0, y0, x1, y1 = cell_bounds(row, col, image_size, grid)
    x, y = (box.cx - x0) / (x1 - x0), (box.cy - y0) / (y1 - y0)
    return (row, col), np.array([x, y, box.w / width, box.h / height])


def decode_yolov1(cell: Cell, code: npt.ArrayLike, image_size: Size, grid: Size) -> Box:
    r"""YOLOv1의 부호에서 경계 상자를 되살립니다. :func:`encode_yolov1` 의 역입니다.

    .. math::

        c_x = x_0 + x(x_1 - x_0), \qquad c_y = y_0 + y(y_1 - y_0), \qquad b_w = wW, \qquad b_h = hH

    Parameters
    ----------
    cell : (int, int)
        칸의 번호 (행, 열).
    code : array_like
        ``[x, y, w, h]``, 모양 ``(4,)``. 신경망의 출력일 수 있으므로 `x` 와 `y` 가 0과 1 사이가 아니어도
        그대로 되살립니다. 이때 중심은 칸 밖에 놓입니다.
    image_size : int 또는 (int, int)
        이미지의 크기 :math:`(H, W)` (픽셀).
    grid : int 또는 (int, int)
        격자의 칸 수.

    Returns
    -------
    Box
        되살린 상자 (픽셀).

    Raises
    ------
    TypeError
        부호가 실수가 아니거나 번호, 크기가 정수가 아닐 때.
    ValueError
        부호의 모양이 다르거나 유한하지 않을 때, 너비나 높이가 0 이하일 때, 칸이 격자 밖일 때.

    Examples
    --------
    >>> cell, code = encode_yolov1(Box(250, 190, 300, 200), image_size=448, grid=7)
    >>> decode_yolov1(cell, code, image_size=448, grid=7)
    Box(cx=250.0, cy=190.0, w=300.0, h=200.0)
    """
    (height, width), _ = _sizes(image_size, grid)
    row, col = _cell(cell)
    with about("cell and grid"):
        x0, y0, x1, y1 = cell_bounds(row, col, image_size, grid)
    x, y, w, h = _numbers("code", code, count=4)
    with about("code"):
        return Box(x0 + x * (x1 - x0), y0 + y * (y1 - y0), w * width, h * height)


def encode_anchor(box: Box, anchor: npt.ArrayLike, image_size: Size, grid: Size) -> tuple[Cell, Floats]:
    r"""경계 상자를 앵커 상자에 견주어 YOLOv2의 목푯값으로 부호화합니다.

    칸 안에서 잰 중심을 :math:`(x, y)`, 칸을 단위로 잰 크기를 :math:`(b_w, b_h)` 라 하면

    .. math::

        t_x = \ln\frac{x}{1 - x}, \qquad t_y = \ln\frac{y}{1 - y}, \qquad
        t_w = \ln\frac{b_w}{p_w}, \qquad t_h = \ln\frac{b_h}{p_h}

    입니다. 중심이 칸의 경계 위에 있으면 :math:`t` 가 유한하지 않으므로 거절합니다.

    Parameters
    ----------
    box : Box
        경계 상자 (픽셀).
    anchor : array_like
        앵커 상자의 너비와 높이 :math:`(p_w, p_h)`, 모양 ``(2,)``. 단위는 격자 칸입니다.
    image_size : int 또는 (int, int)
        이미지의 크기 (픽셀).
    grid : int 또는 (int, int)
        격자의 칸 수.

    Returns
    -------
    cell : (int, int)
        상자를 맡는 칸의 번호 (행, 열).
    code : ndarray
        ``[t_x, t_y, t_w, t_h]``. 모양은 ``(4,)`` 이고 단위가 없습니다.

    Raises
    ------
    TypeError
        앵커가 실수가 아니거나 크기가 정수가 아닐 때.
    ValueError
        중심이 이미지 밖이거나 칸의 경계 위에 있을 때, 앵커의 크기가 0 이하일 때.

    References
    ----------
    Redmon, Farhadi, "YOLO9000: Better, Faster, Stronger", CVPR 2017.

    Examples
    --------
    가장 넓은 앵커는 416픽셀 이미지보다도 넓습니다.

    >>> cell, code = encode_anchor(Box(208, 208, 400, 300), TINY_YOLOV2_ANCHORS[4], 416, 13)
    >>> cell, code.round(4).tolist()
    ((6, 6), [0.0, 0.0, -0.2849, -0.1152])
    """
    p_w, p_h = _anchor(anchor)
    instance("box", box, Box)
    cell, (x, y, w, h) = encode_yolov1(box, image_size, grid)
    for name, share, centre in (("cx", x, box.cx), ("cy", y, box.cy)):
        if share == 0:  # the far edge belongs to the next cell: share < 1
            raise ValueError(
                f"{name} of box must lie strictly inside its cell of grid, "
                f"got {centre} on the edge of cell {cell}"
            )
    rows, columns = pair("grid", grid, least=1)
    b_w, b_h = w * columns, h * rows
    t = [np.log(x / (1 - x)), np.log(y / (1 - y)), np.log(b_w / p_w), np.log(b_h / p_h)]
    return cell, np.array(t)


def decode_anchor(
    cell: Cell, code: npt.ArrayLike, anchor: npt.ArrayLike, image_size: Size, grid: Size
) -> Box:
    r"""YOLOv2의 부호에서 경계 상자를 되살립니다. :func:`encode_anchor` 의 역입니다.

    칸의 번호를 :math:`(c_y, c_x)`, 로지스틱 함수를 :math:`\sigma` 라 하면 칸을 단위로

    .. math::

        b_x = \sigma(t_x) + c_x, \qquad b_y = \sigma(t_y) + c_y, \qquad
        b_w = p_w e^{t_w}, \qquad b_h = p_h e^{t_h}

    입니다. :math:`\sigma` 가 0과 1 사이이므로 중심은 칸을 벗어나지 못합니다. 크기에는 그런 제한이 없습니다.

    Parameters
    ----------
    cell : (int, int)
        칸의 번호 (행, 열).
    code : array_like
        ``[t_x, t_y, t_w, t_h]``, 모양 ``(4,)``.
    anchor : array_like
        앵커 상자의 너비와 높이 :math:`(p_w, p_h)`, 모양 ``(2,)``. 단위는 격자 칸입니다.
    image_size : int 또는 (int, int)
        이미지의 크기 (픽셀).
    grid : int 또는 (int, int)
        격자의 칸 수.

    Returns
    -------
    Box
        되살린 상자 (픽셀).

    Raises
    ------
    TypeError
        부호나 앵커가 실수가 아니거나, 번호나 크기가 정수가 아닐 때.
    ValueError
        부호의 모양이 다르거나 유한하지 않을 때, 크기가 float64의 범위를 넘을 때, 칸이 격자 밖일 때.

    References
    ----------
    Redmon, Farhadi, "YOLO9000: Better, Faster, Stronger", CVPR 2017.

    Examples
    --------
    부호가 0이면 칸의 한가운데에 앵커를 그대로 놓습니다.

    >>> decode_anchor((6, 6), [0, 0, 0, 0], anchor=(2, 3), image_size=416, grid=13)
    Box(cx=208.0, cy=208.0, w=64.0, h=96.0)
    """
    p_w, p_h = _anchor(anchor)
    t_x, t_y, t_w, t_h = _numbers("code", code, count=4)
    rows, columns = pair("grid", grid, least=1)
    with np.errstate(over="ignore"):  # decode_yolov1 refuses an infinite size
        b_w, b_h = p_w * np.exp(t_w), p_h * np.exp(t_h)
    with about("code and anchor"):
        return decode_yolov1(cell, [*sigmoid([t_x, t_y]), b_w / columns, b_h / rows], image_size, grid)


def iou(a: npt.ArrayLike, b: npt.ArrayLike) -> Floats:
    r"""두 묶음의 상자를 모두 짝지어 겹친 넓이를 합친 넓이로 나눕니다.

    .. math:: \text{IoU}(A, B) = \frac{|A \cap B|}{|A \cup B|}
                               = \frac{|A \cap B|}{|A| + |B| - |A \cap B|}

    합친 넓이가 0이면, 곧 두 상자의 넓이가 모두 0이면 IoU를 0으로 정합니다.

    Parameters
    ----------
    a : array_like
        모서리 ``[x0, y0, x1, y1]`` 로 나타낸 상자 N개. 모양 ``(N, 4)``.
    b : array_like
        상자 M개. 모양 ``(M, 4)``.

    Returns
    -------
    ndarray
        0 이상 1 이하의 값. 모양은 ``(N, M)`` 이고 dtype은 두 입력의 실수형을 따릅니다. 계산은 float64
        이상으로 합니다.

    Raises
    ------
    TypeError
        실수가 아닌 값을 받았을 때.
    ValueError
        모양이 다를 때, 값이 유한하지 않을 때, 모서리의 순서가 뒤집혔을 때.

    Examples
    --------
    >>> iou([[0, 0, 2, 2]], [[1, 0, 3, 2], [0, 0, 2, 1], [5, 5, 6, 6]]).round(4).tolist()
    [[0.3333, 0.5, 0.0]]
    """
    first, second = _boxes("a", a), _boxes("b", b)
    dtype = np.result_type(*(array(name, value).dtype for name, value in (("a", a), ("b", b))))
    return _overlaps(first, second).astype(dtype, copy=False)


def non_maximum_suppression(
    boxes: npt.ArrayLike, scores: npt.ArrayLike, threshold: float = 0.5
) -> npt.NDArray[np.intp]:
    """점수가 높은 상자부터 남기고, 남긴 상자와 많이 겹치는 상자를 지웁니다.

    아직 지워지지 않은 상자 가운데 점수가 가장 높은 것을 남깁니다. 그 상자와의 IoU가 `threshold` 보다 큰
    상자를 지우고, 볼 상자가 없을 때까지 되풀이합니다. IoU가 `threshold` 와 같으면 지우지 않습니다.

    Parameters
    ----------
    boxes : array_like
        모서리 ``[x0, y0, x1, y1]`` 로 나타낸 상자 N개. 모양 ``(N, 4)``.
    scores : array_like
        점수. 모양 ``(N,)``. 점수가 같으면 번호가 작은 상자를 먼저 봅니다.
    threshold : float
        IoU의 문턱값. 0 이상 1 이하입니다.

    Returns
    -------
    ndarray
        남긴 상자의 번호. 점수가 높은 것부터 늘어놓습니다.

    Raises
    ------
    TypeError
        실수가 아닌 값을 받았을 때.
    ValueError
        모양이 다를 때, 값이 유한하지 않을 때, 문턱값이 범위를 벗어날 때.

    Examples
    --------
    >>> boxes = [[0, 0, 10, 10], [1, 0, 11, 10], [20, 20, 30, 30]]
    >>> non_maximum_suppression(boxes, scores=[0.6, 0.9, 0.3]).tolist()
    [1, 2]
    """
    boxes = _boxes("boxes", boxes)
    finite("scores", array("scores", scores, rank=1))
    score = as_array("scores", scores)
    if score.shape != (len(boxes),):
        raise ValueError(f"scores must have one value for each of {len(boxes)} boxes, got {len(score)}")
    if not 0 <= real("threshold", threshold) <= 1:
        raise ValueError(f"threshold must lie in [0, 1], got {threshold}")
    kept = []
    suppressed = np.zeros(len(boxes), dtype=bool)
    for index in len(score) - 1 - np.argsort(score[::-1], kind="stable")[::-1]:  # the first of equals first
        if not suppressed[index]:
            kept.append(index)
            suppressed |= _overlaps(boxes[[index]], boxes)[0] > threshold
    return np.array(kept, dtype=np.intp)


def _overlaps(first: npt.NDArray[Any], second: npt.NDArray[Any]) -> Floats:
    """모든 짝의 IoU를 float64 이상으로. 좌표의 차는 받은 수형에서 내므로 큰 정수도 그대로입니다."""
    if max(np.abs(boxes).max(initial=0) for boxes in (first, second)) > np.finfo(np.float64).max / 4:
        first, second = first / 4, second / 4  # so that no difference overflows
    start = np.maximum(first[:, np.newaxis, :2], second[:, :2])
    end = np.minimum(first[:, np.newaxis, 2:], second[:, 2:])
    wide = np.promote_types(np.float64, end.dtype) if end.dtype.kind == "f" else np.dtype(np.float64)
    sides = (
        np.maximum(end - start, 0),
        (first[:, 2:] - first[:, :2])[:, np.newaxis],
        second[:, 2:] - second[:, :2],
    )
    inner, one, other = (side.astype(wide) for side in sides)
    # Scaling an axis changes no share of areas: with powers of two no area leaves the range of the dtype.
    _, exponent = np.frexp(np.maximum(one, other))
    inner, one, other = (np.prod(np.ldexp(side, -exponent), axis=-1) for side in (inner, one, other))
    union = one + other - inner
    share: Floats = np.divide(inner, union, out=np.zeros_like(union), where=union > 0)
    return share


def _numbers(name: str, value: npt.ArrayLike, *, count: int) -> list[float]:
    numbers = array(name, value, rank=1)
    if len(numbers) != count:
        raise ValueError(f"{name} must hold {count} numbers, got {len(numbers)}")
    return [float(number) for number in finite(name, numbers)]


def _anchor(anchor: npt.ArrayLike) -> list[float]:
    size = _numbers("anchor", anchor, count=2)
    if min(size) <= 0:
        raise ValueError(f"anchor must be positive, got {size}")
    return size


def _boxes(name: str, value: npt.ArrayLike) -> npt.NDArray[Any]:
    """검사한 상자. 차가 float64에서 사라질 큰 정수는 파이썬의 정수로 둡니다."""
    numbers = finite(name, array(name, value, rank=2))
    if numbers.shape[1] != 4:
        raise ValueError(f"{name} must have shape (N, 4), got {numbers.shape}")
    boxes: npt.NDArray[Any] = numbers.astype(np.promote_types(numbers.dtype, np.float64), copy=False)
    given, largest = as_array(name, value), np.abs(boxes).max(initial=0)
    if given.dtype.kind in "iu" and largest >= 2**53:
        boxes = given.astype(object)
    flipped = boxes[(boxes[:, 2:] < boxes[:, :2]).any(axis=1)]
    if len(flipped):
        raise ValueError(f"{name} must have x0 <= x1 and y0 <= y1, got {flipped[0].tolist()}")
    return boxes
