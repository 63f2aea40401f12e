r"""경사 하강법의 갱신 규칙: 확률적 경사 하강법, 모멘텀, RMSProp, Adam, AMSGrad.

규칙마다 함수 하나입니다. 지금의 값 :math:`x`, 기울기 :math:`g`, 앞 걸음의 상태를 받아 새 값과 새 상태를
돌려줍니다. 받은 것은 고치지 않습니다. 첫 걸음에는 상태 자리에 ``None`` 을 줍니다. 하이퍼파라미터의 뜻은
PyTorch와 같습니다.

모든 규칙은 칸마다 따로 움직이므로 `x` 의 모양은 아무래도 좋습니다. 학습률과 가중치는 `x` 로 브로드캐스트되는
배열이어도 됩니다. 설정이 다른 여러 실험을 한 배열에 쌓아 한꺼번에 돌릴 때 씁니다.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes._precision import working

Array = npt.NDArray[np.floating]
Number = float | Array
State = TypeVar("State")

BLOCK = 65_536
"""한 번에 고칠 칸의 수. 다섯 배열의 이만큼이 캐시에 들어가 오가는 시간을 아낍니다."""


@dataclass(frozen=True, eq=False)
class MomentumState:
    """:func:`momentum` 의 상태.

    Attributes
    ----------
    step : int
        지금까지 걸은 걸음의 수.
    first : ndarray
        기울기를 쌓은 속도. `x` 와 모양이 같습니다.
    """

    step: int
    first: Array


@dataclass(frozen=True, eq=False)
class RMSPropState:
    """:func:`rmsprop` 의 상태.

    Attributes
    ----------
    step : int
        지금까지 걸은 걸음의 수.
    second : ndarray
        기울기 제곱의 지수 이동 평균. `x` 와 모양이 같습니다.
    """

    step: int
    second: Array


@dataclass(frozen=True, eq=False)
class AdamState:
    """:func:`adam` 의 상태. 편향을 보정하기 전의 값입니다.

    Attributes
    ----------
    step : int
        지금까지 걸은 걸음의 수.
    first : ndarray
        기울기의 지수 이동 평균 :math:`m`. `x` 와 모양이 같습니다.
    second : ndarray
        기울기 제곱의 지수 이동 평균 :math:`v`. `x` 와 모양이 같습니다.
    """

    step: int
    first: Array
    second: Array


@dataclass(frozen=True, eq=False)
class AMSGradState:
    """:func:`amsgrad` 의 상태. 편향을 보정하기 전의 값입니다.

    Attributes
    ----------
    step : int
        지금까지 걸은 걸음의 수.
    first : ndarray
        기울기의 지수 이동 평균 :math:`m`. `x` 와 모양이 같습니다.
    second : ndarray
        기울기 제곱의 지수 이동 평균 :math:`v`. `x` 와 모양이 같습니다.
    largest : ndarray
        지금까지 나온 가장 큰 :math:`v`. `x` 와 모양이 같습니다.
    """

    step: int
    first: Array
    second: Array
    largest: Array


@dataclass(frozen=True, eq=False)
class AdamSums:
    r""":func:`adam_in_place` 의 상태. 두 평균에 :math:`1-\beta` 를 아직 곱하지 않은 합입니다.

    Attributes
    ----------
    step : int
        지금까지 걸은 걸음의 수.
    first : ndarray
        잊으며 더한 기울기 :math:`p = m/(1-\beta_1)`. `x` 와 모양이 같습니다.
    second : ndarray
        잊으며 더한 기울기 제곱 :math:`q = v/(1-\beta_2)`. `x` 와 모양이 같습니다.
    """

    step: int
    first: Array
    second: Array


def sgd(x: npt.ArrayLike, grad: npt.ArrayLike, *, lr: npt.ArrayLike) -> Array:
    r"""확률적 경사 하강법(SGD)의 한 걸음. 기울기의 반대쪽으로 갑니다.

    .. math:: x \leftarrow x - \alpha g

    Parameters
    ----------
    x : array_like
        지금의 값. 모양은 아무래도 좋습니다.
    grad : array_like
        `x` 에서 잰 기울기 :math:`g`. `x` 와 모양이 같습니다.
    lr : float or array_like
        학습률 :math:`\alpha`. 0 이상입니다. 배열이면 `x` 로 브로드캐스트됩니다.

    Returns
    -------
    x : ndarray
        새 값. `x` 의 dtype을 지킵니다.

    Raises
    ------
    TypeError
        인자가 실수가 아닐 때.
    ValueError
        `grad` 의 모양이 `x` 와 다르거나, `lr` 이 음수이거나 `x` 로 브로드캐스트되지 않을 때.

    Examples
    --------
    >>> sgd([1.0, -2.0], [0.5, 1.0], lr=0.1).tolist()
    [0.95, -2.1]
    """
    x, g, dtype = _value_and_gradient(x, grad)
    alpha = _nonnegative("lr", lr, x)
    with _in_range():
        return _cast(x - alpha * g, dtype)


def momentum(
    x: npt.ArrayLike,
    grad: npt.ArrayLike,
    state: MomentumState | None,
    *,
    lr: npt.ArrayLike,
    momentum: npt.ArrayLike = 0.9,
) -> tuple[Array, MomentumState]:
    r"""모멘텀을 더한 경사 하강법의 한 걸음. 지난 기울기를 조금씩 잊으며 쌓은 속도 :math:`u` 로 갑니다.

    .. math:: u \leftarrow \mu u + g, \qquad x \leftarrow x - \alpha u

    처음의 속도는 0입니다. 기울기에 :math:`1-\mu` 를 곱하지 않으므로, 기울기가 한결같으면 속도는 기울기의
    :math:`1/(1-\mu)` 배로 자랍니다.

    Parameters
    ----------
    x : array_like
        지금의 값. 모양은 아무래도 좋습니다.
    grad : array_like
        `x` 에서 잰 기울기 :math:`g`. `x` 와 모양이 같습니다.
    state : MomentumState or None
        앞 걸음이 돌려준 상태. 첫 걸음에는 ``None``.
    lr : float or array_like
        학습률 :math:`\alpha`. 0 이상입니다.
    momentum : float or array_like
        속도를 남기는 비율 :math:`\mu`. 0 이상 1 미만입니다.

    Returns
    -------
    x : ndarray
        새 값. `x` 의 dtype을 지킵니다.
    state : MomentumState
        새 상태.

    Raises
    ------
    TypeError
        인자가 실수가 아니거나, `state` 가 다른 규칙의 상태일 때.
    ValueError
        `grad` 나 `state` 의 모양이 `x` 와 다르거나, `lr` 이나 `momentum` 이 범위를 벗어날 때.

    References
    ----------
    Sutskever, I. et al. (2013). On the importance of initialization and momentum in deep learning. ICML.

    Examples
    --------
    >>> x, state = momentum([1.0], [1.0], None, lr=0.1)
    >>> x, state = momentum(x, [1.0], state, lr=0.1)
    >>> x.round(6).tolist(), state.first.round(6).tolist()
    ([0.71], [1.9])
    """
    x, g, dtype = _value_and_gradient(x, grad)
    alpha, mu = _nonnegative("lr", lr, x), _weight("momentum", momentum, x)
    state = _previous(state, MomentumState, x)
    with _in_range():
        u = mu * state.first + g
        return _cast(x - alpha * u, dtype), MomentumState(state.step + 1, _cast(u, x.dtype))


def rmsprop(
    x: npt.ArrayLike,
    grad: npt.ArrayLike,
    state: RMSPropState | None,
    *,
    lr: npt.ArrayLike = 1e-2,
    alpha: npt.ArrayLike = 0.99,
    eps: npt.ArrayLike = 1e-8,
) -> tuple[Array, RMSPropState]:
    r"""RMSProp의 한 걸음. 기울기를 그 크기의 이동 평균으로 나눕니다.

    .. math::

        v \leftarrow \rho v + (1 - \rho) g^2, \qquad x \leftarrow x - \frac{\eta\, g}{\sqrt{v} + \epsilon}

    처음의 :math:`v` 는 0이고, 편향을 보정하지 않습니다.

    Parameters
    ----------
    x : array_like
        지금의 값. 모양은 아무래도 좋습니다.
    grad : array_like
        `x` 에서 잰 기울기 :math:`g`. `x` 와 모양이 같습니다.
    state : RMSPropState or None
        앞 걸음이 돌려준 상태. 첫 걸음에는 ``None``.
    lr : float or array_like
        학습률 :math:`\eta`. 0 이상입니다.
    alpha : float or array_like
        기울기 제곱의 평균을 남기는 비율 :math:`\rho`. 0 이상 1 미만입니다. 이름은 PyTorch의 것입니다.
    eps : float or array_like
        0으로 나누지 않게 분모에 더하는 수 :math:`\epsilon`. 0 이상입니다.

    Returns
    -------
    x : ndarray
        새 값. `x` 의 dtype을 지킵니다.
    state : RMSPropState
        새 상태.

    Raises
    ------
    TypeError
        인자가 실수가 아니거나, `state` 가 다른 규칙의 상태일 때.
    ValueError
        `grad` 나 `state` 의 모양이 `x` 와 다르거나, `lr`, `alpha`, `eps` 가 범위를 벗어날 때.

    Examples
    --------
    첫 걸음은 기울기가 얼마이든 :math:`\eta/\sqrt{1-\rho}` 입니다.

    >>> x, state = rmsprop([0.0, 0.0], [3.0, -700.0], None, lr=0.01)
    >>> x.round(6).tolist()
    [-0.1, 0.1]
    """
    x, g, dtype = _value_and_gradient(x, grad)
    eta, epsilon = _nonnegative("lr", lr, x), _nonnegative("eps", eps, x)
    rho = _weight("alpha", alpha, x)
    state = _previous(state, RMSPropState, x)
    with _in_range():
        v = rho * state.second + (1 - rho) * g**2
        x_new = x - eta * _ratio(g, np.sqrt(v) + epsilon)
        return _cast(x_new, dtype), RMSPropState(state.step + 1, _cast(v, x.dtype))


def adam(
    x: npt.ArrayLike,
    grad: npt.ArrayLike,
    state: AdamState | None,
    *,
    lr: npt.ArrayLike = 1e-3,
    betas: tuple[npt.ArrayLike, npt.ArrayLike] = (0.9, 0.999),
    eps: npt.ArrayLike = 1e-8,
    bias_correction: bool = True,
) -> tuple[Array, AdamState]:
    r"""Adam의 한 걸음. 기울기의 이동 평균을 기울기 크기의 이동 평균으로 나눕니다.

    .. math::

        m &\leftarrow \beta_1 m + (1 - \beta_1)\, g, &
        v &\leftarrow \beta_2 v + (1 - \beta_2)\, g^2, \\
        \hat m &= \frac{m}{1 - \beta_1^t}, &
        \hat v &= \frac{v}{1 - \beta_2^t}, \\
        x &\leftarrow x - \frac{\alpha\, \hat m}{\sqrt{\hat v} + \epsilon}

    :math:`t` 는 이번 걸음의 번호이고 1부터 셉니다. 처음의 :math:`m` 과 :math:`v` 는 0입니다.

    Parameters
    ----------
    x : array_like
        지금의 값. 모양은 아무래도 좋습니다.
    grad : array_like
        `x` 에서 잰 기울기 :math:`g`. `x` 와 모양이 같습니다.
    state : AdamState or None
        앞 걸음이 돌려준 상태. 첫 걸음에는 ``None``.
    lr : float or array_like
        학습률 :math:`\alpha`. 0 이상입니다.
    betas : pair of float or array_like
        두 이동 평균을 남기는 비율 :math:`(\beta_1, \beta_2)`. 0 이상 1 미만입니다.
    eps : float or array_like
        0으로 나누지 않게 분모에 더하는 수 :math:`\epsilon`. 0 이상입니다.
    bias_correction : bool
        거짓이면 :math:`\hat m = m`, :math:`\hat v = v` 로 둡니다.

    Returns
    -------
    x : ndarray
        새 값. `x` 의 dtype을 지킵니다.
    state : AdamState
        새 상태.

    Raises
    ------
    TypeError
        인자가 실수가 아니거나, `state` 가 다른 규칙의 상태일 때.
    ValueError
        `grad` 나 `state` 의 모양이 `x` 와 다르거나, `lr`, `betas`, `eps` 가 범위를 벗어날 때.

    References
    ----------
    Kingma, D. P. and Ba, J. (2015). Adam: A method for stochastic optimization. ICLR. Algorithm 1.

    Examples
    --------
    첫 걸음은 기울기가 얼마이든 :math:`\alpha` 입니다.

    >>> x, state = adam([0.0, 0.0], [3.0, -700.0], None, lr=0.01)
    >>> x.round(6).tolist(), state.step
    ([-0.01, 0.01], 1)

    학습률이 다른 두 실험을 한꺼번에 돌립니다. 줄마다 실험 하나입니다.

    >>> x, state = adam([[1.0], [1.0]], [[1.0], [1.0]], None, lr=[[0.1], [0.2]])
    >>> x.round(6).tolist()
    [[0.9], [0.8]]
    """
    x, g, dtype = _value_and_gradient(x, grad)
    alpha, epsilon = _nonnegative("lr", lr, x), _nonnegative("eps", eps, x)
    beta1, beta2 = _betas(betas, x)
    corrected = _checks.flag("bias_correction", bias_correction)
    state = _previous(state, AdamState, x)
    t = state.step + 1
    with _in_range():
        m = beta1 * state.first + (1 - beta1) * g
        v = beta2 * state.second + (1 - beta2) * g**2
        m_hat, v_hat = (m / (1 - beta1**t), v / (1 - beta2**t)) if corrected else (m, v)
        x_new = x - alpha * _ratio(m_hat, np.sqrt(v_hat) + epsilon)
        return _cast(x_new, dtype), AdamState(t, _cast(m, x.dtype), _cast(v, x.dtype))


def adam_in_place(
    x: Array,
    grad: npt.ArrayLike,
    state: AdamSums | None,
    *,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> AdamSums:
    r"""Adam의 한 걸음을 `x` 위에서 곧바로 걷습니다. :func:`adam` 과 같은 값을 더 빨리 냅니다.

    새 배열을 만들지 않고, 캐시에 들어가는 토막마다 갱신을 끝냅니다. 칸마다 할 곱셈도 줄입니다.
    :math:`1-\beta` 를 곱하지 않은 합을 쌓고, 두 편향 보정까지 모두 수 두 개에 몰아넣습니다.

    .. math::

        p &\leftarrow \beta_1 p + g, &
        q &\leftarrow \beta_2 q + g^2, &
        x &\leftarrow x - \frac{a\, p}{\sqrt{q} + e} \\
        r &= \sqrt{\frac{1 - \beta_2^t}{1 - \beta_2}}, &
        a &= \alpha\, \frac{1 - \beta_1}{1 - \beta_1^t}\, r, &
        e &= \epsilon\, r

    Parameters
    ----------
    x : ndarray
        지금의 값. 쓸 수 있고 메모리에 이어져 있는 실수 배열입니다. **새 값으로 바뀝니다.**
    grad : array_like
        `x` 에서 잰 기울기 :math:`g`. `x` 와 모양이 같습니다.
    state : AdamSums or None
        앞 걸음이 돌려준 상태. 그 배열도 바뀝니다. 첫 걸음에는 ``None``.
    lr : float
        학습률 :math:`\alpha`. 0 이상입니다.
    betas : pair of float
        :math:`(\beta_1, \beta_2)`. 0 이상 1 미만이고, 걸음마다 같아야 합니다.
    eps : float
        0으로 나누지 않게 분모에 더하는 수 :math:`\epsilon`. 0 이상입니다.

    Returns
    -------
    state : AdamSums
        새 상태.

    Raises
    ------
    TypeError
        `x` 가 실수형 ndarray가 아니거나, 다른 인자가 실수가 아니거나, `state` 가 다른 규칙의 상태일 때.
    ValueError
        `x` 나 상태의 배열에 쓸 수 없거나 메모리에 이어져 있지 않을 때, `grad` 나 `state` 의 모양이 `x` 와
        다를 때, 하이퍼파라미터가 범위를 벗어날 때.

    Examples
    --------
    >>> x = np.array([0.0, 0.0])
    >>> state = adam_in_place(x, [3.0, -700.0], None, lr=0.01)
    >>> x.round(6).tolist(), state.first.tolist()
    ([-0.01, 0.01], [3.0, -700.0])
    """
    _require_writable("x", x)
    g = _checks.shaped("grad", grad, x.shape)
    alpha, epsilon, beta1, beta2 = _scalars(lr, betas, eps, x)
    state = _previous(state, AdamSums, x)
    _require_writable("state.first", state.first)
    _require_writable("state.second", state.second)
    t = state.step + 1
    r = math.sqrt((1 - beta2**t) / (1 - beta2))
    a, e = alpha * (1 - beta1) / (1 - beta1**t) * r, epsilon * r
    flat = [array.reshape(-1) for array in (x, g, state.first, state.second)]
    scratch = np.empty(min(BLOCK, x.size), working(x.dtype))
    for start in range(0, x.size, BLOCK):
        xs, gs, p, q = (array[start : start + BLOCK] for array in flat)
        gs = gs.astype(working(gs.dtype), copy=False)
        w = scratch[: xs.size]
        with _in_range():
            p *= beta1
            p += gs
            q *= beta2
            q += np.multiply(gs, gs, out=w, casting="same_kind")
            np.sqrt(q, out=w)
            w += e
            np.divide(p, w, out=w, where=True if e else w != 0)  # without eps, 0/0 is no step
            w *= a
            xs -= w
    return AdamSums(t, state.first, state.second)


def amsgrad(
    x: npt.ArrayLike,
    grad: npt.ArrayLike,
    state: AMSGradState | None,
    *,
    lr: npt.ArrayLike = 1e-3,
    betas: tuple[npt.ArrayLike, npt.ArrayLike] = (0.9, 0.999),
    eps: npt.ArrayLike = 1e-8,
    bias_correction: bool = True,
) -> tuple[Array, AMSGradState]:
    r"""AMSGrad의 한 걸음. Adam의 :math:`v` 자리에 지금까지 나온 가장 큰 :math:`v` 를 씁니다.

    .. math::

        m &\leftarrow \beta_1 m + (1 - \beta_1)\, g, &
        v &\leftarrow \beta_2 v + (1 - \beta_2)\, g^2, \\
        w &\leftarrow \max(w, v), &
        x &\leftarrow x - \alpha\, \frac{m / (1 - \beta_1^t)}{\sqrt{w / (1 - \beta_2^t)} + \epsilon}

    :math:`w` 가 줄지 않으므로 드물게 온 큰 기울기를 잊지 않습니다.

    Parameters
    ----------
    x : array_like
        지금의 값. 모양은 아무래도 좋습니다.
    grad : array_like
        `x` 에서 잰 기울기 :math:`g`. `x` 와 모양이 같습니다.
    state : AMSGradState or None
        앞 걸음이 돌려준 상태. 첫 걸음에는 ``None``.
    lr : float or array_like
        학습률 :math:`\alpha`. 0 이상입니다.
    betas : pair of float or array_like
        두 이동 평균을 남기는 비율 :math:`(\beta_1, \beta_2)`. 0 이상 1 미만입니다.
    eps : float or array_like
        0으로 나누지 않게 분모에 더하는 수 :math:`\epsilon`. 0 이상입니다.
    bias_correction : bool
        참이면 PyTorch처럼 두 평균의 편향을 보정하고, 거짓이면 논문처럼 보정하지 않습니다.

    Returns
    -------
    x : ndarray
        새 값. `x` 의 dtype을 지킵니다.
    state : AMSGradState
        새 상태.

    Raises
    ------
    TypeError
        인자가 실수가 아니거나, `state` 가 다른 규칙의 상태일 때.
    ValueError
        `grad` 나 `state` 의 모양이 `x` 와 다르거나, `lr`, `betas`, `eps` 가 범위를 벗어날 때.

    References
    ----------
    Reddi, S. J., Kale, S. and Kumar, S. (2018). On the convergence of Adam and beyond. ICLR.

    Examples
    --------
    큰 기울기가 한 번 지나간 뒤의 걸음은 Adam보다 짧습니다.

    >>> x = y = [0.0]
    >>> state = other = None
    >>> for g in [10.0] + [1.0] * 100:
    ...     x, state = amsgrad(x, [g], state, betas=(0.9, 0.9))
    ...     y, other = adam(y, [g], other, betas=(0.9, 0.9))
    >>> state.largest.round(3).tolist(), state.second.round(3).tolist()
    ([10.0], [1.0])
    >>> bool(abs(x[0]) < abs(y[0]))
    True
    """
    x, g, dtype = _value_and_gradient(x, grad)
    alpha, epsilon = _nonnegative("lr", lr, x), _nonnegative("eps", eps, x)
    beta1, beta2 = _betas(betas, x)
    corrected = _checks.flag("bias_correction", bias_correction)
    state = _previous(state, AMSGradState, x)
    t = state.step + 1
    with _in_range():
        m = beta1 * state.first + (1 - beta1) * g
        v = beta2 * state.second + (1 - beta2) * g**2
        w = np.maximum(state.largest, v)
        m_hat, w_hat = (m / (1 - beta1**t), w / (1 - beta2**t)) if corrected else (m, w)
        x_new = x - alpha * _ratio(m_hat, np.sqrt(w_hat) + epsilon)
        moments = (_cast(moment, x.dtype) for moment in (m, v, w))
        return _cast(x_new, dtype), AMSGradState(t, *moments)


def _value_and_gradient(x: npt.ArrayLike, grad: npt.ArrayLike) -> tuple[Array, Array, np.dtype[np.floating]]:
    """계산할 실수형으로 옮긴 매개변수와 기울기, 그리고 결과를 적을 실수형."""
    value = _checks.floats("x", x)
    g = _checks.shaped("grad", grad, value.shape)
    x, g = (array.astype(working(array.dtype), copy=False) for array in (value, g))
    return x, g, value.dtype


@contextmanager
def _in_range() -> Iterator[None]:
    """제곱이나 걸음이 실수형을 넘치면 걸음이 조용히 0이나 NaN이 되므로 거절합니다."""
    try:
        with np.errstate(over="raise"):
            yield
    except FloatingPointError as error:
        raise ValueError(f"x, grad and lr must keep squares and steps within their dtype: {error}") from None


def _ratio(moment: Array, scale: Array) -> Array:
    """걸음의 방향. 분모가 0이면(`eps` 가 0이고 기울기가 내내 0이면) 걸음도 0입니다."""
    if np.all(scale):
        return np.asarray(moment / scale)
    return np.asarray(np.divide(moment, scale, out=np.zeros_like(moment), where=scale != 0))


def _require_writable(name: str, x: object) -> None:
    """제자리에서 고칠 수 있는 배열인지 확인합니다."""
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f":
        kind = f"array of dtype {x.dtype}" if isinstance(x, np.ndarray) else type(x).__name__
        raise TypeError(f"{name} must be an ndarray of floating dtype to be changed in place, got {kind}")
    if not x.flags.writeable or not x.flags.c_contiguous:
        found = f"writeable={x.flags.writeable}, c_contiguous={x.flags.c_contiguous}"
        raise ValueError(f"{name} must be writable and C-contiguous to be changed in place, got {found}")


def _cast(result: Array, dtype: np.dtype[np.floating]) -> Array:
    """학습률이 배열이면 float64로, 좁은 실수형이면 float32로 계산되므로 `dtype` 으로 되돌립니다."""
    return np.asarray(result).astype(dtype, copy=False)


def _previous(state: State | None, kind: type[State], x: Array) -> State:
    """앞 걸음의 상태. 첫 걸음이면 0으로 채운 새 상태입니다."""
    moments = [field.name for field in fields(cast(Any, kind)) if field.name != "step"]
    if state is None:
        return cast(State, cast(Any, kind)(0, *(np.zeros_like(x, working(x.dtype)) for _ in moments)))
    if type(state) is not kind:
        raise _checks.refused("state", f"{kind.__name__} or None", state)
    _checks.integer("state.step", cast(Any, state).step, least=0)
    for name in moments:
        shape = np.shape(getattr(state, name))
        if shape != x.shape:
            raise ValueError(f"state.{name} must have shape {x.shape}, got {shape}")
    return state


def _betas(betas: tuple[npt.ArrayLike, npt.ArrayLike], x: Array) -> tuple[Number, Number]:
    if not isinstance(betas, (tuple, list)) or len(betas) != 2:
        raise ValueError(f"betas must be a pair (beta1, beta2), got {_checks.shown(betas)}")
    return _weight("betas[0]", betas[0], x), _weight("betas[1]", betas[1], x)


def _scalars(
    lr: float, betas: tuple[float, float], eps: float, x: Array
) -> tuple[float, float, float, float]:
    """배열이 아닌 하이퍼파라미터 넷: 학습률, 엡실론, 두 가중치."""
    _betas(betas, x)
    named = {"lr": lr, "eps": eps, "betas[0]": betas[0], "betas[1]": betas[1]}
    alpha, epsilon, beta1, beta2 = (_checks.real(name, value) for name, value in named.items())
    _nonnegative("lr", alpha, x), _nonnegative("eps", epsilon, x)
    return alpha, epsilon, beta1, beta2


def _nonnegative(name: str, value: npt.ArrayLike, x: Array) -> Number:
    """0 이상인 수, 또는 `x` 로 브로드캐스트되는 그런 배열."""
    number = _broadcastable(name, value, x)
    if not _within(number, math.inf):
        raise ValueError(f"{name} must be finite and non-negative, got {_checks.shown(value)}")
    return number


def _weight(name: str, value: npt.ArrayLike, x: Array) -> Number:
    """이동 평균의 가중치: 0 이상 1 미만인 수, 또는 `x` 로 브로드캐스트되는 그런 배열."""
    number = _broadcastable(name, value, x)
    if not _within(number, 1):
        raise ValueError(f"{name} must be at least 0 and less than 1, got {_checks.shown(value)}")
    return number


def _within(number: Number, below: float) -> bool:
    """모든 값이 0 이상 `below` 미만인가. NaN은 아닙니다."""
    inside = (number >= 0) & (number < below)
    return bool(inside if isinstance(inside, bool) else inside.all())


def _broadcastable(name: str, value: npt.ArrayLike, x: Array) -> Number:
    if type(value) is float or isinstance(value, (str, bytes)) or not np.iterable(value):
        return _checks.real(name, value.item() if isinstance(value, np.ndarray) else value)
    number = _checks.floats(name, value)
    shape = number.shape
    if len(shape) > x.ndim or any(a not in (1, b) for a, b in zip(shape[::-1], x.shape[::-1], strict=False)):
        raise ValueError(f"{name} must broadcast to shape {x.shape} of x, got shape {shape}")
    return number.astype(np.float64, copy=False)
