r"""조각별 선형 함수. ReLU 유닛의 합으로 곡선을 흉내 내고, 그 오차를 잽니다.

은닉층이 하나인 ReLU 신경망에 들어오는 수가 하나이면 출력은 꺾은선입니다. 유닛마다 꺾이는 점(knot)이
하나씩 있습니다.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes._precision import rounded_last
from dlnotes.activations import relu

Array = npt.NDArray[np.floating]
Function = Callable[[Array], npt.ArrayLike]

_SAMPLES = -np.cos(np.linspace(0, np.pi, 33))


@dataclass(frozen=True, eq=False)
class ReluNetwork:
    r"""입력과 출력이 하나씩인 ReLU 신경망. 꺾은선 하나와 같습니다.

    .. math:: y = b + v x + \sum_{j=1}^{k} w_j \operatorname{relu}\!\big(s_j (x - t_j)\big)

    :math:`vx` 는 활성화를 거치지 않고 지나가는 선형 항입니다. :math:`v = 0` 이면 은닉층 하나뿐인
    신경망입니다.

    Attributes
    ----------
    bias : float
        편향 :math:`b`.
    slope : float
        선형 항의 기울기 :math:`v`.
    weights : numpy.ndarray
        유닛에 곱하는 가중치 :math:`w` ``(k,)``.
    knots : numpy.ndarray
        꺾이는 점 :math:`t` ``(k,)``.
    facing : numpy.ndarray
        유닛이 켜지는 쪽 :math:`s` ``(k,)``. 오른쪽이 +1, 왼쪽이 -1입니다.

    Raises
    ------
    TypeError
        실수가 아닌 것이 있을 때.
    ValueError
        `weights`, `knots`, `facing` 의 길이가 다르거나, `facing` 에 +1도 -1도 아닌 수가 있을 때.

    Examples
    --------
    두 유닛으로 절댓값을 만듭니다.

    >>> absolute = ReluNetwork(0, 0, weights=[1, 1], knots=[0, 0], facing=[1, -1])
    >>> absolute([-2, 0, 3]).tolist()
    [2.0, 0.0, 3.0]
    """

    bias: float
    slope: float
    weights: Array
    knots: Array
    facing: Array

    def __post_init__(self) -> None:
        """값을 실수 배열로 바꾸고 길이를 맞추어 봅니다."""
        weights = _checks.array("weights", self.weights, rank=1)
        fields = {
            "bias": _checks.real("bias", self.bias),
            "slope": _checks.real("slope", self.slope),
            "weights": weights,
            "knots": _checks.shaped("knots", self.knots, weights.shape),
            "facing": _signs(self.facing, weights.shape),
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @rounded_last
    def __call__(self, x: npt.ArrayLike) -> Array:
        """`x` 의 성분마다 출력을 냅니다. 모양은 그대로입니다."""
        x = _checks.floats("x", x)
        y: Array = self.bias + self.slope * x + self._lit(x) @ self.weights
        return y

    @rounded_last
    def terms(self, x: npt.ArrayLike) -> Array:
        r"""유닛마다의 항 :math:`w_j \operatorname{relu}(s_j (x - t_j))`. 모양은 ``(..., k)`` 입니다.

        Examples
        --------
        >>> zigzag(2).terms([0.25, 0.75]).tolist()
        [[0.5, -0.0], [1.5, -1.0]]
        """
        return self._lit(_checks.floats("x", x)) * self.weights

    def _lit(self, x: Array) -> Array:
        return relu(self.facing * (x[..., None] - self.knots))


def equispaced_knots(k: int, low: float = -1.0, high: float = 1.0) -> Array:
    r"""구간을 똑같은 :math:`k + 1` 조각으로 나누는 점 :math:`k` 개.

    .. math:: t_j = \text{low} + \frac{j}{k + 1} (\text{high} - \text{low})

    Parameters
    ----------
    k : int
        점의 수. 0이면 빈 배열입니다.
    low, high : float
        구간의 두 끝.

    Returns
    -------
    ndarray
        커지는 차례로 놓인 점 ``(k,)``.

    Raises
    ------
    TypeError
        `k` 가 정수가 아니거나 끝이 실수가 아닐 때.
    ValueError
        `k` 가 0보다 작거나 구간이 비었을 때.

    Examples
    --------
    >>> equispaced_knots(3).tolist()
    [-0.5, 0.0, 0.5]
    """
    k = _checks.count("k", k, least=0)
    low, high = _interval(low, high)
    return low + np.arange(1, k + 1) / (k + 1) * (high - low)


def least_squares(
    f: Function,
    knots: npt.ArrayLike,
    low: float = -1.0,
    high: float = 1.0,
    *,
    linear: bool = True,
    facing: npt.ArrayLike | None = None,
) -> ReluNetwork:
    r"""정해진 점에서 꺾이는 신경망 가운데 제곱 오차의 적분이 가장 작은 것.

    .. math:: \min_{b,\,v,\,w} \int_{\text{low}}^{\text{high}} \big(y(x) - f(x)\big)^2 \, dx

    점을 정하면 출력은 :math:`b, v, w` 의 일차식이므로 최소 제곱 문제입니다. 유닛이 하나도 없으면 직선
    하나를 맞춥니다.

    Parameters
    ----------
    f : callable
        흉내 낼 함수. 배열을 받아 같은 모양의 배열을 돌려줍니다.
    knots : array_like
        꺾이는 점 ``(k,)``. 구간 안에 있어야 합니다.
    low, high : float
        구간의 두 끝.
    linear : bool
        거짓이면 선형 항을 빼고(:math:`v = 0`) ReLU 유닛과 편향만 씁니다.
    facing : array_like, optional
        유닛이 켜지는 쪽 ``(k,)``, +1이나 -1. 없으면 모두 오른쪽(+1)입니다.

    Returns
    -------
    ReluNetwork
        가장 가까운 신경망.

    Raises
    ------
    TypeError
        실수가 아닌 것이 있을 때.
    ValueError
        점이 구간 밖에 있거나, 구간이 비었거나, `f` 가 모양을 바꿀 때.

    Notes
    -----
    적분은 조각마다 점이 8개인 가우스 구적법으로 셉니다. `f` 가 7차 이하의 다항식이면 정확합니다.

    Examples
    --------
    직선으로는 포물선을 상수보다 잘 맞출 수 없습니다.

    >>> line = least_squares(np.square, [])
    >>> round(line.bias, 6), abs(round(line.slope, 6))
    (0.333333, 0.0)
    >>> bent = least_squares(np.square, equispaced_knots(1))
    >>> round(rms_error(np.square, bent) / rms_error(np.square, line), 6)
    0.25
    """
    linear, (low, high) = _checks.flag("linear", linear), _interval(low, high)
    t = _inside("knots", knots, low, high)
    s = _signs(np.ones_like(t) if facing is None else facing, t.shape)
    x, area = _quadrature(t, low, high)
    columns = [np.ones_like(x)[:, None], x[:, None][:, : int(linear)], relu(s * (x[:, None] - t))]
    root = np.sqrt(area)
    solution = np.linalg.lstsq(root[:, None] * np.hstack(columns), root * _values(f, x), rcond=None)[0]
    bias, rest = solution[0], solution[1:]
    slope, w = (rest[0], rest[1:]) if linear else (0.0, rest)
    return ReluNetwork(float(bias), float(slope), w, t, s)


def interpolate(f: Function, knots: npt.ArrayLike, low: float = -1.0, high: float = 1.0) -> ReluNetwork:
    r"""두 끝과 꺾이는 점에서 함숫값을 지나는 꺾은선.

    조각마다의 기울기를 :math:`m_0, \dots, m_k` 라 하면 :math:`v = m_0` 이고 :math:`w_j = m_j - m_{j-1}`
    입니다. 유닛의 가중치는 그 점에서 기울기가 바뀌는 양입니다.

    Parameters
    ----------
    f, knots, low, high
        :func:`least_squares` 와 같습니다. 점은 커지는 차례로, 서로 다르게 놓여야 합니다.

    Returns
    -------
    ReluNetwork
        선형 항이 있는 신경망.

    Raises
    ------
    TypeError
        :func:`least_squares` 와 같습니다.
    ValueError
        :func:`least_squares` 와 같습니다. 점이 커지는 차례가 아니거나 구간의 끝과 겹칠 때에도 냅니다.

    Examples
    --------
    >>> g = interpolate(np.square, [0.0])
    >>> g.slope, g.weights.tolist(), g([-1, 0, 0.5, 1]).tolist()
    (-1.0, [2.0], [1.0, 0.0, 0.5, 1.0])
    """
    low, high = _interval(low, high)
    t = _inside("knots", knots, low, high)
    x = np.concatenate([[low], t, [high]])
    if not (np.diff(x) > 0).all():
        raise ValueError(f"knots must increase strictly between low={low} and high={high}, got {t.tolist()}")
    y = _values(f, x)
    m = np.diff(y) / np.diff(x)
    return ReluNetwork(float(y[0] - m[0] * low), float(m[0]), np.diff(m), t, np.ones_like(t))


def minimax(f: Function, knots: npt.ArrayLike, low: float = -1.0, high: float = 1.0) -> ReluNetwork:
    r"""볼록하거나 오목한 함수에 대해, 정해진 점에서 꺾이는 꺾은선 가운데 최대 오차가 가장 작은 것.

    볼록한 함수의 현은 함수 위에 있습니다. 틈이 가장 큰 값을 :math:`E` 라 하면, 함숫값을 지나는 꺾은선을
    :math:`E/2` 만큼 내린 것이 답이고 최대 오차도 :math:`E/2` 입니다. 오목하면 올립니다.

    Parameters
    ----------
    f, knots, low, high
        :func:`interpolate` 와 같습니다.

    Returns
    -------
    ReluNetwork
        선형 항이 있는 신경망.

    Raises
    ------
    TypeError
        :func:`interpolate` 와 같습니다.
    ValueError
        :func:`interpolate` 와 같습니다. 현과 함수의 틈이 위아래로 모두 날 때에도 냅니다.

    Notes
    -----
    틈은 조각마다 가운데와 두 끝을 넣은 33점에서 잽니다. 이차식이면 정확합니다.

    Examples
    --------
    >>> g = minimax(np.square, [0.0])
    >>> max_error(np.square, g)
    0.125
    """
    g = interpolate(f, knots, low, high)
    gap = _gaps(f, g, low, high)
    if gap.min() < 0 < gap.max() and min(-gap.min(), gap.max()) > 1e-9 * np.ptp(gap):
        raise ValueError(f"f must be convex or concave between low={low} and high={high}")
    shift = (gap.max() + gap.min()) / 2
    return ReluNetwork(float(g.bias + shift), g.slope, g.weights, g.knots, g.facing)


def rms_error(f: Function, g: ReluNetwork, low: float = -1.0, high: float = 1.0) -> float:
    r"""구간 전체에서 잰 제곱 평균 제곱근(RMS) 오차.

    .. math:: \sqrt{\frac{1}{\text{high} - \text{low}} \int_{\text{low}}^{\text{high}} (g(x) - f(x))^2 \, dx}

    Parameters
    ----------
    f : callable
        흉내 낼 함수.
    g : ReluNetwork
        흉내 낸 신경망.
    low, high : float
        구간의 두 끝.

    Returns
    -------
    float
        오차. 적분은 :func:`least_squares` 와 같은 방법으로 셉니다.

    Raises
    ------
    TypeError
        :func:`least_squares` 와 같습니다.
    ValueError
        구간이 비었거나 `f` 가 모양을 바꿀 때.

    Examples
    --------
    >>> line = least_squares(np.square, [])
    >>> round(rms_error(np.square, line), 6), round((4 / 45) ** 0.5, 6)
    (0.298142, 0.298142)
    """
    low, high = _interval(low, high)
    x, area = _quadrature(_checks.instance("g", g, ReluNetwork).knots, low, high)
    return float(np.sqrt(np.sum(area * (g(x) - _values(f, x)) ** 2) / (high - low)))


def max_error(f: Function, g: ReluNetwork, low: float = -1.0, high: float = 1.0) -> float:
    r"""구간에서 가장 큰 오차 :math:`\max |g(x) - f(x)|`.

    Parameters
    ----------
    f, g, low, high
        :func:`rms_error` 와 같습니다.

    Returns
    -------
    float
        조각마다 가운데와 두 끝을 넣은 33점에서 잰 값.

    Raises
    ------
    TypeError
        :func:`rms_error` 와 같습니다.
    ValueError
        :func:`rms_error` 와 같습니다.

    Examples
    --------
    >>> max_error(np.square, interpolate(np.square, [0.0]))
    0.25
    """
    return float(np.abs(_gaps(f, g, low, high)).max())


def refine_knots(
    f: Function,
    knots: npt.ArrayLike,
    low: float = -1.0,
    high: float = 1.0,
    *,
    linear: bool = True,
    facing: npt.ArrayLike | None = None,
    tolerance: float = 1e-6,
) -> ReluNetwork:
    """꺾이는 점까지 옮겨 가며 RMS 오차를 줄입니다.

    점을 하나씩 좌우로 옮겨 보고, 오차가 줄면 옮긴 자리에 둡니다. 더 줄지 않으면 걸음을 절반으로
    줄입니다. 걸음이 `tolerance` 보다 작아지면 멈춥니다. 가까운 골짜기를 찾을 뿐이므로 시작점을 여럿
    주고 견주는 것이 좋습니다.

    Parameters
    ----------
    f, knots, low, high, linear, facing
        :func:`least_squares` 와 같습니다. `knots` 는 시작점입니다.
    tolerance : float
        멈출 걸음의 크기. 구간의 폭에 견준 값이며 0보다 큽니다.

    Returns
    -------
    ReluNetwork
        옮긴 점에서 맞춘 신경망.

    Raises
    ------
    TypeError
        :func:`least_squares` 와 같습니다.
    ValueError
        :func:`least_squares` 와 같습니다. `tolerance` 가 0보다 크지 않을 때에도 냅니다.

    Examples
    --------
    절댓값은 0에서 꺾입니다.

    >>> g = refine_knots(np.abs, [0.3])
    >>> bool(abs(g.knots[0]) < 1e-5)
    True
    """
    low, high = _interval(low, high)
    tolerance = _checks.positive("tolerance", tolerance)
    best = least_squares(f, knots, low, high, linear=linear, facing=facing)
    lowest, step = rms_error(f, best, low, high), 0.1
    while step >= max(tolerance, np.finfo(np.float64).eps):
        before = lowest
        for move in step * (high - low) * np.vstack([np.eye(len(best.knots)), -np.eye(len(best.knots))]):
            moved = np.clip(best.knots + move, low, high)
            trial = least_squares(f, moved, low, high, linear=linear, facing=facing)
            error = rms_error(f, trial, low, high)
            if error < lowest:
                best, lowest = trial, error
        if lowest == before:
            step /= 2
    return best


def zigzag(n: int) -> ReluNetwork:
    r"""0과 1 사이를 :math:`n` 번 오르내리는 꺾은선. ReLU 유닛 :math:`n` 개로 만듭니다.

    .. math:: y = n \operatorname{relu}(x) + 2n \sum_{j=1}^{n-1} (-1)^j \operatorname{relu}(x - j/n)

    :math:`[0, 1]` 을 :math:`[0, 1]` 로 옮기므로 겹쳐 쓸 수 있습니다. 두 번 겹치면 조각이 :math:`n^2`
    개가 됩니다.

    Parameters
    ----------
    n : int
        유닛의 수이자 조각의 수.

    Returns
    -------
    ReluNetwork
        선형 항이 없는 신경망.

    Raises
    ------
    TypeError
        `n` 이 정수가 아닐 때.
    ValueError
        `n` 이 1보다 작을 때.

    Examples
    --------
    >>> zigzag(2)([0, 0.25, 0.5, 0.75, 1]).tolist()
    [0.0, 0.5, 1.0, 0.5, 0.0]
    """
    n = _checks.count("n", n)
    weights = 2.0 * n * (-1.0) ** np.arange(n)
    weights[0] = n
    return ReluNetwork(0.0, 0.0, weights, np.arange(n) / n, np.ones(n))


def directions(k: int, *, first: float = 0.0) -> Array:
    r"""평면에서 원점 둘레로 고르게 벌어진 방향 :math:`k` 개.

    Parameters
    ----------
    k : int
        방향의 수.
    first : float
        첫 방향의 각(라디안).

    Returns
    -------
    ndarray
        길이가 1인 벡터 ``(k, 2)``.

    Raises
    ------
    TypeError
        `k` 가 정수가 아니거나 각이 실수가 아닐 때.
    ValueError
        `k` 가 1보다 작을 때.

    Examples
    --------
    >>> directions(4).round(6).tolist()
    [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [-0.0, -1.0]]
    """
    k = _checks.count("k", k)
    angles = 2 * np.pi * np.arange(k) / k + _checks.real("first", first)
    return np.column_stack([np.cos(angles), np.sin(angles)])


@rounded_last
def directional_sum(points: npt.ArrayLike, directions: npt.ArrayLike) -> Array:
    r"""방향마다 ReLU 유닛을 하나씩 두고 더한 값. 방향이 많아지면 원점에서의 거리에 비례합니다.

    .. math:: \frac{1}{c} \sum_{j} \operatorname{relu}(d_j \cdot p), \qquad
              c = \max\Bigl(1, \sum_j \operatorname{relu}(d_j \cdot d_1)\Bigr)

    고르게 벌어진 방향에서 합은 방향의 수만큼 커지므로, 첫 방향의 점 :math:`d_1` 에서 1이 되도록 나눕니다.

    Parameters
    ----------
    points : array_like
        점 :math:`p`, ``(..., 2)``.
    directions : array_like
        방향 :math:`d`, ``(k, 2)`` (:func:`directions`).

    Returns
    -------
    ndarray
        점마다의 값 ``(...)``.

    Raises
    ------
    TypeError
        실수가 아닌 것이 있을 때.
    ValueError
        점과 방향의 차원이 다르거나 방향이 하나도 없을 때.

    Examples
    --------
    >>> cross = [[1, 0], [0, 1], [-1, 0], [0, -1]]
    >>> directional_sum([[1, 0], [0.5, 0.5], [-3, 0]], cross).tolist()
    [1.0, 1.0, 3.0]
    """
    p, d = _checks.floats("points", points), _checks.array("directions", directions, rank=2)
    if not len(d) or p.ndim == 0 or p.shape[-1] != d.shape[1]:
        raise ValueError(
            f"points must have shape (..., {d.shape[1]}) for directions {d.shape}, got {p.shape}"
        )
    return np.asarray(relu(p @ d.T).sum(axis=-1) / max(1.0, float(relu(d @ d[0]).sum())))


@rounded_last
def count_pieces(x: npt.ArrayLike, y: npt.ArrayLike, *, tolerance: float = 1e-9) -> int:
    """고르게 놓인 점에서 본 꺾은선의 조각 수.

    이웃한 기울기가 달라지는 곳을 셉니다. 꺾이는 점이 눈금 사이에 있으면 두 자리가 잇달아 달라지므로 한
    번으로 셉니다.

    Parameters
    ----------
    x, y : array_like
        점 ``(N,)`` 과 그 값 ``(N,)``. `x` 는 같은 간격으로 커집니다.
    tolerance : float
        기울기의 차가 이보다 크면 꺾인 것으로 봅니다. 0보다 큽니다.

    Returns
    -------
    int
        조각의 수. 꺾인 곳의 수에 1을 더한 것입니다.

    Raises
    ------
    TypeError
        실수 배열이 아닐 때.
    ValueError
        점이 3개보다 적거나, 간격이 고르지 않거나, 두 배열의 길이가 다를 때.

    Notes
    -----
    꺾이는 점 사이가 눈금 세 칸보다 좁으면 하나로 셀 수 있습니다.

    Examples
    --------
    >>> x = np.linspace(-1, 1, 101)
    >>> count_pieces(x, np.abs(x)), count_pieces(x, 2 * x + 1)
    (2, 1)
    """
    x = _checks.array("x", x, rank=1)
    y = _checks.shaped("y", y, x.shape)
    tolerance = _checks.positive("tolerance", tolerance)
    gaps = np.diff(x)
    if len(x) < 3 or not (gaps > 0).all() or not np.allclose(gaps, gaps[0]):
        raise ValueError(f"x must be at least 3 evenly spaced increasing points, got {len(x)} points")
    bends = np.abs(np.diff(np.diff(y) / gaps)) > tolerance
    return 1 + int(bends[0]) + int(np.sum(bends[1:] & ~bends[:-1]))


def _quadrature(knots: Array, low: float, high: float) -> tuple[Array, Array]:
    """조각마다의 가우스 구적법. 점과 그 몫(합은 구간의 폭)입니다."""
    middle, half = _pieces(knots, low, high)
    nodes, weights = np.polynomial.legendre.leggauss(8)
    return (middle + half * nodes).ravel(), (half * weights).ravel()


def _gaps(f: Function, g: ReluNetwork, low: float, high: float) -> Array:
    """조각마다 33점에서 잰 f - g."""
    low, high = _interval(low, high)
    middle, half = _pieces(_checks.instance("g", g, ReluNetwork).knots, low, high)
    x = (middle + half * _SAMPLES).ravel()
    return _values(f, x) - g(x)


def _pieces(knots: Array, low: float, high: float) -> tuple[Array, Array]:
    """조각의 가운데와 반폭. 모양은 둘 다 (조각 수, 1)입니다."""
    inside = knots[(low < knots) & (knots < high)]
    ends = np.concatenate([[low], np.unique(inside), [high]])
    return (ends[1:, None] + ends[:-1, None]) / 2, (ends[1:, None] - ends[:-1, None]) / 2


def _values(f: Function, x: Array) -> Array:
    _checks.function("f", f)
    with _checks.about("f"):
        return _checks.shaped("f(x)", f(x), x.shape)


def _interval(low: float, high: float) -> tuple[float, float]:
    low, high = _checks.real("low", low), _checks.real("high", high)
    if not low < high:
        raise ValueError(f"low must be smaller than high={high}, got low={low}")
    return low, high


def _inside(name: str, value: npt.ArrayLike, low: float, high: float) -> Array:
    points = _checks.array(name, value, rank=1)
    outside = points[~((low <= points) & (points <= high))]
    if outside.size:
        raise ValueError(f"{name} must lie between low={low} and high={high}, got {float(outside[0])}")
    return points


def _signs(value: npt.ArrayLike, shape: tuple[int, ...]) -> Array:
    signs = _checks.shaped("facing", value, shape)
    if not np.isin(signs, (-1, 1)).all():
        raise ValueError(f"facing must hold +1 (right) or -1 (left), got {signs.tolist()}")
    return signs
