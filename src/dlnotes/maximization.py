r"""최대화 편향. 잡음 섞인 추정치의 최댓값은 왜 참값보다 큰지, 고르기와 재기를 나누면 어떻게 되는지."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes._precision import rounded_last

Array = npt.NDArray[np.floating]

_STEP, _REACH = 1 / 64, 38.0  # trapezoid rule; the normal density underflows beyond the reach


def expected_maximum(k: int) -> float:
    r"""서로 독립인 표준정규 변수 `k` 개의 최댓값의 기댓값.

    표준정규의 밀도를 :math:`\varphi`, 분포 함수를 :math:`\Phi` 라고 하면

    .. math:: E_\text{max}(k) = \int_{-\infty}^{\infty} x\, k\, \varphi(x)\, \Phi(x)^{k-1}\, dx
              = \int_0^{\infty} x\, k\, \varphi(x)\, [\Phi(x)^{k-1} - (1 - \Phi(x))^{k-1}]\, dx

    입니다. 둘째 적분을 사다리꼴 공식으로 셉니다. 피적분 함수가 매끄러운 짝함수이고 빨리 0으로 가므로 오차는
    반올림 오차만큼 작습니다.

    Parameters
    ----------
    k : int
        변수의 수.

    Returns
    -------
    float
        기댓값. `k` 가 1이면 0입니다.

    Raises
    ------
    TypeError
        `k` 가 정수가 아닐 때.
    ValueError
        `k` 가 1보다 작을 때.

    Examples
    --------
    >>> [round(expected_maximum(k), 6) for k in (1, 2, 10)]
    [0.0, 0.56419, 1.538753]
    """
    k = _checks.integer("k", k, least=1)
    x = np.arange(_STEP, _REACH, _STEP)
    tail = _upper_tail(x)
    below = np.exp((k - 1) * np.log1p(-tail)) - tail ** (k - 1)
    return float(_STEP * k * np.sum(x * _density(x) * below))


def single_estimate(means: npt.ArrayLike) -> Array:
    r"""하나로 고르고 재기. 추정치 가운데 가장 큰 것을 그대로 값으로 씁니다.

    .. math:: \max_a \hat\mu(a)

    Parameters
    ----------
    means : array_like
        행동마다의 추정치 :math:`\hat\mu`, ``(..., A)``.

    Returns
    -------
    ndarray
        최댓값의 추정, ``(...)``.

    Raises
    ------
    TypeError
        추정치가 실수가 아닐 때.
    ValueError
        행동이 하나도 없을 때.

    Examples
    --------
    >>> single_estimate([[0.3, -0.1], [0.0, 0.2]]).tolist()
    [0.3, 0.2]
    """
    return np.asarray(_estimates("means", means).max(axis=-1))


def double_estimate(select: npt.ArrayLike, evaluate: npt.ArrayLike) -> Array:
    r"""둘로 나누어 고르고 재기. 한 추정치로 행동을 고르고, 따로 얻은 추정치에서 그 행동의 값을 읽습니다.

    .. math:: \hat\mu_2(a^*), \qquad a^* = \arg\max_a \hat\mu_1(a)

    Parameters
    ----------
    select : array_like
        행동을 고르는 추정치 :math:`\hat\mu_1`, ``(..., A)``. 같은 값이 여럿이면 번호가 작은 행동을 고릅니다.
    evaluate : array_like
        값을 읽는 추정치 :math:`\hat\mu_2`, ``(..., A)``.

    Returns
    -------
    ndarray
        최댓값의 추정, ``(...)``.

    Raises
    ------
    TypeError
        추정치가 실수가 아닐 때.
    ValueError
        두 모양이 다르거나 행동이 하나도 없을 때.

    Examples
    --------
    >>> double_estimate([0.3, -0.1], [0.05, 0.4]).tolist()
    0.05
    """
    first, second = _estimates("select", select), _estimates("evaluate", evaluate)
    if first.shape != second.shape:
        raise ValueError(f"evaluate must have shape {first.shape} as select, got {second.shape}")
    chosen = first.argmax(axis=-1)[..., None]
    return np.take_along_axis(second, chosen, axis=-1)[..., 0]


def sample_estimates(
    means: npt.ArrayLike, samples: int, trials: int, rng: np.random.Generator, *, std: float = 1.0
) -> tuple[Array, Array]:
    r"""행동마다 보상을 여러 번 받아 낸 표본 평균 두 벌.

    행동 :math:`a` 의 보상은 정규분포이고 참값은 :math:`\mu(a)` 입니다. 한 벌은 행동마다 보상 `samples` 개의
    평균이고, 두 벌은 서로 독립입니다.

    Parameters
    ----------
    means : array_like
        행동의 참값 :math:`\mu`, ``(A,)``.
    samples : int
        한 벌에서 행동마다 받는 보상의 수.
    trials : int
        되풀이하는 횟수.
    rng : numpy.random.Generator
        난수 생성기.
    std : float
        보상의 표준편차.

    Returns
    -------
    first, second : ndarray
        표본 평균, ``(trials, A)`` 둘.

    Raises
    ------
    TypeError
        정수, 실수, 난수 생성기가 아닌 인자가 있을 때.
    ValueError
        `samples`, `trials` 가 1보다 작거나, `std` 가 양수가 아니거나, 행동이 하나도 없을 때.

    Notes
    -----
    정규 보상 :math:`n` 개의 평균은 표준편차가 :math:`\sigma/\sqrt n` 인 정규분포이므로, 평균을 바로 뽑습니다.

    Examples
    --------
    >>> first, second = sample_estimates([0.0, 0.0], 10, 5, np.random.default_rng(0))
    >>> first.shape, second.shape
    ((5, 2), (5, 2))
    """
    mu = _checks.array("means", _estimates("means", means), rank=1)
    samples = _checks.integer("samples", samples, least=1)
    trials = _checks.count("trials", trials)
    _checks.room(means=2 * len(mu), trials=trials)
    sigma = _checks.positive("std", std) / math.sqrt(samples)
    rng = _checks.generator("rng", rng)
    noise = rng.standard_normal((2, trials, len(mu)))
    return mu + sigma * noise[0], mu + sigma * noise[1]


@rounded_last
def expected_estimates(means: npt.ArrayLike, std: float) -> tuple[float, float]:
    r"""추정치가 독립인 정규분포일 때 두 추정의 기댓값.

    행동 :math:`a` 의 추정치가 참값 :math:`\mu(a)` 둘레에 표준편차 :math:`\sigma` 로 흩어지면, 그것이 가장
    클 확률은

    .. math:: p(a) = \int \frac{1}{\sigma}\varphi\!\left(\frac{x-\mu(a)}{\sigma}\right)
              \prod_{b \ne a} \Phi\!\left(\frac{x-\mu(b)}{\sigma}\right) dx

    입니다. 둘로 나눈 추정의 기댓값은 :math:`\sum_a p(a)\,\mu(a)` 이고, 하나로 하는 추정의 기댓값은 같은
    적분에 :math:`x` 를 곱해 더한 것입니다.

    Parameters
    ----------
    means : array_like
        행동의 참값 :math:`\mu`, ``(A,)``.
    std : float
        추정치의 표준편차 :math:`\sigma`.

    Returns
    -------
    single, double : float
        하나로 하는 추정과 둘로 나눈 추정의 기댓값.

    Raises
    ------
    TypeError
        참값이나 표준편차가 실수가 아닐 때.
    ValueError
        `means` 가 1차원이 아니거나 비었을 때, `std` 가 양수가 아닐 때.

    Examples
    --------
    참값이 모두 0인 행동 열 개.

    >>> [round(value, 6) for value in expected_estimates([0.0] * 10, 1.0)]
    [1.538753, 0.0]
    """
    mu = _checks.finite("means", _checks.array("means", _estimates("means", means), rank=1))
    sigma = _checks.positive("std", std)
    low, high = mu.min() / sigma - _REACH, mu.max() / sigma + _REACH
    low = max(low, high - 4 * _REACH)  # the largest is never further below the best action
    x = np.arange(low, high, _STEP)
    z = x - mu[:, None] / sigma
    distribution = _upper_tail(-z)
    others = np.stack([np.delete(distribution, a, axis=0).prod(axis=0) for a in range(len(mu))])
    first = _STEP * _density(z) * others
    return float(sigma * np.sum(x * first)), float(np.sum(first, axis=1) @ mu)


def q_learning_limit(actions: int, mean: float, std: float, alpha: float) -> float:
    r"""보상이 정규분포인 행동들을 고르게 해 볼 때, 큐 학습이 추정한 상태 가치의 극한.

    끝나기 직전의 상태에서 :math:`Q \leftarrow Q + \alpha(r - Q)` 를 오래 되풀이하면 행동마다의 추정치는
    평균이 :math:`\mu` 이고 분산이 :math:`\sigma^2\alpha/(2-\alpha)` 인 정규분포가 됩니다. 그 최댓값의
    기댓값은

    .. math:: \mu + E_\text{max}(k)\,\sigma\sqrt{\frac{\alpha}{2-\alpha}}

    입니다.

    Parameters
    ----------
    actions : int
        행동의 수 :math:`k`.
    mean, std : float
        보상의 평균 :math:`\mu` 와 표준편차 :math:`\sigma`.
    alpha : float
        학습률 :math:`\alpha`, 0 초과 1 이하.

    Returns
    -------
    float
        추정된 상태 가치의 극한.

    Raises
    ------
    TypeError
        `actions` 가 정수가 아니거나 나머지가 실수가 아닐 때.
    ValueError
        `actions` 가 1보다 작거나, `std` 가 음수이거나, `alpha` 가 범위를 벗어날 때.

    Examples
    --------
    >>> round(q_learning_limit(10, -0.1, 1.0, alpha=0.1), 6)
    0.253014
    """
    mean, std = _checks.real("mean", mean), _checks.nonnegative("std", std)
    actions = _checks.integer("actions", actions, least=1)
    alpha = _checks.fraction("alpha", _checks.positive("alpha", alpha))
    return mean + expected_maximum(actions) * std * math.sqrt(alpha / (2 - alpha))


@rounded_last
def mean_with_interval(values: npt.ArrayLike, *, axis: int = -1) -> tuple[Array, Array]:
    r"""되풀이한 값의 평균과, 평균의 95% 구간의 절반.

    .. math:: \bar x \pm 1.96\,\frac{s}{\sqrt N}

    Parameters
    ----------
    values : array_like
        값. 축 `axis` 를 따라 서로 독립인 값이 둘 이상 있습니다.
    axis : int
        되풀이한 축.

    Returns
    -------
    mean, half : ndarray
        평균과 구간의 절반. 그 축이 없어집니다.

    Raises
    ------
    TypeError
        값이 실수가 아닐 때.
    ValueError
        값이 둘보다 적을 때.

    Examples
    --------
    >>> mean, half = mean_with_interval([1.0, 2.0, 3.0, 4.0])
    >>> float(mean), round(float(half), 6)
    (2.5, 1.265175)
    """
    x = _checks.floats("values", values)
    axis = _checks.integer("axis", axis, least=-max(1, x.ndim), most=max(1, x.ndim) - 1)
    count = x.shape[axis] if x.ndim else 0
    if count < 2:
        raise ValueError(f"values must have at least two along axis {axis}, got shape {x.shape}")
    return np.asarray(x.mean(axis=axis)), np.asarray(1.96 * x.std(axis=axis, ddof=1) / math.sqrt(count))


def greedy_sampling(trials: int, rng: np.random.Generator) -> Array:
    r"""탐욕스러운 표본추출의 편향. 두 팔을 한 번씩 당기고, 나아 보이는 팔만 한 번 더 당깁니다.

    두 팔의 보상은 모두 표준정규분포입니다. 나아 보인 팔의 추정치는 보상 둘의 평균이 되고, 다른 팔의 추정치는
    처음 보상에 머뭅니다. 운이 좋았던 팔은 다시 재어 바로잡히지만 운이 나빴던 팔은 그대로이므로, 추정치는
    평균적으로 참값 0보다 작습니다.

    .. math:: \frac12\left(\frac{1}{2\sqrt\pi} - \frac{1}{\sqrt\pi}\right) = -\frac{1}{4\sqrt\pi}

    Parameters
    ----------
    trials : int
        되풀이하는 횟수.
    rng : numpy.random.Generator
        난수 생성기.

    Returns
    -------
    ndarray
        세 번 당긴 뒤 두 팔의 추정치, ``(trials, 2)``.

    Raises
    ------
    TypeError
        `trials` 가 정수가 아니거나 `rng` 가 난수 생성기가 아닐 때.
    ValueError
        `trials` 가 1보다 작을 때.

    Examples
    --------
    >>> estimates = greedy_sampling(100_000, np.random.default_rng(0))
    >>> bool(abs(estimates.mean() + 1 / (4 * math.sqrt(math.pi))) < 0.01)
    True
    """
    trials = _checks.count("trials", trials)
    pulls = _checks.generator("rng", rng).standard_normal((trials, 3))
    estimates, third = pulls[:, :2].copy(), pulls[:, 2]
    trial, better = np.arange(trials), estimates.argmax(axis=1)
    estimates[trial, better] = (estimates[trial, better] + third) / 2
    return estimates


def stop_when_good(trials: int, rng: np.random.Generator) -> Array:
    r"""좋으면 멈추는 표본추출의 편향. 한 번 뽑아 0보다 크면 멈추고, 아니면 한 번 더 뽑아 평균합니다.

    보상은 표준정규분포입니다. 운이 좋았던 첫 표본은 그대로 남고 운이 나빴던 것만 다시 뽑아 바로잡으므로,
    :func:`greedy_sampling` 과 반대로 추정치가 평균적으로 참값 0보다 큽니다.

    .. math:: \frac{1}{\sqrt{2\pi}} - \frac12\cdot\frac{1}{\sqrt{2\pi}} = \frac{1}{2\sqrt{2\pi}}

    Parameters
    ----------
    trials : int
        되풀이하는 횟수.
    rng : numpy.random.Generator
        난수 생성기.

    Returns
    -------
    ndarray
        추정치 ``(trials,)``.

    Raises
    ------
    TypeError
        `trials` 가 정수가 아니거나 `rng` 가 난수 생성기가 아닐 때.
    ValueError
        `trials` 가 1보다 작을 때.

    Examples
    --------
    >>> estimates = stop_when_good(100_000, np.random.default_rng(0))
    >>> bool(abs(estimates.mean() - 1 / (2 * math.sqrt(2 * math.pi))) < 0.01)
    True
    """
    trials = _checks.count("trials", trials)
    first, second = _checks.generator("rng", rng).standard_normal((2, trials))
    return np.asarray(np.where(first > 0, first, (first + second) / 2))


def _estimates(name: str, value: npt.ArrayLike) -> Array:
    result = _checks.floats(name, value)
    if result.ndim == 0 or result.shape[-1] == 0:
        raise ValueError(f"{name} must have at least one action on its last axis, got shape {result.shape}")
    return result


def _density(x: Array) -> Array:
    return np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)


def _upper_tail(x: Array) -> Array:
    r"""표준정규 변수가 `x` 보다 클 확률 :math:`1 - \Phi(x)`."""
    flat = [math.erfc(value / math.sqrt(2)) / 2 for value in x.ravel().tolist()]
    return np.array(flat).reshape(x.shape)
