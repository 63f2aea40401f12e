r"""깊은 신경망에서 기울기가 겪는 일. 층을 지나며 줄어드는 기울기와 죽은 유닛을 셉니다."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes._precision import rounded_last
from dlnotes.activations import ACTIVATIONS, activation_vjp, lecun_normal

Array = npt.NDArray[np.floating]


def random_layers(depth: int, width: int, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    r"""폭이 같은 층을 여럿 쌓은 무작위 신경망과, 거기에 흘려 볼 입력과 기울기.

    가중치는 :func:`~dlnotes.activations.lecun_normal` 로 뽑습니다. ReLU에 맞는 He 초기화는 여기에
    :math:`\sqrt2` 를 곱한 것입니다.

    Parameters
    ----------
    depth : int
        층의 수 :math:`L`.
    width : int
        층마다의 유닛 수 :math:`n`. 입력도 같습니다.
    rng : numpy.random.Generator
        난수 생성기. 가중치, 입력, 기울기의 차례로 뽑습니다.

    Returns
    -------
    weights : ndarray
        가중치 ``(L, n, n)``.
    x : ndarray
        표준 정규분포에서 뽑은 입력 ``(n,)``.
    dy : ndarray
        출력에 놓을 기울기 ``(n,)``. 방향은 무작위이고 길이는 1입니다.

    Raises
    ------
    TypeError
        `depth` 나 `width` 가 정수가 아니거나, `rng` 가 난수 생성기가 아닐 때.
    ValueError
        `depth` 나 `width` 가 1보다 작을 때.

    Examples
    --------
    >>> weights, x, dy = random_layers(5, 64, np.random.default_rng(0))
    >>> weights.shape, x.shape, float(np.linalg.norm(dy).round(6))
    ((5, 64, 64), (64,), 1.0)
    """
    depth, width = _checks.integer("depth", depth, least=1), _checks.integer("width", width, least=1)
    _checks.room(depth=depth, width=width * width)
    weights = lecun_normal((depth, width, width), rng, fan_in=width)
    x, dy = rng.normal(size=width), rng.normal(size=width)
    return weights, x, dy / np.linalg.norm(dy)


@rounded_last
def gradient_norms(
    weights: npt.ArrayLike,
    x: npt.ArrayLike,
    dy: npt.ArrayLike,
    activation: str,
    *,
    scale: float = 1.0,
) -> Array:
    r"""층을 하나씩 거슬러 가는 기울기의 크기.

    입력 :math:`h_0 = x` 에서 시작해 층마다 :math:`h_l = f(a W_l h_{l-1})` 을 계산합니다. 출력에 놓은
    :math:`g_L = dy` 를 역전파의 규칙

    .. math:: g_{l-1} = a W_l^{\top} \big(f'(a W_l h_{l-1}) \odot g_l\big)

    로 입력까지 되돌리며 :math:`\lVert g_l \rVert` 을 잽니다.

    Parameters
    ----------
    weights : array_like
        층마다의 가중치 :math:`W_1, \dots, W_L` ``(L, n, n)``. 편향은 없습니다.
    x : array_like
        입력 ``(n,)``.
    dy : array_like
        출력의 기울기 ``(n,)``.
    activation : str
        활성화 함수의 이름. :func:`dlnotes.activations.activation_vjp` 가 아는 것입니다.
    scale : float
        모든 가중치에 곱하는 수 :math:`a`.

    Returns
    -------
    ndarray
        ``(L + 1,)``. 처음은 출력에서, 마지막은 입력에서 잰 크기입니다.

    Raises
    ------
    TypeError
        실수 배열이 아니거나 `scale` 이 실수가 아닐 때.
    ValueError
        모양이 맞지 않거나, 층이 없거나, 모르는 활성화 함수일 때.

    Examples
    --------
    시그모이드의 미분은 1/4을 넘지 않아서 기울기가 층마다 크게 줄어듭니다.

    >>> layers = random_layers(20, 64, np.random.default_rng(0))
    >>> bool(gradient_norms(*layers, "sigmoid")[-1] < 1e-11)
    True
    >>> bool(gradient_norms(*layers, "relu", scale=2**0.5)[-1] > 0.1)
    True
    """
    weights = _checks.array("weights", weights, rank=3)
    depth, n, m = weights.shape
    if not depth or n != m:
        raise ValueError(f"weights must have shape (L, n, n) with L >= 1, got {weights.shape}")
    h, g = _checks.shaped("x", x, (n,)), _checks.shaped("dy", dy, (n,))
    layer_vjp = activation_vjp(_checks.choice("activation", activation, ACTIVATIONS))
    a = _checks.real("scale", scale)
    pullbacks = []
    for w in weights:
        h, pullback = layer_vjp(a * (w @ h))
        pullbacks.append(pullback)
    norms = [_norm(g)]
    for w, pullback in zip(weights[::-1], reversed(pullbacks), strict=True):
        g = a * (w.T @ pullback(g))
        norms.append(_norm(g))
    _checks.converged("scale", a, np.array(norms))
    return np.array(norms)


def _norm(g: Array) -> np.floating:
    """길이. 제곱이 넘치면 가장 큰 성분으로 나누어 잽니다."""
    length: np.floating = np.linalg.norm(g)
    if np.isfinite(length):
        return length
    largest: np.floating = np.abs(g).max()
    return largest * np.linalg.norm(g / largest)


@rounded_last
def dead_units(x: npt.ArrayLike, w: npt.ArrayLike, b: npt.ArrayLike = 0.0) -> npt.NDArray[np.bool_]:
    r"""주어진 입력 어느 것에도 켜지지 않는 ReLU 유닛을 찾습니다.

    유닛 :math:`j` 는 모든 입력 :math:`i` 에서

    .. math:: \sum_m x_{i,m} w_{m,j} + b_j \le 0

    이면 죽었습니다. 출력도, 가중치로 가는 기울기도 모두 0이라 그 입력들로는 다시 살아나지 않습니다.

    Parameters
    ----------
    x : array_like
        입력 ``(N, in)``.
    w : array_like
        가중치 ``(in, out)``.
    b : array_like
        편향. 수 하나이거나 ``(out,)`` 입니다.

    Returns
    -------
    ndarray of bool
        ``(out,)``. 죽은 유닛이 참입니다.

    Raises
    ------
    TypeError
        실수 배열이 아닐 때.
    ValueError
        모양이 맞지 않거나 입력이 하나도 없을 때.

    References
    ----------
    Lu et al. (2020), Dying ReLU and Initialization: Theory and Numerical Examples.

    Examples
    --------
    >>> dead_units([[1.0], [2.0]], [[1.0, -1.0]]).tolist()
    [False, True]
    """
    x, w, b = _checks.array("x", x, rank=2), _checks.array("w", w, rank=2), _checks.floats("b", b)
    if x.shape[1] != w.shape[0]:
        raise ValueError(f"w must have shape ({x.shape[1]}, out) for x of shape {x.shape}, got {w.shape}")
    if b.shape not in ((), w.shape[1:]):
        raise ValueError(f"b must be a number or have shape {w.shape[1:]}, got shape {b.shape}")
    if not len(x):
        raise ValueError(f"x must hold at least one input, got shape {x.shape}")
    dead: npt.NDArray[np.bool_] = (x @ w + b <= 0).all(axis=0)
    return dead
