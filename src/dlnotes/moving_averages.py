r"""지수 이동 평균과 Adam의 걸음: 창, 반감기, 편향 보정, 걸음 크기의 한계.

지수 이동 평균(exponential moving average)은 새 값을 :math:`1-\beta` 만큼 섞고 지난 평균을 :math:`\beta` 만큼
남깁니다.

이 모듈은 :math:`\beta` 하나가 정하는 것과, Adam에서 두 :math:`\beta` 가 함께 정하는 것을 셈합니다.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes._precision import rounded_last

Array = npt.NDArray[np.floating]

CHUNK = 64
"""한 번의 행렬 곱으로 함께 계산하는 걸음의 수."""


@rounded_last
def exponential_average(values: npt.ArrayLike, beta: float, *, initial: npt.ArrayLike = 0.0) -> Array:
    r"""지수 이동 평균. 편향을 보정하지 않습니다.

    .. math:: m_t = \beta m_{t-1} + (1-\beta) g_t

    Parameters
    ----------
    values : array_like
        차례로 들어온 값 :math:`g_1, \dots, g_T`, 모양은 ``(T,)`` 또는 ``(T, ...)``.
    beta : float
        지난 평균을 남기는 비율 :math:`\beta`. 0 이상 1 미만입니다.
    initial : float or array_like
        처음의 평균 :math:`m_0`. ``(...)`` 로 브로드캐스트됩니다.

    Returns
    -------
    m : ndarray
        평균 :math:`m_1, \dots, m_T`, 모양은 `values` 와 같습니다.

    Raises
    ------
    TypeError
        인자가 실수가 아닐 때.
    ValueError
        `values` 에 축이 없거나, `beta` 가 범위를 벗어나거나, `initial` 이 브로드캐스트되지 않을 때.

    Notes
    -----
    걸음을 64개씩 묶습니다. 묶음 안의 평균은 하삼각 행렬을 곱해 한꺼번에 얻고, 앞 묶음에서 넘어오는 몫만
    차례로 더합니다.

    Examples
    --------
    >>> exponential_average([1.0, 1.0, -1.0], 0.5).tolist()
    [0.5, 0.75, -0.125]
    """
    g = _checks.floats("values", values)
    beta = _checks.weight("beta", beta)
    if g.ndim == 0:
        raise ValueError(f"values must have at least one axis (time), got {g!r}")
    start = _initial(initial, g)
    steps, width = len(g), math.prod(g.shape[1:])
    chunks = -(-steps // CHUNK)
    padded = np.zeros((chunks * CHUNK, width), g.dtype)
    padded[:steps] = g.reshape(steps, width)
    age = np.subtract.outer(np.arange(CHUNK), np.arange(CHUNK))
    inside = np.where(age >= 0, (1 - beta) * beta ** np.maximum(age, 0), 0).astype(g.dtype)
    m = inside @ padded.reshape(chunks, CHUNK, width)
    fading = (beta ** np.arange(1, CHUNK + 1)).astype(g.dtype)
    carried = np.empty((chunks, width), g.dtype)
    last = start.reshape(width)
    for i in range(chunks):
        carried[i] = last
        last = m[i, -1] + fading[-1] * last
    m += fading[:, np.newaxis] * carried[:, np.newaxis]
    return m.reshape(chunks * CHUNK, width)[:steps].reshape(g.shape)


def window(beta: float) -> float:
    r"""이동 평균의 창, :math:`1/(1-\beta)`. 어림해서 이만큼의 지난 값을 고르게 평균한 셈입니다.

    Parameters
    ----------
    beta : float
        지난 평균을 남기는 비율. 0 이상 1 미만입니다.

    Returns
    -------
    float
        걸음의 수.

    Raises
    ------
    TypeError
        `beta` 가 실수가 아닐 때.
    ValueError
        `beta` 가 범위를 벗어날 때.

    Examples
    --------
    >>> round(window(0.9), 9), round(window(0.999), 9)
    (10.0, 1000.0)
    """
    return 1 / (1 - _checks.weight("beta", beta))


def half_life(beta: float) -> float:
    r"""이동 평균의 반감기, :math:`\log\frac12/\log\beta`. 지난 값의 몫이 반으로 주는 데 걸리는 걸음입니다.

    Parameters
    ----------
    beta : float
        지난 평균을 남기는 비율. 0 이상 1 미만입니다.

    Returns
    -------
    float
        걸음의 수. `beta` 가 0이면 0입니다.

    Raises
    ------
    TypeError
        `beta` 가 실수가 아닐 때.
    ValueError
        `beta` 가 범위를 벗어날 때.

    Examples
    --------
    >>> round(half_life(0.5), 9), round(half_life(0.9), 2)
    (1.0, 6.58)
    """
    beta = _checks.weight("beta", beta)
    return math.log(0.5) / math.log(beta) if beta else 0.0


def recent_weight(beta: float, n: npt.ArrayLike) -> Array:
    r"""마지막 :math:`n` 걸음이 이동 평균에서 차지하는 몫.

    .. math:: \sum_{k=0}^{n-1} (1-\beta)\beta^k = 1 - \beta^n

    Parameters
    ----------
    beta : float
        지난 평균을 남기는 비율. 0 이상 1 미만입니다.
    n : array_like
        걸음의 수. 0 이상입니다. 정수가 아니어도 됩니다.

    Returns
    -------
    ndarray
        0에서 1까지의 몫. `n` 과 모양이 같습니다.

    Raises
    ------
    TypeError
        인자가 실수가 아닐 때.
    ValueError
        인자가 범위를 벗어날 때.

    Examples
    --------
    >>> recent_weight(0.5, [0, 1, 2]).tolist()
    [0.0, 0.5, 0.75]
    """
    return np.asarray(1 - _checks.weight("beta", beta) ** _times("n", n, least=0))


def correction(beta: float, t: npt.ArrayLike) -> Array:
    r"""편향 보정 계수 :math:`1/(1-\beta^t)`.

    0에서 시작한 이동 평균은 :math:`t` 걸음 뒤에 가중치의 합이 :math:`1-\beta^t` 뿐이므로, 이 수를 곱해 합을
    1로 되돌립니다.

    Parameters
    ----------
    beta : float
        지난 평균을 남기는 비율. 0 이상 1 미만입니다.
    t : array_like
        걸음의 번호. 1 이상입니다.

    Returns
    -------
    ndarray
        곱할 수. `t` 와 모양이 같습니다.

    Raises
    ------
    TypeError
        인자가 실수가 아닐 때.
    ValueError
        인자가 범위를 벗어날 때.

    Examples
    --------
    >>> correction(0.5, [1, 2]).round(6).tolist()
    [2.0, 1.333333]
    """
    return np.asarray(1 / (1 - _checks.weight("beta", beta) ** _times("t", t, least=1)))


def uncorrected_step(beta1: float, beta2: float, t: npt.ArrayLike) -> Array:
    r"""편향을 보정하지 않은 Adam의 걸음. 기울기가 한결같을 때의 값이고, 단위는 학습률 :math:`\alpha` 입니다.

    .. math:: \frac{m_t}{\sqrt{v_t}} = \frac{1-\beta_1^t}{\sqrt{1-\beta_2^t}}

    보정한 걸음은 언제나 1입니다.

    Parameters
    ----------
    beta1, beta2 : float
        두 이동 평균을 남기는 비율. 0 이상 1 미만입니다.
    t : array_like
        걸음의 번호. 1 이상입니다.

    Returns
    -------
    ndarray
        걸음의 크기. `t` 와 모양이 같습니다.

    Raises
    ------
    TypeError
        인자가 실수가 아닐 때.
    ValueError
        인자가 범위를 벗어날 때.

    Examples
    --------
    >>> uncorrected_step(0.9, 0.999, [1, 12, 10_000]).round(3).tolist()
    [3.162, 6.569, 1.0]
    """
    beta1, beta2 = _checks.weight("beta1", beta1), _checks.weight("beta2", beta2)
    t = _times("t", t, least=1)
    return np.asarray((1 - beta1**t) / np.sqrt(1 - beta2**t))


def spike_response(beta1: float, beta2: float, t: npt.ArrayLike, *, eps: float = 0.0) -> Array:
    r"""기울기가 첫 걸음에만 1이고 그 뒤로 0일 때 :math:`t` 번째 Adam 걸음.

    편향을 보정한 값이고, 단위는 학습률 :math:`\alpha` 입니다.

    .. math::

        m_t = (1-\beta_1)\beta_1^{t-1}, \qquad v_t = (1-\beta_2)\beta_2^{t-1}, \qquad
        \frac{m_t/(1-\beta_1^t)}{\sqrt{v_t/(1-\beta_2^t)} + \epsilon}

    :math:`m` 은 걸음마다 :math:`\beta_1` 배, :math:`\sqrt v` 는 :math:`\sqrt{\beta_2}` 배가 되므로,
    :math:`\beta_1<\sqrt{\beta_2}` 일 때만 줄어듭니다.

    Parameters
    ----------
    beta1, beta2 : float
        두 이동 평균을 남기는 비율. 0 이상 1 미만입니다. `eps` 가 0이면 `beta2` 는 0이 아니어야 합니다.
    t : array_like
        걸음의 번호. 1 이상입니다.
    eps : float
        분모에 더하는 수 :math:`\epsilon`. 0 이상입니다.

    Returns
    -------
    ndarray
        걸음의 크기. `t` 와 모양이 같습니다.

    Raises
    ------
    TypeError
        인자가 실수가 아닐 때.
    ValueError
        인자가 범위를 벗어날 때.

    Examples
    --------
    >>> spike_response(0.9, 0.999, [1, 10, 50]).round(4).tolist()
    [1.0, 0.1885, 0.0041]
    """
    beta1, beta2 = _checks.weight("beta1", beta1), _checks.weight("beta2", beta2)
    t, eps = _times("t", t, least=1), _checks.real("eps", eps)
    if eps < 0 or (eps == 0 and beta2 == 0):
        raise ValueError(f"eps must be non-negative, and positive if beta2 is 0, got {eps}")
    m_hat = (1 - beta1) * beta1 ** (t - 1) / (1 - beta1**t)
    root_v_hat = np.sqrt((1 - beta2) / (1 - beta2**t)) * math.sqrt(beta2) ** (t - 1)
    if eps or np.all(root_v_hat > 0):
        return np.asarray(m_hat / (root_v_hat + eps))
    fading = (beta1 / math.sqrt(beta2)) ** (t - 1)  # the ratio where both have vanished
    first = (1 - beta1) / (1 - beta1**t) / np.sqrt((1 - beta2) / (1 - beta2**t))
    return np.asarray(first * fading)


def step_bound(beta1: float, beta2: float, t: npt.ArrayLike = math.inf) -> Array:
    r"""Adam의 :math:`t` 번째 걸음이 가장 클 때의 크기.

    단위는 학습률 :math:`\alpha` 이고 :math:`\epsilon=0` 입니다. 코시-슈바르츠 부등식에서 나옵니다.
    :math:`\rho=\beta_1^2/\beta_2` 라 하면

    .. math::

        \frac{|\hat m_t|}{\sqrt{\hat v_t}} \le
        \frac{1-\beta_1}{\sqrt{1-\beta_2}}\,\sqrt{\sum_{k=0}^{t-1}\rho^k}\;
        \frac{\sqrt{1-\beta_2^t}}{1-\beta_1^t}

    이고, :func:`worst_gradients` 가 등호를 이룹니다. :math:`t\to\infty` 이면 마지막 분수는 1이 되고 합은
    :math:`\rho<1` 일 때만 유한합니다. 곧 :math:`\beta_1<\sqrt{\beta_2}` 가 경계입니다.

    Parameters
    ----------
    beta1 : float
        0 이상 1 미만입니다.
    beta2 : float
        0보다 크고 1보다 작습니다.
    t : array_like
        걸음의 번호. 1 이상이고, 무한대를 주면 극한입니다.

    Returns
    -------
    ndarray
        한계. 무한대일 수 있습니다. `t` 와 모양이 같습니다.

    Raises
    ------
    TypeError
        인자가 실수가 아닐 때.
    ValueError
        인자가 범위를 벗어날 때.

    Examples
    --------
    >>> step_bound(0.9, 0.999, [1, 10, 100]).round(3).tolist()
    [1.0, 1.043, 2.243]
    >>> round(float(step_bound(0.9, 0.999)), 2), float(step_bound(0.9, 0.7))
    (7.27, inf)
    """
    beta1, beta2 = _checks.weight("beta1", beta1), _positive_beta("beta2", beta2)
    t = _times("t", t, least=1, infinite=True)
    rho = beta1**2 / beta2
    with np.errstate(over="ignore"):
        total = t if rho == 1 else (1 - rho**t) / (1 - rho)
    unbiased = np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return np.asarray((1 - beta1) / math.sqrt(1 - beta2) * np.sqrt(total) * unbiased)


def worst_gradients(beta1: float, beta2: float, steps: int) -> Array:
    r"""마지막 걸음을 :func:`step_bound` 만큼 키우는 기울기.

    코시-슈바르츠 부등식의 등호를 이루려면 :math:`k` 걸음 전의 기울기가 :math:`(\beta_1/\beta_2)^k` 에
    비례해야 합니다.

    Parameters
    ----------
    beta1 : float
        0 이상 1 미만입니다.
    beta2 : float
        0보다 크고 1보다 작습니다.
    steps : int
        걸음의 수 :math:`T`. 1 이상입니다.

    Returns
    -------
    g : ndarray
        기울기 ``(T,)``. 가장 큰 것이 1입니다.

    Raises
    ------
    TypeError
        `steps` 가 정수가 아니거나, 나머지가 실수가 아닐 때.
    ValueError
        인자가 범위를 벗어날 때.

    Examples
    --------
    >>> worst_gradients(0.25, 0.5, 3).tolist(), worst_gradients(0.5, 0.25, 3).tolist()
    ([0.25, 0.5, 1.0], [1.0, 0.5, 0.25])
    """
    ratio = _checks.weight("beta1", beta1) / _positive_beta("beta2", beta2)
    age = np.arange(_checks.count("steps", steps))[::-1]
    return np.asarray(ratio**age if ratio <= 1 else ratio ** (age - age[0]))


def _positive_beta(name: str, value: float) -> float:
    number = _checks.real(name, value)
    if not 0 < number < 1:
        raise ValueError(f"{name} must be between 0 and 1 (both excluded), got {number}")
    return number


def _times(name: str, value: npt.ArrayLike, *, least: int, infinite: bool = False) -> Array:
    times = _checks.floats(name, value).astype(np.float64, copy=False)
    if not np.all(times >= least) or (not infinite and np.any(np.isinf(times))):
        raise ValueError(
            f"{name} must be at least {least}{'' if infinite else ' and finite'}, got {_checks.shown(value)}"
        )
    return times


def _initial(initial: npt.ArrayLike, g: Array) -> Array:
    start = _checks.floats("initial", initial)
    try:
        return np.broadcast_to(start, g.shape[1:]).astype(g.dtype)
    except ValueError:
        raise ValueError(f"initial must broadcast to shape {g.shape[1:]}, got shape {start.shape}") from None
