r"""선형 비용 위의 Adam과 AMSGrad: Reddi, Kale, Kumar의 반례.

걸음마다 비용 :math:`f_t(x) = c_t x` 가 바뀌고, 구간 :math:`[-1, 1]` 안에서 그 합을 줄입니다. 기울기
:math:`c_t` 가 :math:`x` 와 무관하므로 두 이동 평균을 먼저 한꺼번에 구할 수 있습니다. 그래서 백만 걸음도 금방
걷습니다.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes._precision import rounded_last
from dlnotes.moving_averages import correction, exponential_average

Array = npt.NDArray[np.floating]


def rare_gradients(steps: int, period: int, rare: float, common: float) -> Array:
    r"""주기마다 한 번 크게, 나머지는 반대쪽으로 작게 오는 기울기.

    걸음의 번호 :math:`t` 를 주기로 나눈 나머지가 1이면 `rare`, 아니면 `common` 입니다.

    Parameters
    ----------
    steps : int
        걸음의 수 :math:`T`. 1 이상입니다.
    period : int
        주기. 2 이상입니다.
    rare, common : float
        드물게 오는 기울기와 흔한 기울기.

    Returns
    -------
    c : ndarray
        기울기 ``(T,)``.

    Raises
    ------
    TypeError
        `steps` 나 `period` 가 정수가 아니거나, 나머지가 실수가 아닐 때.
    ValueError
        인자가 범위를 벗어날 때.

    Examples
    --------
    >>> rare_gradients(5, 3, 4, -1).tolist()
    [4.0, -1.0, -1.0, 4.0, -1.0]
    """
    t = np.arange(1, _checks.count("steps", steps) + 1)
    period = _checks.integer("period", period, least=2)
    rare, common = _checks.real("rare", rare), _checks.real("common", common)
    return np.where(t % period == 1, rare, common)


@rounded_last
def adaptive_steps(
    gradients: npt.ArrayLike,
    lr: npt.ArrayLike,
    *,
    betas: tuple[float, float] = (0.9, 0.999),
    amsgrad: bool = False,
    bias_correction: bool = False,
    eps: float = 0.0,
) -> Array:
    r"""기울기가 정해져 있을 때 Adam 또는 AMSGrad가 옮기려는 거리.

    .. math:: s_t = \alpha_t\, \frac{m_t}{\sqrt{v_t} + \epsilon}

    AMSGrad이면 :math:`v_t` 자리에 :math:`\max(v_1, \dots, v_t)` 를 씁니다. :math:`x` 는 이만큼 줄어듭니다.

    Parameters
    ----------
    gradients : array_like
        기울기 ``(T,)``. 첫 기울기는 0이 아니거나 `eps` 가 0보다 커야 합니다.
    lr : float or array_like
        학습률 :math:`\alpha_t`. 수 하나이거나 ``(T,)`` 배열입니다. 0 이상입니다.
    betas : pair of float
        :math:`(\beta_1, \beta_2)`. 0 이상 1 미만입니다.
    amsgrad : bool
        참이면 AMSGrad입니다.
    bias_correction : bool
        참이면 두 평균의 편향을 보정합니다. 논문의 정의는 보정하지 않습니다.
    eps : float
        분모에 더하는 수 :math:`\epsilon`. 0 이상입니다.

    Returns
    -------
    s : ndarray
        걸음 ``(T,)``.

    Raises
    ------
    TypeError
        인자가 실수가 아닐 때.
    ValueError
        `gradients` 가 1차원이 아니거나, 인자가 범위를 벗어나거나, 0으로 나누게 될 때.

    References
    ----------
    Reddi, S. J., Kale, S. and Kumar, S. (2018). On the convergence of Adam and beyond. ICLR.

    Examples
    --------
    >>> c = rare_gradients(6, 3, 4, -1)
    >>> adaptive_steps(c, 0.1, betas=(0, 0.5)).round(3).tolist()
    [0.141, -0.047, -0.06, 0.131, -0.044, -0.057]
    >>> adaptive_steps(c, 0.1, betas=(0, 0.5), amsgrad=True).round(3).tolist()
    [0.141, -0.035, -0.035, 0.131, -0.033, -0.033]
    """
    c = _checks.array("gradients", gradients, rank=1)
    alpha, epsilon = _rates(lr, c), _checks.nonnegative("eps", eps)
    if not isinstance(betas, (tuple, list)) or len(betas) != 2:
        raise ValueError(f"betas must be a pair (beta1, beta2), got {_checks.shown(betas)}")
    amsgrad = _checks.flag("amsgrad", amsgrad)
    bias_correction = _checks.flag("bias_correction", bias_correction)
    beta1, beta2 = _checks.weight("betas[0]", betas[0]), _checks.weight("betas[1]", betas[1])
    m, v = exponential_average(c, beta1), exponential_average(c**2, beta2)
    if amsgrad:
        v = np.maximum.accumulate(v)
    if bias_correction:
        t = np.arange(1, len(c) + 1)
        m, v = m * correction(beta1, t), v * correction(beta2, t)
    scale = np.sqrt(v) + epsilon
    if np.any(scale == 0):
        first = int(np.argmax(scale == 0)) + 1
        raise ValueError(
            f"eps must be positive when the gradients vanish, got {epsilon} (v is 0 at step {first})"
        )
    return np.asarray(alpha * m / scale)


def constrained_walk(
    steps: npt.ArrayLike, *, start: float = 0.0, bounds: tuple[float, float] = (-1.0, 1.0)
) -> Array:
    r"""구간 안에서 걷습니다. 밖으로 나가면 가장 가까운 끝에 섭니다.

    .. math:: x_t = \min(b, \max(a, x_{t-1} - s_t))

    Parameters
    ----------
    steps : array_like
        걸음 :math:`s_t`, 모양은 ``(T,)``.
    start : float
        처음 자리 :math:`x_0`. 구간 안에 있어야 합니다.
    bounds : pair of float
        구간의 두 끝 :math:`(a, b)`.

    Returns
    -------
    x : ndarray
        자리 :math:`x_1, \dots, x_T`, 모양은 ``(T,)``.

    Raises
    ------
    TypeError
        인자가 실수가 아닐 때.
    ValueError
        `steps` 가 1차원이 아니거나, 구간이 비었거나, `start` 가 구간 밖일 때.

    Notes
    -----
    한 걸음은 옮기고 자르는 함수이고, 그런 함수를 이어 붙여도 :math:`\min(h_t, \max(l_t, x + d_t))` 꼴입니다.
    걸음을 약 :math:`\sqrt T` 개씩 토막 내어 모든 토막의 :math:`d_t, l_t, h_t` 를 한꺼번에 구한 다음, 토막의
    첫 자리만 차례로 잇습니다.

    Examples
    --------
    >>> constrained_walk([-0.75, -0.75, 0.5]).tolist()
    [0.75, 1.0, 0.5]
    """
    moves = _checks.array("steps", steps, rank=1)
    if not isinstance(bounds, (tuple, list)) or len(bounds) != 2:
        raise ValueError(f"bounds must be a pair (lower, upper), got {_checks.shown(bounds)}")
    low, high = _checks.real("bounds[0]", bounds[0]), _checks.real("bounds[1]", bounds[1])
    x = _checks.real("start", start)
    if not low <= x <= high:
        raise ValueError(f"start must lie within bounds {bounds}, got {start}")
    side = math.isqrt(len(moves)) + 1
    blocks = np.zeros((side, side))
    blocks.reshape(-1)[: len(moves)] = moves
    shift = -np.cumsum(blocks, axis=1)
    floor, ceiling = np.empty_like(blocks), np.empty_like(blocks)
    lowest, highest = np.full(side, low), np.full(side, high)
    for j in range(side):
        lowest = floor[:, j] = np.minimum(np.maximum(lowest - blocks[:, j], low), high)
        highest = ceiling[:, j] = np.minimum(np.maximum(highest - blocks[:, j], low), high)
    entrance = np.empty((side, 1))
    for i in range(side):
        entrance[i] = x
        x = min(max(x + shift[i, -1], floor[i, -1]), ceiling[i, -1])
    path = np.minimum(np.maximum(entrance + shift, floor), ceiling)
    return np.asarray(path.reshape(-1)[: len(moves)])


def _rates(lr: npt.ArrayLike, c: Array) -> Array:
    rates = _checks.floats("lr", lr)
    if rates.ndim and rates.shape != c.shape:
        raise ValueError(f"lr must be a number or have shape {c.shape}, got shape {rates.shape}")
    if not np.all((rates >= 0) & (rates.astype(np.float64) <= _checks.LARGEST_REAL)):
        raise ValueError(
            f"lr must be at most {_checks.LARGEST_REAL:g}, finite and non-negative, got {_checks.shown(lr)}"
        )
    return rates
