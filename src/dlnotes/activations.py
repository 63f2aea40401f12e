r"""활성화 함수와 가중치 초기화.

활성화 함수는 배열의 성분마다 따로 일합니다. 이름과 인자의 뜻은 PyTorch와 같습니다.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes._precision import rounded_last

Array = npt.NDArray[np.floating]
Pullback = Callable[[npt.ArrayLike], Array]
Activation = Callable[[npt.ArrayLike], Array]
ActivationVjp = Callable[[npt.ArrayLike], tuple[Array, Pullback]]


@rounded_last
def relu(x: npt.ArrayLike) -> Array:
    r"""ReLU. 음수를 0으로 자릅니다.

    .. math:: \operatorname{relu}(x) = \max(x, 0)

    Parameters
    ----------
    x : array_like
        아무 모양의 실수 배열.

    Returns
    -------
    ndarray
        `x` 와 모양이 같은 배열.

    Raises
    ------
    TypeError
        `x` 가 실수 배열이 아닐 때.

    References
    ----------
    Nair and Hinton (2010), Rectified Linear Units Improve Restricted Boltzmann Machines. ICML.

    Examples
    --------
    >>> relu([-2, 0, 3]).tolist()
    [0.0, 0.0, 3.0]

    더한 뒤에 자르는 것과 자른 뒤에 더하는 것이 다릅니다.

    >>> float(relu(1 + (-1))), float(relu(1) + relu(-1))
    (0.0, 1.0)
    """
    x = _checks.floats("x", x)
    y: Array = np.maximum(x, 0)
    return y


@rounded_last
def relu_vjp(x: npt.ArrayLike) -> tuple[Array, Pullback]:
    r"""ReLU의 순전파와 역전파.

    .. math:: dx = \begin{cases} dy & x > 0 \\ 0 & x \le 0 \end{cases}

    :math:`x = 0` 에서는 미분할 수 없습니다. PyTorch처럼 0으로 정합니다.

    Parameters
    ----------
    x : array_like
        아무 모양의 실수 배열.

    Returns
    -------
    y : ndarray
        :func:`relu` 의 출력.
    pullback : callable
        ``pullback(dy) -> dx``. ``dy`` 와 ``dx`` 의 모양은 `x` 와 같습니다.

    Raises
    ------
    TypeError
        `x` 가 실수 배열이 아닐 때.
    ValueError
        ``pullback`` 이 받은 `dy` 의 모양이 `x` 와 다를 때.

    Examples
    --------
    >>> y, pullback = relu_vjp([-2, 0, 3])
    >>> pullback([10, 10, 10]).tolist()
    [0.0, 0.0, 10.0]
    """
    x = _checks.floats("x", x)
    y = np.maximum(x, 0)

    def pullback(dy: npt.ArrayLike) -> Array:
        dx = np.array(_checks.shaped("dy", dy, x.shape))
        np.copyto(dx, 0, where=x <= 0)
        return dx[()]

    return y, pullback


@rounded_last
def leaky_relu(x: npt.ArrayLike, negative_slope: float = 0.01) -> Array:
    r"""Leaky ReLU. 음수를 버리지 않고 작은 기울기를 곱합니다.

    .. math:: y = \begin{cases} x & x > 0 \\ a x & x \le 0 \end{cases}

    Parameters
    ----------
    x : array_like
        아무 모양의 실수 배열.
    negative_slope : float
        음수 쪽의 기울기 :math:`a`.

    Returns
    -------
    ndarray
        `x` 와 모양이 같은 배열.

    Raises
    ------
    TypeError
        `x` 가 실수 배열이 아니거나 `negative_slope` 가 실수가 아닐 때.
    ValueError
        `negative_slope` 가 유한하지 않을 때.

    Examples
    --------
    >>> leaky_relu([-2, 0, 3], negative_slope=0.5).tolist()
    [-1.0, 0.0, 3.0]
    """
    x = _checks.floats("x", x)
    a = _checks.real("negative_slope", negative_slope)
    return np.where(x <= 0, a * x, x)[()]


@rounded_last
def leaky_relu_vjp(x: npt.ArrayLike, negative_slope: float = 0.01) -> tuple[Array, Pullback]:
    r"""Leaky ReLU의 순전파와 역전파.

    .. math:: dx = \begin{cases} dy & x > 0 \\ a\, dy & x \le 0 \end{cases}

    Parameters
    ----------
    x, negative_slope
        :func:`leaky_relu` 와 같습니다.

    Returns
    -------
    y : ndarray
        :func:`leaky_relu` 의 출력.
    pullback : callable
        ``pullback(dy) -> dx``. ``dy`` 와 ``dx`` 의 모양은 `x` 와 같습니다.

    Raises
    ------
    TypeError
        :func:`leaky_relu` 와 같습니다.
    ValueError
        :func:`leaky_relu` 와 같습니다. ``pullback`` 은 `dy` 의 모양이 `x` 와 다를 때에도 냅니다.

    Examples
    --------
    >>> y, pullback = leaky_relu_vjp([-2, 0, 3], negative_slope=0.5)
    >>> pullback([10, 10, 10]).tolist()
    [5.0, 5.0, 10.0]
    """
    x = _checks.floats("x", x)
    a = _checks.real("negative_slope", negative_slope)

    def pullback(dy: npt.ArrayLike) -> Array:
        dy = _checks.shaped("dy", dy, x.shape)
        return np.where(x <= 0, a * dy, dy)[()]

    return leaky_relu(x, a), pullback


@rounded_last
def sigmoid(x: npt.ArrayLike) -> Array:
    r"""시그모이드. 실수를 0과 1 사이로 옮깁니다.

    .. math:: \sigma(x) = \frac{1}{1 + e^{-x}} = \frac{e^{x}}{1 + e^{x}}

    두 식 가운데 지수가 양수가 되지 않는 쪽을 골라, 큰 값에서도 넘치지 않습니다.

    Parameters
    ----------
    x : array_like
        아무 모양의 실수 배열.

    Returns
    -------
    ndarray
        `x` 와 모양이 같은 배열.

    Raises
    ------
    TypeError
        `x` 가 실수 배열이 아닐 때.

    Examples
    --------
    >>> sigmoid([-1000, 0, 1000]).tolist()
    [0.0, 0.5, 1.0]
    """
    x = _checks.floats("x", x)
    e = np.exp(-np.abs(x))
    y: Array = np.where(x >= 0, 1, e) / (1 + e)
    return y


@rounded_last
def sigmoid_vjp(x: npt.ArrayLike) -> tuple[Array, Pullback]:
    r"""시그모이드의 순전파와 역전파.

    .. math:: dx = dy \cdot \sigma(x)\,(1 - \sigma(x))

    :math:`\sigma(1 - \sigma)` 는 :math:`x = 0` 에서 가장 크고, 그 값이 1/4입니다.

    Parameters
    ----------
    x : array_like
        아무 모양의 실수 배열.

    Returns
    -------
    y : ndarray
        :func:`sigmoid` 의 출력.
    pullback : callable
        ``pullback(dy) -> dx``. ``dy`` 와 ``dx`` 의 모양은 `x` 와 같습니다.

    Raises
    ------
    TypeError
        `x` 가 실수 배열이 아닐 때.
    ValueError
        ``pullback`` 이 받은 `dy` 의 모양이 `x` 와 다를 때.

    Examples
    --------
    >>> y, pullback = sigmoid_vjp([0.0])
    >>> y.tolist(), pullback([1.0]).tolist()
    ([0.5], [0.25])
    """
    x = _checks.floats("x", x)
    # sigmoid(-x) is 1 - sigmoid(x) without the cancellation at large x.
    y, rest = sigmoid(x), sigmoid(-x)

    def pullback(dy: npt.ArrayLike) -> Array:
        return _checks.shaped("dy", dy, x.shape) * y * rest

    return y, pullback


@rounded_last
def tanh(x: npt.ArrayLike) -> Array:
    r"""쌍곡탄젠트. 실수를 -1과 1 사이로 옮깁니다.

    .. math:: \tanh(x) = 2\sigma(2x) - 1

    Parameters
    ----------
    x : array_like
        아무 모양의 실수 배열.

    Returns
    -------
    ndarray
        `x` 와 모양이 같은 배열.

    Raises
    ------
    TypeError
        `x` 가 실수 배열이 아닐 때.

    Examples
    --------
    >>> tanh([-1000, 0, 1000]).tolist()
    [-1.0, 0.0, 1.0]
    """
    y: Array = np.tanh(_checks.floats("x", x))
    return y


@rounded_last
def tanh_vjp(x: npt.ArrayLike) -> tuple[Array, Pullback]:
    r"""쌍곡탄젠트의 순전파와 역전파.

    .. math:: dx = dy \cdot (1 - \tanh^2 x)

    Parameters
    ----------
    x : array_like
        아무 모양의 실수 배열.

    Returns
    -------
    y : ndarray
        :func:`tanh` 의 출력.
    pullback : callable
        ``pullback(dy) -> dx``. ``dy`` 와 ``dx`` 의 모양은 `x` 와 같습니다.

    Raises
    ------
    TypeError
        `x` 가 실수 배열이 아닐 때.
    ValueError
        ``pullback`` 이 받은 `dy` 의 모양이 `x` 와 다를 때.

    Examples
    --------
    >>> y, pullback = tanh_vjp([0.0])
    >>> y.tolist(), pullback([3.0]).tolist()
    ([0.0], [3.0])
    """
    x = _checks.floats("x", x)
    y = tanh(x)

    def pullback(dy: npt.ArrayLike) -> Array:
        return _checks.shaped("dy", dy, x.shape) * (1 - y**2)

    return y, pullback


def identity(x: npt.ArrayLike) -> Array:
    r"""항등 함수. 들어온 값을 그대로 내보냅니다.

    Parameters
    ----------
    x : array_like
        아무 모양의 실수 배열.

    Returns
    -------
    ndarray
        `x` 와 값이 같은 새 배열.

    Raises
    ------
    TypeError
        `x` 가 실수 배열이 아닐 때.

    Examples
    --------
    >>> identity([-2, 0, 3]).tolist()
    [-2.0, 0.0, 3.0]
    """
    return _copy(_checks.floats("x", x))


def identity_vjp(x: npt.ArrayLike) -> tuple[Array, Pullback]:
    r"""항등 함수의 순전파와 역전파.

    .. math:: dx = dy

    Parameters
    ----------
    x : array_like
        아무 모양의 실수 배열.

    Returns
    -------
    y : ndarray
        :func:`identity` 의 출력.
    pullback : callable
        ``pullback(dy) -> dx``. ``dy`` 와 ``dx`` 의 모양은 `x` 와 같습니다.

    Raises
    ------
    TypeError
        `x` 가 실수 배열이 아닐 때.
    ValueError
        ``pullback`` 이 받은 `dy` 의 모양이 `x` 와 다를 때.

    Examples
    --------
    >>> y, pullback = identity_vjp([-2, 0, 3])
    >>> pullback([10, 20, 30]).tolist()
    [10.0, 20.0, 30.0]
    """
    y = identity(x)

    def pullback(dy: npt.ArrayLike) -> Array:
        return _copy(_checks.shaped("dy", dy, y.shape))

    return y, pullback


ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {"relu": relu, "leaky_relu": leaky_relu, "sigmoid": sigmoid, "tanh": tanh, "identity": identity}
)
"""이름으로 찾는 활성화 함수."""

_VJPS: Mapping[str, ActivationVjp] = MappingProxyType(
    {
        "relu": relu_vjp,
        "leaky_relu": leaky_relu_vjp,
        "sigmoid": sigmoid_vjp,
        "tanh": tanh_vjp,
        "identity": identity_vjp,
    }
)


def activation(name: str) -> Activation:
    """이름이 가리키는 활성화 함수.

    Parameters
    ----------
    name : str
        ``"relu"``, ``"leaky_relu"``, ``"sigmoid"``, ``"tanh"``, ``"identity"`` 가운데 하나.

    Returns
    -------
    callable
        ``f(x) -> y``.

    Raises
    ------
    ValueError
        모르는 이름일 때.

    Examples
    --------
    >>> activation("relu")([-1, 1]).tolist()
    [0.0, 1.0]
    """
    return ACTIVATIONS[_checks.choice("name", name, ACTIVATIONS)]


def activation_vjp(name: str) -> ActivationVjp:
    """이름이 가리키는 활성화 함수의 순전파와 역전파.

    Parameters
    ----------
    name : str
        ``"relu"``, ``"leaky_relu"``, ``"sigmoid"``, ``"tanh"``, ``"identity"`` 가운데 하나.

    Returns
    -------
    callable
        ``f(x) -> (y, pullback)``.

    Raises
    ------
    ValueError
        모르는 이름일 때.

    Examples
    --------
    >>> y, pullback = activation_vjp("relu")([-1, 1])
    >>> y.tolist(), pullback([5, 5]).tolist()
    ([0.0, 1.0], [0.0, 5.0])
    """
    return _VJPS[_checks.choice("name", name, ACTIVATIONS)]


def he_normal(
    shape: tuple[int, ...],
    rng: np.random.Generator,
    *,
    fan_in: int | None = None,
    negative_slope: float = 0.0,
) -> Array:
    r"""He 초기화. ReLU를 쓰는 층의 가중치를 뽑습니다.

    .. math:: W \sim \mathcal{N}\!\left(0,\; \frac{2}{(1 + a^2)\, n_{\text{in}}}\right)

    ReLU가 입력의 절반을 버리므로, 버린 만큼 분산을 두 배로 둡니다.

    Parameters
    ----------
    shape : tuple of int
        가중치의 모양. `fan_in` 을 따로 주지 않으면 PyTorch처럼 ``(out, in, *kernel)`` 로 읽습니다.
    rng : numpy.random.Generator
        난수 생성기.
    fan_in : int, optional
        유닛 하나에 들어오는 입력의 수 :math:`n_{\text{in}}`. 없으면 ``in`` 과 커널의 칸 수를 곱합니다.
    negative_slope : float
        Leaky ReLU의 음수 쪽 기울기 :math:`a`. ReLU는 0입니다.

    Returns
    -------
    ndarray
        모양이 `shape` 인 float64 배열.

    Raises
    ------
    TypeError
        `shape` 나 `fan_in` 이 정수가 아니거나 `rng` 가 난수 생성기가 아닐 때.
    ValueError
        `shape` 에 1보다 작은 수가 있거나, `fan_in` 없이 `shape` 가 2차원보다 낮을 때.

    References
    ----------
    He et al. (2015), Delving Deep into Rectifiers: Surpassing Human-Level Performance on ImageNet
    Classification. ICCV.

    Examples
    --------
    >>> w = he_normal((400, 200), np.random.default_rng(0))
    >>> w.shape, float(w.std().round(3))
    ((400, 200), 0.1)
    """
    a = _checks.real("negative_slope", negative_slope)
    n_in = _fan("fan_in", 1, shape, fan_in)
    return _normal(shape, rng, 2 / ((1 + a**2) * n_in))


def lecun_normal(shape: tuple[int, ...], rng: np.random.Generator, *, fan_in: int | None = None) -> Array:
    r"""LeCun 초기화. 활성화가 없는 층에서 값의 크기를 지킵니다.

    .. math:: W \sim \mathcal{N}\!\left(0,\; \frac{1}{n_{\text{in}}}\right)

    Parameters
    ----------
    shape, rng, fan_in
        :func:`he_normal` 과 같습니다.

    Returns
    -------
    ndarray
        모양이 `shape` 인 float64 배열.

    Raises
    ------
    TypeError
        :func:`he_normal` 과 같습니다.
    ValueError
        :func:`he_normal` 과 같습니다.

    Examples
    --------
    >>> w = lecun_normal((400, 100), np.random.default_rng(0))
    >>> w.shape, float(w.std().round(3))
    ((400, 100), 0.1)
    """
    return _normal(shape, rng, 1 / _fan("fan_in", 1, shape, fan_in))


def xavier_normal(
    shape: tuple[int, ...],
    rng: np.random.Generator,
    *,
    fan_in: int | None = None,
    fan_out: int | None = None,
    groups: int = 1,
) -> Array:
    r"""Xavier(Glorot) 초기화. 앞으로 가는 값과 뒤로 가는 기울기의 크기를 함께 살핍니다.

    .. math:: W \sim \mathcal{N}\!\left(0,\; \frac{2}{n_{\text{in}} + n_{\text{out}}}\right)

    Parameters
    ----------
    shape, rng, fan_in
        :func:`he_normal` 과 같습니다.
    fan_out : int, optional
        입력 하나가 나가는 유닛의 수 :math:`n_{\text{out}}`. 없으면 ``out`` 과 커널의 칸 수를 곱해
        `groups` 로 나눕니다.
    groups : int
        합성곱의 묶음 수. 입력 하나는 제 묶음의 출력으로만 나갑니다. 깊이별 합성곱이면 채널의 수입니다.

    Returns
    -------
    ndarray
        모양이 `shape` 인 float64 배열.

    Raises
    ------
    TypeError
        :func:`he_normal` 과 같습니다.
    ValueError
        :func:`he_normal` 과 같습니다.

    References
    ----------
    Glorot and Bengio (2010), Understanding the Difficulty of Training Deep Feedforward Neural Networks.
    AISTATS.

    Examples
    --------
    >>> w = xavier_normal((300, 100), np.random.default_rng(0))
    >>> w.shape, float(w.std().round(3))
    ((300, 100), 0.071)

    3×3 깊이별 합성곱은 채널이 몇이든 들어오는 것도 나가는 것도 아홉입니다.

    >>> w = xavier_normal((4096, 1, 3, 3), np.random.default_rng(0), groups=4096)
    >>> float(w.std().round(3))
    0.333
    """
    n_in, n_out = _fan("fan_in", 1, shape, fan_in), _fan("fan_out", 0, shape, fan_out)
    if fan_out is None:
        groups = _checks.integer("groups", groups, least=1)
        if shape[0] % groups:
            raise ValueError(f"groups must divide the outputs {shape[0]} of shape, got {groups}")
        n_out //= groups
    return _normal(shape, rng, 2 / (n_in + n_out))


def _copy(x: Array) -> Array:
    y: Array = np.positive(x)
    return y


def _normal(shape: tuple[int, ...], rng: np.random.Generator, variance: float) -> Array:
    return _checks.generator("rng", rng).normal(0, math.sqrt(variance), shape)


def _fan(name: str, axis: int, shape: tuple[int, ...], given: int | None) -> int:
    """유닛 하나에 들어오거나 입력 하나에서 나가는 수. 주지 않으면 모양 ``(out, in, *kernel)`` 에서 셉니다."""
    if not isinstance(shape, (tuple, list)):
        raise _checks.refused("shape", "a tuple of integers", shape)
    sides = [_checks.integer(f"shape[{i}]", side, least=1) for i, side in enumerate(shape)]
    _checks.room(shape=math.prod(sides))
    if given is not None:
        return _checks.integer(name, given, least=1)
    if len(sides) < 2:
        raise ValueError(f"shape must have at least 2 dimensions when {name} is not given, got {shape}")
    return sides[axis] * math.prod(sides[2:])
