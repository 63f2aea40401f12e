r"""작은 학습 실험. 배운 커널은 뒤집혀 나오는지, 나타낼 수 있는 신경망이 일반화도 하는지 봅니다."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes._precision import rounded_last
from dlnotes.convolution import convolve2d, correlate2d, flip
from dlnotes.mlp import initialize, mlp_vjp, parameter_count
from dlnotes.optimizers import adam_in_place

Array = npt.NDArray[np.floating]
Operation = Literal["correlate", "convolve"]


@rounded_last
def learn_kernel(
    operation: Operation,
    images: npt.ArrayLike,
    targets: npt.ArrayLike,
    steps: int,
    lr: float,
) -> tuple[Array, Array]:
    r"""커널 하나를 경사 하강법으로 배웁니다.

    층의 출력 :math:`y` 가 목표 :math:`z` 에 가까워지도록, 모든 이미지의 모든 칸에서 잰 평균 제곱 오차

    .. math:: L = \frac{1}{M} \sum_n \sum_t \sum_u (y_{n,t,u} - z_{n,t,u})^2

    를 줄입니다. :math:`M` 은 목표의 칸 수입니다. 커널은 0에서 시작하고, 한 번 갱신할 때 모든 이미지를 다 써서

    .. math:: k \leftarrow k - \eta \frac{\partial L}{\partial k}

    로 고칩니다. 교차상관층의 기울기는 입력과 오차의 교차상관이고, 합성곱층의 기울기는 그것을 뒤집은 것입니다.

    Parameters
    ----------
    operation : {"correlate", "convolve"}
        층이 하는 연산. 교차상관이거나 합성곱입니다.
    images : array_like
        이미지 ``(N, H, W)``.
    targets : array_like
        목표 ``(N, H - f + 1, W - g + 1)``. 이 크기가 커널의 크기 ``(f, g)`` 를 정합니다.
    steps : int
        갱신의 수.
    lr : float
        학습률 :math:`\eta`. 0보다 큽니다.

    Returns
    -------
    k : ndarray
        배운 커널 ``(f, g)``.
    losses : ndarray
        갱신마다 고치기 전에 잰 비용 ``(steps,)``.

    Raises
    ------
    TypeError
        `steps` 가 정수가 아니거나, `lr` 이나 배열이 실수가 아닐 때.
    ValueError
        `operation` 이 둘 중 하나가 아니거나, `targets` 의 모양이 `images` 와 맞지 않거나, `lr` 이 유한한
        양수가 아닐 때.

    Notes
    -----
    비용은 갈수록 줄어들지만, 학습률이 너무 크면 발산합니다.

    Examples
    --------
    교차상관으로 만든 목표를 두 층에 가르칩니다. 비용은 같은 길로 줄고, 합성곱층의 커널만 뒤집혀 나옵니다.

    >>> target = np.arange(9).reshape(3, 3) / 10
    >>> images = np.random.default_rng(0).normal(size=(20, 10, 10))
    >>> targets = [correlate2d(x, target) for x in images]
    >>> k_correlate, losses = learn_kernel("correlate", images, targets, steps=10, lr=0.5)
    >>> k_convolve, same_losses = learn_kernel("convolve", images, targets, steps=10, lr=0.5)
    >>> bool(np.allclose(k_correlate, target)), bool(np.allclose(k_convolve, flip(target)))
    (True, True)
    >>> k_convolve.round(6)[0].tolist()
    [0.8, 0.7, 0.6]
    >>> float(losses[0].round(5)), bool(losses[9] < 1e-18)
    (2.03071, True)
    >>> bool(np.allclose(losses, same_losses))
    True
    """
    _checks.choice("operation", operation, ("correlate", "convolve"))
    images, targets = _checks.array("images", images, rank=3), _checks.array("targets", targets, rank=3)
    steps, lr = _checks.count("steps", steps, least=0), _checks.positive("lr", lr)
    k = np.zeros(_kernel_shape(images, targets), np.result_type(images, targets))
    losses = np.empty(steps, k.dtype)
    for step in range(steps):
        errors = _predict(operation, images, k) - targets
        losses[step] = np.mean(errors**2)
        k = k - lr * 2 / errors.size * _kernel_gradient(operation, images, errors)
    _checks.converged("lr", lr, k, losses)
    return k, losses


def fit_network(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    sizes: Sequence[int],
    rng: np.random.Generator,
    *,
    steps: int,
    lr: float = 3e-3,
    runs: int = 1,
) -> Array:
    r"""다층 퍼셉트론을 데이터 전체로 Adam을 써서 학습시킵니다. 시드가 다른 신경망 여럿을 나란히 배웁니다.

    줄이는 비용은 :math:`C = \frac{1}{2N}\sum_{i=1}^{N}\bigl(f(x_i;\theta) - y_i\bigr)^2` 입니다.

    Parameters
    ----------
    x : array_like
        입력 ``(N, n_0)``.
    y : array_like
        목표 ``(N,)``.
    sizes : sequence of int
        층의 크기. 마지막은 1입니다.
    rng : numpy.random.Generator
        난수 생성기. 처음의 매개변수만 정합니다.
    steps : int
        갱신의 수.
    lr : float
        Adam의 학습률.
    runs : int
        신경망의 수.

    Returns
    -------
    ndarray
        배운 매개변수 ``(runs, P)``, float32.

    Raises
    ------
    TypeError
        `steps` 나 `runs` 가 정수가 아니거나, 배열이 실수가 아니거나, `rng` 가 난수 생성기가 아닐 때.
    ValueError
        모양이 층의 크기와 맞지 않거나, `lr` 이 양수가 아닐 때.

    Examples
    --------
    XOR을 배웁니다.

    >>> from dlnotes.mlp import mlp
    >>> x, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> theta = fit_network(x, y, [2, 16, 1], np.random.default_rng(0), steps=500)
    >>> abs(mlp(np.array(x, float), theta[0], [2, 16, 1])[:, 0].round(2)).tolist()
    [0.0, 1.0, 1.0, 0.0]
    """
    inputs = _checks.array("x", x, rank=2).astype(np.float32)
    target = _checks.shaped("y", y, (len(inputs),)).astype(np.float32)
    steps, lr = _checks.count("steps", steps, least=0), _checks.positive("lr", lr)
    parameter_count(sizes)  # refuses what is no sizes
    if sizes[-1] != 1:
        raise ValueError(f"sizes must end in 1, got {_checks.shown(sizes[-1])}")
    theta = initialize(sizes, rng, runs=runs).astype(np.float32)
    every = np.broadcast_to(inputs, (len(theta), *inputs.shape))
    state = None
    for _ in range(steps):
        found, pullback = mlp_vjp(every, theta, sizes)
        _, gradient = pullback((found - target[:, None]) / len(inputs))
        state = adam_in_place(theta, gradient, state, lr=lr)
    _checks.converged("lr", lr, theta)
    return theta


def _predict(operation: Operation, images: Array, k: Array) -> Array:
    layer = correlate2d if operation == "correlate" else convolve2d
    return np.stack([layer(x, k) for x in images])


def _kernel_gradient(operation: Operation, images: Array, errors: Array) -> Array:
    """제곱 오차의 합을 커널로 미분한 것의 절반."""
    gradient = np.sum([correlate2d(x, error) for x, error in zip(images, errors, strict=True)], axis=0)
    return gradient if operation == "correlate" else flip(gradient)


def _kernel_shape(images: Array, targets: Array) -> tuple[int, int]:
    (n, height, width), (m, oh, ow) = images.shape, targets.shape
    if not (n == m >= 1 and 1 <= oh <= height and 1 <= ow <= width):
        raise ValueError(
            f"targets must have shape (N, H - f + 1, W - g + 1) for images of shape {images.shape}, "
            f"got shape {targets.shape}"
        )
    return height - oh + 1, width - ow + 1
