r"""다층 퍼셉트론. 매개변수를 벡터 하나에 담아, 어느 갱신 규칙에나 그대로 넣습니다.

층의 크기가 :math:`n_0, n_1, \dots, n_L` 이면 매개변수 :math:`\theta` 는
:math:`W_1, b_1, \dots, W_L, b_L` 을 차례로 편 것입니다. 앞에 붙은 축은 서로 상관없는 신경망의
번호입니다. 그래서 시드가 다른 신경망 여럿을 한 번에 계산합니다.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes._precision import rounded_last
from dlnotes.activations import ACTIVATIONS, activation_vjp, he_normal, lecun_normal

Array = npt.NDArray[np.floating]
Layers = list[tuple[Array, Array]]
Pullback = Callable[[npt.ArrayLike], tuple[Array, Array]]


def parameter_count(sizes: Sequence[int]) -> int:
    r"""매개변수의 수 :math:`P=\sum_l (n_{l-1}+1)\,n_l` 을 셉니다.

    Parameters
    ----------
    sizes : sequence of int
        층의 크기 :math:`n_0, n_1, \dots, n_L` (유닛 수). 입력에서 출력까지 둘 이상입니다.

    Returns
    -------
    int
        가중치와 편향(bias term)을 모두 센 수.

    Raises
    ------
    TypeError
        크기가 정수가 아닐 때.
    ValueError
        크기가 둘보다 적거나, 1보다 작은 크기가 있을 때.

    Examples
    --------
    >>> parameter_count([25, 32, 3])  # 25·32 + 32 + 32·3 + 3
    931
    """
    sizes = _sizes(sizes)
    return sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))


def initialize(
    sizes: Sequence[int],
    rng: np.random.Generator,
    *,
    activation: str = "relu",
    runs: int | None = None,
) -> Array:
    r"""매개변수를 무작위로 정합니다.

    가중치는 평균이 0인 정규분포에서 뽑습니다. ReLU나 Leaky ReLU를 쓰는 은닉층에는
    :func:`~dlnotes.activations.he_normal` 을, 나머지와 마지막 층에는
    :func:`~dlnotes.activations.lecun_normal` 을 씁니다. 편향(bias term)은 0입니다.

    Parameters
    ----------
    sizes : sequence of int
        층의 크기.
    rng : numpy.random.Generator
        난수 생성기.
    activation : str
        은닉층의 활성화 함수. :data:`dlnotes.activations.ACTIVATIONS` 의 이름입니다.
    runs : int, optional
        신경망의 수. 주지 않으면 하나이고 앞에 축이 붙지 않습니다.

    Returns
    -------
    ndarray
        매개변수 ``(P,)`` 또는 ``(runs, P)``, float64.

    Raises
    ------
    TypeError
        `rng` 가 난수 생성기가 아니거나, 크기나 `runs` 가 정수가 아닐 때.
    ValueError
        모르는 활성화 함수이거나, 크기나 `runs` 가 1보다 작을 때.

    Examples
    --------
    >>> initialize([25, 32, 3], np.random.default_rng(0), runs=5).shape
    (5, 931)
    """
    sizes = _sizes(sizes)
    rng = _checks.generator("rng", rng)
    _checks.choice("activation", activation, ACTIVATIONS)
    lead = () if runs is None else (_checks.integer("runs", runs, least=1),)
    _checks.room(runs=lead[0] if lead else 1, sizes=parameter_count(sizes))
    theta = np.zeros((*lead, parameter_count(sizes)))
    *hidden, (last, _) = unpack(theta, sizes)
    slope = {"relu": 0.0, "leaky_relu": 0.01}.get(activation)
    for (w, _), n_in in zip(hidden, sizes, strict=False):
        if slope is None:
            w[...] = lecun_normal(w.shape, rng, fan_in=n_in)
        else:
            w[...] = he_normal(w.shape, rng, fan_in=n_in, negative_slope=slope)
    last[...] = lecun_normal(last.shape, rng, fan_in=sizes[-2])
    return theta


def unpack(theta: npt.ArrayLike, sizes: Sequence[int]) -> Layers:
    r"""벡터 :math:`\theta` 를 층마다의 :math:`(W_l, b_l)` 로 나눕니다.

    값을 베끼지 않고 같은 메모리를 봅니다. 돌려받은 배열을 고치면 `theta` 도 바뀝니다.

    Parameters
    ----------
    theta : array_like
        매개변수 ``(…, P)``.
    sizes : sequence of int
        층의 크기.

    Returns
    -------
    list of (ndarray, ndarray)
        층마다 가중치 ``(…, n_in, n_out)`` 과 편향(bias term) ``(…, 1, n_out)``.

    Raises
    ------
    TypeError
        `theta` 가 실수 배열이 아니거나, 크기가 정수가 아닐 때.
    ValueError
        `theta` 의 마지막 축이 매개변수의 수와 다를 때.

    Examples
    --------
    >>> [(w.shape, b.shape) for w, b in unpack(np.zeros(931), [25, 32, 3])]
    [((25, 32), (1, 32)), ((32, 3), (1, 3))]
    """
    sizes = _sizes(sizes)
    theta = _checks.floats("theta", theta)
    count = parameter_count(sizes)
    if theta.ndim == 0 or theta.shape[-1] != count:
        raise ValueError(f"theta must have {count} parameters in its last axis, got shape {theta.shape}")
    lead, layers, start = theta.shape[:-1], [], 0
    for n_in, n_out in pairwise(sizes):
        middle, stop = start + n_in * n_out, start + (n_in + 1) * n_out
        w = theta[..., start:middle].reshape(*lead, n_in, n_out)
        layers.append((w, theta[..., middle:stop].reshape(*lead, 1, n_out)))
        start = stop
    return layers


@rounded_last
def mlp(x: npt.ArrayLike, theta: npt.ArrayLike, sizes: Sequence[int], *, activation: str = "relu") -> Array:
    r"""다층 퍼셉트론의 출력을 계산합니다.

    .. math:: a_0 = x, \qquad a_l = \phi(a_{l-1} W_l + b_l), \qquad y = a_{L-1} W_L + b_L

    은닉층은 활성화 함수 :math:`\phi` 를 거치고, 마지막 층은 거치지 않습니다.

    Parameters
    ----------
    x : array_like
        입력 ``(…, N, n_0)``. 한 줄이 표본 하나입니다.
    theta : array_like
        매개변수 ``(…, P)``.
    sizes : sequence of int
        층의 크기 :math:`n_0, \dots, n_L`.
    activation : str
        은닉층의 활성화 함수. :data:`dlnotes.activations.ACTIVATIONS` 의 이름입니다.

    Returns
    -------
    ndarray
        출력 ``(…, N, n_L)``. `x` 와 `theta` 의 앞 축은 서로 퍼집니다(broadcast).

    Raises
    ------
    TypeError
        배열이 실수가 아니거나, 크기가 정수가 아닐 때.
    ValueError
        모양이 크기와 맞지 않거나, 모르는 활성화 함수일 때.

    Examples
    --------
    ReLU 유닛 둘로 절댓값을 만듭니다. :math:`|x| = \max(x,0)+\max(-x,0)` 입니다.

    >>> theta = np.array([1.0, -1, 0, 0, 1, 1, 0])  # W₁, b₁, W₂, b₂
    >>> mlp([[-2.0], [0], [3]], theta, [1, 2, 1]).ravel().tolist()
    [2.0, 0.0, 3.0]
    """
    return mlp_vjp(x, theta, sizes, activation=activation)[0]


@rounded_last
def mlp_vjp(
    x: npt.ArrayLike, theta: npt.ArrayLike, sizes: Sequence[int], *, activation: str = "relu"
) -> tuple[Array, Pullback]:
    r"""출력과, 출력의 기울기를 입력과 매개변수의 기울기로 옮기는 함수를 계산합니다.

    층에 들어온 기울기를 :math:`\delta_l = \partial C/\partial(a_{l-1}W_l+b_l)` 이라 하면

    .. math::

        \frac{\partial C}{\partial W_l} = a_{l-1}^\top \delta_l, \qquad
        \frac{\partial C}{\partial b_l} = \sum_n \delta_{l,n}, \qquad
        \delta_{l-1} = (\delta_l W_l^\top) \odot \phi'

    입니다. 표본에 걸쳐 더하며, 평균을 내지 않습니다.

    Parameters
    ----------
    x : array_like
        입력 ``(…, N, n_0)``.
    theta : array_like
        매개변수 ``(…, P)``.
    sizes : sequence of int
        층의 크기.
    activation : str
        은닉층의 활성화 함수.

    Returns
    -------
    y : ndarray
        출력 ``(…, N, n_L)``.
    pullback : callable
        ``dx, dtheta = pullback(dy)``. 모양은 각각 `x`, `theta` 와 같습니다. 퍼진 축에 걸쳐서는 더합니다.

    Raises
    ------
    TypeError
        배열이 실수가 아니거나, 크기가 정수가 아닐 때.
    ValueError
        모양이 크기와 맞지 않거나, 모르는 활성화 함수일 때.

    Examples
    --------
    >>> theta = np.array([1.0, -1, 0, 0, 1, 1, 0])
    >>> y, pullback = mlp_vjp([[-2.0], [3]], theta, [1, 2, 1])
    >>> dx, dtheta = pullback([[1.0], [1]])
    >>> dx.ravel().tolist()  # 절댓값의 기울기는 부호입니다
    [-1.0, 1.0]
    >>> dtheta.tolist()
    [3.0, -2.0, 1.0, 1.0, 3.0, 2.0, 2.0]
    """
    sizes = _sizes(sizes)
    layers = unpack(theta, sizes)
    x, theta = _checks.floats("x", x), _checks.floats("theta", theta)
    _require_fit(x, theta, sizes)
    nonlinearity = activation_vjp(_checks.choice("activation", activation, ACTIVATIONS))
    inputs, pullbacks = [x], []
    for w, b in layers[:-1]:
        a, pull = nonlinearity(_times(inputs[-1], w) + b)
        inputs.append(a)
        pullbacks.append(pull)
    w, b = layers[-1]
    y: Array = _times(inputs[-1], w) + b

    def pullback(dy: npt.ArrayLike) -> tuple[Array, Array]:
        delta = _checks.shaped("dy", dy, y.shape)
        dtheta = np.empty(theta.shape, np.result_type(y, delta))
        gradients = unpack(dtheta, sizes)
        for index in range(len(layers) - 1, -1, -1):
            dw, db = gradients[index]
            dw[...] = _sum_to(np.swapaxes(inputs[index], -1, -2) @ delta, dw.shape)
            db[...] = _sum_to(delta.sum(axis=-2, keepdims=True), db.shape)
            da = _times(delta, np.swapaxes(layers[index][0], -1, -2))
            if index:
                delta = pullbacks[index - 1](da)
        return _sum_to(da, x.shape), dtheta

    return y, pullback


def _times(x: Array, w: Array) -> Array:
    """행렬 곱. 안쪽 차원이 하나뿐이면 칸마다 곱하는 것과 같고, 그쪽이 몇 배 빠릅니다."""
    product: Array = x * w if w.shape[-2] == 1 else x @ w
    return product


def _sum_to(gradient: Array, shape: tuple[int, ...]) -> Array:
    """퍼진(broadcast) 앞 축에 걸쳐 더해 모양을 `shape` 로 되돌립니다."""
    extra = gradient.ndim - len(shape)
    stretched = [extra + i for i, n in enumerate(shape) if n == 1 != gradient.shape[extra + i]]
    if not extra and not stretched:
        return gradient
    total: Array = gradient.sum(axis=(*range(extra), *stretched)).reshape(shape)
    return total


def _sizes(sizes: Sequence[int]) -> tuple[int, ...]:
    found = _checks.several("sizes", sizes, wanted="a sequence of layer sizes")
    if not all(type(n) is int and n > 0 for n in found):  # the common case is decided without a call
        found = tuple(_checks.integer(f"sizes[{i}]", n, least=1) for i, n in enumerate(found))
    if len(found) < 2:
        raise ValueError(f"sizes must have an input and an output size, got {found}")
    return found


def _require_fit(x: Array, theta: Array, sizes: tuple[int, ...]) -> None:
    if x.ndim < 2 or x.shape[-1] != sizes[0]:
        raise ValueError(f"x must have shape (…, N, {sizes[0]}), got {x.shape}")
    try:
        np.broadcast_shapes(x.shape[:-2], theta.shape[:-1])
    except ValueError:
        raise ValueError(
            f"x and theta must have leading axes that broadcast, got x {x.shape} and theta {theta.shape}"
        ) from None
